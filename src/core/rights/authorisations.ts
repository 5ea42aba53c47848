/**
 * Authorisations of a court or of another body outside the authority: by whom, under
 * which reference, for which recipients and categories, until when, with the digest of
 * the document. Recorded by an officer; whether the document is genuine is not checked.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'

export const AUTHORISING_BODIES = ['court', 'tribunal', 'supervisor', 'parliamentaryBody'] as const
export type AuthorisingBody = (typeof AUTHORISING_BODIES)[number]

export type AuthorisationEvent =
  | {
      readonly type: 'authorisationRecorded'
      readonly authorisationId: string
      readonly body: AuthorisingBody
      /** The body's name, as the document gives it. */
      readonly by: string
      /** The body's own reference. */
      readonly reference: string
      /** Node ids. */
      readonly recipients: readonly string[]
      readonly categories: readonly string[]
      readonly from: Instant
      readonly until: Instant
      /** SHA-256 of the document, lower-case hex. */
      readonly documentDigest: string
    }
  | {
      readonly type: 'authorisationEnded'
      readonly authorisationId: string
      readonly reason: string
    }

export type Authorisation = Omit<
  Extract<AuthorisationEvent, { type: 'authorisationRecorded' }>,
  'type'
> & { readonly recordedAt: Instant; readonly endedAt: Instant | null }

export type WhyNoAuthorisation =
  | 'alreadyRecorded'
  | 'coversNothing'
  | 'sourceMissing'
  | 'notADigest'
  | 'datesOutOfOrder'
  | 'unknownAuthorisation'
  | 'alreadyEnded'
  | 'reasonMissing'

type AuthorisationDecision = Decision<readonly AuthorisationEvent[], WhyNoAuthorisation>

const DIGEST = /^[0-9a-f]{64}$/

export function recordAuthorisation(
  authorisations: readonly Authorisation[],
  command: Omit<Extract<AuthorisationEvent, { type: 'authorisationRecorded' }>, 'type'>,
  { now }: Acting,
): AuthorisationDecision {
  const { authorisationId, by, reference, recipients, categories, from, until } = command
  if (authorisations.some((one) => one.authorisationId === authorisationId)) {
    return no('alreadyRecorded', 'the authorisation is recorded already')
  }
  if (recipients.length === 0 || categories.length === 0) {
    return no('coversNothing', 'an authorisation names recipients and categories')
  }
  if (by.trim() === '' || reference.trim() === '') {
    return no('sourceMissing', 'an authorisation names the body and its reference')
  }
  if (!DIGEST.test(command.documentDigest)) {
    return no('notADigest', 'the document is named by its SHA-256 in lower-case hex')
  }
  if (!(from < until && now < until)) {
    return no('datesOutOfOrder', 'an authorisation ends after it begins, and not before now')
  }
  return permit([{ type: 'authorisationRecorded', ...command }])
}

/** Annulled, quashed or given back before its end. */
export function endAuthorisation(
  authorisations: readonly Authorisation[],
  command: { readonly authorisationId: string; readonly reason: string },
  _acting: Acting,
): AuthorisationDecision {
  const found = authorisations.find((one) => one.authorisationId === command.authorisationId)
  if (!found) return no('unknownAuthorisation', 'there is no such authorisation')
  if (found.endedAt !== null) return no('alreadyEnded', 'the authorisation has ended')
  if (command.reason.trim() === '') return no('reasonMissing', 'it is said why it ended')
  return permit([{ type: 'authorisationEnded', ...command }])
}

/** The categories among `required` that no authorisation covers for `recipient` at `now`. */
export function authorisationGaps(
  authorisations: readonly Authorisation[],
  { recipient, required }: { readonly recipient: string; readonly required: readonly string[] },
  now: Instant,
): readonly Because[] {
  const inForce = authorisations.filter(
    ({ recipients, from, until, endedAt }) =>
      recipients.includes(recipient) && from <= now && now < until && endedAt === null,
  )
  return required
    .filter((category) => !inForce.some(({ categories }) => categories.includes(category)))
    .map((category) => ({
      rule: 'authorisation:missing',
      text: `${category} needs the authorisation of a court or another outside body for ${recipient}`,
    }))
}

export function isAuthorisationEvent(event: {
  readonly type: string
}): event is AuthorisationEvent {
  return Object.hasOwn(AUTHORISATION_EVENTS, event.type)
}

export const AUTHORISATION_EVENTS: Readonly<Record<AuthorisationEvent['type'], true>> = {
  authorisationRecorded: true,
  authorisationEnded: true,
}

export function foldAuthorisations(
  authorisations: readonly Authorisation[],
  { event, at }: Pick<Recorded<AuthorisationEvent>, 'event' | 'at'>,
): readonly Authorisation[] {
  if (event.type === 'authorisationRecorded') {
    const { type: _, ...facts } = event
    return [...authorisations, { ...facts, recordedAt: at, endedAt: null }]
  }
  return changeWhere(
    authorisations,
    ({ authorisationId }) => authorisationId === event.authorisationId,
    (one) => ({ ...one, endedAt: at }),
  )
}

function no(why: WhyNoAuthorisation, text: string): Refusal<WhyNoAuthorisation> {
  return refuse(why, { rule: `authorisation:${why}`, text })
}
