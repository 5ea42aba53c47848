/**
 * What the forms of acts offer: choices from the state of the case, the agreement,
 * the vocabulary and the law packs, and what stands in a field before anyone
 * types. An act without an entry here gets the form of its schema alone. Pure.
 *
 * The forms help; they decide nothing. A choice that is refused is offered too
 * where its refusal is an answer that people must be able to get.
 */
import type { Kernel } from '../../../app/kernel.ts'
import type { Officer } from '../../../app/ports/people.ts'
import type { AgreementRow } from '../../../app/ports/registers.ts'
import { addMs, DAY_MS, type Instant } from '../../../base/time.ts'
import { REFUSAL_CODES } from '../../../core/assistance/refusal-codes.ts'
import type { CaseState } from '../../../core/case/case.ts'
import { CLOCK_MARKS } from '../../../core/law/clock-events.ts'
import { type LawPack, START_EVENTS } from '../../../core/law/pack.ts'
import { suggestTerms } from '../../../core/triage/taxonomy.ts'
import type { Choice, FormHints } from '../../form/field-spec.ts'
import type { RawValues } from '../../form/form-model.ts'
import { localTimeOf } from '../../form/read-form.ts'
import { readable } from '../../words.ts'
import { personName } from '../case/present-measures.ts'
import { factHints, factValues } from './facts.ts'

export type HintSources = {
  readonly state: CaseState
  readonly node: Kernel['node']
  readonly peers: Kernel['peers']
  readonly vocabulary: Kernel['vocabulary']
  readonly agreements: readonly AgreementRow[]
  readonly packs: readonly LawPack[]
  readonly officers: readonly Officer[]
  readonly now: Instant
}

export type ActHints = FormHints & { readonly values?: RawValues }

export function actHints(act: string, sources: HintSources): ActHints {
  return HINTS[act]?.(sources) ?? {}
}

const data = (value: string, text: string, hint?: string): Choice =>
  hint === undefined ? { value, text, lang: 'en' } : { value, text, lang: 'en', hint }

