/** Codes for signing off a law pack, on PostgreSQL: kept as hashes, each used at most once. */
import type { Clocks } from '../../../app/ports/clocks.ts'
import type { Random } from '../../../app/ports/random.ts'
import type { SignOffCodes } from '../../../app/ports/sign-off-codes.ts'
import { addMs, instantFromMs, MINUTE_MS } from '../../../base/time.ts'
import { hashOfTyped, newCode } from '../../sign-in/codes.ts'
import type { Database } from '../database.ts'

const LASTS_MS = 10 * MINUTE_MS

export function postgresSignOffCodes(parts: {
  readonly database: Database
  readonly clocks: Pick<Clocks, 'wireNow'>
  readonly random: Random
}): SignOffCodes {
  const { database, clocks, random } = parts
  return {
    async make(officer, pack) {
      const { shown: code, hash } = newCode('lawSignOff', random)
      const madeAt = clocks.wireNow()
      const expiresAt = addMs(madeAt, LASTS_MS)
      await database
        .deleteFrom('law_sign_off_code')
        .where('expires_at', '<=', new Date(madeAt))
        .execute()
      await database
        .insertInto('law_sign_off_code')
        .values({
          code_hash: hash,
          officer_id: officer,
          pack,
          made_at: madeAt,
          expires_at: expiresAt,
        })
        .execute()
      return { code, expiresAt }
    },
    async use(code) {
      const hash = hashOfTyped('lawSignOff', code)
      if (hash === undefined) return undefined
      const now = new Date(clocks.wireNow())
      const row = await database
        .updateTable('law_sign_off_code')
        .set({ used_at: now })
        .where('code_hash', '=', hash)
        .where('used_at', 'is', null)
        .where('made_at', '<=', now)
        .where('expires_at', '>', now)
        .returning(['officer_id', 'pack', 'made_at'])
        .executeTakeFirst()
      return (
        row && {
          officer: row.officer_id,
          pack: row.pack,
          madeAt: instantFromMs(row.made_at.getTime()),
        }
      )
    },
  }
}
