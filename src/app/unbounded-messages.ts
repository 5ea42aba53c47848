/**
 * What the daily bound of a peer's messages never holds back: whatever calls back, ends,
 * deletes or discharges, and what is done in an emergency. Each of these is about something
 * that is here already, or is asked for within hours. It counts, but is not refused.
 */
import type { Json } from '../base/canonical-json.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'

const NEVER_BOUND: ReadonlySet<string> = new Set([
  'agreementStep',
  'dutyAnswer',
  'dutyBreach',
  'dutyDischarge',
  'embargoEnded',
  'erasureAnswer',
  'fileTransfer',
  'onwardConsentWithdrawal',
  'participantLeft',
  'retraction',
  'retractionDone',
])

/** `content`: as the peer wrote it, not read yet. */
export function isNeverBound(type: string, content: Json): boolean {
  return NEVER_BOUND.has(type) || isEmergency(content)
}

/** A release under an emergency clause owes a review; a request says how urgent it is. */
function isEmergency(content: Json): boolean {
  const { release, request } = (content ?? {}) as {
    readonly release?: Partial<ContentOf<'release'>['release']>
    readonly request?: Partial<ContentOf<'assistanceRequest'>['request']>
  }
  const duties = Array.isArray(release?.duties) ? release.duties : []
  return (
    duties.some((duty) => duty?.kind === 'postReview') || request?.urgency?.level === 'emergency'
  )
}
