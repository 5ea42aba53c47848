/** A report of a serious incident as the pages without a script show it; invented channels. */
import type { KindChannel } from '../../src/app/report-channels.ts'
import type { CalendarDate } from '../../src/base/time.ts'
import { type FieldError, formModel, type RawValues } from '../../src/web/form/form-model.ts'
import type { BasicReportModel } from '../../src/web/reporter/basic/model.ts'
import { chosenForm, hintsOf, schemaOf, stepsOf } from '../../src/web/reporter/report-form.ts'
import { reportFormOf } from '../../src/wire/intake/report-forms.ts'

const basis = {
  article: '12(1)',
  source: 'Invented Act on Automated Systems',
  evidence: 'P',
  retrievedOn: '2026-11-01' as CalendarDate,
  quote: null,
  numeral: null,
} as const

const designated = {
  id: 'eu.ai_act/incident_report',
  law: 'Invented Act on Automated Systems',
  authority: 'Meridia AI Safety Authority (fictional)',
  standing: 'official',
  designation: 'Invented Decree, article 7',
  where: null,
  basis,
  periods: [
    { period: { count: 15, unit: 'calendar_day' }, start: 'aware', plus: 'at once', basis },
    { period: null, start: null, plus: 'without delay', basis },
  ],
  from: '2027-12-02' as CalendarDate,
} as const

export const sampleChannels: readonly KindChannel[] = [
  { kind: 'flaw', act: null, routes: [] },
  { kind: 'incident', act: 'Invented Decree, article 9', routes: [] },
  {
    kind: 'seriousIncident',
    act: null,
    routes: [
      designated,
      {
        ...designated,
        id: 'eu.gdpr/breach_form',
        standing: 'elsewhere',
        designation: null,
        where: 'the form of the data protection office',
        from: null,
      },
    ],
  },
  { kind: 'misconduct', act: null, routes: [{ ...designated, periods: [], from: null }] },
  {
    kind: 'complaint',
    act: null,
    routes: [
      {
        ...designated,
        standing: 'named',
        designation: null,
        where: 'A complaint.',
        periods: [],
        from: null,
      },
    ],
  },
]

export function sampleBasicReport(
  values: RawValues,
  errors: readonly FieldError[],
): BasicReportModel {
  const chosen = chosenForm({ kind: 'seriousIncident', sector: 'health' })
  if (!chosen) throw new Error('there is such a form')
  const form = formModel('fileReport', schemaOf(chosen), values, errors, {
    ...hintsOf(chosen.questions, 'en', sampleChannels),
    action: '/en/report/basic',
  })
  return {
    form,
    kind: 'seriousIncident',
    steps: stepsOf(reportFormOf('seriousIncident'), form.fields),
    trap: form.fields.filter(({ kind }) => kind === 'honeypot'),
    hidden: [{ name: 'formToken', value: 'sample' }],
    channel: sampleChannels[2] as KindChannel,
  }
}
