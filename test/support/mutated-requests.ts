/**
 * Requests of one node to another, genuine and then changed, at a receiver that stands
 * where they belong: three transactions have come, the fourth is on its way. Who changes
 * them is the network, somebody with the key of the requests and not of the headers, or
 * the origin itself.
 */
import { Agent, request } from 'node:http'
import { sql } from 'kysely'
import { channelStart } from '../../src/wire/exchange/channel.ts'
import { forge, type Put, send, signedPut } from './exchange-forger.ts'
import type { ExchangeNode } from './exchange-node.ts'
import type { Pair } from './exchange-pair.ts'
import type { Tally, Verdict } from './mutated-traffic.ts'
import {
  EARLIER,
  FAMILIES,
  type Forged,
  type Made,
  MESSAGES,
  type Scene,
} from './request-mutations.ts'
import type { SeededRandom } from './seeded-random.ts'

type Sent = Pick<Awaited<ReturnType<typeof send>>, 'status' | 'code' | 'receipts'>

/** A request is signed anew like a sender's retry, long before its signature lapses. */
const SIGNED_FOR = 400

/** Sends `count` changed requests, then the genuine one, which must be taken. */
export async function mutateRequests(
  pair: Pair,
  random: SeededRandom,
  { count, tally }: { readonly count: number; readonly tally: Tally },
): Promise<void> {
  const scene = await setScene(pair, random)
  const before = await stateOf(pair.b)
  for (let n = 0; n < count; n += 1) {
    if (n % SIGNED_FOR === 0) scene.put = await signedPut(pair.a, pair.toB, scene.next)
    const { family, put, verdict } = await random.pick(FAMILIES)(scene)
    const answer = await sendAsIs(direct(pair, put))
    tally.count(family, await judged(scene, answer, verdict))
    if ((await stateOf(pair.b)) !== before) await restore(scene)
    if ((await stateOf(pair.b)) !== before) throw new Error(`${family}: the state is not as before`)
  }
  const genuine = await send(await signedPut(pair.a, pair.toB, scene.next))
  tally.count('genuine, after all of them', isTaken(genuine))
}

async function setScene(pair: Pair, random: SeededRandom): Promise<Scene> {
  const { a, toB } = pair
  const [earlier, puts]: [Forged[], Put[]] = [[], []]
  let position = channelStart(a.node, toB.node)
  for (let n = 0; n < EARLIER; n += 1) {
    const one = await forge(a, toB, contentsOf(`earlier ${n}`), { position })
    const put = await signedPut(a, toB, one)
    const { status } = await send(put)
    if (status !== 200) throw new Error(`an earlier transaction was answered with ${status}`)
    earlier.push(one)
    puts.push(put)
    position = one.position
  }
  const next = await forge(a, toB, contentsOf('next'), { position })
  const put = await signedPut(a, toB, next)
  return { pair, random, earlier, puts, next, at: position, put }
}

const contentsOf = (name: string) => Array.from({ length: MESSAGES }, (_, n) => ({ name, n }))

/** Past the proxy: nothing is between but what is changed here. */
function direct({ proxyOfB, toB }: Pair, put: Put): Put {
  return { ...put, url: put.url.replace(toB.endpoint, proxyOfB.target) }
}

const agent = new Agent({ keepAlive: true })

/** Header fields as they are given, the same name twice too. */
function sendAsIs({ method, url, headers, body }: Put): Promise<Sent> {
  const own = [
    ['host', 'b'],
    ['content-length', String(body.length)],
  ]
  const fields = [...headers, ...own].flat()
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: fields }, async (answer) => {
      const parts: Buffer[] = []
      for await (const part of answer) parts.push(part)
      const { code, receipts } = JSON.parse(Buffer.concat(parts).toString() || '{}')
      resolve({ status: answer.statusCode ?? 0, code, receipts })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function judged({ pair }: Scene, answer: Sent, verdict: Made['verdict']): Promise<Verdict> {
  const effects = await pair.b.effects()
  if (verdict === 'unread') {
    return isTaken(answer).kind === 'harmless'
      ? { kind: 'harmless', why: 'taken like the genuine one' }
      : { kind: 'missed', what: `it was answered with ${answer.status}` }
  }
  if (effects.length !== EARLIER * MESSAGES) return { kind: 'missed', what: 'it had an effect' }
  const decisions = (answer.receipts ?? []).map(({ receipt }) => receipt)
  if (verdict === 'again') {
    const isSame =
      answer.status === 200 && decisions.every(({ decision }) => decision === 'applied')
    return isSame ? { kind: 'detected', by: 'the old receipts' } : { kind: 'missed', what: 'again' }
  }
  if (verdict === 'equivocation') {
    const evidence = await pair.b.db.selectFrom('fed_equivocation').selectAll().execute()
    const isKept = evidence.length === 1 && answer.code === 'equivocation'
    if (!isKept) return { kind: 'missed', what: `${answer.status} ${answer.code}, no evidence` }
  }
  if (answer.status >= 400) {
    const named = answer.code ?? (answer.status === 404 ? 'no such address' : undefined)
    return named ? { kind: 'detected', by: named } : { kind: 'missed', what: 'a no without a name' }
  }
  const reasons = decisions.map(({ decision, reason }) => reason ?? decision)
  const isNegative = decisions.every(({ decision }) => ['rejected', 'duplicate'].includes(decision))
  return isNegative && decisions.length > 0
    ? { kind: 'detected', by: `receipt ${reasons[0]}` }
    : { kind: 'missed', what: `it was taken: ${reasons}` }
}

function isTaken({ status, receipts = [] }: Sent): Verdict {
  const isAll =
    receipts.length === MESSAGES && receipts.every((one) => one.receipt.decision === 'applied')
  return status === 200 && isAll
    ? { kind: 'harmless', why: 'taken' }
    : { kind: 'missed', what: `it was answered with ${status}` }
}

/** All that the receiver has of the channel, but nonces, which only ever refuse. */
async function stateOf({ db }: ExchangeNode): Promise<string> {
  const { rows } = await sql<{ digest: string }>`
    select md5(string_agg(row, '|' order by row)) as digest from (
      select 'c' || t::text as row from fed_in_channel t union all
      select 'm' || t::text from fed_in t union all
      select 't' || t::text from fed_in_transaction t union all
      select 'e' || t::text from effect t union all
      select 'q' || t::text from fed_equivocation t) as all_rows`.execute(db)
  return rows[0]?.digest ?? ''
}

/** What was rightly written down of a mutation is taken away, so that the next finds the same. */
async function restore({ pair: { a, b }, at, earlier }: Scene): Promise<void> {
  const { db } = b
  const { epoch, seq, link } = at
  await db.deleteFrom('fed_in').where('seq', '>', String(seq)).execute()
  await db.deleteFrom('effect').where('seq', '>', seq).execute()
  await db.deleteFrom('fed_equivocation').execute()
  const ids = earlier.map(({ id }) => id)
  await db.deleteFrom('fed_in_transaction').where('id', 'not in', ids).execute()
  const place = { epoch, seq, link, frozen_at: null }
  await db.updateTable('fed_in_channel').set(place).where('origin', '=', a.node).execute()
}
