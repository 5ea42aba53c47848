/** States of the page that admits a record of another system. Everything in it is invented. */
import {
  type ImportRecordModel,
  recordView,
  shownNotCarried,
} from '../../src/web/officer/import-record/model.ts'
import { readInput } from '../../src/wire/inputs/read-input.ts'

const formToken = 'sample-form-token'

const { format, report, notCarried } = readInput({
  incident_id: 9001,
  title: 'Invented lift refuses to stop (fictional)',
  description: 'An invented lift controller skipped floors for a day.',
  developers: ['Larkspur Dialogue Ltd (invented)'],
  deployers: ['Larkspur Lifts (invented)'],
  implicated_systems: ['LiftMind (invented)'],
  reports: [{ url: 'https://news.example/7', title: 'Stuck', authors: ['A. Person'] }],
  editors: ['B. Person'],
})

const shown: NonNullable<ImportRecordModel['shown']> = {
  draftId: '00000000-0000-4000-8000-000000000001',
  format,
  title: report.title.text,
  hasNoTitle: false,
  report: recordView(report, true),
  ...shownNotCarried(notCarried),
}
const shownTwice = { ...shown, title: '', hasNoTitle: true, more: 3 }

export const importRecordVariants = [
  { page: 'officer/import-record', name: 'shown', model: { formToken, shown } },
  { page: 'officer/import-record', name: 'untitled', model: { formToken, shown: shownTwice } },
  {
    page: 'officer/import-record',
    name: 'fault',
    model: {
      formToken,
      fault: { reason: 'missing', at: '/description', text: 'a required member is missing' },
    },
  },
] as const satisfies readonly {
  readonly page: 'officer/import-record'
  readonly name: string
  readonly model: ImportRecordModel
}[]
