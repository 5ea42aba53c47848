/**
 * Versions of law packs as people use them: two officers review a version on its page, one
 * signs there, one from the command line with files of their own; and what a version would
 * change for open cases is asked for.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFileSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { waitFor } from '../../src/cli/story/story.ts'
import { startWorld } from '../support/demo.ts'
import { formIn, type HtmlForm } from '../support/html-form.ts'
import { enterWorkspace, proveAtPage } from '../support/page-hand.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url))
const PACK = 'law.sg'

type Run = { readonly code: number; readonly stdout: string; readonly stderr: string }
const comity = (...args: readonly string[]): Promise<Run> =>
  new Promise((done) => {
    const file = join(CHECKOUT, 'src/cli/main.ts')
    execFile(process.execPath, [file, 'law', ...args], (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })

const world = await startWorld()
const node = world.node('meridia')
const ada = await enterWorkspace(node, 'case-officer-1')
const ben = await enterWorkspace(node, 'liaison')
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

const list = await ada.get('/en/officer/law')
const address = new RegExp(`href="(/en/officer/law/${PACK}/[0-9.]+)"`).exec(list.html)?.[1] ?? ''
const clock = /name="excepted" value="([^"]+)"/

test('without a fresh proof the page shows everything and no way to sign', async () => {
  const page = await ada.get(address)
  assert.equal(page.status, 200)
  assert.match(textOf(page.html), /Compare each value with the text of the law before you sign/)
  assert.ok(!page.html.includes(`action="${address}/sign-off"`))
  assert.ok(!page.html.includes(`action="${address}/code"`))
  assert.match(page.html, /access:stepUpNeeded/)
  assert.ok(page.html.includes('disabled aria-disabled="true"'))
})

let excepted = ''

test('an officer signs off all but one clock at the page, and the page says so', async () => {
  await proveAtPage(ada)
  const page = await ada.get(address)
  excepted = clock.exec(page.html)?.[1] ?? ''
  assert.notEqual(excepted, '')
  const form = formIn(page.html, `${address}/sign-off`)
  // The box stands beside its clock and belongs to this form by name.
  const boxes = { kind: 'boxes' as const, values: [excepted], offered: [excepted] }
  const filled: HtmlForm = { ...form, fields: new Map([...form.fields, ['excepted', boxes]]) }
  const sent = await ada.send(filled)
  assert.equal(sent.status, 303, textOf(sent.html).slice(0, 300))
  assert.equal(sent.location, address)
  const after = await ada.get(address)
  assert.match(textOf(after.html), new RegExp(`without ${excepted}`))
})

test('another signs the files on their own machine; other bytes are refused', async () => {
  await proveAtPage(ben)
  const folder = temporaryFolder()
  cpSync(join(CHECKOUT, 'law'), folder, { recursive: true })
  const own = join(folder, 'sg')
  const codeFor = async () => {
    const page = await ben.get(address)
    const given = await ben.send(formIn(page.html, `${address}/code`))
    assert.equal(given.status, 200)
    const code = /class="comity-receipt-code"[^>]*>([^<]+)</.exec(given.html)?.[1]?.trim()
    assert.ok(code)
    return code
  }
  const door = new URL(node.baseUrl).origin
  const good = await codeFor()
  const signed = await comity('sign-off', own, '--door', door, '--code', await codeFor())
  assert.equal(signed.code, 0, signed.stderr)
  assert.match(signed.stdout, /^law\.sg \S+\nSHA-256 [0-9a-f]{64}\nsigned off\n$/)
  const page = textOf((await ben.get(address)).html)
  assert.match(page, /Simulated sign-off/)

  appendFileSync(join(own, 'pack.yaml'), '# one comment more\n')
  const other = await comity('sign-off', own, '--door', door, '--code', good)
  assert.equal(other.code, 1)
  assert.match(other.stderr, /holds other files for that version: nothing was signed/)
  const again = await comity('sign-off', own, '--door', door, '--code', good)
  assert.match(again.stderr, /the code is wrong, was used, or is older than ten minutes/)
})

for (const [name, args, code] of [
  ['no code', [], 2],
  ['a door that is none', ['--door', 'nowhere', '--code', 'x'], 1],
  ['a door in clear on another machine', ['--door', 'http://desk.example', '--code', 'x'], 1],
  [
    'a clock that the pack has not',
    ['--door', 'https://127.0.0.1:1', '--code', 'x', '--except', 'a/b'],
    1,
  ],
] as const) {
  test(`comity law sign-off refuses before it sends anything: ${name}`, async () => {
    const run = await comity('sign-off', join(CHECKOUT, 'law/sg'), ...args)
    assert.equal(run.code, code, run.stderr)
  })
}

test('comity law diff tells two folders apart in plain words and as JSON', async () => {
  const folder = temporaryFolder()
  cpSync(join(CHECKOUT, 'law'), folder, { recursive: true })
  const own = join(folder, 'sg')
  const same = await comity('diff', PACK, own)
  assert.deepEqual([same.code, same.stdout.split('\n')[1]], [0, 'no difference'])
  appendFileSync(join(folder, 'questions.yaml'), '  inventedFact: Is it invented?\n')
  const text = await comity('diff', PACK, own)
  assert.match(
    text.stdout,
    /pack law\.sg is changed: questions invented fact is now there: Is it invented\?\./,
  )
  const json = JSON.parse((await comity('diff', PACK, own, '--json')).stdout) as {
    changes: object[]
  }
  assert.equal(json.changes.length, 1)
  const two = await comity('diff', PACK, 'law.gb')
  assert.match(two.stderr, /are two packs/)
  for (const none of ['law.zz', 'law.sg@99.0.0', '/nowhere', '']) {
    assert.equal((await comity('diff', none, PACK)).code, 1, none)
  }
})

test('what a version would change for open cases is asked for on its page', async () => {
  const place = `${address}/effect`
  const before = await ada.get(place)
  assert.match(textOf(before.html), /Nobody has compared this version yet/)
  const sent = await ada.send(formIn(before.html, place))
  assert.equal(sent.status, 303)
  await waitFor('the comparison to end', async () =>
    /Done 0 of 0 open cases compared/.test(textOf((await ada.get(place)).html)),
  )
  assert.equal((await ada.get('/en/officer/law/law.zz/0.1.0/effect')).status, 404)
  assert.equal((await ada.get(`/en/officer/law/${PACK}/99.0.0`)).status, 404)
})
