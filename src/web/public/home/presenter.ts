/** The numbers on the first page. Pure. */
import type { Officer } from '../../../app/ports/people.ts'
import type { AgreementRow, PublicationRow } from '../../../app/ports/registers.ts'
import type { Instant } from '../../../base/time.ts'
import { parseCheckpoint } from '../../../proof/checkpoint.ts'
import { parseSignedNote } from '../../../proof/signed-note.ts'
import type { HomeModel } from './model.ts'

export type HomeFacts = {
  readonly agreements: readonly AgreementRow[]
  readonly publications: readonly PublicationRow[]
  readonly officers: readonly Officer[]
  readonly checkpoint: Uint8Array | undefined
  readonly now: Instant
}

/** A report is sealed for two officers at least. */
const INTAKE_OFFICERS_MIN = 2

export function homeModel(facts: HomeFacts): HomeModel {
  const { agreements, publications, officers, checkpoint, now } = facts
  const openers = officers.filter(({ intakeLayer }) => intakeLayer === 'inner')
  return {
    agreementsInForce: agreements.filter((row) => isInForceAt(row, now)).length,
    advisories: publications.length,
    logSize: checkpoint ? parseCheckpoint(parseSignedNote(checkpoint).text).treeSize : 0,
    isIntakeOpen: openers.length >= INTAKE_OFFICERS_MIN,
  }
}

/** The row says what was signed; whether it binds today its dates say. */
function isInForceAt({ state, document }: AgreementRow, now: Instant): boolean {
  return state === 'inForce' && document.validFromAt <= now && now < document.sunsetAt
}
