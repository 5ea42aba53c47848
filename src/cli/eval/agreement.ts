/** What is wrong with an agreement, by the shipped packs, or what a version of it changes? */
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import type { Json } from '../../base/canonical-json.ts'
import { answerAgreement } from '../../wire/agreement-ask.ts'
import { shippedLaw } from '../law/shipped-law.ts'

export function evalAgreement(input: Json): Json {
  return answerAgreement({ packs: shippedLaw().packs, primitives: nodePrimitives }, input)
}
