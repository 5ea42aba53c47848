/** Hints for law: the packs' questions, events of clocks, and the clocks to compute. Pure. */

import { type Clock, START_EVENTS } from '../../../core/law/clock.ts'
import { CLOCK_MARKS, clockThatStarts, startOf } from '../../../core/law/clock-events.ts'
import type { Facts, FactValue } from '../../../core/law/condition.ts'
import { linkOf } from '../../../core/law/gap-matrix.ts'
import type { LawPack } from '../../../core/law/pack.ts'
import type { Choice } from '../../form/field-spec.ts'
import { localTimeOf } from '../../form/read-form.ts'
import { clockName } from '../case/present-law.ts'
import { factHints, factValues } from './facts.ts'
import {
  filled,
  type HintContext,
  type HintsOf,
  merged,
  oneOf,
  plain,
  someOf,
  widget,
  worded,
} from './hint-context.ts'

/** Most clocks that one computation takes. */
const CLOCKS_MAX = 50

/** A list that was recorded with more than the packs name keeps what it has. */
const recordFacts: HintsOf = ({ read, law, node }) => {
  const recorded = read.state.law.facts
  const hints = factHints(law.packs, askingPacks(law.packs, recorded, node.legalOrder), recorded)
  const asked = Object.entries(hints.records?.['facts'] ?? {})
  const facts = asked.map(([name, choices]) => [name, withRecorded(choices, recorded[name])])
  return { ...hints, records: { facts: Object.fromEntries(facts) }, values: factValues(recorded) }
}

/** One's own pack, and those of legal orders that the recorded facts touch: others would drown them. */
function askingPacks(
  packs: readonly LawPack[],
  facts: Facts,
  own: HintContext['node']['legalOrder'],
): readonly LawPack[] {
  return packs.filter((pack) => pack.legalOrder === own || linkOf(pack, facts) === 'yes')
}

function withRecorded(choices: readonly Choice[], value: FactValue | undefined): readonly Choice[] {
  const held = value === undefined ? [] : typeof value === 'object' ? value : [String(value)]
  const strange = held.filter((text) => choices.every((choice) => choice.value !== text))
  return [...choices, ...strange.map((text) => plain(text, text))]
}

const recordClockEvent: HintsOf = ({ law, now, node }) => {
  const events = worded('recordClockEvent', 'event', [...START_EVENTS, ...CLOCK_MARKS])
  return merged(
    oneOf('event', events),
    oneOf('clock', clockChoices(law.packs)),
    widget('clock', 'select'),
    filled({ at: localTimeOf(now, node.zone) }),
  )
}

/**
 * Ticked: what was computed before, then what has started, those of this legal
 * order first, as many as one computation takes.
 */
const computeClocks: HintsOf = ({ read, law, node }) => {
  const { clocks, events } = read.state.law
  const started = ownFirst(law.packs, node.legalOrder)
    .flatMap((pack) =>
      clocksOf(pack).map((clock) => [clock, clockThatStarts(pack, clock)] as const),
    )
    .filter(([, starts]) => startOf(starts, events) !== null)
    .map(([clock]) => clock)
  const ids = new Set([...Object.keys(clocks), ...started.map(({ id }) => id)])
  return someOf('clocks', clockChoices(law.packs), [...ids].slice(0, CLOCKS_MAX))
}

function ownFirst(packs: readonly LawPack[], own: HintContext['node']['legalOrder']): LawPack[] {
  const isOwn = (pack: LawPack) => pack.legalOrder === own
  return [...packs.filter(isOwn), ...packs.filter((pack) => !isOwn(pack))]
}

function clocksOf({ instruments }: LawPack): readonly Clock[] {
  return instruments.flatMap(({ clocks }) => clocks)
}

function clockChoices(packs: readonly LawPack[]): readonly Choice[] {
  return packs.flatMap((pack) =>
    clocksOf(pack).map(({ id }) => plain(id, `${pack.legalOrder} – ${clockName(id, packs)}`)),
  )
}

export const lawHints = { recordFacts, recordClockEvent, computeClocks }
