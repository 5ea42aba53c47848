/**
 * A random walk of 120,000 acts by random principals through the real decisions about
 * access, at every step beside a slow model of the same rules (support/access-model.ts).
 * Set COMITY_SEED to walk the same way again.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision } from '../../src/base/decision.ts'
import { DAY_MS, type Instant, instantFromMs, MINUTE_MS } from '../../src/base/time.ts'
import {
  type CaseAccessEvent,
  type CaseAccessState,
  type CaseForAccess,
  foldCaseAccess,
  openAccess,
} from '../../src/core/access/case-access.ts'
import { type AccessContext, decideAccess } from '../../src/core/access/decide-access.ts'
import {
  approveProposal,
  proposeAct,
  rejectProposal,
  withdrawProposal,
} from '../../src/core/access/proposal.ts'
import type { ActionGroup } from '../../src/core/access/rules.ts'
import { decideForProposer } from '../../src/core/access/second-person.ts'
import * as steer from '../../src/core/access/steer-case.ts'
import type { Acting, Role } from '../../src/core/case/recorded.ts'
import { noStanding, type Standing } from '../../src/core/people/standing.ts'
import {
  isConflicted,
  isOneSide,
  may,
  ON_CASES,
  ON_DESK,
  type PlainCase,
  personIn,
  stillStands,
  type World,
  wantsProof,
} from '../support/access-model.ts'

const STEPS = 120_000
const START = Date.parse('2026-03-02T09:00:00.000Z')
const LEVELS = ['open', 'restricted', 'confidential'] as const
const PURPOSES = ['disclosure', 'enforcement', 'assistance'] as const
const PARTS = ['summary', 'hearing', 'wholeCase'] as const
const ORDERS = ['EU', 'GB', 'US-CA'] as const
const ROLES_OF: Record<string, Role[]> = {
  ada: ['caseOfficer'],
  ben: ['caseOfficer'],
  cyd: ['caseOfficer', 'liaison'],
  dia: ['liaison'],
  eve: ['reviewer'],
  fay: ['reviewer', 'caseOfficer'],
  gus: ['oversight'],
  hal: ['counsel'],
  ivo: ['administrator'],
  jan: ['auditor'],
  kim: ['respondentCounsel'],
  lou: ['vendor'],
  max: ['guest', 'caseOfficer'],
}
const STEERING = ['ada', 'ben', 'cyd', 'dia', 'gus']
const NAMES = Object.keys(ROLES_OF)

/** mulberry32: the same seed walks the same way on every machine. */
function randomFrom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) % 2 ** 32
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const some = <T>(list: readonly T[]): T[] => list.filter(() => next() < 0.5)
  return { below, pick, some, chance: (share: number) => next() < share }
}

class Walk {
  readonly seed: number
  readonly random: ReturnType<typeof randomFrom>
  readonly world: World
  readonly states: Map<string, CaseAccessState> = new Map()
  readonly counts: Record<string, number> = {}
  #ids = 0

  constructor(seed: number) {
    this.seed = seed
    this.random = randomFrom(seed)
    this.world = {
      now: START,
      wire: START,
      people: NAMES.map((id) => ({
        id,
        roles: [...(ROLES_OF[id] ?? [])],
        isGone: false,
        provedAt: null,
      })),
      conflicts: [],
      away: [],
      loans: [],
      cases: [0, 1, 2, 3, 4].map((index) => newCase(`c${index}`, index)),
    }
    for (const { id } of this.world.cases) this.states.set(id, openAccess)
  }

  get now(): Instant {
    return instantFromMs(this.world.now)
  }

  acting(who: string): Acting {
    const { roles, provedAt } = personIn(this.world, who) ?? assert.fail(who)
    return {
      officer: who,
      roles: roles as Role[],
      authority: 'meridia.example',
      now: this.now,
      ...(provedAt === null ? {} : { steppedUpAt: instantFromMs(provedAt) }),
    }
  }

