/**
 * Looks at a CSAF trusted provider as the standard's list of requirements says (OASIS
 * CSAF 2.0 and 2.1, section 7.1), from outside: by its addresses only, with an OpenPGP
 * library and the validator of another project. It shares no code with what it checks.
 *
 * Each finding names the requirement. 3 (TLS) is judged by the addresses; 5 (access
 * control) by the absence of anything but TLP:CLEAR; 10 (DNS) is one of three ways and is
 * not looked at; 21 to 23 are those of aggregators.
 */
import { createHash } from 'node:crypto'
import { createMessage, readKey, readSignature, verify } from 'openpgp'

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export type Provider = {
  readonly origin: string
  get(path: string, userAgent?: string): Promise<Answer>
  /** Names of tests that the document fails. */
  validate(document: unknown): Promise<readonly string[]>
  readonly now: Date
}

// biome-ignore lint/suspicious/noExplicitAny: foreign documents, looked at member by member
type Any = any

type Look = {
  readonly provider: Provider
  readonly findings: string[]
  readonly keys: readonly { readonly fingerprint: string; readonly armored: string }[]
}

const VERSIONS = {
  '2.0': {
    label: 'WHITE',
    schema: 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json',
  },
  '2.1': { label: 'CLEAR', schema: 'https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json' },
} as const
type Version = keyof typeof VERSIONS

/** Empty if every requirement is met. */
export async function checkProvider(provider: Provider): Promise<readonly string[]> {
  const findings: string[] = []
  const places = await checkSecurityText(provider, findings)
  const leading = '/.well-known/csaf/provider-metadata.json'
  if (places[0] !== leading) findings.push('8: the well-known place is not the first CSAF line')
  const seen = new Map<string, Any>()
  for (const place of new Set([leading, ...places])) {
    const answer = await take(provider, findings, place, 'application/json')
    const metadata = parsed(answer, findings, `7: ${place}`)
    if (metadata) seen.set(metadata.metadata_version, metadata)
  }
  for (const version of Object.keys(VERSIONS) as Version[]) {
    const metadata = seen.get(version)
    if (!metadata) findings.push(`7: no metadata of ${version}`)
    else await checkVersion(provider, findings, metadata, version)
  }
  return findings
}

async function checkSecurityText(provider: Provider, findings: string[]): Promise<string[]> {
  const { body } = await take(provider, findings, '/.well-known/security.txt', 'text/plain')
  const fields = body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(/: (.*)/s))
  const of = (name: string) => fields.filter(([key]) => key === name).map(([, value = '']) => value)
  const [expires = ''] = of('Expires')
  const endsIn = (Date.parse(expires) - provider.now.getTime()) / 86_400_000
  if (!(endsIn > 0 && endsIn < 366)) findings.push('8: Expires is not within a year')
  if (of('Expires').length !== 1) findings.push('8: one Expires')
  if (of('Contact').length === 0) findings.push('8: no Contact')
  const lines = of('CSAF')
  for (const line of lines) if (!line.startsWith('https://')) findings.push(`3: ${line}`)
  return lines.flatMap((line) => pathOf(provider, findings, line))
}

async function checkVersion(
  provider: Provider,
  findings: string[],
  metadata: Any,
  version: Version,
): Promise<void> {
  checkMetadata(findings, metadata, version)
  const keys = await keysOf(provider, findings, metadata)
  const look: Look = { provider, findings, keys }
  const rolie = metadata.distributions.find((one: Any) => one.rolie)?.rolie
  const directory = metadata.distributions.find((one: Any) => one.directory_url ?? one.directory)
  if (!rolie || !directory) return void findings.push(`7: ${version} has no two distributions`)
  const base = directory.directory_url ?? directory.directory.url
  const fromFeed = await checkRolie(look, rolie, version)
  const [folder = ''] = pathOf(provider, findings, base)
  const fromIndex = await checkDirectory(look, folder, version)
  if (JSON.stringify([...fromFeed].sort()) !== JSON.stringify([...fromIndex].sort())) {
    findings.push(`15: feed and index of ${version} differ`)
  }
  for (const path of fromIndex) await checkDocument(look, path, version)
}

