/** Files as exhibits at the doors of a running node: the page's form, and the interface. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { signInLink } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { caseAt, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace, OWN_PAGE } from '../support/page-hand.ts'

const world = await startWorld()
const story = world.begin()
await story.until('2.valid-too-early')
const node = world.node('meridia')
const caseId = caseAt(story.story, 'meridia')
const officer = await enterWorkspace(node, 'case-officer-1')
const admin = await enterWorkspace(node, 'administrator')
const place = `/en/officer/cases/${caseId}`
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

type Exhibit = {
  exhibitId: string
  name: string
  mediaType: string
  digest: string
  file?: { digest: string; sizeBytes: number }
  custody: { act: string; purpose: string }[]
}
const exhibits = async () => {
  const read = await officer.hand.get<{ state: { evidence: { exhibits: Exhibit[] } } }>(
    `/cases/${caseId}`,
  )
  return read.state.evidence.exhibits
}
const folder = join(node.folder, 'exhibits')
const sealed = () => {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true }) : []
  return names.filter((name) => /\.(age|tmp)$/.test(String(name)))
}
const tokenIn = async (path: string) => {
  const { html } = await officer.get(path)
  return /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? ''
}
const post = (path: string, body: FormData) => {
  assert.ok(officer.post)
  return officer.post(path, body)
}
async function formWith(file: Blob | undefined, changes: Record<string, string> = {}) {
  const formToken = await tokenIn(`${place}/files`)
  const form = new FormData()
  const texts = { formToken, purpose: 'logs that the operator handed over', ...changes }
  for (const [name, value] of Object.entries(texts)) form.append(name, value)
  if (file) form.append('file', file, 'logs <1> – ä.html')
  return form
}

const plain = randomBytes(3_000_000)

test('a file sent by the form without scripts is sealed, shown with its digests, and downloaded as bytes', async () => {
  const before = sealed().length
  const sent = await post(
    `${place}/files`,
    await formWith(new Blob([plain], { type: 'text/html' })),
  )
  assert.equal(sent.status, 303, sent.html.slice(0, 300))
  const [exhibit] = await exhibits()
  assert.deepEqual(exhibit?.file, { digest: sha(plain), sizeBytes: plain.length })
  assert.equal(sealed().length, before + 1)
  const page = await officer.get(sent.location ?? '')
  for (const text of [sha(plain), exhibit?.digest ?? '', 'logs &lt;1&gt; – ä.html', 'text/html']) {
    assert.ok(page.html.includes(text), text)
  }
  const at = `${place}/exhibits/${exhibit?.exhibitId}`
  await officer.hand.prove()
  const ready = await officer.get(`${at}/about`)
  const asked = formIn(ready.html, '/download')
  const refused = await officer.send(asked)
  assert.equal(refused.status, 409, 'without a purpose nothing leaves')
  fill(asked, { purpose: 'to read them' })
  const got = await fetch(node.baseUrl + asked.action, { redirect: 'manual' })
  assert.equal(got.status, 404, 'a download is asked for, never linked to')
  const down = await officer.send(asked)
  assert.equal(down.status, 200)
  assert.equal(sha(down.bytes), sha(plain))
  const [after] = await exhibits()
  assert.deepEqual(
    after?.custody.map(({ act, purpose }) => [act, purpose]),
    [
      ['collected', 'logs that the operator handed over'],
      ['downloaded', 'to read them'],
    ],
  )
})

test('a form that is not ours, lacks something, or comes from somebody without the role takes nothing', async () => {
  const files = sealed().length
  const known = (await exhibits()).length
  const blob = new Blob([randomBytes(200_000)])
  const table: [number, FormData][] = [
    [403, await formWith(blob, { formToken: 'wrong' })],
    [400, await formWith(undefined)],
    [400, await formWith(blob, { purpose: ' ' })],
    [400, await formWith(blob, { more: 'x' })],
  ]
  const behind = await formWith(blob)
  behind.append('late', 'x')
  table.push([413, behind])
  for (const [status, form] of table) {
    assert.equal((await post(`${place}/files`, form)).status, status)
  }
  assert.ok(admin.post)
  assert.equal((await admin.post(`${place}/files`, await formWith(blob))).status, 403)
  const nobody = await fetch(`${node.baseUrl}${place}/files`, {
    method: 'POST',
    body: await formWith(blob),
    redirect: 'manual',
    headers: OWN_PAGE,
  })
  assert.equal(nobody.status, 303)
  assert.deepEqual([sealed().length, (await exhibits()).length], [files, known])
})

test('the interface takes a body of any type, checks the digest it was told, and forgets what is cut', async () => {
  const files = sealed().length
  const bytes = randomBytes(1_000_000)
  const said = (of: Uint8Array) => `sha-256=:${createHash('sha256').update(of).digest('base64')}:`
  const api = `${node.baseUrl}/api/v1`
  const entered = await fetch(`${api}/sign-in`, {
    method: 'POST',
    body: JSON.stringify({ link: await signInLink(node, 'case-officer-1') }),
    headers: { 'content-type': 'application/json' },
  })
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const send = async (headers: Record<string, string>) => {
    const answer = await fetch(`${api}/cases/${caseId}/files`, {
      method: 'POST',
      body: bytes,
      headers: {
        cookie,
        'content-type': 'application/x-tar',
        'comity-file-name': encodeURIComponent('Protokolle ä.tar'),
        'comity-purpose': encodeURIComponent('für den Fall'),
        ...headers,
      },
    })
    await answer.body?.cancel()
    return answer.status
  }
  assert.equal(await send({ 'content-digest': said(bytes) }), 200)
  const one = (await exhibits()).at(-1)
  assert.deepEqual(
    [one?.name, one?.mediaType, one?.file?.digest, one?.custody[0]?.purpose],
    ['Protokolle ä.tar', 'application/x-tar', sha(bytes), 'für den Fall'],
  )
  for (const [status, headers] of [
    [409, { 'content-digest': said(plain) }],
    [400, { 'content-digest': 'md5=:AAAA:' }],
    [400, { 'comity-file-name': '%E0%A4%A' }],
    [400, { 'comity-file-name': '..%2F..%2Fetc' }],
    [400, { 'comity-purpose': '' }],
    [415, { 'content-type': 'no type' }],
  ] as const) {
    assert.equal(await send(headers), status, JSON.stringify(headers))
  }
  await cutOff(`/api/v1/cases/${caseId}/files`, cookie)
  assert.equal(sealed().length, files + 1)
})

/** Sends half of what it announces, waits until the node has begun to seal, and hangs up. */
async function cutOff(path: string, cookie: string): Promise<void> {
  const { hostname, port, host } = new URL(node.baseUrl)
  const socket = connect(Number(port), hostname)
  const names = 'comity-file-name: a\r\ncomity-purpose: p\r\ncontent-type: text/plain\r\n'
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncookie: ${cookie}\r\n${names}`
  socket.write(`${head}content-length: 2000000\r\n\r\n`)
  socket.write(randomBytes(1_000_000))
  const isUnfinished = () => sealed().some((name) => String(name).endsWith('.tmp'))
  await waitFor('something to be sealed', async () => isUnfinished())
  socket.destroy()
  await waitFor('what was cut to be gone', async () => !isUnfinished())
}
