/**
 * What an affected person does on the page that opens with the code of the notice: answers
 * a question for consent, takes consent back, writes to the authority. No account, and
 * nothing but the own record of that one person.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { answerConsent, releasesUnder, withdrawConsent } from '../core/rights/consents.ts'
import { writeAsPerson } from '../core/rights/correspondence.ts'
import { actingAs } from './acting.ts'
import { readingTasks, toldOf } from './answer-shared.ts'
import { foldCaseStream } from './case-stream.ts'
import { openNotice } from './challenge-notice.ts'
import type { Kernel } from './kernel.ts'
import { type InCase, retractReleases } from './retract.ts'

export type ConsentWord = 'give' | 'refuse' | 'withdraw'

/** A withdrawal takes effect at once: what left under it is called back in the same step. */
export async function sayOnConsent(
  kernel: Kernel,
  code: string,
  { consentId, word }: { readonly consentId: string; readonly word: ConsentWord },
): Promise<Decision<null>> {
  const decide: Decide = ({ rights }, personId, acting) => {
    const own = rights.consents.find((one) => one.consentId === consentId)
    if (own?.personId !== personId) return unknownConsent()
    if (word === 'withdraw') return withdrawConsent(rights, { consentId, how: 'onPage' }, acting)
    const isGiven = word === 'give'
    return answerConsent(rights, { consentId, isGiven, shownBy: 'answered on the page' }, acting)
  }
  const callBack: Follow = async (place, acting) => {
    const state = foldCaseStream(place.stream.history)
    const own = state.rights.consents.find((one) => one.consentId === consentId)
    const under = own ? releasesUnder(own, state.releases.permitted) : []
    const releaseIds = under.map(({ releaseId }) => releaseId)
    const withdraw = { releaseIds, cause: 'consentWithdrawn', reason: WITHDRAWN } as const
    await retractReleases(place, state, withdraw, acting)
  }
  return asPerson(kernel, code, decide, word === 'withdraw' ? callBack : undefined)
}

const WITHDRAWN = 'the affected person withdrew the consent'

export async function writeToAuthority(
  kernel: Kernel,
  code: string,
  text: string,
): Promise<Decision<null>> {
  const messageId = kernel.random.uuid()
  const officers = await kernel.people.officers()
  const decide: Decide = ({ rights }, personId, acting) =>
    writeAsPerson(rights, { messageId, personId, text }, acting)
  return asPerson(kernel, code, decide, async ({ unit, stream }, { now }) => {
    const told = toldOf(foldCaseStream(stream.history), officers)
    for (const task of readingTasks(kernel, stream.id, told, now, READ_IT)) {
      await unit.addTask(task)
    }
  })
}

const READ_IT = 'Read and answer what an affected person wrote'

type Decide = (state: CaseState, personId: string, acting: Acting) => Decision<readonly CaseEvent[]>

/** What follows once it is on record, in the same transaction. */
type Follow = (place: InCase, acting: Acting) => Promise<void>

async function asPerson(
  kernel: Kernel,
  code: string,
  decide: Decide,
  follow?: Follow,
): Promise<Decision<null>> {
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
    await follow?.({ kernel, unit, stream }, acting)
    return permit(null, ...decided.because)
  })
}

const unknownConsent = () =>
  refuse('unknownConsent', { rule: 'consent:unknownConsent', text: 'there is no such question' })
