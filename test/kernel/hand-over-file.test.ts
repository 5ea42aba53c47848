/**
 * A file that is handed over: sealed by the real worker to a key of its recipient, and
 * opened with nothing of Comity's: `tar`, `sha256sum`, `age`, or the age library alone.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderBlobs } from '../../src/adapters/blobs/folder-blobs.ts'
import { exhibitRoom } from '../../src/adapters/exhibit-room.ts'
import { foldCaseStream } from '../../src/app/case-stream.ts'
import { sweepFiles } from '../../src/app/exhibit-files.ts'
import { destroyWithHandOvers, handOverPackage, packFile } from '../../src/app/hand-over-file.ts'
import type { ByteStream } from '../../src/app/ports/exhibits.ts'
import { DAY_MS } from '../../src/base/time.ts'
import { verifyCommand } from '../../src/cli/verify.ts'
import type { Release } from '../../src/core/release/release.ts'
import { generateIdentity, isRecipient, recipientOf } from '../../src/seal/seal.ts'
import { writeEventOpening } from '../../src/wire/event-opening.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { keys } from '../support/kernel-database.ts'
import { buildInput, logWorld } from '../support/package-world.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const WORKER = fileURLToPath(new URL('../../src/node/exhibit-worker.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const hasAge = spawnSync('age', ['--version']).status === 0
const withAge = { skip: hasAge ? false : 'there is no age on the PATH' }
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function* once(bytes: Uint8Array): ByteStream {
  yield bytes
}

async function all(bytes: ByteStream): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A file in the vault, and a release of it that Meridia signed and logged. */
async function released(t: TestContext, plain: Uint8Array) {
  const desk = await deskKernel(t)
  const folder = temporaryFolder()
  const exhibits = exhibitRoom({
    ...{ database: desk.database, atRest: keys, blobs: folderBlobs(folder), folder },
    ...{ worker: WORKER, fileBytesMax: 5_000_000 },
  })
  const { policy } = logWorld()
  const kernel = Object.assign(desk.kernel, { exhibits, publicLog: { policy } as never })
  const ada = await desk.enrol('Ada Invented', ['caseOfficer'])
  const caseId = await desk.openCase('An invented case', ada)
  const exhibitId = kernel.random.uuidByTime()
  const { plaintext, ...sealed } = await exhibits.takeFile({ caseId, exhibitId }, once(plain))
  await exhibits.settleFile(exhibitId)
  const view = { exhibitFile: { name: 'log.txt', mediaType: 'text/plain', ...plaintext } }
  const input = buildInput({
    change: (draft) => {
      const isPermit = (draft.event as { decision?: string }).decision === 'permit'
      return isPermit ? { ...draft, event: { ...draft.event, exhibitId, view } as never } : draft
    },
  })
  const found = input.streams
    .flatMap((stream) => stream.events)
    .find(({ event }) => 'decision' in event && event.decision === 'permit')
  assert.ok(found)
  const facts = { name: 'log.txt', mediaType: 'text/plain', file: plaintext, ...sealed }
  const root = { partsRoot: plaintext.digest, parts: 1 }
  await desk.append(
    caseId,
    ada.officer,
    { type: 'exhibitSealed', exhibitId, ...facts, ...root } as never,
    found.envelope.event as never,
  )
  const state = async () => foldCaseStream((await kernel.streams.read(caseId))?.history ?? [])
  const release = (await state()).releases.permitted[0] as Release
  const opening = writeEventOpening(found.envelope, found)
  const pack = (recipientKey: string) =>
    packFile({ kernel, caseId }, release, opening, recipientKey)
  const files = () => readdirSync(folder, { recursive: true }).map(String).filter(isAge)
  return { desk, kernel, caseId, ada, exhibitId, release, policy, state, pack, files }
}

const isAge = (name: string) => name.endsWith('.age')

