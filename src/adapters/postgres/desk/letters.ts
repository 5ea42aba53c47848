/** Letters as they were made, sealed under the key of their case. */
import type { Letters, MadeLetter } from '../../../app/ports/letters.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { caseKey } from './records.ts'

const context = (letterId: string, format: keyof MadeLetter) => `letter/${letterId}/${format}`

export function postgresLetters(database: Database, atRest: AtRest): Letters {
  return {
    // Loaded with the first letter: a node starts without what writes DOCX and PDF.
    make: async (letter) => (await import('../../letters/make-letter.ts')).makeLetter(letter),
    async keep(caseId, letterId, { docx, pdf }) {
      const key = await caseKey(database, atRest, caseId)
      await database
        .insertInto('letter')
        .values({
          id: letterId,
          case_id: caseId,
          sealed_docx: key.seal(context(letterId, 'docx'), docx),
          sealed_pdf: pdf ? key.seal(context(letterId, 'pdf'), pdf) : null,
        })
        .execute()
    },
    async kept(caseId, letterId) {
      const row = await database
        .selectFrom('letter')
        .selectAll()
        .where('id', '=', letterId)
        .where('case_id', '=', caseId)
        .executeTakeFirst()
      if (!row) return undefined
      const key = await caseKey(database, atRest, caseId)
      return {
        docx: key.open(context(letterId, 'docx'), row.sealed_docx),
        pdf: row.sealed_pdf ? key.open(context(letterId, 'pdf'), row.sealed_pdf) : undefined,
      }
    },
  }
}
