/**
 * Versions of one law pack: which one replaces which, and which one holds on a day.
 *
 * A newer version names the one that it replaces; the older one's validity ends where
 * the newer one's begins. Without that, two versions valid on one day do not load.
 */
import type { ComityError } from '../../base/errors.ts'
import type { CalendarDate } from '../../base/time.ts'
import type { LawPack, PackRef } from './pack.ts'

/** Makes the error for a path in the file of a pack. */
type Fail = (pack: LawPack, path: string, reason: string, message: string) => ComityError

/**
 * The same packs with the validity of each replaced version ended.
 *
 * @throws what `fail` makes, for the first version that does not fit
 */
export function closeReplaced(packs: readonly LawPack[], fail: Fail): readonly LawPack[] {
  requireUniqueVersions(packs, fail)
  const newerOf = new Map<LawPack, LawPack>()
  for (const newer of packs) {
    if (newer.replaces === null) continue
    const older = packs.find(({ id, version }) => id === newer.id && version === newer.replaces)
    const no = (reason: string, message: string) => fail(newer, '/replaces', reason, message)
    if (older === undefined) throw no('unknown-version', 'there is no such version to replace')
    if (newerOf.has(older)) throw no('replaced-twice', 'another version replaces it, too')
    if (older.validFrom >= newer.validFrom) {
      throw no('replaces-later', 'the version that it replaces is not valid before it')
    }
    if (older.validTo !== null && older.validTo !== newer.validFrom) {
      throw no('validity-gap', 'the version that it replaces ends on another day')
    }
    newerOf.set(older, newer)
  }
  const closed = packs.map((pack) => {
    const newer = newerOf.get(pack)
    return newer === undefined ? pack : { ...pack, validTo: newer.validFrom }
  })
  requireNoOverlap(closed, fail)
  return closed
}

/**
 * One version of each pack: the one that is valid on the day. A day before the first
 * gets the first, and a day after the last gets the last: no order is left without law.
 */
export function packsOn(versions: readonly LawPack[], day: CalendarDate): readonly LawPack[] {
  const ids = [...new Set(versions.map(({ id }) => id))]
  return ids.map((id) => versionOn(versionsOf(versions, id), day))
}

/** The versions of one pack, oldest first. */
export function versionsOf(versions: readonly LawPack[], id: string): readonly LawPack[] {
  return versions
    .filter((pack) => pack.id === id)
    .sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
}

/** `undefined` if no version with this digest is loaded: its files have changed since. */
export function findVersion(
  versions: readonly LawPack[],
  { id, version, digest }: PackRef,
): LawPack | undefined {
  return versions.find(
    (pack) => pack.id === id && pack.version === version && pack.digest === digest,
  )
}

/** The version before this one: the one that it replaces, or else the one valid before it. */
export function versionBefore(versions: readonly LawPack[], pack: LawPack): LawPack | undefined {
  const own = versionsOf(versions, pack.id)
  return (
    own.find(({ version }) => version === pack.replaces) ??
    own.findLast(({ validFrom }) => validFrom < pack.validFrom)
  )
}

function versionOn(own: readonly LawPack[], day: CalendarDate): LawPack {
  const begun = own.findLast(({ validFrom }) => validFrom <= day)
  return begun ?? (own[0] as LawPack)
}

function requireUniqueVersions(packs: readonly LawPack[], fail: Fail): void {
  const seen = new Set<string>()
  for (const pack of packs) {
    const key = `${pack.id} ${pack.version}`
    if (seen.has(key)) {
      const message = `version ${pack.version} of ${pack.id} is there twice`
      throw fail(pack, '/version', 'overlapping-validity', message)
    }
    seen.add(key)
  }
}

function requireNoOverlap(packs: readonly LawPack[], fail: Fail): void {
  for (const [n, a] of packs.entries()) {
    for (const b of packs.slice(n + 1)) {
      if (a.id !== b.id || isApart(a, b) || isApart(b, a)) continue
      const newer = a.validFrom < b.validFrom ? b : a
      const message = `two versions of ${a.id} are valid at once: does one replace the other?`
      throw fail(newer, '/validFrom', 'overlapping-validity', message)
    }
  }
}

function isApart(earlier: LawPack, later: LawPack): boolean {
  return earlier.validTo !== null && earlier.validTo <= later.validFrom
}
