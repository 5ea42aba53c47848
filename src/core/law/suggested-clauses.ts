/**
 * Clauses that the parties could negotiate to close a gap, or to live with it.
 *
 * A suggestion is a draft for people: it names the kind of clause, the parties, the
 * text, and what it cannot cure. No agreement makes an authority competent, gives a
 * power, raises a maximum or lifts a block; only law does.
 */
import type { Clause } from '../agreement/clause.ts'
import type { Gap, GapType } from './gap.ts'

type WithoutId<C> = C extends unknown ? Omit<C, 'id'> : never

export type SuggestedClause = {
  /** Id of the gap that it answers. */
  readonly gap: string
  /** Legal orders whose authorities would be parties. */
  readonly parties: readonly string[]
  readonly title: string
  /** As an agreement document holds it; its categories and purposes are those of the model. */
  readonly clause: WithoutId<Clause>
  /** An annex that the clause needs before anything moves, or `null`. */
  readonly annex: string | null
  readonly cannotCure: string
}

/** At most one for each gap; none where no other legal order could be a party. */
export function suggestClauses(
  gaps: readonly Gap[],
  competentIn: readonly string[],
): readonly SuggestedClause[] {
  return gaps.flatMap((gap) => {
    const parties = [...new Set([...gap.legalOrders, ...competentIn])]
    return parties.length < 2 ? [] : [{ gap: gap.id, parties, ...DRAFTS[gap.type](gap, parties) }]
  })
}

type Draft = Omit<SuggestedClause, 'gap' | 'parties'>

const DRAFTS: Readonly<Record<GapType, (gap: Gap, parties: readonly string[]) => Draft>> = {
  noAuthority: ({ legalOrders: [here], matter }) => ({
    title: 'A contact where nobody is competent',
    clause: {
      kind: 'statement',
      text: `${here} names a contact for ${words(matter)} who receives what concerns people in ${here}, passes it to whoever may act there, and tells the other parties who that is. A party that is competent for the same system tells this contact what it finds and what it orders.`,
    },
    annex: null,
    cannotCure: `No agreement makes an authority competent: in ${here} only a law can.`,
  }),
  noDuty: (gap) =>
    gap.subject === 'incident_report' || gap.subject === 'notice_to_persons'
      ? passOnReport(gap)
      : askTheSame(gap),
  noPower: ({ legalOrders: [here], subject, articles }) => ({
    title: 'Assistance by a party that has the power',
    clause: {
      kind: 'statement',
      text: `At the reasoned request of ${here}, a party whose law gives it the power (${named(articles, here)}) considers within ten working days whether to use it (${words(subject)}), decides under its own law alone, and says why if it does not.`,
    },
    annex: null,
    cannotCure: `No agreement gives a power that no law gives. What another party orders takes effect where that party may order, not in ${here}.`,
  }),
  noDataPath: (gap) =>
    gap.subject.endsWith('blocked') ? blockedPath(gap) : pathWithInstrument(gap),
  noRemedy: ({ legalOrders: [here], subject }) => ({
    title: 'Tell people in time where they can turn',
    clause: {
      kind: 'duty',
      text: `A party that handles a case which touches people in ${here} tells them within 90 days, unless a recorded ground delays it, which remedy (${words(subject)}) its own law offers them, and accepts their complaint on the same terms as of people at home.`,
      duty: { kind: 'notifyPerson', withinDays: 90 },
    },
    annex: null,
    cannotCure: `It opens no court and gives no claim: in ${here} only a law can.`,
  }),
  sanctionTooLow: ({ legalOrders: [here] }) => ({
    title: 'Who sanctions, and what counts already',
    clause: {
      kind: 'statement',
      text: `Before a party of this agreement imposes a penalty for conduct that others examine too, it tells them; each counts what another imposed for the same conduct as far as its law asks. ${here} may propose that a party whose law reaches further goes first.`,
    },
    annex: null,
    cannotCure: `The maximum of ${here} stays what its law says; and nobody may be punished twice where the law forbids it.`,
  }),
  conflictingClocks: (gap) =>
    gap.subject === 'notify_or_withhold' ? embargo(gap) : commonClock(gap),
}