const HINTS: Readonly<Record<string, (sources: HintSources) => ActHints>> = {
  assignTaxonomy: ({ state, vocabulary }) => {
    const { report, terms } = state.triage
    const suggested = report ? suggestTerms(report, vocabulary.vocabularies) : []
    const chosen = terms.length > 0 ? terms : suggested
    const termValue = ({ scheme, id }: { scheme: string; id: string }) =>
      JSON.stringify({ scheme, id })
    return {
      choices: {
        terms: vocabulary.vocabularies.flatMap(({ scheme, title, terms: all }) =>
          all.map(({ id, label, source }) =>
            data(termValue({ scheme, id }), `${label} (${id})`, source ?? title),
          ),
        ),
      },
      values: { terms: chosen.map(termValue) },
    }
  },
  computePriority: ({ state, vocabulary }) => {
    const { inputs } = vocabulary.priorityTable
    const given = state.triage.computed?.inputs ?? {}
    return {
      openRecords: ['inputs'],
      records: {
        inputs: Object.fromEntries(
          inputs.map(({ id, values }) => [id, values.map(({ key, name }) => data(key, name))]),
        ),
      },
      labels: Object.fromEntries(inputs.map(({ id, name }) => [`inputs.${id}`, name])),
      values: Object.fromEntries(
        Object.entries(given).map(([id, key]) => [`inputs.${id}`, key ?? '']),
      ),
    }
  },
  decidePriority: ({ state }) => ({
    choices: {
      outcome: (state.triage.computed?.choices ?? []).map(({ key, name }) => data(key, name)),
    },
    values: { decision: 'accepted' },
  }),
  recordFacts: ({ state, packs }) => ({
    ...factHints(packs),
    values: factValues(state.law.facts),
  }),
  recordClockEvent: ({ packs, now, node }) => ({
    choices: {
      event: [...START_EVENTS, ...CLOCK_MARKS].map((name) => data(name, readable(name))),
      clock: clockChoices(packs),
    },
    widgets: { event: 'select', clock: 'select' },
    values: { at: localTimeOf(now, node.zone) },
  }),
  computeClocks: ({ state, packs }) => ({
    choices: { clocks: clockChoices(packs) },
    values: { clocks: Object.keys(state.law.clocks) },
  }),
  setEmbargoEnd: ({ now, node }) => ({
    values: { until: localTimeOf(addMs(now, EMBARGO_DAYS * DAY_MS), node.zone) },
  }),
  recordProgress: ({ state, ...sources }) => ({
    choices: { participant: participantChoices(state, sources) },
  }),
  inviteToCase: ({ peers }) => ({
    choices: { peer: peers.all().map(({ id, name }) => data(id, name)) },
    widgets: { peer: 'select' },
  }),
  endEmbargo: () => ({}),
  releaseToPeer: (sources) => ({
    choices: {
      recipient: recipientChoices(sources),
      purpose: purposeChoices(sources),
      categories: categoryChoices(sources),
    },
    widgets: { recipient: 'select', purpose: 'select' },
  }),
  dischargeDuty: ({ state, node }) => {
    const { permitted, received } = state.releases
    const all = [...permitted, ...received]
    const open = all.filter(({ duties }) => duties.some((duty) => duty.dischargedAt === null))
    const duties = open.flatMap((release) => release.duties)
    const unique = new Map(duties.map((duty) => [duty.dutyId, duty]))
    return {
      choices: {
        releaseId: open.map((release) =>
          data(release.releaseId, `${readable(release.kind)}, ${release.categories.join(', ')}`),
        ),
        dutyId: [...unique.values()].map(({ dutyId, text, owedBy }) =>
          data(dutyId, text, owedBy === node.id ? undefined : owedBy),
        ),
      },
      widgets: { releaseId: 'select', dutyId: 'select' },
    }
  },
  sealExhibit: () => ({
    values: { mediaType: 'application/json' },
    widgets: { parts: 'json' },
  }),
  openExhibit: ({ state }) => ({
    choices: { exhibitId: exhibitChoices(state) },
    widgets: { exhibitId: 'select' },
  }),
  requestAssistance: (sources) => ({
    choices: {
      requestedAuthority: sources.peers.all().map(({ id, name }) => data(id, name)),
      purpose: purposeChoices(sources),
    },
    widgets: { requestedAuthority: 'select', purpose: 'select' },
    values: {
      requestedAuthority: sources.state.lead,
      answerWithinDays: String(ANSWER_DAYS),
      type: 'produce',
    },
  }),
  prepareAnswer: ({ state }) => ({
    choices: {
      requestId: requestChoices(state, 'requested'),
      exhibitId: exhibitChoices(state, 'sealedHere'),
    },
    widgets: { requestId: 'select', exhibitId: 'select', redactions: 'textarea' },
  }),
  answerAssistance: ({ state }) => ({
    choices: {
      requestId: requestChoices(state, 'requested'),
      exhibitId: exhibitChoices(state, 'redactedHere'),
      releaseId: state.rights.reviews
        .filter(({ subject }) => subject.kind === 'release')
        .map(({ subject, outcome, covers }) =>
          data(subject.id, `${covers?.recipient ?? ''}: ${readable(outcome ?? 'in review')}`),
        ),
      codes: Object.keys(REFUSAL_CODES).map((code) => data(code, readable(code))),
    },
    widgets: { requestId: 'select', exhibitId: 'select', releaseId: 'select' },
  }),
  fulfilAssistance: ({ state }) => ({
    choices: {
      requestId: requestChoices(state, 'requesting'),
      exhibitId: exhibitChoices(state, 'received'),
    },
    widgets: { requestId: 'select', exhibitId: 'select' },
  }),
  nameOperator: ({ node }) => ({
    values: { invented: node.profile === 'demo' ? 'true' : '' },
  }),
  agreeDecisionTree: ({ vocabulary }) => ({
    choices: {
      treeId: vocabulary.decisionTrees.map(({ treeId, title }) => data(treeId, title)),
    },
    widgets: { treeId: 'select' },
  }),
  recommendMeasure: ({ state }) => ({
    records: {
      inputs: Object.fromEntries(
        Object.entries(state.enforcement.tree?.inputs ?? {}).map(([name, values]) => [
          name,
          values.map((value) => data(value, readable(value))),
        ]),
      ),
    },
    labels: Object.fromEntries(
      Object.keys(state.enforcement.tree?.inputs ?? {}).map((name) => [
        `inputs.${name}`,
        readable(name),
      ]),
    ),
  }),
  recordRepresentation: ({ state }) => ({
    choices: { measureId: hearingChoices(state) },
    widgets: { measureId: 'select' },
  }),
  proposeOrder: ({ state }) => ({
    choices: { measureId: hearingChoices(state) },
    widgets: { measureId: 'select' },
    values: { rung: 'correctiveOrder' },
  }),
  openHearing: () => ({ values: { rung: 'correctiveOrder' } }),
  approveMeasure: ({ state }) => ({
    choices: {
      measureId: state.enforcement.measures
        .filter(({ takenAt }) => takenAt === null)
        .map(({ measureId, rung, reason }) => data(measureId, `${readable(rung)}: ${reason}`)),
    },
    widgets: { measureId: 'select' },
  }),
  delayNotice: ({ state, now, node }) => ({
    choices: { personId: personChoices(state) },
    widgets: { personId: 'select' },
    values: {
      reviewAt: localTimeOf(addMs(now, REVIEW_DAYS * DAY_MS), node.zone),
      dueAt: localTimeOf(addMs(now, DELAY_DAYS * DAY_MS), node.zone),
    },
  }),
  sendNotice: ({ state }) => ({
    choices: { personId: personChoices(state) },
    widgets: { personId: 'select' },
  }),
  assignReview: ({ state, officers }) => ({
    choices: {
      reviewId: reviewChoices(state),
      reviewer: officers
        .filter(({ roles }) => roles.includes('reviewer'))
        .map(({ id, name }) => data(id, name)),
    },
    widgets: { reviewId: 'select', reviewer: 'select' },
  }),
  decideReview: ({ state }) => ({ choices: { reviewIds: reviewChoices(state) } }),
  publishAdvisory: ({ state }) => {
    const { report } = state.triage
    const { operator } = state.enforcement
    return {
      values: {
        title: state.title,
        summary: report?.description.text.slice(0, 4000) ?? '',
        vendor: operator?.name ?? report?.affected.developers?.[0] ?? '',
        product: report?.affected.artifacts?.[0]?.name ?? '',
        status: 'known_affected',
      },
    }
  },
}

