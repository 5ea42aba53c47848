/** What the linter of agreements looks things up in: the shipped vocabulary and the reader of policies. */
import dpvFile from '../../vocabulary/dpv-terms.json' with { type: 'json' }
import { utf8 } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'
import type { LintContext } from '../core/agreement/lint/finding.ts'
import type { LawPack } from '../core/law/pack.ts'
import { countedTwice, parsePolicy } from '../proof/policy.ts'
import type { Hashing } from '../proof/primitives.ts'

/** IRIs of the terms for purposes and categories of data, DPV 2.3. */
export const DPV_TERMS: ReadonlySet<string> = new Set(
  [dpvFile.purposes, dpvFile.categories].flatMap((part) =>
    Object.entries(part).flatMap(([namespace, names]) => names.map((name) => namespace + name)),
  ),
)

export function lintContext(
  primitives: Hashing,
  packs: readonly LawPack[],
  now: Instant,
): LintContext {
  return { now, packs, terms: DPV_TERMS, quorumFault: (text) => quorumFault(primitives, text) }
}

/** The reader refuses witnesses that nobody named and groups that want more than they have. */
function quorumFault(primitives: Hashing, text: string): string | undefined {
  try {
    const [twice] = countedTwice(parsePolicy(primitives, utf8(text)))
    return (
      twice && `two keys of ${twice} count as two witnesses: put them into a group of their own`
    )
  } catch (cause) {
    if (cause instanceof ComityError) return `${cause.message}, ${cause.field ?? 'policy'}`
    throw cause
  }
}
