/** The channel: what is taken, once and in order, and what every message is answered. */

import { httpPrimitives } from '../../adapters/keys/http-primitives.ts'
import { systemRandom } from '../../adapters/random.ts'
import { equalBytes } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import type { ChannelPosition } from '../../wire/exchange/channel.ts'
import { verifyChannelHead } from '../../wire/exchange/channel-head.ts'
import {
  type Check,
  expect,
  expectRefusal,
  expectSigned,
  NotTested,
  next,
  put,
  receiptsIn,
  type Session,
  taken,
} from './check.ts'
import { type Bend, forge } from './forge.ts'
import { type Heard, now } from './talk.ts'

/** What the target says of the channel from us to it. @throws Failed, ComityError */
export async function positionAt(session: Pick<Session, 'actor' | 'target' | 'talk'>) {
  const { actor, target, talk } = session
  const path = `/federation/v1/channels/${actor.node}/head`
  const heard = await talk.ask({ method: 'GET', path })
  expect(heard.status === 200, `answered ${heard.status} ${String(heard.said['code'] ?? '')}`)
  expectSigned(heard)
  const channel = { origin: actor.node, destination: target.node }
  const { head } = verifyChannelHead(httpPrimitives, heard.body, { ...channel, by: target })
  const { epoch, seq, link } = head
  return { ...channel, epoch, seq, link } satisfies ChannelPosition
}

export function expectExpected({ said }: Heard, { epoch, seq, link }: ChannelPosition): void {
  const wanted = { epoch, seq: seq + 1, link }
  const given = JSON.stringify(said['expected'] ?? null)
  const isSame = equalBytes(canonicalBytes(said['expected'] ?? null), canonicalBytes(wanted))
  expect(isSame, `expected is ${given}, not ${JSON.stringify(wanted)}`)
}

/** One message with a flaw of its own, and a good one behind it. */
function negative(
  requirement: string,
  does: string,
  [decision, reason]: readonly [string, string?],
  bend: Bend,
): Check {
  return {
    requirement,
    does,
    async run(session) {
      const first = <Made>(change: ((made: Made, index: number) => unknown) | undefined) =>
        change && ((made: Made, index: number) => (index === 0 ? change(made, index) : made))
      const both = {
        ...bend,
        messages: 2,
        header: first(bend.header),
        opening: first(bend.opening),
      }
      const [bad, good] = await taken(session, await next(session, both as Bend))
      const said = `${bad?.decision} ${bad?.reason ?? ''}`
      const isSo = bad?.decision === decision && bad.reason === reason
      expect(isSo, `its receipt says ${said.trim()}, not ${decision} ${reason ?? ''}`)
      expect(good?.reason !== reason || reason === undefined, 'it holds up the next message')
    },
  }
}

