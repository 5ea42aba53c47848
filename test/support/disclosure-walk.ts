/**
 * Who may find which planted word where, said independently of the node's own rules, and
 * people who knock at every route. The words are distinct: one for each place in which
 * something was said.
 */
import { randomBytes } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import type { Json } from '../../src/base/canonical-json.ts'
import { type Hand, signInLink } from '../../src/cli/story/client.ts'
import type { DemoNode } from '../../src/node/demo-setup.ts'
import { searchIn, type Words, wordsOf } from './canaries.ts'
import type { Place } from './demo.ts'
import type { SeededRandom } from './seeded-random.ts'

export type Canary = {
  readonly word: string
  /** What it was said in, e.g. `report description` or `meridia officer warnOperator/text`. */
  readonly what: string
  readonly at: Place
  readonly kind: 'report' | 'transcript' | 'contact' | 'officer'
  /** Of which of the two cases. */
  readonly of: 'story' | 'quiet'
}

export class Canaries {
  readonly all: Map<string, Canary> = new Map()
  #words: { readonly count: number; readonly words: Words } | undefined

  plant(canary: Omit<Canary, 'word'>): string {
    const known = [...this.all.values()].find(
      ({ what, at, of }) => what === canary.what && at === canary.at && of === canary.of,
    )
    if (known) return known.word
    const word = `qz${randomBytes(9).toString('hex')}`
    this.all.set(word, { ...canary, word })
    return word
  }

  /** All that stand in some bytes, in any dress, packed ones too. */
  in(bytes: Uint8Array): readonly Canary[] {
    const content = Buffer.from(bytes)
    if (this.#words?.count !== this.all.size) {
      const named = Object.fromEntries([...this.all.keys()].map((word) => [word, word]))
      this.#words = { count: this.all.size, words: wordsOf(named) }
    }
    const { words } = this.#words
    const found = [content, ...zipped(content)].flatMap((one) => searchIn(one, '', words))
    const unique = new Set(found.map(({ what }) => what))
    return [...unique].flatMap((word) => this.all.get(word) ?? [])
  }
}

const ENTRY = Buffer.from([0x50, 0x4b, 0x03, 0x04])

/** Entries of an archive such as a DOCX or XLSX (raw deflate has no mark of its own). */
function zipped(content: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = content.indexOf(ENTRY); at >= 0; at = content.indexOf(ENTRY, at + 4)) {
    if (content.length < at + 30 || content.readUInt16LE(at + 8) !== 8) continue
    const start = at + 30 + content.readUInt16LE(at + 26) + content.readUInt16LE(at + 28)
    try {
      found.push(inflateRawSync(content.subarray(start), { maxOutputLength: 16 * 1024 * 1024 }))
    } catch {
      // Not an entry, or one whose end is missing: the bytes themselves were searched.
    }
  }
  return found
}

/** Every sentence that an officer says gets a word of its own, by act and member. */
export function speaking(
  hand: Hand,
  canaries: Canaries,
  who: Pick<Canary, 'at' | 'of'> & { readonly role: string },
): Hand {
  const said = (act: string, input: object) =>
    act === 'publishAdvisory' ? input : (mark(input as Json, act) as object)
  const mark = (value: Json, place: string): Json => {
    if (typeof value === 'string') {
      if (!value.includes(' ')) return value
      const { at, of, role } = who
      return `${value} ${canaries.plant({ what: `${role} ${place}`, at, of, kind: 'officer' })}`
    }
    if (Array.isArray(value)) return value.map((one) => mark(one, place))
    if (value === null || typeof value !== 'object') return value
    const entries = Object.entries(value).map(([key, member]) => {
      const isTurn = place.startsWith('sealExhibit/parts')
      return [key, isTurn ? member : mark(member as Json, `${place}/${key}`)]
    })
    return Object.fromEntries(entries) as Json
  }
  return {
    ...hand,
    act: (caseId, name, input) => hand.act(caseId, name, said(name, input)),
    do: (caseId, name, input) => hand.do(caseId, name, said(name, input)),
    mustRefuse: (caseId, name, input, why) => hand.mustRefuse(caseId, name, said(name, input), why),
  }
}

export type Visitor = {
  readonly name: string
  readonly at: Place
  /** Absent: a stranger. */
  readonly role?: string
  ask(method: string, path: string): Promise<Asked>
}

export type Asked = { readonly status: number; readonly bytes: Uint8Array }

export function stranger(node: DemoNode, at: Place): Visitor {
  return { name: `stranger at ${at}`, at, ask: (method, path) => knock(node, {}, method, path) }
}

/** Signed in, with the token of its forms; signs in again where its session has ended. */
export async function visitor(node: DemoNode, at: Place, role: string): Promise<Visitor> {
  let cookie = await enter(node, role)
  let formToken = await tokenOf(node, cookie)
  return {
    name: `${role} at ${at}`,
    at,
    role,
    async ask(method, path) {
      const asked = await knock(node, { cookie, formToken }, method, path)
      if (asked.status !== 401 && asked.status !== 303) return asked
      cookie = await enter(node, role)
      formToken = await tokenOf(node, cookie)
      return knock(node, { cookie, formToken }, method, path)
    },
  }
}

async function enter(node: DemoNode, key: string): Promise<string> {
  const link = await signInLink(node, key)
  const response = await fetch(`${node.baseUrl}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })
  return (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
}

async function tokenOf(node: DemoNode, cookie: string): Promise<string> {
  const headers = { cookie, accept: 'text/html' }
  const page = await fetch(`${node.baseUrl}/en/officer/account`, { headers })
  return /name="formToken"[^>]*value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
}

type Who = { readonly cookie?: string; readonly formToken?: string }

/** A node may end a connection that was kept between two questions. */
async function knock(node: DemoNode, who: Who, method: string, path: string): Promise<Asked> {
  try {
    return await knockOnce(node, who, method, path)
  } catch {
    return knockOnce(node, who, method, path)
  }
}

async function knockOnce(
  { baseUrl }: DemoNode,
  { cookie, formToken = '' }: Who,
  method: string,
  path: string,
): Promise<Asked> {
  const isPage = /^\/en(\/|$)/.test(path)
  const type = isPage ? 'application/x-www-form-urlencoded' : 'application/json'
  const response = await fetch(baseUrl + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(cookie ? { cookie } : {}),
      ...(isPage ? { accept: 'text/html' } : {}),
      origin: baseUrl,
      ...(method === 'GET' || method === 'DELETE' ? {} : { 'content-type': type }),
    },
    ...(method === 'GET' || method === 'DELETE'
      ? {}
      : { body: isPage ? new URLSearchParams({ formToken }).toString() : '{}' }),
  })
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) }
}

/** Fills the places of an address, each with one of what is known for its name. */
export function addressOf(
  url: string,
  known: Readonly<Record<string, readonly string[]>>,
  random: SeededRandom,
): string {
  const none = ['01890000-0000-7000-8000-000000000000']
  return url
    .replaceAll(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(random.pick(known[name] ?? none)),
    )
    .replace('*', random.pick(known['*'] ?? ['']))
}
