/** Safe-harbour statements in the workspace: the list, and one form for every act. Decides nothing. */
import type { FastifyInstance } from 'fastify'
import {
  findSafeHarbourAct,
  lawsToCite,
  readSafeHarbours,
  type SafeHarbourAct,
} from '../../app/safe-harbour.ts'
import { latestStatements, lawKey } from '../../core/law/safe-harbour.ts'
import { safeHarbourVocabulary } from '../../wire/safe-harbour.ts'
import type { Choice, FormHints } from '../form/field-spec.ts'
import type { RawValues } from '../form/form-model.ts'
import { linkTo, ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { deskActRoutes } from './desk-act-form.ts'
import { officerSafeHarbourModel } from './safe-harbour/presenter.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

export function safeHarbourRoutes(server: FastifyInstance, kit: SiteKit): void {
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerSafeHarbour,
    group: 'workspace',
    handler: async (turn) => turn.page('officer/safe-harbour', await officerSafeHarbourModel(turn)),
  })
  deskActRoutes(server, kit, {
    route: 'officerSafeHarbourAct',
    page: 'officer/safe-harbour-act',
    group: 'workspace',
    find: findSafeHarbourAct,
    startAt: (act, about): RawValues =>
      Object.hasOwn(act.input.properties, 'draftId') ? { draftId: about } : {},
    placeOf: async (turn, act, values) => ({
      hints: await hintsOf(turn, act, values),
      back: linkTo(turn.lang, 'officerSafeHarbour'),
    }),
  })
}

async function hintsOf(
  turn: OfficerTurn,
  { name, input }: SafeHarbourAct,
  { draftId }: RawValues,
): Promise<FormHints> {
  const { kernel } = turn.kit
  const [state, laws, { packs }] = await Promise.all([
    readSafeHarbours(kernel),
    lawsToCite(kernel),
    kernel.law.context(),
  ])
  const orders = [...new Set([kernel.node.legalOrder, ...packs.map((pack) => pack.legalOrder)])]
  const issued = latestStatements(state).map(({ document }) => document.legalOrder)
  const drafts = state.drafts.map(({ draftId: value, document, digest }) => ({
    value,
    digest,
    text: `${document.legalOrder}, ${document.version}: ${document.scope.slice(0, 80)}`,
  }))
  // What is issued is what stands in the list: the form of one draft carries its digest.
  const shown = drafts.filter(({ value }) => draftId === undefined || value === draftId)
  const all: Readonly<Record<string, readonly Choice[]>> = {
    legalOrder: (name === 'withdrawSafeHarbour' ? issued : orders)
      .sort()
      .map((value) => ({ value, text: value })),
    draftId: drafts.map(({ value, text }) => ({ value, text })),
    digest: shown.map(({ digest }) => ({ value: digest, text: digest })),
    laws: laws.map((law) => ({
      value: lawKey(law),
      text: `${law.text} (${law.citation}, ${law.article})`,
      lang: 'en',
    })),
    promises: wordsOf('promises', 'safePromise'),
    conditions: wordsOf('conditions', 'safeCondition'),
  }
  const fields = Object.keys(input.properties)
  const choices = Object.entries(all).filter(([field]) => fields.includes(field))
  return { choices: Object.fromEntries(choices), widgets: { confirmed: 'confirm' } }
}

function wordsOf(group: 'promises' | 'conditions', words: string): readonly Choice[] {
  return safeHarbourVocabulary[group]
    .filter(({ always }) => !always)
    .map(({ id }) => ({ value: id, key: `word.${words}.${id}` }))
}
