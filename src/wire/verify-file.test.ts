/** Single files: openings, releases, accepted and sealed receipts of a filing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  accepted,
  keyOpening,
  openingOf,
  sealedParts,
  signedReceipt,
  world,
} from '../../test/support/filing-receipts.ts'
import { comityError } from '../../test/support/merkle.ts'
import { seedOf } from '../../test/support/package-record.ts'
import { buildInput } from '../../test/support/package-world.ts'
import { ALBION, MERIDIA } from '../../test/support/ring.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { type Bytes, toBase64, toHex, utf8 } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import { parsePolicy } from '../proof/policy.ts'
import { type EventOpening, writeEventOpening } from './event-opening.ts'
import { writeHandOver } from './hand-over.ts'
import { SEALED_FILE, sealedHandOver } from './hand-over-file.ts'
import { type FilingStatement, statementDigest } from './intake/filing-statement.ts'
import { type SealedFilingParts, writeSealedFiling } from './intake/sealed-receipt.ts'
import { manifestFor } from './package/bag.ts'
import { writeTar } from './package/tar.ts'
import { type Trust, verifyFile } from './verify-file.ts'

const policy = parsePolicy(nodePrimitives, world.policy)
const trust: Trust = { policy }

const verdictOf = (bytes: Uint8Array, with_: Trust = trust) =>
  verifyFile(nodePrimitives, bytes, with_).verdict

const release = openingOf(
  'releaseDecided',
  (event) => 'decision' in event && event.decision === 'permit',
)

test('a release file verifies and says what was released to whom', () => {
  const report = verifyFile(nodePrimitives, canonicalBytes(release), trust)
  assert.equal(report.verdict, 'verified')
  assert.equal(report.subject, 'release')
  assert.ok(report.about.some(([, value]) => value.includes(`permit to ${ALBION}`)))
})

test('an opening is checked with a receipt beside it', () => {
  const { receipt, ...rest } = openingOf('caseOpened')
  const bytes = canonicalBytes(rest)
  assert.equal(verdictOf(bytes, { policy, receipt: utf8(receipt) }), 'verified')
  assert.equal(verdictOf(bytes, { policy, receipt: utf8(release.receipt) }), 'failed')
  assert.throws(() => verdictOf(bytes), comityError('malformed'))
})

test('an opening that was changed fails; without a policy it is unanchored', () => {
  assert.equal(verdictOf(canonicalBytes(release), { policy: undefined }), 'unanchored')
  const { envelope } = release
  const changed: EventOpening[] = [
    { ...release, envelope: { ...envelope, by: 'another' } },
    { ...release, envelope: { ...envelope, node: ALBION } },
    { ...release, envelope: { ...envelope, version: 99 } },
    { ...release, salt: toBase64(seedOf('other')) },
    { ...release, entry: openingOf('caseOpened').entry },
    { ...release, receipt: openingOf('caseOpened').receipt },
  ]
  for (const opening of changed) assert.equal(verdictOf(canonicalBytes(opening)), 'failed')
})

// Receipts of a filing

test('an accepted receipt needs a key that is in the log', () => {
  const bytes = canonicalBytes(signedReceipt())
  assert.equal(verdictOf(bytes, { policy, key: keyOpening }), 'verified')
  assert.equal(verdictOf(bytes), 'unanchored')
  assert.equal(verdictOf(bytes, { policy: undefined, key: keyOpening }), 'unanchored')
  const forged = canonicalBytes(signedReceipt(accepted, ALBION))
  assert.equal(verdictOf(forged, { policy, key: keyOpening }), 'failed')
  const other = canonicalBytes({
    ...signedReceipt(),
    receipt: { ...accepted, filedOn: '2026-11-01' },
  })
  assert.equal(verdictOf(other, { policy, key: keyOpening }), 'failed')
  assert.equal(verdictOf(bytes, { policy, key: release }), 'failed')
})

test('a sealed receipt leads from the filing to the log', () => {
  const bytes = writeSealedFiling(sealedParts())
  assert.equal(verdictOf(bytes), 'verified')
  const laidOut = JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)), null, 2)
  assert.equal(verdictOf(utf8(laidOut)), 'verified')
  assert.equal(
    verdictOf(writeSealedFiling(sealedParts({ key: null })), { policy, key: keyOpening }),
    'verified',
  )
  assert.equal(verdictOf(writeSealedFiling(sealedParts({ key: null }))), 'unanchored')
  assert.equal(verdictOf(writeSealedFiling(sealedParts()), { policy: undefined }), 'unanchored')
})

test('a sealed receipt of another filing, path, batch or log fails', () => {
  const parts = sealedParts()
  const moved = { ...parts.path, leafIndex: 2 }
  const other = { ...accepted, commitment: toBase64(seedOf('another')) }
  const changed: Partial<SealedFilingParts>[] = [
    { path: moved },
    { path: { ...parts.path, hashes: parts.path.hashes.slice(1) } },
    { path: { ...parts.path, treeSize: 4 } },
    { accepted: signedReceipt(other) },
    { accepted: signedReceipt({ ...accepted, origin: ALBION }) },
    { entry: new Uint8Array(Buffer.from(release.entry, 'base64')) },
    { receipt: utf8(release.receipt) },
    { key: release },
  ]
  for (const change of changed) {
    let verdict: string
    try {
      verdict = verdictOf(writeSealedFiling(sealedParts(change)))
    } catch (error) {
      assert.ok(comityError('malformed')(error))
      continue
    }
    assert.equal(verdict, 'failed', JSON.stringify(Object.keys(change)))
  }
})

test('a report that a browser sealed names a script that its batch names too', () => {
  const [served, before, other] = ['3'.repeat(64), '4'.repeat(64), '5'.repeat(64)]
  const mode = 'sealed-in-browser'
  const verdict = (bundleDigest: string, scripts: readonly string[]) =>
    verdictOf(
      writeSealedFiling(
        sealedParts({ accepted: signedReceipt({ ...accepted, mode, bundleDigest }) }, scripts),
      ),
    )
  assert.equal(verdict(served, [served]), 'verified')
  assert.equal(verdict(before, [served, before]), 'verified')
  assert.equal(verdict(other, [served, before]), 'failed')
  // A batch from before batches named scripts.
  assert.equal(verdict(served, []), 'verified')
  assert.equal(verdict(served, ['no digest']), 'failed')
  // One that the node sealed on arrival names no script, and none is looked for.
  assert.equal(verdictOf(writeSealedFiling(sealedParts({}, [other]))), 'verified')
})

const statement: FilingStatement = {
  v: 1,
  kind: 'filing-statement',
  origin: MERIDIA,
  legalName: 'Larkspur Dialogue Ltd (invented)',
  registerNumber: 'HRB 1 (invented)',
  law: 'eu.ai_act',
  salt: toBase64(seedOf('salt of the statement')),
}
const named = {
  ...accepted,
  statementDigest: toHex(statementDigest(nodePrimitives, statement)),
}

test('the statement of who filed is checked with the receipt of that filing', () => {
  const plain = canonicalBytes(signedReceipt(named))
  const report = verifyFile(nodePrimitives, canonicalBytes(statement), {
    ...{ policy, key: keyOpening, filing: plain },
  })
  assert.deepEqual([report.subject, report.verdict], ['filing-statement', 'verified'])
  const said = report.about.map(([, value]) => value)
  assert.ok(said.includes('Larkspur Dialogue Ltd (invented)'))
  assert.ok(said.includes('2026-11-22'))
  assert.deepEqual(
    report.checks.map(({ id, ok }) => [id, ok]),
    [
      ['statement', true],
      ['anchor', true],
      ['filing', true],
    ],
  )
  const sealed = writeSealedFiling(sealedParts({ accepted: signedReceipt(named) }))
  const logged = verifyFile(nodePrimitives, canonicalBytes(statement), { policy, filing: sealed })
  assert.deepEqual(
    logged.checks.map(({ id, ok }) => [id, ok]),
    [
      ['statement', true],
      ['anchor', true],
      ['filing', true],
      ['batch', true],
      ['log', true],
    ],
  )
  assert.equal(logged.verdict, 'verified')
  const laidOut = JSON.stringify(statement, null, 2)
  assert.equal(verdictOf(utf8(laidOut), { policy, filing: sealed }), 'verified')
  assert.equal(
    verdictOf(canonicalBytes(statement), { policy: undefined, filing: sealed }),
    'unanchored',
  )
})

test('another statement than the one that was filed with fails', () => {
  const filing = canonicalBytes(signedReceipt(named))
  const changed: readonly Partial<FilingStatement>[] = [
    { legalName: 'Larkspur Dialogue Ltd' },
    { registerNumber: null },
    { law: 'eu.gdpr' },
    { law: null },
    { salt: toBase64(seedOf('another salt')) },
    { origin: ALBION },
  ]
  for (const change of changed) {
    const bytes = canonicalBytes({ ...statement, ...change })
    assert.equal(
      verdictOf(bytes, { policy, key: keyOpening, filing }),
      'failed',
      JSON.stringify(change),
    )
  }
  const nameless = canonicalBytes(signedReceipt())
  assert.equal(
    verdictOf(canonicalBytes(statement), { policy, key: keyOpening, filing: nameless }),
    'failed',
  )
  // The digest was put into a receipt that the authority never signed so.
  const forged = canonicalBytes({ ...signedReceipt(), receipt: named })
  assert.equal(
    verdictOf(canonicalBytes(statement), { policy, key: keyOpening, filing: forged }),
    'failed',
  )
  const ofAlbion = canonicalBytes(signedReceipt(named, ALBION))
  assert.equal(
    verdictOf(canonicalBytes(statement), { policy, key: keyOpening, filing: ofAlbion }),
    'failed',
  )
})

test('a statement that is none, or has no receipt beside it, is unusable', () => {
  const filing = canonicalBytes(signedReceipt(named))
  const bad: readonly (readonly [object, Uint8Array | undefined])[] = [
    [statement, undefined],
    [statement, utf8('')],
    [statement, utf8('[]')],
    [statement, utf8('{}')],
    [statement, canonicalBytes(statement)],
    [statement, canonicalBytes(release)],
    [{ ...statement, more: 1 }, filing],
    [{ ...statement, legalName: '' }, filing],
    [{ ...statement, legalName: undefined }, filing],
    [{ ...statement, registerNumber: 7 }, filing],
    [{ ...statement, salt: 'c2FsdA==' }, filing],
    [{ ...statement, v: 2 }, filing],
  ]
  for (const [given, receipt] of bad) {
    const bytes = utf8(JSON.stringify(given))
    const asked = { policy, key: keyOpening, filing: receipt }
    assert.throws(() => verdictOf(bytes, asked), comityError('malformed'), JSON.stringify(given))
  }
})

test('files of no known kind are refused', () => {
  const texts = [
    '',
    '{}',
    '{"v":1}',
    '{"kind":"filing-sealed"}',
    '{"envelope":{}}',
    '{"keyId":1}',
    '{',
  ]
  for (const text of texts) {
    assert.throws(() => verdictOf(utf8(text)), comityError('malformed'), text)
  }
  const twice = new TextDecoder().decode(canonicalBytes(release)).replace('{', '{"salt":"x",')
  assert.throws(() => verdictOf(utf8(twice)), comityError('malformed', 'duplicate-member'))
})

// A released file that is handed over

const PLAIN = { digest: '3'.repeat(64), sizeBytes: 20 }
const sealedBytes = new Uint8Array(220).fill(7)
const sealedFile = { digest: toHex(nodePrimitives.sha256(sealedBytes)), sizeBytes: 220 }

/** A release that Meridia signed and logged, with this in its view. */
function releaseOf(exhibitFile: unknown): EventOpening {
  const own = buildInput({
    change: (draft) => {
      const event = draft.event as { type: string; decision?: string; view?: object }
      if (event.type !== 'releaseDecided' || event.decision !== 'permit') return draft
      const view = { ...event.view, ...(exhibitFile === undefined ? {} : { exhibitFile }) }
      return { ...draft, event: { ...event, view } }
    },
  } as Parameters<typeof buildInput>[0])
  const found = own.streams
    .flatMap((stream) => stream.events)
    .find(({ event }) => 'decision' in event && event.decision === 'permit')
  assert.ok(found)
  return writeEventOpening(found.envelope, found)
}

