/**
 * Law packs from a folder: `<folder>/<legal order>/pack.yaml` with the files it lists, the
 * questions they share, and the holiday library, opened at the first question.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { malformed } from '../base/errors.ts'
import type { HolidaysOf } from '../core/law/calendar.ts'
import { type HolidayLibrary, holidaysFrom } from '../core/law/holidays.ts'
import type { LawPack } from '../core/law/pack.ts'
import {
  type PackFiles,
  type Questions,
  readLawPack,
  readSharedQuestions,
} from '../wire/law-pack.ts'

/**
 * Every pack of the folder, in the order of folder names, with the questions they share.
 *
 * @throws ComityError `malformed` naming file, path and reason; one bad pack stops all
 */
export function loadLawPacks(folder: string): readonly LawPack[] {
  const shared = join(folder, 'questions.yaml')
  const questions = existsSync(shared)
    ? readSharedQuestions(readFileSync(shared, 'utf8'), shared)
    : {}
  const packs = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .filter((path) => existsSync(join(path, 'pack.yaml')))
    .sort()
    .map((path) => readLawPack(packFiles(path, questions), sha256))
  requireNoOverlap(packs)
  return packs
}

/** The files of one pack's folder. */
export function packFiles(folder: string, questions: Questions): PackFiles {
  const textOf = (name: string) => {
    const path = join(folder, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined
  }
  return { folder, textOf, questions }
}

/** Public holidays by the `date-holidays` library, loaded when first needed. */
export function libraryHolidays(): HolidaysOf {
  const require = createRequire(import.meta.url)
  return holidaysFrom(() => require('date-holidays') as HolidayLibrary)
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

/** Two versions of one pack must not be valid on the same day. */
function requireNoOverlap(packs: readonly LawPack[]): void {
  for (const [n, a] of packs.entries()) {
    for (const b of packs.slice(n + 1)) {
      if (a.id !== b.id) continue
      const isApart =
        (a.validTo !== null && a.validTo <= b.validFrom) ||
        (b.validTo !== null && b.validTo <= a.validFrom)
      if (!isApart) {
        const reason = 'overlapping-validity'
        throw malformed(`two versions of ${a.id} are valid at once`, {
          field: '/validFrom',
          reason,
        })
      }
    }
  }
}
