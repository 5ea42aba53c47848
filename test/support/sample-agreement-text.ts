/** A sample of the page on which a text of an agreement is written clause by clause. Invented. */
import { findAgreementAct } from '../../src/app/agreement-acts.ts'
import type { FormSchema } from '../../src/web/form/field-spec.ts'
import { formModel } from '../../src/web/form/form-model.ts'
import {
  CLAUSE_FIELDS,
  CLAUSE_FORM,
  clauseForm,
  clauseValues,
} from '../../src/web/officer/agreement-text/clause-fields.ts'
import type { AgreementTextModel } from '../../src/web/officer/agreement-text/model.ts'
import { ringAgreement } from './ring.ts'

const text = ringAgreement()
const clause = text.clauses.find(({ kind }) => kind === 'permitRelease')
if (!clause) throw new Error('the model permits no release')
const { schema, hints } = clauseForm(clause.kind, text)
const action = '/en/officer/agreements/x/text'
const hidden = { formToken: 'sample-form-token' }
const withdraw = findAgreementAct('withdrawOffer')?.input as unknown as FormSchema

export const sampleAgreementText: AgreementTextModel = {
  about: 'Agreement of three authorities on AI harms (fictional)',
  back: '/en/officer/agreements/x',
  expert: '/en/officer/agreements/x/acts/offerText',
  ...{ action, formToken: 'sample-form-token', version: 2, document: '{}' },
  clauses: [
    {
      ...{ id: clause.id, kind: clause.kind, text: clause.text, isOpen: true },
      data: [{ name: 'categories', value: 'caseSummary, technicalFacts' }],
    },
  ],
  kinds: Object.keys(CLAUSE_FIELDS),
  editing: {
    kind: clause.kind,
    form: formModel(CLAUSE_FORM, schema, clauseValues(clause, 'UTC'), [], {
      ...{ ...hints, action, hidden, idPrefix: 'c' },
    }),
    when: '{"fact":"imminentRisk","is":true}',
  },
  changes: [
    { where: 'clauses/2.1', effect: 'more', text: 'Clause 2.1 covers one more category (sample).' },
  ],
  findings: [{ severity: 'warning', where: 'clauses/7.1', text: 'Nobody has this duty (sample).' }],
  faults: [{ rule: 'document:clauses', text: 'clause new.9 has no text' }],
  send: formModel('offerText', withdraw, {}, [], { action, hidden }),
}
