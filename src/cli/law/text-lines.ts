/** Lines of at most 100 characters for a terminal. */
import { plainText } from '../../wire/package/plain-text.ts'

export const WIDTH = 100

/** `text` broken at spaces; later lines are indented by the width of `head`. */
export function wrapped(head: string, text: string): readonly string[] {
  const room = Math.max(20, WIDTH - head.length)
  const lines: string[] = []
  let line = ''
  for (const word of plainText(text, 4000).split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length > room && line !== '') {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  lines.push(line)
  return lines.map((each, n) => `${n === 0 ? head : ' '.repeat(head.length)}${each}`.trimEnd())
}

/** A heading and its lines; nothing without lines. */
export function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [heading, ...lines, '']
}

/** `art. 73(2), P`; where the pack names a section or a schedule, in its words. */
export function articleText(cited: {
  readonly article: string
  readonly evidence: string
}): string {
  const { article, evidence } = cited
  return `${/^\d/.test(article) ? 'art. ' : ''}${article}, ${evidence}`
}
