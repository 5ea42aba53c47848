/** Rows of every list that mean nothing: few keys and few values, so that many stay as they are. */
import type { Projection } from '../../src/app/ports/projection.ts'
import type { SeededRandom } from './seeded-random.ts'

const IDS = [1, 2, 3, 4].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`)
const NAMES = ['a', 'b', 'c']
const TIMES = ['2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']

/** @param own of this stream alone: ids that no two streams share begin with it */
export function randomProjection(random: SeededRandom, own = 0): Projection {
  const { pick, some, chance } = random
  const time = () => pick(TIMES)
  const timeOrNone = () => pick([...TIMES, null])
  const yes = () => chance(0.5)
  const once = () => some([0], 0.8)
  const withEach = <T>(keys: readonly T[], row: (key: T) => object) => some(keys, 0.6).map(row)
  return {
    cases: once().map(() => ({
      ...{ title: pick(NAMES), lead: pick(NAMES), leadCaseId: null, phase: pick(NAMES) },
      ...{ priority: null, priorityStanding: null, isUnderEmbargo: yes() },
      ...{ openedAt: TIMES[0], changedAt: time(), access: { handlers: some(NAMES) } },
    })),
    deadlines: withEach(NAMES, (clock) => ({
      ...{ clock, legalOrder: 'EU', state: pick(NAMES), dueAt: timeOrNone(), legalDue: null },
    })),
    law: once().map(() => ({ isDecided: yes(), inputs: { facts: some(NAMES) } })),
    decisions: withEach([1, 2, 3], (version) => ({
      ...{ version, act: pick(NAMES), decision: pick(['permit', 'refuse']), why: null },
      ...{ rules: some(NAMES), decidedAt: time() },
    })),
    duties: IDS.flatMap((releaseId) =>
      withEach(NAMES, (duty) => ({
        ...{ releaseId, duty, dueAt: timeOrNone(), dischargedAt: timeOrNone(), kind: pick(NAMES) },
        ...{ owedBy: 'a', otherSide: 'b', isOwedByUs: yes(), state: 'open', breachedAt: null },
      })),
    ),
    releases: withEach(IDS, (releaseId) => ({
      ...{ releaseId, emergency: pick(['waiting', 'validated', null]), validateBy: timeOrNone() },
      ...{ withdrawn: pick([...NAMES, null]), isDeletionConfirmed: yes() },
    })),
    transfers: withEach(IDS, (releaseId) => ({
      ...{ releaseId, peer: pick(NAMES), isOurs: yes(), sizeBytes: random.below(3) },
      begunAt: time(),
    })),
    retention: withEach(IDS, (exhibitId) => ({
      ...{ exhibitId, state: pick(NAMES), dueAt: timeOrNone() },
    })),
    notices: withEach(IDS, (personId) => ({
      ...{ personId, state: pick(NAMES), dueAt: timeOrNone(), wasDelayed: yes() },
    })),
    dues: withEach(IDS, (subjectId) => ({
      ...{ kind: 'records', subjectId, dueAt: time(), isToConfirm: yes(), owner: pick(IDS) },
      ...{ doneAt: timeOrNone(), grounds: some(NAMES) },
    })),
    publications: withEach(NAMES, (name) => ({
      ...{ trackingId: `${own}-${name}`, publishedAt: time(), document: { title: pick(NAMES) } },
    })),
    publicTexts: withEach(NAMES, (name) => ({
      ...{ trackingId: `${own}-${name}`, kind: 'advisory', isWithdrawn: yes() },
      ...{ publishedAt: time(), revisedAt: time(), revisions: some(NAMES) },
    })),
    disclosures: once().map(() => ({
      ...{ language: pick(NAMES), form: null, channel: 'portal', sector: null, sectorAt: null },
      ...{ receivedAt: time(), admittedAt: time(), acknowledgedAt: timeOrNone() },
      ...{ triagedAt: null, vendorToldAt: null, fixedAt: null, publishedAt: null, closedAt: null },
      ...{ priority: null, priorityAt: null, embargoAt: null, embargoEndedAt: null },
      embargoWhy: null,
    })),
    thanks: withEach(IDS, (id) => ({
      ...{ creditId: `${own}${id.slice(1)}`, name: pick(NAMES), roles: [], month: '2026-01' },
    })),
    ties: NAMES.flatMap((value) => withEach(['handler', 'peer'], (kind) => ({ kind, value }))),
    agreements: once().map(() => ({ state: pick(NAMES), digest: pick(NAMES), document: {} })),
    signOffs: withEach(NAMES, (pack) => ({
      ...{ pack, version: '1', officers: random.below(3), simulated: yes() },
    })),
  } as unknown as Projection
}
