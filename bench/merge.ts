/** Puts sections of a part of the run into the results of a whole one; all others stay as they are. */
import { type Section, table } from './measured.ts'

const HEADING = /^(?=## )/m
const LAST = '## The machine at its best'
const VERDICTS = ['Every goal is met.', 'These lines fall short:']

export function shortLines(sections: readonly Section[]): readonly string[] {
  return sections.flatMap(({ title, lines }) =>
    lines
      .filter(({ goal }) => goal?.isMet === false)
      .map(({ what, figure, goal }) => {
        const limit = goal?.limit === undefined ? '' : `. ${goal.limit}`
        return `- ${title}: ${what}: ${figure}, goal ${goal?.text}${limit}`
      }),
  )
}

export function verdict(short: readonly string[]): string {
  return short.length === 0 ? `${VERDICTS[0]}\n` : [VERDICTS[1], '', ...short, ''].join('\n')
}

export function mergeInto(text: string, sections: readonly Section[]): string {
  const [head = '', ...old] = text.split(HEADING)
  const isOfSections = (line: string) =>
    sections.some(({ title }) => line.startsWith(`- ${title}:`))
  const at = Math.min(...VERDICTS.map((words) => head.indexOf(words)).filter((n) => n >= 0))
  const kept = head
    .slice(at)
    .split('\n')
    .filter((line) => line.startsWith('- ') && !isOfSections(line))
  const isReplaced = (part: string) =>
    sections.some(({ title }) => part.startsWith(`## ${title}\n`))
  const others = old.filter((part) => !isReplaced(part))
  const own = sections.map((section) => `${table(section)}\n`)
  const end = others.findIndex((part) => part.startsWith(LAST))
  const place = end < 0 ? others.length : end
  return [
    head.slice(0, at),
    `${verdict([...kept, ...shortLines(sections)])}\n`,
    ...others.slice(0, place),
    ...own,
    ...others.slice(place),
  ].join('')
}
