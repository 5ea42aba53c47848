/**
 * The public pages of a node that has told its story: what anyone sees, how it is
 * sent, what it weighs, and that what a page says is what the record says.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { toHex, utf8 } from '../../src/base/bytes.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { parseCheckpoint, verifyCheckpoint } from '../../src/proof/checkpoint.ts'
import { verifyCosignatures } from '../../src/proof/cosignature.ts'
import { isQuorum, parsePolicy } from '../../src/proof/policy.ts'
import { formatSignedNote, parseSignedNote } from '../../src/proof/signed-note.ts'
import { tilePath } from '../../src/proof/tile-path.ts'
import { tilesBetween } from '../../src/proof/tiles.ts'
import { formatVkey } from '../../src/proof/vkey.ts'
import { loadCatalogues } from '../../src/web/messages.ts'
import type { PageName } from '../../src/web/pages.ts'
import { linkTo, type RouteName } from '../../src/web/routes.ts'
import { CONTENT_SECURITY_POLICY, pageHeaders } from '../../src/web/security-headers.ts'
import { checkAccessibility, collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { startWorld } from '../support/demo.ts'
import { writeFiles } from '../support/log-copies.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const PAGE_BYTES_MAX = 60_000
const LANGUAGES = ['en', 'ar-XB']
const PSEUDO_LANGUAGES = ['en-XA', 'ar-XB']
const OFFERED = loadCatalogues(path.join(import.meta.dirname, '../../locales')).languagesOf(
  'public',
)
const PAGES: readonly RouteName[] = [
  ...(['home', 'dashboard', 'advisories', 'advisory', 'agreements'] as const),
  ...(['law', 'lawPack', 'log', 'verify', 'openData', 'accessibility', 'security'] as const),
]

const world = await startWorld()
const telling = world.begin()
await telling.toTheEnd()
const { baseUrl } = world.node('meridia')
const advisoryId = telling.story.memory.trackingId ?? ''

const addressOf = (page: RouteName, lang = 'en') =>
  linkTo(lang, page, { advisoryId, pack: 'law.gb' })
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${baseUrl}${path}`, { redirect: 'manual', headers: { accept: 'text/html', ...headers } })
const page = async (name: RouteName, lang = 'en') => (await get(addressOf(name, lang))).text()

const attributes = (html: string, tag: string, name: string) =>
  [...html.matchAll(new RegExp(`<${tag}\\b[^>]*?\\s${name}="([^"]*)"`, 'g'))].map(
    ([, value = '']) => value.replaceAll('&amp;', '&'),
  )
/** What a browser loads for a page by itself. */
const loadedBy = (html: string) => [
  ...attributes(html.replaceAll(/<link rel="alternate"[^>]*>/g, ''), 'link', 'href'),
  ...attributes(html, '(?:script|img|source|iframe|audio|video|use)', 'src'),
]
const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/[\u2066-\u2069]/g, '')
    .replaceAll(/\s+/g, ' ')

for (const lang of LANGUAGES) {
  test(`every page is served in ${lang} with its headers and its other languages`, async () => {
    const titles = new Set<string>()
    for (const name of PAGES) {
      const response = await get(addressOf(name, lang))
      const html = await response.text()
      const what = `${name} ${lang}`
      assert.equal(response.status, 200, what)
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8', what)
      const policy = pageHeaders(`public/${name}` as PageName)['content-security-policy']
      const expected = name === 'verify' ? policy : CONTENT_SECURITY_POLICY
      assert.equal(response.headers.get('content-security-policy'), expected, what)
      assert.equal(response.headers.get('cache-control'), 'public, max-age=5', what)
      assert.equal(response.headers.get('vary'), 'accept-encoding', what)
      assert.deepEqual(response.headers.getSetCookie(), [], what)
      const dir = lang === 'en' ? 'ltr' : 'rtl'
      assert.ok(html.includes(`<html dir="${dir}" lang="${lang}"`), what)
      // One language alone is no choice.
      const others = OFFERED.filter((other) => other !== lang && OFFERED.length > 1)
      for (const other of others) {
        const link = `href="${addressOf(name, other)}" rel="alternate" hreflang="${other}"`
        assert.ok(html.includes(link), `${what} to ${other}`)
      }
      for (const pseudo of PSEUDO_LANGUAGES) {
        assert.ok(!html.includes(`hreflang="${pseudo}"`), `${what} offers no ${pseudo}`)
      }
      titles.add(/<title>([^<]*)/.exec(html)?.[1] ?? '')
    }
    assert.equal(titles.size, PAGES.length, 'every page has a title of its own')
  })
}

