/**
 * A report that nobody can open is closed, so that whoever filed it hears of it and files
 * again. It takes two officers who each tried: one alone could bury a report by saying that
 * it does not open. The sealed bytes stay, for a key that is found later.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import { utcDateOf } from '../base/time.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import type { SealingWorkEvent, WhyNotOpened } from '../core/sealing/events.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import type { Kernel } from './kernel.ts'
import type { Filing } from './ports/filings.ts'
import { SEALING_STEPS } from './sealing-steps.ts'

export type Tried = { readonly officer: string; readonly why: WhyNotOpened }

/** Who tried to open it and could not, in the order in which they said so. */
export async function triedToOpen(kernel: Kernel, filingId: string): Promise<readonly Tried[]> {
  const stream = await kernel.streams.read(kernel.sealingStreamId)
  return triedIn((stream?.history ?? []) as readonly Recorded<SealingWorkEvent>[], filingId)
}

function triedIn(history: readonly Recorded<SealingWorkEvent>[], filingId: string): Tried[] {
  return history.flatMap(({ event, by }) =>
    event.type === 'filingNotOpened' && event.filingId === filingId
      ? [{ officer: by, why: event.why }]
      : [],
  )
}

export type SayNotOpened = { readonly filingId: string; readonly why: WhyNotOpened }

/** The second officer who says so closes it. */
export async function sayNotOpened(
  kernel: Kernel,
  { filingId, why }: SayNotOpened,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, SEALING_STEPS.sayNotOpened, acting)
  if (access.decision === 'refuse') return access
  const filing = await kernel.filings.find(filingId)
  if (!filing || filing.caseId || filing.closedOn) return notWaiting()
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.sealingStreamId)
    invariant(stream, 'every node has a sealing stream')
    const history = stream.history as readonly Recorded<SealingWorkEvent>[]
    const others = triedIn(history, filingId).map(({ officer }) => officer)
    if (others.includes(acting.officer)) return saidBefore()
    const said: SealingWorkEvent[] = [{ type: 'filingNotOpened', filingId, why }]
    if (others.length > 0) {
      if (!(await unit.closeFiling(filingId, utcDateOf(kernel.clocks.caseNow())))) {
        return notWaiting()
      }
      said.push({ type: 'filingClosed', filingId })
    }
    // With the intake's own entries, so that the log does not tell when reports are worked on.
    await stream.append(said, acting.officer, 'intake')
    return permit(actDone(stream, said, { isClosed: others.length > 0 }))
  })
}

/** The reason of the control too. */
export async function maySayNotOpened(
  kernel: Kernel,
  filing: Pick<Filing, 'closedOn'>,
  tried: readonly Tried[],
  acting: Acting,
): Promise<Decision<null>> {
  const access = await decideDeskAccess(kernel, SEALING_STEPS.sayNotOpened, acting)
  if (access.decision === 'refuse') return access
  if (filing.closedOn) return notWaiting()
  return tried.some(({ officer }) => officer === acting.officer) ? saidBefore() : permit(null)
}

function notWaiting() {
  return refuse('notWaiting', { rule: 'intake:notWaiting', text: 'no report with this id waits' })
}

function saidBefore() {
  const text = 'you said so already: another officer has to try too'
  return refuse('saidBefore', { rule: 'intake:saidBefore', text })
}
