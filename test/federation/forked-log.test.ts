/**
 * Real nodes, one of whose logs forks: its peer's monitor finds it, officers see it with the
 * evidence, and the finding is committed to in the peer's own log. Once.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { textFromUtf8 } from '../../src/base/bytes.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { verifyCommand } from '../../src/cli/verify.ts'
import { readNodeConfig } from '../../src/node/config.ts'
import { logSigners } from '../../src/node/log-signers.ts'
import { formatCheckpoint } from '../../src/proof/checkpoint.ts'
import { formatSignedNote, signNote } from '../../src/proof/signed-note.ts'
import { verifyEventOpening } from '../../src/wire/event-commitment.ts'
import { headIn } from '../../src/wire/monitor/finding.ts'
import { startWorld } from '../support/demo.ts'
import { enterWorkspace } from '../support/page-hand.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const PAGE = '/en/officer/peer-logs'
const PATIENCE_MS = 120_000

const world = await startWorld()
const meridia = world.node('meridia')
const albion = world.node('albion')
const ORIGIN = `${albion.authority.id}/ledger`
const oversight = await enterWorkspace(meridia, 'oversight')

const seen = () =>
  world
    .database('meridia')
    .selectFrom('monitored_log')
    .selectAll()
    .where('origin', '=', ORIGIN)
    .executeTakeFirst()

test('honest peers stand on the page, each with one history', async () => {
  const page = await waitFor(
    'both peers to be well',
    async () => {
      const { html, status } = await oversight.get(PAGE)
      assert.equal(status, 200)
      return (html.match(/one history/g) ?? []).length === 2 && html
    },
    PATIENCE_MS,
  )
  assert.ok(page.includes('Nothing was found.'))
  assert.ok(page.includes(ORIGIN))
})

test('a log that forks is found, shown with its evidence, and committed to once', async () => {
  const config = readNodeConfig(albion.configFile)
  const keys = await openFileKeys(join(config.folder, 'keys'), albion.authority.id)
  const { log } = logSigners(albion.authority.id, keys)
  const file = join(config.folder, 'ledger', 'checkpoint')
  const html = await waitFor(
    'the finding',
    async () => {
      // Its own node puts the true head back from time to time.
      const row = await seen()
      const { treeSize } = headIn(textFromUtf8(new Uint8Array(row?.head ?? [])))
      const rootHash = new Uint8Array(32).fill(7)
      const text = formatCheckpoint({ origin: ORIGIN, treeSize, rootHash, extensions: [] })
      writeFileSync(file, formatSignedNote({ text, signatures: [await signNote(log, text)] }))
      const page = await oversight.get(PAGE)
      return page.html.includes('two heads of one size') && page.html
    },
    PATIENCE_MS,
  )
  assert.ok(html.includes('its own signatures prove it'))
  assert.ok(html.includes('something is wrong'))
  const [, href = ''] = /href="([^"]*\/peer-logs\/[^"]+\/evidence)"/.exec(html) ?? []
  const evidence = await oversight.get(href)
  assert.equal(evidence.status, 200)
  const folder = temporaryFolder()
  const finding = join(folder, 'finding.json')
  const policy = join(folder, 'policy')
  writeFileSync(finding, evidence.bytes)
  const served = await fetch(`${meridia.baseUrl}/ledger/policy.txt`)
  writeFileSync(policy, await served.bytes())
  let said = ''
  const write = (text: string) => {
    said += text
  }
  assert.equal(await verifyCommand([finding, '--policy', policy, '--json'], { write }), 0, said)
  await committed()
})

/** In Meridia's own log, by the salt that opens it; and no second time at later looks. */
async function committed(): Promise<void> {
  const found = async () =>
    (await world.events('meridia')).filter(
      ({ envelope }) => envelope.event.type === 'logFindingRecorded',
    )
  const [event] = await found()
  assert.ok(event)
  assert.equal(event.kind, 'oversight')
  const row = await waitFor('the entry', () =>
    world
      .database('meridia')
      .selectFrom('log_entry')
      .select('entry')
      .where('pending_id', '=', event.logId)
      .executeTakeFirst(),
  )
  verifyEventOpening(nodePrimitives, new Uint8Array(row.entry), event.envelope, event.salt)
  const { looked_at } = (await seen()) ?? {}
  await waitFor(
    'two more looks',
    async () => Number((await seen())?.looked_at ?? 0) > Number(looked_at) + 10_000,
    PATIENCE_MS,
  )
  const kinds = (await found()).map(
    ({ envelope }) => (envelope.event as { finding?: string }).finding,
  )
  assert.equal(kinds.filter((kind) => kind === 'equivocation').length, 1)
}

test('who neither administers nor oversees sees neither page nor evidence', async () => {
  const officer = await enterWorkspace(meridia, 'case-officer-1')
  assert.equal((await officer.get(PAGE)).status, 403)
  const { html } = await oversight.get(PAGE)
  const [, href = ''] = /href="([^"]*\/peer-logs\/[^"]+\/evidence)"/.exec(html) ?? []
  assert.equal((await officer.get(href)).status, 403)
  assert.equal((await oversight.get(`${PAGE}/nothing/evidence`)).status, 400)
})
