/**
 * What a reporter is told before sending: whether this node is an official channel for their
 * kind of report, or where to file it. From the law packs in use and from what the authority
 * configured, and from nothing else.
 */
import { utcDateOf } from '../base/time.ts'
import { type LegalKind, type ReportRoute, reportRoutes } from '../core/law/report-routes.ts'
import { REPORT_KINDS, type ReportKind } from '../wire/intake/report-forms.ts'
import type { Kernel } from './kernel.ts'

export type KindChannel = {
  readonly kind: ReportKind
  /** The act by which the authority receives such reports, as configured. */
  readonly act: string | null
  readonly routes: readonly ReportRoute[]
}

export async function reportChannels({
  clocks,
  intake,
  law,
}: Kernel): Promise<readonly KindChannel[]> {
  const { packs } = await law.context()
  const own = packs.find(({ id }) => id === law.ownPackId())
  const today = utcDateOf(clocks.caseNow())
  return REPORT_KINDS.map((kind) => ({
    kind,
    act: intake.receives?.find((one) => one.kind === kind)?.act ?? null,
    routes: own && isLegal(kind) ? reportRoutes(own, kind, today) : [],
  }))
}

/** Value of the question for a law that no pack of this node names. */
export const OTHER_LAW = 'other'

const LEGAL: readonly string[] = [
  'seriousIncident',
  'misconduct',
  'complaint',
] satisfies LegalKind[]

function isLegal(kind: ReportKind): kind is LegalKind & ReportKind {
  return LEGAL.includes(kind)
}
