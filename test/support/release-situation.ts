/**
 * Random situations in which somebody asks for a release: an agreement, a case, people and
 * what they did, as plain facts. Most of each is in order, so that both answers come.
 */
import { addMs, DAY_MS, type Instant, utcDateOf } from '../../src/base/time.ts'
import type { AgreementPhase } from '../../src/core/agreement/agreement.ts'
import type { Clause, HandlingCode, Tlp } from '../../src/core/agreement/clause.ts'
import type { AgreementDocument } from '../../src/core/agreement/document.ts'
import type { Role } from '../../src/core/case/recorded.ts'
import { ALBION, MERIDIA, NOW, ringAgreement, SIERRA } from './ring.ts'
import type { SeededRandom } from './seeded-random.ts'

const CATEGORIES = ['c1', 'c2', 'c3', 'c4'] as const
export const PURPOSES = ['p1', 'p2'] as const
const KINDS = ['stub', 'case', 'exhibit'] as const
const LABELS = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const
const EXHIBITS = ['x1', 'x2', 'x3'] as const

export type Person = { readonly officer: string; readonly inPlaceOf: string | null }

export type Situation = {
  readonly now: Instant
  readonly document: AgreementDocument
  readonly phase: AgreementPhase
  readonly retiresAt: Instant | null
  readonly disputed: readonly string[]
  readonly isExercise: boolean
  readonly isAbroad: boolean
  readonly blocks: readonly ('personal' | 'confidential')[]
  /** Whether the case says that it is about an AI system; undefined: nobody recorded it. */
  readonly isAiSystem: boolean | undefined
  readonly embargo: 'none' | 'proposed' | 'active' | 'revise' | 'exited'
  readonly accepted: readonly string[]
  readonly left: readonly string[]
  readonly withoutReport: readonly string[]
  readonly conflicted: readonly string[]
  readonly orders: readonly {
    readonly exhibits: readonly string[] | null
    readonly mayReceive: readonly string[]
    readonly purposes: readonly string[]
    readonly until: Instant | null
    readonly isLifted: boolean
  }[]
  /** x2 is a copy of x1, and x3 of x2. */
  readonly held: readonly {
    readonly originator: string
    readonly exhibitIds: readonly string[]
    readonly tlp: Tlp | null
    readonly codes: readonly HandlingCode[]
    readonly consentedTo: readonly { readonly recipient: string; readonly purpose: string }[]
    /** One of the duties that it came with forbids to pass it on. */
    readonly mustStay: boolean
    readonly isRetracted: boolean
  }[]
  /** Of x1 to x3: rejected on arrival. */
  readonly rejected: readonly string[]
  readonly persons: readonly string[]
  readonly consents: readonly {
    readonly person: string
    readonly recipients: readonly string[]
    readonly purposes: readonly string[]
    readonly categories: readonly string[]
    readonly state: 'asked' | 'given' | 'refused' | 'withdrawn'
    readonly saidAt: Instant
  }[]
  readonly authorisations: readonly {
    readonly recipients: readonly string[]
    readonly categories: readonly string[]
    readonly from: Instant
    readonly until: Instant
    readonly isEnded: boolean
  }[]
  /** Of exactly this release; null: none. */
  readonly test: {
    readonly isForAnother: boolean
    readonly failed: boolean
    /** null: it says nothing more than yes and no. */
    readonly sensitive: 'severe' | 'many' | 'press' | 'none' | null
  } | null
  readonly review: {
    readonly isForAnother: boolean
    readonly outcome: 'approved' | 'rejected' | null
    readonly by: Person
    readonly recipient: string
    /** null: of a review that was opened before it named one. */
    readonly purpose: string | null
    readonly categories: readonly string[]
    readonly exhibitId: string | null
    readonly passesOn: string | null
  } | null
  readonly proposedBy: Person | null
  readonly wasPermitted: boolean
  readonly asked: {
    readonly person: Person
    readonly roles: readonly Role[]
    readonly authority: string
    readonly recipient: string
    readonly purpose: string
    readonly kind: (typeof KINDS)[number]
    readonly categories: readonly string[]
    readonly exhibitId: string | null
    /** Id of a release of a peer; `held-0` is that of the first in `held`. */
    readonly passesOn: string | null
    readonly legalBasis: string
    readonly emergency: { readonly reason: string } | null
    /** Categories that the case holds something of. */
    readonly holds: readonly string[]
  }
}

