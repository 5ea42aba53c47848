/**
 * The whole story on the invented sample and on a public record in AVID's form, in
 * one world. What the story says of itself is not believed: everything is looked up
 * over HTTP and in the databases, and computed again with Node's own cryptography.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { validateCsafAll } from '../../src/adapters/csaf-validation.ts'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { canonicalText, type Json } from '../../src/base/canonical-json.ts'
import { readReports } from '../../src/cli/story/reports.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { verifyCheckpoint } from '../../src/proof/checkpoint.ts'
import { verifyCosignatures } from '../../src/proof/cosignature.ts'
import { parsePolicy } from '../../src/proof/policy.ts'
import { parseSignedNote } from '../../src/proof/signed-note.ts'
import { openWith } from '../../src/seal/seal.ts'
import {
  caseAt,
  type OpenedEvent,
  PLACES,
  type Place,
  startWorld,
  type Telling,
} from '../support/demo.ts'
import { inventedAvid } from '../support/invented-avid.ts'
import { naivePart } from '../support/naive-tree.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

const world = await startWorld()
const avidFile = join(world.folder, 'artefacts-record.json')
writeFileSync(avidFile, JSON.stringify(inventedAvid))
const [publicReport] = readReports(avidFile, 1)
assert.ok(publicReport)
const sample = world.begin()
await sample.toTheEnd()
const record = world.begin({ report: publicReport })
await record.toTheEnd()
const both = [sample, record]

type Event = { readonly type: string; readonly [member: string]: unknown }
const eventOf = ({ envelope }: OpenedEvent) => envelope.event as Event

async function caseEvents(at: Place, { story }: Telling): Promise<readonly Event[]> {
  const id = caseAt(story, at)
  return (await world.events(at)).filter(({ stream }) => stream === id).map(eventOf)
}

test('both stories were told whole: one with an embargo, one without', () => {
  const ids = ({ results }: Telling) => results.map(({ id }) => id)
  const parts = (telling: Telling) => [
    ...new Set(ids(telling).map((id) => Number(id.split('.')[0]))),
  ]
  for (const telling of both) {
    assert.deepEqual(
      parts(telling).sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    )
  }
  assert.ok(ids(sample).includes('4.embargo-end') && !ids(sample).includes('4.embargo-refused'))
  assert.ok(ids(record).includes('4.embargo-refused') && !ids(record).includes('4.embargo-end'))
})

// Refusals

const REFUSALS: readonly (readonly [
  why: string,
  rule: string,
  told: 'both' | 'sample' | 'record',
])[] = [
  ['embargoEndMissing', 'disclosure.embargoEndFirst', 'both'],
  ['alreadyPublic', 'disclosure.noEmbargoWhenPublic', 'record'],
  ['categoryNotReleasable', 'clause:4.2', 'both'],
  ['noTransferInstrument', 'clause:4.6', 'both'],
  ['reviewMissing', 'assistance:reviewMissing', 'both'],
  ['operatorNamedByReport', 'profile:inventedOnly', 'record'],
  ['hearingNotHeld', 'hearing', 'both'],
  ['stillDelayed', 'notice:stillDelayed', 'both'],
  ['nothingToApprove', 'enforcement:secondOfficerRequired', 'both'],
  ['rungNotReached', 'ladder:fine', 'both'],
  ['underEmbargo', 'disclosure:embargoFirst', 'sample'],
]

type Because = readonly { readonly rule: string; readonly text: string }[]

test('each refusal stands in the case with its rule, and each clause is one of the agreement', async () => {
  type Row = { state: string; document: { clauses: { id: string; text: string }[] } }
  const rows = await world.hands.meridia.officer.get<Row[]>('/agreements')
  const clauses = new Map(
    rows
      .find(({ state }) => state === 'inForce')
      ?.document.clauses.map(({ id, text }) => [id, text]),
  )
  for (const telling of both) {
    const kind = telling === sample ? 'sample' : 'record'
    const refused = (await caseEvents('meridia', telling)).filter(
      ({ why, because }) => why && because,
    )
    const found = new Set(refused.map(({ why }) => why))
    // Depends on how soon the witnesses cosigned: the story asks again until they have.
    found.delete('receiptNotSealed')
    const expected = REFUSALS.filter(([, , told]) => told === 'both' || told === kind)
    assert.deepEqual([...found].sort(), expected.map(([why]) => why).sort(), kind)
    for (const [why, rule] of expected) {
      const because = refused.find((event) => event['why'] === why)?.['because'] as Because
      const [first] = because
      assert.equal(first?.rule, rule, why)
      assert.ok(first.text.length > 10)
      if (!rule.startsWith('clause:')) continue
      const text = clauses.get(rule.slice('clause:'.length))
      assert.ok(text && first.text.includes(text), `${rule} is quoted`)
    }
  }
})

test('the same agreement is in force at all three, by its digest', async () => {
  const digests = new Set<string>()
  for (const at of PLACES) {
    type Row = { state: string; digest: string; document: object }
    const rows = await world.hands[at].officer.get<Row[]>('/agreements')
    assert.equal(rows.length, 1)
    const [row] = rows
    assert.equal(row?.state, 'inForce')
    const input = Buffer.from(`comity/agreement/v1\n${canonicalText(row?.document ?? {})}`)
    assert.equal(row?.digest, sha256(input).toString('hex'))
    digests.add(row?.digest ?? '')
  }
  assert.equal(digests.size, 1)
})

// What the other authorities hold

const HELD_BACK = [
  'Robin',
  'Sample Lane',
  '555-0100',
  'My name is',
  'Thank you for trusting me',
  "mother's number",
  'box 7',
  'Exampletown',
  'Invented reporter',
]

/** Everything that a node can read with its own keys: streams, cases, exhibits on its disk. */
async function readableAt(at: Place): Promise<string> {
  const { officer } = world.hands[at]
  const rows = await officer.get<{ id: string }[]>('/cases')
  const views = await Promise.all(rows.map(({ id }) => officer.get<Json>(`/cases/${id}`)))
  const envelopes = (await world.events(at)).map(({ envelope }) => envelope)
  const blobs = await world.database(at).selectFrom('exhibit_blob').selectAll().execute()
  const { folder, keys } = world.node(at)
  const kept = await world.database(at).selectFrom('received_view').selectAll().execute()
  const rest = atRest(await keys.columnKey())
  const received = kept.map(({ release_id, wrapped_key, sealed_view }) => {
    assert.ok(wrapped_key && sealed_view)
    const opened = rest.unwrap(wrapped_key).open(`received-view/${release_id}`, sealed_view)
    return Buffer.from(opened).toString('utf8')
  })
  const exhibits = blobs.map(async ({ exhibit_id, digest, wrapped_identity }) => {
    assert.ok(wrapped_identity)
    const identity = rest.node.open(`exhibit/${exhibit_id}/identity`, wrapped_identity)
    const name = Buffer.from(digest).toString('hex')
    const sealed = readFileSync(join(folder, 'exhibits', name.slice(0, 2), `${name}.age`))
    const opened = await openWith(Buffer.from(identity).toString('utf8'), new Uint8Array(sealed))
    return Buffer.from(opened).toString('utf8')
  })
  return JSON.stringify([rows, views, envelopes, received, await Promise.all(exhibits)])
}

