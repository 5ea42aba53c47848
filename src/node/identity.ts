/**
 * Who this node is, in its own authority stream: its signed document, the officers
 * with their keys, the peers it has pinned. Logged like everything else, so that a
 * package can be verified with nothing but a policy.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCeremonies } from '../adapters/keys/ceremony-records.ts'
import type { Database } from '../adapters/postgres/database.ts'
import type { Kernel, Profile } from '../app/kernel.ts'
import type { NewOfficer, Officer } from '../app/ports/people.ts'
import type { Random } from '../app/ports/random.ts'
import type { AnyEvent } from '../app/ports/streams.ts'
import { type Bytes, toBase64 } from '../base/bytes.ts'
import { canonicalText } from '../base/canonical-json.ts'
import { unavailable } from '../base/errors.ts'
import { type AuthorityEvent, foldAuthority, noAuthority } from '../core/authority/authority.ts'
import type { Recorded } from '../core/case/recorded.ts'
import { readSignedDocument } from '../wire/exchange/node-document.ts'
import type { NodeConfig } from './config.ts'

const OWN_STREAMS = 'own-streams'

export type OwnStreams = {
  readonly authority: string
  readonly law: string
  readonly sealing: string
  readonly oversight: string
  readonly erasure: string
}

/** Ids of the streams that every node has; chosen once. */
export async function ownStreams(database: Database, random: Random): Promise<OwnStreams> {
  const first = { authority: random.uuidByTime(), law: random.uuidByTime() }
  const sealing = { sealing: random.uuidByTime() }
  const oversight = { oversight: random.uuidByTime() }
  const erasure = { erasure: random.uuidByTime() }
  return {
    ...((await keptSetting(database, OWN_STREAMS, first)) as typeof first),
    ...((await keptSetting(database, 'sealing-stream', sealing)) as typeof sealing),
    ...((await keptSetting(database, 'oversight-stream', oversight)) as typeof oversight),
    ...((await keptSetting(database, 'erasure-stream', erasure)) as typeof erasure),
  }
}

/**
 * A node never changes between exercise and service: what is in its database would
 * be taken for what it is not.
 *
 * @throws ComityError `unavailable`
 */
export async function requireSameProfile(database: Database, profile: Profile): Promise<void> {
  const kept = (await keptSetting(database, 'profile', { profile })) as { profile: Profile }
  if (kept.profile === profile) return
  throw unavailable(
    `the database is that of a ${kept.profile} node and the configuration says ${profile}: ` +
      'a node never changes its profile; set up another one with comity init',
    { reason: 'profile-changed' },
  )
}

async function keptSetting(database: Database, key: string, fresh: object): Promise<unknown> {
  await database
    .insertInto('node_setting')
    .values({ key, value: JSON.stringify(fresh) })
    .onConflict((on) => on.doNothing())
    .execute()
  const row = await database
    .selectFrom('node_setting')
    .select('value')
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  return row.value
}

/** Officers that the setup listed and the node does not know yet. */
export async function enrolOfficers(kernel: Kernel, file: string): Promise<void> {
  if (!existsSync(file)) return
  const listed = JSON.parse(readFileSync(file, 'utf8')) as NewOfficer[]
  const known = new Set((await kernel.staff.everyone()).map(({ id }) => id))
  for (const person of listed) {
    if (!known.has(person.id)) await kernel.people.enrol(person)
  }
}

/** Appends what the authority stream does not say yet. Returns the signed node document. */
export async function recordIdentity(kernel: Kernel, { folder }: NodeConfig): Promise<Bytes> {
  const document = new Uint8Array(readFileSync(join(folder, 'node.json')))
  const officers = await kernel.people.officers()
  const wanted: AuthorityEvent[] = [
    { type: 'nodeDocumentPublished', document: readSignedDocument(document) },
    ...kernel.peers.all().map(
      (peer): AuthorityEvent => ({
        type: 'peerPinned',
        node: peer.id,
        document: readSignedDocument(peer.document),
      }),
    ),
    ...(await readCeremonies(join(folder, 'keys'))),
  ]
  await kernel.streams.transact(async (unit) => {
    for (const [id, kind] of [
      [kernel.authorityStreamId, 'authority'],
      [kernel.lawStreamId, 'law'],
      [kernel.sealingStreamId, 'sealing'],
      [kernel.oversightStreamId, 'oversight'],
      [kernel.erasureStreamId, 'erasure'],
    ] as const) {
      const stream = (await unit.open(id)) ?? (await unit.create(id, kind))
      if (kind !== 'authority') continue
      const known = new Set(stream.history.map(({ event }) => textOf(asPinned(event))))
      const missing = wanted.filter((event) => !known.has(textOf(event)))
      missing.push(...notEnrolled(officers, stream.history))
      if (missing.length > 0) await stream.append(missing, kernel.node.id)
    }
  })
  return document
}

/** Roles change by events of their own, so an enrolment is missing only where the key is new. */
function notEnrolled(
  officers: readonly Officer[],
  history: readonly Recorded<AnyEvent>[],
): AuthorityEvent[] {
  const state = (history as readonly Recorded<AuthorityEvent>[]).reduce(foldAuthority, noAuthority)
  const holds = new Map(
    state.enrolments
      .filter(({ leftAt }) => leftAt === null)
      .map(({ officer, publicKey }) => [officer, publicKey]),
  )
  return officers
    .map(({ id, publicKey, roles }) => ({ officer: id, publicKey: toBase64(publicKey), roles }))
    .filter(({ officer, publicKey }) => holds.get(officer) !== publicKey)
    .map((enrolled) => ({ type: 'officerEnrolled', ...enrolled }))
}

/** One that renewed itself needs no second event when the node starts. */
function asPinned(event: AnyEvent): AnyEvent {
  return event.type === 'peerDocumentRenewed' ? { ...event, type: 'peerPinned' } : event
}

const textOf = (event: AnyEvent) => canonicalText(event)
