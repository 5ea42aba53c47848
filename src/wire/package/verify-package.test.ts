import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CASE_ID, COPY_ID, EXHIBIT_ID, seedOf } from '../../../test/support/package-record.ts'
import { failedChecks, requireFailure } from '../../../test/support/package-report.ts'
import {
  buildPackage,
  logWorld,
  meridiaSigner,
  repacked,
} from '../../../test/support/package-world.ts'
import { ALBION } from '../../../test/support/ring.ts'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../adapters/node-primitives.ts'
import { type Bytes, concatBytes, textFromUtf8, toBase64, utf8 } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { parsePolicy } from '../../proof/policy.ts'
import type { Check } from './report.ts'
import { type Files, readTar, writeTar } from './tar.ts'
import { verifyPackage } from './verify-package.ts'

const policy = parsePolicy(nodePrimitives, logWorld().policy)
const good = await buildPackage()

const verify = (bytes: Uint8Array) => verifyPackage(nodePrimitives, bytes, policy)

const caseStream = `data/streams/${CASE_ID}.jsonl`

test('a package verifies under its policy, and the same record gives the same bytes', async () => {
  const report = verify(good)
  assert.deepEqual(failedChecks(report), [])
  assert.equal(report.verdict, 'verified')
  assert.deepEqual(await buildPackage(), good)
  assert.equal(report.clock?.simulatedClock, true)
  for (const { proves, doesNotProve } of report.checks) assert.ok(proves && doesNotProve)
})

test('without a policy it is unanchored, and nothing else is wrong', () => {
  const report = verifyPackage(nodePrimitives, good, undefined)
  assert.equal(report.verdict, 'unanchored')
  assert.equal(report.anchored, false)
  assert.deepEqual(
    failedChecks(report).map(({ id }) => id),
    ['anchor'],
  )
})

test('a package of another log, or under other witnesses, fails', async () => {
  const other = logWorld('/other')
  const mixed = (keep: string) =>
    [logWorld().policy, other.policy]
      .map((bytes) => textFromUtf8(bytes).split('\n'))
      .map(([log, ...rest], index) => ((index === 0) === (keep === 'log') ? log : rest.join('\n')))
      .join('\n')
  const first = `data/receipts/${CASE_ID}/1.tlog-proof`
  requireFailure(verify(await buildPackage({ world: other })), 'log', first)
  const witnesses = parsePolicy(nodePrimitives, utf8(mixed('log')))
  requireFailure(verifyPackage(nodePrimitives, good, witnesses), 'log', first)
  const [, albionOnly] = [0, logWorld().witnesses.slice(0, 1)] as const
  requireFailure(verify(await buildPackage({ cosigners: albionOnly })), 'log', first)
  const stranger = 'log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n'
  const unknown = parsePolicy(nodePrimitives, utf8(`${stranger}quorum none\n`))
  requireFailure(verifyPackage(nodePrimitives, good, unknown), 'anchor', 'policy')
})

test('a policy without a quorum still names its log', async () => {
  const [log] = textFromUtf8(logWorld().policy).split('\n')
  const lax = parsePolicy(nodePrimitives, utf8(`${log}\nquorum none\n`))
  assert.equal(verifyPackage(nodePrimitives, good, lax).verdict, 'verified')
})

// Changes that anybody can make to the archive

const archiveChanges: Record<string, { change: () => Uint8Array; id: Check['id']; file: string }> =
  {
    'cut in the last block': {
      change: () => good.subarray(0, good.length - 1),
      id: 'archive',
      file: 'archive',
    },
    'cut in the middle': {
      change: () => good.subarray(0, good.length / 2 - 512 * 3),
      id: 'archive',
      file: `data/receipts/${CASE_ID}/9.tlog-proof`,
    },
    'a byte appended': {
      change: () => concatBytes(good, new Uint8Array(1)),
      id: 'archive',
      file: 'archive',
    },
    'an archive appended': {
      change: () => concatBytes(good, good),
      id: 'archive',
      file: 'archive',
    },
    nothing: { change: () => new Uint8Array(), id: 'archive', file: 'archive' },
    text: { change: () => utf8('hello'.repeat(500)), id: 'archive', file: 'archive' },
    'a file removed': {
      change: () => retarred((files) => files.delete(caseStream)),
      id: 'bag',
      file: caseStream,
    },
    'a payload file added': {
      change: () => retarred((files) => files.set('data/extra.txt', utf8('x'))),
      id: 'bag',
      file: 'data/extra.txt',
    },
    'a tag file added': {
      change: () => retarred((files) => files.set('fetch.txt', utf8('x'))),
      id: 'bag',
      file: 'fetch.txt',
    },
    'a file renamed': {
      change: () =>
        retarred((files) => {
          files.set('data/cover.md', files.get('data/cover.txt') as Bytes)
          files.delete('data/cover.txt')
        }),
      id: 'bag',
      file: 'data/cover.txt',
    },
    'the signature removed': {
      change: () => retarred((files) => files.delete('signature.note')),
      id: 'bag',
      file: 'signature.note',
    },
    'a second signature line': {
      change: () =>
        retarred((files) => {
          const note = textFromUtf8(files.get('signature.note') as Bytes)
          files.set('signature.note', utf8(`${note}\u2014 x.example/k AAAAAAAA\n`))
        }),
      id: 'signature',
      file: 'signature.note',
    },
  }

