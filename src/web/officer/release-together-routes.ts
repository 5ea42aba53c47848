/**
 * One release of several cases. The form is shown first as what each case answers, and does
 * it only from there: on the versions of the cases that were looked at. Decides nothing.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { listCases } from '../../app/access.ts'
import type { CaseRow } from '../../app/ports/registers.ts'
import {
  type PreviewedCase,
  previewTogether,
  type ReleaseTogether,
  releaseCasesTogether,
  releaseTogetherForm,
} from '../../app/release-together.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import type { FormHints, FormSchema } from '../form/field-spec.ts'
import { formModel, type ShownForm } from '../form/form-model.ts'
import { readSoundForm } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { merged, oneOf, plain, someOf } from './act/hint-context.ts'
import { categories, purposes } from './act/hints-exchange.ts'
import { type Names, namesOf } from './case/names.ts'
import { caseRef } from './case/present-case.ts'
import type { CaseLink, ReleaseTogetherModel } from './release-together/model.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const ACT = 'releaseTogether'
const OFFERED_MAX = 200

export function releaseTogetherRoutes(server: FastifyInstance, kit: SiteKit): void {
  const url = ROUTES.officerReleaseTogether
  const group = 'workspace'
  officerRoute(server, kit, {
    method: 'GET',
    url,
    group,
    handler: async (turn) => formPage(turn, await deskOf(turn), { values: {}, errors: [] }),
  })
  officerRoute(server, kit, { method: 'POST', url, group, handler: sentForm })
}

/** What the page knows besides what was sent. */
type Desk = {
  readonly rows: readonly CaseRow[]
  readonly names: Names
  readonly hints: FormHints
}

async function deskOf({ kit, acting }: OfficerTurn): Promise<Desk> {
  const { kernel } = kit
  const [rows, names, agreements] = await Promise.all([
    listCases(kernel, acting),
    namesOf(kernel),
    kernel.registers.agreements(),
  ])
  const newest = [...rows].sort((a, b) => b.changedAt.localeCompare(a.changedAt))
  const cases = newest
    .slice(0, OFFERED_MAX)
    .map((row) =>
      plain(JSON.stringify({ caseId: row.id }), `${linkOf(row, names).ref} ${row.title}`),
    )
  const peers = kernel.peers.all().map(({ id, name }) => plain(id, name))
  const hints = merged(
    oneOf('recipient', peers),
    oneOf('purpose', purposes({ agreements })),
    someOf('categories', categories({ agreements })),
    someOf('cases', cases),
  )
  return { rows: newest, names, hints }
}

function linkOf({ id, title, openedAt }: CaseRow, { own }: Names): CaseLink {
  return { id, title, ref: caseRef(id, openedAt, own.id) }
}

function formPage(turn: OfficerTurn, desk: Desk, shown: ShownForm, status = 200): FastifyReply {
  const { rows, hints } = desk
  if (rows.length === 0) return turn.page('officer/release-together', {})
  const form = formModel(ACT, releaseTogetherForm as FormSchema, shown.values, shown.errors, {
    ...hints,
    action: linkTo(turn.lang, 'officerReleaseTogether'),
    hidden: { formToken: turn.signedIn.formToken },
  })
  const model: ReleaseTogetherModel = {
    form,
    ...(rows.length > OFFERED_MAX ? { offered: OFFERED_MAX } : {}),
    ...(shown.refusedNow ? { refused: shown.refusedNow } : {}),
  }
  return turn.page('officer/release-together', model, status)
}

async function sentForm(turn: OfficerTurn): Promise<FastifyReply> {
  const { kit, sent } = turn
  const desk = await deskOf(turn)
  const read = readSoundForm(releaseTogetherForm, sent, { ...desk.hints, zone: kit.site.zone })
  const isBack = sent['step'] === 'back'
  if (isBack || !read.isValid) {
    const errors = isBack || read.isValid ? [] : read.errors
    return formPage(turn, desk, { values: sent, errors }, errors.length > 0 ? 400 : 200)
  }
  const input = withVersions(read.input as ReleaseTogether, sent)
  const wasShown = input.cases.every(({ version }) => version !== undefined)
  return sent['step'] === 'release' && wasShown
    ? release(turn, desk, input)
    : answersPage(turn, desk, input)
}

const versionField = (caseId: string) => `version.${caseId}`

/** As the page said them that showed what each case answers. */
function withVersions(input: ReleaseTogether, sent: OfficerTurn['sent']): ReleaseTogether {
  const cases = input.cases.map(({ caseId }) => {
    const version = Number(sent[versionField(caseId)])
    return Number.isSafeInteger(version) && version > 0 ? { caseId, version } : { caseId }
  })
  return { ...input, cases }
}

async function answersPage(
  turn: OfficerTurn,
  desk: Desk,
  input: ReleaseTogether,
): Promise<FastifyReply> {
  const previewed = await previewTogether(turn.kit.kernel, input, turn.acting)
  const which = (is: PreviewedCase['outcome']) =>
    previewed.flatMap((one) =>
      one.outcome === is ? [{ ...caseOf(desk, one.caseId), because: one.because }] : [],
    )
  const answers = { goes: which('goes'), stays: which('stays') }
  const canGoOn = answers.stays.length === 0
  return turn.page('officer/release-together', {
    answers: { ...answers, ...shownOf(turn, desk, input, previewed), canGoOn },
  })
}

async function release(
  turn: OfficerTurn,
  desk: Desk,
  input: ReleaseTogether,
): Promise<FastifyReply> {
  const decision = await releaseCasesTogether(turn.kit.kernel, input, turn.acting)
  if (decision.decision === 'permit') {
    const peer = desk.names.authority(input.recipient).name
    const cases = decision.value.releases.map(({ caseId }) => caseOf(desk, caseId))
    return turn.page('officer/release-together', { done: { peer, cases } })
  }
  const { why, because, refused } = decision
  const stays = refused.map((one) => ({ ...caseOf(desk, one.caseId), because: one.because }))
  // A proof can be given in another window; then the same is sent again.
  const canGoOn = why === 'stepUpNeeded'
  const model = {
    refused: because,
    answers: { goes: [], stays, ...shownOf(turn, desk, input, input.cases), canGoOn },
  }
  return turn.page('officer/release-together', model, statusOfRefusal(why))
}

/** The form as it was sent, to be sent again, with the versions that were looked at. */
function shownOf(
  { sent }: OfficerTurn,
  { names }: Desk,
  { recipient, categories: asked }: ReleaseTogether,
  cases: readonly { readonly caseId: string; readonly version?: number }[],
) {
  const fields = ['formToken', ...Object.keys(releaseTogetherForm.properties)]
  const again = fields.flatMap((name) =>
    [sent[name] ?? []].flat().map((value) => ({ name, value: String(value) })),
  )
  const versions = cases.flatMap(({ caseId, version }) =>
    version === undefined ? [] : [{ name: versionField(caseId), value: String(version) }],
  )
  return {
    peer: names.authority(recipient).name,
    categories: asked,
    count: cases.length,
    sent: [...again, ...versions],
  }
}

/** Of a case that was chosen from the list. */
function caseOf({ rows, names }: Desk, caseId: string): CaseLink {
  const row = rows.find(({ id }) => id === caseId)
  return row ? linkOf(row, names) : { id: caseId, ref: caseId, title: '' }
}
