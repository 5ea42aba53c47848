import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import {
  type ChannelPosition,
  channelStart,
  EPOCH_OPENED,
  judgeMessage,
  nextEpoch,
  nextHeader,
  positionAfter,
} from './channel.ts'
import {
  draftOf,
  linkOf,
  type MessageDraft,
  type MessageHeader,
  ZERO_LINK,
} from './message-header.ts'

const start = channelStart('a.example', 'b.example')
const draft = (text: string, type = 'caseNote'): MessageDraft => ({
  id: '0b34cf10-5fb0-4d64-8ab5-8e2a0a5f0001',
  type,
  objectId: text,
  version: 1,
  agreement: null,
  contentCommitment: '0'.repeat(64),
})

function written(texts: readonly string[], from: ChannelPosition = start) {
  const headers: MessageHeader[] = []
  let position = from
  for (const text of texts) {
    const header = nextHeader(position, draft(text))
    headers.push(header)
    position = positionAfter(header, linkOf(nodePrimitives, header))
  }
  return { headers, position }
}

const link = (header: MessageHeader) => linkOf(nodePrimitives, header)
const objectIds = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 12 })

test('a reader that takes what is expected ends where the writer is', () => {
  fc.assert(
    fc.property(objectIds, (texts) => {
      const { headers, position } = written(texts)
      let reader = start
      for (const header of headers) {
        assert.equal(judgeMessage(reader, header, { link: link(header) }), 'expected')
        reader = positionAfter(header, link(header))
      }
      assert.deepEqual(reader, position)
      assert.equal(position.seq, texts.length)
    }),
  )
})

test('of any delivery of these messages only the next one is ever expected', () => {
  fc.assert(
    fc.property(objectIds, fc.array(fc.nat(11), { maxLength: 40 }), (texts, picks) => {
      const { headers } = written(texts)
      const known = new Map<number, string>()
      let reader = start
      for (const pick of picks) {
        const header = headers[pick % headers.length] as MessageHeader
        const knownLink = known.get(header.seq)
        const judgement = judgeMessage(reader, header, { link: link(header), knownLink })
        const due = reader.seq + 1
        const wanted = header.seq === due ? 'expected' : header.seq < due ? 'duplicate' : 'gap'
        assert.equal(judgement, wanted)
        if (judgement !== 'expected') continue
        known.set(header.seq, link(header))
        reader = positionAfter(header, link(header))
      }
    }),
  )
})

test('any change of a member changes the link', () => {
  const header = nextHeader(start, draft('one'))
  const changes: Partial<MessageHeader>[] = [
    { origin: 'c.example' },
    { destination: 'c.example' },
    { epoch: 2 },
    { seq: 2 },
    { prev: 'f'.repeat(64) },
    { id: '0b34cf10-5fb0-4d64-8ab5-8e2a0a5f0002' },
    { type: 'x' },
    { objectId: 'two' },
    { version: 2 },
    { agreement: 'a' },
    { contentCommitment: 'f'.repeat(64) },
    { notAfter: '2026-01-01T00:00:00.000Z' as never },
  ]
  const links = changes.map((change) => link({ ...header, ...change }))
  assert.equal(new Set([...links, link(header)]).size, changes.length + 1)
})

test('a link is SHA-256 over domain and canonical header', () => {
  // Members in canonical order, written by hand.
  const text =
    '{"agreement":null,"contentCommitment":"0000000000000000000000000000000000000000000000000000000000000000",' +
    '"destination":"b.example","epoch":1,"id":"0b34cf10-5fb0-4d64-8ab5-8e2a0a5f0001","objectId":"one","origin":"a.example",' +
    '"prev":"0000000000000000000000000000000000000000000000000000000000000000","seq":1,"type":"caseNote","v":1,"version":1}'
  const hash = nodePrimitives.sha256(Buffer.from(`comity/link/v1\0${text}`))
  assert.equal(link(nextHeader(start, draft('one'))), Buffer.from(hash).toString('hex'))
})

test('two histories are told by the number they share, or by the link they do not', () => {
  const { headers, position } = written(['one', 'two'])
  const other = written(['one', 'other']).headers[1] as MessageHeader
  const known = link(headers[1] as MessageHeader)
  assert.equal(
    judgeMessage(position, other, { link: link(other), knownLink: known }),
    'equivocation',
  )
  const after = nextHeader(positionAfter(other, link(other)), draft('three'))
  assert.equal(judgeMessage(position, after, { link: link(after) }), 'equivocation')
  // A number behind us of which nothing is stored: nobody can say that it is the same.
  assert.equal(judgeMessage(position, other, { link: link(other) }), 'equivocation')
})

test('a new epoch begins with its notice, at one, right after the old one', () => {
  const { position } = written(['one', 'two'])
  const opened = nextHeader(nextEpoch(position), draft('a', EPOCH_OPENED))
  const judge = (header: MessageHeader, at = position) =>
    judgeMessage(at, header, { link: link(header) })
  assert.equal(opened.prev, ZERO_LINK)
  assert.equal(judge(opened), 'expected')
  assert.equal(judge(nextHeader(nextEpoch(position), draft('a'))), 'wrong-epoch')
  assert.equal(judge({ ...opened, epoch: 3 }), 'wrong-epoch')
  assert.equal(judge({ ...opened, seq: 2 }), 'wrong-epoch')
  const moved = positionAfter(opened, link(opened))
  assert.equal(judge(nextHeader(position, draft('late')), moved), 'wrong-epoch')
})

test('a draft taken from a header makes the same header in the same place', () => {
  const header = nextHeader(start, draft('one'))
  assert.deepEqual(nextHeader(start, draftOf(header)), header)
})
