/**
 * The law of a case under the versions that it keeps: each computation stays under the
 * version it was made under, and what a newer one would change is shown beside it.
 *
 * A version that is no longer loaded cannot be computed again: then what was recorded
 * stands as it was recorded, and `lost` names the clock.
 */
import type { Instant } from '../../base/time.ts'
import { type LawContext, type LawState, packIdOf } from './case-law.ts'
import type { ClockResult } from './clock-result.ts'
import { evaluateClock } from './clock-state.ts'
import { comparePacks, type LawEffect } from './effect.ts'
import { type LawPack, type PackRef, packRef } from './pack.ts'
import { findVersion, versionsOf } from './pack-versions.ts'

export type KeptClocks = {
  readonly clocks: Readonly<Record<string, ClockResult>>
  /** Clocks whose version is not loaded any more. */
  readonly lost: readonly string[]
}

/** Every clock as it stands at this moment: a date that has passed since reads as passed. */
export function clocksNow(law: LawState, now: Instant, context: LawContext): KeptClocks {
  const { events, facts } = law
  const { signOffs, holidaysOf } = context
  const lost: string[] = []
  const results = Object.entries(law.clocks).map(([id, recorded]) => {
    const ref = law.under[id]
    const pack = ref && findVersion(loadedOf(context), ref)
    if (pack === undefined) {
      if (ref !== undefined) lost.push(id)
      return [id, recorded] as const
    }
    const input = { events, facts, now, signOffs, holidaysOf }
    return [id, evaluateClock(pack, id, { ...input, ...zoneOf(recorded, pack) })] as const
  })
  return { clocks: Object.fromEntries(results), lost }
}

/** What the newest loaded version of a pack would change for what a case has computed. */
export type NewerVersion = {
  readonly kept: PackRef
  readonly newer: PackRef
  /** `undefined`: the kept version is not loaded, so that nothing can be compared. */
  readonly effects: readonly LawEffect[] | undefined
}

/** One for each version that the case keeps and that has a newer one. */
export function newerVersions(
  law: LawState,
  now: Instant,
  context: LawContext,
): readonly NewerVersion[] {
  const { signOffs, holidaysOf } = context
  const loaded = loadedOf(context)
  return keptRefs(law).flatMap((kept): readonly NewerVersion[] => {
    const newer = versionsOf(loaded, kept.id).at(-1)
    if (newer === undefined || newer.digest === kept.digest) return []
    const older = findVersion(loaded, kept)
    if (older === undefined) return [{ kept, newer: packRef(newer), effects: undefined }]
    const clocks = Object.keys(law.clocks).filter((id) => law.under[id]?.digest === kept.digest)
    const isAssessed = law.competence?.packs.some(({ digest }) => digest === kept.digest) ?? false
    const { events, facts } = law
    const effects = comparePacks({ older, newer, signOffs, holidaysOf, now }).effectOn({
      facts,
      events,
      clocks,
      isAssessed,
    })
    return [{ kept, newer: packRef(newer), effects }]
  })
}

/** The versions that what the case holds was computed under, each once. */
export function keptRefs(law: LawState): readonly PackRef[] {
  // An assessment looks at every pack; only those with a finding say something of the case.
  const found = new Set(law.competence?.findings.map(({ legalOrder }) => packIdOf(legalOrder)))
  const assessed = law.competence?.packs.filter(({ id }) => found.has(id)) ?? []
  const all = [...Object.values(law.under), ...assessed]
  return [...new Map(all.map((ref) => [`${ref.id} ${ref.digest}`, ref])).values()]
}

function loadedOf({ versions, packs }: LawContext): readonly LawPack[] {
  return versions ?? packs
}

/** A clock that was computed for the place of one authority stays there. */
function zoneOf({ strictDue }: ClockResult, pack: LawPack): { zone: string } | undefined {
  const zone = strictDue === null ? undefined : /\[([^\]]+)\]$/.exec(strictDue)?.[1]
  const isPlace = pack.calendar.places.some((place) => place.zone === zone)
  return zone !== undefined && isPlace ? { zone } : undefined
}
