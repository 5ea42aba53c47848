/** Agreements that are or were in force. What is still being negotiated is not public. Pure. */
import { foldAgreementStream } from '../../../app/agreement-record.ts'
import type { StreamView } from '../../../app/ports/streams.ts'
import { utf8 } from '../../../base/bytes.ts'
import type { Instant } from '../../../base/time.ts'
import { calendarDate } from '../../../base/time.ts'
import { type AgreementState, isInForce } from '../../../core/agreement/agreement.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import { parsePolicy } from '../../../proof/policy.ts'
import type { Hashing } from '../../../proof/primitives.ts'
import type { Messages } from '../../messages.ts'
import { quorumText } from '../log/quorum.ts'
import type { AgreementsModel } from './model.ts'

export type AgreementsView = {
  readonly hashing: Hashing
  readonly messages: Messages
  /** Case time. */
  readonly now: Instant
}

type AgreementItem = AgreementsModel['agreements'][number]

export function agreementsModel(
  streams: readonly Pick<StreamView, 'id' | 'history'>[],
  view: AgreementsView,
): AgreementsModel {
  const items = streams.flatMap(({ history }) => agreementItem(history, view) ?? [])
  return { agreements: items.sort((a, b) => a.sunsetAt.localeCompare(b.sunsetAt)) }
}

function agreementItem(
  history: StreamView['history'],
  { hashing, messages, now }: AgreementsView,
): AgreementItem | undefined {
  const state = foldAgreementStream(history)
  const { document, digest } = state
  const wasInForce = history.some(({ event }) => event.type === 'agreementEnteredIntoForce')
  if (!document || !digest || !wasInForce) return undefined
  const signatures = new Map(history.flatMap((recorded) => signatureOf(recorded, digest)))
  return {
    id: document.id,
    title: document.title,
    version: String(document.version),
    sha256: digest,
    state: stateAt(state, now),
    parties: document.parties.map(({ node, name }) => ({
      id: node,
      name,
      ...(signatures.get(node) ?? { isSimulated: false }),
    })),
    purposes: document.purposes.map(({ text }) => text),
    categories: document.categories.map(({ id, text, releasable, reviewRequired }) => ({
      id,
      text,
      releasable,
      reviewRequired,
    })),
    transferInstruments: document.transferInstruments.map(
      ({ from, to, kind, authorisation, authorisedOn, simulated }) => ({
        from,
        to,
        kind,
        authorisation,
        on: calendarDate(authorisedOn),
        isSimulated: simulated,
      }),
    ),
    clauses: document.clauses.map(({ id, text }) => ({ id, text })),
    quorum: quorumText(messages, parsePolicy(hashing, utf8(document.quorum))),
    carveOuts: state.carveOuts.length,
    reviewAt: document.reviewAt,
    sunsetAt: document.sunsetAt,
  }
}

/** An agreement ends at its sunset, whether or not anyone has recorded it yet. */
function stateAt(state: AgreementState, now: Instant): string {
  if (state.phase !== 'inForce' || isInForce(state, now)) return state.phase
  return now < (state.document?.validFromAt ?? now) ? 'signing' : 'lapsed'
}

type Signed = { readonly signedAt: Instant; readonly isSimulated: boolean }

/** Of the text that is shown; those of earlier versions stand under them. */
function signatureOf(
  { event, at }: Recorded<{ readonly type: string }>,
  digest: string,
): [string, Signed][] {
  const isSignature = ['agreementSigned', 'agreementConsentedBySilence'].includes(event.type)
  const { party, simulated, ...of } = event as unknown as {
    readonly party: string
    readonly simulated: boolean
    readonly digest: string
  }
  if (!isSignature || of.digest !== digest) return []
  return [[party, { signedAt: at, isSimulated: simulated }]]
}
