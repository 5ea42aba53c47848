/**
 * What each of some authorities would get of a case, and why not the rest. Reads what the
 * release would read and asks the decision that it would ask; writes nothing: no event, no
 * message, no entry of the log. No exhibit is opened for it: of one that would go it says
 * which, and how much of it is left out.
 *
 * The rights test is asked for with the release itself. Where nobody has answered it yet,
 * the preview takes it as passed, and says so.
 */
import type { Json } from '../base/canonical-json.ts'
import { type Decision, permit } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { AccessDecision } from '../core/access/decide-access.ts'
import type { AgreementPhase } from '../core/agreement/agreement.ts'
import type { ReleaseKind } from '../core/agreement/clause.ts'
import type { AgreementDocument } from '../core/agreement/document.ts'
import type { CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { Exhibit } from '../core/evidence/evidence.ts'
import type { PrepareRelease } from '../core/release/basis.ts'
import { FILE_CATEGORY, fileShown } from '../core/release/file-view.ts'
import {
  type PreviewedItem,
  type PreviewItem,
  previewRelease,
} from '../core/release/preview-release.ts'
import { askPolicy, type PolicyAnswers, type ReleaseQuestion } from '../core/release/request.ts'
import type { RightsState } from '../core/rights/rights.ts'
import { RIGHTS_QUESTIONS, type RightsTest } from '../core/rights/rights-test.ts'
import { askingAbout, decideOnCase } from './access.ts'
import { caseRecord } from './case-record.ts'
import { caseStream, foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import { groundOfRelease, releaseBasis } from './release-basis.ts'
import { decideRelease, prepareForRelease, type ReleaseDraft } from './release-to-peer.ts'

export type PreviewAsk = {
  /** Node ids; absent: every authority that an agreement or the case names. */
  readonly recipients?: readonly string[]
  readonly purpose: string
  readonly kind: ReleaseKind
}

export type ReleasePreview = {
  readonly recipient: string
  readonly agreement: {
    readonly id: string
    readonly version: number
    readonly title: string
    readonly phase: AgreementPhase
  } | null
  readonly items: readonly (PreviewedItem & {
    /** Where the item is an exhibit. */
    readonly exhibit:
      | (Pick<Exhibit, 'name' | 'parts' | 'origin'> & { readonly hidden: number })
      | null
  })[]
}

export type CasePreview = {
  readonly purpose: string
  readonly kind: ReleaseKind
  /** Every authority and purpose that may be asked about. */
  readonly recipients: readonly string[]
  readonly purposes: readonly string[]
  readonly previews: readonly ReleasePreview[]
}

/** Whoever may release may see beforehand what a release would do. */
const PREVIEW = { name: 'previewRelease', group: 'exchange' } as const
const DEFAULT_PURPOSE = 'investigation'
/** Category of exhibits that are lists of parts, in the agreements. */
const EXHIBITS = 'exhibitTranscript'

/** @throws ComityError `malformed` if there is no such case */
export async function previewReleases(
  kernel: Kernel,
  caseId: string,
  ask: Partial<PreviewAsk>,
  acting: Acting,
): Promise<Decision<CasePreview>> {
  const state = foldCaseStream((await caseStream(kernel, caseId)).history)
  const access = await mayPreview({ kernel, caseId, state, acting })
  if (access.decision === 'refuse') return access
  const known = await knownPlaces(kernel, state)
  const { purpose = known.purposes[0] ?? DEFAULT_PURPOSE, kind = 'case' } = ask
  const recipients = ask.recipients ?? known.recipients
  const sight = { kernel, caseId, state, acting: access.value.acting }
  const previews: ReleasePreview[] = []
  for (const recipient of recipients) {
    previews.push(await previewFor(sight, { recipient, purpose, kind }))
  }
  return permit({ purpose, kind, ...known, previews })
}

async function knownPlaces({ registers, node }: Kernel, state: CaseState) {
  const documents = (await registers.agreements()).map(({ document }) => document)
  const parties = documents.flatMap((document) => document.parties.map((party) => party.node))
  const others = [...parties, ...state.disclosure.participants.map(({ id }) => id)]
  const recipients = [...new Set(others)].filter((id) => id !== node.id).sort()
  const purposes = documents.flatMap((document) => document.purposes.map(({ id }) => id))
  return { recipients, purposes: [...new Set(purposes)] }
}

type Sight = {
  readonly kernel: Kernel
  readonly caseId: string
  readonly state: CaseState
  readonly acting: Acting
}

type Asked = { readonly recipient: string; readonly purpose: string; readonly kind: ReleaseKind }

async function previewFor(sight: Sight, asked: Asked): Promise<ReleasePreview> {
  const desk = await deskOf(sight, asked.recipient)
  const listed = desk.agreement.document?.categories.map(({ id }) => id) ?? []
  return desk.preview(previewItems(sight.state, listed, asked))
}

/**
 * A release as a form has it: all of it as one release, decided as the act would decide it,
 * and each of its categories alone.
 */
export async function previewFilledIn(
  sight: Sight,
  draft: ReleaseDraft,
): Promise<Decision<{ readonly release: ReleasePreview; readonly wholeRelease: PreviewedItem }>> {
  const access = await mayPreview(sight)
  if (access.decision === 'refuse') return access
  const { acting } = access.value
  const place = { ...sight, acting }
  const prepared = await prepareForRelease(place, draft)
  const desk = await deskOf(place, draft.recipient)
  const { command, test } = prepared
  const itemOf = (categories: readonly string[]) => ({ command: { ...command, categories }, test })
  const [whole] = desk.preview([itemOf(draft.categories)]).items
  invariant(whole, 'what is asked is answered')
  const decided = decideRelease(sight.state, acting, prepared)
  const release = desk.preview(draft.categories.map((id) => itemOf([id])))
  if (decided.decision === 'permit' || whole.outcome === 'stays') {
    return permit({ release, wholeRelease: whole })
  }
  // The test itself cannot be recorded as it is filled in.
  const { categories, exhibitId } = whole
  const because = { why: 'rightsTestMissing', because: decided.because } as const
  const remedies = ['rightsTest'] as const
  const wholeRelease = { categories, exhibitId, outcome: 'stays', ...because, remedies } as const
  return permit({ release, wholeRelease })
}

async function mayPreview({ kernel, caseId, state, acting }: Sight): Promise<AccessDecision> {
  return decideOnCase(state, PREVIEW, await askingAbout(kernel, caseId, acting))
}

/** What is read once for one recipient, however much is asked about. */
async function deskOf({ kernel, caseId, state, acting }: Sight, recipient: string) {
  const ground = await groundOfRelease({ kernel, caseId, state, acting }, recipient)
  const { gathered, document, conditions } = ground
  const { agreement } = gathered
  const basis = releaseBasis(state, gathered)
  const ask = (question: ReleaseQuestion): PolicyAnswers =>
    document ? askPolicy(document, question, kernel.policy.decide) : new Map()
  return {
    agreement,
    preview(items: readonly PreviewItem[]): ReleasePreview {
      const asked = items.map(({ command, test }) => ({
        command: { ...command, conditions },
        test,
      }))
      const previewed = previewRelease(basis, asked, acting, ask)
      const exhibits = new Map(state.evidence.exhibits.map((one) => [one.exhibitId, one]))
      return {
        recipient,
        agreement: document && { ...agreementNamed(document), phase: agreement.phase },
        items: previewed.map((item) => ({
          ...item,
          exhibit: exhibitShown(exhibits.get(item.exhibitId ?? '')),
        })),
      }
    },
  }
}

function agreementNamed({ id, version, title }: AgreementDocument) {
  return { id, version, title }
}

/** Each category that the case or the agreement names, then each exhibit that is still there. */
function previewItems(
  state: CaseState,
  listed: readonly string[],
  asked: Asked,
): readonly PreviewItem[] {
  const record = caseRecord(state)
  const { kind } = asked
  const names = [...new Set([...Object.keys(record), ...listed])].filter(
    (id) => id !== EXHIBITS && id !== FILE_CATEGORY,
  )
  const ofCase = kind === 'exhibit' ? [] : names.map((id) => ({ categories: [id], record }))
  const exhibits = kind === 'stub' ? [] : state.evidence.exhibits.filter((one) => !one.isDestroyed)
  const ofExhibits = exhibits.map((exhibit) => ({
    kind: 'exhibit' as const,
    ...shownOf(exhibit),
    exhibitId: exhibit.exhibitId,
    releaseId: reviewedRelease(state.rights, asked, exhibit.exhibitId),
  }))
  return [...ofCase, ...ofExhibits].map((item) => ({
    command: { ...ASSUMED, ...asked, ...item },
    test: ASSUMED_TEST,
  }))
}

function shownOf(exhibit: Exhibit) {
  const { file, parts, redactions } = exhibit
  const category = file ? FILE_CATEGORY : EXHIBITS
  const shown: Json = file ? fileShown(exhibit) : { parts, hidden: redactions.length }
  return { categories: [category], record: { [category]: shown } }
}

/** The release that a reviewer looked at, since an approval is for that very one. */
function reviewedRelease(
  { reviews }: RightsState,
  { recipient, purpose }: Pick<Asked, 'recipient' | 'purpose'>,
  exhibitId: string,
): string {
  const found = reviews.findLast(
    ({ subject, covers }) =>
      subject.kind === 'release' &&
      covers?.recipient === recipient &&
      covers.purpose === purpose &&
      covers.exhibitId === exhibitId,
  )
  return found?.subject.id ?? ASSUMED.releaseId
}

const ASSUMED = {
  releaseId: 'preview',
  rightsTestId: 'preview',
  legalBasis: 'named with the release',
  emergency: null,
  /** Of the compiled policies; it only stands in the event, and there is none. */
  policyDigest: '',
} as const satisfies Partial<PrepareRelease>

const ASSUMED_TEST = Object.fromEntries(
  RIGHTS_QUESTIONS.map((question) => [
    question,
    { answer: 'yes', reason: 'taken as answered; asked with the release' },
  ]),
) as unknown as RightsTest

function exhibitShown(exhibit: Exhibit | undefined) {
  if (!exhibit) return null
  const { name, parts, origin, redactions } = exhibit
  return { name, parts, origin, hidden: redactions.length }
}