test('Albion and Sierra hold no personal data, no contact and no hidden turn', async () => {
  const [meridia, albion, sierra] = await Promise.all(PLACES.map(readableAt))
  for (const text of HELD_BACK.slice(0, 6)) assert.ok(meridia?.includes(text), `lead: ${text}`)
  for (const text of HELD_BACK.slice(6)) assert.ok(!meridia?.includes(text), `lead: ${text}`)
  for (const readable of [albion, sierra]) {
    for (const text of HELD_BACK) assert.ok(!readable?.includes(text), text)
    assert.ok(readable?.includes('Larkspur Companion'), 'the facts of the case are there')
  }
  assert.ok(albion?.includes('She might not understand'), 'a shown turn is there')
  assert.ok(!sierra?.includes('She might not understand'), 'who did not ask got no transcript')
})

test('what Albion holds gives the root that stood in Meridia’s log before it was asked for', async () => {
  for (const telling of both) {
    const sealed = (await caseEvents('meridia', telling)).find(
      ({ type }) => type === 'exhibitSealed',
    )
    const [received] = (await caseEvents('albion', telling)).filter(
      ({ type }) => type === 'exhibitReceived',
    )
    const { officer } = world.hands.albion
    const exhibitId = JSON.stringify(received).match(/"exhibitId":"([^"]+)"/)?.[1] ?? ''
    const opened = await officer.do(caseAt(telling.story, 'albion'), 'openExhibit', {
      exhibitId,
      purpose: 'To check the copy ourselves.',
    })
    type Part = { tree?: { value: Json; seed: string }; commitment?: string }
    const parts = (JSON.parse(JSON.stringify(opened.result)) as { parts: Part[] }).parts
    const hidden = parts.flatMap(({ tree }, index) => (tree === undefined ? [index] : []))
    assert.deepEqual(hidden, [2, 3, 6])
    const leaves = parts.map(({ tree, commitment }) => {
      if (commitment !== undefined) return Buffer.from(commitment, 'base64')
      const seed = Buffer.from(tree?.seed ?? '', 'base64')
      return Buffer.from(naivePart(tree?.value ?? null, seed), 'hex')
    })
    assert.equal(rootOf(leaves.map(leafHash)).toString('hex'), sealed?.['partsRoot'])
  }
})

