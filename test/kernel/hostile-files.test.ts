/**
 * Files of a peer that holds valid keys and means harm: it announces without end, answers
 * slowly or not at all, and seals what it promised anew each time it is asked.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { PeerClient } from '../../src/adapters/peers/peer-client.ts'
import { transferRoom } from '../../src/adapters/transfers/transfer-room.ts'
import { foldCaseStream } from '../../src/app/case-stream.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import type { Receiving } from '../../src/app/receive-message.ts'
import { announcedFile } from '../../src/app/travel/announce-file.ts'
import { fileTurns } from '../../src/app/travel/fetch-files.ts'
import { type Bytes, toHex, utf8 } from '../../src/base/bytes.ts'
import { unavailable } from '../../src/base/errors.ts'
import { SECOND_MS } from '../../src/base/time.ts'
import { PIECE_BYTES } from '../../src/wire/exchange/file-transfer.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'
import { ALBION, digestOf, ringAgreement, SIERRA } from '../support/ring.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

/** `answers`: the path, asked of that peer, as it would answer over the wire. */
async function receiving(t: TestContext, call: PeerClient) {
  const desk = await deskKernel(t)
  const { kernel } = desk
  const folder = temporaryFolder()
  const peer = (node: string) =>
    ({ node, endpoint: '', messageKeys: [], encryptionRecipient: '' }) as const
  const transfers = transferRoom({
    ...{ folder, call, exhibits: {} as never, pendingBytesMax: 1000 * PIECE_BYTES },
    peers: { peer, peers: () => [] },
    encryptionIdentities: () => [],
    onFault: () => {},
  })
  Object.assign(kernel, {
    transfers,
    peers: { all: () => [], find: () => {} },
    exhibits: { fileBytesMax: 1000 * PIECE_BYTES },
  })
  const ada = await desk.enrol('Ada Invented', ['caseOfficer'])
  const caseId = await desk.openCase('An invented case', ada)
  const id = kernel.random.uuidByTime()
  const document = ringAgreement({ id })
  const digest = digestOf(document)
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.create(id, 'agreement')
    const signed = document.parties.map(({ node: party }) => ({
      ...{ type: 'agreementSigned', party, officer: 'x' },
      ...{ digest, signature: 'AA==', simulated: true },
    }))
    const events = [
      { type: 'agreementDrafted', document, digest },
      { type: 'agreementOffered', digest, offeredBy: NODE.id },
      ...signed,
      { type: 'agreementEnteredIntoForce', digest },
    ]
    await stream.append(events as never, ada.officer)
  })
  const agreement = { id, version: document.version, digest }
  const announced = async (from: string, sizes: readonly number[]) => {
    const ids = sizes.map(() => kernel.random.uuidByTime())
    const events = sizes.flatMap((sizeBytes, n) => {
      const releaseId = ids[n] as string
      return [
        {
          ...{ type: 'releaseReceived', kind: 'exhibit', from, releaseId, agreement, view: {} },
          ...{ purpose: 'investigation', legalBasis: 'x', categories: ['exhibitFile'], duties: [] },
        },
        {
          ...{ type: 'exhibitAnnounced', from, releaseId, name: 'a', mediaType: 'a/b' },
          ...{ exhibitId: kernel.random.uuidByTime(), logged: null },
          file: { digest: sha(releaseId), sizeBytes },
        },
      ]
    })
    await desk.append(caseId, from, ...(events as never[]))
    return ids
  }
  const state = async () => foldCaseStream((await kernel.streams.read(caseId))?.history ?? [])
  return { desk, kernel, folder, caseId, announced, agreement, state, ada }
}

/** A turn for each peer, to its end. */
async function oneTurn(
  kernel: Kernel,
  onFault: (fault: unknown) => void = (fault) => assert.fail(String(fault)),
): Promise<void> {
  const turns = fileTurns(kernel, onFault)
  await turns.begin()
  await turns.ended()
}

const given = (body: Uint8Array) => ({
  response: { status: 200, headers: [], body: body as Bytes },
  isVerified: true,
})
const sealedOf = (path: string, digest: string, sizeBytes: number) =>
  given(utf8(JSON.stringify({ v: 1, releaseId: path.split('/').at(-1), digest, sizeBytes })))

test('a peer that seals a file anew each time it is asked fills no disk with beginnings', async (t) => {
  const size = 2 * PIECE_BYTES
  const call: PeerClient = async (_, { path }) => {
    if (!path.includes('/bytes')) return sealedOf(path, toHex(randomBytes(32)), size)
    if (path.endsWith('from=0')) return given(new Uint8Array(PIECE_BYTES))
    return { response: { status: 503, headers: [], body: new Uint8Array() }, isVerified: true }
  }
  const { kernel, folder, announced } = await receiving(t, call)
  await announced(ALBION, [size])
  for (let run = 0; run < 4; run++) await oneTurn(kernel)
  assert.equal(readdirSync(join(folder, 'in')).length, 1)
})