test('a page loads nothing from elsewhere and leads outside only to texts of law', async () => {
  for (const name of PAGES) {
    const html = await page(name)
    for (const address of loadedBy(html)) assert.match(address, /^\/assets\/[\w.-]+$/, name)
    const outside = attributes(html, 'a', 'href').filter((href) => !/^[/#]/.test(href))
    for (const href of outside) {
      assert.equal(name, 'lawPack', href)
      assert.ok(html.includes(`href="${href}" rel="noreferrer external"`), href)
    }
  }
})

test('every link on every page leads somewhere', async () => {
  const links = new Set<string>()
  for (const name of PAGES) {
    const html = await page(name)
    for (const href of attributes(html, 'a', 'href')) {
      if (href.startsWith('/')) links.add(href)
      if (!href.startsWith('#')) continue
      assert.ok(html.includes(`id="${href.slice(1)}"`), `${name} ${href}`)
    }
  }
  assert.ok(links.size > 20)
  for (const link of links) {
    const expected = link.endsWith('/officer/sign-in') ? [200, 401] : [200]
    const { status } = await get(link)
    assert.ok(expected.includes(status), `${link} ${status}`)
  }
})

test('compressed bodies are the page, and a visitor without compression gets it too', async () => {
  // Fetch would unpack by itself, so the bodies are asked for with one encoding each.
  const { request } = await import('node:http')
  const raw = (encoding: string) =>
    new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
      const options = { headers: { 'accept-encoding': encoding } }
      const asking = request(`${baseUrl}${addressOf('accessibility')}`, options, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          resolve({
            encoding: response.headers['content-encoding'],
            body: Buffer.concat(parts),
          }),
        )
      })
      asking.on('error', reject).end()
    })
  const [plain, br, gzip] = [await raw('identity'), await raw('gzip, br'), await raw('gzip')]
  assert.deepEqual([plain.encoding, br.encoding, gzip.encoding], [undefined, 'br', 'gzip'])
  const text = (html: Buffer) => String(html).replace(/<time.*?<\/time>/, '')
  assert.equal(text(brotliDecompressSync(br.body)), text(plain.body))
  assert.equal(text(gunzipSync(gzip.body)), text(plain.body))
  assert.ok(br.body.length < plain.body.length / 2)
})

test('the first address leads to a language of the visitor, unknown ones to a page', async () => {
  for (const [asked, place] of [
    ['fr-FR, en;q=0.5', '/fr'],
    ['nl, sv;q=0.5', '/en'],
    ['tlh, ko;q=0.5, en;q=0.4', '/ko'],
  ] as const) {
    const first = await get('/', { 'accept-language': asked })
    assert.ok([302, 303].includes(first.status))
    assert.equal(first.headers.get('location'), place)
  }
  for (const path of ['/en/nowhere', '/xx', '/en/advisories/NO-SUCH', '/wp-login.php', '/a/b/c']) {
    const response = await get(path)
    assert.equal(response.status, 404, path)
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/, path)
    assert.match(await response.text(), /There is no such page/, path)
    assert.equal(response.headers.get('cache-control')?.includes('max-age=5'), false, path)
    const program = await get(path, { accept: 'application/json' })
    assert.equal(program.status, 404, path)
    assert.equal(program.headers.get('content-type'), 'application/problem+json', path)
  }
})

test('an unknown encoding of an address is no page and no fault of ours', async () => {
  for (const path of ['/en/advisories/%00', '/en/advisories/%2e%2e%2f', '/en/advisories/a%2Fb']) {
    assert.equal((await get(path)).status, 404, path)
  }
  for (const path of ['/en/advisories/%ff', '/%E0%A4%A/']) {
    const { status } = await get(path)
    assert.ok(status >= 400 && status < 500, `${path} ${status}`)
  }
})

