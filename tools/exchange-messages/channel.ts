/** Transactions that are good by themselves, and not what the channel expects. */
import { afterTaking, digestOf, made, positionOf, START, TRANSACTION } from './draft.ts'
import { CONTENT, EPOCH_2, FIRST, OPENED, SECOND_ID, THREE } from './good.ts'
import { conflict, type Vector } from './vector.ts'

const OTHER = { ...CONTENT, keepsEmbargo: false }
const second = await made({ after: positionOf(FIRST) })
const otherFirst = await made({ contents: [OTHER] })
const taken = { epoch: 1, seq: 2, link: FIRST.links[0] }
const nothing = { epoch: 1, seq: 1, link: START.link }
const next = { transactionId: SECOND_ID, state: afterTaking(FIRST) }
const frozen = (state: Parameters<ReturnType<typeof afterTaking>>[0]) => {
  const after = afterTaking(FIRST)(state)
  return { ...after, channel: { ...after.channel, frozen: true } }
}

export const CHANNEL: Readonly<Record<string, () => Promise<Vector>>> = {
  'gap-first-missing': () =>
    conflict('the second message before the first', 'gap', nothing, {
      after: positionOf(FIRST),
    }),
  'gap-second-missing': () =>
    conflict('the third message after the first', 'gap', taken, {
      ...next,
      after: positionOf(second),
    }),
  'equivocation-same-number': () =>
    conflict('another first message than the one that was taken', 'equivocation', taken, {
      ...next,
      contents: [OTHER],
    }),
  'equivocation-other-past': () =>
    conflict('a second message after another first', 'equivocation', taken, {
      ...next,
      after: positionOf(otherFirst),
    }),
  'equivocation-number-not-kept': () =>
    conflict('a number that was taken, of which nothing is kept', 'equivocation', taken, {
      transactionId: SECOND_ID,
      state: (state) => ({ ...afterTaking(FIRST)(state), messages: [] }),
    }),
  'equivocation-inside': () =>
    conflict(
      'a known first message and another second',
      'equivocation',
      { epoch: 1, seq: 4, link: three.links[2] },
      {
        transactionId: SECOND_ID,
        contents: [CONTENT, OTHER],
        state: afterTaking(three),
      },
    ),
  'channel-frozen': () =>
    conflict(
      'the next message, where people have not decided about two histories',
      'channel-frozen',
      taken,
      {
        ...next,
        after: positionOf(FIRST),
        state: frozen,
      },
    ),
  'epoch-opened-by-another-type': () =>
    conflict('the next epoch, begun by an ordinary message', 'wrong-epoch', taken, {
      ...next,
      after: EPOCH_2,
    }),
  'epoch-left-out': () =>
    conflict('epoch 3 after epoch 1', 'wrong-epoch', taken, {
      ...OPENED,
      after: { ...START, epoch: 3 },
    }),
  'epoch-opened-later': () =>
    conflict('the next epoch, begun with its second number', 'wrong-epoch', taken, {
      ...OPENED,
      after: { ...EPOCH_2, seq: 1, link: 'f'.repeat(64) },
    }),
  'epoch-over': () =>
    conflict(
      'an epoch that was closed',
      'wrong-epoch',
      { epoch: 2, seq: 2, link: opened.links[0] },
      {
        after: positionOf(FIRST),
        transactionId: '01940000-0000-7000-8000-000000000102',
        state: afterTaking(opened),
      },
    ),
  'transaction-id-with-other-bytes': () =>
    conflict(
      'the id of a transaction that was answered, with other bytes',
      'transaction-conflict',
      taken,
      {
        after: positionOf(FIRST),
        state: (state) => ({
          ...afterTaking(FIRST)(state),
          transactions: [{ id: TRANSACTION, digest: digestOf(FIRST.body) }],
        }),
      },
    ),
}

const three = await made(THREE)
const opened = await made(OPENED)
