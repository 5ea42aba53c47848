/** A carve-out that a release uses is counted in the agreement's own stream, by itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Step } from '../../src/app/act.ts'
import { foldAgreementStream } from '../../src/app/agreement-record.ts'
import { foldCaseStream } from '../../src/app/case-stream.ts'
import { countCarveOuts } from '../../src/app/count-carve-outs.ts'
import type { Clause } from '../../src/core/agreement/clause.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { digestOf, ringAgreement } from '../support/ring.ts'

const X1 = '0198c000-0000-7000-8000-0000000000a1'
const X2 = '0198c000-0000-7000-8000-0000000000a2'
const X3 = '0198c000-0000-7000-8000-0000000000a3'
const SECRET: Clause = {
  ...{ id: '95.1', text: 'A party may keep back what national security needs.' },
  ...{ kind: 'carveOut', ground: 'nationalSecurity' },
}

test('what a released copy hides on the ground of a carve-out is counted once', async (t) => {
  const { kernel, enrol, openCase, append, now } = await deskKernel(t)
  const ada = await enrol('Ada', ['caseOfficer'])
  const caseId = await openCase('One', ada)
  const id = kernel.random.uuidByTime()
  const base = ringAgreement()
  const document = { ...base, id, clauses: [...base.clauses, SECRET] }
  const digest = digestOf(document)
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.create(id, 'agreement')
    await stream.append([{ type: 'agreementDrafted', document, digest } as never], ada.officer)
  })
  const facts = { name: 'a log', mediaType: 'application/json', sizeBytes: 1, parts: 2 }
  const digests = { digest: '1'.repeat(64), partsRoot: '2'.repeat(64) }
  const hidden = (ground: string) => [{ part: 0, reason: 'r', ground }]
  const copy = { type: 'exhibitRedacted', derivedFrom: X1, ...facts, ...digests }
  await append(
    caseId,
    ada.officer,
    { type: 'exhibitSealed', exhibitId: X1, ...facts, ...digests } as never,
    { ...copy, exhibitId: X2, redactions: hidden('nationalSecurity') } as never,
    { ...copy, exhibitId: X3, redactions: hidden('thirdPerson') } as never,
  )
  const agreement = { id, version: 1, digest }
  const release = (exhibitId?: string) =>
    kernel.streams.transact(async (unit) => {
      const stream = await unit.open(caseId)
      const state = foldCaseStream(stream?.history ?? [])
      const step = { kernel, unit, stream, state, acting: now(ada) } as unknown as Step<unknown>
      await countCarveOuts(step, { agreement, ...(exhibitId ? { exhibitId } : {}) })
    })
  for (const exhibitId of [X2, X3, X1, undefined]) await release(exhibitId)
  const counted = async () =>
    foldAgreementStream((await kernel.streams.read(id))?.history ?? []).carveOuts
  assert.deepEqual(
    (await counted()).map(({ clause, ground }) => [clause, ground]),
    [['95.1', 'nationalSecurity']],
  )
  await release(X2)
  assert.equal((await counted()).length, 2)
})
