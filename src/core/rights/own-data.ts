/**
 * Everything that a case holds of one affected person, in sections, as a first text that an
 * officer reads and cuts before the person gets it. Each section that is not empty is given
 * or is withheld on a ground of its own: none is passed over in silence.
 *
 * The report and the exhibits are about the matter, not about one person, so the officer
 * takes out what is of others. Of exhibits the descriptions are given, never the content,
 * and nothing of one that a protective order binds.
 */
import type { Because } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { CaseState } from '../case/case.ts'
import { isBinding, withCopies } from '../evidence/protective-orders.ts'
import type { RightsState } from './rights.ts'

export const OWN_DATA_SECTIONS = [
  'report',
  'notices',
  'statements',
  'decisions',
  'remedies',
  'consents',
  'messages',
  'releases',
  'exhibits',
] as const
export type OwnDataSection = (typeof OWN_DATA_SECTIONS)[number]

/** Kinds of grounds; which provision it is, the officer says. */
export const OWN_DATA_GROUNDS = [
  'othersData',
  'investigation',
  'confidentialBusiness',
  'legalPrivilege',
  'protectedReporter',
  'embargo',
  'courtOrder',
  'otherLaw',
] as const
export type OwnDataGround = (typeof OWN_DATA_GROUNDS)[number]

export type WithheldSection = {
  readonly category: string
  readonly ground: OwnDataGround
  /** The provision, and why; the person reads it. */
  readonly reason: string
}

export type HeldSection = { readonly category: OwnDataSection; readonly text: string }

type Held = Pick<CaseState, 'rights' | 'releases' | 'evidence' | 'triage'>

/** Only sections in which the case holds something. */
export function ownDataOf(state: Held, personId: string, now: Instant): readonly HeldSection[] {
  const texts: Readonly<Record<OwnDataSection, readonly string[]>> = {
    report: state.triage.report ? [state.triage.report.description.text] : [],
    ...ofRights(state.rights, personId),
    releases: releaseLines(state, personId),
    exhibits: exhibitLines(state, now),
  }
  return OWN_DATA_SECTIONS.flatMap((category) => {
    const text = texts[category].filter((line) => line.trim() !== '').join('\n')
    return text === '' ? [] : [{ category, text }]
  })
}

/** Held, and neither given nor withheld with a ground and a reason. */
export function unansweredSections(
  held: readonly Pick<HeldSection, 'category'>[],
  parts: readonly { readonly category: string }[],
  withheld: readonly WithheldSection[],
): readonly Because[] {
  const isSaid = (category: string) =>
    parts.some((one) => one.category === category) ||
    withheld.some((one) => one.category === category && one.reason.trim() !== '')
  return held
    .filter(({ category }) => !isSaid(category))
    .map(({ category }) => ({
      rule: 'remedy:sectionUnanswered',
      text: `the section "${category}" is neither given nor withheld with a ground`,
    }))
}

const day = (at: Instant) => at.slice(0, 10)

function ofRights(rights: RightsState, personId: string) {
  const person = rights.persons.find((one) => one.personId === personId)
  const notices = rights.notices.filter((one) => one.personId === personId)
  const challengeIds = notices.flatMap((one) => one.challengeIds)
  const delayed = person?.delay
    ? [`The notice was delayed until ${day(person.delay.dueAt)} (${person.delay.ground}).`]
    : []
  const reviews = rights.reviews.filter(
    ({ subject: { kind, id } }) =>
      (kind === 'challenge' && challengeIds.includes(id)) || (kind === 'delay' && id === personId),
  )
  return {
    notices: [
      ...notices.map(({ sentAt, channel }) => `${day(sentAt)}: a notice was sent (${channel}).`),
      ...delayed,
    ],
    statements: notices.flatMap(({ challenges = [] }) =>
      challenges.map(({ at, ground }) => `${day(at)}: you challenged: ${ground}`),
    ),
    decisions: reviews.map(({ subject, openedAt, outcome, reason, remedy }) => {
      const said = outcome === null ? 'not decided yet' : [outcome, reason, remedy].join(' ')
      return `${day(openedAt)}: review of your ${subject.kind}: ${said}`
    }),
    remedies: rights.remedies
      .filter(({ challengeId }) => challengeIds.includes(challengeId))
      .map(({ kind, text, dueAt, doneAt }) => {
        const end = doneAt === null ? `due ${day(dueAt)}` : `done ${day(doneAt)}`
        return `${kind}: ${text} (${end})`
      }),
    consents: rights.consents
      .filter((one) => one.personId === personId)
      .map(({ state, covers }) => {
        return `${state}: ${covers.categories.join(', ')} to ${covers.recipients.join(', ')}`
      }),
    messages: rights.messages
      .filter((one) => one.personId === personId)
      .map(({ at, isFromPerson, text }) => {
        return `${day(at)}, ${isFromPerson ? 'you' : 'the authority'}: ${text}`
      }),
  }
}

/** A recipient that the notice does not name for now is not named here either. */
function releaseLines({ releases, rights }: Held, personId: string): readonly string[] {
  const notices = rights.notices.filter((one) => one.personId === personId)
  const unnamed = notices.flatMap(({ withholds }) => withholds?.recipients ?? [])
  return releases.permitted
    .filter(({ kind }) => kind !== 'stub')
    .map(({ decidedAt, recipient, categories, purpose, withdrawn }) => {
      const to = unnamed.includes(recipient) ? 'an authority not named for now' : recipient
      const back = withdrawn ? ' Called back.' : ''
      return `${day(decidedAt)}: ${categories.join(', ')} to ${to}, for ${purpose}.${back}`
    })
}

function exhibitLines({ evidence }: Held, now: Instant): readonly string[] {
  const { exhibits, orders } = evidence
  const binding = orders.filter((order) => isBinding(order, now))
  const isBound = (id: string) =>
    binding.some(
      ({ exhibits: named }) => named === null || withCopies(exhibits, named).includes(id),
    )
  return exhibits
    .filter(({ exhibitId, isDestroyed }) => !isDestroyed && !isBound(exhibitId))
    .map(
      ({ name, mediaType, parts, origin }) => `${name} (${mediaType}, parts: ${parts}, ${origin})`,
    )
}
