/** Transactions that a node takes; not every message of theirs has an effect. */
import {
  afterTaking,
  CASE,
  digestOf,
  FORMER,
  made,
  NOW,
  ORIGIN,
  positionOf,
  START,
} from './draft.ts'
import { accepted, type Vector } from './vector.ts'

export const FIRST = await made()
export const CONTENT = { caseId: CASE, keepsEmbargo: true, participant: ORIGIN }
export const THREE = { contents: [CONTENT, CONTENT, CONTENT] }
export const SECOND_ID = '01940000-0000-7000-8000-000000000101'
export const EPOCH_2 = { ...START, epoch: 2 }
export const OPENED = {
  after: EPOCH_2,
  type: 'epochOpened',
  contents: [{ before: { epoch: 1, link: FIRST.links[0], seq: 1 }, reason: 'restored' }],
  transactionId: SECOND_ID,
  state: afterTaking(FIRST),
}

const one = (decision: string, more: object = {}) => [{ seq: 1, decision, ...more }]
const withHeader = (change: object) => ({ header: (header: object) => ({ ...header, ...change }) })

export const GOOD: Readonly<Record<string, () => Promise<Vector>>> = {
  'valid-first': () => accepted('the first message of a channel', one('applied')),
  'valid-three': () =>
    accepted(
      'three messages in a row',
      [1, 2, 3].map((seq) => ({ seq, decision: 'applied' })),
      THREE,
    ),
  'valid-next': () =>
    accepted('the message after the one that was taken', [{ seq: 2, decision: 'applied' }], {
      after: positionOf(FIRST),
      transactionId: SECOND_ID,
      state: afterTaking(FIRST),
    }),
  'valid-epoch-opened': () =>
    accepted('the next epoch, opened by its first message', one('applied'), OPENED),
  'valid-former-recipient': () =>
    accepted('sealed to the identity that the node had before', one('applied'), {
      recipients: [FORMER.recipient],
    }),
  'valid-repeated-transaction': async () => ({
    says: 'the same bytes under the same id: the same receipts again',
    input: (
      await made({
        state: (state) => ({
          ...afterTaking(FIRST)(state),
          transactions: [
            { id: '01940000-0000-7000-8000-000000000100', digest: digestOf(FIRST.body) },
          ],
        }),
      })
    ).input,
    expect: { decision: 'accepted', status: 200, signed: true, repeated: true, messages: [] },
  }),
  'message-again': () =>
    accepted(
      'a message that came before, in another transaction',
      [{ seq: 1, decision: 'duplicate', firstDecision: 'applied' }],
      { transactionId: SECOND_ID, state: afterTaking(FIRST) },
    ),
  'message-again-rejected': () =>
    accepted(
      'a message that was rejected before',
      [{ seq: 1, decision: 'duplicate', firstDecision: 'rejected', reason: 'agreement' }],
      {
        transactionId: SECOND_ID,
        state: afterTaking(FIRST, { decision: 'rejected', reason: 'agreement' }),
      },
    ),
  'message-id-under-another-number': () =>
    accepted(
      'the id of the first message under the second number',
      [{ seq: 2, decision: 'duplicate', firstDecision: 'applied' }],
      {
        ...withHeader({ id: FIRST.headers[0]?.id }),
        after: positionOf(FIRST),
        transactionId: SECOND_ID,
        state: afterTaking(FIRST),
      },
    ),
  'content-withheld': () =>
    accepted(
      'no content: erased, or no longer to be sent',
      one('rejected', { reason: 'withheld' }),
      {
        plaintext: (value) => ({ ...value, contents: [null] }),
      },
    ),
  'content-of-another-commitment': () =>
    accepted(
      'another content than the header commits to',
      one('rejected', { reason: 'commitment' }),
      {
        plaintext: ({ contents: [opening], ...value }) => ({
          ...value,
          contents: [{ ...opening, content: { ...CONTENT, keepsEmbargo: false } }],
        }),
      },
    ),
  'content-of-another-salt': () =>
    accepted(
      'another salt than the commitment was made with',
      one('rejected', { reason: 'commitment' }),
      {
        plaintext: ({ contents: [opening], ...value }) => ({
          ...value,
          contents: [{ ...opening, salt: Buffer.alloc(32, 7).toString('base64') }],
        }),
      },
    ),
  'contents-swapped': () =>
    accepted(
      'the contents of the first two messages exchanged',
      [
        { seq: 1, decision: 'rejected', reason: 'commitment' },
        { seq: 2, decision: 'rejected', reason: 'commitment' },
        { seq: 3, decision: 'applied' },
      ],
      {
        ...THREE,
        plaintext: ({ contents: [first, second, third], ...value }) => ({
          ...value,
          contents: [second, first, third],
        }),
      },
    ),
  'content-of-unknown-type': () =>
    accepted('a type that this version does not know', one('rejected', { reason: 'schema' }), {
      type: 'somethingElse',
    }),
  'content-with-unknown-member': () =>
    accepted(
      'a content with a member that its form has not',
      one('rejected', { reason: 'schema' }),
      {
        contents: [{ ...CONTENT, more: 1 }],
      },
    ),
  'message-expired': () =>
    accepted('notAfter is now', one('expired'), withHeader({ notAfter: NOW })),
  'message-of-an-exercise': () =>
    accepted(
      'a header of a training, to a node that works on real cases',
      one('rejected', { reason: 'exercise' }),
      withHeader({ exercise: 'training' }),
    ),
  'message-of-a-real-case': () =>
    accepted(
      'a header of a real case, to a node for training',
      one('rejected', { reason: 'exercise' }),
      {
        state: (state) => ({
          ...state,
          receiver: { ...state.receiver, exercise: 'training' },
          peers: state.peers.map((peer) => ({ ...peer, exercise: 'demo' })),
        }),
      },
    ),
}
