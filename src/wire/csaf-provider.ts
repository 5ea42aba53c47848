/**
 * The files around the documents of a CSAF trusted provider (OASIS CSAF 2.0 and 2.1,
 * section 7): metadata, ROLIE feed, service and category document, index, changes,
 * security.txt, listings. Both versions of the standard stand side by side, as 2.1
 * advises for the transition; 2.0 is the leading one. TLP:CLEAR only. Pure.
 */
import type { Json } from '../base/canonical-json.ts'
import { addMs, DAY_MS, type Instant, utcDateOf } from '../base/time.ts'
import type { CsafVersion } from './csaf-advisory.ts'
import { SCHEMA_21 } from './csaf-writer.ts'
import { escapeXml } from './xml.ts'

export type ProviderSelf = {
  /** Of the public door, without a slash at its end. */
  readonly baseUrl: string
  readonly name: string
  /** A web address. */
  readonly namespace: string
  /** A demonstration or a training is not for the lists of others. */
  readonly isForReal: boolean
  readonly keys: readonly { readonly fingerprint: string; readonly madeAt: Instant }[]
}

export type ListedFile = {
  readonly trackingId: string
  readonly fileName: string
  readonly year: string
  readonly title: string
  readonly summary: string
  readonly initialAt: Instant
  readonly currentAt: Instant
}

export const WELL_KNOWN_CSAF = '/.well-known/csaf'

/** Where the documents of a version are, and how that version names TLP:CLEAR. */
export const PLACES: Readonly<
  Record<CsafVersion, { readonly folder: string; readonly label: string; readonly feed: string }>
> = {
  '2.0': { folder: '/csaf/white', label: 'WHITE', feed: 'feed-tlp-white.json' },
  '2.1': { folder: '/csaf/clear', label: 'CLEAR', feed: 'feed-tlp-clear.json' },
}

const SCHEMAS: Readonly<Record<CsafVersion, string>> = {
  '2.0': 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json',
  '2.1': SCHEMA_21,
}
const PROVIDER_SCHEMA_21 = 'https://docs.oasis-open.org/csaf/csaf/v2.1/schema/provider.json'
const CSAF_CATEGORY = {
  scheme: 'urn:ietf:params:rolie:category:information-type',
  term: 'csaf',
} as const

/** Requirement 7. The content of the well-known place is that of the leading version. */
export function providerMetadata(
  self: ProviderSelf,
  version: CsafVersion,
  files: readonly ListedFile[],
): Json {
  const { baseUrl, name, namespace, isForReal, keys } = self
  const { label, feed } = PLACES[version]
  const updated = lastChange(self, files)
  const here = versionPlace(self, version)
  const summary = `All TLP:${label} advisories of ${name}.`
  const isNew = version === '2.1'
  const feeds = [
    {
      ...(isNew ? { last_updated: updated } : {}),
      summary,
      tlp_label: label,
      url: `${here}/${feed}`,
    },
  ]
  const directory = `${baseUrl}${PLACES[version].folder}/`
  return {
    ...(isNew ? { $schema: PROVIDER_SCHEMA_21 } : {}),
    canonical_url: `${here}/provider-metadata.json`,
    distributions: [
      {
        rolie: { categories: [`${here}/category.json`], feeds, services: [`${here}/service.json`] },
      },
      isNew ? { directory: { tlp_label: label, url: directory } } : { directory_url: directory },
    ],
    last_updated: updated,
    list_on_CSAF_aggregators: isForReal,
    metadata_version: version,
    mirror_on_CSAF_aggregators: isForReal,
    public_openpgp_keys: keys.map(({ fingerprint }) => ({
      fingerprint: fingerprint.toUpperCase(),
      url: `${baseUrl}${WELL_KNOWN_CSAF}/openpgp/${fingerprint}.asc`,
    })),
    publisher: { category: 'coordinator', name, namespace },
    role: keys.length > 0 ? 'csaf_trusted_provider' : 'csaf_provider',
  }
}

/** Requirement 15 (RFC 8322). */
export function rolieFeed(
  self: ProviderSelf,
  version: CsafVersion,
  files: readonly ListedFile[],
): Json {
  const { label, feed } = PLACES[version]
  return {
    feed: {
      category: [CSAF_CATEGORY],
      entry: files.map((file) => entryOf(self, version, file)),
      id: feed.replace(/\.json$/, ''),
      link: [{ href: `${versionPlace(self, version)}/${feed}`, rel: 'self' }],
      title: `Advisories of ${self.name} (TLP:${label})`,
      updated: lastChange(self, files),
    },
  }
}

