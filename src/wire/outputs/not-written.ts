/** What a record of another system has no room for, when a case is written as one. */

export const WHY_NOT_WRITTEN = [
  /** The format has no member for it. */
  'noPlace',
  /** It names a person. */
  'personal',
  /** The case holds it, and has not published it. */
  'notPublished',
  /** The format says it less exactly. */
  'coarser',
  /** It stands in a text, and no program reads it there. */
  'asWords',
  /** Longer than the format takes: it was cut. */
  'cut',
] as const
export type WhyNotWritten = (typeof WHY_NOT_WRITTEN)[number]

export type NotWritten = {
  /** JSON pointer (RFC 6901) into what the case says. */
  readonly pointer: string
  readonly why: WhyNotWritten
}