function checkMetadata(findings: string[], metadata: Any, version: Version): void {
  const known: Record<Version, readonly string[]> = {
    '2.0': [],
    '2.1': ['$schema', 'maintained_from', 'maintained_until'],
  }
  const members = [
    'canonical_url',
    'distributions',
    'last_updated',
    'list_on_CSAF_aggregators',
    'metadata_version',
    'mirror_on_CSAF_aggregators',
    'public_openpgp_keys',
    'publisher',
    'role',
    ...known[version],
  ]
  for (const name of Object.keys(metadata)) {
    if (!members.includes(name)) findings.push(`7: ${version} knows no ${name}`)
  }
  if (!/^https:\/\/.*\/provider-metadata\.json$/.test(metadata.canonical_url)) {
    findings.push('7: canonical_url')
  }
  if (Number.isNaN(Date.parse(metadata.last_updated))) findings.push('7: last_updated')
  if (metadata.role !== 'csaf_trusted_provider') findings.push('7: role')
  for (const name of ['list_on_CSAF_aggregators', 'mirror_on_CSAF_aggregators']) {
    if (typeof metadata[name] !== 'boolean') findings.push(`7: ${name}`)
  }
  const { category, name, namespace } = metadata.publisher
  if (category !== 'coordinator' || !name || !URL.canParse(namespace)) findings.push('7: publisher')
}

async function keysOf(provider: Provider, findings: string[], metadata: Any) {
  const keys: { fingerprint: string; armored: string }[] = []
  for (const { fingerprint, url } of metadata.public_openpgp_keys) {
    if (!/^[0-9a-fA-F]{40,}$/.test(fingerprint)) findings.push('20: fingerprint')
    for (const path of pathOf(provider, findings, url)) {
      const { body } = await take(provider, findings, path, 'application/pgp-keys')
      const key = await readKey({ armoredKey: body }).catch(() => undefined)
      if (!key) findings.push('20: not a key')
      else if (key.getFingerprint() !== fingerprint.toLowerCase()) findings.push('20: another key')
      else if (key.isPrivate()) findings.push('20: a private key is served')
      else keys.push({ fingerprint, armored: body })
    }
  }
  if (keys.length === 0) findings.push('20: no key')
  return keys
}

/** @returns paths of the documents */
async function checkRolie(look: Look, rolie: Any, version: Version): Promise<string[]> {
  const { provider, findings } = look
  for (const url of [...(rolie.services ?? []), ...(rolie.categories ?? [])]) {
    for (const path of pathOf(provider, findings, url)) {
      const found = parsed(await take(provider, findings, path, 'application/json'), findings, '16')
      if (!found?.service?.workspace && !found?.categories?.category) findings.push(`16: ${path}`)
    }
  }
  const [feed, ...others] = rolie.feeds
  if (others.length > 0 || feed?.tlp_label !== VERSIONS[version].label) findings.push('15: label')
  const [place = ''] = pathOf(provider, findings, feed.url)
  const found = parsed(await take(provider, findings, place, 'application/json'), findings, '15')
  const { category, entry, id, link, title, updated } = found?.feed ?? {}
  if (!id || !title || Number.isNaN(Date.parse(updated))) findings.push('15: id, title, updated')
  const isCsaf = category?.some(
    ({ scheme, term }: Any) =>
      scheme === 'urn:ietf:params:rolie:category:information-type' && term === 'csaf',
  )
  if (!isCsaf) findings.push('15: information type')
  const self = link?.find(({ rel }: Any) => rel === 'self')
  if (self?.href !== feed.url) findings.push('15: self of the feed')
  return (entry ?? []).flatMap((one: Any) => {
    const hrefs = (rel: string) =>
      one.link.filter((each: Any) => each.rel === rel).map(({ href }: Any) => href)
    const src = one.content?.src
    if (one.content?.type !== 'application/json') findings.push('15: content type')
    if (one.format?.version !== version || one.format?.schema !== VERSIONS[version].schema) {
      findings.push('15: format')
    }
    if (hrefs('self')[0] !== src) findings.push('15: self of an entry')
    if (hrefs('hash').join() !== `${src}.sha256,${src}.sha512`) findings.push('15: hashes')
    if (hrefs('signature').join() !== `${src}.asc`) findings.push('15: signature')
    return pathOf(provider, findings, src)
  })
}

