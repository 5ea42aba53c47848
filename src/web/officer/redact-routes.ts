/**
 * Redacting an exhibit and comparing a copy with its original. Nothing of an exhibit is
 * shown before it was opened as an act of custody, in the step that shows it. Marks are
 * sent again to see the copy, and once more to make it.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ActDone, CaseAct } from '../../app/act.ts'
import { type OpenedToRedact, openToRedact } from '../../app/acts/open-to-redact.ts'
import { isMadeAgain, redactPages, redactRecord } from '../../app/acts/redaction-acts.ts'
import { requireCaseId } from '../../app/case-stream.ts'
import { type ReadCase, readCase } from '../../app/read-case.ts'
import { besideOf } from '../../app/redaction/make-copy.ts'
import { mayHoldPages, pageSource } from '../../app/redaction/page-source.ts'
import type { RedactionAsk } from '../../app/redaction/place-asks.ts'
import { rowsOf } from '../../app/redaction/record-rows.ts'
import { utf8 } from '../../base/bytes.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import type { Because, Decision } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { type Exhibit, exhibitOf } from '../../core/evidence/evidence.ts'
import { REDACTION_GROUNDS } from '../../core/evidence/grounds.ts'
import { BOXES_MAX, type PageBox } from '../../core/evidence/page-transform.ts'
import { scrubbedCopyOf } from '../../core/evidence/scrub.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import type { RawValues } from '../form/form-model.ts'
import { soundInput } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { caseHead } from './case/present-case.ts'
import type { RedactModel } from './redact/model.ts'
import { type PageShelf, pageShelf } from './redact/page-shelf.ts'
import {
  boxLines,
  linesOfBoxes,
  presentRows,
  readBoxes,
  readMarks,
  textIn,
} from './redact/presenter.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const BODY_MAX = 2 * 1024 * 1024

type Params = { readonly caseId: string; readonly exhibitId: string; readonly page: string }
type Shown = Partial<RedactModel>

export function redactRoutes(server: FastifyInstance, kit: SiteKit): void {
  const shelf = pageShelf()
  const url = ROUTES.officerRedact
  officerRoute(server, kit, {
    method: 'GET',
    url,
    group: 'read',
    handler: async (turn, request) => {
      const place = await placeOf(turn, request.params as Params)
      return shown(turn, place, { step: 'ask' })
    },
  })
  officerRoute(server, kit, {
    method: 'POST',
    url,
    group: 'read',
    bodyLimit: BODY_MAX,
    handler: async (turn, request, reply) => {
      const place = await placeOf(turn, request.params as Params)
      if (place.exhibit.redactedBy !== undefined) return comparePage(turn, place, shelf)
      if (textIn(turn.sent, 'step') === 'make') return make(turn, place, reply)
      return markPage(turn, place, shelf)
    },
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerRedactPage,
    group: 'read',
    handler: async (turn, request, reply) => {
      const { exhibitId, page } = request.params as Params
      const now = turn.kit.kernel.clocks.wireNow()
      const png = shelf.page(turn.acting.officer, exhibitId, Number(page), now)
      if (!png) throw malformed('there is nothing here', { reason: 'not-found' })
      return reply.header('cache-control', 'no-store').type('image/png').send(Buffer.from(png))
    },
  })
}

type Place = {
  readonly caseId: string
  readonly read: ReadCase
  readonly exhibit: Exhibit
  readonly head: RedactModel['case']
}

async function placeOf({ kit, acting }: OfficerTurn, params: Params): Promise<Place> {
  const caseId = requireCaseId(params.caseId)
  const [read, names] = await Promise.all([
    readCase(kit.kernel, caseId, acting),
    namesOf(kit.kernel),
  ])
  const exhibit = exhibitOf(read.state.evidence, params.exhibitId)
  if (!exhibit || exhibit.isDestroyed) {
    throw malformed('there is no such exhibit', { reason: 'not-found' })
  }
  return { caseId, read, exhibit, head: caseHead(read, names) }
}

/** Marking, and the copy as it would be. Both show the original, so both open it. */
async function markPage(turn: OfficerTurn, place: Place, shelf: PageShelf) {
  const opened = await open(turn, place.caseId, place.exhibit.exhibitId)
  if ('refused' in opened) return refusedPage(turn, place, { step: 'ask' }, opened)
  const { result } = opened
  const isPreview = textIn(turn.sent, 'step') === 'preview'
  if ('undrawn' in result) {
    const because = [{ rule: 'evidence:notPages', text: result.undrawn }]
    return shown(turn, place, { step: 'ask', refusedNow: because }, 409)
  }
  if ('pages' in result) return markPages(turn, place, shelf, result.pages)
  const all = rowsOf(result.record)
  const rows = presentRows(all)
  if (!isPreview) return shown(turn, place, { step: 'mark', rows })
  const { asks, faults } = readMarks(turn.sent, all)
  if (faults.length > 0) return shown(turn, place, { step: 'mark', rows, faults }, 400)
  return previewPage(turn, place, rows, asks)
}

