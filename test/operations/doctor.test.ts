/** `comity doctor` on a sound node, and on each thing that can be wrong with it. */
import assert from 'node:assert/strict'
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { addMs } from '../../src/base/time.ts'
import { signNodeDocument } from '../../src/wire/exchange/node-document.ts'
import { comity, type Ended, runSql, serve, setUpNode } from '../support/real-node.ts'

type Finding = { check: string; state: string; says: string; mend?: string }

const shared = start()
shared.catch(() => {})

async function start() {
  const own = await setUpNode('doctor.example')
  const other = await setUpNode('colleague.example')
  const sql = readFileSync(join(own.folder, 'database.sql'), 'utf8')
  rmSync(join(own.folder, 'database.sql'))
  const node = await serve(own.config)
  const peer = await serve(other.config)
  const url = /^ {2}url: "(.*)"$/m.exec(readFileSync(own.config, 'utf8'))?.[1] ?? ''
  return { ...own, other, sql, node, peer, url }
}

async function examined(config: string): Promise<{ code: number | null; findings: Finding[] }> {
  const { code, out, err } = await comity(['doctor', '--config', config, '--json'])
  assert.ok(out, err)
  return { code, findings: JSON.parse(out).findings }
}

const bad = (findings: Finding[], check: string) =>
  findings.filter((one) => one.check === check && one.state !== 'well')

test('a sound node: nothing is wrong, and every advice has a check', async () => {
  const { config } = await shared
  const { code, findings } = await examined(config)
  assert.deepEqual(
    findings.filter(({ state }) => state === 'wrong'),
    [],
  )
  assert.equal(code, 3, 'the backup that was never made')
  assert.match(bad(findings, 'backup')[0]?.says ?? '', /none yet/)
  const { out } = await comity(['doctor', '--config', config])
  assert.match(out, /^✓ configuration: doctor\.example \(training\)$/m)
  assert.match(out, /0 wrong, \d warnings/)
})

test('a configuration that is none: said, and nothing else is looked at', async () => {
  const { folder, config } = await shared
  const file = join(folder, 'broken.yaml')
  writeFileSync(file, readFileSync(config, 'utf8').replace('folder: .', 'folder: 7'))
  const { code, findings } = await examined(file)
  assert.deepEqual([code, findings.length, findings[0]?.check], [1, 1, 'configuration'])
  rmSync(file)
})

type Case = {
  readonly check: string
  readonly says: RegExp
  readonly harm: () => Promise<unknown> | unknown
  readonly heal: () => Promise<unknown> | unknown
}

