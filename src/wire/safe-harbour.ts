/**
 * The words of safe-harbour statements that the product ships, and a statement checked by
 * who got it. Promises and conditions are chosen; the limits stand in every statement.
 */
import { Type } from '@sinclair/typebox'
import vocabularyFile from '../../vocabulary/safe-harbour.json' with { type: 'json' }
import { toHex } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import { unverified } from '../base/errors.ts'
import type {
  SafeHarbourDocument,
  SafeHarbourEvent,
  SafeHarbourItem,
} from '../core/law/safe-harbour.ts'
import type { Primitives } from '../proof/primitives.ts'

type Item = SafeHarbourItem & { readonly always?: boolean }

export const safeHarbourVocabulary: {
  readonly id: string
  readonly version: string
  readonly promises: readonly Item[]
  readonly conditions: readonly Item[]
  readonly limits: readonly Item[]
} = vocabularyFile

/** The chosen items and those that always stand, in the order of the vocabulary. */
export function chosenItems(
  all: readonly Item[],
  chosen: readonly string[],
): readonly SafeHarbourItem[] {
  return all
    .filter(({ id, always }) => always === true || chosen.includes(id))
    .map(({ id, text }) => ({ id, text }))
}

export function safeHarbourDigest(
  { sha256 }: Pick<Primitives, 'sha256'>,
  document: SafeHarbourDocument,
): string {
  return toHex(sha256(canonicalBytes(document)))
}

const text = Type.String({ maxLength: 4000 })
const items = Type.Array(Type.Object({ id: text, text }), { maxItems: 100 })
const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const law = Type.Object({ citation: text, article: text, source: text, evidence: text, text })

/** What a reader of a statement relies on; other members pass, and are under the digest. */
export const SafeHarbourIssuedForm = Type.Object({
  type: Type.Literal('safeHarbourIssued'),
  digest: sha256,
  draftedBy: text,
  officer: text,
  document: Type.Object({
    format: Type.Literal('comity-safe-harbour-1'),
    ...{ node: text, authority: text, legalOrder: text },
    version: Type.Integer({ minimum: 1 }),
    ...{ promises: items, conditions: items, limits: items },
    standsOn: Type.Union([Type.Literal('ownPolicy'), Type.Literal('ownPolicyAndLaw')]),
    laws: Type.Array(law, { maxItems: 100 }),
    simulated: Type.Boolean(),
  }),
})

export type SafeHarbourIssued = Extract<SafeHarbourEvent, { type: 'safeHarbourIssued' }>

/**
 * That the digest is that of the document, that two persons stand behind it, and that it is
 * of the node whose log holds it. Whether it still holds only the authority's page says.
 *
 * @throws ComityError `unverified`
 */
export function requireSafeHarbour(
  primitives: Pick<Primitives, 'sha256'>,
  { document, digest, draftedBy, officer }: SafeHarbourIssued,
  { node, by }: { readonly node: string; readonly by: string },
): void {
  if (document.node !== node) throw unverified('the statement is of another authority')
  if (safeHarbourDigest(primitives, document) !== digest) {
    throw unverified('the digest is not that of the statement')
  }
  if (officer !== by) throw unverified('the event names another officer than the one who signed')
  if (draftedBy === officer) throw unverified('one person drafted and issued the statement')
}
