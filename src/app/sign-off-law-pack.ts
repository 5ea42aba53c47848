/**
 * An officer signs off a version of a law pack for this authority. Two must, before it binds.
 *
 * On the page the officer signs the digest that the page shows. With a code from the page
 * and the command line, the officer signs the files on their own machine: the node refuses
 * if the bytes that it holds are others.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import { findClock, type LawPack, packRef } from '../core/law/pack.ts'
import {
  signOffLawPack as decideSignOff,
  foldSignOffs,
  noSignOffs,
  type SignOffEvent,
} from '../core/law/sign-off.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import { actingAs } from './acting.ts'
import type { Kernel } from './kernel.ts'

export const SIGN_OFF_LAW_PACK = {
  name: 'signOffLawPack',
  group: 'signOffLaw',
  stepUp: true,
} as const

export type SignOffWish = {
  /** Id of the pack. */
  readonly pack: string
  /** Without one: the version in use. */
  readonly version?: string
  /** Of the version that the officer was shown; without one, whatever this node holds. */
  readonly digest?: string
  readonly simulated: boolean
  /** Clocks that the officer leaves out: their dates stay unbound. */
  readonly excepted?: readonly string[]
}

export async function signOffLawPack(
  kernel: Kernel,
  wish: SignOffWish,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, SIGN_OFF_LAW_PACK, acting)
  if (access.decision === 'refuse') return access
  const found = await packWished(kernel, wish)
  if (!found) return noSuchPack()
  if (wish.digest !== undefined && wish.digest !== found.digest) return otherDigest()
  return appendSignOff(kernel, found, wish, acting)
}

/** A code with which this officer signs the same from the command line, once. */
export async function giveSignOffCode(
  kernel: Kernel,
  wish: Pick<SignOffWish, 'pack' | 'version'>,
  acting: Acting,
): Promise<Decision<{ code: string; expiresAt: Instant }>> {
  const access = await decideDeskAccess(kernel, SIGN_OFF_LAW_PACK, acting)
  if (access.decision === 'refuse') return access
  if (!(await packWished(kernel, wish))) return noSuchPack()
  return permit(await kernel.signOffCodes.make(acting.officer, wish.pack))
}

export type SignOffByCode = {
  readonly code: string
  readonly pack: string
  readonly version: string
  /** Of the files on the officer's machine, as the officer's program has worked it out. */
  readonly digest: string
  readonly excepted?: readonly string[]
}

/** Whoever brings the code acts as the officer who got it, within ten minutes of the proof. */
export async function signOffByCode(
  kernel: Kernel,
  { code, digest, ...wish }: SignOffByCode,
): Promise<Decision<ActDone>> {
  const used = await kernel.signOffCodes.use(code)
  const officer = used && (await kernel.people.officer(used.officer))
  if (!used || !officer) {
    return no('wrongCode', 'the code is wrong, was used, or is older than ten minutes')
  }
  const acting: Acting = { ...actingAs(officer, kernel), steppedUpAt: used.madeAt }
  const access = await decideDeskAccess(kernel, SIGN_OFF_LAW_PACK, acting)
  if (access.decision === 'refuse') return access
  if (used.pack !== wish.pack) return no('otherPack', 'the code is for another pack')
  const found = await packWished(kernel, wish)
  if (!found) return noSuchPack()
  if (found.digest !== digest) return otherDigest()
  const simulated = isSimulatedAt(kernel)
  return appendSignOff(kernel, found, { ...wish, simulated }, acting)
}

async function packWished(
  kernel: Kernel,
  { pack, version }: Pick<SignOffWish, 'pack' | 'version'>,
): Promise<LawPack | undefined> {
  const { packs, versions = packs } = await kernel.law.context()
  if (version === undefined) return packs.find(({ id }) => id === pack)
  return versions.find((each) => each.id === pack && each.version === version)
}

async function appendSignOff(
  kernel: Kernel,
  found: LawPack,
  { simulated, excepted = [] }: SignOffWish,
  acting: Acting,
): Promise<Decision<ActDone>> {
  if (simulated !== isSimulatedAt(kernel)) {
    return no('otherProfile', 'sign-offs are simulated in a demonstration, and nowhere else')
  }
  if (excepted.some((clock) => findClock(found, clock) === undefined)) {
    return no('unknownClock', 'the pack has no clock of an id that is left out')
  }
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.lawStreamId)
    invariant(stream, 'every node has a law stream')
    const history = stream.history as readonly Recorded<SignOffEvent>[]
    const command = { pack: packRef(found), simulated, excepted }
    const decided = decideSignOff(history.reduce(foldSignOffs, noSignOffs), command, acting)
    if (decided.decision === 'refuse') return decided
    await stream.append(decided.value, acting.officer)
    return permit(actDone(stream, decided.value), ...decided.because)
  })
}

/** In a demonstration nobody signs for a real authority. */
function isSimulatedAt({ node }: Kernel): boolean {
  return node.profile === 'demo'
}

function otherDigest() {
  return no('otherDigest', 'this node holds other files for that version: nothing was signed')
}

function noSuchPack() {
  return refuse('unknownPack', { rule: 'law:pack', text: 'there is no such pack' })
}

function no<Why extends string>(why: Why, text: string) {
  return refuse(why, { rule: `law:${why}`, text })
}
