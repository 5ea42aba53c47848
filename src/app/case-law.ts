/**
 * What all packs in use say on the facts of one case, at this moment. Nothing of it is
 * stored: what the case decided is in its stream, under the versions that it keeps.
 */
import type { Json } from '../base/canonical-json.ts'
import type { CalendarDate } from '../base/time.ts'
import type { Acting } from '../core/case/recorded.ts'
import { localDate } from '../core/desk/local-time.ts'
import { type CaseOverview, caseOverview } from '../core/law/case-overview.ts'
import type { Facts } from '../core/law/condition.ts'
import { definitionsCrosswalk, type TermRow } from '../core/law/definitions.ts'
import type { LawPack } from '../core/law/pack.ts'
import { lawQuestion } from '../wire/law-question.ts'
import type { Kernel } from './kernel.ts'
import { type ReadCase, readCase } from './read-case.ts'

export type CaseLaw = {
  readonly read: ReadCase
  readonly on: CalendarDate
  readonly facts: Facts
  /** Those that were asked, or that the facts touch. */
  readonly packs: readonly LawPack[]
  readonly allPacks: readonly LawPack[]
  readonly overview: CaseOverview
  readonly terms: readonly TermRow[]
}

/** Which legal orders, and the yardstick for sanctions; a member of `lawQuestion` each. */
export type CaseLawAsk = { readonly packs?: Json; readonly yardstick?: Json }

/** @throws ComityError `malformed` for a bad ask, or as `readCase` */
export async function caseLaw(
  kernel: Kernel,
  caseId: string,
  ask: CaseLawAsk,
  acting: Acting,
): Promise<CaseLaw> {
  const [read, { packs: allPacks, signOffs, holidaysOf }] = await Promise.all([
    readCase(kernel, caseId, acting),
    kernel.law.context(),
  ])
  const { facts, events } = read.state.law
  const on = localDate(acting.now, kernel.node.zone)
  const { packs: asked, question } = lawQuestion({ facts: {}, on, ...ask }, allPacks)
  const clockInput = { events, now: acting.now, signOffs, holidaysOf }
  const overview = caseOverview(asked, { ...question, facts }, clockInput)
  const shown = new Set(overview.columns.map(({ legalOrder }) => legalOrder))
  const packs = asked.filter(({ legalOrder }) => shown.has(legalOrder))
  return { read, on, facts, packs, allPacks, overview, terms: definitionsCrosswalk(packs, on) }
}
