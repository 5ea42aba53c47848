/**
 * Consent of an affected person, as a safeguard beside the legal basis and never as
 * the basis itself: what it covers, how it was given, and its withdrawal, which takes
 * effect at once. A consent covers what it names and nothing near it.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'

export const CONSENT_WAYS = ['onPage', 'inWriting', 'inPerson', 'byRepresentative'] as const
export type ConsentWay = (typeof CONSENT_WAYS)[number]

export type ConsentCover = {
  /** Node ids. */
  readonly recipients: readonly string[]
  /** Categories and purposes, by the ids of the agreement. */
  readonly categories: readonly string[]
  readonly purposes: readonly string[]
}

export type ConsentEvent =
  | {
      /** The question, put to the person on its page; it binds nobody until it is answered. */
      readonly type: 'consentAsked'
      readonly consentId: string
      readonly personId: string
      readonly covers: ConsentCover
      readonly question: string
    }
  | {
      readonly type: 'consentGiven'
      readonly consentId: string
      readonly personId: string
      readonly covers: ConsentCover
      readonly how: ConsentWay
      /** What shows it: a letter, a record of the talk, the words on the page. */
      readonly shownBy: string
    }
  | { readonly type: 'consentRefused'; readonly consentId: string }
  | { readonly type: 'consentWithdrawn'; readonly consentId: string; readonly how: ConsentWay }

export type Consent = {
  readonly consentId: string
  readonly personId: string
  readonly covers: ConsentCover
  readonly state: 'asked' | 'given' | 'refused' | 'withdrawn'
  readonly question: string | null
  readonly how: ConsentWay | null
  readonly shownBy: string | null
  readonly givenAt: Instant | null
  /** When it was refused or withdrawn. */
  readonly endedAt: Instant | null
}

export type WhyNoConsent =
  | 'unknownPerson'
  | 'coversNothing'
  | 'alreadyRecorded'
  | 'questionMissing'
  | 'shownByMissing'
  | 'unknownConsent'
  | 'notAsked'
  | 'notGiven'

type ConsentDecision = Decision<readonly ConsentEvent[], WhyNoConsent>

/** Of `RightsState`: what these decisions read. */
type Consenting = {
  readonly persons: readonly { readonly personId: string }[]
  readonly consents: readonly Consent[]
}

export function askConsent(
  state: Consenting,
  command: Omit<Extract<ConsentEvent, { type: 'consentAsked' }>, 'type'>,
  _acting: Acting,
): ConsentDecision {
  const bar = faultOf(state, command)
  if (bar) return bar
  if (command.question.trim() === '') {
    return no('questionMissing', 'the person is told in plain words what is asked')
  }
  return permit([{ type: 'consentAsked', ...command }])
}

/** Given another way than on the page; an officer records it with what shows it. */
export function recordConsent(
  state: Consenting,
  command: Omit<Extract<ConsentEvent, { type: 'consentGiven' }>, 'type'>,
  _acting: Acting,
): ConsentDecision {
  const bar = faultOf(state, command)
  if (bar) return bar
  if (command.shownBy.trim() === '') {
    return no('shownByMissing', 'a consent is recorded with what shows that it was given')
  }
  return permit([{ type: 'consentGiven', ...command }])
}

/** The person's own answer to a question on its page. */
export function answerConsent(
  { consents }: Consenting,
  command: { readonly consentId: string; readonly isGiven: boolean; readonly shownBy: string },
  _acting: Acting,
): ConsentDecision {
  const { consentId, isGiven, shownBy } = command
  const asked = consents.find((one) => one.consentId === consentId)
  if (!asked) return no('unknownConsent', 'there is no such question')
  if (asked.state !== 'asked') return no('notAsked', 'the question was answered')
  if (!isGiven) return permit([{ type: 'consentRefused', consentId }])
  const { personId, covers } = asked
  const how = 'onPage' as const
  return permit([{ type: 'consentGiven', consentId, personId, covers, how, shownBy }])
}

/** Never asks for a reason: what is free to give is free to take back. */
export function withdrawConsent(
  { consents }: Consenting,
  { consentId, how }: { readonly consentId: string; readonly how: ConsentWay },
  _acting: Acting,
): ConsentDecision {
  const consent = consents.find((one) => one.consentId === consentId)
  if (!consent) return no('unknownConsent', 'there is no such consent')
  if (consent.state !== 'given') return no('notGiven', 'the consent is not in effect')
  return permit([{ type: 'consentWithdrawn', consentId, how }])
}

export type ConsentQuestion = {
  readonly recipient: string
  readonly purpose: string
  readonly categories: readonly string[]
  /** Those of `categories` for which the agreement wants a consent. */
  readonly required: readonly string[]
}

/**
 * What stands against a release. Where consent is required, every affected person of the
 * case must have given it, and a case that names nobody has none. Whatever the agreement
 * says, what a person refused or took back does not leave.
 */