// The record for the public

test('the advisories are valid CSAF, watermarked, and name nobody', async () => {
  const { baseUrl } = world.node('meridia')
  const list = (await (await fetch(`${baseUrl}/open-data/advisories.json`)).json()) as {
    trackingId: string
    url: string
  }[]
  const wanted = both.map(({ story }) => story.memory.trackingId)
  assert.deepEqual(list.map(({ trackingId }) => trackingId).sort(), wanted.sort())
  const documents = await Promise.all(
    list.map(async ({ url }) => (await (await fetch(`${baseUrl}${url}`)).json()) as Json),
  )
  const broken = structuredClone(documents[0]) as { document: { tracking?: object } }
  delete broken.document.tracking
  const answers = await validateCsafAll([...documents, broken as unknown as Json])
  assert.deepEqual(
    answers.map(({ valid }) => valid),
    [true, true, false],
  )
  for (const document of documents) {
    const text = JSON.stringify(document)
    assert.match(text, /DEMONSTRATION/)
    for (const word of HELD_BACK) assert.ok(!text.includes(word), word)
    for (const id of [caseAt(sample.story, 'meridia'), caseAt(record.story, 'meridia')]) {
      assert.ok(!text.includes(id), 'no case id')
    }
  }
})

test('open data: no count from 1 to 4, and none that another gives away', async () => {
  for (const at of PLACES) {
    const { baseUrl } = world.node(at)
    const counts = (await (await fetch(`${baseUrl}/open-data/counts.json`)).json()) as {
      watermark: string
      simulatedClock: boolean
      rows: { measure: string; key: string; count: number | null }[]
    }
    assert.ok(counts.watermark && counts.simulatedClock)
    const small = counts.rows.filter(({ count }) => count !== null && count > 0 && count < 5)
    assert.deepEqual(small, [], at)
    for (const measure of new Set(counts.rows.map((row) => row.measure))) {
      const own = counts.rows.filter((row) => row.measure === measure)
      const withheld = own.filter(({ count }) => count === null)
      assert.ok(
        withheld.length !== 1 || own.length === 1,
        `${at} ${measure}: one alone is given away`,
      )
    }
    const csv = await (await fetch(`${baseUrl}/open-data/counts.csv`)).text()
    const lines = csv.trimEnd().split('\r\n').slice(1)
    assert.equal(lines.length, counts.rows.length)
    assert.ok(lines.every((line) => !/,[1-4]$/.test(line)))
  }
  const { rows } = await sql<{ n: string }>`select count(*) as n from p_case`.execute(
    world.database('meridia'),
  )
  assert.equal(Number(rows[0]?.n), 2, 'two cases: a small count that must be withheld')
})

// The log

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const hmac = (key: Uint8Array, bytes: Uint8Array) =>
  createHmac('sha256', key).update(bytes).digest()
const leafHash = (bytes: Uint8Array) => sha256(Buffer.concat([Buffer.from([0]), bytes]))

