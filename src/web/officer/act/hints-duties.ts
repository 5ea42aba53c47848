/** Hints for the duties that travel with releases. Pure. */
import type { ReceivedRelease, Release } from '../../../core/release/release.ts'
import type { TrackedDuty } from '../../../core/release/tracked-duty.ts'
import type { Choice } from '../../form/field-spec.ts'
import {
  dayOf,
  type HintContext,
  type HintsOf,
  merged,
  nameOf,
  oneOf,
  plain,
  shortId,
} from './hint-context.ts'

/** Of the releases that carry a duty of this sort, with those duties. */
function duties(context: HintContext, is: (duty: TrackedDuty) => boolean) {
  const { permitted, received } = context.read.state.releases
  const carrying = [...permitted, ...received].filter((one) => one.duties.some(is))
  const found = carrying.flatMap((one) => one.duties.filter(is))
  const unique = [...new Map(found.map((duty) => [duty.dutyId, duty])).values()]
  return merged(
    oneOf(
      'releaseId',
      carrying.map((release) => releaseChoice(context, release)),
    ),
    oneOf(
      'dutyId',
      unique.map((duty) => dutyChoice(context, duty)),
    ),
  )
}

function releaseChoice(context: HintContext, release: Release | ReceivedRelease): Choice {
  const isReceived = 'from' in release
  const way = isReceived
    ? `from ${nameOf(context, release.from)}`
    : `to ${nameOf(context, release.recipient)}`
  const at = isReceived ? release.receivedAt : release.decidedAt
  return plain(release.releaseId, `${dayOf(at)} ${way}: ${release.categories.join(', ')}`)
}

function dutyChoice(context: HintContext, { dutyId, text, owedBy, dueAt }: TrackedDuty): Choice {
  const due = dueAt === null ? '' : `, due on ${dayOf(dueAt)}`
  return plain(dutyId, text, `clause ${dutyId}, owed by ${nameOf(context, owedBy)}${due}`)
}

const dischargeDuty: HintsOf = (context) => {
  const { rights, releases, desk } = context.read.state
  const shown = [
    ...rights.notices.map(({ noticeId, sentAt }) =>
      plain(noticeId, `Notice of ${dayOf(sentAt)} (${shortId(noticeId)})`),
    ),
    ...releases.permitted.flatMap(({ messageId, sentAt, recipient }) =>
      messageId && sentAt
        ? [plain(messageId, `Release of ${dayOf(sentAt)} to ${nameOf(context, recipient)}`)]
        : [],
    ),
    ...desk.handOvers.map(({ handOverId, madeAt, recipient }) =>
      plain(handOverId, `Hand-over of ${dayOf(madeAt)} to ${nameOf(context, recipient)}`),
    ),
  ]
  // A review discharges its duty itself; it is asked here only where that was contested.
  const own = ({ kind, discharge, dischargedAt, owedBy }: TrackedDuty) =>
    dischargedAt === null &&
    owedBy === context.node.id &&
    (kind !== 'postReview' || discharge !== null)
  const choices = shown.length === 0 ? {} : { choices: { shownBy: shown } }
  return merged(duties(context, own), choices)
}

const answerDutyDischarge: HintsOf = (context) =>
  duties(
    context,
    ({ discharge, answer, owedBy }) =>
      discharge !== null && answer === null && owedBy !== context.node.id,
  )

const reportBreach: HintsOf = (context) => duties(context, ({ breach }) => breach === null)

export const dutyHints = { dischargeDuty, answerDutyDischarge, reportBreach }
