/**
 * The law packs that Comity ships, for questions that no node asks.
 *
 * Nobody has signed them off; an answer is given as if two officers had, because
 * the question is what the pack says. What binds an authority is for its own node.
 */
import { fileURLToPath } from 'node:url'
import { libraryHolidays, loadLawPacks } from '../../adapters/law-packs.ts'
import type { LawContext } from '../../core/law/case-law.ts'
import type { LawPack, PackRef } from '../../core/law/pack.ts'
import type { SignOff } from '../../core/law/sign-off.ts'

export const LAW_FOLDER = fileURLToPath(new URL('../../../law', import.meta.url))

let shipped: LawContext | undefined

/** Read once, at the first question. @throws ComityError `malformed` for a pack that does not load */
export function shippedLaw(): LawContext {
  shipped ??= asIfSigned(loadLawPacks(LAW_FOLDER))
  return shipped
}

/** Other packs, answered in the same way. */
export function asIfSigned(packs: readonly LawPack[]): LawContext {
  const signOffs = packs.flatMap((pack) => [signOff(pack, 'first'), signOff(pack, 'second')])
  return { packs, signOffs: { signOffs }, holidaysOf: libraryHolidays() }
}

function signOff({ id, version, digest }: PackRef, officer: string): SignOff {
  return { pack: id, version, digest, officer, simulated: true }
}
