/** The other doors of the exchange: node document, versions, heads, back-fill, fetching, files. */

import { httpPrimitives } from '../../adapters/keys/http-primitives.ts'
import { systemRandom } from '../../adapters/random.ts'
import { utf8 } from '../../base/bytes.ts'
import { verifyNodeDocument } from '../../wire/exchange/node-document.ts'
import { actorDocument } from './actor.ts'
import { type Check, expect, expectRefusal, expectSigned, type Session } from './check.ts'
import { now } from './talk.ts'

const DOCUMENT = '/.well-known/comity/node.json'
const OFFER = '/federation/v1/node-document'

type Wanted = readonly [status: number, code: string]

/** A signed GET, and how it must be answered. */
function get(
  requirement: string,
  does: string,
  [status, code]: Wanted,
  path: (session: Session) => string,
): Check {
  return {
    requirement,
    does,
    async run(session) {
      const heard = await session.talk.ask({ method: 'GET', path: path(session) })
      expectRefusal(heard, status, code)
    },
  }
}

const messages = ({ actor, target }: Session) =>
  `/federation/v1/channels/${target.node}/${actor.node}/messages`
const waiting = ({ actor, target }: Session) =>
  `/federation/v1/channels/${target.node}/${actor.node}/next`
const badRange = (query: string) =>
  get(
    'exchange/back-fill',
    `back-fill with ${query || 'no query'}`,
    [400, 'range'],
    (session) => messages(session) + query,
  )

