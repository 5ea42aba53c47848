/**
 * Sign-off of law packs: two officers of the adopting authority read a version
 * and sign it before its dates bind.
 *
 * A sign-off is for one digest: a changed file needs new ones. A simulated
 * sign-off counts, so that exercises run as the real thing does; it stays marked.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import type { PackRef } from './pack.ts'

export type LawPackSignedOff = {
  readonly type: 'lawPackSignedOff'
  /** Id of the pack. */
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly officer: string
  readonly simulated: boolean
}

/** An event of an authority's law stream, which is not part of any case. */
export type SignOffEvent = LawPackSignedOff

export type SignOff = Omit<LawPackSignedOff, 'type'>
export type SignOffs = { readonly signOffs: readonly SignOff[] }
export const noSignOffs: SignOffs = { signOffs: [] }

/** Two people must have signed the same version. */
const OFFICERS_NEEDED = 2

export type SignOffWhy = 'sameOfficer' | 'alreadySignedOff'

export function signOffLawPack(
  state: SignOffs,
  command: { readonly pack: PackRef; readonly simulated: boolean },
  acting: Acting,
): Decision<readonly SignOffEvent[], SignOffWhy> {
  const { id, version, digest } = command.pack
  if (isSignedOff(state, command.pack)) {
    return refuse('alreadySignedOff', {
      rule: 'law:two-officers',
      text: 'Two officers have signed off this version.',
    })
  }
  const { officer } = acting
  if (signersOf(state, command.pack).has(officer)) {
    return refuse('sameOfficer', {
      rule: 'law:two-officers',
      text: 'The second sign-off must come from another officer.',
    })
  }
  const { simulated } = command
  return permit([{ type: 'lawPackSignedOff', pack: id, version, digest, officer, simulated }])
}

export function foldSignOffs(state: SignOffs, { event }: Recorded<SignOffEvent>): SignOffs {
  const { type: _, ...signOff } = event
  return { signOffs: [...state.signOffs, signOff] }
}

/** True once two different officers signed this version with this digest. */
export function isSignedOff(state: SignOffs, pack: PackRef): boolean {
  return signersOf(state, pack).size >= OFFICERS_NEEDED
}

/** True if any sign-off that counts for this version was a simulated one. */
export function isSignOffSimulated(state: SignOffs, pack: PackRef): boolean {
  return state.signOffs.some((signOff) => signOff.simulated && isFor(signOff, pack))
}

function signersOf(state: SignOffs, pack: PackRef): ReadonlySet<string> {
  return new Set(state.signOffs.filter((s) => isFor(s, pack)).map(({ officer }) => officer))
}

function isFor(signOff: SignOff, { id, version, digest }: PackRef): boolean {
  return signOff.pack === id && signOff.version === version && signOff.digest === digest
}
