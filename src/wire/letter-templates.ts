/** Templates of letters as data, and how a letter's text is made from one. Pure. */
import file from '../../vocabulary/letters.json' with { type: 'json' }

export type LetterTemplate = {
  readonly id: string
  readonly version: number
  readonly language: string
  readonly subject: string
  readonly paragraphs: readonly string[]
}

/** What a template may name. */
export const MERGE_FIELDS = ['ref', 'matter', 'operator', 'authority', 'until', 'text'] as const
export type MergeField = (typeof MERGE_FIELDS)[number]
export type MergeValues = Readonly<Partial<Record<MergeField, string>>>

export const letterTemplates: readonly LetterTemplate[] = file.templates

const FIELD = /\{\{(\w+)\}\}/g

/** Fields that this template needs. */
export function fieldsOf({ subject, paragraphs }: LetterTemplate): readonly string[] {
  const text = [subject, ...paragraphs].join('\n')
  return [...new Set([...text.matchAll(FIELD)].map(([, name = '']) => name))]
}

/** Values are put in as they are: what looks like a field in one of them stays text. */
export function mergeLetter(
  template: LetterTemplate,
  values: MergeValues,
): { readonly subject: string; readonly paragraphs: readonly string[] } {
  const known: Readonly<Record<string, string | undefined>> = values
  const fill = (text: string) => text.replaceAll(FIELD, (_, name: string) => known[name] ?? '')
  const paragraphs = template.paragraphs
    .flatMap((text) => fill(text).split(/\n{2,}|\r\n\r\n/))
    .map((text) => text.trim())
    .filter((text) => text !== '')
  return { subject: fill(template.subject), paragraphs }
}
