/**
 * What tests of agreements between the three nodes of a demonstration world share: reading
 * and changing one agreement at each place, time that passes at all, a node that is away.
 */
import assert from 'node:assert/strict'
import { addMs, DAY_MS, type Instant } from '../../src/base/time.ts'
import { type Answer, caseNowOf, type Hand, moveClock } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import type { AgreementState } from '../../src/core/agreement/agreement.ts'
import type { SupervisorEvent } from '../../src/node/supervisor.ts'
import { PLACES, type Place, startWorld, type World, type WorldOptions } from './demo.ts'

export const NODE_OF = {
  meridia: 'meridia.example',
  albion: 'albion.example',
  sierra: 'sierra.example',
} as const satisfies Record<Place, string>

/** A loaded machine is slow; what never comes fails all the same. */
export const WAIT_MS = 60_000

/** Why a release is made, in the words that every test may use. */
export const TESTED = {
  purpose: 'investigation',
  legalBasis: 'Agreement clause 2.1 (fictional).',
  necessity: 'The peer needs it for its own steps.',
  proportionality: 'Only what the peer needs.',
  nonDiscrimination: 'Depends on nothing personal.',
  leastIntrusive: 'No name or contact is included.',
  expression: 'It touches no press, union, protest, religion or politics.',
}

export type ShownAgreement = {
  readonly state: AgreementState
  readonly history: readonly { readonly type: string }[]
}

/** As `pass`, while one is down: it finds on its return that time went on. */
export type Pass = (ms: number) => Promise<void>

export type ThreeNodes = {
  readonly world: World
  shown(place: Place, agreementId: string): Promise<ShownAgreement>
  act(place: Place, agreementId: string, name: string, input: object): Promise<Answer>
  sign(place: Place, agreementId: string): Promise<Answer>
  /** Waits until the agreement is there and `holds` at each of these places. */
  everywhere(
    what: string,
    agreementId: string,
    holds: (state: AgreementState) => boolean,
    places?: readonly Place[],
  ): Promise<void>
  inDays(days: number): Promise<Instant>
  /** All nodes to one moment, so much later than the latest of them. */
  pass(ms: number): Promise<void>
  /** Kills the node whenever it comes up, until the work is done; then it is back. */
  whileAway(place: Place, work: (pass: Pass) => Promise<void>): Promise<void>
  waitFor<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>
}

export async function startThreeNodes(options: WorldOptions = {}): Promise<ThreeNodes> {
  const listeners = new Set<(event: SupervisorEvent) => void>()
  const onEvent = (event: SupervisorEvent) => {
    for (const listener of listeners) listener(event)
  }
  const world = await startWorld({ ...options, onEvent })
  const at = (place: Place) => world.hands[place].liaison
  const shown = (place: Place, id: string) => at(place).get<ShownAgreement>(`/agreements/${id}`)
  const wait: ThreeNodes['waitFor'] = (what, look) => waitFor(what, look, WAIT_MS)
  return {
    world,
    shown,
    act: (place, id, name, input) => at(place).post(`/agreements/${id}/acts/${name}`, input),
    sign: (place, id) => at(place).post(`/agreements/${id}/sign`, { simulated: true }),
    waitFor: wait,
    async everywhere(what, id, holds, places = PLACES) {
      for (const place of places) {
        await wait(`${what} at ${place}`, async () => {
          const found = await shown(place, id).catch(() => undefined)
          return found !== undefined && holds(found.state)
        })
      }
    },
    async inDays(days) {
      const { caseNow } = await caseNowOf(world.node('meridia'))
      return addMs(caseNow as Instant, days * DAY_MS)
    },
    pass: (ms) => movedBy(world, ms),
    async whileAway(place, work) {
      const id = NODE_OF[place]
      const kill = () => {
        const pid = world.demo.supervisor.children.get(id)?.pid
        if (pid !== undefined) process.kill(pid, 'SIGKILL')
      }
      const stayDown = (event: SupervisorEvent) => {
        if (event.type === 'childStarted' && event.id === id) kill()
      }
      listeners.add(stayDown)
      kill()
      try {
        await work((ms) => movedBy(world, ms, place))
      } finally {
        listeners.delete(stayDown)
      }
      await wait(`${place} to be back`, async () => {
        return (
          (await at(place)
            .get('/agreements')
            .catch(() => null)) !== null
        )
      })
    },
  }
}

async function movedBy(world: World, ms: number, away?: Place): Promise<void> {
  const up = PLACES.filter((place) => place !== away).map((place) => world.node(place))
  const offsets = await Promise.all(up.map(async (node) => (await caseNowOf(node)).offsetMs))
  const target = Math.max(...offsets) + ms
  await Promise.all(up.map((node) => moveClock(node, target)))
  if (!away) return
  const value = JSON.stringify(target)
  await world
    .database(away)
    .insertInto('node_setting')
    .values({ key: 'case-clock-offset-ms', value })
    .onConflict((on) => on.column('key').doUpdateSet({ value }))
    .execute()
}

export function done(answer: Answer): readonly string[] {
  assert.ok('done' in answer, JSON.stringify(answer))
  return answer.done.events
}

export function whyNot(answer: Answer): string {
  assert.ok('refused' in answer, 'it was done')
  return answer.refused.why
}

/** Proposed by one, approved by another who is shown exactly that. */
export async function byTwo(
  [first, other]: readonly [Hand, Hand],
  caseId: string,
  act: string,
  input: object,
): Promise<void> {
  await first.do(caseId, act, input)
  type Waiting = { readonly proposalId: string; readonly act: string; readonly digest: string }
  const open = await other.get<Waiting[]>(`/cases/${caseId}/proposals`)
  const found = open.find((one) => one.act === act)
  assert.ok(found, `${act} waits for a second person`)
  const { proposalId, digest } = found
  done(await other.post(`/cases/${caseId}/proposals/${proposalId}/approve`, { digest }))
}
