/** The joint work on a case as its page shows it. Pure. */
import type { ReadCase } from '../../../app/read-case.ts'
import type { Instant } from '../../../base/time.ts'
import type { PlaybookItem } from '../../../core/joint/joint-state.ts'
import { whoToTell } from '../../../core/joint/lineage.ts'
import { reviewFacts } from '../../../core/joint/review-facts.ts'
import { actItem } from '../../parts.ts'
import type { Names } from '../case/names.ts'
import { caseHead } from '../case/present-case.ts'
import type { CaseJointModel } from './model.ts'

export type JointView = {
  readonly read: ReadCase
  readonly names: Names
  readonly now: Instant
  /** Id of the component that was asked about. */
  readonly affected: string | undefined
}

/** What leads on from here, beside the acts of this page. */
const LEADS_ON = ['addParticipant', 'inviteToCase']

export function caseJointModel(view: JointView): CaseJointModel {
  const { read, names, now } = view
  const { joint } = read.state
  const acts = read.acts.filter(({ name, topic }) => topic === 'joint' || LEADS_ON.includes(name))
  return {
    case: caseHead(read, names),
    playbooks: joint.playbooks.map(({ title, version, startedAt, items }) => ({
      ...{ title, version, startedAt },
      done: items.filter((item) => item.state !== 'open').length,
      items: items.map((item) => itemRow(view, item)),
    })),
    facts: reviewFacts(read.state, read.events, now),
    reviews: joint.reviews.map(({ actions, reviewId: _, ...review }) => ({
      ...review,
      actions: actions.map(({ text, officer, dueOn }) => ({
        ...{ text, dueOn, owner: names.officer(officer) },
      })),
    })),
    closed: joint.closed,
    offers: joint.offers.map(({ from, kind, text, answered }) => ({
      ...{ from: names.authority(from).name, kind, text },
      ...{ state: answered?.answer ?? 'waits', reason: answered?.reason ?? null },
    })),
    taskForces: joint.taskForces.map((one) => ({
      ...{ name: one.name, mandate: one.mandate, lead: names.officer(one.lead) },
      members: [
        ...one.officers.map((officer) => names.officer(officer)),
        ...one.participants.map((id) => names.authority(id).name),
      ],
      ...{ startsOn: one.startsOn, endsOn: one.endsOn, ended: one.ended },
    })),
    lineage: lineageOf(view),
    acts: acts.map(({ name, available }) => actItem(name, available)),
  }
}

function itemRow({ names, now }: JointView, item: PlaybookItem) {
  const { itemId, text, officer, authority, dueAt, state, reason } = item
  const own = officer === null ? '' : names.officer(officer)
  return {
    ...{ itemId, text, dueAt, reason },
    owner: authority === null ? own : names.authority(authority).name,
    state: state === 'open' && dueAt <= now ? ('overdue' as const) : state,
  }
}

function lineageOf({ read, affected }: JointView): CaseJointModel['lineage'] {
  const { disclosure, joint } = read.state
  const { lineage, lineageSources } = joint
  const known = lineage.components.find(({ id }) => id === affected)
  const participants = disclosure.participants.map(({ id }) => id.toLowerCase())
  return {
    components: [...lineage.components].sort((a, b) => (a.name < b.name ? -1 : 1)),
    sources: lineageSources.map(({ source, at, notCarried }) => ({ source, at, notCarried })),
    affected: known?.id ?? null,
    toTell: (known ? whoToTell(lineage, known.id) : []).map(({ organisation, as, path }) => ({
      ...{ name: organisation.name, as, path },
      isParticipant: participants.includes(organisation.name.toLowerCase()),
    })),
  }
}
