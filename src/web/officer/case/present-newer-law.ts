/** What newer versions of the law would change for a case, in plain words. Pure. */
import type { ClockSide, LawEffect } from '../../../core/law/effect.ts'
import type { LawPack } from '../../../core/law/pack.ts'
import { readable } from '../../words.ts'
import type { NewerLaw } from './model.ts'
import type { CaseView } from './present-case.ts'
import { authorityName, clockName } from './present-law.ts'

export function newerLawOf({ read, packs }: CaseView): readonly NewerLaw[] {
  return read.law.newer.map(({ kept, newer, effects }) => ({
    pack: packs.find(({ id }) => id === kept.id)?.name ?? kept.id,
    kept: kept.version,
    newer: newer.version,
    ...(effects === undefined
      ? {}
      : { changes: effects.map((effect) => effectText(effect, packs)) }),
  }))
}

/** One sentence; dates are the first moment that is too late. */
export function effectText(effect: LawEffect, packs: readonly LawPack[]): string {
  if (effect.kind === 'competence') {
    const { authority, instrument, before, after } = effect
    const name = authorityName(authority, instrument, packs)
    return `${name}: ${VERDICTS[before]} now, ${VERDICTS[after]} under the newer version.`
  }
  const name = clockName(effect.clock, packs)
  const { before, after } = effect
  if (after === null) return `${name}: the newer version no longer has this clock.`
  if (before === null) return `${name}: a clock of the newer version only, ${sideText(after)}.`
  return `${name}: ${sideText(before)} now, ${sideText(after)} under the newer version.`
}

const VERDICTS = {
  yes: 'competent',
  no: 'not competent',
  open: 'open',
  none: 'not named',
} as const

function sideText({ state, strictDue, legalDue }: ClockSide): string {
  const word = readable(state).toLowerCase()
  if (strictDue === null) return `${word}, no date`
  const strict = momentText(strictDue)
  const legal = legalDue === null ? strict : momentText(legalDue)
  return legal === strict
    ? `${word}, too late from ${strict}`
    : `${word}, too late from ${strict} (strict) or ${legal} (legal)`
}

/** Wall-clock time with its offset and zone, to the minute. */
function momentText(zoned: string): string {
  const at = Temporal.ZonedDateTime.from(zoned)
  const day = at.toPlainDate().toString()
  const time = at.toPlainTime().toString({ smallestUnit: 'minute' })
  return `${day} ${time} ${at.offset} ${at.timeZoneId}`
}
