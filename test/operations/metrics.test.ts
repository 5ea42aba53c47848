/** What monitoring sees of a real node: figures, readiness, and alerts that can fire. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { runSql, serve, setUpNode } from '../support/real-node.ts'

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly action: string }
}

const ALERTS = join(import.meta.dirname, '..', '..', 'deploy', 'prometheus', 'alerts.yml')
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/

const { groups } = parse(readFileSync(ALERTS, 'utf8')) as { groups: { rules: Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)

const shared = start()
shared.catch(() => {})

async function start() {
  const { config, port } = await setUpNode('metrics.example')
  const node = await serve(config)
  const url = /^ {2}url: "(.*)"$/m.exec(readFileSync(config, 'utf8'))?.[1] ?? ''
  return { node, base: `http://127.0.0.1:${port + 3}`, port, url }
}

async function figures(): Promise<string> {
  const { base } = await shared
  return (await fetch(`${base}/metrics`)).text()
}

test('every figure that an alert names is exported, and every alert says what to do', async () => {
  const text = await figures()
  const exported = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name))
  assert.ok(rules.length >= 10)
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length)
  for (const { alert, expr, labels, annotations } of rules) {
    const names = expr.match(/\bcomity_\w+/g) ?? []
    assert.ok(names.length > 0 || /\bup\b/.test(expr), alert)
    for (const name of names) assert.ok(exported.has(name), `${alert}: ${name}`)
    assert.ok(['page', 'ticket'].includes(labels.severity), alert)
    assert.ok(annotations.summary.length > 10 && annotations.action.length > 30, alert)
  }
})

test('labels hold no id of a case, a person or a message', async () => {
  const text = await figures()
  assert.doesNotMatch(text, /^comity_backup_age_seconds /m)
  assert.match(text, /^comity_build_info\{node="metrics\.example",profile="training"\} 1$/m)
  assert.doesNotMatch(text, UUID)
})

test('the doors show no figures and no readiness', async () => {
  const { port } = await shared
  for (const offset of [0, 1, 2]) {
    for (const path of ['metrics', 'ready']) {
      const { status } = await fetch(`http://127.0.0.1:${port + offset}/${path}`)
      assert.equal(status, 404, `${offset} ${path}`)
    }
  }
})

test('overdue deadlines are counted, and only open ones', async () => {
  const { url } = await shared
  const id = '01940000-0000-7000-8000-0000000000aa'
  await runSql(url, `insert into stream (id, kind, wrapped_key) values ('${id}', 'case', '')`)
  await runSql(
    url,
    `insert into p_deadline values ('${id}', 'a', 'due', now() - interval '1 hour'),
     ('${id}', 'b', 'due', now() + interval '1 hour'), ('${id}', 'c', 'met', now() - interval '1 day'),
     ('${id}', 'd', 'overdue', now() - interval '1 day')`,
  )
  const text = await figures()
  assert.match(text, /^comity_overdue_deadlines 2$/m)
  assert.match(text, /^comity_log_unsealed_(entries|age_seconds) \d+/m)
  assert.doesNotMatch(text, UUID)
})

test('a frozen log is alive, not ready, and shown; then a database that is gone', async () => {
  const { base, url, node } = await shared
  const status = async (path: string) => (await fetch(`${base}/${path}`)).status
  assert.deepEqual([await status('health'), await status('ready')], [200, 200])
  await runSql(url, `update log_head set frozen_at = now(), freeze_reason = 'test'`)
  assert.deepEqual([await status('health'), await status('ready')], [200, 503])
  assert.match(await figures(), /^comity_log_frozen 1$/m)
  await runSql(url, `alter table log_head rename to log_head_elsewhere`)
  assert.deepEqual([await status('health'), await status('ready')], [200, 503])
  const text = await figures()
  assert.match(text, /^comity_figures_up 0$/m)
  await runSql(url, `alter table log_head_elsewhere rename to log_head`)
  node.process.kill('SIGTERM')
  assert.equal((await node.ended).code, 0)
})
