/** Hints for emergencies, calling back, and asking before something is passed on. Pure. */
import { awaitsValidation } from '../../../core/release/emergency.ts'
import { isConsented } from '../../../core/release/onward.ts'
import type { ReceivedRelease, Release } from '../../../core/release/release.ts'
import { retractionOf } from '../../../core/release/retraction.ts'
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
  someOf,
} from './hint-context.ts'
import { purposes, recipients, recordedTests } from './hints-exchange.ts'

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

const keepErased: HintsOf = (context) => {
  const open = context.read.state.releases.retractions.filter(
    ({ cause, confirmation, kept }) => cause === 'erased' && !confirmation && !kept,
  )
  return oneOf(
    'releaseId',
    open.map(({ releaseId, from, at }) =>
      plain(releaseId, `${dayOf(at)} from ${nameOf(context, from)}`),
    ),
  )
}

const askOnwardConsent: HintsOf = (context) => {
  const all = context.agreements.flatMap(({ document }) => document.purposes)
  const unique = [...new Map(all.map((one) => [one.id, one])).values()]
  return merged(
    oneOf('releaseId', heldChoices(context)),
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

const withdrawOnwardConsent: HintsOf = (context) => {
  const { onward } = context.read.state.releases
  return oneOf(
    'requestId',
    onward
      .filter((one) => one.side === 'originator' && isConsented(one))
      .map(({ requestId, peer, recipient, purpose }) =>
        plain(
          requestId,
          `${nameOf(context, peer)} to ${nameOf(context, recipient)}: ${readable(purpose)}`,
        ),
      ),
  )
}

const passOnRelease: HintsOf = (context) => {
  const categories = new Set(stillHeld(context).flatMap((release) => release.categories))
  return merged(
    oneOf('releaseId', heldChoices(context)),
    oneOf('recipient', recipients(context)),
    oneOf('purpose', purposes(context)),
    someOf(
      'categories',
      [...categories].map((id) => plain(id, readable(id))),
    ),
    recordedTests(context),
  )
}

/** What came from a peer and was not called back. */
function stillHeld({ read }: HintContext): readonly ReceivedRelease[] {
  const { releases } = read.state
  return releases.received.filter(({ releaseId, from }) => !retractionOf(releases, releaseId, from))
}

export function heldChoices(context: HintContext): readonly Choice[] {
  return stillHeld(context).map(({ releaseId, from, receivedAt, categories }) =>
    plain(
      releaseId,
      `${dayOf(receivedAt)} from ${nameOf(context, from)}: ${categories.join(', ')}`,
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
  keepErased,
  askOnwardConsent,
  answerOnwardConsent,
  passOnRelease,
  withdrawOnwardConsent,
}