async function previewPage(
  turn: OfficerTurn,
  place: Place,
  rows: RedactModel['rows'],
  asks: readonly RedactionAsk[],
) {
  const { exhibits } = turn.kit.kernel
  const { exhibitId, name } = place.exhibit
  const made = await exhibits.redact(exhibitId, { asks, beside: besideOf(name) }, null)
  if ('notThere' in made) {
    return shown(turn, place, { step: 'mark', rows, faults: ['wordsNotThere'] }, 400)
  }
  return shown(turn, place, {
    step: 'preview',
    rows,
    copy: presentRows(rowsOf(made.record)),
    marks: JSON.stringify(asks),
    leftovers: made.leftovers,
  })
}

/** The preview is painted as the copy will be, and nothing of it is kept. */
async function markPages(
  turn: OfficerTurn,
  place: Place,
  shelf: PageShelf,
  drawn: readonly { readonly png: Uint8Array }[],
) {
  const { sent, kit } = turn
  const { exhibitId } = place.exhibit
  const marking = (lines: RawValues, faults: readonly string[] = []) => {
    const pages = shelve(turn, place.caseId, shelf, exhibitId, drawn)
    const model = { step: 'mark', pages, boxLines: boxLines(lines), faults } as const
    return shown(turn, place, model, faults.length > 0 ? 400 : 200)
  }
  if (textIn(sent, 'step') === 'change') return marking(linesOfBoxes(sentBoxes(sent)))
  if (textIn(sent, 'step') !== 'preview' || textIn(sent, 'more') !== '') return marking(sent)
  const { boxes, faults } = readBoxes(sent)
  if (faults.length > 0) return marking(sent, faults)
  const source = await pageSource(kit.kernel, place.read.state, exhibitId)
  const painted = source && (await kit.kernel.pages.paint(source.bytes, boxes))
  if (!painted || 'refused' in painted) return marking(sent, ['boxOutside'])
  const pages = shelve(turn, place.caseId, shelf, exhibitId, painted.pages)
  return shown(turn, place, { step: 'preview', pages, marks: JSON.stringify(boxes) })
}

/** What the preview sent back; lines that are none are left out. */
function sentBoxes(sent: RawValues): readonly PageBox[] {
  const marks = parseJson(utf8(textIn(sent, 'marks') || '[]'), 'marks')
  const sound = soundInput(redactPages.input, { isValid: true, input: { ...NO_ONE, boxes: marks } })
  return sound.isValid ? (sound.input['boxes'] as unknown as readonly PageBox[]) : []
}

const NO_ONE = { exhibitId: '00000000-0000-7000-8000-000000000000', purpose: 'x' }

async function make(turn: OfficerTurn, place: Place, reply: FastifyReply) {
  const { caseId, exhibit } = place
  const isPages = mayHoldPages(exhibit)
  const act: CaseAct = isPages ? redactPages : redactRecord
  const marks = parseJson(utf8(textIn(turn.sent, 'marks') || '[]'), 'marks')
  const left = textIn(turn.sent, 'leftReason')
  const given: Record<string, Json> = {
    exhibitId: exhibit.exhibitId,
    purpose: textIn(turn.sent, 'purpose'),
    ...(isPages ? { boxes: marks } : { redactions: marks, leftReason: left }),
  }
  const input = soundInput(act.input, { isValid: true, input: given })
  if (!input.isValid) return shown(turn, place, { step: 'ask', faults: ['nothingMarked'] }, 400)
  const decision = await act.run(turn.kit.kernel, caseId, {
    input: input.input,
    acting: turn.acting,
  })
  if (decision.decision === 'refuse') {
    return refusedPage(turn, place, { step: 'ask' }, { refused: decision })
  }
  return seeOther(reply, `${linkTo(turn.lang, 'officerCase', { caseId })}?recorded=${act.name}`)
}

