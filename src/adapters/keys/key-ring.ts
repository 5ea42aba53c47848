/**
 * The ring: which keys a node has, by purpose and generation, with their intervals
 * and revocations. Public parts only: the file `keys.json` beside the private ones
 * holds nothing that opens or signs anything.
 *
 * The first generation of today's files needs no ring file; it is read from the
 * files themselves and written down when something changes.
 */
import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { canonicalBytes, parseJson } from '../../base/canonical-json.ts'
import { malformed, unavailable } from '../../base/errors.ts'
import { type Instant, instant } from '../../base/time.ts'
import { exists, readPrivate, replacePrivate } from './private-files.ts'

/** What every node has had from its first start. */
const FIRST_PURPOSES = ['message', 'log', 'witness', 'encryption', 'column'] as const
/** What nodes of older releases may lack: `comity keys add` makes it. */
export const ADDED_PURPOSES = ['witnessMlDsa44'] as const
export const PURPOSES = [...FIRST_PURPOSES, ...ADDED_PURPOSES] as const
export type Purpose = (typeof PURPOSES)[number]
export type AddedPurpose = (typeof ADDED_PURPOSES)[number]

export const isAdded = (purpose: string): purpose is AddedPurpose =>
  (ADDED_PURPOSES as readonly string[]).includes(purpose)

export type SigningAlgorithm = 'ed25519' | 'ml-dsa-44'

export const algorithmOf = (purpose: Purpose): SigningAlgorithm =>
  purpose === 'witnessMlDsa44' ? 'ml-dsa-44' : 'ed25519'

const InstantText = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
})
const End = Type.Union([InstantText, Type.Null()])
const strict = { additionalProperties: false } as const

const RingKeyForm = Type.Object(
  {
    purpose: Type.Union(PURPOSES.map((purpose) => Type.Literal(purpose))),
    generation: Type.Integer({ minimum: 1, maximum: 10_000 }),
    /** What the store calls it: a file, a label, a name. */
    ref: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' }),
    /** Base64 of a public key, an age recipient, or the check value of a column key. */
    public: Type.String({ minLength: 8, maxLength: 3000 }),
    validFrom: End,
    /** Of signing keys and recipients: when others stop accepting it. */
    validUntil: End,
    /** Of identities and column keys: until when the node keeps it to open old things. */
    opensUntil: End,
    revoked: Type.Union([
      Type.Null(),
      Type.Object(
        {
          at: InstantText,
          reason: Type.Union([
            Type.Literal('compromised'),
            Type.Literal('lost'),
            Type.Literal('superseded'),
          ]),
        },
        strict,
      ),
    ]),
  },
  strict,
)

const RingForm = Type.Object(
  {
    v: Type.Literal(1),
    node: Type.String({ minLength: 1, maxLength: 255 }),
    keys: Type.Array(RingKeyForm, { minItems: 1, maxItems: 200 }),
  },
  strict,
)

type Stored = Static<typeof RingKeyForm>
export type RingKey = Readonly<
  Omit<Stored, 'validFrom' | 'validUntil' | 'opensUntil' | 'revoked' | 'purpose'>
> & {
  readonly purpose: Purpose
  readonly validFrom: Instant | null
  readonly validUntil: Instant | null
  readonly opensUntil: Instant | null
  readonly revoked: {
    readonly at: Instant
    readonly reason: 'compromised' | 'lost' | 'superseded'
  } | null
}
export type Ring = { readonly v: 1; readonly node: string; readonly keys: readonly RingKey[] }

const RING_FILE = 'keys.json'

/** `undefined` if nothing was written down yet. @throws ComityError `unavailable` */
export async function readRing(folder: string, node: string): Promise<Ring | undefined> {
  const path = join(folder, RING_FILE)
  if (!(await exists(path))) return undefined
  const ring = parseRing(await readPrivate(path))
  if (ring.node !== node) {
    throw unavailable(`the keys in ${folder} are those of another node`, { reason: 'key-node' })
  }
  return ring
}

export async function writeRing(folder: string, ring: Ring): Promise<void> {
  await replacePrivate(join(folder, RING_FILE), canonicalBytes(parseRing(canonicalBytes(ring))))
}

/** @throws ComityError `malformed` */
export function parseRing(bytes: Uint8Array): Ring {
  const value: unknown = parseJson(bytes)
  const fault = Value.Errors(RingForm, value).First()
  if (fault) {
    const field = fault.path.slice(1).replaceAll('/', '.')
    throw malformed('the list of keys is not sound', { field, reason: 'key-ring' })
  }
  const ring = value as Ring
  const seen = new Set<string>()
  for (const { purpose, generation, validFrom, validUntil, opensUntil } of ring.keys) {
    for (const end of [validFrom, validUntil, opensUntil]) if (end !== null) instant(end)
    const isEmpty = validFrom !== null && validUntil !== null && validFrom >= validUntil
    if (isEmpty || seen.has(`${purpose}-${generation}`)) {
      throw malformed('the list of keys is not sound', { field: purpose, reason: 'key-ring' })
    }
    seen.add(`${purpose}-${generation}`)
  }
  return ring
}

/** Newest generation first. */
export function keysFor({ keys }: Ring, purpose: Purpose): readonly RingKey[] {
  return keys
    .filter((key) => key.purpose === purpose)
    .toSorted((one, other) => other.generation - one.generation)
}

/** The newest key of a purpose that counts at `now`. @throws ComityError `unavailable` */
export function currentKey(ring: Ring, purpose: Purpose, now: Instant): RingKey {
  const found = keysFor(ring, purpose).find(
    ({ validFrom, validUntil, revoked }) =>
      (validFrom === null || validFrom <= now) &&
      (validUntil === null || now < validUntil) &&
      (revoked === null || now < revoked.at),
  )
  if (found) return found
  throw unavailable(
    `no ${purpose} key counts at this time: its interval is over, not begun, or it is revoked; see comity keys list`,
    { reason: 'no-current-key', field: purpose },
  )
}

/** Whether the node still keeps this identity or column key to open old things. */
export function isKept({ opensUntil }: RingKey, now: Instant): boolean {
  return opensUntil === null || now < opensUntil
}

/** The name of a message key in the node document. */
export const messageKeyId = (node: string, generation: number) => `${node}/msg${generation}`
