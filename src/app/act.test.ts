import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from '@sinclair/typebox'
import { openDesk } from '../../test/support/access.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import type { Instant } from '../base/time.ts'
import type { CaseEvent } from '../core/case/case.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import { caseAct } from './act.ts'
import type { Kernel } from './kernel.ts'
import type { AnyEvent, OpenStream, Unit } from './ports/streams.ts'

const CASE = '018f3c1e-0000-7000-8000-000000000001'
const now = '2026-03-02T09:00:00.000Z' as Instant
const acting: Acting = {
  officer: 'officer-1',
  roles: ['caseOfficer'],
  authority: 'meridia.example',
  now,
}
const opened: AnyEvent = {
  type: 'caseOpened',
  title: 'A case (invented)',
  kinds: ['disclosure'],
  lead: 'meridia.example',
  leadCaseId: null,
  filedOn: null,
} as AnyEvent
const note = (text: string): CaseEvent => ({
  type: 'invitationAnswered',
  answer: 'accept',
  reason: text,
})

/** One stream in memory. What a unit appends is kept only if the unit comes to its end. */
function oneStream() {
  let kept: readonly Recorded<AnyEvent>[] = [recorded(opened, 1)]
  const seen = { isOpen: false }
  const streams = {
    async read() {
      return { id: CASE, kind: 'case', history: kept, sealedEvents: [] }
    },
    async transact<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
      const history = [...kept]
      const stream: OpenStream = {
        id: CASE,
        kind: 'case',
        history,
        async append(events) {
          for (const event of events) history.push(recorded(event, history.length + 1))
        },
      }
      seen.isOpen = true
      try {
        const result = await work({ open: async () => stream } as unknown as Unit)
        kept = history
        return result
      } finally {
        seen.isOpen = false
      }
    },
  }
  return {
    seen,
    kernel: {
      streams,
      access: openDesk,
      attestations: {},
      clocks: { wireNow: () => now },
      node: { legalOrder: 'EU' },
    } as unknown as Kernel,
    types: () => kept.map(({ event }) => event.type),
    /** Another writer. */
    add(event: AnyEvent) {
      kept = [...kept, recorded(event, kept.length + 1)]
    },
  }
}

function recorded(event: AnyEvent, version: number): Recorded<AnyEvent> {
  return { event, version, at: now, by: 'officer-1' }
}

type Steps = {
  readonly before?: () => void
  readonly decide?: () => Decision<readonly CaseEvent[]>
  readonly after?: () => Promise<object>
  readonly discard?: (made: number) => void
}

function actOf(steps: Steps) {
  const { before = () => {}, decide = () => permit([note('done')]), after, discard } = steps
  let made = 0
  return caseAct({
    name: 'probe',
    topic: 'evidence',
    group: 'handle',
    input: Type.Object({}),
    before: async ({ state }) => {
      before()
      made += 1
      return { made, title: state.title }
    },
    decide,
    finish: async (_step, prepared) => prepared,
    ...(after ? { after } : {}),
    discard: async (_kernel, { made: number }) => discard?.(number),
  })
}

const run = (act: ReturnType<typeof actOf>, kernel: Kernel, who: Partial<Acting> = {}) =>
  act.run(kernel, CASE, { input: {}, acting: { ...acting, ...who } })

test('what was made and is not recorded is taken away: a no, a fault, a case that moved on', async () => {
  const { kernel, add } = oneStream()
  const gone: number[] = []
  const discard = (made: number) => void gone.push(made)
  const no = () => refuse('no', { rule: 'probe:no', text: 'no' })
  assert.equal((await run(actOf({ discard, decide: no }), kernel)).decision, 'refuse')
  assert.deepEqual(gone.splice(0), [1])
  const fault = () => assert.fail('a fault')
  await assert.rejects(run(actOf({ discard, decide: fault }), kernel), /a fault/)
  assert.deepEqual(gone.splice(0), [1])
  let times = 0
  const before = () => {
    times += 1
    if (times === 1) add(note('another writer'))
  }
  const done = await run(actOf({ discard, before }), kernel)
  assert.equal(done.decision === 'permit' && (done.value.result as { made: number }).made, 2)
  assert.deepEqual(gone, [1], 'only what was made of the case as it was')
})

test('slow work before an act runs once, while no transaction is open', async () => {
  const { kernel, seen, types } = oneStream()
  const wasOpen: boolean[] = []
  const done = await run(actOf({ before: () => wasOpen.push(seen.isOpen) }), kernel)
  assert.deepEqual(wasOpen, [false])
  assert.deepEqual(done.decision === 'permit' && done.value.result, {
    made: 1,
    title: 'A case (invented)',
  })
  assert.deepEqual(types(), ['caseOpened', 'invitationAnswered'])
})

test('it is done again inside the transaction when the case has moved on meanwhile', async () => {
  const { kernel, seen, add } = oneStream()
  const wasOpen: boolean[] = []
  const before = () => {
    wasOpen.push(seen.isOpen)
    if (wasOpen.length === 1) add(note('another writer'))
  }
  const done = await run(actOf({ before }), kernel)
  assert.deepEqual(wasOpen, [false, true])
  assert.deepEqual(done.decision === 'permit' && (done.value.result as { made: number }).made, 2)
})

test('nobody starts slow work without the role, or for a version that is gone', async () => {
  const { kernel, types, add } = oneStream()
  const act = actOf({ before: () => assert.fail('must not run') })
  const refused = await run(act, kernel, { roles: ['oversight'] })
  assert.equal(refused.decision === 'refuse' && refused.why, 'roleMissing')
  add(note('another writer'))
  const late = await act.run(kernel, CASE, { input: {}, acting, expectedVersion: 1 })
  assert.equal(late.decision === 'refuse' && late.why, 'caseMovedOn')
  assert.deepEqual(types(), ['caseOpened', 'invitationAnswered'])
})

test('slow work after an act runs when the act is kept, and its failure leaves the act', async () => {
  const { kernel, seen, types } = oneStream()
  const after = async () => {
    assert.equal(seen.isOpen, false)
    assert.equal(types().length, 2)
    throw new Error('no worker')
  }
  await assert.rejects(run(actOf({ after }), kernel), /no worker/)
  assert.deepEqual(types(), ['caseOpened', 'invitationAnswered'])
})

test('a refused act has no slow work after it', async () => {
  const { kernel, types } = oneStream()
  const decide = () => refuse('notNow', { rule: 'probe:now', text: 'not now' })
  const refused = await run(
    actOf({ decide, after: async () => assert.fail('must not run') }),
    kernel,
  )
  assert.equal(refused.decision === 'refuse' && refused.why, 'notNow')
  assert.deepEqual(types(), ['caseOpened', 'actRefused'])
})
