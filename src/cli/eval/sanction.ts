/** `comity eval sanction`: what may a fine reach? Answered as if the packs were signed off. */
import type { Json } from '../../base/canonical-json.ts'
import { answerSanction, readSanctionAsk } from '../../wire/sanction-question.ts'
import { shippedLaw } from '../law/shipped-law.ts'
import { objectIn } from './fields.ts'

/**
 * `{tier, turnover?, currency?, violations?, days?, benefit?, is?, facts?, on?}` →
 * `{tier, state, maximum, minimum, alternatives, currency, formula, steps, base, source, evidence, …}`;
 * with `instrument` in place of `tier`, the answers of all its tiers.
 *
 * @throws ComityError `malformed`
 */
export function evalSanction(input: Json): Json {
  return answerSanction(shippedLaw(), readSanctionAsk(objectIn(input))) as unknown as Json
}
