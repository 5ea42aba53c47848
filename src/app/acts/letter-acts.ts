/** Letters to parties, from templates. Making one is an event; sending it is done outside. */
import { Type } from '@sinclair/typebox'
import { toHex } from '../../base/bytes.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { calendarDate, utcDateOf } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { LetterText } from '../../core/desk/letter-text.ts'
import { localDate } from '../../core/desk/local-time.ts'
import {
  fieldsOf,
  type LetterTemplate,
  letterTemplates,
  mergeLetter,
} from '../../wire/letter-templates.ts'
import { caseAct, type Sight } from '../act.ts'

const makeLetterForm = Type.Object({
  template: Type.Union(letterTemplates.map(({ id }) => Type.Literal(id))),
  /** Name and address of the party, line by line. */
  to: Type.String({ minLength: 1, maxLength: 600 }),
  text: Type.String({ minLength: 1, maxLength: 20_000 }),
  dueOn: Type.Optional(Type.String({ maxLength: 10 })),
})

export type LetterAsked = {
  readonly template: string
  readonly to: string
  readonly text: string
  readonly dueOn?: string
}

export const makeLetter = caseAct({
  name: 'makeLetter',
  topic: 'letters',
  group: 'handle',
  input: makeLetterForm,
  when: (state) =>
    state.openedAt ? permit(null) : refuse('noCase', { rule: 'letter:case', text: 'no case' }),
  before: async (sight) => {
    const { kernel } = sight
    const letter = await letterText(sight as Sight<LetterAsked>)
    const made = await kernel.desk.letters.make(letter)
    const letterId = kernel.random.uuidByTime()
    const digest = (bytes: Uint8Array) => toHex(kernel.primitives.sha256(bytes))
    const facts = {
      letterId,
      subject: letter.subject,
      to: letter.to[0] ?? '',
      docxDigest: digest(made.docx),
      pdfDigest: made.pdf ? digest(made.pdf) : null,
    }
    return { facts, made }
  },
  decide: (state, input, _acting, { facts }) => {
    const decided = templateFor(state, input)
    if (decided.decision === 'refuse') return decided
    const { id, version } = decided.value
    return permit([{ type: 'letterMade', template: id, templateVersion: version, ...facts }])
  },
  finish: async ({ kernel, caseId }, { facts: { letterId }, made }) => {
    await kernel.desk.letters.keep(caseId, letterId, made)
    return { letterId }
  },
})

/** The template, if the case and the form give all that it names. */
export function templateFor(
  state: CaseState,
  input: Pick<LetterAsked, 'template' | 'dueOn'>,
): Decision<LetterTemplate> {
  const template = letterTemplates.find(({ id }) => id === input.template)
  if (!template) {
    return refuse('noTemplate', { rule: 'letter:template', text: 'there is no such template' })
  }
  const missing = missingFact(state, fieldsOf(template), input)
  if (missing) return refuse('factMissing', { rule: 'letter:facts', text: missing })
  return permit(template)
}

function missingFact(
  { enforcement }: CaseState,
  fields: readonly string[],
  { dueOn }: { readonly dueOn?: string },
): string | undefined {
  if (fields.includes('operator') && !enforcement.operator) {
    return 'this letter names the operator, and none is named in the case yet'
  }
  return fields.includes('until') && dueOn === undefined
    ? 'this letter states until when, so a date is needed'
    : undefined
}

/** The letter as it will be made of this input. */
export async function letterText({
  kernel,
  caseId,
  state,
  input,
  acting,
}: Sight<LetterAsked>): Promise<LetterText> {
  const { node } = kernel
  const template = letterTemplates.find(({ id }) => id === input.template) ?? letterTemplates[0]
  const officer = await kernel.people.officer(acting.officer)
  const ref = letterRef(caseId, state.openedAt ?? acting.now, node.id)
  const merged = template
    ? mergeLetter(template, {
        ref,
        matter: state.title,
        authority: node.name,
        text: input.text,
        ...(state.enforcement.operator ? { operator: state.enforcement.operator.name } : {}),
        ...(input.dueOn === undefined ? {} : { until: calendarDate(input.dueOn, 'dueOn') }),
      })
    : { subject: '', paragraphs: [] }
  return {
    ...merged,
    ref,
    from: node.name,
    to: addressLines(input.to),
    date: localDate(acting.now, node.zone),
    signedBy: officer?.name ?? '',
    language: template?.language ?? 'en',
  }
}

export function addressLines(to: string): readonly string[] {
  const lines = to.split(/\r?\n/).map((line) => line.trim())
  return lines.filter(Boolean).slice(0, 12)
}

/** The number of the case as pages show it. */
export function letterRef(caseId: string, openedAt: Parameters<typeof utcDateOf>[0], node: string) {
  const short = caseId.replaceAll('-', '').slice(-6).toUpperCase()
  return `${node.slice(0, 3).toUpperCase()}-${utcDateOf(openedAt).slice(0, 4)}-${short}`
}
