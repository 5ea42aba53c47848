/** Whom a report is sealed to is remembered, and a change of the roster is seen at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { intakeRoster } from '../../src/app/sealing-keys.ts'
import { deskKernel } from '../support/desk-kernel.ts'

const entry = (recipient: string, layer: 'inner' | 'outer') => ({
  recipient,
  layer,
  holder: { officer: recipient },
})
const setTo = (...recipients: string[]) => ({
  type: 'sealingRosterSet',
  entries: [...recipients.map((one) => entry(one, 'inner')), entry('age1outer', 'outer')],
  digest: 'as the event says it',
  proposedBy: null,
})

test('the next filing sees a change of the roster, whoever filed before', async (t) => {
  const { kernel, append } = await deskKernel(t)
  assert.deepEqual((await intakeRoster(kernel)).inner, [])
  await append(kernel.authorityStreamId, kernel.node.id, setTo('age1a', 'age1b'))
  const first = await intakeRoster(kernel)
  assert.deepEqual(first.inner, ['age1a', 'age1b'])
  assert.deepEqual(first.outer, ['age1outer'])
  assert.equal(await intakeRoster(kernel), first, 'it is not read again')
  await append(kernel.authorityStreamId, kernel.node.id, setTo('age1b', 'age1c'))
  const second = await intakeRoster(kernel)
  assert.deepEqual(second.inner, ['age1b', 'age1c'])
  assert.notEqual(second.digest, first.digest)
})

test('a change that is not committed is not seen', async (t) => {
  const { kernel, append } = await deskKernel(t)
  await append(kernel.authorityStreamId, kernel.node.id, setTo('age1a', 'age1b'))
  const before = await intakeRoster(kernel)
  const failed = kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.authorityStreamId)
    await stream?.append([setTo('age1x', 'age1y')], kernel.node.id)
    assert.deepEqual((await intakeRoster(kernel)).inner, before.inner)
    throw new Error('taken back')
  })
  await assert.rejects(failed, /taken back/)
  assert.deepEqual((await intakeRoster(kernel)).inner, before.inner)
})
