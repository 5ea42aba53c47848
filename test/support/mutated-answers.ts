/**
 * Answers and heads of a node, changed before the other one has them. The first node has a
 * transaction in flight that the second has taken long ago: whatever is made of the answer,
 * no receipt counts that is not the genuine one, and the sending goes on or stops by name.
 */
import { sql } from 'kysely'
import { httpTransport, type Transport } from '../../src/adapters/peers/http-transport.ts'
import { ComityError } from '../../src/base/errors.ts'
import type { HttpResponse } from '../../src/wire/http-message.ts'
import { FAMILIES, type Family, HEAD_FAMILIES, type Scene, UNREAD } from './answer-mutations.ts'
import type { ExchangeNode } from './exchange-node.ts'
import { B, type Pair } from './exchange-pair.ts'
import type { Tally, Verdict } from './mutated-traffic.ts'
import type { SeededRandom } from './seeded-random.ts'

type Given = { readonly count: number; readonly tally: Tally }
const way = httpTransport()
const plainWay =
  ({ proxyOfB, toB }: Pair): Transport =>
  (request, signal) => {
    const targetUri = request.targetUri.replace(toB.endpoint, proxyOfB.target)
    return way({ ...request, targetUri }, signal)
  }

/** The answers to a transaction in flight, `count` times changed, then once as it is. */
export async function mutateAnswers(pair: Pair, random: SeededRandom, { count, tally }: Given) {
  const { a } = pair
  const scene = { pair, random, earlier: await deliverEarlier(pair) }
  await a.enqueue({ destination: B, content: { n: 'in flight' } })
  await a.enqueue({ destination: B, content: { n: 'in flight, too' } })
  const before = await sentState(a)
  const attempt = async ({ change }: Pick<Family, 'change'>) => {
    const transport: Transport = async (request, signal) =>
      change(scene, request, await plainWay(pair)(request, signal))
    return a.delivererOver(transport).deliverOnce(B)
  }
  // The first attempt puts it in flight; its answer is lost.
  await attempt({ change: async (_, __, answer) => ({ ...answer, status: 503, headers: [] }) })
  const inFlight = await sentState(a)
  if (before === inFlight) throw new Error('nothing is in flight')
  for (let n = 0; n < count; n += 1) {
    const family = random.pick(FAMILIES)
    const outcome = await attempt(family)
    const hasNoReceipt = (await sentState(a)) === inFlight
    const by = 'reason' in outcome ? `${outcome.kind} ${outcome.reason}` : outcome.kind
    if (family.isUnread) {
      const isTaken = outcome.kind === 'delivered' && !hasNoReceipt
      tally.count(family.name, harmlessIf(isTaken, by))
      if (isTaken) throw new Error('an unread change is only made last')
    } else {
      const isNamed = hasNoReceipt && (outcome.kind === 'later' || outcome.kind === 'stopped')
      tally.count(family.name, detectedIf(isNamed, by))
    }
    await a.db.updateTable('fed_out_channel').set({ stopped_reason: null }).execute()
  }
  const extra = await attempt(UNREAD)
  tally.count(UNREAD.name, harmlessIf(extra.kind === 'delivered', extra.kind))
}

/** Heads of both channels and what is fetched after them, at the node that asks. */
export async function mutateHeads(pair: Pair, random: SeededRandom, { count, tally }: Given) {
  const { a, b } = pair
  await deliverEarlier(pair)
  // What the asked node has sent, so that there is a channel each way; two it has not yet.
  for (let n = 0; n < 3; n += 1) await b.enqueue({ destination: a.node, content: { n } })
  await b.deliverer.deliverOnce(a.node)
  const scene: Scene = { pair, random, earlier: await recordedHeads(pair) }
  const before = await sentState(a)
  for (let n = 0; n < count; n += 1) {
    const { name, change } = random.pick(HEAD_FAMILIES)
    a.alarms.length = 0
    const transport: Transport = async (request, signal) =>
      change(scene, request, await plainWay(pair)(request, signal))
    const named = await a.reconcileOver(transport, B).then(
      () => a.alarms[0]?.kind,
      (error) => (error instanceof ComityError ? (error.reason ?? error.code) : undefined),
    )
    const isSame = (await sentState(a)) === before
    tally.count(name, detectedIf(named !== undefined && isSame, `${named}`))
  }
  a.alarms.length = 0
  await a.reconcileOver(plainWay(pair), B)
  tally.count('genuine heads, after all of them', harmlessIf(a.alarms.length === 0, 'an alarm'))
}

const detectedIf = (isSo: boolean, by: string): Verdict =>
  isSo ? { kind: 'detected', by } : { kind: 'missed', what: by }
const harmlessIf = (isSo: boolean, what: string): Verdict =>
  isSo ? { kind: 'harmless', why: 'taken like the genuine one' } : { kind: 'missed', what }

async function deliverEarlier(pair: Pair): Promise<readonly HttpResponse[]> {
  const answers: HttpResponse[] = []
  const transport: Transport = async (request, signal) => {
    const answer = await plainWay(pair)(request, signal)
    answers.push(answer)
    return answer
  }
  for (let n = 0; n < 3; n += 1) {
    await pair.a.enqueue({ destination: B, content: { earlier: n } })
    await pair.a.enqueue({ destination: B, content: { earlier: n, and: 'more' } })
    await pair.a.delivererOver(transport).deliverOnce(B)
  }
  return answers
}

async function recordedHeads(pair: Pair): Promise<readonly HttpResponse[]> {
  const answers: HttpResponse[] = []
  await pair.a.reconcileOver(async (request, signal) => {
    const answer = await plainWay(pair)(request, signal)
    answers.push(answer)
    return answer
  }, B)
  return answers
}

/** What a node has of both channels, but leases and the heads that it was shown. */
async function sentState({ db }: ExchangeNode): Promise<string> {
  const { rows } = await sql<{ digest: string }>`
    select md5(string_agg(row, '|' order by row)) as digest from (
      select 'o' || t::text as row from fed_out t union all
      select 'p' || t::text from fed_out_pending t union all
      select 't' || t::text from fed_out_transaction t union all
      select 'n' || row(epoch, seq, link)::text from fed_out_channel union all
      select 'c' || t::text from fed_in_channel t union all
      select 'm' || t::text from fed_in t union all
      select 'e' || t::text from effect t) as all_rows`.execute(db)
  return rows[0]?.digest ?? ''
}
