/** Search across cases, and what was found as a file. Whom a case is hidden from is decided in app. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import {
  casesAsFile,
  type SearchCases,
  searchCases,
  searchForm,
} from '../../app/desk/search-cases.ts'
import type { Found, FoundCase } from '../../app/ports/search.ts'
import type { FormHints, FormSchema } from '../form/field-spec.ts'
import { type FieldError, formModel, type RawValues } from '../form/form-model.ts'
import { readForm } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, sendFile } from '../site-kit.ts'
import { type Names, namesOf } from './case/names.ts'
import { caseRef } from './case/present-case.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const SHOWN_MAX = 200
const MEDIA = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const
const PHASES = ['triage', 'coordination', 'enforcement', 'published'] as const

export function searchRoutes(server: FastifyInstance, kit: SiteKit): void {
  const url = ROUTES.officerSearch
  const group = 'workspace'
  officerRoute(server, kit, {
    method: 'GET',
    url,
    group,
    handler: (turn) => searchPage(turn, { values: {}, errors: [] }),
  })
  officerRoute(server, kit, { method: 'POST', url, group, handler: found })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerSearchFile,
    group,
    handler: (turn, _request, reply) => file(turn, reply),
  })
}

type Shown = { readonly values: RawValues; readonly errors: readonly FieldError[] }

async function hintsOf({ kit }: OfficerTurn): Promise<FormHints> {
  const { kernel } = kit
  const agreements = await kernel.registers.agreements()
  return {
    choices: {
      phase: PHASES.map((value) => ({ value, key: `word.phase.${value}` })),
      peer: kernel.peers.all().map(({ id, name }) => ({ value: id, text: name })),
      agreement: agreements.map(({ document }) => ({ value: document.id, text: document.title })),
    },
    widgets: { phase: 'select', peer: 'select', agreement: 'select' },
  }
}

async function searchPage(turn: OfficerTurn, { values, errors }: Shown, result?: Found) {
  const hints = await hintsOf(turn)
  const form = formModel('searchCases', searchForm as FormSchema, values, errors, {
    ...hints,
    action: linkTo(turn.lang, 'officerSearch'),
    hidden: { formToken: turn.signedIn.formToken },
  })
  const names = await namesOf(turn.kit.kernel)
  const model = result ? { form, found: listed(turn, names, values, result) } : { form }
  return turn.page('officer/search', model, errors.length > 0 ? 400 : 200)
}

function listed({ kit, signedIn }: OfficerTurn, names: Names, values: RawValues, result: Found) {
  const asked = Object.keys(searchForm.properties).flatMap((name) => {
    const value = values[name]
    return typeof value === 'string' && value !== '' ? [{ name, value }] : []
  })
  return {
    total: result.cases.length,
    isCut: result.isCut,
    asked: [{ name: 'formToken', value: signedIn.formToken }, ...asked],
    cases: result.cases.slice(0, SHOWN_MAX).map((one) => ({
      id: one.id,
      ref: refOf(kit, one),
      title: one.title,
      phase: one.phase,
      lead: names.authority(one.lead),
      changedAt: one.changedAt,
      ...(one.nextDueAt ? { nextDueAt: one.nextDueAt } : {}),
    })),
  }
}

const refOf = ({ kernel }: SiteKit, { id, openedAt }: FoundCase) =>
  caseRef(id, openedAt, kernel.node.id)

async function asked(turn: OfficerTurn) {
  const hints = await hintsOf(turn)
  return readForm(searchForm as FormSchema, turn.sent, { ...hints, zone: turn.kit.site.zone })
}

async function found(turn: OfficerTurn): Promise<FastifyReply> {
  const read = await asked(turn)
  if (!read.isValid) return searchPage(turn, { values: turn.sent, errors: read.errors })
  const result = await searchCases(turn.kit.kernel, read.input as SearchCases, turn.acting)
  return searchPage(turn, { values: turn.sent, errors: [] }, result)
}

async function file(turn: OfficerTurn, reply: FastifyReply): Promise<FastifyReply> {
  const read = await asked(turn)
  if (!read.isValid) return searchPage(turn, { values: turn.sent, errors: read.errors })
  const { kit, sent, lang } = turn
  const format = sent['format'] === 'xlsx' ? 'xlsx' : 'csv'
  const [result, names] = await Promise.all([
    searchCases(kit.kernel, read.input as SearchCases, turn.acting),
    namesOf(kit.kernel),
  ])
  const { t } = kit.renderer.catalogues.messagesFor(lang, 'officers')
  const bytes = await casesAsFile(kit.kernel, result, format, {
    columns: COLUMNS.map((key) => t(key)),
    refOf: (one) => refOf(kit, one),
    leadOf: (one) => names.authority(one.lead).name,
  })
  return sendFile(reply, { name: `cases.${format}`, mediaType: MEDIA[format], bytes })
}

const COLUMNS = [
  'search.column.number',
  'search.column.title',
  'cases.phase',
  'case.priority',
  'case.lead',
  'case.opened',
  'cases.changed',
  'work.due',
  'search.column.embargo',
] as const
