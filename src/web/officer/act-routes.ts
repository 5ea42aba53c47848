/**
 * Every act on a case as a page: one form made from the act's own schema, one
 * answer. A permit leads back to the case; a refusal shows its reasons beside the
 * form, which may be changed and sent again. Decides nothing by itself.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ActDone, CaseAct } from '../../app/act.ts'
import { findCaseAct } from '../../app/acts.ts'
import { requireCaseId } from '../../app/case-stream.ts'
import { isPreviewed, previewAct } from '../../app/preview-act.ts'
import { type ReadCase, readCase } from '../../app/read-case.ts'
import { textOfPart } from '../../app/redaction/record-rows.ts'
import { relatedReports } from '../../app/related-reports.ts'
import { toBase64 } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import type { Decision } from '../../base/decision.ts'
import { invariant, malformed } from '../../base/errors.ts'
import { SIGNATURE_FILE_SIZE_MAX } from '../../core/attestation/attestation.ts'
import { letterBlocks } from '../../core/desk/letter-text.ts'
import type { RedactedPart } from '../../proof/redacted-record.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import type { FormSchema } from '../form/field-spec.ts'
import { formModel, type RawValues, type ShownForm } from '../form/form-model.ts'
import { type ReadForm, readForm, soundInput } from '../form/read-form.ts'
import type { PartRules, SentFile } from '../form/read-parts.ts'
import { acceptUploads } from '../form/read-upload.ts'
import { wantsOnlyProof } from '../parts.ts'
import { publicTextModel } from '../public/public-text.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import type { ActHints } from './act/hint-context.ts'
import { actHints } from './act/hints-of-act.ts'
import { readRedactions } from './act/redactions.ts'
import { namesOf } from './case/names.ts'
import { caseHead } from './case/present-case.ts'
import type { DoneModel } from './done/model.ts'
import { previewPart } from './release-preview/presenter.ts'
import { type OfficerTurn, officerRoute } from './session.ts'
import { presentShared } from './shared-case/presenter.ts'

/** A transcript travels as text in a form. */
const BODY_MAX = 4 * 1024 * 1024
/** The member of an act's input that a form sends as a file. */
const FILE = 'file'
const TEXT_MAX_BYTES = 8 * 1024

type ActParams = { readonly caseId: string; readonly act: string }

export async function actRoutes(server: FastifyInstance, kit: SiteKit): Promise<void> {
  const url = ROUTES.officerAct
  const uploads = await acceptUploads(server, ({ params }) => uploadRules(params as ActParams))
  officerRoute(server, kit, {
    method: 'GET',
    url,
    group: 'read',
    handler: async (turn, request) => {
      const place = await placeOf(turn, request.params as ActParams)
      const { about } = request.query as { readonly about?: string }
      const begun = about === undefined ? undefined : begunWith(place, about)
      const values = { ...place.hints.values, ...(begun ?? preselected(place, about)) }
      return actPage(turn, place, { values, errors: [] })
    },
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerActPreview,
    group: 'read',
    handler: (turn, request) => previewPage(turn, request.params as ActParams),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url,
    group: 'read',
    bodyLimit: BODY_MAX,
    handler: async (turn, request, reply) => {
      const place = await placeOf(turn, request.params as ActParams)
      const read = readAct(place, turn, uploads.of(request))
      if (!read.isValid)
        return actPage(turn, place, { values: turn.sent, errors: read.errors }, 400)
      const { act, caseId } = place
      const expectedVersion = versionSent(turn.sent)
      const { acting } = turn
      const call = { input: read.input, acting, ...(expectedVersion ? { expectedVersion } : {}) }
      const decision = await act.run(turn.kit.kernel, caseId, call)
      if (decision.decision === 'permit') return answerDone(turn, place, decision.value, reply)
      const again = await placeOf(turn, request.params as ActParams)
      const refused = { values: turn.sent, errors: [], refusedNow: decision.because }
      return actPage(turn, again, refused, statusOfRefusal(decision.why))
    },
  })
}