/** Several situations may share a text: then most of them are on the days that it was made for. */
export function randomSituation(
  random: SeededRandom,
  document: AgreementDocument = randomDocument(random),
): Situation {
  const { pick, some, chance } = random
  const now = addMs(MADE_FOR, chance(0.8) ? 0 : pick([-1, 1, -DAY_MS, DAY_MS, 3 * DAY_MS]))
  const recipient = chance(0.93) ? pick([ALBION, SIERRA]) : pick([MERIDIA, 'outside.example'])
  const purpose = pick(PURPOSES)
  const wanted = some(CATEGORIES, 0.25)
  const categories = wanted.length > 0 || chance(0.05) ? wanted : [pick(CATEGORIES)]
  const kind = pick(KINDS)
  const exhibitId = kind === 'exhibit' ? pick(EXHIBITS) : null
  const passesOn = kind === 'case' && chance(0.1) ? pick(['held-0', 'held-0', 'held-9']) : null
  const around = () => addMs(now, (random.below(9) - 4) * DAY_MS)
  const orOther = <T>(right: T, other: T) => (chance(0.92) ? right : other)
  return {
    now,
    document,
    phase: orOther<AgreementPhase>(
      chance(0.9) ? 'inForce' : 'retiring',
      pick(['none', 'offered', 'signing', 'suspended', 'retired', 'lapsed'] as const),
    ),
    retiresAt: chance(0.1) ? around() : null,
    disputed: some(
      document.clauses.map(({ id }) => id),
      0.01,
    ),
    isExercise: chance(0.7),
    isAbroad: chance(0.7),
    blocks: some(['personal', 'confidential'] as const, 0.05),
    isAiSystem: pick([true, true, true, false, undefined]),
    embargo: pick(['none', 'proposed', 'active', 'revise', 'exited'] as const),
    accepted: some([MERIDIA, ALBION, SIERRA], 0.9),
    left: some([ALBION, SIERRA], 0.03),
    withoutReport: some([ALBION, SIERRA], 0.03),
    conflicted: some(['ada', 'ben', 'judge'], 0.03),
    orders: chance(0.85)
      ? []
      : [
          {
            exhibits: chance(0.4) ? null : some(EXHIBITS, 0.5),
            mayReceive: some([ALBION, SIERRA], 0.6),
            purposes: some(PURPOSES, 0.6),
            until: chance(0.5) ? null : around(),
            isLifted: chance(0.2),
          },
        ],
    held: chance(passesOn === null ? 0.8 : 0.1)
      ? []
      : [
          {
            originator: pick([ALBION, SIERRA]),
            exhibitIds: some(EXHIBITS, 0.5),
            tlp: chance(0.1) ? null : pick(LABELS),
            codes: some(['H1', 'H2'] as const, 0.2),
            consentedTo: some([ALBION, SIERRA], 0.7).flatMap((to) =>
              some(PURPOSES, 0.8).map((of) => ({ recipient: to, purpose: of })),
            ),
            mustStay: chance(0.5),
            isRetracted: chance(0.1),
          },
        ],
    rejected: some(EXHIBITS, 0.02),
    persons: some(['p1', 'p2'], 0.5),
    consents: chance(0.6)
      ? []
      : [1, 2, 3].map(() => ({
          person: pick(['p1', 'p2']),
          recipients: some([ALBION, SIERRA], 0.8),
          purposes: some(PURPOSES, 0.8),
          categories: some(CATEGORIES, 0.8),
          state: pick(['asked', 'given', 'given', 'given', 'refused', 'withdrawn'] as const),
          saidAt: around(),
        })),
    authorisations: chance(0.6)
      ? []
      : [
          {
            recipients: some([ALBION, SIERRA], 0.8),
            categories: some(CATEGORIES, 0.8),
            from: addMs(now, -random.below(3) * DAY_MS),
            until: addMs(now, random.below(4) * DAY_MS),
            isEnded: chance(0.1),
          },
        ],
    test: chance(0.04)
      ? null
      : {
          isForAnother: chance(0.04),
          failed: chance(0.05),
          sensitive: chance(0.6)
            ? null
            : pick(['severe', 'many', 'press', 'none', 'none'] as const),
        },
    review: chance(0.3)
      ? null
      : {
          isForAnother: chance(0.05),
          outcome: orOther<'approved' | 'rejected' | null>('approved', pick(['rejected', null])),
          by: { officer: orOther('judge', 'ada'), inPlaceOf: chance(0.05) ? 'ben' : null },
          recipient: orOther(recipient, SIERRA),
          purpose: orOther<string | null>(purpose, chance(0.5) ? null : 'research'),
          categories: chance(0.8) ? categories : some(CATEGORIES),
          exhibitId: orOther(exhibitId, 'x1'),
          passesOn: orOther<string | null>(passesOn, pick(['held-0', null])),
        },
    proposedBy: chance(0.5)
      ? null
      : { officer: orOther('ben', 'ada'), inPlaceOf: chance(0.05) ? 'ada' : null },
    wasPermitted: chance(0.02),
    asked: {
      person: { officer: 'ada', inPlaceOf: chance(0.05) ? 'ben' : null },
      roles: orOther<readonly Role[]>(
        pick([['caseOfficer'], ['liaison'], ['reviewer', 'liaison']] as const),
        pick([[], ['reviewer'], ['administrator']] as const),
      ),
      authority: orOther(MERIDIA, 'outside.example'),
      recipient,
      purpose: orOther<string>(purpose, 'none'),
      kind,
      categories: orOther(categories, [...categories, 'unheardOf']),
      exhibitId,
      passesOn,
      legalBasis: orOther('statute 1, section 2', ' '),
      emergency: chance(0.85) ? null : { reason: orOther('a life is at risk (invented)', ' ') },
      holds: some(CATEGORIES, 0.97),
    },
  }
}

