/**
 * The node as a CSAF trusted provider (OASIS CSAF, section 7): every file that the
 * standard asks of one, for everybody, whatever program asks. Answers are Buffers, so
 * that nothing adds to their media types; nothing redirects.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Kernel } from '../../app/kernel.ts'
import type { CsafEntry, CsafFile } from '../../app/ports/csaf-provider.ts'
import { utf8 } from '../../base/bytes.ts'
import { canonicalBytes, canonicalText } from '../../base/canonical-json.ts'
import { type CsafVersion, csafFileName } from '../../wire/csaf-advisory.ts'
import {
  changesCsv,
  folderNames,
  indexText,
  listingPage,
  PLACES,
  type ProviderSelf,
  providerMetadata,
  rolieCategory,
  rolieFeed,
  rolieService,
  securityText,
  WELL_KNOWN_CSAF,
  yearNames,
} from '../../wire/csaf-provider.ts'
import { sendProblem } from '../problem.ts'

const VERSIONS: readonly CsafVersion[] = ['2.0', '2.1']
/** The one that `/.well-known/csaf/provider-metadata.json` says. */
const LEADING: CsafVersion = '2.0'
const LANGUAGES = ['en'] as const

const JSON_TYPE = 'application/json'
const TEXT = 'text/plain; charset=utf-8'
const CSV = 'text/csv; charset=utf-8'
const HTML = 'text/html; charset=utf-8'
const ARMOUR = 'application/pgp-keys'
const SIGNATURE = 'application/pgp-signature'

/** What stands under `/.well-known` the standard describes; our description has the documents. */
const hidden = { schema: { hide: true } }
const tagged = (summary: string) => ({ schema: { tags: ['CSAF'], summary } })

export function csafRoutes(server: FastifyInstance, kernel: Kernel): void {
  wellKnown(server, kernel)
  for (const version of VERSIONS) folder(server, kernel, version)
}

function wellKnown(server: FastifyInstance, kernel: Kernel): void {
  const { csaf, clocks, node } = kernel
  server.get('/.well-known/security.txt', hidden, async (_, reply) => {
    const now = clocks.wireNow()
    return send(
      reply,
      TEXT,
      securityText({ baseUrl: node.urls.public }, { now, languages: LANGUAGES }),
    )
  })
  const metadata = async (version: CsafVersion) => {
    const [self, files] = await Promise.all([selfOf(kernel), csaf.entries(version)])
    return canonicalText(providerMetadata(self, version, files))
  }
  server.get(`${WELL_KNOWN_CSAF}/provider-metadata.json`, hidden, async (_, reply) =>
    send(reply, JSON_TYPE, await metadata(LEADING)),
  )
  server.get<{ Params: { file: string } }>(
    `${WELL_KNOWN_CSAF}/openpgp/:file`,
    hidden,
    async ({ params: { file } }, reply) => {
      const key = (await csaf.keys()).find(({ fingerprint }) => file === `${fingerprint}.asc`)
      return key ? send(reply, ARMOUR, key.publicKey) : sendProblem(reply, 404, 'not-found')
    },
  )
  for (const version of VERSIONS) {
    const at = `${WELL_KNOWN_CSAF}/v${version}`
    server.get(`${at}/provider-metadata.json`, hidden, async (_, reply) =>
      send(reply, JSON_TYPE, await metadata(version)),
    )
    server.get(`${at}/${PLACES[version].feed}`, hidden, async (_, reply) => {
      const [self, files] = await Promise.all([selfOf(kernel), csaf.entries(version)])
      return send(reply, JSON_TYPE, canonicalText(rolieFeed(self, version, files)))
    })
    server.get(`${at}/service.json`, hidden, async (_, reply) =>
      send(reply, JSON_TYPE, canonicalText(rolieService(await selfOf(kernel), version))),
    )
    server.get(`${at}/category.json`, hidden, async (_, reply) =>
      send(reply, JSON_TYPE, canonicalText(rolieCategory(version))),
    )
  }
}

function folder(server: FastifyInstance, kernel: Kernel, version: CsafVersion): void {
  const { csaf } = kernel
  const { folder: path } = PLACES[version]
  const entries = (): Promise<readonly CsafEntry[]> => csaf.entries(version)
  server.get(path, tagged(`Years of documents, CSAF ${version}`), async (_, reply) =>
    send(reply, HTML, listingPage(path, folderNames(await entries()))),
  )
  server.get(`${path}/index.txt`, tagged('All documents'), async (_, reply) =>
    send(reply, TEXT, indexText(await entries())),
  )
  server.get(`${path}/changes.csv`, tagged('Documents, changed last first'), async (_, reply) =>
    send(reply, CSV, changesCsv(version, await entries())),
  )
  server.get<{ Params: { year: string } }>(
    `${path}/:year`,
    tagged('Documents of a year'),
    async ({ params: { year } }, reply) => {
      const names = yearNames(await entries(), year)
      if (!names) return sendProblem(reply, 404, 'not-found')
      return send(reply, HTML, listingPage(`${path}/${year}`, names))
    },
  )
  server.get<{ Params: { year: string; file: string } }>(
    `${path}/:year/:file`,
    tagged(`A published document, CSAF ${version}, its hashes and its signature`),
    async ({ params }, reply) => {
      const [, name = '', ending = ''] = FILE.exec(params.file) ?? []
      const file = name === '' ? undefined : await csaf.file(version, params.year, name)
      if (file) return send(reply, ...partOf(file, ending))
      // Published a moment ago, and not signed yet.
      const bytes = version === '2.0' ? await justPublished(kernel, params) : undefined
      return bytes ? send(reply, JSON_TYPE, bytes) : sendProblem(reply, 404, 'not-found')
    },
  )
}

const FILE = /^([a-z0-9+\-_]{1,150}\.json)(\.asc|\.sha256|\.sha512)?$/

function partOf(file: CsafFile, ending: string): [string, string] {
  switch (ending) {
    case '.asc':
      return [SIGNATURE, file.signature]
    case '.sha256':
      return [TEXT, `${file.sha256}  ${file.fileName}\n`]
    case '.sha512':
      return [TEXT, `${file.sha512}  ${file.fileName}\n`]
    default:
      return [JSON_TYPE, file.content]
  }
}

async function justPublished(
  { registers }: Kernel,
  { year, file }: { readonly year: string; readonly file: string },
): Promise<Uint8Array | undefined> {
  const rows = await registers.publications()
  const row = rows.find(
    ({ trackingId, publishedAt }) =>
      csafFileName(trackingId) === file && publishedAt.startsWith(`${year}-`),
  )
  // Canonical, so that the digest of the file is the one that the case recorded.
  return row && canonicalBytes(row.document as object)
}

async function selfOf({ csaf, node }: Kernel): Promise<ProviderSelf> {
  return {
    baseUrl: node.urls.public,
    name: node.name,
    namespace: `https://${node.id}`,
    isForReal: node.profile === 'production',
    keys: await csaf.keys(),
  }
}

function send(reply: FastifyReply, type: string, content: string | Uint8Array): FastifyReply {
  return reply
    .headers({
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=30',
      'content-security-policy': "default-src 'none'",
      'content-type': type,
      'x-content-type-options': 'nosniff',
    })
    .send(Buffer.from(typeof content === 'string' ? utf8(content) : content))
}