/** What the form would make, before anything is made. Sent again, the form does it. */
async function previewPage(turn: OfficerTurn, params: ActParams): Promise<FastifyReply> {
  const place = await placeOf(turn, params)
  const { act, caseId, read, head } = place
  const { sent, acting, kit } = turn
  const isBack = sent['preview'] === 'back'
  const form = readAct(place, turn, undefined)
  // A preview needs no fresh proof of who asks: it does nothing.
  const { available } = place
  const isOpen =
    isPreviewed(act.name) && (available.decision === 'permit' || wantsOnlyProof(available))
  if (!form.isValid || isBack || !isOpen) {
    const errors = form.isValid || isBack ? [] : form.errors
    return actPage(turn, place, { values: sent, errors }, errors.length > 0 ? 400 : 200)
  }
  const sight = { kernel: kit.kernel, caseId, state: read.state, input: form.input, acting }
  const preview = await previewAct(act.name, sight)
  if (preview.decision === 'refuse') {
    const refused = { values: sent, errors: [], refusedNow: preview.because }
    return actPage(turn, place, refused, statusOfRefusal(preview.why))
  }
  const { peers, node, primitives } = kit.kernel
  const nameOf = (id: string) => (id === node.id ? node.name : (peers.find(id)?.name ?? id))
  const { letter, hasPdf, view, release, wholeRelease, publicText } = preview.value
  const text = publicText && publicTextModel(publicText)
  const names = await namesOf(kit.kernel)
  const fields = ['formToken', 'version', ...Object.keys(act.input.properties)]
  return turn.page('officer/act-preview', {
    case: head,
    act: act.name,
    action: linkTo(turn.lang, 'officerAct', { caseId, act: act.name }),
    back: linkTo(turn.lang, 'officerActPreview', { caseId, act: act.name }),
    sent: fields.flatMap((name) =>
      [sent[name] ?? []].flat().map((value) => ({ name, value: String(value) })),
    ),
    ...(letter ? { letter: { blocks: letterBlocks(letter), hasPdf: hasPdf === true } } : {}),
    ...(text ? { publicText: { text, isDemonstration: node.profile !== 'production' } } : {}),
    ...(view ? { view: presentShared(view, { primitives, nameOf }) } : {}),
    ...(release && wholeRelease
      ? { release: { ...previewPart(release, names.authority), whole: wholeRelease } }
      : {}),
  })
}

type Place = {
  readonly act: CaseAct
  readonly caseId: string
  readonly read: ReadCase
  readonly head: ReturnType<typeof caseHead>
  readonly available: Decision<null>
  readonly hints: ActHints
}

async function placeOf({ kit, acting }: OfficerTurn, params: ActParams): Promise<Place> {
  const { kernel } = kit
  const { caseId } = params
  const act = findCaseAct(params.act)
  if (!act) throw malformed('there is no such act', { field: 'act', reason: 'unknown-act' })
  requireCaseId(caseId)
  const [read, names, agreements, law, officers] = await Promise.all([
    readCase(kernel, caseId, acting),
    namesOf(kernel),
    kernel.registers.agreements(),
    kernel.law.context(),
    kernel.people.officers(),
  ])
  const { node, vocabulary } = kernel
  const peers = kernel.peers.all()
  const { report } = read.state.triage
  const isCompared = act.name === 'judgeDuplicate' && report !== null
  const related = isCompared ? await relatedReports(kernel, { caseId, report, acting }) : []
  const known = { vocabulary, agreements, officers, law, related }
  const context = { read, node, peers, ...known, now: acting.now }
  return {
    act,
    caseId,
    read,
    head: caseHead(read, names),
    available: availableIn(read, act),
    hints: actHints(act, context),
  }
}

function availableIn({ acts }: ReadCase, { name }: CaseAct): Decision<null> {
  const found = acts.find((one) => one.name === name)
  invariant(found, 'a case that was read lists every act')
  return found.available
}

function actPage(turn: OfficerTurn, place: Place, shown: ShownForm, status = 200): FastifyReply {
  const { act, caseId, read, head, hints, available } = place
  const { refusedNow } = shown
  const form = formModel(act.name, act.input as FormSchema, shown.values, shown.errors, {
    ...hints,
    action: linkTo(turn.lang, 'officerAct', { caseId, act: act.name }),
    hidden: { formToken: turn.signedIn.formToken, version: String(read.state.version) },
    decision: available,
    ...(isPreviewed(act.name)
      ? { preview: linkTo(turn.lang, 'officerActPreview', { caseId, act: act.name }) }
      : {}),
  })
  const secondPerson = act.secondPerson(read.state)
  return turn.page(
    'officer/act',
    {
      case: head,
      form,
      ...startingPoints(turn, place),
      ...(secondPerson ? { secondPerson } : {}),
      ...(refusedNow ? { refusedNow } : {}),
    },
    status,
  )
}

