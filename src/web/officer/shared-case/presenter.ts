/** From what a case shares to its page. Adds names and addresses, and nothing of the case. */
import { ANSWER_FORMS } from '../../../app/answer-shared.ts'
import type { SharedCase } from '../../../app/shared-cases.ts'
import { toHex, utf8 } from '../../../base/bytes.ts'
import type { Json } from '../../../base/canonical-json.ts'
import type { AnsweringRole } from '../../../core/access/rules.ts'
import type { SharedView } from '../../../core/access/shared-view.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import type { FormHints, FormSchema } from '../../form/field-spec.ts'
import { formModel, type ShownForm } from '../../form/form-model.ts'
import type { SharedCaseModel, SharedViewModel } from './model.ts'

export type ViewPlaces = {
  readonly primitives: Pick<Primitives, 'sha256'>
  readonly nameOf: (authority: string) => string
  /** Addresses of files; left out where an officer only looks at what will be shown. */
  readonly letter?: (letterId: string, format: 'docx' | 'pdf') => string
  readonly receipt?: (statementId: string) => string
}

export function presentShared(view: SharedView, places: ViewPlaces): SharedViewModel {
  const { letters, notices, handOvers, answers, ...plain } = view
  const { nameOf, letter, receipt } = places
  return {
    ...plain,
    ...(letters && {
      letters: letters.map(({ letterId, subject, madeAt, pdfDigest }) => ({
        subject,
        madeAt,
        ...(letter && { docx: letter(letterId, 'docx') }),
        ...(letter && pdfDigest !== null && { pdf: letter(letterId, 'pdf') }),
      })),
    }),
    ...(notices && {
      notices: notices.map(({ sentAt, categories, recipients, challenges }) => ({
        sentAt,
        categories,
        recipients: recipients.map(nameOf),
        challenges: challenges.map(({ openedAt, outcome, reason, remedy }) => ({
          openedAt,
          state: outcome ?? 'inReview',
          ...(reason === null ? {} : { reason }),
          ...(remedy === null ? {} : { remedy }),
        })),
      })),
    }),
    ...(handOvers && {
      handOvers: handOvers.map((one) => ({
        recipient: nameOf(one.recipient),
        madeAt: one.madeAt,
        purpose: one.purpose,
        contents: Object.entries(one.view).map(([category, content]) => ({
          category,
          text: textOf(content),
        })),
        duties: one.duties,
      })),
    }),
    ...(answers && {
      answers: answers.map(({ statementId, filedAt, text, acknowledges, fixOn }) => ({
        statementId,
        filedAt,
        text,
        acknowledges,
        ...(fixOn === null ? {} : { fixOn }),
        sha256: toHex(places.primitives.sha256(utf8(text))),
        ...(receipt && { receipt: receipt(statementId) }),
      })),
    }),
  }
}

const textOf = (content: Json) =>
  typeof content === 'string' ? content : JSON.stringify(content, null, 2)

type AnswerKind = keyof typeof ANSWER_FORMS

const KIND_OF: Readonly<Record<AnsweringRole, AnswerKind>> = {
  respondent: 'hearing',
  respondentCounsel: 'hearing',
  vendor: 'report',
  affectedPerson: 'notice',
}
const ACT_OF = {
  hearing: 'answerHearing',
  report: 'answerReport',
  notice: 'answerNotice',
} as const

/** In which place the person answers; undefined for whoever only looks. */
export function answerKind({ admission, answersAs }: Pick<SharedCase, 'admission' | 'answersAs'>) {
  return admission && answersAs ? KIND_OF[answersAs] : undefined
}

export function answerHints({ answerable }: SharedCase): FormHints {
  if (answerable?.decision !== 'permit') return { widgets: { text: 'textarea' } }
  const hearings = answerable.value.subjects.flatMap(({ about, measure }) =>
    about.kind === 'hearing' ? [{ value: about.id, key: `word.measure.${measure}` }] : [],
  )
  return {
    widgets: { text: 'textarea' },
    ...(hearings.length > 0 ? { choices: { subjectId: hearings } } : {}),
  }
}

export function presentAnswer(
  shared: SharedCase,
  form: { readonly action: string; readonly hidden?: Readonly<Record<string, string>> },
  { values, errors, refusedNow }: ShownForm,
): Pick<SharedCaseModel, 'answer'> {
  const kind = answerKind(shared)
  const { answerable } = shared
  if (!kind || !answerable) return {}
  const hints = answerHints(shared)
  const [only, ...more] = hints.choices?.['subjectId'] ?? []
  const filled = only && more.length === 0 ? { subjectId: only.value, ...values } : values
  const model = formModel(ACT_OF[kind], ANSWER_FORMS[kind] as FormSchema, filled, errors, {
    ...hints,
    ...form,
    decision: answerable,
  })
  const dues = answerable.decision === 'permit' ? answerable.value.subjects : []
  const [dueAt] = dues.flatMap((one) => one.dueAt ?? []).toSorted()
  return {
    answer: {
      form: model,
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(refusedNow ? { refusedNow } : {}),
    },
  }
}
