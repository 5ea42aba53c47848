/**
 * Packages with files that the vault of a node sealed, opened with nothing of Comity's:
 * `tar`, `sha256sum` and `age`. And one that is larger than any memory it may take.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createWriteStream,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderBlobs } from '../../src/adapters/blobs/folder-blobs.ts'
import { exhibitRoom } from '../../src/adapters/exhibit-room.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import type { ByteStream } from '../../src/app/ports/exhibits.ts'
import { textFromUtf8, toHex } from '../../src/base/bytes.ts'
import { exhibitIdIn, exhibitPath } from '../../src/wire/package/content.ts'
import { planPackage } from '../../src/wire/package/write-package.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { keys } from '../support/kernel-database.ts'
import { CASE_ID, ciphertext, type Draft, EXHIBIT_ID, IRIS } from '../support/package-record.ts'
import { buildInput, logWorld, meridiaSigner } from '../support/package-world.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MIB = 1024 * 1024
const RECORD_ID = '01990000-0000-7000-8000-0000000000f1'
const FILE_ID = '01990000-0000-7000-8000-0000000000f2'
const TURNS = [
  { speaker: 'person', text: 'Which dose is right?' },
  { speaker: 'system', text: 'Invented harmful answer.' },
]
const WORKER = fileURLToPath(new URL('../../src/node/exhibit-worker.ts', import.meta.url))
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const hasAge = spawnSync('age', ['--version']).status === 0
const withAge = { skip: hasAge ? false : 'there is no age on the PATH' }

/** A package with a sealed record and a sealed file of this size, written as a node streams it. */
async function packageWith(t: TestContext, fileBytes: number) {
  const desk = await deskKernel(t)
  const { database } = desk
  const caseId = await desk.openCase('An invented case', await desk.enrol('Ada', ['caseOfficer']))
  const folder = temporaryFolder()
  const room = exhibitRoom({
    ...{ database, atRest: keys, blobs: folderBlobs(folder), folder, worker: WORKER },
    fileBytesMax: fileBytes,
  })
  const taken = await room.takeFile({ caseId, exhibitId: FILE_ID }, inPieces(fileBytes))
  const record = await room.seal({ caseId, exhibitId: RECORD_ID }, TURNS)
  const { plaintext, digest, sizeBytes } = taken
  const file = {
    ...{ digest, sizeBytes, file: plaintext, partsRoot: plaintext.digest, parts: 1 },
    ...{ name: 'server logs (invented)', mediaType: 'text/plain' },
  }
  const transcript = { ...record, name: 'transcript (invented)', mediaType: 'application/json' }
  const sealed = new Map([
    [
      EXHIBIT_ID,
      { digest: toHex(nodePrimitives.sha256(ciphertext)), sizeBytes: ciphertext.length },
    ],
    [RECORD_ID, { digest: record.digest, sizeBytes: record.sizeBytes }],
    [FILE_ID, { digest, sizeBytes }],
  ])
  const more = [...sealing(RECORD_ID, transcript), ...sealing(FILE_ID, file)]
  const input = { ...buildInput({ more }), exhibits: sealed }
  const { parts, sizeBytes: packageBytes } = await planPackage(nodePrimitives, input, meridiaSigner)
  async function* bytes(): ByteStream {
    for (const part of parts) {
      if (part instanceof Uint8Array) yield part
      else if (part.path === exhibitPath(EXHIBIT_ID)) yield ciphertext
      else yield* await room.sealedBytes(exhibitIdIn(part.path))
    }
  }
  const archive = join(folder, 'evidence.tar')
  await pipeline(Readable.from(bytes()), createWriteStream(archive))
  const policy = join(folder, 'policy.txt')
  writeFileSync(policy, logWorld().policy)
  const identityOf = async (exhibitId: string) => {
    const { wrapped_identity: wrapped } = await database
      .selectFrom('exhibit_blob')
      .select('wrapped_identity')
      .where('exhibit_id', '=', exhibitId)
      .executeTakeFirstOrThrow()
    assert.ok(wrapped)
    return textFromUtf8(keys.node.open(`exhibit/${exhibitId}/identity`, wrapped))
  }
  return { folder, archive, policy, packageBytes, identityOf, plaintext }
}

function sealing(exhibitId: string, facts: { readonly digest: string }): readonly Draft[] {
  const { digest } = facts
  const taken = { exhibitId, act: 'collected', by: IRIS, purpose: 'case', digest }
  return [
    { type: 'exhibitSealed', exhibitId, ...facts },
    { type: 'custodyRecorded', ...taken },
  ].map((event) => ({ stream: CASE_ID, kind: 'case', event, by: IRIS }))
}

async function* inPieces(sizeBytes: number): ByteStream {
  const piece = createHash('sha512').update('an invented log').digest()
  const block = Buffer.alloc(MIB, piece)
  for (let at = 0; at < sizeBytes; at += MIB) yield block.subarray(0, sizeBytes - at)
}

const checked = (bag: string, manifest: string) =>
  spawnSync('sha256sum', ['--check', '--strict', '--quiet', manifest], {
    cwd: bag,
    encoding: 'utf8',
  })

