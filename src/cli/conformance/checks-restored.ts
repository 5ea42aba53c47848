/** What a node takes of a peer that came back from a backup, and what it does with many requests at once. */
import { systemRandom } from '../../adapters/random.ts'
import { nextEpoch } from '../../wire/exchange/channel.ts'
import {
  type Check,
  expect,
  expectRefusal,
  expectSigned,
  NotTested,
  next,
  put,
  taken,
} from './check.ts'
import { expectExpected, positionAt } from './checks-channel.ts'
import { forge } from './forge.ts'
import { field } from './talk.ts'

const AT_ONCE = 48

export const RESTORED_CHECKS: readonly Check[] = [
  {
    requirement: 'exchange/epoch-opened',
    does: 'the next epoch, opened as after a restore; the old one is over, and old ids stay known',
    async run(session) {
      const { actor, target } = session
      const last = await next(session)
      await taken(session, last)
      const before = session.position
      const { epoch, seq, link } = before
      const notice = await forge(actor, target, nextEpoch(before), {
        type: 'epochOpened',
        content: { reason: 'restored', before: { epoch, seq, link } },
      })
      const [receipt] = await taken(session, notice)
      expect(receipt?.decision === 'applied', `decided ${receipt?.decision}`)
      const head = await positionAt(session)
      expect(head.epoch === epoch + 1, `its head says epoch ${head.epoch}`)
      const late = await put(session, await forge(actor, target, before))
      expectRefusal(late, 409, 'wrong-epoch')
      expectExpected(late, session.position)
      const id = last.headers[0]?.id
      const again = await next(session, { header: (header) => ({ ...header, id }) })
      const [second] = await taken(session, again)
      expect(second?.decision === 'duplicate', `an old id is decided ${second?.decision}`)
    },
  },
  {
    requirement: 'exchange/too-many',
    does: `${AT_ONCE} requests at once: each is answered, or sent away for a while, signed`,
    async run({ actor, talk }) {
      const path = `/federation/v1/channels/${actor.node}/head`
      const ask = () => talk.ask({ method: 'GET', path })
      const all = await Promise.all(Array.from({ length: AT_ONCE }, ask))
      const away = all.filter(({ status }) => status !== 200)
      for (const heard of away) {
        if (heard.status !== 503) expectRefusal(heard, 429, 'too-many')
        const after = field(heard.headers, 'retry-after')
        expect(/^[0-9]+$/.test(after), `a ${heard.status} without Retry-After`)
      }
      all.forEach(expectSigned)
      const later = await ask()
      expect(later.status === 200, `one request after them is answered ${later.status}`)
      if (away.length === 0) throw new NotTested(`it took ${AT_ONCE} at once`)
    },
  },
  {
    requirement: 'exchange/too-many',
    does: 'a transaction sent six times at once is taken once',
    async run(session) {
      const forged = await next(session)
      const all = await Promise.all(Array.from({ length: 6 }, () => put(session, forged)))
      const statuses = all.map(({ status }) => status)
      const odd = statuses.find((status) => ![200, 429, 503].includes(status))
      expect(odd === undefined, `one is answered ${odd}`)
      const receipts = await taken(session, forged)
      expect(receipts[0]?.decision !== 'duplicate', 'the first answer was another one')
    },
  },
  {
    requirement: 'exchange/one-world',
    does: 'an exercise of the other name is of the same kind',
    async run(session) {
      const { exercise } = session.actor
      if (!exercise) throw new NotTested('the peer of the test works on real cases, see --prepare')
      const other = exercise === 'demo' ? 'training' : 'demo'
      const forged = await next(session, { header: (header) => ({ ...header, exercise: other }) })
      const [receipt] = await taken(session, forged)
      expect(receipt?.reason !== 'exercise', 'rejected as of the other kind')
    },
  },
  {
    requirement: 'exchange/canonical-json',
    does: 'an id that is no UUID of version 4 or 7',
    async run(session) {
      const id = systemRandom.uuid().replace(/-4/, '-1')
      const forged = await next(session, { header: (header) => ({ ...header, id }) })
      expectRefusal(await put(session, forged), 400, 'schema')
    },
  },
]
