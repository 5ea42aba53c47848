/** Competence and clocks of a case, each with its article, source and counting steps. Pure. */
import type { ClockResult, Silence } from '../../../core/law/clock-result.ts'
import { findClock, type LawPack, type PackRef } from '../../../core/law/pack.ts'
import { readable } from '../../words.ts'
import { dayOf, dueOf } from './due.ts'
import type { Clock, Competence } from './model.ts'
import type { CaseView } from './present-case.ts'
import { orderClocks } from './presenter.ts'

export function clockRows({ read, packs }: CaseView): readonly Clock[] {
  const { clocks, under } = read.state.law
  return orderClocks(
    Object.values(clocks).map((clock) => ({
      ...clockRow(clock, packs),
      ...lawOf(under[clock.clock], read.law.lost.includes(clock.clock)),
    })),
  )
}

/** The version of the law that the clock was computed under. */
function lawOf(under: PackRef | undefined, isLost: boolean): Pick<Clock, 'law'> {
  if (under === undefined) return {}
  return { law: { pack: under.id, version: under.version, sha256: under.digest, isLost } }
}

export function clockRow(result: ClockResult, packs: readonly LawPack[]): Clock {
  const { clock, legalOrder, state, strictDue, legalDue, article, source, evidence, plus } = result
  const notes = [...result.because.map(({ text }) => text), ...(plus ? [plus] : [])]
  const { recipient, filing, silence, governedBy, occurrence, suspendedSince, openQuestions } =
    result
  return {
    id: clock,
    name: clockName(clock, packs),
    jurisdiction: legalOrder,
    state,
    ...(strictDue ? { strictDue: dueOf(strictDue) } : {}),
    ...(legalDue ? { legalDue: dueOf(legalDue) } : {}),
    source: {
      article: article ? `art. ${article}` : '–',
      title: source ?? clock,
      evidence: evidence ?? 'R',
    },
    steps: result.steps.map(({ at, text, article: of }) => ({
      on: dayOf(at),
      text: of ? `${text} (${of})` : text,
    })),
    ...(notes.length > 0 ? { note: notes.join(' ') } : {}),
    ...(recipient?.to ? { owedTo: recipient.to } : {}),
    ...(filing ? { filing } : {}),
    ...(governedBy ? { governedBy: clockName(governedBy, packs) } : {}),
    ...(occurrence ? { occurrence } : {}),
    ...(suspendedSince ? { suspendedSince } : {}),
    ...(silence ? { silence: silenceOf(silence) } : {}),
    asks: (openQuestions ?? []).map(({ text }) => text),
  }
}

function silenceOf({ effect, article, mayFireAt }: Silence): NonNullable<Clock['silence']> {
  const source = `art. ${article}`
  return mayFireAt === null ? { effect, source } : { effect, source, from: dueOf(mayFireAt) }
}

/** A longer trigger would drown the name. */
const TRIGGER_MAX = 80

/** E.g. `Artificial Intelligence Act: notification (death of a person)`. */
export function clockName(id: string, packs: readonly LawPack[]): string {
  const found = packs.map((pack) => findClock(pack, id)).find((each) => each !== undefined)
  const last = id.slice(id.indexOf('/') + 1)
  if (!found) return readable(last)
  const { instrument, clock } = found
  const told = clock.trigger?.text ?? ''
  const what = told !== '' && told.length <= TRIGGER_MAX ? told : readable(last).toLowerCase()
  return `${instrument.name}: ${readable(clock.stage).toLowerCase()} (${what})`
}

export function competenceRows({ read, names, packs }: CaseView): readonly Competence[] {
  const { competence } = read.state.law
  const version = read.events.findLast(({ event }) => event.type === 'competenceAssessed')?.version
  return (competence?.findings ?? []).map((finding) => {
    const { authority, legalOrder, competent, because, openQuestions, instrument } = finding
    const asked = openQuestions.map(({ fact, text }) => ({ rule: `law:open:${fact}`, text }))
    return {
      authority: { id: authority, name: authorityName(authority, instrument, packs) },
      jurisdiction: legalOrder === '' ? names.own.id : legalOrder,
      verdict: competent,
      because: [...because, ...asked],
      ...(version === undefined ? {} : { decisionId: String(version) }),
    }
  })
}

export function authorityName(id: string, instrumentId: string, packs: readonly LawPack[]): string {
  const instruments = packs.flatMap(({ instruments }) => instruments)
  const instrument = instruments.find((one) => one.id === instrumentId)
  const name = instrument?.authorities.find((one) => one.id === id)?.name ?? id
  return instrument ? `${name}, ${instrument.name}` : name
}