const EMBARGO_DAYS = 30
const ANSWER_DAYS = 10
const REVIEW_DAYS = 5
const DELAY_DAYS = 10

function clockChoices(packs: readonly LawPack[]): Choice[] {
  return packs.flatMap(({ legalOrder, instruments }) =>
    instruments.flatMap(({ name, clocks }) =>
      clocks.map(({ id, stage }) => data(id, `${legalOrder}: ${readable(stage)} (${id})`, name)),
    ),
  )
}

type Directory = Pick<HintSources, 'node' | 'peers'>

function participantChoices({ disclosure }: CaseState, { node, peers }: Directory): Choice[] {
  return disclosure.participants.map(({ id, roles }) =>
    data(id, `${id === node.id ? node.name : (peers.find(id)?.name ?? id)}: ${roles.join(', ')}`),
  )
}

/** Every peer, also one that takes no part: that it is refused is an answer. */
function recipientChoices({ peers }: HintSources): Choice[] {
  return peers.all().map(({ id, name }) => data(id, name))
}

function inForce({ agreements }: HintSources): AgreementRow[] {
  return agreements.filter(({ state }) => state === 'inForce')
}

function purposeChoices(sources: HintSources): Choice[] {
  const all = inForce(sources).flatMap(({ document }) => document.purposes)
  return uniqueBy(all.map(({ id, text }) => data(id, text)))
}

function categoryChoices(sources: HintSources): Choice[] {
  const all = inForce(sources).flatMap(({ document }) => document.categories)
  return uniqueBy(
    all.map(({ id, text, releasable, personal, reviewRequired }) => {
      const notes = [
        ...(releasable ? [] : ['never released under the agreement']),
        ...(personal ? ['personal data: needs a transfer instrument'] : []),
        ...(reviewRequired ? ['needs an independent review'] : []),
      ]
      return data(id, text, notes.length > 0 ? notes.join('; ') : undefined)
    }),
  )
}

function uniqueBy(choices: readonly Choice[]): Choice[] {
  return [...new Map(choices.map((choice) => [choice.value, choice])).values()]
}

type ExhibitOrigin = CaseState['evidence']['exhibits'][number]['origin']

function exhibitChoices({ evidence }: CaseState, origin?: ExhibitOrigin): Choice[] {
  return evidence.exhibits
    .filter((exhibit) => origin === undefined || exhibit.origin === origin)
    .map(({ exhibitId, name, parts }) => data(exhibitId, `${name}, ${parts} parts (${exhibitId})`))
}

function requestChoices({ assistance }: CaseState, side: 'requesting' | 'requested'): Choice[] {
  return assistance.items
    .filter((item) => item.side === side && item.fulfilment === null)
    .map(({ request }) => {
      const peer = side === 'requested' ? request.requestingAuthority : request.requestedAuthority
      return data(request.requestId, `${readable(request.type)}, ${peer}, ${request.purpose}`)
    })
}

function hearingChoices({ enforcement }: CaseState): Choice[] {
  return enforcement.hearings.map(({ measureId, rung, endsAt }) =>
    data(measureId, `${readable(rung)}, hearing until ${endsAt.slice(0, 10)}`),
  )
}

function personChoices({ rights }: CaseState): Choice[] {
  return rights.persons.map(({ personId }) => data(personId, personName(personId)))
}

function reviewChoices({ rights }: CaseState): Choice[] {
  return rights.reviews
    .filter(({ outcome }) => outcome === null)
    .map(({ reviewId, subject, covers }) => {
      const about = covers ? ` to ${covers.recipient}: ${covers.categories.join(', ')}` : ''
      return data(reviewId, `${readable(subject.kind)}${about} (${reviewId.slice(0, 8)})`)
    })
}
