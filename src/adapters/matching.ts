/** Matching by the oblivious function of a library (RFC 9497), and the daily count in the database. */
import { ristretto255_oprf } from '@noble/curves/ed25519.js'
import { sql } from 'kysely'
import type { Blinded, MatchAnswer, Matching, MatchParties } from '../app/ports/matching.ts'
import type { Random } from '../app/ports/random.ts'
import { fromBase64, toBase64, utf8 } from '../base/bytes.ts'
import { malformed } from '../base/errors.ts'
import { MATCH_MARKS, MATCH_QUESTIONS_A_DAY } from '../core/triage/matching.ts'
import type { Database } from './postgres/database.ts'

/** RFC 9497, section 3.3.2: who has the key evaluates alone. The library has it; its types lack it. */
type Alone = { evaluate(secretKey: Uint8Array, input: Uint8Array): Uint8Array }
const voprf = ristretto255_oprf.voprf as typeof ristretto255_oprf.voprf & Alone
const MARK_BYTES = 16

export function createMatching(random: Random, database: Database): Matching {
  return {
    blind,
    answer: (parties, asked, own) => answer(random, parties, asked, own),
    hits,
    take: (peer, day) => take(database, peer, day),
  }
}

function blind(parties: MatchParties, identifiers: readonly string[]): Blinded {
  const made = identifiers.map((one) => voprf.blind(inputOf(parties, one)))
  return {
    blinds: made.map((one) => toBase64(one.blind)),
    blinded: made.map((one) => toBase64(one.blinded)),
  }
}

/** The first bytes of what the key holder gets alone. */
export function markUnder(
  secretKey: Uint8Array,
  parties: MatchParties,
  identifier: string,
): string {
  return markOf(voprf.evaluate(secretKey, inputOf(parties, identifier)))
}

/** Bound to both and to the direction, so that no answer serves anybody else. */
function inputOf({ asker, answerer }: MatchParties, identifier: string): Uint8Array {
  return utf8(['comity/match/v1', asker, answerer, identifier].join('\n'))
}

/** Random identifiers fill up: how many are real, neither size nor time tells. */
function answer(
  random: Random,
  parties: MatchParties,
  asked: readonly string[],
  own: readonly string[],
): MatchAnswer {
  const keys = voprf.generateKeyPair()
  const held = [...new Set(own)].slice(0, MATCH_MARKS)
  const fill = Array.from({ length: MATCH_MARKS - held.length }, () => toBase64(random.bytes(32)))
  const marks = [...held, ...fill].map((one) => markUnder(keys.secretKey, parties, one))
  return { ...evaluate(keys, asked), marks: marks.toSorted() }
}

/** The library throws for what is no element, and for the neutral one. */
function evaluate(
  { secretKey, publicKey }: ReturnType<typeof voprf.generateKeyPair>,
  asked: readonly string[],
): Omit<MatchAnswer, 'marks'> {
  const blinded = asked.map((one) => fromBase64(one, 'blinded'))
  try {
    const { evaluated, proof } = voprf.blindEvaluateBatch(secretKey, publicKey, blinded)
    return {
      publicKey: toBase64(publicKey),
      evaluated: evaluated.map((one) => toBase64(one)),
      proof: toBase64(proof),
    }
  } catch (cause) {
    throw malformed('what was asked is no element of the group', { field: 'blinded', cause })
  }
}

/** The proof says that all were evaluated with one key. */
const hits: Matching['hits'] = (parties, { identifiers, blinds, blinded }, answered) => {
  const { evaluated, publicKey, proof, marks } = answered
  if (evaluated.length !== identifiers.length) {
    throw malformed('the answer is not about what was asked', { field: 'evaluated' })
  }
  const items = identifiers.map((one, at) => ({
    input: inputOf(parties, one),
    blind: fromBase64(blinds[at] ?? '', 'blinds'),
    blinded: fromBase64(blinded[at] ?? '', 'blinded'),
    evaluated: fromBase64(evaluated[at] ?? '', 'evaluated'),
  }))
  const key = fromBase64(publicKey, 'publicKey')
  const outputs = proven(() => voprf.finalizeBatch(items, key, fromBase64(proof, 'proof')))
  const held = new Set(marks)
  return identifiers.filter((_, at) => held.has(markOf(outputs[at] ?? new Uint8Array())))
}

function proven<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw malformed('the answer was not made with one key', { field: 'proof', cause })
  }
}

function markOf(output: Uint8Array): string {
  return toBase64(output.slice(0, MARK_BYTES))
}

/** Old days go with the next question of that peer. */
async function take(database: Database, peer: string, day: string): Promise<boolean> {
  await sql`delete from match_question where peer = ${peer} and asked_on < ${day}::date`.execute(
    database,
  )
  const { rows } = await sql<{ asked: number }>`
    insert into match_question (peer, asked_on, asked) values (${peer}, ${day}::date, 1)
    on conflict (peer, asked_on) do update set asked = match_question.asked + 1
      where match_question.asked < ${MATCH_QUESTIONS_A_DAY}
    returning asked`.execute(database)
  return rows.length > 0
}