export const CHANNEL_CHECKS: readonly Check[] = [
  {
    requirement: 'exchange/receipts',
    does: 'three messages get three signed receipts, in order, whatever they say',
    async run(session) {
      const receipts = await taken(session, await next(session, { messages: 3 }))
      const decisions = receipts.map(({ decision }) => decision)
      expect(!decisions.includes('duplicate'), `decided ${decisions.join(', ')}`)
    },
  },
  {
    requirement: 'exchange/unknown-type',
    does: 'a type that nobody knows has no effect',
    async run(session) {
      const [receipt] = await taken(session, await next(session))
      const { decision, reason } = receipt ?? {}
      expect(decision === 'rejected' && reason === 'schema', `decided ${decision} ${reason ?? ''}`)
    },
  },
  {
    requirement: 'exchange/same-answer',
    does: 'the same bytes under the same id again: the same receipts',
    async run(session) {
      const forged = await next(session)
      const first = await put(session, forged)
      await receiptsIn(session, forged, first)
      session.position = forged.after
      const again = await put(session, forged)
      await receiptsIn(session, forged, again)
      expect(equalBytes(first.body, again.body), 'other receipts than the first time')
    },
  },
  {
    requirement: 'exchange/same-answer',
    does: 'other bytes under an id that was answered',
    async run(session) {
      const forged = await next(session)
      await taken(session, forged)
      const other = await next(session, { id: forged.id })
      expectRefusal(await put(session, other), 409, 'transaction-conflict')
    },
  },
  {
    requirement: 'exchange/duplicates',
    does: 'the same message in another transaction',
    async run(session) {
      const forged = await next(session)
      const [first] = await taken(session, forged)
      const value = JSON.parse(Buffer.from(forged.body).toString()) as object
      const id = systemRandom.uuid()
      const again = { ...forged, id, body: canonicalBytes({ ...value, id }) }
      const [receipt] = await receiptsIn(session, again, await put(session, again))
      const { decision, firstDecision } = receipt ?? {}
      const isSo = decision === 'duplicate' && firstDecision === first?.decision
      expect(isSo, `decided ${decision}, first ${firstDecision ?? 'nothing'}`)
    },
  },
  {
    requirement: 'exchange/duplicates',
    does: 'the id of a message under another number',
    async run(session) {
      const forged = await next(session)
      await taken(session, forged)
      const id = forged.headers[0]?.id
      const other = await next(session, { header: (header) => ({ ...header, id }) })
      const [receipt] = await taken(session, other)
      expect(receipt?.decision === 'duplicate', `decided ${receipt?.decision}`)
    },
  },
  {
    requirement: 'exchange/gap',
    does: 'two messages in the wrong order: the second waits for the first',
    async run(session) {
      const { actor, target } = session
      const before = session.position
      const first = await next(session)
      const second = await forge(actor, target, first.after)
      const early = await put(session, second)
      expectRefusal(early, 409, 'gap')
      expectExpected(early, before)
      await taken(session, first)
      await taken(session, second)
    },
  },
  {
    requirement: 'exchange/wrong-epoch',
    does: 'the next epoch begun by an ordinary message, and one that was left out',
    async run(session) {
      const { actor, target, position } = session
      for (const more of [1, 2]) {
        const start = { ...position, epoch: position.epoch + more, seq: 0, link: '0'.repeat(64) }
        const heard = await put(session, await forge(actor, target, start))
        expectRefusal(heard, 409, 'wrong-epoch')
        expectExpected(heard, position)
      }
    },
  },
  negative(
    'exchange/commitments',
    'another content than its header commits to',
    ['rejected', 'commitment'],
    {
      opening: (opening) => ({ ...opening, content: { other: true } }),
    },
  ),
  negative('exchange/commitments', 'a content that is withheld', ['rejected', 'withheld'], {
    opening: () => null,
  }),
  negative('exchange/expired', 'notAfter has passed', ['expired'], {
    header: (header) => ({ ...header, notAfter: addMs(now(), -DAY_MS) }),
  }),
  {
    requirement: 'exchange/other-world',
    does: 'a header of the other kind (exercise or real)',
    async run(session) {
      const forged = await next(session, {
        header: ({ exercise, ...header }) =>
          exercise ? header : { ...header, exercise: 'training' },
      })
      const [receipt] = await taken(session, forged)
      const { decision, reason } = receipt ?? {}
      expect(
        decision === 'rejected' && reason === 'exercise',
        `decided ${decision} ${reason ?? ''}`,
      )
    },
  },
  {
    requirement: 'exchange/head',
    does: 'the signed head is where the channel stands',
    async run(session) {
      const { epoch, seq, link } = await positionAt(session)
      const { position } = session
      const isSame = epoch === position.epoch && seq === position.seq && link === position.link
      expect(isSame, `it says ${epoch}/${seq}, and ${position.epoch}/${position.seq} was taken`)
    },
  },
  {
    requirement: 'exchange/equivocation',
    does: 'another message under a number that was taken freezes the channel',
    async run(session) {
      if (!session.options.freeze) {
        throw new NotTested('it stops our channel until people at the node let it go on: --freeze')
      }
      const { actor, target, position } = session
      await taken(session, await next(session))
      const other = await forge(actor, target, position)
      expectRefusal(await put(session, other), 409, 'equivocation')
      expectRefusal(await put(session, await next(session)), 409, 'channel-frozen')
    },
  },
]
