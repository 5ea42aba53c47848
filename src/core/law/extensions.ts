/** Extensions of a period: as often as the law allows, and only while it still runs. */
import type { Because } from '../../base/decision.ts'
import type { Clock, Period } from './clock.ts'
import type { Marks } from './clock-events.ts'
import { type Step, step } from './counting-step.ts'
import { type DueDate, words } from './due-date.ts'
import { cite } from './pack.ts'

export type Extended = {
  readonly periods: readonly Period[]
  readonly steps: readonly Step[]
  readonly doubts: readonly Because[]
  readonly notes: readonly Because[]
}

/** @param endOf the end of a period with the extensions so far */
export function extensionsOf(
  { extension, period }: Clock & { readonly period: Period | null },
  { extended }: Marks,
  endOf: (periods: readonly Period[]) => DueDate,
): Extended {
  const periods: Period[] = period === null ? [] : [period]
  const [steps, doubts, notes]: [Step[], Because[], Because[]] = [[], [], []]
  for (const at of extended) {
    if (extension === null) {
      notes.push(note('no-extension', `The pack knows no extension: ${at} changes nothing.`))
    } else if (periods.length > extension.times) {
      notes.push(note('extended-too-often', `The law allows no further extension: ${at}.`))
    } else if (at >= endOf(periods).legalAt) {
      notes.push(note('extended-too-late', `Extended at ${at}, when the period had ended.`))
    } else {
      periods.push(extension.period)
      const text = `extended by ${words([extension.period])}: ${extension.condition}`
      steps.push(step('extended', at, text, cite(extension.basis)))
    }
  }
  if (steps.length > 0 && extension !== null && extension.basis.evidence !== 'P') {
    const text = 'The extension rests on less than the text of the law.'
    doubts.push({ ...note('extension-not-read', text), source: cite(extension.basis) })
  }
  return { periods, steps, doubts, notes }
}

function note(rule: string, text: string): Because {
  return { rule: `law:${rule}`, text }
}
