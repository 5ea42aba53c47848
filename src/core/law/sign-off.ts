/**
 * Sign-off of law packs: two officers of the adopting authority read a version
 * and sign it before its dates bind.
 *
 * A sign-off is for one digest: a changed file needs new ones. A simulated
 * sign-off counts, so that exercises run as the real thing does; it stays marked.
 *
 * An officer may except clocks: their dates bind only once two officers have signed
 * them, too. Whoever excepted a clock may sign again without it, never the other way.
 *
 * Two officers are two persons: whoever signed in somebody's place is not the second beside
 * that person, nor beside anybody else who stood in for them.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { isSameSide, sideOf } from '../people/standing.ts'
import type { PackRef } from './pack.ts'

export type LawPackSignedOff = {
  readonly type: 'lawPackSignedOff'
  /** Id of the pack. */
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly officer: string
  /** In whose place the officer signed, by a delegation; absent: nobody's. */
  readonly inPlaceOf?: string
  readonly simulated: boolean
  /** Full ids of the clocks that this officer leaves out, sorted; they stay unbound. */
  readonly excepted: readonly string[]
}

/** An event of an authority's law stream, which is not part of any case. */
export type SignOffEvent = LawPackSignedOff

export type SignOff = Omit<LawPackSignedOff, 'type' | 'excepted'> &
  Partial<Pick<LawPackSignedOff, 'excepted'>>
export type SignOffs = { readonly signOffs: readonly SignOff[] }
export const noSignOffs: SignOffs = { signOffs: [] }

/** Two people must have signed the same version. */
const OFFICERS_NEEDED = 2

export type SignOffWhy = 'sameOfficer' | 'alreadySignedOff'

export function signOffLawPack(
  state: SignOffs,
  command: {
    readonly pack: PackRef
    readonly simulated: boolean
    readonly excepted?: readonly string[]
  },
  acting: Acting,
): Decision<readonly SignOffEvent[], SignOffWhy> {
  const { id, version, digest } = command.pack
  const excepted = [...new Set(command.excepted ?? [])].sort()
  if (isSignedOff(state, command.pack) && openClocksOf(state, command.pack).length === 0) {
    return refuse('alreadySignedOff', {
      rule: 'law:two-officers',
      text: 'Two officers have signed off this version.',
    })
  }
  const { officer, inPlaceOf } = acting
  if (isOfAnother(state, command.pack, acting)) return sameOfficer()
  const before = coverageOf(state, command.pack).get(officer)
  if (before !== undefined && !isLess(excepted, before)) {
    return sameOfficer()
  }
  const { simulated } = command
  const inPlace = inPlaceOf === undefined ? {} : { inPlaceOf }
  const pack = { pack: id, version, digest }
  return permit([{ type: 'lawPackSignedOff', ...pack, officer, ...inPlace, simulated, excepted }])
}

/** The stream holds other documents about law, too. */
export function foldSignOffs(state: SignOffs, { event }: Recorded<SignOffEvent>): SignOffs {
  if (event.type !== 'lawPackSignedOff') return state
  const { type: _, ...signOff } = event
  return { signOffs: [...state.signOffs, signOff] }
}

/**
 * True once two different officers signed this version with this digest. With a clock:
 * once two of them signed that clock, too.
 */
export function isSignedOff(state: SignOffs, pack: PackRef, clockId?: string): boolean {
  const officers = [...coverageOf(state, pack).values()]
  const counting =
    clockId === undefined ? officers : officers.filter((excepted) => !excepted.includes(clockId))
  return counting.length >= OFFICERS_NEEDED
}

/** Clocks that officers excepted and that two have not signed, sorted. */
export function openClocksOf(state: SignOffs, pack: PackRef): readonly string[] {
  const named = new Set([...coverageOf(state, pack).values()].flat())
  return [...named].filter((clock) => !isSignedOff(state, pack, clock)).sort()
}

/** True if any sign-off that counts for this version was a simulated one. */
export function isSignOffSimulated(state: SignOffs, pack: PackRef): boolean {
  return state.signOffs.some((signOff) => signOff.simulated && isFor(signOff, pack))
}

/** True if the person who acts signed this version already, through or in place of another. */
function isOfAnother(state: SignOffs, pack: PackRef, acting: Acting): boolean {
  return state.signOffs.some(
    (one) =>
      isFor(one, pack) && one.officer !== acting.officer && isSameSide(sideOf(one), sideOf(acting)),
  )
}

function sameOfficer() {
  return refuse('sameOfficer' as const, {
    rule: 'law:two-officers',
    text: 'The second sign-off must come from another officer.',
  })
}

/** What each officer still excepts: what all of their sign-offs of this version except. */
function coverageOf(state: SignOffs, pack: PackRef): Coverage {
  const known = coverages.get(state) ?? new Map<string, Coverage>()
  coverages.set(state, known)
  const key = `${pack.id} ${pack.version} ${pack.digest}`
  const before = known.get(key)
  if (before !== undefined) return before
  const coverage = coverageIn(state, pack)
  known.set(key, coverage)
  return coverage
}

type Coverage = ReadonlyMap<string, readonly string[]>
/** Each clock of a case asks for it, and a state never changes. */
const coverages = new WeakMap<SignOffs, Map<string, Coverage>>()

function coverageIn(state: SignOffs, pack: PackRef): Coverage {
  const found = new Map<string, readonly string[]>()
  for (const signOff of state.signOffs) {
    if (!isFor(signOff, pack)) continue
    const { officer, excepted = [] } = signOff
    const before = found.get(officer) ?? excepted
    found.set(
      officer,
      excepted.filter((clock) => before.includes(clock)),
    )
  }
  return found
}

/** Something was excepted before that is no more, and nothing new is. */
function isLess(now: readonly string[], before: readonly string[]): boolean {
  return now.length < before.length && now.every((clock) => before.includes(clock))
}

function isFor(signOff: SignOff, { id, version, digest }: PackRef): boolean {
  return signOff.pack === id && signOff.version === version && signOff.digest === digest
}