/** @returns paths of the documents */
async function checkDirectory(look: Look, folder: string, version: Version): Promise<string[]> {
  const { provider, findings } = look
  const index = await take(provider, findings, `${folder}index.txt`, 'text/plain')
  const names = index.body.split('\n').filter((line) => line !== '')
  const changes = await take(provider, findings, `${folder}changes.csv`, 'text/csv')
  const cell = version === '2.0' ? '"([^"]+)"' : '([^",]+)'
  const rows = changes.body.split('\r\n').filter((line) => line !== '')
  const read = rows.map((row) => new RegExp(`^${cell},${cell}$`).exec(row))
  if (read.some((row) => row === null)) findings.push(`13: form of ${version}`)
  const dates = read.map((row) => Date.parse(row?.[2] ?? ''))
  if (dates.some((date, at) => Number.isNaN(date) || date > (dates[at - 1] ?? date))) {
    findings.push('13: order')
  }
  const listed = read.map((row) => row?.[1] ?? '').sort()
  if (listed.join() !== [...names].sort().join()) findings.push('13: another list than index.txt')
  const top = await take(provider, findings, folder, 'text/html')
  for (const name of names) {
    const [year = '', file = ''] = name.split('/')
    if (!/^\d{4}$/.test(year)) findings.push(`11: ${name}`)
    if (!top.body.includes(`${folder}${year}/`)) findings.push(`14: no link to ${year}`)
    const page = await take(provider, findings, `${folder}${year}/`, 'text/html')
    if (!page.body.includes(`"${folder}${year}/${file}"`)) findings.push(`14: no link to ${name}`)
    if (/<script/i.test(page.body)) findings.push('14: a script')
  }
  return names.map((name) => `${folder}${name}`)
}

async function checkDocument(look: Look, path: string, version: Version): Promise<void> {
  const { provider, findings } = look
  const { body } = await take(provider, findings, path, 'application/json')
  const document = parsed({ body }, findings, `1: ${path}`)
  if (!document) return
  for (const name of await provider.validate(document)) findings.push(`1: ${path} ${name}`)
  const { tracking, distribution, csaf_version } = document.document
  if (csaf_version !== version) findings.push(`1: ${path} is of ${csaf_version}`)
  const name = `${tracking.id.toLowerCase().replace(/[^+\-a-z0-9]+/g, '_')}.json`
  if (!path.endsWith(`/${name}`)) findings.push(`2: ${path}`)
  if (distribution?.tlp?.label !== VERSIONS[version].label) findings.push(`5: ${path}`)
  if (!path.includes(`/${tracking.initial_release_date.slice(0, 4)}/`)) findings.push(`11: ${path}`)
  for (const [ending, algorithm] of [
    ['sha256', 'sha256'],
    ['sha512', 'sha512'],
  ] as const) {
    const hash = await take(provider, findings, `${path}.${ending}`, 'text/plain')
    const digest = createHash(algorithm).update(body).digest('hex')
    if (hash.body.split(/[ \n]/)[0] !== digest) findings.push(`18: ${path}.${ending}`)
  }
  const { body: armored } = await take(
    provider,
    findings,
    `${path}.asc`,
    'application/pgp-signature',
  )
  if (!(await isSigned(look, body, armored))) findings.push(`19: ${path}.asc`)
}

async function isSigned({ provider, keys }: Look, body: string, armored: string) {
  const signature = await readSignature({ armoredSignature: armored }).catch(() => undefined)
  if (!signature) return false
  const message = await createMessage({ binary: Buffer.from(body) })
  const verificationKeys = await Promise.all(
    keys.map((key) => readKey({ armoredKey: key.armored })),
  )
  // It must hold today and in 90 days.
  for (const days of [0, 90]) {
    const date = new Date(provider.now.getTime() + days * 86_400_000)
    const result = await verify({ message, signature, verificationKeys, date })
    const holds = await result.signatures[0]?.verified.catch(() => false)
    if (!holds) return false
  }
  return true
}

/** 4, 6, 24, 25: free, without redirect, for every program, from every page. */
async function take(
  provider: Provider,
  findings: string[],
  path: string,
  type: string,
): Promise<Answer> {
  const answer = await provider.get(path)
  if (answer.status >= 300 && answer.status < 400) findings.push(`6: ${path}`)
  else if (answer.status !== 200) findings.push(`4: ${path} answers ${answer.status}`)
  if (!String(answer.headers['content-type']).startsWith(type)) findings.push(`type: ${path}`)
  if (answer.headers['access-control-allow-origin'] !== '*') findings.push(`25: ${path}`)
  const other = await provider.get(path, 'curl/8.0')
  if (other.body !== answer.body || other.status !== answer.status) findings.push(`24: ${path}`)
  return answer
}

function parsed({ body }: { readonly body: string }, findings: string[], where: string): Any {
  try {
    return JSON.parse(body)
  } catch {
    findings.push(`${where} is no JSON`)
    return undefined
  }
}

function pathOf(provider: Provider, findings: string[], url: string): string[] {
  if (String(url).startsWith(`${provider.origin}/`)) return [url.slice(provider.origin.length)]
  findings.push(`3: ${url} is at another place`)
  return []
}
