/** What the other side claims, offers and appeals. Pure. */
import { addMs } from '../../../base/time.ts'
import { localDate } from '../../../core/desk/local-time.ts'
import { appealPeriodOf } from '../../../core/rights/appeal-period.ts'
import type { Appeal, Commitment } from '../../../core/rights/appeals.ts'
import { CLAIM_CHALLENGE_MS, type Claim, standingOf } from '../../../core/rights/claims.ts'
import type { Actor } from '../../parts.ts'
import { readable } from '../../words.ts'
import type { Names } from '../case/names.ts'
import type { OtherSidePart } from './model.ts'
import { exhibitNames, type RightsView, reviewOf, reviewRow } from './rights-view.ts'

export function otherSidePart(view: RightsView): OtherSidePart {
  const { claims, commitments, appeals } = view.read.state.rights
  return {
    claims: claims.map((claim) => claimRow(view, claim)),
    commitments: commitments.map((offer) => commitmentRow(view, offer)),
    appeals: appeals.map((appeal) => appealRow(view, appeal)),
  }
}

function claimRow({ read, names, now }: RightsView, claim: Claim): OtherSidePart['claims'][number] {
  const { kind, filedAt, text, categories, decidedAt, reason, challenge } = claim
  const standing = standingOf(claim, read.state.rights.reviews, now)
  const review = reviewOf(read, 'claim', claim.claimId)
  const isOpen = standing === 'window' && decidedAt !== null
  return {
    by: byWhom(names, claim.person),
    kind,
    standing,
    filedAt,
    text,
    exhibits: exhibitNames(read, claim.exhibitIds),
    categories,
    ...(decidedAt === null ? {} : { decided: { at: decidedAt, reason: reason ?? '' } }),
    ...(isOpen ? { windowEndsAt: addMs(decidedAt, CLAIM_CHALLENGE_MS) } : {}),
    ...(challenge ? { challenge } : {}),
    ...(review ? { review: reviewRow(review, names) } : {}),
  }
}

function commitmentRow({ names }: RightsView, offer: Commitment) {
  const { person, text, byOn, offeredAt, answer, reason } = offer
  return {
    ...{ by: byWhom(names, person), text, byOn, offeredAt },
    state: answer ?? ('open' as const),
    ...(reason === null ? {} : { reason }),
  }
}

function appealRow(view: RightsView, appeal: Appeal): OtherSidePart['appeals'][number] {
  const { person, text, filedAt, isClosed, outcome, route, steps, against } = appeal
  const period = appealPeriodOf(view.read.state.rights.appealPeriods, against)
  const isInTime = period !== undefined && localDate(filedAt, view.zone) <= period.untilOn
  return {
    by: byWhom(view.names, person),
    against: appealed(view, appeal),
    ...{ text, filedAt, isClosed, steps },
    state: steps.at(-1)?.step ?? 'filed',
    ...(outcome === null ? {} : { outcome }),
    ...(period ? { period: { ...period, isInTime } } : {}),
    ...(route === null ? {} : { route: `art. ${route.article}, ${route.source}` }),
  }
}

function appealed({ read }: RightsView, { against }: Appeal): string {
  const { enforcement, rights } = read.state
  const code =
    against.kind === 'measure'
      ? enforcement.measures.find(({ measureId }) => measureId === against.id)?.rung
      : rights.claims.find(({ claimId }) => claimId === against.id)?.kind
  return [readable(against.kind), code && readable(code).toLowerCase()].filter(Boolean).join(': ')
}

/** An account of this node by its name; who came by a link has none here. */
function byWhom(names: Names, person: string): Actor {
  const name = names.officer(person)
  return name === person ? { kind: 'guest' } : { kind: 'officer', name }
}