const MADE_FOR = NOW

export function randomDocument(random: SeededRandom): AgreementDocument {
  const { chance, pick, some } = random
  const now = MADE_FOR
  const base = ringAgreement()
  const day = (shift: number) => utcDateOf(addMs(now, shift * DAY_MS))
  return {
    ...base,
    purposes: PURPOSES.map((id) => ({ id, text: id, iri: null })),
    parties: base.parties.map((party) => ({
      ...party,
      legalOrder: chance(0.85) ? party.legalOrder : 'EU',
    })),
    categories: CATEGORIES.filter(() => chance(0.97)).map((id) => ({
      id,
      text: id,
      releasable: chance(0.95),
      personal: chance(0.4),
      ...(chance(0.1) ? { confidential: true as const } : {}),
      reviewRequired: chance(0.25),
    })),
    clauses: randomClauses(random, now),
    transferInstruments: [ALBION, SIERRA].flatMap((node) => {
      const to = base.parties.find((party) => party.node === node)?.legalOrder ?? ''
      const one = {
        from: 'EU',
        to,
        kind: 'treaty' as const,
        authorisation: 'a treaty (invented)',
        authorisedOn: day(chance(0.93) ? -10 : 2),
        ...(chance(0.3) ? { validUntil: day(chance(0.8) ? 5 : -1) } : {}),
        ...(chance(0.3) ? { categories: some(CATEGORIES, 0.7) } : {}),
        simulated: chance(0.5),
      }
      return chance(0.85) ? [one] : []
    }),
    handling: { tlp: chance(0.97) ? 'GREEN' : 'RED' },
    emergencyClause: chance(0.6) ? { clause: '9.1', postReviewWithinHours: 24 } : null,
    validFromAt: addMs(now, chance(0.97) ? -2 * DAY_MS : pick([0, 1])),
    sunsetAt: addMs(now, chance(0.97) ? 2 * DAY_MS : pick([0, 1])),
  }
}