const fileRelease = releaseOf({ name: '<b>log</b>', mediaType: 'text/plain', ...PLAIN })

function packed(opening = fileRelease, file = sealedFile): Map<string, Bytes> {
  const { files } = sealedHandOver(nodePrimitives, opening, world.policy, file)
  return new Map([...files, [SEALED_FILE, sealedBytes] as const])
}

/** With the manifest of what it now holds. */
function remade(files: ReadonlyMap<string, Bytes>): Bytes {
  const others = new Map([...files].filter(([path]) => path !== 'manifest-sha256.txt'))
  const manifest = manifestFor(nodePrimitives, { files: others, sealed: new Map() })
  return writeTar(others.set('manifest-sha256.txt', manifest))
}

test('a package with a sealed file verifies, and says what the opened file must be', () => {
  const report = verifyFile(nodePrimitives, writeTar(packed()), trust)
  assert.equal(report.verdict, 'verified', JSON.stringify(report.checks))
  const check = report.checks.find(({ id }) => id === 'handOver')
  assert.equal(check?.detail, `the opened file must have SHA-256 ${'3'.repeat(64)}`)
  assert.deepEqual([...packed().keys()].sort(), [
    ...['README.txt', 'exhibit.age', 'manifest-sha256.txt', 'policy.txt'],
    ...['release.html', 'release.json'],
  ])
  const text = (path: string) => Buffer.from(packed().get(path) ?? []).toString()
  for (const path of ['README.txt', 'release.html']) {
    assert.match(text(path), /sha256sum -c manifest-sha256\.txt/, path)
    assert.match(text(path), /age -d -i key\.txt -o opened-file exhibit\.age/, path)
    assert.ok(text(path).includes('3'.repeat(64)), path)
  }
  assert.ok(!text('release.html').includes('<b>'))
  assert.equal(verdictOf(writeTar(packed()), { policy: undefined }), 'unanchored')
})

