/** Who is in the demonstration: three plainly fictional authorities and an outside witness. */

export type Authority = {
  readonly id: string
  readonly database: string
  readonly name: string
  readonly legalOrder: string
  /** Whose overlay is laid over the pack of the legal order. */
  readonly memberState?: string
  readonly zone: string
}

export const AUTHORITIES: readonly Authority[] = [
  {
    id: 'meridia.example',
    database: 'meridia',
    name: 'Meridia AI Safety Authority (fictional)',
    legalOrder: 'EU',
    memberState: 'XM',
    zone: 'Europe/Brussels',
  },
  {
    id: 'albion.example',
    database: 'albion',
    name: 'Albion Algorithm Inspectorate (fictional)',
    legalOrder: 'GB',
    zone: 'Europe/London',
  },
  {
    id: 'sierra.example',
    database: 'sierra',
    name: 'Sierra Office of Automated Systems (fictional)',
    legalOrder: 'US-CA',
    zone: 'America/Los_Angeles',
  },
]

export const WITNESS = { id: 'witness.example', database: 'witness' } as const