test('tar, sha256sum and age open a package, and nothing of Comity is needed', async (t) => {
  const made = await packageWith(t, 3 * MIB + 5)
  const bag = join(made.folder, 'bag')
  const at = (path: string) => join(bag, path)
  mkdirSync(bag)
  execFileSync('tar', ['-xf', made.archive, '-C', bag])
  for (const exhibitId of [FILE_ID, RECORD_ID]) {
    writeFileSync(at(`${exhibitId}.txt`), `${await made.identityOf(exhibitId)}\n`)
  }
  const shaOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

  await t.test('sha256sum checks both manifests, and names what was changed', () => {
    for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
      const { status, stderr } = checked(bag, manifest)
      assert.deepEqual([status, stderr], [0, ''])
    }
    for (const path of [exhibitPath(FILE_ID), 'data/custody.jsonld', 'data/cover.html']) {
      const bytes = readFileSync(at(path))
      writeFileSync(at(path), bytes.with(40, (bytes[40] ?? 0) ^ 1))
      const { status, stdout } = checked(bag, 'manifest-sha256.txt')
      assert.deepEqual([status, stdout], [1, `${path}: FAILED\n`])
      writeFileSync(at(path), bytes)
    }
    const manifest = readFileSync(at('manifest-sha256.txt'))
    writeFileSync(at('manifest-sha256.txt'), manifest.subarray(1))
    assert.equal(checked(bag, 'tagmanifest-sha256.txt').status, 1)
  })

  type Tool = (identity: string, file: string) => { status: number | null; stdout: Buffer }
  const opens = (tool: Tool) => {
    const open = (exhibitId: string, by = exhibitId) =>
      tool(at(`${by}.txt`), at(exhibitPath(exhibitId)))
    const file = open(FILE_ID)
    assert.deepEqual([file.status, shaOf(file.stdout)], [0, made.plaintext.digest])
    const record = open(RECORD_ID)
    assert.equal(record.status, 0)
    for (const { text } of TURNS) assert.ok(record.stdout.includes(text), text)
    // What the identity of another exhibit, or a changed byte, leaves of it.
    assert.notEqual(open(FILE_ID, RECORD_ID).status, 0)
    assert.equal(open(FILE_ID, RECORD_ID).stdout.length, 0)
    const bytes = readFileSync(at(exhibitPath(RECORD_ID)))
    writeFileSync(at(exhibitPath(RECORD_ID)), bytes.with(-9, (bytes.at(-9) ?? 0) ^ 1))
    assert.notEqual(open(RECORD_ID).status, 0)
    writeFileSync(at(exhibitPath(RECORD_ID)), bytes)
  }

  await t.test('age opens each sealed file with its own identity and no other', withAge, () => {
    opens((identity, file) =>
      spawnSync('age', ['-d', '-i', identity, file], { maxBuffer: 8 * MIB }),
    )
  })

  await t.test('so does a process that has the age library and nothing of Comity', () => {
    const given = ['--input-type=module', '-e', TYPAGE]
    const options = { cwd: ROOT, maxBuffer: 8 * MIB }
    opens((...files) => spawnSync(process.execPath, [...given, ...files], options))
  })
})

const TYPAGE = `
import { readFileSync } from 'node:fs'
import { Decrypter } from 'age-encryption'
const [identity, file] = process.argv.slice(1)
const decrypter = new Decrypter()
decrypter.addIdentity(readFileSync(identity, 'utf8').trim())
process.stdout.write(await decrypter.decrypt(readFileSync(file)))
`

/** Says at its end how much memory it took at the most. */
const SAY_MEMORY =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('kB '+process.resourceUsage().maxRSS))"

async function verify(archive: string, policy: string) {
  const given = ['--import', SAY_MEMORY, MAIN, 'verify', archive, '--policy', policy]
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'pipe'] })
  const out = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (out.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (out.stderr += text))
  const code = await new Promise((resolve) => child.on('close', resolve))
  const residentBytes = Number(/kB (\d+)$/.exec(out.stderr)?.[1]) * 1024
  return { code, last: out.stdout.trimEnd().split('\n').at(-1) ?? '', residentBytes }
}

test('a package of more than 300 MB verifies in less memory than it has bytes', async (t) => {
  const { archive, policy, packageBytes } = await packageWith(t, 301 * MIB)
  assert.ok(packageBytes > 300 * MIB)
  const good = await verify(archive, policy)
  assert.deepEqual([good.code, good.last], [0, 'verdict: verified'])
  assert.ok(good.residentBytes < 200 * MIB, `${good.residentBytes} bytes`)

  const handle = openSync(archive, 'r+')
  writeSync(handle, Buffer.from([1]), 0, 1, 150 * MIB)
  const changed = await verify(archive, policy)
  assert.equal(changed.code, 1)
  assert.ok(changed.last.includes(exhibitPath(FILE_ID)), changed.last)
  truncateSync(archive, packageBytes - 2048)
  assert.equal((await verify(archive, policy)).code, 1)
})