function retarred(edit: (files: Map<string, Bytes>) => void): Bytes {
  const files = new Map(readTar(good))
  edit(files)
  return writeTar(files)
}

for (const [name, { change, id, file }] of Object.entries(archiveChanges)) {
  test(`archive: ${name}`, () => {
    const report = verify(change())
    assert.equal(report.verdict, 'failed')
    if (name === 'cut in the middle') assert.equal(failedChecks(report)[0]?.id, id)
    else requireFailure(report, id, file)
  })
}

test('a manifest signed anew with another key fails', async () => {
  const seed = seedOf('stranger')
  const stranger = {
    keyId: meridiaSigner.keyId,
    publicKey: publicKeyOf(seed),
    sign: (bytes: Uint8Array) => signEd25519(seed, bytes),
  }
  const edit = (files: Map<string, Bytes>) => files.set('data/cover.txt', utf8('all is well\n'))
  const report = verify(await repacked(good, edit, stranger))
  requireFailure(report, 'signature', 'signature.note')
  requireFailure(report, 'cover', 'data/cover.txt')
  const named = { ...stranger, keyId: 'stranger.example/msg1' }
  requireFailure(verify(await repacked(good, () => {}, named)), 'signature', 'signature.note')
})

// Changes that need the node's own message key

type Edit = (files: Map<string, Bytes>) => void
const receipt = (version: number) => `data/receipts/${CASE_ID}/${version}.tlog-proof`

const repackedChanges: Record<
  string,
  { edit: Edit; id: Check['id']; file: string; version?: number }