export const DOOR_CHECKS: readonly Check[] = [
  {
    requirement: 'exchange/node-document',
    does: 'the node document is served to everyone, signed by a pinned key, and young',
    async run({ target, talk }) {
      const heard = await talk.plain('GET', target.endpoint + DOCUMENT)
      expect(heard.status === 200, `answered ${heard.status}`)
      expect(heard.contentType === 'application/json', `of media type ${heard.contentType}`)
      const expected = { node: target.node, pinned: target.messageKeys, now: now() }
      verifyNodeDocument(httpPrimitives, heard.body, expected)
    },
  },
  {
    requirement: 'exchange/document-offer',
    does: 'the document that it has pinned, offered again',
    async run({ actor, target, talk }) {
      const body = await actorDocument(actor, now())
      const { status, said } = await talk.plain('PUT', target.endpoint + OFFER, body)
      const isKnown = status === 200 && ['same', 'renewed'].includes(String(said['outcome']))
      expect(isKnown, `answered ${status} ${String(said['outcome'] ?? said['code'])}`)
    },
  },
  {
    requirement: 'exchange/document-offer',
    does: 'a document whose signature is wrong, and one of an unknown node',
    async run({ actor, target, talk }) {
      const text = Buffer.from(await actorDocument(actor, now())).toString()
      const bent = text.replace('no authority', 'an authority')
      const changed = await talk.plain('PUT', target.endpoint + OFFER, utf8(bent))
      expect(
        changed.status === 409 && changed.said['code'] === 'signature',
        `answered ${changed.status} ${String(changed.said['code'])}`,
      )
      const strange = text.replaceAll(actor.node, 'nobody.comity.example')
      const unknown = await talk.plain('PUT', target.endpoint + OFFER, utf8(strange))
      expect(unknown.status === 404, `an unknown node is answered ${unknown.status}`)
    },
  },
  {
    requirement: 'exchange/unknown-version',
    does: 'a path of a version that nobody speaks',
    async run({ talk }) {
      const heard = await talk.ask({ method: 'GET', path: '/federation/v999/channels' })
      expectRefusal(heard, 400, 'version')
      expect(Array.isArray(heard.said['speaks']), 'it does not say which versions it speaks')
    },
  },
  {
    requirement: 'exchange/unknown-version',
    does: 'a transaction whose v nobody speaks',
    async run({ talk }) {
      const id = systemRandom.uuid()
      const heard = await talk.ask({
        path: `/federation/v1/transactions/${id}`,
        body: utf8('{"v":999}'),
      })
      expectRefusal(heard, 400, 'version')
    },
  },
  {
    requirement: 'exchange/request-components',
    does: 'nothing is read without a signature',
    async run(session) {
      const { actor, target, talk } = session
      const head = `/federation/v1/channels/${actor.node}/head`
      for (const path of [head, messages(session), waiting(session)]) {
        const { status } = await talk.plain('GET', target.endpoint + path)
        expect(status === 401, `${path} is answered ${status}`)
      }
    },
  },
  {
    requirement: 'exchange/answers-signed',
    does: 'an answer of 200, and refusals of 400, 404 and 421, each for its own request',
    run: answersAreSigned,
  },
  {
    requirement: 'exchange/response-components',
    does: 'what the signatures of these answers cover',
    run: answersAreSigned,
  },
  {
    requirement: 'exchange/head',
    does: 'the head of the channel from it to us, signed',
    async run({ target, talk }) {
      const path = `/federation/v1/channels/${target.node}/head`
      const heard = await talk.ask({ method: 'GET', path })
      expect(heard.status === 200, `answered ${heard.status}`)
      expectSigned(heard)
    },
  },
  get(
    'exchange/own-channels',
    'the head of a channel of others',
    [404, 'not-found'],
    () => '/federation/v1/channels/nobody.comity.example/head',
  ),
  get(
    'exchange/own-channels',
    'back-fill of a channel of others',
    [404, 'not-found'],
    ({ target }) =>
      `/federation/v1/channels/${target.node}/nobody.comity.example/messages?from=1&to=1`,
  ),
  ...[
    '',
    '?from=1',
    '?from=0&to=1',
    '?from=2&to=1',
    '?from=1&to=51',
    '?from=1&to=1&x=1',
    '?from=1&to=1&epoch=0',
  ].map(badRange),
  {
    requirement: 'exchange/back-fill',
    does: 'back-fill of its first message, or that there is none',
    async run(session) {
      const heard = await session.talk.ask({
        method: 'GET',
        path: `${messages(session)}?from=1&to=1`,
      })
      expect(heard.status === 200 || heard.status === 404, `answered ${heard.status}`)
      expectSigned(heard)
    },
  },
  get('exchange/fetching', 'fetching without a place', [400, 'place'], waiting),
  {
    requirement: 'exchange/fetching',
    does: 'fetching: what waits, or that nothing does',
    async run(session) {
      const path = `${waiting(session)}?epoch=1&seq=1&link=${'0'.repeat(64)}`
      const heard = await session.talk.ask({ method: 'GET', path })
      if (heard.status === 200) return expectSigned(heard)
      expectRefusal(heard, 404, 'nothing-waits')
    },
  },
  {
    requirement: 'exchange/fetching',
    does: 'receipts of a transaction that is not in flight',
    async run({ talk }) {
      const path = `/federation/v1/transactions/${systemRandom.uuid()}/receipts`
      expectRefusal(await talk.ask({ path, body: utf8('{}') }), 404, 'not-in-flight')
    },
  },
  get(
    'exchange/files',
    'a file that was never released to us',
    [404, 'not-found'],
    () => `/federation/v1/files/${systemRandom.uuid()}`,
  ),
  get('exchange/files', 'a file under no id', [400, 'id'], () => '/federation/v1/files/one'),
  get(
    'exchange/files',
    'a piece at no place',
    [400, 'place'],
    () => `/federation/v1/files/${systemRandom.uuid()}/bytes?from=-1`,
  ),
]

/** `verifyResponse` wants exactly the components of the profile, bound to this very request. */
async function answersAreSigned({ actor, talk }: Session): Promise<void> {
  const path = `/federation/v1/channels/${actor.node}/head`
  const head = { method: 'GET', path }
  expectSigned(await talk.ask(head))
  expectSigned(await talk.ask({ ...head, destination: 'nobody.comity.example' }))
  expectSigned(
    await talk.ask({ ...head, path: '/federation/v1/channels/nobody.comity.example/head' }),
  )
  expectSigned(
    await talk.ask({ path: `/federation/v1/transactions/${systemRandom.uuid()}`, body: utf8('{') }),
  )
}