/** Packed, recorded and kept, as the act does it; and what an officer then downloads. */
async function handedOver(t: TestContext, plain: Uint8Array, recipientKey: string) {
  const vault = await released(t, plain)
  const { kernel, caseId, desk, ada, release, state } = vault
  const made = await vault.pack(recipientKey)
  const { handOverId, digest, sizeBytes, sealed } = made
  const key = { recipientKey, keyConfirmedBy: 'the registry (invented)', keyMeans: 'phone' }
  const { releaseId, recipient } = release
  await desk.append(caseId, ada.officer, {
    ...{ type: 'handOverMade', handOverId, releaseId, recipient, digest, sizeBytes },
    file: { ...sealed, ...key },
  } as never)
  await kernel.desk.handOvers.keep(caseId, handOverId, made.archive)
  const download = async () => {
    const found = await handOverPackage(kernel, caseId, await state(), handOverId)
    return found && all(found.bytes)
  }
  return { ...vault, made, download }
}

function unpacked(archive: Uint8Array, policy: Uint8Array) {
  const folder = temporaryFolder()
  const at = (path: string) => join(folder, path)
  writeFileSync(at('hand-over.tar'), archive)
  writeFileSync(at('policy'), policy)
  mkdirSync(at('out'))
  execFileSync('tar', ['-xf', at('hand-over.tar'), '-C', at('out')])
  return { at, out: at('out') }
}

const checked = (cwd: string) =>
  spawnSync('sha256sum', ['-c', '--strict', 'manifest-sha256.txt'], { cwd, encoding: 'utf8' })

const TYPAGE = `
import { readFileSync } from 'node:fs'
import { Decrypter } from 'age-encryption'
const [identity, file] = process.argv.slice(1)
const decrypter = new Decrypter()
decrypter.addIdentity(readFileSync(identity, 'utf8').trim())
process.stdout.write(await decrypter.decrypt(readFileSync(file)))
`

test('the recipient opens it with tar, sha256sum and age, and nobody else does', async (t) => {
  const plain = randomBytes(300_000)
  const identity = await generateIdentity()
  const { made, download, policy } = await handedOver(t, plain, await recipientOf(identity))
  const archive = await download()
  assert.ok(archive)
  assert.deepEqual([sha(archive), archive.length], [made.digest, made.sizeBytes])
  assert.ok(made.isAsReleased)
  assert.ok(!archive.includes(plain.subarray(1000, 1032)))
  const { at, out } = unpacked(archive, policy)
  writeFileSync(at('key.txt'), `${identity}\n`)
  writeFileSync(at('other.txt'), `${await generateIdentity()}\n`)

  await t.test('sha256sum names whatever was changed', () => {
    assert.equal(checked(out).status, 0)
    for (const path of ['exhibit.age', 'README.txt', 'release.json', 'release.html']) {
      const bytes = readFileSync(join(out, path))
      writeFileSync(join(out, path), bytes.with(90, (bytes[90] ?? 0) ^ 1))
      const { status, stdout } = checked(out)
      assert.equal(status, 1)
      assert.match(stdout, new RegExp(`^${path}: FAILED$`, 'm'))
      writeFileSync(join(out, path), bytes)
    }
  })

  const sealed = join(out, 'exhibit.age')
  type Tool = (key: string) => { status: number | null; stdout: Buffer }
  const opens = (tool: Tool) => {
    const { status, stdout } = tool(at('key.txt'))
    assert.deepEqual([status, sha(stdout)], [0, sha(plain)])
    assert.notEqual(tool(at('other.txt')).status, 0)
    const bytes = readFileSync(sealed)
    writeFileSync(sealed, bytes.with(-9, (bytes.at(-9) ?? 0) ^ 1))
    assert.notEqual(tool(at('key.txt')).status, 0)
    writeFileSync(sealed, bytes)
  }
  await t.test('age opens it with the key of the recipient and no other', withAge, () => {
    opens((key) => spawnSync('age', ['-d', '-i', key, sealed]))
  })
  await t.test('the commands of README.txt do, as they stand', withAge, () => {
    writeFileSync(join(out, 'key.txt'), `${identity}\n`)
    const readme = readFileSync(join(out, 'README.txt'), 'utf8')
    const commands = readme.split('\n').filter((line) => line.startsWith('   '))
    assert.equal(commands.length, 3)
    const { status, stderr } = spawnSync('sh', ['-ec', commands.join('\n')], {
      ...{ cwd: out, encoding: 'utf8' },
    })
    assert.equal(status, 0, stderr)
    assert.ok(readFileSync(join(out, 'opened-file')).equals(plain))
  })
  await t.test('so does a process that has the age library and nothing of Comity', () => {
    const given = ['--input-type=module', '-e', TYPAGE]
    opens((key) => spawnSync(process.execPath, [...given, key, sealed], { cwd: ROOT }))
  })
  await t.test('comity verify takes it, and no other', async () => {
    const verify = async (bytes: Uint8Array) => {
      writeFileSync(at('hand-over.tar'), bytes)
      const said: string[] = []
      const to = { write: (text: string) => said.push(text) }
      const code = await verifyCommand([at('hand-over.tar'), '--policy', at('policy')], to, to)
      return [code, said.join('')] as const
    }
    const [code, said] = await verify(archive)
    assert.equal(code, 0, said)
    assert.ok(said.includes(`the opened file must have SHA-256 ${sha(plain)}`))
    const middle = Math.floor(archive.length / 2)
    assert.equal((await verify(archive.with(middle, (archive[middle] ?? 0) ^ 1)))[0], 1)
    assert.notEqual((await verify(archive.subarray(0, -1024)))[0], 0)
  })
})

