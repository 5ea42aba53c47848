/** The list of the law packs in use. Pure. */
import { type LawFacts, signOffOf } from '../law-pack/presenter.ts'
import type { LawModel } from './model.ts'

export function lawModel(facts: LawFacts): LawModel {
  return {
    packs: facts.context.packs.map((pack) => ({
      id: pack.id,
      title: pack.name,
      jurisdiction: pack.legalOrder,
      version: pack.version,
      asOf: pack.asOf,
      sha256: pack.digest,
      signOff: signOffOf(facts, pack),
      instruments: pack.instruments.map(({ name }) => name),
      clocks: pack.instruments.reduce((sum, { clocks }) => sum + clocks.length, 0),
    })),
  }
}
