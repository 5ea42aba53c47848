/**
 * Forms on our own pages, read from their HTML and filled in as a browser without
 * scripts would send them. Reads what our templates write, not any HTML.
 *
 * A field or a choice that the page does not offer is an error: whoever fills in a
 * form through this cannot do what a person at the page cannot.
 */
import assert from 'node:assert/strict'

export type HtmlForm = {
  readonly action: string
  readonly fields: ReadonlyMap<string, HtmlField>
}

type HtmlField = {
  readonly kind: 'text' | 'choice' | 'boxes' | 'hidden'
  /** What is sent if nobody touches the field. */
  values: string[]
  /** Values of a choice or of boxes. */
  readonly offered: readonly string[]
}

/** The form whose address holds `part`. */
export function formIn(html: string, part: string): HtmlForm {
  for (const [, attributes = '', body = ''] of html.matchAll(
    /<form\b([^>]*)>([\s\S]*?)<\/form>/g,
  )) {
    const action = attribute(attributes, 'action') ?? ''
    if (attribute(attributes, 'method') === 'post' && action.includes(part)) {
      return { action, fields: fieldsIn(body) }
    }
  }
  assert.fail(`the page has no form for ${part}`)
}

/** Writes over what stands in the fields. */
export function fill(form: HtmlForm, given: Readonly<Record<string, string | string[]>>): void {
  for (const [name, value] of Object.entries(given)) {
    const field = form.fields.get(name)
    assert.ok(field, `the form ${form.action} has no field ${name}`)
    const values = typeof value === 'string' ? [value] : value
    if (field.kind === 'choice' || field.kind === 'boxes') {
      for (const one of values.filter((text) => text !== '')) {
        assert.ok(field.offered.includes(one), `${form.action} does not offer ${name}=${one}`)
      }
    }
    field.values = values
  }
}

export function sentBy(form: HtmlForm): URLSearchParams {
  const sent = new URLSearchParams()
  for (const [name, { values }] of form.fields) {
    for (const value of values) sent.append(name, value)
  }
  return sent
}

function fieldsIn(html: string): Map<string, HtmlField> {
  const fields = new Map<string, HtmlField>()
  for (const [tag, input, name, body = ''] of html.matchAll(CONTROLS)) {
    if (input) addInput(fields, tag)
    else if (name === 'textarea') addText(fields, tag, decoded(body))
    else addSelect(fields, tag, body)
  }
  return fields
}

const CONTROLS = /<(input)\b[^>]*>|<(textarea|select)\b[^>]*>([\s\S]*?)<\/\2>/g

function addInput(fields: Map<string, HtmlField>, tag: string): void {
  const name = attribute(tag, 'name')
  const type = attribute(tag, 'type') ?? 'text'
  const value = attribute(tag, 'value') ?? ''
  if (name === undefined) return
  if (type !== 'radio' && type !== 'checkbox') {
    const kind = type === 'hidden' ? 'hidden' : 'text'
    const before = kind === 'hidden' ? (fields.get(name)?.values ?? []) : []
    fields.set(name, { kind, values: [...before, value], offered: [] })
    return
  }
  const known = fields.get(name)
  const isChosen = /\schecked(?=[\s>])/.test(tag)
  fields.set(name, {
    kind: type === 'radio' ? 'choice' : 'boxes',
    offered: [...(known?.offered ?? []), value],
    values: [...(known?.values ?? []), ...(isChosen ? [value] : [])],
  })
}

function addText(fields: Map<string, HtmlField>, tag: string, value: string): void {
  const name = attribute(openingOf(tag), 'name')
  if (name !== undefined) fields.set(name, { kind: 'text', values: [value], offered: [] })
}

function addSelect(fields: Map<string, HtmlField>, tag: string, body: string): void {
  const name = attribute(openingOf(tag), 'name')
  if (name === undefined) return
  const options = [...body.matchAll(/<option\b([^>]*)>/g)].map(([, text = '']) => text)
  const offered = options.map((text) => attribute(text, 'value') ?? '')
  const chosen = options.findIndex((text) => /\sselected(?=\s|$)/.test(text))
  fields.set(name, { kind: 'choice', offered, values: [offered[Math.max(chosen, 0)] ?? ''] })
}

const openingOf = (tag: string) => tag.slice(0, tag.indexOf('>') + 1)

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return found === undefined ? undefined : decoded(found)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#92;': '\\',
  '&#96;': '`',
}

function decoded(text: string): string {
  return text.replaceAll(
    /&(?:amp|lt|gt|quot|#39|#92|#96);/g,
    (entity) => ENTITIES[entity] ?? entity,
  )
}
