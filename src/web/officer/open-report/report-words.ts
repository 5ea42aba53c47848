/**
 * The questions of the guided forms in the officer's words, for the script that shows an
 * opened report. Reports of earlier forms are shown with the words of the questions that
 * are still known, and the rest under the names that the report gives.
 */
import { everyQuestion, FORM_VERSIONS, REPORT_FORMS } from '../../../wire/intake/report-forms.ts'
import type { ReportWords } from '../../../wire/intake/report-words.ts'
import type { Messages } from '../../messages.ts'
import { labelFor } from '../../words.ts'

/** Answered in every report, and asked by no document. */
const KIND = 'kind'

export function reportWords(messages: Messages): ReportWords {
  const word = (key: string) => labelFor(messages, `act.fileReport.${key}`)
  const questions = everyQuestion()
  const ids = [KIND, ...questions.map(({ id }) => id)]
  const kinds = REPORT_FORMS.map(({ kind }) => [kind, word(`${KIND}.${kind}`)])
  const choices = questions.flatMap(({ id, choices: values }) =>
    values
      ? [[id, Object.fromEntries(values.map((value) => [value, word(`${id}.${value}`)]))]]
      : [],
  )
  return {
    labels: Object.fromEntries(ids.map((id) => [id, word(id)])),
    choices: { ...Object.fromEntries(choices), [KIND]: Object.fromEntries(kinds) },
    kinds: Object.fromEntries(
      REPORT_FORMS.map(({ kind, steps }) => [
        kind,
        [KIND, ...steps.flatMap((step) => step.questions.map(({ id }) => id))],
      ]),
    ),
    forms: FORM_VERSIONS.map(({ digest }) => digest),
    notAnswered: messages.t('reportForm.notAnswered'),
    known: messages.t('openReport.knownForm'),
    unknown: messages.t('openReport.unknownForm'),
  }
}