function entryOf(self: ProviderSelf, version: CsafVersion, file: ListedFile): Json {
  const href = `${self.baseUrl}${PLACES[version].folder}/${file.year}/${file.fileName}`
  return {
    content: { src: href, type: 'application/json' },
    format: { schema: SCHEMAS[version], version },
    id: file.trackingId,
    link: [
      { href, rel: 'self' },
      { href: `${href}.sha256`, rel: 'hash' },
      { href: `${href}.sha512`, rel: 'hash' },
      { href: `${href}.asc`, rel: 'signature' },
    ],
    published: file.initialAt,
    summary: { content: file.summary },
    title: file.title,
    updated: file.currentAt,
  }
}

/** Requirement 16. */
export function rolieService(self: ProviderSelf, version: CsafVersion): Json {
  const { label, feed } = PLACES[version]
  const collection = {
    categories: { category: [CSAF_CATEGORY] },
    href: `${versionPlace(self, version)}/${feed}`,
    title: `Advisories of ${self.name} (TLP:${label})`,
  }
  return { service: { workspace: [{ collection: [collection], title: 'Public CSAF feed' }] } }
}

/** Requirement 17: by the category of the document. */
export function rolieCategory(version: CsafVersion): Json {
  const terms =
    version === '2.0'
      ? ['csaf_base', 'csaf_security_advisory', 'csaf_vex']
      : [
          'csaf_deprecated_security_advisory',
          'csaf_security_advisory',
          'csaf_vex',
          'csaf_withdrawn',
        ]
  return { categories: { category: terms.map((term) => ({ term })) } }
}

/** Requirement 12. */
export function indexText(files: readonly ListedFile[]): string {
  return files.map(({ year, fileName }) => `${year}/${fileName}\n`).join('')
}

/** Requirement 13: changed last first. 2.0 wants quotes, 2.1 wants none. */
export function changesCsv(version: CsafVersion, files: readonly ListedFile[]): string {
  const quote = version === '2.0' ? '"' : ''
  return files
    .map(({ year, fileName, currentAt }) => [`${year}/${fileName}`, currentAt])
    .map((cells) => `${cells.map((cell) => `${quote}${cell}${quote}`).join(',')}\r\n`)
    .join('')
}

const SECURITY_TXT_DAYS = 90

/** Requirement 8 (RFC 9116). It ends 90 days after `now`, at the end of that day. */
export function securityText(
  { baseUrl }: Pick<ProviderSelf, 'baseUrl'>,
  { now, languages }: { readonly now: Instant; readonly languages: readonly string[] },
): string {
  const lastDay = utcDateOf(addMs(now, SECURITY_TXT_DAYS * DAY_MS))
  const metadata = (folder: string) =>
    `${baseUrl}${WELL_KNOWN_CSAF}${folder}/provider-metadata.json`
  const lines = [
    `Contact: ${baseUrl}/en/report`,
    `Expires: ${lastDay}T23:59:59Z`,
    `Canonical: ${baseUrl}/.well-known/security.txt`,
    `Preferred-Languages: ${languages.join(', ')}`,
    ...['', '/v2.0', '/v2.1'].map((folder) => `CSAF: ${metadata(folder)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Requirement 14: a page of links, without script or style. */
export function listingPage(path: string, names: readonly string[]): string {
  const title = escapeXml(`Index of ${path}/`)
  const links = names.map((name) => {
    const href = escapeXml(`${path}/${name}`)
    return `<li><a href="${href}">${escapeXml(name)}</a></li>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1>
<ul>
${links.join('\n')}
</ul>
</body></html>
`
}

/** Names in the folder of a version. */
export function folderNames(files: readonly ListedFile[]): readonly string[] {
  const years = [...new Set(files.map(({ year }) => year))].sort().reverse()
  return [...years.map((year) => `${year}/`), 'changes.csv', 'index.txt']
}

export const FILE_ENDINGS = ['', '.asc', '.sha256', '.sha512'] as const

/** Names in the folder of a year; undefined if there is no such folder. */
export function yearNames(
  files: readonly ListedFile[],
  year: string,
): readonly string[] | undefined {
  const names = files
    .filter((file) => file.year === year)
    .flatMap(({ fileName }) => FILE_ENDINGS.map((ending) => `${fileName}${ending}`))
  return names.length > 0 ? names.sort() : undefined
}

const versionPlace = ({ baseUrl }: ProviderSelf, version: CsafVersion) =>
  `${baseUrl}${WELL_KNOWN_CSAF}/v${version}`

/** Of documents or keys, whichever is later. */
function lastChange({ keys }: ProviderSelf, files: readonly ListedFile[]): Instant {
  const all = [...files.map(({ currentAt }) => currentAt), ...keys.map(({ madeAt }) => madeAt)]
  return all.reduce((last, at) => (at > last ? at : last), EPOCH)
}

const EPOCH = '1970-01-01T00:00:00.000Z' as Instant