> = {
  'receipts swapped between two events': {
    edit: (files) => {
      const [a, b] = [files.get(receipt(2)), files.get(receipt(3))]
      files.set(receipt(2), b as Bytes).set(receipt(3), a as Bytes)
    },
    id: 'log',
    file: receipt(2),
  },
  'a receipt with an unauthenticated extra': {
    edit: changeText(receipt(1), (text) => text.replace('\nindex', '\nextra AAAA\nindex')),
    id: 'log',
    file: receipt(1),
  },
  'events reordered': {
    edit: changeLines(caseStream, ([a, b, ...rest]) => [b, a, ...rest]),
    id: 'streams',
    file: caseStream,
    version: 1,
  },
  'an event left out, counts made to fit': {
    edit: (files) => {
      changeLines(caseStream, (lines) => lines.filter((_, index) => index !== 6))(files)
      files.delete(receipt(7))
      changeFacts((facts) => {
        Object.assign(facts.streams[3], { events: 11 })
        Object.assign(facts.counts, { events: 25, refusals: 1 })
      })(files)
    },
    id: 'streams',
    file: caseStream,
    version: 7,
  },
  'counts lowered': {
    edit: changeFacts((facts) => Object.assign(facts.counts, { refusals: 1 })),
    id: 'decisions',
    file: 'data/package.json',
  },
  'events of a stream counted wrongly': {
    edit: changeFacts((facts) => Object.assign(facts.streams[3], { events: 11 })),
    id: 'content',
    file: 'data/package.json',
  },
  'simulatedClock denied': {
    edit: changeFacts((facts) => Object.assign(facts, { simulatedClock: false })),
    id: 'clock',
    file: 'data/package.json',
  },
  'the offset denied as well': {
    edit: changeFacts((facts) => {
      const { wireNow } = facts.madeAt
      const madeAt = { wireNow, caseNow: wireNow }
      Object.assign(facts, { simulatedClock: false, clockOffsetMs: 0, madeAt })
    }),
    id: 'clock',
    file: caseStream,
    version: 1,
  },
  'made before the witnesses saw it': {
    edit: changeFacts((facts) => {
      const madeAt = { wireNow: '2026-11-22T12:01:00.000Z', caseNow: '2026-11-25T12:01:00.000Z' }
      Object.assign(facts, { madeAt })
    }),
    id: 'clock',
    file: caseStream,
    version: 12,
  },
  'of another node': {
    edit: changeFacts((facts) => Object.assign(facts, { node: ALBION })),
    id: 'authority',
    file: 'data/streams/01990000-0000-7000-8000-0000000000a1.jsonl',
  },
  'a member that no form knows': {
    edit: changeFacts((facts) => Object.assign(facts, { note: 'trust me' })),
    id: 'content',
    file: 'data/package.json',
  },
  'facts that are not canonical': {
    edit: changeText('data/package.json', (text) => `${text}\n`),
    id: 'content',
    file: 'data/package.json',
  },
  'facts nested too deeply': {
    edit: changeText('data/package.json', () => '['.repeat(5000) + ']'.repeat(5000)),
    id: 'content',
    file: 'data/package.json',
  },
  'facts with a prototype key': {
    edit: changeText('data/package.json', (text) => text.replace('{', '{"__proto__":{},')),
    id: 'content',
    file: 'data/package.json',
  },
  'a file that belongs nowhere': {
    edit: (files) => files.set('data/letter.txt', utf8('x')),
    id: 'content',
    file: 'data/letter.txt',
  },
  'a receipt too many': {
    edit: (files) => files.set(receipt(13), files.get(receipt(12)) as Bytes),
    id: 'content',
    file: receipt(13),
  },
  'a receipt missing': {
    edit: (files) => files.delete(receipt(12)),
    id: 'content',
    file: receipt(12),
  },
  'a salt changed': {
    edit: changeLines(caseStream, ([first = '', ...rest]) => [
      first.replace(/"salt":"[^"]*"/, `"salt":"${toBase64(seedOf('salt'))}"`),
      ...rest,
    ]),
    id: 'streams',
    file: caseStream,
    version: 1,
  },
  'a title changed': {
    edit: changeText(caseStream, (text) => text.replace('Larkspur', 'Larkspuw')),
    id: 'streams',
    file: caseStream,
    version: 1,
  },
  'an exhibit changed': {
    edit: changeText(`data/exhibits/${EXHIBIT_ID}.age`, (text) =>
      text.replace('invented', 'Invented'),
    ),
    id: 'exhibits',
    file: `data/exhibits/${EXHIBIT_ID}.age`,
  },
  'a lineage record changed': {
    edit: changeText(`data/lineage/${COPY_ID}.json`, (text) => text.replace('stop', 'step')),
    id: 'lineage',
    file: `data/lineage/${COPY_ID}.json`,
  },
  'a lineage record missing': {
    edit: (files) => files.delete(`data/lineage/${COPY_ID}.json`),
    id: 'lineage',
    file: `data/lineage/${COPY_ID}.json`,
  },
  'an advisory changed': {
    edit: changeText('data/advisories/COMITY-2026-0001.json', (text) => text.replace('Adv', 'Bdv')),
    id: 'advisories',
    file: 'data/advisories/COMITY-2026-0001.json',
  },
  'the quorum for information changed': {
    edit: changeText('data/policy.txt', (text) => `${text}# more\n`),
    id: 'cover',
    file: 'data/policy.txt',
  },
  'the page of the cover changed': {
    edit: changeText('data/cover.html', (text) => text.replace('<h1>', '<h1>Cleared: ')),
    id: 'cover',
    file: 'data/cover.html',
  },
  'a receipt of a peer taken out': {
    edit: changeText('data/channel-receipts.jsonl', (text) =>
      text.replace(/"receipt":\{.*\}\}\n$/, '"receipt":null}\n'),
    ),
    id: 'channel',
    file: 'data/channel-receipts.jsonl',
  },
  'a receipt of a peer that says more': {
    edit: changeText('data/channel-receipts.jsonl', (text) => text.replace('"applied"', '"held"')),
    id: 'channel',
    file: 'data/channel-receipts.jsonl',
  },
}

function changeText(path: string, change: (text: string) => string): Edit {
  return (files) => {
    const text = textFromUtf8(files.get(path) as Bytes)
    assert.notEqual(change(text), text, 'the change changes something')
    files.set(path, utf8(change(text)))
  }
}

function changeLines(
  path: string,
  change: (lines: readonly string[]) => (string | undefined)[],
): Edit {
  return changeText(path, (text) => `${change(text.split('\n').slice(0, -1)).join('\n')}\n`)
}

// biome-ignore lint/suspicious/noExplicitAny: tests break the form on purpose
function changeFacts(change: (facts: any) => void): Edit {
  return (files) => {
    const facts = JSON.parse(textFromUtf8(files.get('data/package.json') as Bytes)) as Json
    change(facts)
    files.set('data/package.json', canonicalBytes(facts))
  }
}

for (const [name, { edit, id, file, version }] of Object.entries(repackedChanges)) {
  test(`signed by the node itself: ${name}`, async () => {
    requireFailure(verify(await repacked(good, edit)), id, file, version)
  })
}

test('a path that leaves the archive cannot be written and is not read', () => {
  const files: Files = new Map([['data/../../x', utf8('x')]])
  assert.throws(() => writeTar(files))
  const archive = new Uint8Array(good)
  archive.set(utf8('../'), 0)
  requireFailure(verify(archive), 'archive', 'archive')
})
