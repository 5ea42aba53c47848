/** The statements as everybody reads them, and the names of their files. Pure. */
import type { CalendarDate } from '../../../base/time.ts'
import {
  type IssuedStatement,
  latestStatements,
  type SafeHarbours,
  statementStanding,
} from '../../../core/law/safe-harbour.ts'
import type { SafeHarbourModel, ShownStatement } from './model.ts'

export function safeHarbourModel(state: SafeHarbours, today: CalendarDate): SafeHarbourModel {
  const latest = latestStatements(state)
  return {
    statements: latest.map((one) => shownStatement(state, one, today)),
    earlier: state.issued
      .filter((one) => !latest.includes(one))
      .map((one) => ({
        ...{ legalOrder: one.document.legalOrder, version: one.document.version },
        ...{ issuedAt: one.issuedAt, standing: statementStanding(state, one, today) },
        file: statementFile(one),
      }))
      .toReversed(),
  }
}

export function shownStatement(
  state: SafeHarbours,
  one: IssuedStatement,
  today: CalendarDate,
): ShownStatement {
  const { document, digest, issuedAt, withdrawn } = one
  const standing = statementStanding(state, one, today)
  return { ...document, standing, digest, issuedAt, withdrawn, file: statementFile(one) }
}

export function statementFile({
  document: { legalOrder, version },
}: Pick<IssuedStatement, 'document'>): string {
  return `${legalOrder}-${version}.json`
}

/** The statement whose file has this name. */
export function statementNamed({ issued }: SafeHarbours, file: string) {
  return issued.find((one) => statementFile(one) === file)
}

export function statementList(state: SafeHarbours, today: CalendarDate) {
  return {
    statements: state.issued.map((one) => ({
      ...{ legalOrder: one.document.legalOrder, version: one.document.version },
      ...{ digest: one.digest, issuedAt: one.issuedAt },
      standing: statementStanding(state, one, today),
      file: `/safe-harbour/${statementFile(one)}`,
    })),
  }
}
