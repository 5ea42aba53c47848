/** What this authority promises people who look for flaws in good faith, by legal order. */
import type { Instant } from '../../../base/time.ts'
import type { SafeHarbourDocument, StatementStanding } from '../../../core/law/safe-harbour.ts'

export type ShownStatement = Pick<
  SafeHarbourDocument,
  | 'legalOrder'
  | 'version'
  | 'lang'
  | 'scope'
  | 'promises'
  | 'conditions'
  | 'limits'
  | 'channel'
  | 'validUntil'
  | 'simulated'
> & {
  readonly laws: readonly {
    readonly text: string
    readonly citation: string
    readonly article: string
    readonly source: string
    readonly evidence: string
    readonly isSignedOff: boolean
  }[]
  readonly standing: StatementStanding
  readonly digest: string
  readonly issuedAt: Instant
  readonly withdrawn: { readonly at: Instant; readonly reason: string } | null
  readonly file: string
}

export type SafeHarbourModel = {
  /** Of each legal order the newest version. */
  readonly statements: readonly ShownStatement[]
  readonly earlier: readonly {
    readonly legalOrder: string
    readonly version: number
    readonly issuedAt: Instant
    readonly standing: StatementStanding
    readonly file: string
  }[]
}
