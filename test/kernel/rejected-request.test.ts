/** A request for assistance that the other node's receipt turns down waits no longer. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { systemRandom } from '../../src/adapters/random.ts'
import { foldCaseStream } from '../../src/app/case-stream.ts'
import { workListOf } from '../../src/app/desk/work-list.ts'
import { endRejectedRequest } from '../../src/app/end-rejected-request.ts'
import type { ReceiptStatus } from '../../src/core/release/release.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'

const ALBION = 'albion.example'
const { uuidByTime } = systemRandom

async function world(t: TestContext, isLedHere: boolean) {
  const desk = await deskKernel(t)
  const ada = await desk.enrol('Ada', ['caseOfficer'])
  const ben = await desk.enrol('Ben', ['caseOfficer'])
  const [caseId, theirs, requestId] = [uuidByTime(), uuidByTime(), uuidByTime()]
  await desk.kernel.streams.transact(async (unit) => {
    await unit.create(caseId, 'case')
    if (!isLedHere) await unit.link(caseId, ALBION, theirs)
  })
  const opened = {
    ...{ type: 'caseOpened', title: 'A case (invented)', kinds: ['disclosure'], filedOn: null },
    ...(isLedHere ? { lead: NODE.id, leadCaseId: null } : { lead: ALBION, leadCaseId: theirs }),
  }
  const request = {
    ...{ requestId, requestedAuthority: ALBION, requestingAuthority: NODE.id },
    ...{ officer: ada.officer, identifiers: [], legalBasis: ['an invented law'] },
  }
  const asked = { type: 'assistanceRequested', request } as { type: string }
  await desk.append(caseId, ben.officer, opened as { type: string }, asked)
  const hear = (decision: ReceiptStatus, change: object = {}) =>
    desk.kernel.streams.transact((unit) =>
      endRejectedRequest(desk.kernel, unit, {
        ...{ requestId, decision, destination: ALBION, reason: 'agreement' },
        ...{ rule: 'agreement:none', objectId: isLedHere ? caseId : theirs, ...change },
      }),
    )
  const answerOf = async () => {
    const stream = await desk.kernel.streams.read(caseId)
    return foldCaseStream(stream?.history ?? []).assistance.items[0]?.answer
  }
  const tasksOf = async (acting = ada) =>
    (await workListOf(desk.kernel, desk.now(acting))).tasks.map((one) => [one.caseId, one.title])
  return { ada, ben, caseId, hear, answerOf, tasksOf }
}

for (const isLedHere of [true, false]) {
  const where = isLedHere ? 'that is led here' : 'that the other leads'
  test(`in a case ${where} it ends with the receipt's reason, once, and its officer has a task`, async (t) => {
    const { ben, caseId, hear, answerOf, tasksOf } = await world(t, isLedHere)
    for (const decision of ['applied', 'held', 'duplicate'] as const) await hear(decision)
    await hear('rejected', { requestId: uuidByTime() })
    await hear('rejected', { objectId: uuidByTime() })
    await hear('rejected', { objectId: 'sierra.example' })
    await hear('rejected', { destination: 'sierra.example' })
    assert.equal(await answerOf(), null)
    assert.deepEqual(await tasksOf(), [])
    await hear('rejected')
    await hear('rejected')
    const answer = await answerOf()
    assert.deepEqual(
      [answer?.answer, answer?.codes, answer?.by],
      ['refused', ['MESSAGE_REJECTED'], ALBION],
    )
    assert.match(answer?.reasons ?? '', /rejected, agreement, agreement:none$/)
    const title =
      'A request for assistance did not get through: read why, and ask again or otherwise'
    assert.deepEqual(await tasksOf(), [[caseId, title]])
    assert.deepEqual(await tasksOf(ben), [])
  })
}

test('what came too late ends as well', async (t) => {
  const { hear, answerOf } = await world(t, true)
  await hear('expired', { reason: undefined, rule: undefined })
  const answer = await answerOf()
  assert.deepEqual(answer?.codes, ['MESSAGE_EXPIRED'])
  assert.match(answer?.reasons ?? '', /: expired$/)
})
