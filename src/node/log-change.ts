/**
 * A change of the log key that two people asked for: at the next start the node asks its
 * witnesses and peers what they last saw, closes its log there with a signed notice and
 * opens the next one. Where too few witnesses answer it goes on with the old log, and
 * tries again at the start after that.
 */
import type { Database } from '../adapters/postgres/database.ts'
import { currentLog } from '../adapters/postgres/log/own-log.ts'
import { askEveryone } from '../adapters/restored/ask.ts'
import { planReturn, type ReturnPlan } from '../adapters/restored/plan.ts'
import { resume } from '../adapters/restored/resume.ts'
import type { LogNoticeReason } from '../wire/log-notice.ts'
import { effectivePolicy } from './log-history.ts'
import { logSigners } from './log-signers.ts'
import { report } from './report.ts'
import { askParts, type ReturnParts, restoredSetting, resumeParts } from './restored.ts'

const SETTING = 'log-change'

export type LogChange = {
  /** The log that is to be closed: its successor is opened once. */
  readonly ordinal: number
  readonly reason: Exclude<LogNoticeReason, 'restored'>
}

/** False if somebody has asked before, or a restore comes first; nothing is changed then. */
export async function askForLogChange(database: Database, change: LogChange): Promise<boolean> {
  if (await restoredSetting(database)) return false
  const { numInsertedOrUpdatedRows } = await database
    .insertInto('node_setting')
    .values({ key: SETTING, value: JSON.stringify(change) })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1
}

async function askedLogChange(database: Database): Promise<LogChange | undefined> {
  const row = await database
    .selectFrom('node_setting')
    .select('value')
    .where('key', '=', SETTING)
    .executeTakeFirst()
  return row?.value as LogChange | undefined
}

/** To be done before the log is opened. */
export async function changeLogIfAsked(parts: ReturnParts): Promise<void> {
  const { config, database, keys, atRest } = parts
  const asked = await askedLogChange(database)
  if (!asked) return
  const own = await currentLog(database, atRest, logSigners(config.node.id, keys).log)
  if (own.ordinal === asked.ordinal) {
    const { policy } = await effectivePolicy(config, database)
    const answers = await askEveryone({ ...askParts(parts), own })
    const plan = planReturn(answers, policy)
    const isMore = answers.notices.length > 0 || answers.witnesses.some(({ saw }) => saw === 'more')
    // Whoever holds the key may have shown more; nobody else can have.
    const isOdd = isMore && asked.reason === 'planned'
    if (plan.step === 'wait' || isOdd) {
      return report('log-change-waits', {
        reason: isOdd ? 'witness-saw-more' : 'too-few-witnesses',
      })
    }
    const resuming = { ...resumeParts(parts), policy, own, reason: asked.reason }
    await resume(resuming, withNewLog(plan), answers)
    report('log-changed', { ordinal: own.ordinal + 1, reason: asked.reason })
  }
  await database.deleteFrom('node_setting').where('key', '=', SETTING).execute()
}

/** Every channel starts anew: its first message carries the notice. */
function withNewLog({ channels }: ReturnPlan): ReturnPlan {
  return {
    step: 'confirm',
    log: 'follow',
    channels: channels.map((channel) => {
      return { ...channel, step: channel.saw === 'silent' ? 'askLater' : 'newEpoch' }
    }),
  }
}
