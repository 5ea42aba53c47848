/**
 * How much a written reason says at least: one rule, in two lengths. A text that only has to
 * be there (a reference, a name, what shows something) is compared with blank where it is read.
 */

/** For what departs from the usual course: overruling a table, ending a silence, recording a fact. */
const SHORT_MIN = 10
/** For what is said about a person's rights, or to a body that reviews: less is a shrug. */
export const FULL_REASON_MIN = 20

export function isReason(text: string | undefined): boolean {
  return text !== undefined && text.trim().length >= SHORT_MIN
}

export function isFullReason(text: string): boolean {
  return text.trim().length >= FULL_REASON_MIN
}