test('the dashboard shows what the open data says, and no count from 1 to 4', async () => {
  type Counts = { rows: { measure: string; key: string; count: number | null }[] }
  const countsNow = async () => (await (await get('/open-data/counts.json')).json()) as Counts
  // What a peer sends at this moment may be counted by one and not yet by the other.
  const { counts, html } = await waitFor('a page and a file of one moment', async () => {
    const [before, html, counts] = [await countsNow(), await page('dashboard'), await countsNow()]
    return JSON.stringify(before.rows) === JSON.stringify(counts.rows) && { counts, html }
  })
  const cells = [...html.matchAll(/<td class="[^"]*numeric">([^<]*)<\/td>/g)].map(([, n]) => n)
  const shown = counts.rows.filter(({ measure }) => measure !== 'advisories')
  const expected = shown.map(({ count }) => (count === null ? 'withheld' : String(count)))
  assert.deepEqual(cells.toSorted(), expected.toSorted())
  assert.ok(cells.includes('withheld'))
  assert.ok(cells.some((cell) => Number(cell) > 4))
  for (const cell of cells) assert.doesNotMatch(cell ?? '', /^[1-4]$/)
  const decisions = counts.rows.filter(({ measure }) => measure === 'decisions')
  assert.match(html, /<svg[^>]*role="img"/)
  for (const { count } of decisions) assert.match(html, new RegExp(`chart__value"[^>]*>${count}<`))
})

test('an advisory page and its file are the same advisory, with the recorded digest', async () => {
  const html = await page('advisory')
  const href = attributes(html, 'a', 'href').find((link) => link.startsWith('/csaf/'))
  assert.ok(href)
  const file = Buffer.from(await (await get(href)).arrayBuffer())
  const digest = createHash('sha256').update(file).digest('hex')
  assert.ok(html.includes(digest))
  const published = (await world.events('meridia'))
    .map(({ envelope }) => envelope.event as { type: string; digest?: string })
    .find(({ type }) => type === 'advisoryPublished')
  assert.equal(published?.digest, digest)
  const { document } = JSON.parse(String(file)) as { document: { title: string } }
  const mark = '[DEMONSTRATION] '
  assert.ok(document.title.startsWith(mark))
  assert.ok(textOf(html).includes(document.title.slice(mark.length)))
  assert.ok(textOf(html).includes('This advisory was made in training'))
  assert.ok((await page('advisories')).includes(addressOf('advisory')))
  assert.ok((await page('openData')).includes(digest))
})

test('the agreement in force is shown with every party and its simulated signature', async () => {
  const text = textOf(await page('agreements'))
  for (const { authority } of world.demo.nodes) assert.ok(text.includes(authority.name))
  assert.equal(text.match(/signed: \u2068?\d+ [^:]*?:\d\d \w+\u2069? Simulated/g)?.length, 3)
  assert.ok(text.includes('In force'))
  assert.ok(text.includes('Contact of the reporter is never released'))
})

test('the law packs show sources and say that their sign-off is simulated', async () => {
  const text = textOf(await page('law'))
  assert.equal(text.match(/Simulated sign-off · 2 officers of this authority/g)?.length, 4)
  const eu = textOf(await (await get('/en/law/law.eu')).text())
  assert.match(eu, /73\(2\) \[\d+\] read in the primary text/)
  assert.match(eu, /Regulation \(EU\) 2024\/1689/)
  assert.match(eu, /Simulated sign-off · 2 officers of this authority/)
  for (const path of ['/en/law/law.zz', '/en/law/law.eu/9.9.9']) {
    assert.equal((await get(path)).status, 404, path)
  }
})

test('the feed of changes of law names every version with a link that is there', async () => {
  const response = await get('/law/feed.atom')
  assert.equal(response.headers.get('content-type'), 'application/atom+xml; charset=utf-8')
  const text = await response.text()
  const links = [
    ...text.matchAll(/<link rel="alternate" type="text\/html" href="[^"]*?(\/en\/law\/[^"]+)"/g),
  ]
  assert.ok(links.length >= 8, 'two entries for each of four packs: begun, signed off')
  for (const path of new Set(links.map(([, each]) => each ?? ''))) {
    assert.equal((await get(path)).status, 200, path)
  }
})

test('the log page shows the checkpoint that is served, its witnesses and the quorum', async () => {
  const policyBytes = new Uint8Array(await (await get('/ledger/policy.txt')).arrayBuffer())
  const policy = parsePolicy(nodePrimitives, policyBytes)
  // What is looked at below is this page: the next one may show a newer checkpoint.
  const html = await waitFor('a checkpoint with all its cosignatures', async () => {
    const now = await page('log')
    return now.match(/cosigned: /g)?.length === 3 && now.includes('is reached.') && now
  })
  const note = parseSignedNote(utf8(/<pre[^>]*>([^<]*)<\/pre>/.exec(html)?.[1] ?? ''))
  const logKeys = policy.logs.map(({ key }) => key)
  const witnessKeys = policy.witnesses.map(({ key }) => key)
  const { treeSize, rootHash } = verifyCheckpoint(nodePrimitives, note, logKeys)
  const cosigners = verifyCosignatures(nodePrimitives, note, witnessKeys).map(({ key }) => key)
  assert.equal(isQuorum(policy, cosigners), true)
  assert.ok(html.includes(toHex(rootHash)))
  assert.ok(textOf(html).includes(`Size ${treeSize.toLocaleString('en')} entries`))
  for (const { name } of cosigners) assert.ok(html.includes(name))
  assert.match(textOf(html), /witness\.example\/witness outside witness cosigned: /)
  const verify = await page('verify')
  for (const { key } of [...policy.logs, ...policy.witnesses]) {
    assert.ok(verify.includes(formatVkey(key)), key.name)
  }
  const sha256 = createHash('sha256').update(policyBytes).digest('hex')
  assert.ok(verify.includes(sha256))
})

test('in a browser every page is light, narrow enough, and nothing goes wrong', async () => {
  await withBrowser(async (browser) => {
    for (const name of PAGES) {
      const visitor = await newPage(browser, { viewport: { width: 320, height: 640 } })
      const problems = collectProblems(visitor)
      const address = `${baseUrl}${addressOf(name, 'ar-XB')}`
      const bytes = await bytesOf(visitor, () => visitor.goto(address))
      assert.ok(bytes > 5000 && bytes <= PAGE_BYTES_MAX, `${name} weighs ${bytes}`)
      const isWide = 'document.documentElement.scrollWidth > window.innerWidth'
      assert.equal(await visitor.evaluate(isWide), false, `${name} scrolls sideways`)
      assert.deepEqual(problems, [], name)
      await visitor.context().close()
    }
  })
})

test('what anybody can fetch of the log holds on the page, under the policy that it shows', async () => {
  const folder = temporaryFolder()
  const policy = parsePolicy(nodePrimitives, await bytesAt('policy.txt'))
  await waitFor('a copy of the log with its quorum', async () => {
    const note = parseSignedNote(await bytesAt('1/checkpoint'))
    const cosigners = verifyCosignatures(
      nodePrimitives,
      note,
      policy.witnesses.map(({ key }) => key),
    )
    if (
      !isQuorum(
        policy,
        cosigners.map(({ key }) => key),
      )
    )
      return false
    const { treeSize } = parseCheckpoint(note.text)
    const paths = ['checkpoint', ...tilesBetween(0, treeSize).map(tilePath)]
    const files = await Promise.all(
      paths.map(async (each) => [each, await bytesAt(`1/${each}`)] as const),
    )
    writeFiles(
      path.join(folder, 'mirror'),
      new Map([...files, ['checkpoint', formatSignedNote(note)]]),
    )
    return true
  })
  await withBrowser(async (browser) => {
    const visitor = await newPage(browser)
    const problems = collectProblems(visitor)
    await visitor.goto(`${baseUrl}${addressOf('verify')}`)
    await visitor.locator('#verify-files').focus()
    await visitor.locator('#verify-here[data-loaded]').waitFor()
    await visitor.context().setOffline(true)
    await visitor.locator('#verify-folder').setInputFiles(path.join(folder, 'mirror'))
    await visitor.locator('#verify-verdict[data-verdict=verified]').waitFor()
    assert.match(
      await visitor.locator('#verify-about').innerText(),
      /no entry bundles are in this copy/,
    )
    assert.deepEqual(problems, [])
  })
})

const bytesAt = async (name: string) =>
  new Uint8Array(await (await fetch(`${baseUrl}/ledger/${name}`)).arrayBuffer())

test('axe finds nothing on the pages with content of their own', async () => {
  await withBrowser(async (browser) => {
    const visitor = await newPage(browser)
    for (const name of ['home', 'dashboard', 'advisory', 'agreements', 'log'] as const) {
      await visitor.goto(`${baseUrl}${addressOf(name)}`)
      assert.deepEqual(await checkAccessibility(visitor), [], name)
    }
  })
})

async function withBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await launchBrowser()
  try {
    await work(browser)
  } finally {
    await browser.close()
  }
}

/** As transferred, by a visitor who has nothing cached. */
async function bytesOf(
  visitor: Awaited<ReturnType<typeof newPage>>,
  visit: () => Promise<unknown>,
): Promise<number> {
  const session = await visitor.context().newCDPSession(visitor)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await visit()
  return bytes
}
