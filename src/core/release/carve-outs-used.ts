/**
 * Carve-outs that a release uses: what its copy hides from a party on a ground on which the
 * agreement lets one keep something back. Each clause counts once for a release. What was
 * never prepared for anybody is not seen here: an officer records that.
 */
import type { AgreementEvent } from '../agreement/agreement-events.ts'
import type { CarveOut } from '../agreement/clause.ts'
import type { AgreementDocument } from '../agreement/document.ts'
import { type Exhibit, exhibitOf } from '../evidence/evidence.ts'
import type { RedactionGround } from '../evidence/grounds.ts'

/** Why something is hidden in a copy, in the words of agreements. */
const CARVE_OUT_OF: Partial<Readonly<Record<string, CarveOut>>> = {
  nationalSecurity: 'nationalSecurity',
  tradeSecret: 'tradeSecret',
  investigation: 'ongoingInvestigation',
} satisfies Partial<Record<RedactionGround, CarveOut>>

type Used = Extract<AgreementEvent, { type: 'carveOutUsed' }>

export function carveOutsUsed(
  { clauses }: Pick<AgreementDocument, 'clauses'>,
  { exhibits }: { readonly exhibits: readonly Exhibit[] },
  exhibitId: string | undefined,
): readonly Used[] {
  const grounds = new Set(groundsOf(exhibits, exhibitId).map((ground) => CARVE_OUT_OF[ground]))
  return clauses.flatMap((clause): readonly Used[] =>
    clause.kind === 'carveOut' && grounds.has(clause.ground)
      ? [{ type: 'carveOutUsed', clause: clause.id, ground: clause.ground }]
      : [],
  )
}

/** Of the copy and of everything that it was made from. */
function groundsOf(exhibits: readonly Exhibit[], exhibitId: string | undefined): readonly string[] {
  const grounds: string[] = []
  const seen = new Set<string>()
  for (let next = exhibitId; next !== undefined && !seen.has(next); ) {
    seen.add(next)
    const exhibit = exhibitOf({ exhibits }, next)
    const boxes = exhibit?.transform?.boxes ?? []
    grounds.push(...[...(exhibit?.redactions ?? []), ...boxes].flatMap((one) => one.ground ?? []))
    next = exhibit?.derivedFrom ?? undefined
  }
  return grounds
}