/** Earlier things of the case that the form can begin with; nothing is taken over unread. */
function startingPoints({ lang }: OfficerTurn, { act, caseId, hints }: Place) {
  const ids = Object.keys(hints.startFrom ?? {})
  if (ids.length === 0) return {}
  const choices = Object.values(hints.choices ?? {}).flat()
  const place = linkTo(lang, 'officerAct', { caseId, act: act.name })
  const startFrom = ids.flatMap((id) => {
    const choice = choices.find(({ value }) => value === id)
    return choice && 'text' in choice ? [{ href: `${place}?about=${id}`, text: choice.text }] : []
  })
  return { startFrom }
}

/** An act that was opened from one thing of the case stands on that thing. */
function begunWith({ hints: { startFrom = {}, about: abouts = {} } }: Place, about: string) {
  if (Object.hasOwn(startFrom, about)) return startFrom[about]
  return Object.hasOwn(abouts, about) ? abouts[about] : undefined
}

function preselected({ hints }: Place, about: string | undefined): RawValues {
  const fields = Object.entries(hints.choices ?? {})
  const found = fields.find(([, choices]) => choices.some(({ value }) => value === about))
  return found && about !== undefined ? { [found[0]]: about } : {}
}

function versionSent({ version }: RawValues): number | undefined {
  return typeof version === 'string' && /^\d{1,9}$/.test(version) ? Number(version) : undefined
}

/** What the form of an act with a file may send; the others send none. */
function uploadRules({ act }: ActParams): PartRules | undefined {
  const names = Object.keys(findCaseAct(act)?.input.properties ?? {})
  if (!names.includes(FILE)) return undefined
  const texts = ['formToken', 'version', ...names.filter((name) => name !== FILE)]
  const file = { name: FILE, maxBytes: SIGNATURE_FILE_SIZE_MAX }
  return { texts, textMaxBytes: TEXT_MAX_BYTES, file }
}

function readAct(
  { act, hints }: Place,
  { sent, kit }: OfficerTurn,
  file: SentFile | undefined,
): ReadForm {
  const read = readForm(act.input as FormSchema, sent, { ...hints, zone: kit.site.zone })
  if (!read.isValid) return read
  const takesFile = hints.widgets?.[FILE] === 'file'
  if (takesFile && !file) return { isValid: false, errors: [{ field: FILE, reason: 'required' }] }
  const given = file ? { ...read.input, [FILE]: toBase64(file.content) } : read.input
  return soundInput(act.input, adjust(act.name, given))
}

/** Where a form asks in another way than the command wants it. */
function adjust(act: string, input: Readonly<Record<string, Json>>): ReadForm {
  if (act !== 'prepareAnswer') return { isValid: true, input }
  const read = readRedactions(String(input['redactions'] ?? ''))
  if (read.isValid) return { isValid: true, input: { ...input, redactions: read.redactions } }
  return { isValid: false, errors: [{ field: 'redactions', reason: read.reason }] }
}

/** What is shown once is the answer itself; everything else is seen in the case. */
function answerDone(
  turn: OfficerTurn,
  { act, caseId, head }: Place,
  { result, events }: ActDone,
  reply: FastifyReply,
): FastifyReply {
  if (events.includes('actProposed')) {
    return seeOther(reply, `${linkTo(turn.lang, 'officerAccess', { caseId })}#proposals`)
  }
  const { code, linkId, parts } = result as ShownOnce
  if (code !== undefined) {
    const link = linkId === undefined ? {} : { link: guestLink(turn, linkId) }
    return turn.page('officer/done', { case: head, act: act.name, code, ...link })
  }
  if (parts !== undefined) {
    return turn.page('officer/done', { case: head, act: act.name, parts: partsOf(parts) })
  }
  const place = linkTo(turn.lang, 'officerCase', { caseId })
  return seeOther(reply, `${place}?recorded=${act.name}`)
}

function guestLink({ kit, lang }: OfficerTurn, linkId: string): string {
  return kit.kernel.node.urls.officers + linkTo(lang, 'officerGuest', { linkId })
}

type ShownOnce = {
  readonly code?: string
  /** Of a guest, who is also told a code. */
  readonly linkId?: string
  /** Of an opened exhibit. */
  readonly parts?: readonly RedactedPart[]
}

function partsOf(parts: readonly RedactedPart[]): NonNullable<DoneModel['parts']> {
  return parts.map((_, part) => {
    const text = textOfPart({ parts }, part)
    return text === undefined ? { part } : { part, text }
  })
}