/** RFC 9162, section 2.1.1, as it is written there. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256(Buffer.alloc(0))
  if (leaves.length === 1) return leaves[0] as Buffer
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  const halves = [rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split))]
  return sha256(Buffer.concat([Buffer.from([1]), ...halves]))
}

test('every event of every stream is committed to in its node’s log, once', async () => {
  for (const at of PLACES) {
    const database = world.database(at)
    const events = await world.events(at)
    const entries = await waitFor(`every event of ${at} in the log`, async () => {
      const rows = await database
        .selectFrom('log_entry')
        .select(['seq', 'pending_id', 'entry'])
        .orderBy('seq')
        .execute()
      const known = new Set(rows.map(({ pending_id }) => pending_id))
      return events.every(({ logId }) => known.has(logId)) && rows
    })
    const byId = new Map(entries.map((row) => [row.pending_id, row]))
    const places = new Set<unknown>()
    for (const { envelope, salt, logId } of events) {
      const row = byId.get(logId)
      assert.ok(row)
      const { commitment } = JSON.parse(Buffer.from(row.entry).toString('utf8')) as {
        commitment: string
      }
      const opened = hmac(salt, Buffer.from(canonicalText(envelope)))
      assert.equal(commitment, opened.toString('base64'))
      places.add(row.seq)
    }
    assert.equal(places.size, events.length)
    const size = entries.length
    const leaves = entries.map(({ entry }) => leafHash(new Uint8Array(entry)))
    // A checkpoint is published last, after its entries and tiles.
    const [, served, root] = await waitFor(`a checkpoint of them at ${at}`, async () => {
      const lines = await checkpointLines(at)
      return Number(lines[1]) >= events.length && lines
    })
    if (Number(served) <= size) {
      assert.equal(root, rootOf(leaves.slice(0, Number(served))).toString('base64'), at)
    }
  }
})

async function checkpointLines(at: Place): Promise<string[]> {
  return (await (await fetch(`${world.node(at).baseUrl}/ledger/checkpoint`)).text()).split('\n')
}

test('each log is cosigned by the other two and by the outside witness, and serves no entries', async () => {
  const policy = parsePolicy(nodePrimitives, new Uint8Array(readFileSync(world.demo.policyFile)))
  for (const at of PLACES) {
    const { authority, baseUrl, logVkey } = world.node(at)
    const names = await waitFor(`the cosignatures for ${at}`, async () => {
      const note = parseSignedNote(Buffer.from((await checkpointLines(at)).join('\n')))
      const own = policy.logs.map(({ key }) => key).filter(({ name }) => logVkey.startsWith(name))
      const checkpoint = verifyCheckpoint(nodePrimitives, note, own)
      assert.equal(checkpoint.origin, `${authority.id}/ledger`)
      const keys = policy.witnesses.map(({ key }) => key)
      const found = verifyCosignatures(nodePrimitives, note, keys).map(({ key }) => key.name)
      // Each by both of its keys: Ed25519 and ML-DSA-44.
      return found.length === 6 && found
    })
    const others = PLACES.filter((one) => one !== at).map((one) => world.node(one).authority.id)
    assert.deepEqual(
      [...names].sort(),
      [...others, 'witness.example'].flatMap((id) => [`${id}/witness`, `${id}/witness`]).sort(),
    )
    const bundle = await fetch(`${baseUrl}/ledger/tile/entries/000`)
    assert.ok([403, 404].includes(bundle.status), 'entries are for who may read them')
    assert.equal((await fetch(`${baseUrl}/ledger/tile/0/000`)).status < 500, true)
  }
})

// The exchange

type Signature = { readonly keyId: string; readonly value: string }

function requireSigned(at: Place, domain: string, value: object, signature: Signature): void {
  const { authority, keys } = world.node(at)
  const x = Buffer.from(keys.messagePublicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const input = Buffer.from(`${domain}\0${canonicalText(value)}`)
  assert.equal(signature.keyId, `${authority.id}/msg1`)
  assert.ok(verify(null, input, key, Buffer.from(signature.value, 'base64')), `${at}: ${domain}`)
}

test('every message between the three is signed, linked, and answered by a signed receipt', async () => {
  let messages = 0
  for (const from of PLACES) {
    for (const to of PLACES.filter((one) => one !== from)) {
      const destination = world.node(to).authority.id
      const rows = await waitFor(`the receipts of ${to}`, async () => {
        const sent = await world
          .database(from)
          .selectFrom('fed_out')
          .selectAll()
          .where('destination', '=', destination)
          .orderBy('seq')
          .execute()
        return sent.every(({ receipt }) => receipt !== null) && sent
      })
      let previous: string | undefined
      for (const [index, row] of rows.entries()) {
        const header = JSON.parse(row.header) as { prev: string; seq: number; link?: string }
        assert.equal(header.seq, index + 1)
        requireSigned(from, 'comity/header/v1', header, JSON.parse(row.signature) as Signature)
        if (previous !== undefined) assert.equal(header.prev, previous)
        const input = Buffer.from(`comity/link/v1\0${canonicalText(header)}`)
        previous = sha256(input).toString('hex')
        assert.equal(row.link, previous)
        const { receipt, signature } = JSON.parse(row.receipt ?? '{}') as {
          receipt: { decision: string; link: string; seq: number }
          signature: Signature
        }
        requireSigned(to, 'comity/message-receipt/v1', receipt, signature)
        assert.deepEqual(
          [receipt.decision, receipt.link, receipt.seq],
          ['applied', previous, index + 1],
        )
      }
      messages += rows.length
    }
  }
  // Two stories: invitations, their answers, releases, a request and its answer, the end.
  assert.ok(messages >= 20, `${messages} messages`)
})

// The command line

// The log

test('the export of a node at which reports were filed holds, entry by entry', async () => {
  const out = join(world.folder, 'log-export')
  const config = join(world.folder, 'nodes/meridia.example/config.json')
  assert.equal((await comity('export-log', '--config', config, '--out', out)).code, 0)
  const { policyFile } = world.demo
  const { code, stdout } = await comity('verify', out, '--policy', policyFile, '--json')
  assert.equal(code, 0, stdout)
  const bundle = readFileSync(join(out, 'ledger/1/tile/entries/000'), 'latin1')
  assert.match(bundle, /"scripts":\["[0-9a-f]{64}"/, 'with a batch of sealed reports')
})

function comity(...args: readonly string[]): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout })))
}

/** As somebody unpacks and checks it who has nothing of Comity. */
function requireOrdinaryTools(archive: string, folder: string): void {
  const bag = mkdtempSync(`${folder}-`)
  execFileSync('tar', ['-xf', archive, '-C', bag])
  for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', manifest], { cwd: bag })
  }
  const sealed = readdirSync(join(bag, 'data/exhibits'))
  assert.ok(sealed.length > 0)
  for (const name of sealed) {
    const head = readFileSync(join(bag, 'data/exhibits', name))
      .subarray(0, 22)
      .toString('latin1')
    assert.equal(head, 'age-encryption.org/v1\n')
  }
}

