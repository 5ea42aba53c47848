/**
 * How long a browser takes to seal 25 MB, in the script that reporters get: a page of this
 * machine's own, a real browser, pictures of no content. Beside it the longest time in which
 * the page could do nothing else.
 */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { generateIdentity, recipientOf } from '../src/seal/seal.ts'
import { readAsset, readManifest } from '../src/web/render.ts'
import { ASSETS_FOLDER } from '../src/web/site-kit.ts'
import { launchBrowser, newPage } from '../test/support/browser.ts'
import { build } from '../tools/build.ts'
import { loadText } from './machine.ts'
import { type Measured, type Section, spread } from './measured.ts'
import type { StartParts } from './start-time.ts'

const SIZE_BYTES = 25_000_000
const RECIPIENTS = 3
const ROUNDS = 5
const GOAL_MS = 1000

export async function measureSealing({
  tell,
  running,
}: Pick<StartParts, 'tell' | 'running'>): Promise<readonly Section[]> {
  await build()
  const server = http.createServer((request, response) => {
    const isScript = request.url === '/seal-report.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script() : '<!DOCTYPE html><title>Sealing</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await launchBrowser()
  const stop = async () => {
    await browser.close()
    server.close()
  }
  running.add(stop)
  try {
    tell(`a browser seals ${SIZE_BYTES / 1e6} MB, ${ROUNDS} times`)
    const page = await newPage(browser)
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const before = loadText()
    const recipients = await Promise.all(
      Array.from({ length: RECIPIENTS }, async () => recipientOf(await generateIdentity())),
    )
    const laps: Lap[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      laps.push((await page.evaluate(lapIn(recipients))) as Lap)
    }
    return [{ title: 'Sealing in the browser', lines: linesOf(laps, before) }]
  } finally {
    running.delete(stop)
    await stop()
  }
}

function script(): string {
  return readAsset(
    ASSETS_FOLDER,
    readManifest(join(ASSETS_FOLDER, 'manifest.json')),
    'seal-report.js',
  )
}

type Lap = { readonly ms: number; readonly stillMs: number; readonly sealedBytes: number }

/** Runs in the page: as the portal calls it, with a step of its own between pieces. */
const lapIn = (recipients: readonly string[]) => `(async () => {
  const { sealReport, newCode } = await import('/seal-report.js')
  const content = new Blob([new Uint8Array(${SIZE_BYTES})])
  const digest = '0'.repeat(64)
  const sealing = { origin: 'bench.example', formId: 'report', formVersion: 2, formDigest: digest,
    inner: ${JSON.stringify(recipients)}, outer: [], recipientsDigest: digest, bundleDigest: digest }
  const file = { name: 'a', mediaType: '', content, role: 'original', of: null }
  const answers = { title: 'A bench', whatHappened: 'x', isPublic: 'no', language: 'en' }
  const written = { code: newCode(), answers, contact: '', files: [file] }
  let stillMs = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    stillMs = Math.max(stillMs, now - last)
    last = now
  }, 1)
  const started = performance.now()
  const sealed = await sealReport(sealing, written, () => new Promise((done) => setTimeout(done)))
  const ms = performance.now() - started
  clearInterval(timer)
  return { ms, stillMs, sealedBytes: sealed.files.attachments[0].length }
})()`

function linesOf(laps: readonly Lap[], before: string): Measured[] {
  const times = laps.map(({ ms }) => ms).sort((a, b) => a - b)
  const median = times[Math.floor(times.length / 2)] ?? Number.POSITIVE_INFINITY
  const still = Math.max(...laps.map(({ stillMs }) => stillMs))
  return [
    { what: 'load average before', figure: before },
    {
      what: `a file of 25 MB, padded and sealed to ${RECIPIENTS} officers, median of ${ROUNDS}`,
      figure: `${Math.round(median)} ms`,
      goal: { text: '≤ 1 s', isMet: median <= GOAL_MS },
      beside: spread(times, 0.99),
    },
    { what: 'longest time without a turn for the page', figure: `${Math.round(still)} ms` },
    { what: 'load average after', figure: loadText() },
  ]
}