function randomClauses(random: SeededRandom, now: Instant): readonly Clause[] {
  const { chance, pick, some } = random
  const of = (ids: readonly string[], share: number) => some(ids, share)
  const phases = ['pilot', 'scaleUp', 'full'] as const
  const permits = [1, 2, 3].map((n) => ({
    id: `4.${n}`,
    text: 'It may be given.',
    kind: 'permitRelease' as const,
    categories: of(CATEGORIES, 0.75),
    purposes: of(PURPOSES, 0.8),
    releaseKinds: some(KINDS, 0.8),
    duties: some(['7.1', '7.2'], 0.5),
    ...(chance(0.15) ? { between: [{ from: MERIDIA, to: pick([ALBION, SIERRA]) }] } : {}),
    ...(chance(0.15) ? { when: { fact: 'isAiSystem', is: true } } : {}),
    ...(chance(0.15) ? { phases: some(phases, 0.6) } : {}),
  }))
  const rare: readonly [number, () => Clause][] = [
    [0.1, () => ({ ...at('5.1'), kind: 'forbidRelease', categories: of(CATEGORIES, 0.3) })],
    [
      0.1,
      () => ({ ...at('5.2'), kind: 'forbidRelease', categories: of(CATEGORIES, 0.5), to: ['GB'] }),
    ],
    [0.5, () => ({ ...at('5.3'), kind: 'requireTransferInstrument' })],
    [0.12, () => ({ ...at('5.4'), kind: 'requireConsent', categories: of(CATEGORIES, 0.4) })],
    [0.12, () => ({ ...at('5.5'), kind: 'requireAuthorisation', categories: of(CATEGORIES, 0.4) })],
    [0.2, () => ({ ...at('5.6'), kind: 'requireSecondOfficer', categories: of(CATEGORIES, 0.4) })],
    [
      0.2,
      () => ({
        ...at('5.7'),
        kind: 'handling',
        categories: of(CATEGORIES, 0.4),
        tlp: pick(LABELS),
        codes: some(['H1', 'H2'] as const, 0.3),
      }),
    ],
    [
      0.15,
      () => ({
        ...at('5.8'),
        kind: 'exempt',
        clauses: some(['5.1', '5.2', '5.3', '5.4', '5.5', '5.6', '5.7'], 0.4),
        until: addMs(now, (random.below(5) - 2) * DAY_MS),
      }),
    ],
    [0.02, () => ({ ...at('5.9'), kind: 'onFridaysOnly' }) as unknown as Clause],
    [0.6, () => ({ ...at('6.1'), kind: 'phase', phase: pick(phases), fromAt: addMs(now, -1) })],
    [0.2, () => ({ ...at('6.2'), kind: 'phase', phase: pick(phases), fromAt: now })],
    [0.1, () => ({ ...at('6.3'), kind: 'phase', phase: pick(phases), fromAt: addMs(now, 1) })],
  ]
  return [
    ...permits,
    ...rare.flatMap(([share, clause]) => (chance(share) ? [clause()] : [])),
    { ...at('7.1'), kind: 'duty', duty: { kind: 'deleteBy', withinDays: 30 } },
    { ...at('7.2'), kind: 'duty', duty: { kind: 'noOnwardTransfer' } },
  ]
}

const at = (id: string) => ({ id, text: `clause ${id} (invented)` })
