/**
 * A file between two real nodes when something goes wrong on its way: the recipient is
 * killed, the bytes at the sender are spoilt, the agreement is suspended, the recipient
 * takes no more. Each time both ends record the same, and nothing half is kept.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { addMs, DAY_MS, type Instant } from '../../src/base/time.ts'
import { caseNowOf } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { caseAt, type Place, startWorld } from '../support/demo.ts'
import { enterWorkspace } from '../support/page-hand.ts'

const GB = 'albion.example'
const WAIT_MS = 120_000
const MiB = 1024 * 1024

const world = await startWorld()
const telling = world.begin()
await telling.until('5.emergency')
const caseId = caseAt(telling.story, 'meridia')
const albionCase = caseAt(telling.story, 'albion')
const { officer, liaison } = world.hands.meridia
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const recording = randomBytes(24 * MiB + 17)
const exhibitId = await sealed()

const emergency = {
  exhibitId,
  recipient: GB,
  purpose: 'investigation',
  threat: 'life',
  reason: 'A person follows the advice of the service at this moment (invented).',
  legalBasis: 'Agreement clause 4.3 (fictional).',
  necessity: 'The peer acts on the same service today.',
  proportionality: 'Only the recording that shows the failure.',
  nonDiscrimination: 'Depends on nothing personal.',
  leastIntrusive: 'No other recording is included.',
  expression: 'It touches no press, union, protest, religion or politics.',
}

async function sealed(): Promise<string> {
  const page = await enterWorkspace(world.node('meridia'), 'case-officer-1')
  const place = `/en/officer/cases/${caseId}/files`
  const { html } = await page.get(place)
  const form = new FormData()
  form.append('formToken', /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? '')
  form.append('purpose', 'recording that the report names (invented)')
  form.append('file', new Blob([recording], { type: 'video/mp4' }), 'recording.mp4')
  assert.ok(page.post)
  const { location = '' } = await page.post(place, form)
  const id = /exhibits\/([0-9a-f-]{36})/.exec(location)?.[1]
  assert.ok(id, location)
  return id
}

type Event = { readonly type: string; readonly [member: string]: unknown }

async function outcomeAt(at: Place, releaseId: string): Promise<unknown> {
  const stream = at === 'meridia' ? caseId : albionCase
  const found = await waitFor(
    `the end at ${at}`,
    async () =>
      (await world.events(at))
        .filter((one) => one.stream === stream)
        .map(({ envelope }) => envelope.event as Event)
        .find((one) => one.type === 'exhibitTransferEnded' && one['releaseId'] === releaseId),
    WAIT_MS,
  )
  return found['outcome']
}

const folderOf = (at: Place, side: 'in' | 'out') => join(world.node(at).folder, 'transfers', side)

function filesIn(at: Place, side: 'in' | 'out', releaseId: string): readonly string[] {
  try {
    const names = readdirSync(folderOf(at, side))
    return names
      .filter((name) => name.startsWith(releaseId))
      .map((name) => join(folderOf(at, side), name))
  } catch {
    return []
  }
}

async function nothingIsLeft(releaseId: string): Promise<void> {
  await waitFor('nothing left', async () => {
    const left = [...filesIn('meridia', 'out', releaseId), ...filesIn('albion', 'in', releaseId)]
    return left.length === 0
  })
}

async function arrivedBy(releaseId: string) {
  type Exhibit = { releaseId: string | null; file?: { digest: string } }
  const read = await world.hands.albion.officer.get<{
    state: { evidence: { exhibits: Exhibit[] } }
  }>(`/cases/${albionCase}`)
  return read.state.evidence.exhibits.find((one) => one.releaseId === releaseId)
}

const seenAtAlbion = new Set<string>()
const pidOfAlbion = () => world.demo.supervisor.children.get(GB)?.pid as number

/** Released, and the recipient stands still with a part of it. */
async function midway(): Promise<string> {
  // Where we get to look too late, it has arrived, and another one is sent.
  for (let tries = 0; tries < 5; tries++) {
    const done = await officer.do(caseId, 'releaseFileInEmergency', emergency)
    const releaseId = done.result['releaseId'] as string
    const stopAt = Date.now() + WAIT_MS
    while (arrivedBytes(releaseId) < 2 * MiB) {
      assert.ok(Date.now() < stopAt, 'nothing comes')
      await new Promise((go) => setTimeout(go, 2))
    }
    process.kill(pidOfAlbion(), 'SIGSTOP')
    if (arrivedBytes(releaseId) < recording.length) return releaseId
    process.kill(pidOfAlbion(), 'SIGCONT')
  }
  return assert.fail('it was never seen on its way')
}

