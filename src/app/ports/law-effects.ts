/** What a newer version of a law pack would change for the open cases of this node. */
import type { Instant } from '../../base/time.ts'
import type { CaseForAccess } from '../../core/access/case-access.ts'
import type { LawContext } from '../../core/law/case-law.ts'
import type { EffectKind } from '../../core/law/effect.ts'
import type { LawPack } from '../../core/law/pack.ts'

export type LawEffectRun = {
  readonly id: string
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly askedBy: string
  /** `stopped`: the node ended meanwhile. */
  readonly state: 'running' | 'done' | 'failed' | 'stopped'
  readonly startedAt: Instant
  readonly seenAt: Instant
  /** Open cases when it began; `decided` ones are left out and keep their version. */
  readonly total: number
  readonly decided: number
  /** How far it is. */
  readonly looked: number
  readonly changed: number
  /** Cases whose own version is not loaded any more: they cannot be compared. */
  readonly lost: number
  /** Cases of before an upgrade, until `comity rebuild` has run. */
  readonly unread: number
  /** Cases with a change of that kind. */
  readonly counts: Readonly<Partial<Record<EffectKind, number>>>
}

export type LawEffects = {
  /** Runs on by itself. `undefined`: another run is under way. */
  start(wish: LawEffectWish): Promise<LawEffectRun | undefined>
  /** The newest run for these bytes. */
  latest(pack: { readonly id: string; readonly digest: string }): Promise<LawEffectRun | undefined>
  /** A page of the cases that would change, after a case of the page before. */
  cases(
    runId: string,
    sees: (resource: CaseForAccess) => boolean,
    after?: string,
  ): Promise<LawEffectPage>
}

export type LawEffectWish = {
  readonly pack: LawPack
  readonly context: LawContext
  readonly now: Instant
  readonly askedBy: string
}

export type LawEffectPage = {
  readonly cases: readonly {
    readonly caseId: string
    readonly title: string
    readonly kinds: readonly string[]
  }[]
  /** Of this page, those that the asking person may not see. */
  readonly hidden: number
  /** The last case looked at, if there are more. */
  readonly next?: string
}