test('whoever lets us wait at each of many files ends its turn, and others have theirs', async (t) => {
  let asked = 0
  let pass = (_ms: number) => {}
  const call: PeerClient = async ({ node }, { path }) => {
    if (node === SIERRA) {
      if (path.includes('/bytes')) return given(new Uint8Array(PIECE_BYTES))
      return sealedOf(path, sha('sierra'), 2 * PIECE_BYTES)
    }
    asked += 1
    pass(20 * SECOND_MS)
    throw unavailable('a peer does not answer')
  }
  const { desk, kernel, announced } = await receiving(t, call)
  pass = desk.pass
  await announced(
    ALBION,
    Array.from({ length: 30 }, () => 1),
  )
  await oneTurn(kernel, () => {})
  assert.equal(asked, 1, 'each run waits for a silent peer once')
})

test('a peer that hangs keeps no other waiting, and is not asked again meanwhile', async (t) => {
  const hanging = Promise.withResolvers<never>()
  const asked = { [ALBION]: 0, [SIERRA]: 0 }
  const call: PeerClient = async ({ node }, { path }) => {
    if (node === ALBION) {
      asked[ALBION] += 1
      return hanging.promise
    }
    if (path.includes('/bytes')) {
      return { response: { status: 503, headers: [], body: new Uint8Array() }, isVerified: true }
    }
    asked[SIERRA] += 1
    return sealedOf(path, sha('sierra'), 2 * PIECE_BYTES)
  }
  const { kernel, announced } = await receiving(t, call)
  await announced(ALBION, [1, 1])
  await announced(SIERRA, [2 * PIECE_BYTES])
  const faults: unknown[] = []
  const turns = fileTurns(kernel, (fault) => faults.push(fault))
  // Its turns come one after the other, while the other peer's first one is under way.
  while (asked[ALBION] < 1 || asked[SIERRA] < 3) await turns.begin()
  assert.equal(asked[ALBION], 1)
  hanging.reject(unavailable('no answer in time'))
  await turns.ended()
  assert.equal(faults.length, 1, 'its turn is over')
  await turns.begin()
  await turns.ended()
  assert.equal(asked[ALBION], 2, 'and it has another one')
})

test('what was said to be deleted before it came does not come', async (t) => {
  const call: PeerClient = async () => assert.fail('nothing is asked')
  const { desk, kernel, announced, caseId, state } = await receiving(t, call)
  const [releaseId] = await announced(ALBION, [1])
  const gone = { type: 'receivedViewDestroyed', releaseId, commitment: sha('x'), reason: 'x' }
  await desk.append(caseId, NODE.id, gone as never)
  await oneTurn(kernel)
  const { transfers } = (await state()).evidence
  assert.deepEqual(
    transfers.map(({ ended }) => ended?.outcome),
    ['stopped'],
  )
})

test('a thousand announcements of one peer hide no file of another', async (t) => {
  const call: PeerClient = async (_, { path }) => sealedOf(path, sha('x'), 1)
  const { kernel, announced } = await receiving(t, call)
  await announced(
    ALBION,
    Array.from({ length: 1001 }, () => 1),
  )
  const [theirs] = await announced(SIERRA, [1])
  const found = (await kernel.registers.transfers()).some(({ releaseId }) => releaseId === theirs)
  assert.ok(found, 'it is fetched beside them')
})

test('a peer announces no more than a hundred files at a time, however small, and as it shows them', async (t) => {
  const call: PeerClient = async () => assert.fail('nothing is asked')
  const { kernel, announced, agreement, state, desk, ada } = await receiving(t, call)
  const file = {
    ...{ exhibitId: kernel.random.uuidByTime(), name: 'a', mediaType: 'video/mp4' },
    plaintext: { digest: sha('a'), sizeBytes: 1 },
  }
  const { exhibitId: _, plaintext, ...named } = file
  const announce = async (change: object = {}, origin = ALBION) => {
    const view = { exhibitFile: { ...named, ...plaintext } }
    const release = { releaseId: kernel.random.uuidByTime(), agreement, view }
    const asked = { release, caseId: '', file: { ...file, ...change } } as never
    const from = { kernel, origin, acting: desk.now(ada) } as unknown as Receiving
    const decided = await announcedFile(from, await state(), asked)
    return decided.decision === 'refuse' ? decided.why : decided.decision
  }
  assert.equal(await announce(), 'permit')
  assert.equal(await announce({ name: 'b' }), 'fileMissing')
  assert.equal(await announce({ mediaType: 'text/html' }), 'fileMissing')
  assert.equal(await announce({ plaintext: { ...plaintext, sizeBytes: 2 } }), 'fileMissing')
  await announced(
    ALBION,
    Array.from({ length: 100 }, () => 1),
  )
  assert.equal(await announce(), 'fileQuota')
  assert.equal(await announce({}, SIERRA), 'permit')
})
