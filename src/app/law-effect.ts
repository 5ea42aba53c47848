/** What a version of a law pack would change for the open cases: asked for, and read. */
import { type Decision, permit, refuse } from '../base/decision.ts'
import type { Acting } from '../core/case/recorded.ts'
import { decideDeskAccess, listFilter } from './access.ts'
import type { Kernel } from './kernel.ts'
import type { LawEffectPage, LawEffectRun } from './ports/law-effects.ts'

export const COMPARE_LAW = { name: 'compareLaw', group: 'signOffLaw' } as const

/** Runs on by itself; its progress is read with `lawEffect`. */
export async function startLawEffect(
  kernel: Kernel,
  wish: { readonly pack: string; readonly version: string },
  acting: Acting,
): Promise<Decision<LawEffectRun>> {
  const access = await decideDeskAccess(kernel, COMPARE_LAW, acting)
  if (access.decision === 'refuse') return access
  const context = await kernel.law.context()
  const loaded = context.versions ?? context.packs
  const pack = loaded.find(({ id, version }) => id === wish.pack && version === wish.version)
  if (!pack) return refuse('unknownPack', { rule: 'law:pack', text: 'there is no such pack' })
  const { now, officer: askedBy } = acting
  const run = await kernel.lawEffects.start({ pack, context, now, askedBy })
  if (!run) {
    const text = 'another comparison of this node is under way: wait until it ends'
    return refuse('alreadyRunning', { rule: 'law:effect', text })
  }
  return permit(run)
}

/** The newest run for a version, with a page of its cases: titles only of those one may see. */
export async function lawEffect(
  kernel: Kernel,
  pack: { readonly id: string; readonly digest: string },
  acting: Acting,
  after?: string,
): Promise<{ run: LawEffectRun; page: LawEffectPage } | undefined> {
  const run = await kernel.lawEffects.latest(pack)
  if (!run) return undefined
  const sees = await listFilter(kernel, acting)
  return { run, page: await kernel.lawEffects.cases(run.id, sees, after) }
}
