/** The reporter chooses, by the code of the mailbox, under which name to be thanked, if at all. */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { type ChooseCredit, chooseCredit } from '../core/disclosure/recognition.ts'
import { foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import { creditFactsOf } from './recognition-facts.ts'

export async function chooseReporterCredit(
  kernel: Kernel,
  mailboxId: Uint8Array,
  choice: ChooseCredit,
): Promise<Decision<null>> {
  const filing = await kernel.filings.findByMailbox(kernel.primitives.sha256(mailboxId))
  if (!filing) return no('noMailbox', 'there is nothing for this code')
  const { caseId } = filing
  if (caseId === undefined) return no('notAdmitted', 'nobody has opened the report yet')
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') return no('notAdmitted', 'nobody has opened the report yet')
    const decided = chooseCredit(creditFactsOf(foldCaseStream(stream.history)), choice)
    if (decided.decision === 'refuse') return decided
    // With the intake's own entries, so that the log does not tell when a reporter came back.
    await stream.append(decided.value, kernel.node.id, 'intake')
    return permit(null)
  })
}

function no(why: 'noMailbox' | 'notAdmitted', text: string) {
  return refuse(why, { rule: `recognition:${why}`, text })
}
