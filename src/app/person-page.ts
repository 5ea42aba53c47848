/**
 * What an affected person does on the page that opens with the code of the notice: answers
 * a question for consent, takes consent back, writes to the authority. No account, and
 * nothing but the own record of that one person.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { Release } from '../core/release/release.ts'
import { withdrawRelease } from '../core/release/retraction.ts'
import {
  answerConsent,
  type Consent,
  releasesUnder,
  withdrawConsent,
} from '../core/rights/consents.ts'
import { writeAsPerson } from '../core/rights/correspondence.ts'
import { actingAs } from './acting.ts'
import { foldCaseStream } from './case-stream.ts'
import { openNotice } from './challenge-notice.ts'
import type { Kernel } from './kernel.ts'

export type ConsentWord = 'give' | 'refuse' | 'withdraw'

/** A withdrawal takes effect at once: what left under it is called back in the same step. */
export async function sayOnConsent(
  kernel: Kernel,
  code: string,
  { consentId, word }: { readonly consentId: string; readonly word: ConsentWord },
): Promise<Decision<null>> {
  return asPerson(kernel, code, (state, personId, acting) => {
    const { rights } = state
    const own = rights.consents.find((one) => one.consentId === consentId)
    if (own?.personId !== personId) return unknownConsent()
    if (word === 'withdraw') {
      const decided = withdrawConsent(rights, { consentId, how: 'onPage' }, acting)
      if (decided.decision === 'refuse') return decided
      return permit([...decided.value, ...calledBack(state, own, acting)])
    }
    const isGiven = word === 'give'
    return answerConsent(rights, { consentId, isGiven, shownBy: 'answered on the page' }, acting)
  })
}

export async function writeToAuthority(
  kernel: Kernel,
  code: string,
  text: string,
): Promise<Decision<null>> {
  const messageId = kernel.random.uuid()
  return asPerson(kernel, code, ({ rights }, personId, acting) =>
    writeAsPerson(rights, { messageId, personId, text }, acting),
  )
}

type Decide = (state: CaseState, personId: string, acting: Acting) => Decision<readonly CaseEvent[]>

async function asPerson(kernel: Kernel, code: string, decide: Decide): Promise<Decision<null>> {
  const opened = await openNotice(kernel, code)
  if (!opened) {
    return refuse('unknownCode', { rule: 'rights:code', text: 'no notice has this code' })
  }
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(opened.caseId)
    invariant(stream, 'a notice has its case')
    const state = foldCaseStream(stream.history)
    const acting = actingAs({ id: kernel.node.id, roles: [] }, kernel)
    const decided = decide(state, opened.notice.personId, acting)
    if (decided.decision === 'refuse') return decided
    await stream.append(decided.value, kernel.node.id)
    for (const event of decided.value) {
      const release = leftUnder(state, event)
      if (!release || !kernel.peers.find(release.recipient)) continue
      const { recipient, releaseId, agreement } = release
      await unit.send({
        destination: recipient,
        type: 'retraction',
        objectId: opened.caseId,
        agreement: agreement?.digest ?? null,
        content: { caseId: opened.caseId, releaseId, cause: 'consentWithdrawn' },
      })
    }
    return permit(null, ...decided.because)
  })
}

function calledBack(state: CaseState, consent: Consent, acting: Acting): readonly CaseEvent[] {
  const reason = 'the affected person withdrew the consent'
  return releasesUnder(consent, state.releases.permitted).flatMap(({ releaseId }) => {
    const command = { releaseId, cause: 'consentWithdrawn', reason } as const
    const decided = withdrawRelease(state.releases, command, acting)
    return decided.decision === 'permit' ? decided.value : []
  })
}

/** What left is called back from its recipient; what was only decided never leaves. */
function leftUnder({ releases }: CaseState, event: CaseEvent): Release | undefined {
  if (event.type !== 'releaseWithdrawn') return undefined
  const release = releases.permitted.find(({ releaseId }) => releaseId === event.releaseId)
  return release?.sentAt ? release : undefined
}

const unknownConsent = () =>
  refuse('unknownConsent', { rule: 'consent:unknownConsent', text: 'there is no such question' })
