/** A pack that a command names: a folder with a `pack.yaml`, or a shipped pack by id and version. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { loadLaw, readPackFolder } from '../../adapters/law-packs.ts'
import { malformed } from '../../base/errors.ts'
import type { LawPack } from '../../core/law/pack.ts'
import { versionsOf } from '../../core/law/pack-versions.ts'
import { plainText } from '../../wire/package/plain-text.ts'
import { LAW_FOLDER } from './shipped-law.ts'

/**
 * @param named a folder, `law.eu` (the newest version) or `law.eu@0.2.0`
 * @throws ComityError `malformed` if there is no such pack, or it does not load
 */
export function packNamed(named: string): LawPack {
  if (existsSync(join(named, 'pack.yaml'))) return readPackFolder(named, questionsFolder(named))
  const [, id, version] =
    /^(law\.[a-z0-9-]{2,20})(?:@(\d{1,6}\.\d{1,6}\.\d{1,6}))?$/.exec(named) ?? []
  const own = id === undefined ? [] : versionsOf(loadLaw(LAW_FOLDER).versions, id)
  const pack = version === undefined ? own.at(-1) : own.find((each) => each.version === version)
  if (pack !== undefined) return pack
  const text = plainText(named)
  throw malformed(`neither a folder with a pack.yaml nor a shipped pack: ${text}`)
}

/** The folder above that holds the shared questions; without one, the shipped questions. */
function questionsFolder(folder: string): string {
  let at = resolve(folder)
  for (let level = 0; level < 4; level += 1) {
    if (existsSync(join(at, 'questions.yaml'))) return at
    at = dirname(at)
  }
  return LAW_FOLDER
}
