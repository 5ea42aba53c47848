/**
 * Pictures of every page with its sample model, to look at:
 *
 *   node tools/preview.ts [--only TEXT] [--lang en,ar-XB] [--width 1200,320] [--out FOLDER]
 */
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { launchBrowser, newPage } from '../test/support/browser.ts'
import { SAMPLE_PAGES, startPageSite } from '../test/support/page-site.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    lang: { type: 'string', default: 'en' },
    width: { type: 'string', default: '1200' },
    out: { type: 'string', default: path.join(tmpdir(), 'comity-preview') },
  },
})

await mkdir(values.out, { recursive: true })
const site = await startPageSite()
const browser = await launchBrowser()
try {
  for (const width of values.width.split(',').map(Number)) {
    const page = await newPage(browser, { viewport: { width, height: 900 } })
    for (const lang of values.lang.split(',')) {
      for (const sample of SAMPLE_PAGES) {
        const name = [sample.page.replace('/', '-'), sample.variant, lang, width].filter(Boolean)
        if (!name.join('.').includes(values.only)) continue
        await page.goto(site.addressOf(sample, lang))
        const file = path.join(values.out, `${name.join('.')}.png`)
        await page.screenshot({ path: file, fullPage: true })
        process.stdout.write(`${file}\n`)
      }
    }
    await page.context().close()
  }
} finally {
  await browser.close()
  await site.close()
}
