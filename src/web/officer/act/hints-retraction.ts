/** Hints for emergencies, calling back, and asking before something is passed on. Pure. */
import { awaitsValidation } from '../../../core/release/emergency.ts'
import type { Release } from '../../../core/release/release.ts'
import type { Choice } from '../../form/field-spec.ts'
import { readable } from '../../words.ts'
import {
  dayOf,
  type HintContext,
  type HintsOf,
  merged,
  nameOf,
  oneOf,
  plain,
} from './hint-context.ts'

const releaseChoice = (context: HintContext, release: Release, hint?: string): Choice => {
  const { releaseId, decidedAt, recipient, categories } = release
  const text = `${dayOf(decidedAt)} to ${nameOf(context, recipient)}: ${categories.join(', ')}`
  return plain(releaseId, text, hint)
}

const validateEmergency: HintsOf = (context) => {
  const waiting = context.read.state.releases.permitted.filter(awaitsValidation)
  return oneOf(
    'releaseId',
    waiting.map((release) => releaseChoice(context, release, emergencyText(release))),
  )
}

function emergencyText({ emergency }: Release): string {
  const until = emergency?.validateBy
  const threat = readable(emergency?.threat ?? '')
  return `${threat}: ${emergency?.reason ?? ''}${until ? ` – withdrawn at ${until} if nobody validates` : ''}`
}

const withdrawRelease: HintsOf = (context) => {
  const open = context.read.state.releases.permitted.filter(({ withdrawn }) => withdrawn === null)
  return oneOf(
    'releaseId',
    open.map((release) => releaseChoice(context, release)),
  )
}

const confirmDeletion: HintsOf = (context) => {
  const open = context.read.state.releases.retractions.filter(
    ({ confirmation }) => confirmation === null,
  )
  return oneOf(
    'releaseId',
    open.map(({ releaseId, from, at, cause }) =>
      plain(releaseId, `${dayOf(at)} from ${nameOf(context, from)}`, readable(cause)),
    ),
  )
}

const askOnwardConsent: HintsOf = (context) => {
  const { received, retractions } = context.read.state.releases
  const held = received.filter(
    ({ releaseId }) => !retractions.some((one) => one.releaseId === releaseId),
  )
  const purposes = context.agreements.flatMap(({ document }) => document.purposes)
  const unique = [...new Map(purposes.map((one) => [one.id, one])).values()]
  return merged(
    oneOf(
      'releaseId',
      held.map(({ releaseId, from, receivedAt, categories }) =>
        plain(
          releaseId,
          `${dayOf(receivedAt)} from ${nameOf(context, from)}: ${categories.join(', ')}`,
        ),
      ),
    ),
    oneOf(
      'recipient',
      context.peers.map(({ id, name }) => plain(id, name)),
    ),
    oneOf(
      'purpose',
      unique.map(({ id, text }) => plain(id, readable(id), text)),
    ),
  )
}

const answerOnwardConsent: HintsOf = (context) => {
  const asked = context.read.state.releases.onward.filter(
    ({ side, answer }) => side === 'originator' && answer === null,
  )
  return oneOf(
    'requestId',
    asked.map(({ requestId, peer, recipient, purpose, reason }) =>
      plain(
        requestId,
        `${nameOf(context, peer)} asks for ${nameOf(context, recipient)}: ${readable(purpose)}`,
        reason,
      ),
    ),
  )
}

export const retractionHints = {
  validateEmergency,
  withdrawRelease,
  confirmDeletion,
  askOnwardConsent,
  answerOnwardConsent,
}