export function consentGaps(
  { persons, consents }: Consenting,
  { recipient, purpose, categories, required }: ConsentQuestion,
): readonly Because[] {
  const covering = (category: string, personId: string) =>
    consents.filter(
      (one) => one.personId === personId && coversRelease(one, { recipient, purpose, category }),
    )
  if (persons.length === 0 && required.length > 0) {
    const text = `${required.join(', ')} needs consent, and no affected person is recorded`
    return [{ rule: 'consent:nobodyAsked', text }]
  }
  return categories.flatMap((category) =>
    persons.flatMap(({ personId }): Because[] => {
      const last = lastWord(covering(category, personId))
      if (last?.state === 'given') return []
      if (last) {
        const text = `an affected person said no to ${category} for ${recipient}, or took consent back`
        return [{ rule: `consent:${last.state}`, text }]
      }
      if (!required.includes(category)) return []
      const text = `an affected person has not consented to ${category} for ${recipient}`
      return [{ rule: 'consent:missing', text }]
    }),
  )
}

/** What the person said last; of two words at the same moment, the no. */
function lastWord(found: readonly Consent[]): Consent | undefined {
  const saidAt = ({ endedAt, givenAt }: Consent) => endedAt ?? givenAt ?? ''
  const isLater = (a: Consent, b: Consent) =>
    saidAt(a) > saidAt(b) || (saidAt(a) === saidAt(b) && a.state !== 'given')
  return found
    .filter(({ state }) => state !== 'asked')
    .reduce<Consent | undefined>(
      (last, one) => (!last || isLater(one, last) ? one : last),
      undefined,
    )
}

/** Whether one category, for one recipient and purpose, is within what the consent names. */
export function coversRelease(
  { covers }: Pick<Consent, 'covers'>,
  asked: { readonly recipient: string; readonly purpose: string; readonly category: string },
): boolean {
  return (
    covers.recipients.includes(asked.recipient) &&
    covers.purposes.includes(asked.purpose) &&
    covers.categories.includes(asked.category)
  )
}

/** Earlier releases that the withdrawal of `consent` calls back. */
export function releasesUnder<
  Release extends {
    readonly recipient: string
    readonly purpose: string
    readonly categories: readonly string[]
  },
>(consent: Pick<Consent, 'covers'>, releases: readonly Release[]): readonly Release[] {
  return releases.filter(({ recipient, purpose, categories }) =>
    categories.some((category) => coversRelease(consent, { recipient, purpose, category })),
  )
}

export function isConsentEvent(event: { readonly type: string }): event is ConsentEvent {
  return Object.hasOwn(CONSENT_EVENTS, event.type)
}

export const CONSENT_EVENTS: Readonly<Record<ConsentEvent['type'], true>> = {
  consentAsked: true,
  consentGiven: true,
  consentRefused: true,
  consentWithdrawn: true,
}

export function foldConsents(
  consents: readonly Consent[],
  { event, at }: Pick<Recorded<ConsentEvent>, 'event' | 'at'>,
): readonly Consent[] {
  const isIt = ({ consentId }: Consent) => consentId === event.consentId
  switch (event.type) {
    case 'consentAsked': {
      const { type: _, ...asked } = event
      const open = { how: null, shownBy: null, givenAt: null, endedAt: null }
      return [...consents, { ...asked, ...open, state: 'asked' }]
    }
    case 'consentGiven': {
      const { type: _, ...facts } = event
      const given = { ...facts, state: 'given' as const, givenAt: at, endedAt: null }
      if (consents.some(isIt)) return changeWhere(consents, isIt, (one) => ({ ...one, ...given }))
      return [...consents, { question: null, ...given }]
    }
    case 'consentRefused':
      return changeWhere(consents, isIt, (one) => ({ ...one, state: 'refused', endedAt: at }))
    case 'consentWithdrawn':
      return changeWhere(consents, isIt, (one) => ({ ...one, state: 'withdrawn', endedAt: at }))
    default:
      return consents
  }
}

function faultOf(
  { persons, consents }: Consenting,
  { consentId, personId, covers }: Pick<Consent, 'consentId' | 'personId' | 'covers'>,
): Refusal<WhyNoConsent> | undefined {
  if (!persons.some((person) => person.personId === personId)) {
    return no('unknownPerson', 'the person is not recorded')
  }
  if (consents.some((one) => one.consentId === consentId)) {
    return no('alreadyRecorded', 'the consent is recorded already')
  }
  const { recipients, categories, purposes } = covers
  if ([recipients, categories, purposes].some((some) => some.length === 0)) {
    return no('coversNothing', 'a consent names recipients, categories and purposes')
  }
  return undefined
}

function no(why: WhyNoConsent, text: string): Refusal<WhyNoConsent> {
  return refuse(why, { rule: `consent:${why}`, text })
}
