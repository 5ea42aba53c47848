/** The figures of disclosure in words, charts and tables. They come suppressed. Pure. */
import { TIMES } from '../../../app/disclosure-figures.ts'
import { calendarDate } from '../../../base/time.ts'
import type { DisclosureFiguresFile } from '../../../wire/open-data/disclosure-figures.ts'
import type { Messages } from '../../messages.ts'
import { wordFor } from '../../words.ts'
import type { Cell, DisclosureModel } from './model.ts'

type Row = DisclosureFiguresFile['rows'][number]

const COUNTS = ['embargoes', 'language', 'sector', 'form', 'channel', 'priorities'] as const

export function disclosureModel(
  { before, rows }: DisclosureFiguresFile,
  messages: Messages,
): DisclosureModel {
  const own = (figure: string) => rows.filter((row) => row.figure === figure)
  return {
    before: calendarDate(before),
    hasFigures: rows.some(({ statistic }) => statistic === 'count'),
    medians: TIMES.map((time) => ({
      label: messages.t(`disclosure.figure.${time}`),
      ...unlessNull(statisticIn(own(time), 'medianDays')?.value ?? null),
    })),
    times: TIMES.map((time) => timeModel(time, own(time), messages)),
    counts: COUNTS.map((id) => {
      const cells = cellsOf(own(id), (key) => labelOf(id, key, messages))
      return { id, cells, isDrawn: cells.some(({ count }) => count !== undefined) }
    }).filter(({ cells }) => cells.length > 0),
    overruled: overruledOf(own('priorities')),
  }
}

function timeModel(id: string, rows: readonly Row[], messages: Messages) {
  const groups = Map.groupBy(
    rows.filter(({ by }) => by !== 'all'),
    ({ by, key }) => `${by} ${key}`,
  )
  return {
    id,
    ...daysOf(
      rows.filter(({ by }) => by === 'all'),
      messages,
    ),
    cells: cellsOf(rows, (key) => wordFor(messages, 'disclosureStanding', key)),
    parts: [...groups.values()].flatMap((own) => {
      const [{ by, key } = { by: '', key: '' }] = own
      return [{ label: labelOf(by, key, messages), ...daysOf(own, messages) }]
    }),
  }
}

function daysOf(rows: readonly Row[], messages: Messages) {
  const text = (statistic: Row['statistic']) => {
    const found = statisticIn(rows, statistic)
    if (found && found.value !== null) return messages.t('disclosure.days', { days: found.value })
    return messages.t(found?.why === 'notReached' ? 'disclosure.notReached' : 'chart.hidden')
  }
  return { median: text('medianDays'), p90: text('p90Days') }
}

const statisticIn = (rows: readonly Row[], statistic: Row['statistic']) =>
  rows.find((row) => row.statistic === statistic)

function cellsOf(rows: readonly Row[], label: (key: string) => string): readonly Cell[] {
  return rows
    .filter(({ statistic, by }) => statistic === 'count' && by === 'all')
    .map(({ key, value }) => ({ label: label(key), ...unlessNull(value) }))
}

function labelOf(figure: string, key: string, messages: Messages): string {
  switch (figure) {
    case 'language':
      return languageLabel(key, messages)
    case 'form':
      return key === 'record'
        ? messages.t('disclosure.form.record')
        : messages.t(`act.fileReport.kind.${key}`)
    case 'channel':
      return key === 'portal' ? messages.t('disclosure.channel.portal') : key
    case 'sector':
      return wordFor(messages, 'publicSector', key)
    case 'embargoes':
      return wordFor(messages, 'embargoOutcome', key)
    default:
      return wordFor(messages, 'priorityState', key)
  }
}

function languageLabel(key: string, messages: Messages): string {
  if (key === 'und') return messages.t('disclosure.language.unknown')
  const lang = /-X[AB]$/.test(messages.lang) ? 'en' : messages.lang
  return new Intl.DisplayNames(lang, { type: 'language' }).of(key) ?? key
}

/** Of the rounded counts, so that it tells nothing that they do not. */
function overruledOf(rows: readonly Row[]): number | null {
  const count = (key: string) => {
    const found = rows.find((row) => row.key === key)
    return found ? found.value : 0
  }
  const [accepted, overruled] = [count('accepted'), count('overruled')]
  if (accepted === null || overruled === null || accepted + overruled === 0) return null
  return overruled / (accepted + overruled)
}

const unlessNull = (count: number | null) => (count === null ? {} : { count })