/** The copy and its original, both opened on record, and the copy made once more. */
async function comparePage(turn: OfficerTurn, place: Place, shelf: PageShelf) {
  const { caseId, exhibit, read } = place
  const ids = [exhibit.derivedFrom ?? '', exhibit.exhibitId]
  const both: OpenedToRedact[] = []
  for (const id of ids) {
    const opened = await open(turn, caseId, id)
    if ('refused' in opened) return refusedPage(turn, place, { step: 'ask' }, opened)
    both.push(opened.result)
  }
  const [original, copy] = both.map((one, index) => ({
    rows: 'record' in one ? presentRows(rowsOf(one.record)) : [],
    pages: 'pages' in one ? shelve(turn, caseId, shelf, ids[index] ?? '', one.pages) : [],
  }))
  const isSame = await isMadeAgain(
    { kernel: turn.kit.kernel, state: read.state },
    exhibit.exhibitId,
  )
  return shown(turn, place, {
    step: 'compare',
    rows: original?.rows ?? [],
    pages: original?.pages ?? [],
    copy: copy?.rows ?? [],
    copyPages: copy?.pages ?? [],
    isSame,
  })
}

type Opened =
  | { readonly result: OpenedToRedact }
  | { readonly refused: Exclude<Decision<ActDone>, { decision: 'permit' }> }

async function open(
  { kit, sent, acting }: OfficerTurn,
  caseId: string,
  exhibitId: string,
): Promise<Opened> {
  const why = textIn(sent, 'whyOriginal')
  const input = { exhibitId, purpose: textIn(sent, 'purpose'), whyOriginal: why }
  const sound = soundInput(openToRedact.input, { isValid: true, input })
  if (!sound.isValid)
    return { refused: { decision: 'refuse', why: 'purposeMissing', because: [purposeMissing] } }
  const decision = await openToRedact.run(kit.kernel, caseId, { input: sound.input, acting })
  if (decision.decision === 'refuse') return { refused: decision }
  return { result: decision.value.result as OpenedToRedact }
}

const purposeMissing: Because = {
  rule: 'evidence:purposeMissing',
  text: 'an act of custody has a purpose',
}

function shelve(
  { lang, acting, kit }: OfficerTurn,
  caseId: string,
  shelf: PageShelf,
  exhibitId: string,
  pages: readonly { readonly png: Uint8Array }[],
) {
  const pngs = pages.map(({ png }) => png)
  shelf.put(acting.officer, exhibitId, { pages: pngs }, kit.kernel.clocks.wireNow())
  return pngs.map((_, index) => {
    const page = index + 1
    return {
      page,
      href: linkTo(lang, 'officerRedactPage', { caseId, exhibitId, page: String(page) }),
    }
  })
}

function refusedPage(
  turn: OfficerTurn,
  place: Place,
  model: Shown,
  { refused }: Exclude<Opened, { result: OpenedToRedact }>,
) {
  return shown(turn, place, { ...model, refusedNow: refused.because }, statusOfRefusal(refused.why))
}

function shown(
  turn: OfficerTurn,
  { caseId, exhibit, head, read }: Place,
  model: Shown,
  status = 200,
) {
  const { lang, sent, signedIn } = turn
  const { exhibitId, name, redactedBy } = exhibit
  const originalId = redactedBy === undefined ? exhibitId : (exhibit.derivedFrom ?? '')
  return turn.page(
    'officer/redact',
    {
      case: head,
      exhibit: { id: exhibitId, name },
      mode: redactedBy === undefined ? 'redact' : 'compare',
      step: 'ask',
      action: linkTo(lang, 'officerRedact', { caseId, exhibitId }),
      formToken: signedIn.formToken,
      purpose: textIn(sent, 'purpose'),
      hasScrubbedCopy: scrubbedCopyOf(read.state.evidence, originalId) !== undefined,
      whyOriginal: textIn(sent, 'whyOriginal'),
      grounds: REDACTION_GROUNDS,
      faults: [],
      rows: [],
      copy: [],
      pages: [],
      copyPages: [],
      boxLines: [],
      boxesMax: BOXES_MAX,
      marks: '',
      leftovers: [],
      isSame: false,
      reviewHref: `${linkTo(lang, 'officerAct', { caseId, act: 'reviewRedaction' })}?about=${exhibitId}`,
      ...model,
    },
    status,
  )
}