function passOnReport({ legalOrders: [here = ''], subject, articles }: Gap): Draft {
  return {
    title: 'Pass on what another party is told',
    clause: {
      kind: 'permitRelease',
      text: `A party that receives a report (${words(subject)}) which its own law demands (${named(articles, here)}) tells ${here} within one working day that the case exists and, where its law permits, what it says.`,
      categories: ['coordinationStub', 'caseSummary'],
      purposes: ['coordinatedDisclosure'],
      releaseKinds: ['stub', 'case'],
      duties: [],
    },
    annex: null,
    cannotCure: `It binds authorities, not the operator: under the law of ${here} the operator still owes nobody this.`,
  }
}

function askTheSame({ legalOrders: [here = ''], subject, articles }: Gap): Draft {
  return {
    title: 'Tell the others what the operator was made to do',
    clause: {
      kind: 'statement',
      text: `A party whose law lays a duty on the operator (${words(subject)}; ${named(articles, here)}) tells ${here} that it does and until when, so that ${here} may ask the operator to do the same there of its own will.`,
    },
    annex: null,
    cannotCure: `It binds authorities, not the operator: under the law of ${here} the operator may refuse.`,
  }
}

function blockedPath({ legalOrders: [from, ...tos], articles }: Gap): Draft {
  const to = tos.join(', ')
  return {
    title: 'Ask for approval case by case; move nothing before it',
    clause: {
      kind: 'forbidRelease',
      text: `${from} releases nothing of these categories to ${to} until the approval that its law demands (${named(articles)}) is recorded in the case. Until then the parties exchange only that the case exists, and counts that name no one.`,
      categories: ['personalData', 'exhibitTranscript', 'technicalFacts'],
      ...(tos.length === 0 ? {} : { to: tos }),
    },
    annex: `the approval under the law of ${from}, recorded for each case`,
    cannotCure:
      'No agreement between authorities lifts the block: whether to approve is for those whom that law names.',
  }
}

function pathWithInstrument({ legalOrders: [from, ...tos], articles, subject }: Gap): Draft {
  const to = tos.join(', ')
  return {
    title: `A transfer instrument from ${from} to ${to}`,
    clause: {
      kind: 'requireTransferInstrument',
      text: `Data (${words(subject)}) goes from ${from} to ${to} only under a transfer instrument that this agreement lists for that direction, of the kind that the law of ${from} asks for (${named(articles)}).`,
    },
    annex: `an entry in the list of transfer instruments from ${from} to ${to}, with its authorisation and date`,
    cannotCure: `The clause is not the instrument: it must first be concluded, and where the law of ${from} asks for it, authorised.`,
  }
}

function embargo({ legalOrders: [there, ...wanting] }: Gap): Draft {
  const here = wanting.join(', ')
  return {
    title: 'No one publishes or passes on before the others could object',
    clause: {
      kind: 'requireEmbargoConsent',
      text: `While the operator is under a duty to report in ${here} and a rule of ${there} keeps it from handing over what it holds there, ${here} asks ${there} through this agreement, and holds the operator's silence on that part against it only after ${there} has answered.`,
    },
    annex: null,
    cannotCure: `Neither duty is suspended: the operator still owes the report in ${here}, and the rule of ${there} still holds.`,
  }
}

function commonClock({ legalOrders, subject }: Gap): Draft {
  return {
    title: 'The earliest date starts the exchange',
    clause: {
      kind: 'permitRelease',
      text: `The party whose law sets the earliest date (${words(subject)}) tells the others on the day it is told that the case exists and when each further report is due; the others count their own periods by their own law.`,
      categories: ['coordinationStub'],
      purposes: ['coordinatedDisclosure'],
      releaseKinds: ['stub'],
      duties: [],
    },
    annex: null,
    cannotCure: `No date moves: each of ${legalOrders.join(', ')} keeps its own, and the operator owes each report by its own date.`,
  }
}

/** The articles of a gap in short, without those of one legal order. */
function named(articles: Gap['articles'], without?: string): string {
  const others = articles.filter(({ legalOrder }) => legalOrder !== without).slice(0, 3)
  if (others.length === 0) return 'to be named'
  return others.map(({ id, basis }) => `${id}, art. ${basis.article}`).join('; ')
}

function words(code: string): string {
  return code.replaceAll('_', ' ')
}
