/** A recorded reason or piece of evidence says something: ten characters or more. */
export function isReason(text: string | undefined): boolean {
  return text !== undefined && text.trim().length >= 10
}
