/**
 * Sentences and lists that hold marked-up values (a `<time>`, a `<bdi>`): the catalogue
 * or the language says where they stand, never a template. Pure; gives HTML.
 */
import { escapeHtml } from '../base/html.ts'
import type { Messages } from './messages.ts'

export type Html = { readonly html: string }
/** Text and numbers are escaped with the message; HTML stands as it is. */
export type Phrased = Readonly<Record<string, string | number | Html>>

/** No text of ours or of others holds these: they are for private use. */
const MARK = /\ue000(\d+)\ue001/g

export function phraseHtml(messages: Messages, key: string, values: Phrased): string {
  const kept: string[] = []
  const marked = Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'object') {
        return [name, typeof value === 'string' ? value.replaceAll(/[\ue000\ue001]/g, '') : value]
      }
      kept.push(value.html)
      return [name, `\ue000${kept.length - 1}\ue001`]
    }),
  )
  const text = escapeHtml(messages.t(key, marked))
  return text.replaceAll(MARK, (_, index) => kept[Number(index)] ?? '')
}

/** Between two facts that stand beside each other in no sentence. */
export function commaOf(lang: string): string {
  return COMMAS[lang.split('-')[0] ?? lang] ?? ', '
}

const COMMAS: Readonly<Record<string, string>> = { ar: '، ', zh: '，', ja: '、' }

const formats = new Map<string, Intl.ListFormat>()

/** E.g. `A, B`; `A und B`; `A، وB`. The items are HTML. */
export function listHtml(items: readonly string[], lang: string): string {
  const format =
    formats.get(lang) ?? new Intl.ListFormat(lang, { type: 'conjunction', style: 'narrow' })
  formats.set(lang, format)
  const places = items.map((_, index) => String(index))
  return format
    .formatToParts(places)
    .map(({ type, value }) => (type === 'element' ? items[Number(value)] : escapeHtml(value)))
    .join('')
}