  /** The model's facts as the real folds would give them. */
  standing(): Standing {
    const { people, conflicts, away, loans } = this.world
    const never = { endedAt: null }
    return {
      ...noStanding,
      people: people.map(({ id, roles, isGone }) => ({
        officer: id,
        roles: roles as Role[],
        state: isGone ? 'left' : 'active',
        leaving: null,
      })),
      conflicts: conflicts.map(({ who, what }) => ({
        ...never,
        conflictId: `${who} ${what}`,
        officer: who,
        note: '',
        opened: {
          kind: what.startsWith('c') ? ('case' as const) : ('operator' as const),
          subject: what,
          ground: 'family' as const,
        },
        declaredAt: this.now,
        declaredBy: who,
      })),
      absences: away.map(({ who, start, end }) => ({
        ...never,
        absenceId: `${who} ${start}`,
        officer: who,
        fromAt: instantFromMs(start),
        untilAt: instantFromMs(end),
      })),
      delegations: loans.map((loan, index) => ({
        ...never,
        delegationId: String(index),
        from: loan.from,
        to: loan.to,
        roles: loan.roles as Role[],
        acts: loan.acts,
        fromAt: instantFromMs(loan.start),
        untilAt: instantFromMs(loan.end),
      })),
    }
  }

  resource(about: PlainCase): CaseForAccess {
    const { proposals: _, ...state } = this.stateOf(about)
    return {
      ...state,
      caseId: about.id,
      operators: [about.operator],
      authorities: [],
      reviewers: about.reviewers,
    }
  }

  stateOf({ id }: PlainCase): CaseAccessState {
    return this.states.get(id) ?? assert.fail(id)
  }

  real(who: string, deed: string, about: PlainCase | null, stepUp = wantsProof(deed)) {
    return decideAccess({
      acting: this.acting(who),
      action: { name: deed, group: deed as ActionGroup, stepUp },
      resource: about && this.resource(about),
      context: this.context(),
    })
  }

  context(): AccessContext {
    return {
      standing: this.standing(),
      wireNow: instantFromMs(this.world.wire),
      legalOrder: 'EU',
    }
  }

  /** Compares the answer to one question; returns the real one. */
  ask(who: string, deed: string, about: PlainCase | null) {
    const real = this.real(who, deed, about)
    const model = may(this.world, who, deed, about)
    this.agree(real.decision === 'permit', model !== false, `${who} ${deed} ${about?.id ?? ''}`)
    assert.ok(real.because.length > 0, 'every answer names a rule')
    if (real.decision === 'permit' && model !== false) {
      this.agree(real.value.acting.inPlaceOf ?? null, model.inPlaceOf, `in whose place: ${who}`)
    }
    return real
  }

  agree(real: unknown, model: unknown, about: string): undefined {
    if (real === model) return
    assert.fail(
      `seed ${this.seed}: ${about}: the rules say ${real}, the model says ${model}\n` +
        JSON.stringify({ ...this.world, cases: this.world.cases }, (_, value) =>
          value instanceof Map ? [...value] : value,
        ),
    )
  }

