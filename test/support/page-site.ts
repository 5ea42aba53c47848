/**
 * A site of sample pages: each page and variant with the response headers that a
 * node sends, and the built assets, on a free port of this machine.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { compressText } from '../../src/adapters/compression.ts'
import type { OnLook } from '../../src/web/messages.ts'
import { areaOf, type PageModels, type PageName } from '../../src/web/pages.ts'
import { createRenderer, type Renderer, readManifest } from '../../src/web/render.ts'
import { ASSET_HEADERS, pageHeaders } from '../../src/web/security-headers.ts'
import { build } from '../../tools/build.ts'
import { PAGE_VARIANTS, sampleContext, sampleModels, sampleOfficer } from './sample-models.ts'
import { SAMPLE_PICTURE } from './sample-redact.ts'

const root = path.join(import.meta.dirname, '../..')
const assets = path.join(root, 'dist/assets')

export type SamplePage = {
  readonly page: PageName
  /** Empty for the usual state of a page. */
  readonly variant: string
  readonly model: PageModels[PageName]
}

export const SAMPLE_PAGES: readonly SamplePage[] = [
  ...Object.entries(sampleModels).map(([page, model]) => ({
    page: page as PageName,
    variant: '',
    model,
  })),
  ...PAGE_VARIANTS.map(({ page, name, model }) => ({ page, variant: name, model })),
]

/** A PNG of one white pixel, where a sample shows a picture. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=='

export type PageSite = {
  readonly origin: string
  readonly addressOf: (sample: SamplePage, lang: string) => string
  /** Answers a path with these bytes from now on. */
  readonly serve: (path: string, bytes: Uint8Array) => void
  readonly close: () => Promise<void>
}

/** Builds the assets if they are not there. */
export async function sampleRenderer(onLook?: OnLook): Promise<Renderer> {
  await build()
  return createRenderer({
    localesFolder: path.join(root, 'locales'),
    viewsFolders: [path.join(root, 'src/web'), path.join(root, 'node_modules/govuk-frontend/dist')],
    manifest: readManifest(path.join(assets, 'manifest.json')),
    ...(onLook === undefined ? {} : { onLook }),
  })
}

export function renderSample(
  renderer: Renderer,
  { page, model }: SamplePage,
  lang: string,
): string {
  const isWorkspace =
    ['officer', 'oversight'].includes(areaOf(page)) &&
    !['officer/sign-in', 'officer/guest'].includes(page) &&
    !('guest' in model)
  const context = { ...sampleContext, lang, path: `/${page}` }
  const known = isWorkspace ? { ...context, signedIn: sampleOfficer } : context
  return renderer.render(page, model as never, known)
}

export async function startPageSite(): Promise<PageSite> {
  const renderer = await sampleRenderer()
  const extra = new Map<string, Uint8Array>([[SAMPLE_PICTURE, Buffer.from(PIXEL, 'base64')]])
  const server = createServer((request, response) => {
    answer(renderer, extra, new URL(request.url ?? '/', 'http://localhost').pathname)
      .then(({ status, headers, body }) => {
        response.writeHead(status, headers).end(body)
      })
      .catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    addressOf: ({ page, variant }, lang) => `${origin}/${lang}/${page}${variant && `/${variant}`}`,
    serve: (at, bytes) => extra.set(at, bytes),
    close: () => closeServer(server),
  }
}

type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

async function answer(
  renderer: Renderer,
  extra: Map<string, Uint8Array>,
  at: string,
): Promise<Answer> {
  const known = extra.get(at)
  if (known !== undefined) return { status: 200, headers: {}, body: known }
  const [, first = '', area = '', name = '', variant = ''] = at.split('/')
  if (first === 'assets') return assetAnswer(area)
  const sample = SAMPLE_PAGES.find((s) => s.page === `${area}/${name}` && s.variant === variant)
  if (sample === undefined) return { status: 404, headers: {}, body: new Uint8Array() }
  const html = Buffer.from(renderSample(renderer, sample, first))
  const headers = {
    ...pageHeaders(sample.page),
    'content-type': 'text/html; charset=utf-8',
    'content-encoding': 'br',
  }
  return { status: 200, headers, body: await compressText(html, 'br') }
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

async function assetAnswer(file: string): Promise<Answer> {
  const body = await readFile(path.join(assets, `${path.basename(file)}.br`))
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream'
  const headers = { ...ASSET_HEADERS, 'content-type': type, 'content-encoding': 'br' }
  return { status: 200, headers, body }
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