test('a key of the hybrid kind is sealed to as well', async (t) => {
  const plain = randomBytes(1000)
  const identity = await generateIdentity('hybrid')
  const { download, policy } = await handedOver(t, plain, await recipientOf(identity))
  const { at, out } = unpacked((await download()) ?? new Uint8Array(), policy)
  assert.equal(checked(out).status, 0)
  writeFileSync(at('key.txt'), identity)
  const given = ['--input-type=module', '-e', TYPAGE, at('key.txt'), join(out, 'exhibit.age')]
  const { status, stdout } = spawnSync(process.execPath, given, { cwd: ROOT })
  assert.deepEqual([status, sha(stdout)], [0, sha(plain)])
})

test('no key that is not one is sealed to, and nothing is left of the try', async (t) => {
  const { pack, files } = await released(t, randomBytes(1000))
  const good = await recipientOf(await generateIdentity())
  const flipped = good.slice(0, -1) + (good.endsWith('q') ? 'p' : 'q')
  for (const bad of [
    '',
    'age1',
    flipped,
    good.toUpperCase().slice(3),
    `${good} `,
    'ssh-ed25519 A',
  ]) {
    assert.equal(isRecipient(bad), false, bad)
    if (bad !== '') await assert.rejects(pack(bad), { code: 'unverified' }, bad)
  }
  assert.ok(isRecipient(good))
  assert.equal(files().length, 1)
})

test('this node cannot open it; unrecorded it goes after a day; it goes with its exhibit', async (t) => {
  const key = await recipientOf(await generateIdentity())
  const vault = await handedOver(t, randomBytes(5000), key)
  const { desk, kernel, made, download, files, exhibitId, state, pack } = vault
  await assert.rejects(kernel.exhibits.openFile(made.handOverId), { code: 'unavailable' })
  await pack(key)
  assert.equal(files().length, 3)
  desk.pass(2 * DAY_MS)
  await sweepFiles(kernel)
  assert.equal(files().length, 2, 'what was recorded stays, though it was staged still')
  const staged = await desk.database.selectFrom('exhibit_blob').select('staged_at').execute()
  assert.deepEqual(
    staged.map(({ staged_at }) => staged_at),
    [null, null],
  )
  assert.ok(await download())
  await destroyWithHandOvers(kernel, await state(), exhibitId)
  assert.deepEqual(files(), [])
  await assert.rejects(download(), { code: 'unavailable' })
})
