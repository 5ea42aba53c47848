/**
 * Why something is left out of a copy, as a code; the words beside it say the rest.
 * Which of them a law allows is for who redacts and who reviews: no law is cited here.
 */
export const REDACTION_GROUNDS = [
  'thirdPerson',
  'reporterIdentity',
  'specialCategory',
  'child',
  'privilege',
  'tradeSecret',
  'protectiveOrder',
  'investigation',
  'nationalSecurity',
  'exploitDetail',
  'notNeeded',
  'other',
] as const
export type RedactionGround = (typeof REDACTION_GROUNDS)[number]

export function isRedactionGround(ground: string): ground is RedactionGround {
  return (REDACTION_GROUNDS as readonly string[]).includes(ground)
}