test('comity verify: the package holds under the policy, alone it is unanchored, altered it fails', async () => {
  const { policyFile } = world.demo
  for (const { story } of both) {
    const { evidencePackage = '' } = story.memory.files
    const verified = await comity('verify', evidencePackage, '--policy', policyFile, '--json')
    assert.equal(verified.code, 0, verified.stdout)
    const report = JSON.parse(verified.stdout) as {
      verdict: string
      clock: { simulatedClock: boolean; clockOffsetMs: number }
      checks: { ok: boolean; proves: string; doesNotProve: string }[]
    }
    assert.equal(report.verdict, 'verified')
    assert.ok(report.clock.simulatedClock && report.clock.clockOffsetMs > 0)
    assert.ok(report.checks.every(({ ok, proves, doesNotProve }) => ok && proves && doesNotProve))
    requireOrdinaryTools(evidencePackage, join(world.folder, 'bag'))
    const text = readFileSync(evidencePackage).toString('latin1')
    for (const word of HELD_BACK) assert.ok(!text.includes(word), `the package holds ${word}`)
  }
  const { evidencePackage = '', receipts } = sample.story.memory.files
  const alone = await comity('verify', evidencePackage)
  assert.notEqual(alone.code, 0)
  assert.match(alone.stdout, /unanchored/)

  const bytes = readFileSync(evidencePackage)
  const at = bytes.indexOf('caseOpened')
  assert.ok(at > 0)
  bytes[at] = bytes.readUInt8(at) ^ 1
  const altered = join(world.folder, 'artefacts-altered.tar')
  writeFileSync(altered, bytes)
  const failed = await comity('verify', altered, '--policy', policyFile)
  assert.equal(failed.code, 1)
  assert.match(failed.stdout, /data\/\S+/, 'names what was altered')

  const sealed = receipts.find((file) => file.endsWith('filing-sealed.json')) ?? ''
  assert.equal((await comity('verify', sealed, '--policy', policyFile)).code, 0)
  assert.notEqual((await comity('verify', sealed)).code, 0)
})
