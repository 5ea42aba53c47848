/** Checks of backups: whether there is a new one, and none past its life. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MANIFEST } from '../../adapters/backup/manifest.ts'
import { backupFolder, lastBackupAt } from '../../adapters/postgres/operations/figures.ts'
import { DAY_MS, HOUR_MS } from '../../base/time.ts'
import { type Check, timeSince, warning, well } from './finding.ts'

const BACKUP_LATE_MS = 26 * HOUR_MS
/** As docs/operating/backup-and-restore.md states it. */
const BACKUP_LIFE_MS = 31 * DAY_MS

export const backup: Check = {
  name: 'backup',
  async run({ database, nowMs }) {
    if (!database) return []
    const at = await lastBackupAt(database)
    const mend =
      'comity backup; then let a timer do it every day (docs/operating/backup-and-restore.md)'
    if (at === undefined) return [warning('there was none yet', mend)]
    const says = `the last one is ${timeSince(nowMs, at)} old`
    return [nowMs - at > BACKUP_LATE_MS ? warning(says, mend) : well(says)]
  },
}

/** What was erased lives on in a backup until that is deleted. */
export const backupLife: Check = {
  name: 'life of backups',
  async run({ database, nowMs }) {
    const folder = database && (await backupFolder(database))
    if (!folder) return []
    const made = await backupsIn(folder)
    if (!made) return [warning(`${folder} cannot be read from here`, 'look there for old backups')]
    const old = made.filter((at) => nowMs - at > BACKUP_LIFE_MS).length
    const mend = 'delete them: what was erased lives on in them (docs/operating/erasure.md)'
    return [
      old > 0
        ? warning(`${old} of ${made.length} backups are older than 30 days`, mend)
        : well(`none of ${made.length} is older than 30 days`),
    ]
  },
}

/** When each was completed; undefined if the folder cannot be read. */
async function backupsIn(folder: string): Promise<readonly number[] | undefined> {
  try {
    const names = await readdir(folder)
    const times = names.map((name) =>
      stat(join(folder, name, MANIFEST)).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      ),
    )
    return (await Promise.all(times)).filter((at) => at !== undefined)
  } catch {
    return undefined
  }
}