async function cases(): Promise<Record<string, Case>> {
  const { folder, config, url, sql } = await shared
  const key = join(folder, 'keys', 'witness.pem')
  const document = join(folder, 'node.json')
  const before = readFileSync(document)
  const policy = join(folder, 'policy.txt')
  const policyText = readFileSync(policy)
  const text = readFileSync(config, 'utf8')
  const other = readFileSync(join((await shared).other.folder, 'policy.txt'))
  const edit = (from: string, to: string) => () => {
    assert.ok(text.includes(from), from)
    writeFileSync(config, text.replaceAll(from, to))
  }
  const restore = () => writeFileSync(config, text)
  return {
    'a configuration that others read': {
      check: 'files closed to others',
      says: /others can read .*comity\.yaml/,
      harm: () => chmodSync(config, 0o644),
      heal: () => chmodSync(config, 0o600),
    },
    'passwords left lying': {
      check: 'files closed to others',
      says: /database\.sql holds passwords/,
      harm: () => writeFileSync(join(folder, 'database.sql'), sql, { mode: 0o600 }),
      heal: () => rmSync(join(folder, 'database.sql')),
    },
    'a key that is gone': {
      check: 'keys',
      says: /witness\.pem is missing/,
      harm: () => renameSync(key, `${key}.away`),
      heal: () => renameSync(`${key}.away`, key),
    },
    'the document of another node': {
      check: 'node document',
      says: /does not name the log key/,
      harm: async () =>
        writeFileSync(document, readFileSync(join((await shared).other.folder, 'node.json'))),
      heal: () => writeFileSync(document, before),
    },
    'another address than the document names': {
      check: 'node document',
      says: /names other addresses/,
      harm: edit('name: "Authority (invented)"', 'name: "Another"'),
      heal: restore,
    },
    'a review of another version': {
      check: 'outside review',
      says: /reviewed in version 0\.0\.1 by A firm on 2026-01-31; this is \d/,
      harm: () =>
        writeFileSync(
          config,
          `${text}\noutsideReview: { by: A firm, on: 2026-01-31, version: 0.0.1, report: "https://firm.example/r" }\n`,
        ),
      heal: restore,
    },
    'a policy without our log': {
      check: 'log policy',
      says: /does not name this node’s own log/,
      harm: () => writeFileSync(policy, other),
      heal: () => writeFileSync(policy, policyText),
    },
    'a database that is not there': {
      check: 'database',
      says: /cannot be reached \(3D000|cannot be reached \(28/,
      harm: edit('/node_doctor_example"', '/node_nobody"'),
      heal: restore,
    },
    'a newer database': {
      check: 'database schema',
      says: /newer Comity \(9999/,
      harm: () => runSql(url, `insert into kysely_migration values ('9999-x.sql', 'now')`),
      heal: () => runSql(url, `delete from kysely_migration where name = '9999-x.sql'`),
    },
    'a frozen log': {
      check: 'log',
      says: /frozen/,
      harm: () => runSql(url, `update log_head set frozen_at = now(), freeze_reason = 'x'`),
      heal: () => runSql(url, `update log_head set frozen_at = null, freeze_reason = null`),
    },
    'a door that nobody opened': {
      check: 'doors',
      says: /federation does not answer on 127\.0\.0\.1:1\b/,
      harm: () =>
        writeFileSync(
          config,
          text.replace(/(federation: \{ host: 127\.0\.0\.1, port: )\d+/, '$11'),
        ),
      heal: restore,
    },
    'an old backup': {
      check: 'backup',
      says: /3 days old/,
      harm: () =>
        runSql(
          url,
          `insert into node_setting values ('last-backup', jsonb_build_object('at', now() - interval '73 hours'))`,
        ),
      heal: () => runSql(url, `delete from node_setting where key = 'last-backup'`),
    },
  }
}

test('each harm is found by its check, with what to do, and by no password', async () => {
  const { config, url } = await shared
  const password = new URL(url).password
  for (const [name, { check, says, harm, heal }] of Object.entries(await cases())) {
    await harm()
    const { findings } = await examined(config)
    await heal()
    const found = bad(findings, check)
    assert.ok(
      found.some((one) => says.test(one.says) && (one.mend?.length ?? 0) > 3),
      `${name}: ${JSON.stringify(found)}`,
    )
    assert.ok(!JSON.stringify(findings).includes(password), name)
  }
})

test('a peer: pinned only by its fingerprint; then known one way, both ways, gone', async () => {
  const { folder, config, other } = await shared
  const theirs = join(other.folder, 'node.json')
  const shown = await comity(['peer', 'fingerprint', theirs])
  const digits = shown.out.split('\n')[1] ?? ''
  assert.match(digits, /^([0-9a-f]{4} ){15}[0-9a-f]{4}$/)
  const add = (...args: string[]) => comity(['peer', 'add', ...args, '--config', config])
  const wrongDigits = digits.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  const refused = [
    [await add(theirs), /by telephone/],
    [await add(theirs, '--fingerprint', wrongDigits), /another one/],
    [await add(theirs, '--fingerprint', digits.slice(0, 9)), /another one/],
    [await add(join(folder, 'node.json'), '--fingerprint', digits), /own document/],
    [await add(config, '--fingerprint', digits), /comity peer/],
    [await add('/nowhere', '--fingerprint', digits), /cannot be read/],
  ] as const
  for (const [{ code, err }, why] of refused) {
    assert.equal(code, 1)
    assert.match(err, why)
  }
  assert.match((await comity(['peer', 'list', '--config', config])).out, /no peers/)

  const spoken = digits.toUpperCase().replaceAll(' ', ':')
  assert.equal((await add(theirs, '--fingerprint', spoken)).code, 0)
  assert.match((await comity(['peer', 'list', '--config', config])).out, /^colleague\.example /m)
  await refuseOlder(join(folder, 'peers', 'colleague.example.json'), other.folder, () =>
    add(theirs, '--fingerprint', spoken, '--replace'),
  )
  assert.match(
    bad((await examined(config)).findings, 'peers')[0]?.says ?? '',
    /does not know our key/,
  )

  const ours = join(folder, 'node.json')
  const own = (await comity(['peer', 'fingerprint', ours])).out.split('\n')[1] ?? ''
  await comity(['peer', 'add', ours, '--config', other.config, '--fingerprint', own])
  const first = (await shared).peer
  first.process.kill('SIGTERM')
  await first.ended
  assert.match(bad((await examined(config)).findings, 'peers')[0]?.says ?? '', /does not answer/)
  const again = await serve(other.config)
  assert.deepEqual(bad((await examined(config)).findings, 'peers'), [])
  again.process.kill('SIGTERM')
  await again.ended

  assert.equal((await comity(['peer', 'remove', 'colleague.example', '--config', config])).code, 0)
  const gone = await comity(['peer', 'remove', 'colleague.example', '--config', config])
  assert.match(gone.err, /is not pinned/)
  const up = await comity(['peer', 'remove', '../node', '--config', config])
  assert.equal(up.code, 1)
})

/** The pinned document signed a second later, as if the peer had renewed it since. */
async function refuseOlder(pinned: string, peerFolder: string, again: () => Promise<Ended>) {
  const before = readFileSync(pinned)
  const { document } = JSON.parse(before.toString())
  const keys = await openFileKeys(join(peerFolder, 'keys'), document.node)
  const issuedAt = addMs(document.issuedAt, 1000)
  const signer = { keyId: keys.messageKeyId, sign: keys.signMessage }
  const newer = await signNodeDocument({ ...document, issuedAt }, signer)
  writeFileSync(pinned, newer)
  const { code, err } = await again()
  assert.equal(code, 1)
  assert.match(err, /ask for its newest document; nothing was changed/)
  assert.deepEqual(readFileSync(pinned), Buffer.from(newer))
  writeFileSync(pinned, before)
}

test('a production node neither pins a training node nor keeps one unnoticed', async () => {
  const real = await setUpNode('real.example', {
    profile: 'production',
    officersUrl: 'https://officers.real.example',
  })
  const { other } = await shared
  const theirs = join(other.folder, 'node.json')
  const digits = (await comity(['peer', 'fingerprint', theirs])).out.split('\n')[1] ?? ''
  const pin = ['peer', 'add', theirs, '--config', real.config, '--fingerprint', digits]
  const { code, err } = await comity(pin)
  assert.equal(code, 1)
  assert.match(err, /colleague\.example is a training node and this one is for production/)
  // By hand, as an administrator could.
  writeFileSync(join(real.folder, 'peers', 'colleague.example.json'), readFileSync(theirs))
  const [mix] = bad((await examined(real.config)).findings, 'pinned peers')
  assert.match(mix?.says ?? '', /neither takes messages of the other/)
  assert.equal(mix?.mend, 'comity peer remove colleague.example')
})