test('a byte that was changed in any file, header or padding is found', () => {
  const bytes = writeTar(packed())
  for (let at = 0; at < bytes.length; at += 97) {
    const spoilt = bytes.slice()
    spoilt[at] = (spoilt[at] ?? 0) ^ 1
    let verdict = 'thrown'
    try {
      verdict = verdictOf(spoilt)
    } catch (error) {
      assert.ok(error instanceof ComityError, `byte ${at}`)
    }
    assert.notEqual(verdict, 'verified', `byte ${at}`)
  }
})

test('a manifest that was made again hides nothing but another sealed file of that size', () => {
  const with_ = (path: string, text: string) => new Map(packed()).set(path, utf8(text))
  for (const [name, files] of [
    ['page', with_('release.html', 'another page')],
    ['readme', with_('README.txt', 'age -d -i key.txt exhibit.age | sh')],
    ['size', with_(SEALED_FILE, 'short')],
    ['large', new Map(packed()).set(SEALED_FILE, new Uint8Array(70_000))],
  ] as const) {
    assert.equal(verdictOf(remade(files)), 'failed', name)
  }
  // What only opening it shows: the report says so, and the instructions compare the digest.
  const another = remade(new Map(packed()).set(SEALED_FILE, new Uint8Array(220)))
  const report = verifyFile(nodePrimitives, another, trust)
  assert.match(report.checks.find(({ id }) => id === 'handOver')?.doesNotProve ?? '', /SHA-256/)
})

test('another set of files is no such package', () => {
  for (const path of packed().keys()) {
    const less = new Map([...packed()].filter(([name]) => name !== path))
    let verdict = 'thrown'
    try {
      verdict = verdictOf(writeTar(less))
    } catch {}
    assert.notEqual(verdict, 'verified', path)
  }
  let more = 'thrown'
  try {
    more = verdictOf(remade(new Map(packed()).set('run-me.sh', utf8('true'))))
  } catch {}
  assert.notEqual(more, 'verified')
})

test('the form without a file is no package of a released file, nor the other way round', () => {
  assert.equal(verdictOf(writeHandOver(release, world.policy)), 'verified')
  assert.equal(verdictOf(writeHandOver(fileRelease, world.policy)), 'failed')
  assert.throws(() => packed(release), comityError('malformed'))
  for (const bad of [
    { ...PLAIN, digest: `${'3'.repeat(63)}'; touch x; '` },
    { ...PLAIN, digest: '3'.repeat(63) },
    { ...PLAIN, sizeBytes: 1.5 },
  ]) {
    const opening = releaseOf({ name: 'x', mediaType: 'text/plain', ...bad })
    assert.throws(() => packed(opening), comityError('malformed'), JSON.stringify(bad))
  }
})
