/**
 * Law packs from a folder: `<folder>/<legal order>/pack.yaml` with the files it lists, older
 * versions beside it (`versions/<version>/`), the questions they share, and the holiday
 * library, opened at the first question.
 *
 * Packs that the build has read and checked (law-packs-prepared.ts) are taken as they are,
 * if every byte that they were read from is the same; otherwise the YAML is read.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import type { HolidaysOf } from '../core/law/calendar.ts'
import { type HolidayLibrary, holidaysFrom } from '../core/law/holidays.ts'
import { holdsFor, type LawOverlay } from '../core/law/overlay.ts'
import type { LawPack } from '../core/law/pack.ts'
import { closeReplaced } from '../core/law/pack-versions.ts'
import { layOver, readLawOverlay } from '../wire/law-overlay.ts'
import {
  type PackFiles,
  type Questions,
  readLawPack,
  readSharedQuestions,
} from '../wire/law-pack.ts'
import { failIn } from '../wire/law-pack-error.ts'
import { preparedLaw } from './law-packs-prepared.ts'

/** `versions` holds those of `current`, too, and in both, the validity of each ends in time. */
export type LoadedLaw = {
  /** The version at the top of each folder, in the order of folder names. */
  readonly current: readonly LawPack[]
  readonly versions: readonly LawPack[]
}

/**
 * The newest version of every pack of the folder, with the questions they share.
 *
 * @throws ComityError `malformed` naming file, path and reason; one bad pack stops all
 */
export function loadLawPacks(folder: string): readonly LawPack[] {
  return loadLaw(folder).current
}

/** The same, and every older version. @throws ComityError `malformed` */
export function loadLaw(folder: string): LoadedLaw {
  return preparedLaw(folder) ?? readLaw(folder)
}

/** Reads the YAML itself. @throws ComityError `malformed` */
export function readLaw(folder: string): LoadedLaw {
  const questions = sharedQuestions(folder)
  const files = new Map<LawPack, string>()
  const read = (path: string) => {
    const pack = readLawPack(packFiles(path, questions), sha256)
    files.set(pack, path)
    return pack
  }
  const folders = packFolders(folder)
  const current = folders.map(read)
  const older = folders.flatMap((path, n) =>
    packFolders(join(path, 'versions')).map((inner) =>
      requireFolder(read(inner), inner, current[n]),
    ),
  )
  const all = [...current, ...older]
  const versions = closeReplaced(all, (pack, path, reason, message) =>
    failIn(`${files.get(pack) ?? ''}/pack.yaml`)(path, reason, message),
  )
  return { current: versions.slice(0, current.length), versions }
}

/** One pack from its own folder, which need not lie among others. @throws ComityError `malformed` */
export function readPackFolder(path: string, lawFolder: string): LawPack {
  return readLawPack(packFiles(path, sharedQuestions(lawFolder)), sha256)
}

/** The files of one pack's folder. */
export function packFiles(folder: string, questions: Questions): PackFiles {
  const textOf = (name: string) => {
    const path = join(folder, name)
    return existsSync(path) ? textIn(path) : undefined
  }
  return { folder, textOf, questions }
}

/** An overlay that lies in `<legal order>/overlays/<code>.yaml`, and where. */
export type FoundOverlay = { readonly overlay: LawOverlay; readonly file: string }

/** Every overlay of the folder. @throws ComityError `malformed` naming file, path and reason */
export function loadOverlays(folder: string): readonly FoundOverlay[] {
  return packFolders(folder).flatMap((path) => {
    const overlays = join(path, 'overlays')
    if (!existsSync(overlays)) return []
    const files = readdirSync(overlays).filter((name) => name.endsWith('.yaml'))
    return files.sort().map((name) => readOverlayFile(join(overlays, name)))
  })
}

/** @throws ComityError `malformed` */
export function readOverlayFile(file: string): FoundOverlay {
  const overlay = readLawOverlay(textIn(file), file, sha256)
  if (overlay.file === `overlays/${basename(file)}`) return { overlay, file }
  throw failIn(file)('/code', 'overlay-file', 'the file has another code in its name')
}

/**
 * The same versions, those that the overlay holds for as they stand in its Member State.
 *
 * @throws ComityError `malformed` if it does not fit one of them, or holds for none
 */
export function withOverlay(
  versions: readonly LawPack[],
  { overlay, file }: FoundOverlay,
): readonly LawPack[] {
  if (!versions.some((pack) => holdsFor(overlay, pack))) {
    throw failIn(file)('/validFrom', 'holds-for-none', 'it holds for no version of its pack')
  }
  return versions.map((pack) =>
    holdsFor(overlay, pack) ? layOver(pack, overlay, file, sha256) : pack,
  )
}

/** Public holidays by the `date-holidays` library, loaded when first needed. */
export function libraryHolidays(): HolidaysOf {
  const require = createRequire(import.meta.url)
  return holidaysFrom(() => require('date-holidays') as HolidayLibrary)
}

function sharedQuestions(folder: string): Questions {
  const path = join(folder, 'questions.yaml')
  return existsSync(path) ? readSharedQuestions(textIn(path), path) : {}
}

/** Larger than any file that is read further; what is longer is not taken in. */
const FILE_BYTES_MAX = 8_000_000

/**
 * The text whose UTF-8 is the file's bytes, so that the digest that officers sign is theirs.
 *
 * @throws ComityError `malformed`
 */
function textIn(path: string): string {
  const fail = failIn(path)
  const found = statSync(path)
  if (!found.isFile()) throw fail('', 'no-file', 'not a file')
  if (found.size > FILE_BYTES_MAX) throw fail('', 'too-long', 'file is too long')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path))
  } catch {
    // The decoder says no more than that.
    throw fail('', 'not-text', 'file is not UTF-8 text')
  }
}

function packFolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .filter((path) => existsSync(join(path, 'pack.yaml')))
    .sort()
}

/** An older version lies beside the newer ones of its own pack, under its own number. */
function requireFolder(pack: LawPack, path: string, newest: LawPack | undefined): LawPack {
  const fail = failIn(`${path}/pack.yaml`)
  if (pack.id !== newest?.id) {
    throw fail('/pack', 'pack-id', 'the pack above has another id')
  }
  if (!path.endsWith(`/${pack.version}`)) {
    throw fail('/version', 'version-folder', 'the folder has another version in its name')
  }
  return pack
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