  count(what: string): undefined {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  append(about: PlainCase, by: string, events: readonly CaseAccessEvent[]): undefined {
    const state = events.reduce(
      (sofar, event) => foldCaseAccess(sofar, { event, version: 1, at: this.now, by }),
      this.stateOf(about),
    )
    this.states.set(about.id, state)
  }

  readonly newId = (): string => {
    this.#ids += 1
    return `p${this.#ids}`
  }
}

const OUTSIDE: readonly ('auditor' | 'respondentCounsel' | 'vendor' | 'guest')[] = [
  'auditor',
  'respondentCounsel',
  'vendor',
  'guest',
]

function newCase(id: string, index: number): PlainCase {
  return {
    id,
    level: 'open',
    team: [],
    guests: new Map(),
    purposes: null,
    orders: [],
    operator: `Larkspur ${'ABCDE'[index]}`,
    reviewers: index % 2 === 0 ? ['eve', 'fay'] : [],
    proposals: [],
  }
}

/** In the place of an older one, so that the walk does not end where everything is closed. */
function openAnother({ world, states, random, newId }: Walk): undefined {
  const index = random.below(world.cases.length)
  const opened = newCase(`c${newId()}`, index)
  world.cases[index] = opened
  states.set(opened.id, openAccess)
}

type Steering = {
  readonly name: string
  readonly input: object
  /** Of the real rules. */
  readonly loosens: boolean
  decide(acting: Acting): Decision<readonly CaseAccessEvent[]>
  /** Of the model: does it take a second person; what it changes; false: it is not possible. */
  readonly takesTwo: boolean
  change(by: string): boolean
}

function steeringOf(walk: Walk, about: PlainCase): Steering {
  const { random, world } = walk
  const state = walk.stateOf(about)
  const reason = 'because'
  const who = random.pick(NAMES)
  const roles = [...(personIn(world, who)?.roles ?? [])] as Role[]
  const kind = random.below(6)
  if (kind === 0) {
    const classification = random.pick(LEVELS)
    const command = { classification, reason }
    return {
      name: 'classify',
      input: command,
      loosens: steer.loosensClassification(state, command),
      decide: (acting) => steer.classifyCase(walk.stateOf(about), command, acting),
      takesTwo: LEVELS.indexOf(classification) < LEVELS.indexOf(about.level),
      change(by) {
        if (about.level === classification) return false
        about.level = classification
        if (classification !== 'open' && about.team.length === 0) about.team.push(by)
        return true
      },
    }
  }
  if (kind === 1) {
    const rolesNow = () => [...(personIn(world, who)?.roles ?? [])] as Role[]
    const facts = () => ({ roles: rolesNow(), isConflicted: isConflicted(world, who, about) })
    return {
      name: 'assign',
      input: { who },
      loosens: steer.whyTwoLetIn(state) !== undefined,
      decide: (acting) =>
        steer.assignOfficer(walk.stateOf(about), { officer: who, reason, ...facts() }, acting),
      takesTwo: about.level === 'confidential',
      change() {
        const reads = ['caseOfficer', 'reviewer', 'liaison', 'oversight', 'counsel']
        if (about.team.includes(who) || isConflicted(world, who, about)) return false
        if (!rolesNow().some((role) => reads.includes(role))) return false
        about.team.push(who)
        return true
      },
    }
  }
  if (kind === 2) {
    return {
      name: 'unassign',
      input: { who },
      loosens: false,
      decide: (acting) =>
        steer.unassignOfficer(walk.stateOf(about), { officer: who, reason }, acting),
      takesTwo: false,
      change() {
        if (!about.team.includes(who)) return false
        if (about.team.length === 1 && about.level !== 'open') return false
        about.team = about.team.filter((one) => one !== who)
        return true
      },
    }
  }
  if (kind === 3) return admitting(walk, about, who, roles)
  if (kind === 4) {
    return {
      name: 'remove',
      input: { who },
      loosens: false,
      decide: (acting) => steer.removePerson(walk.stateOf(about), { person: who, reason }, acting),
      takesTwo: false,
      change: () => about.guests.delete(who),
    }
  }
  const command = {
    purposes: random.some(PURPOSES),
    legalOrders: random.chance(0.7) ? [] : random.some(ORDERS),
    ownLegalOrder: 'EU',
    reason,
  }
  const { purposes, legalOrders } = command
  const wasWithout = (one: string) => about.purposes !== null && !about.purposes.includes(one)
  const isWider =
    about.orders.length > 0 &&
    (legalOrders.length === 0 || legalOrders.some((one) => !about.orders.includes(one)))
  return {
    name: 'purposes',
    input: command,
    loosens: steer.loosensPurposes(state, command),
    decide: (acting) => steer.declarePurposes(walk.stateOf(about), command, acting),
    takesTwo: purposes.some(wasWithout) || isWider,
    change() {
      if (purposes.length === 0) return false
      if (legalOrders.length > 0 && !legalOrders.includes('EU')) return false
      about.purposes = purposes
      about.orders = legalOrders
      return true
    },
  }
}

function admitting(walk: Walk, about: PlainCase, who: string, roles: Role[]): Steering {
  const { random, world } = walk
  const fitting = roles.find((role) =>
    (OUTSIDE as readonly string[]).includes(role),
  ) as (typeof OUTSIDE)[number]
  const capacity = fitting && random.chance(0.8) ? fitting : random.pick(OUTSIDE)
  const sees = random.some(PARTS)
  const legalOrder = random.pick(ORDERS)
  const untilMs = world.now + (random.below(420) - 10) * DAY_MS
  const command = {
    person: who,
    capacity,
    sees,
    legalOrder,
    until: instantFromMs(untilMs),
    roles,
    reason: 'because',
  }
  return {
    name: 'admit',
    input: { ...command, roles: [] },
    loosens: steer.whyTwoLetIn(walk.stateOf(about)) !== undefined,
    decide: (acting) => steer.admitPerson(walk.stateOf(about), command, acting),
    takesTwo: about.level === 'confidential',
    change() {
      if (!roles.includes(capacity) || sees.length === 0) return false
      if (sees.includes('wholeCase') && capacity !== 'auditor') return false
      if (untilMs <= world.now || untilMs > world.now + 366 * DAY_MS) return false
      if (about.orders.length > 0 && !about.orders.includes(legalOrder)) return false
      about.guests.set(who, { as: capacity, sees, order: legalOrder, until: untilMs })
      return true
    },
  }
}

const waitingReal = new Map<string, Steering>()

function doSteering(walk: Walk, who: string, about: PlainCase): undefined {
  const access = walk.ask(who, 'steer', about)
  const one = steeringOf(walk, about)
  walk.agree(one.loosens, one.takesTwo, `${one.name} takes two`)
  if (access.decision === 'refuse') return walk.count('steering refused')
  const { acting } = access.value
  const content = JSON.stringify([one.name, one.input])
  if (!one.loosens) {
    const decided = one.decide(acting)
    const isDone = one.change(who)
    walk.agree(decided.decision === 'permit', isDone, `${one.name} of ${about.id}`)
    if (decided.decision === 'permit') walk.append(about, who, decided.value)
    return walk.count(isDone ? `${one.name} done` : `${one.name} refused`)
  }
  const proposalId = walk.newId()
  const decided = proposeAct(
    walk.stateOf(about).proposals,
    { proposalId, act: one.name, input: {}, digest: content },
    acting,
  )
  const { proposals } = about
  const isThere = proposals.some(
    (each) => each.content === content && each.state === 'waiting' && walk.world.now < each.until,
  )
  walk.agree(decided.decision === 'permit', !isThere, `proposing ${one.name}`)
  if (decided.decision === 'refuse') return
  walk.append(about, who, decided.value)
  proposals.push({
    id: proposalId,
    act: one.name,
    content,
    by: who,
    inPlaceOf: acting.inPlaceOf ?? null,
    at: walk.world.now,
    until: walk.world.now + 7 * DAY_MS,
    state: 'waiting',
    effect: () => true,
  })
  waitingReal.set(proposalId, one)
  walk.count('proposed')
}

function answerProposal(walk: Walk, who: string, about: PlainCase): undefined {
  const proposal = about.proposals.at(-1 - walk.random.below(3))
  const one = proposal && waitingReal.get(proposal.id)
  if (!proposal || !one) return
  const access = walk.ask(who, 'steer', about)
  if (access.decision === 'refuse') return walk.count('answer refused')
  const { acting } = access.value
  const { proposals } = walk.stateOf(about)
  const { id: proposalId } = proposal
  const side = { by: who, inPlaceOf: acting.inPlaceOf ?? null }
  const isOpen = proposal.state === 'waiting' && walk.world.now < proposal.until
  const how = walk.random.below(4)
  if (how === 0) {
    const decided = withdrawProposal(proposals, { proposalId }, acting)
    const isRight = isOpen && proposal.by === who
    return settle(walk, about, who, proposal, decided, isRight, 'withdrawn')
  }
  if (how === 1) {
    const decided = rejectProposal(proposals, { proposalId, reason: 'no' }, acting)
    const isRight = isOpen && !isOneSide(proposal, side)
    return settle(walk, about, who, proposal, decided, isRight, 'rejected')
  }
  const isTampered = walk.random.chance(0.2)
  const digest = isTampered ? `${proposal.content} ` : proposal.content
  const approved = approveProposal(proposals, { proposalId, digest }, acting, (proposed) =>
    decideForProposer({
      proposed,
      action: { name: 'steer', group: 'steer', stepUp: true },
      resource: walk.resource(about),
      context: walk.context(),
      acting,
    }),
  )
  const isWhole = isOpen && !isOneSide(proposal, side) && !isTampered
  const isRight = isWhole && stillStands(walk.world, proposal, about, side)
  if (isWhole && !isRight) walk.count('proposer fell away')
  walk.agree(approved.decision === 'permit', isRight, `approving ${proposal.act} by ${who}`)
  if (approved.decision === 'refuse') return walk.count('approval refused')
  // What was proposed days ago may not be possible any more: then nothing happens.
  const decided = one.decide(acting)
  const isDone = one.change(who)
  walk.agree(decided.decision === 'permit', isDone, `doing the approved ${one.name}`)
  if (decided.decision === 'refuse') return walk.count('approved too late')
  walk.append(about, who, [...approved.value, ...decided.value])
  proposal.state = 'answered'
  walk.count('approved')
}

function settle(
  walk: Walk,
  about: PlainCase,
  who: string,
  proposal: PlainCase['proposals'][number],
  decided: Decision<readonly CaseAccessEvent[]>,
  isRight: boolean,
  word: string,
): undefined {
  walk.agree(decided.decision === 'permit', isRight, `${word} by ${who}`)
  if (decided.decision === 'refuse') return
  walk.append(about, who, decided.value)
  proposal.state = 'answered'
  walk.count(word)
}

function changePeople(walk: Walk, who: string): undefined {
  const { random, world } = walk
  const other = random.pick(NAMES)
  const person = personIn(world, who) ?? assert.fail(who)
  switch (random.below(7)) {
    case 0: {
      const about = random.pick(world.cases)
      world.conflicts.push({ who, what: random.pick([about.id, about.operator]) })
      if (world.conflicts.length > 6) world.conflicts.splice(random.below(6), 1)
      return walk.count('conflict')
    }
    case 1:
      world.conflicts = world.conflicts.filter((one) => one.who !== who)
      return walk.count('conflict withdrawn')
    case 2: {
      world.away = world.away.slice(-4)
      // Somebody who fell ill is recorded as absent afterwards.
      const start = world.now - random.below(3) * DAY_MS
      world.away.push({ who, start, end: world.now + random.below(9) * DAY_MS })
      return walk.count('leave')
    }
    case 3: {
      if (who === other) return
      const acts = random.chance(0.5) ? null : random.some(ON_CASES)
      const start = world.now - DAY_MS
      const end = world.now + random.below(20) * DAY_MS
      world.loans = world.loans.slice(-5)
      world.loans.push({ from: who, to: other, roles: random.some(person.roles), acts, start, end })
      return walk.count('delegate')
    }
    case 4:
      world.loans = world.loans.filter(({ from }) => from !== who)
      return walk.count('delegation withdrawn')
    case 5:
      person.isGone = !person.isGone && random.chance(0.1)
      return walk.count('left or back')
    default:
      person.roles = random.chance(0.8) ? [...(ROLES_OF[who] ?? [])] : random.some(person.roles)
      return walk.count('roles')
  }
}

function step(walk: Walk): undefined {
  const { random, world } = walk
  const who = random.pick(NAMES)
  const about = random.pick(world.cases)
  const waiting = world.cases.filter(({ proposals }) => proposals.length > 0)
  const asking = waiting.length > 0 ? waiting : world.cases
  switch (random.below(10)) {
    case 0:
      world.now += random.below(10) * 60 * MINUTE_MS
      world.wire += random.below(4) * MINUTE_MS
      if (random.chance(0.05)) openAnother(walk)
      return walk.count('time passes')
    case 1: {
      const person = personIn(world, who) ?? assert.fail(who)
      // Sometimes from a clock that runs ahead, which is no proof.
      person.provedAt = world.wire + (random.chance(0.1) ? MINUTE_MS : 0)
      return walk.count('step up')
    }
    case 2:
      return changePeople(walk, who)
    case 3:
      return doSteering(walk, random.chance(0.6) ? random.pick(STEERING) : who, about)
    case 4:
      return answerProposal(walk, random.pick(STEERING), random.pick(asking))
    case 5: {
      const deed = random.pick(ON_DESK)
      const { decision } = walk.ask(who, deed, null)
      return walk.count(`${deed}: ${decision}`)
    }
    case 6: {
      const real = world.cases.filter(
        (one) => walk.real(who, 'readShared', one).decision === 'permit',
      )
      const model = world.cases.filter((one) => may(world, who, 'readShared', one) !== false)
      walk.agree(
        real.map(({ id }) => id).join(),
        model.map(({ id }) => id).join(),
        `list of ${who}`,
      )
      return walk.count('list')
    }
    default: {
      const deed = random.pick(ON_CASES)
      const { decision } = walk.ask(who, deed, about)
      return walk.count(`${deed}: ${decision}`)
    }
  }
}

test('a random walk through the rules agrees with the slow model at every step', (t) => {
  const seed = Number(process.env['COMITY_SEED'] ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const walk = new Walk(seed)
  for (let n = 0; n < STEPS; n++) step(walk)
  for (const about of walk.world.cases) {
    for (const who of NAMES) for (const deed of ON_CASES) walk.ask(who, deed, about)
  }
  t.diagnostic(JSON.stringify(walk.counts))
  // A walk that never gets somewhere says nothing about that place.
  const seen = walk.counts
  for (const what of ['approved', 'rejected', 'withdrawn', 'approval refused', 'admit done']) {
    assert.ok((seen[what] ?? 0) >= 10, `${what}: ${seen[what] ?? 0}, seed ${seed}`)
  }
  // Rare: within seven days of a proposal its proposer must lose what it takes.
  assert.ok((seen['proposer fell away'] ?? 0) > 0, `no proposer ever fell away, seed ${seed}`)
  for (const deed of [...ON_CASES, ...ON_DESK]) {
    for (const answer of ['permit', 'refuse']) {
      assert.ok((seen[`${deed}: ${answer}`] ?? 0) > 0, `${deed} never ${answer}, seed ${seed}`)
    }
  }
})