/** Of the beginning that lies at Albion; all of them where it was there before and is gone. */
function arrivedBytes(releaseId: string): number {
  const [part] = filesIn('albion', 'in', releaseId)
  if (part === undefined) return seenAtAlbion.has(releaseId) ? recording.length : 0
  seenAtAlbion.add(releaseId)
  return statSync(part, { throwIfNoEntry: false })?.size ?? recording.length
}

/** What lies at the sender for the recipient, changed at that place. */
function spoil(releaseId: string, at: 'begin' | 'end'): void {
  const [file = ''] = filesIn('meridia', 'out', releaseId)
  const place = at === 'begin' ? 0 : statSync(file).size - 100
  const handle = openSync(file, 'r+')
  writeSync(handle, randomBytes(100), 0, 100, place)
  closeSync(handle)
}

test('a recipient that is killed in the middle goes on where it was, and has all of it', async () => {
  const releaseId = await midway()
  // Whoever began again would get this.
  spoil(releaseId, 'begin')
  process.kill(pidOfAlbion(), 'SIGKILL')
  assert.equal(await outcomeAt('albion', releaseId), 'arrived')
  assert.equal(await outcomeAt('meridia', releaseId), 'arrived')
  assert.equal((await arrivedBy(releaseId))?.file?.digest, sha(recording))
  await nothingIsLeft(releaseId)
})

test('bytes that are not those that were sealed are refused, recorded at both ends, and gone', async () => {
  const releaseId = await midway()
  spoil(releaseId, 'end')
  process.kill(pidOfAlbion(), 'SIGCONT')
  assert.equal(await outcomeAt('albion', releaseId), 'digestMismatch')
  assert.equal(await outcomeAt('meridia', releaseId), 'digestMismatch')
  assert.equal(await arrivedBy(releaseId), undefined)
  await nothingIsLeft(releaseId)
})

test('what would be more than the recipient takes of one peer is refused before a byte of it', async () => {
  const { configFile } = world.node('albion')
  const config = JSON.parse(readFileSync(configFile, 'utf8')) as object
  const exchange = { outboundOnly: false, pendingFileBytesMax: recording.length - 1 }
  writeFileSync(configFile, JSON.stringify({ ...config, exchange }))
  process.kill(pidOfAlbion(), 'SIGKILL')
  const done = await officer.do(caseId, 'releaseFileInEmergency', emergency)
  const releaseId = done.result['releaseId'] as string
  type Releases = {
    state: { releases: { permitted: { releaseId: string; receipt: object | null }[] } }
  }
  const receipt = await waitFor(
    'the receipt',
    async () => {
      const { state } = await officer.get<Releases>(`/cases/${caseId}`)
      const found = state.releases.permitted.find((one) => one.releaseId === releaseId)
      return found?.receipt ?? undefined
    },
    WAIT_MS,
  )
  assert.deepEqual(receipt, { status: 'rejected', reasons: ['size', 'exchange:fileQuota'] })
  assert.equal(await outcomeAt('meridia', releaseId), 'stopped')
  writeFileSync(configFile, JSON.stringify(config))
  process.kill(pidOfAlbion(), 'SIGKILL')
})

test('an agreement that is suspended in the middle stops it, and both ends delete what they have', async () => {
  const releaseId = await midway()
  const [{ id } = { id: '' }] = await liaison.get<{ id: string }[]>('/agreements')
  const { caseNow } = await caseNowOf(world.node('meridia'))
  const suspended = await liaison.post(`/agreements/${id}/acts/suspendAgreement`, {
    code: 'other',
    reason: 'The parties look at clause 4.3 again (fictional).',
    clauses: [],
    reviewAt: addMs(caseNow as Instant, 10 * DAY_MS),
  })
  assert.ok('done' in suspended, JSON.stringify(suspended))
  process.kill(pidOfAlbion(), 'SIGCONT')
  assert.equal(await outcomeAt('albion', releaseId), 'stopped')
  assert.equal(await outcomeAt('meridia', releaseId), 'stopped')
  assert.equal(await arrivedBy(releaseId), undefined)
  await nothingIsLeft(releaseId)
})
