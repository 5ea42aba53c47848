/** The letter that answers a request for records: made of the recorded answer, sent by hand. */
import { Type } from '@sinclair/typebox'
import { toHex } from '../../base/bytes.ts'
import { permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { LetterText } from '../../core/desk/letter-text.ts'
import { localDate } from '../../core/desk/local-time.ts'
import {
  RECORDS_LETTER,
  RECORDS_LETTER_VERSION,
  recordsLetter,
} from '../../core/evidence/records-letter.ts'
import type { RecordsItem, RecordsRequest } from '../../core/evidence/records-request.ts'
import { decideRecordsRelease } from '../../core/release/records-release.ts'
import { caseAct, type Sight } from '../act.ts'
import { id, reason } from './fields.ts'
import { addressLines, letterRef } from './letter-acts.ts'
import { keeping, noRequest, recordsBasisOf } from './records-request-acts.ts'

type Asked = { readonly requestId: string; readonly to: string; readonly appeal: string }

export const makeRecordsLetter = caseAct({
  name: 'makeRecordsLetter',
  ...keeping,
  input: Type.Object({
    requestId: id,
    /** Name and address of whoever asked, line by line. It stands in the letter alone. */
    to: Type.String({ minLength: 1, maxLength: 600 }),
    /** How to have the answer reviewed, by when, and where the law says so. */
    appeal: reason,
  }),
  when: ({ evidence }) =>
    evidence.requests.some(({ answered }) => answered)
      ? permit(null)
      : noRequest('no request for records was answered'),
  before: async (sight) => {
    const { kernel, state, input } = sight
    const request = answeredRequest(state, input.requestId)
    if (!request) return undefined
    const letter = await textOf(sight, request)
    const made = await kernel.desk.letters.make(letter)
    const digest = (bytes: Uint8Array) => toHex(kernel.primitives.sha256(bytes))
    const facts = {
      letterId: kernel.random.uuidByTime(),
      subject: letter.subject,
      to: request.requester,
      about: request.requestId,
      docxDigest: digest(made.docx),
      pdfDigest: made.pdf ? digest(made.pdf) : null,
    }
    return { facts, made }
  },
  decide: (state, { requestId }, acting, made) => {
    const request = answeredRequest(state, requestId)
    if (!request || !made) {
      const text = 'a letter is made of an answer that was given'
      return refuse('notAnswered', { rule: 'records:notAnswered', text })
    }
    // With the letter the copies leave: what stands against that since the answer stops both.
    if (request.released.length > 0) {
      const basis = { ...recordsBasisOf(state), conflicted: [], proposedBy: null }
      const again = decideRecordsRelease(basis, request, acting)
      if (again.decision === 'refuse') return again
    }
    const template = { template: RECORDS_LETTER, templateVersion: RECORDS_LETTER_VERSION }
    return permit([{ type: 'letterMade', ...template, ...made.facts }])
  },
  finish: async ({ kernel, caseId }, made) => {
    if (!made) return undefined
    const { letterId } = made.facts
    await kernel.desk.letters.keep(caseId, letterId, made.made)
    return { letterId }
  },
})

const answeredRequest = ({ evidence }: CaseState, requestId: string) =>
  evidence.requests.find((one) => one.requestId === requestId && one.answered)

async function textOf(
  { kernel, caseId, state, input, acting }: Sight<Asked>,
  request: RecordsRequest,
): Promise<LetterText> {
  const { node } = kernel
  const officer = await kernel.people.officer(acting.officer)
  return recordsLetter(request, {
    from: node.name,
    to: addressLines(input.to),
    date: localDate(acting.now, node.zone),
    ref: letterRef(caseId, state.openedAt ?? acting.now, node.id),
    signedBy: officer?.name ?? '',
    appeal: input.appeal,
    nameOf: (item) => nameOf(state, item),
  })
}

/** Only of what goes out. */
function nameOf({ evidence, desk }: CaseState, { kind, id: itemId }: RecordsItem): string {
  if (kind === 'exhibit') {
    return evidence.exhibits.find(({ exhibitId }) => exhibitId === itemId)?.name ?? 'an exhibit'
  }
  if (kind === 'release') return 'what another authority was sent'
  return desk.letters.find(({ letterId }) => letterId === itemId)?.subject ?? `advisory ${itemId}`
}
