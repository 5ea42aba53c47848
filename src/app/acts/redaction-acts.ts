/** Acts that make redacted copies, and the second pair of eyes on them. */
import { Type } from '@sinclair/typebox'
import { toBase64, toHex } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { permit, type Refusal, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import { recordCustody, redactExhibit } from '../../core/evidence/decide-evidence.ts'
import { exhibitOf, type Redaction } from '../../core/evidence/evidence.ts'
import { REDACTION_GROUNDS } from '../../core/evidence/grounds.ts'
import { BOXES_MAX, transformDifference } from '../../core/evidence/page-transform.ts'
import { redactPages as decidePages } from '../../core/evidence/redact-pages.ts'
import { reviewRedaction as decideReview } from '../../core/evidence/review-redaction.ts'
import { hiddenParts, hiddenPlaces } from '../../proof/hidden-places.ts'
import { type RedactedRecord, rootFromRedactedRecord } from '../../proof/redacted-record.ts'
import { caseAct, type Sight } from '../act.ts'
import { type RefusedPages, WHY_NO_PAGES } from '../ports/pages.ts'
import { leftIn, makeCopy } from '../redaction/make-copy.ts'
import { pageSource } from '../redaction/page-source.ts'
import type { RedactionAsk } from '../redaction/place-asks.ts'
import { id, reason } from './fields.ts'

const ASKS_MAX = 2000
const why = {
  ground: Type.Union(REDACTION_GROUNDS.map((ground) => Type.Literal(ground))),
  reason: Type.String({ minLength: 1, maxLength: 500 }),
}
export const leftReason = Type.Optional(Type.String({ maxLength: 2000 }))

/** What every copy is made from, and for what. */
const whatOf = { exhibitId: id, purpose: reason }
/** How every act that makes a copy is asked. */
const makesCopy = {
  topic: 'evidence',
  group: 'handle',
  reads: ({ exhibitId }: { readonly exhibitId: string }) => exhibitId,
  when: hasExhibit,
} as const

/** A copy of a record without some parts, fields, items or words. */
export const redactRecord = caseAct({
  name: 'redactRecord',
  ...makesCopy,
  input: Type.Object({
    ...whatOf,
    redactions: Type.Array(
      Type.Object({
        part: Type.Integer({ minimum: 0 }),
        path: Type.Optional(
          Type.Array(Type.Union([Type.String({ maxLength: 200 }), Type.Integer({ minimum: 0 })]), {
            maxItems: 32,
          }),
        ),
        withName: Type.Optional(Type.Boolean()),
        words: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
        ...why,
      }),
      { minItems: 1, maxItems: ASKS_MAX },
    ),
    leftReason,
  }),
  before: async ({ kernel, caseId, state, input }) => {
    const { exhibitId, redactions, leftReason: left = '' } = input
    const source = exhibitOf(state.evidence, exhibitId)
    if (!source || source.isDestroyed || source.file) return undefined
    const copyId = kernel.random.uuidByTime()
    const asks = redactions as readonly RedactionAsk[]
    const place = { caseId, exhibitId: copyId }
    return { copyId, made: await makeCopy(kernel, { source, asks, leftReason: left, place }) }
  },
  decide: (state, input, acting, prepared) => {
    const { exhibitId, purpose, leftReason: left = '' } = input
    const source = exhibitOf(state.evidence, exhibitId)
    if (source?.file) return fileHasNoParts
    if (!source || !prepared) return unknownExhibit
    const { copyId, made } = prepared
    if ('notThere' in made) return placeMissing(made.notThere)
    const { record, leftovers, ...copy } = made
    const command = {
      ...{ ...copy, exhibitId: copyId, name: copyName(source.name), mediaType: source.mediaType },
      redactions: redactionsOf(record, input.redactions, source.redactions),
      ...{ derivedFrom: exhibitId, wantsReview: true as const, purpose },
      leftIn: leftIn({ leftovers }),
      leftReason: left,
    }
    return redactExhibit(state.evidence, command, acting)
  },
  finish: async ({ kernel }, prepared) => {
    if (prepared) await kernel.exhibits.settleFile(prepared.copyId)
    return { exhibitId: prepared?.copyId }
  },
  discard: async (kernel, made) => {
    if (made && !('notThere' in made.made)) await kernel.exhibits.dropFile(made.copyId)
  },
})

/** A copy in pictures of a document or a picture, with boxes painted over it. */
export const redactPages = caseAct({
  name: 'redactPages',
  ...makesCopy,
  input: Type.Object({
    ...whatOf,
    boxes: Type.Array(
      Type.Object({
        page: Type.Integer({ minimum: 1 }),
        x: Type.Integer({ minimum: 0 }),
        y: Type.Integer({ minimum: 0 }),
        width: Type.Integer({ minimum: 1 }),
        height: Type.Integer({ minimum: 1 }),
        ...why,
      }),
      { minItems: 1, maxItems: BOXES_MAX },
    ),
  }),
  before: async ({ kernel, caseId, state, input }) => {
    const source = await pageSource(kernel, state, input.exhibitId)
    if (!source) return undefined
    const painted = await kernel.pages.paint(source.bytes, input.boxes)
    if ('refused' in painted) return painted
    const { transform, pages } = painted
    const parts: Json[] = [
      transform,
      ...pages.map(({ png }, index) => {
        return { page: index + 1, mediaType: 'image/png', base64: toBase64(png) }
      }),
    ]
    const copyId = kernel.random.uuidByTime()
    const seal = await kernel.exhibits.seal({ caseId, exhibitId: copyId }, parts, 'flat')
    return { copyId, seal, transform, inputDigest: source.digest }
  },
  decide: (state, { exhibitId, purpose }, acting, prepared) => {
    const source = exhibitOf(state.evidence, exhibitId)
    if (!source || !prepared) return noPages
    if ('refused' in prepared) return undrawn(prepared)
    const { copyId, seal, transform, inputDigest } = prepared
    const command = {
      ...{ ...seal, exhibitId: copyId, name: copyName(source.name), mediaType: 'image/png' },
      ...{ derivedFrom: exhibitId, transform, inputDigest, purpose },
    }
    return decidePages(state.evidence, command, acting)
  },
  finish: async ({ kernel }, prepared) => {
    if (!prepared || 'refused' in prepared) return undefined
    await kernel.exhibits.settleFile(prepared.copyId)
    return { exhibitId: prepared.copyId }
  },
  discard: async (kernel, made) => {
    if (made && !('refused' in made)) await kernel.exhibits.dropFile(made.copyId)
  },
})

/** Somebody else makes the copy again from the original, and says whether it may leave. */
export const reviewRedaction = caseAct({
  name: 'reviewRedaction',
  topic: 'evidence',
  group: 'decideReview',
  reads: ({ exhibitId }) => exhibitId,
  input: Type.Object({
    exhibitId: id,
    outcome: Type.Union([Type.Literal('approved'), Type.Literal('returned')]),
    reason,
  }),
  when: ({ evidence }) =>
    evidence.exhibits.some(({ wantsReview, review }) => wantsReview && !review)
      ? permit(null)
      : refuse('nothingToReview', {
          rule: 'evidence:review',
          text: 'no redacted copy waits for a review',
        }),
  before: (sight) => isMadeAgain(sight, sight.input.exhibitId),
  decide: (state, input, acting, isSame) => {
    const { exhibitId } = input
    const reviewed = decideReview(state.evidence, { ...input, isSame }, acting)
    if (reviewed.decision === 'refuse') return reviewed
    const original = exhibitOf(
      state.evidence,
      exhibitOf(state.evidence, exhibitId)?.derivedFrom ?? '',
    )
    if (!original) return unknownExhibit
    const purpose = `review of the redacted copy ${exhibitId}`
    const { exhibitId: from, digest, file } = original
    const act = { exhibitId: from, act: file ? 'previewed' : 'opened', purpose, digest } as const
    const opened = recordCustody(state.evidence, act, acting)
    if (opened.decision === 'refuse') return opened
    return permit([...opened.value, ...reviewed.value])
  },
})

/** Whether the copy follows from its original, done once more from the original's bytes. */
export async function isMadeAgain(
  { kernel, state }: Pick<Sight<unknown>, 'kernel' | 'state'>,
  exhibitId: string,
): Promise<boolean> {
  const copy = exhibitOf(state.evidence, exhibitId)
  const original = exhibitOf(state.evidence, copy?.derivedFrom ?? '')
  if (!copy || !original || copy.isDestroyed || original.isDestroyed) return false
  if (copy.transform) {
    const source = await pageSource(kernel, state, original.exhibitId)
    const again = source && (await kernel.pages.paint(source.bytes, copy.transform.boxes))
    if (!again || 'refused' in again) return false
    return transformDifference(copy.transform, again.transform) === undefined
  }
  const [from, to] = await Promise.all([
    kernel.exhibits.open(original.exhibitId),
    kernel.exhibits.open(exhibitId),
  ])
  const roots = [from, to].map((it) => toHex(rootFromRedactedRecord(kernel.primitives, it)))
  return roots.every((root) => root === original.partsRoot)
}

export const copyName = (name: string) => `${name} (redacted)`

/** Of the copy as it is: what earlier copies hid keeps the reason it had. */
export function redactionsOf(
  record: RedactedRecord,
  asks: readonly (RedactionAsk | Redaction)[],
  earlier: readonly Redaction[],
): readonly Redaction[] {
  const whole = hiddenParts(record).map((part): Redaction => {
    const ask = asks.find((it) => it.part === part && !('path' in it && it.path))
    const before = earlier.find((it) => it.part === part && it.at === undefined)
    const said = before ?? ask
    const ground = said?.ground === undefined ? {} : { ground: said.ground }
    return { part, reason: said?.reason ?? '', ...ground }
  })
  return [...whole, ...hiddenPlaces(record)]
}

function hasExhibit({ evidence }: CaseState) {
  return evidence.exhibits.some(({ isDestroyed }) => !isDestroyed)
    ? permit(null)
    : refuse('noExhibit', { rule: 'evidence:exhibit', text: 'this case has no exhibit' })
}

const unknownExhibit = refuse('unknownExhibit', {
  rule: 'evidence:unknownExhibit',
  text: 'there is no such exhibit',
})

const fileHasNoParts = refuse('isFile', {
  rule: 'evidence:isFile',
  text: 'a file has no parts that could be left out; its pages can be redacted',
})

const noPages = refuse('notPages', { rule: 'evidence:notPages', text: WHY_NO_PAGES.notPages })

function placeMissing(index: number): Refusal<'placeMissing'> {
  const text = `redaction ${index + 1} fits nothing that the exhibit shows`
  return refuse('placeMissing', { rule: 'evidence:placeMissing', text })
}

function undrawn({ refused }: RefusedPages): Refusal {
  return refuse(refused, { rule: `evidence:${refused}`, text: WHY_NO_PAGES[refused] })
}
