/** The seat of a party without a node on the page of what was shared. Pure. */
import type { SharedCase } from '../../../app/shared-cases.ts'
import { SEAT_FORMS } from '../../../app/speak-at-seat.ts'
import { SEAT_WORDS, type SeatWord } from '../../../core/disclosure/events.ts'
import { destination } from '../../../core/disclosure/machine.ts'
import { publicMachine, reportMachine, vendorMachine } from '../../../core/disclosure/machines.ts'
import { JUDGEMENTS } from '../../../core/disclosure/seat.ts'
import { acknowledgedAt, type SeatView } from '../../../core/disclosure/seat-view.ts'
import type { Choice, FormHints, FormSchema } from '../../form/field-spec.ts'
import { formModel, type ShownForm } from '../../form/form-model.ts'
import type { SeatModel, SharedCaseModel } from './model.ts'

/** Keys of the catalogue: `act.<…>`. */
export const SEAT_ACTS = {
  acknowledge: 'seatAcknowledge',
  judgeReport: 'seatJudge',
  answerEmbargo: 'seatAnswer',
  proposeTerms: 'seatPropose',
  stateProduct: 'seatProduct',
  reportProgress: 'seatProgress',
  claimFact: 'seatClaim',
  commentDraft: 'seatComment',
  leave: 'seatLeave',
} as const satisfies Record<SeatWord, string>

/** How a form is read: whatever its schema names, so that the machines say what is illegal. */
export const SEAT_HINTS: FormHints = { widgets: { text: 'textarea' } }

export type SeatPlaces = {
  readonly say: (word: string) => string
  readonly hidden?: Readonly<Record<string, string>>
  readonly nameOf: (authority: string) => string
}

export function presentSeat(
  { seat }: Pick<SharedCase, 'seat'>,
  places: SeatPlaces,
  sent?: ShownForm & { readonly word: string },
): Pick<SharedCaseModel, 'seat'> {
  if (!seat) return {}
  const { own, others, embargo, drafts, withheld, publicState } = seat
  const isHere = SEAT_WORDS.some((word) => word === sent?.word)
  const model: SeatModel = {
    own,
    acknowledgedAt: acknowledgedAt(seat),
    facts: [...publicState].filter((letter) => letter === letter.toUpperCase()),
    embargo: {
      state: embargo.state,
      ...(embargo.terms ? { terms: embargo.terms } : {}),
      proposals: embargo.proposals.map((terms) => ({
        ...terms,
        isAgreed: embargo.consentedTo.includes(terms.embargoId),
      })),
    },
    products: seat.products,
    claims: seat.claims.map(({ letter, at, decided }) => {
      return { letter, at, state: decided?.outcome ?? 'held' }
    }),
    drafts: drafts.map(({ trackingId, content }) => ({ trackingId, parts: partsOf(content) })),
    said: seat.said.map(({ word, at, text = '' }) => ({ act: SEAT_ACTS[word], at, text })),
    withheld,
    ...(others
      ? {
          others: {
            vendors: others.vendors,
            authorities: others.authorities.map(({ id, consent }) => {
              return { name: places.nameOf(id), consent }
            }),
          },
        }
      : {}),
    forms: SEAT_WORDS.map((word) => formOf(seat, word, places, sent)),
    ...(isHere && sent?.refusedNow ? { refusedNow: sent.refusedNow } : {}),
  }
  return { seat: model }
}

function formOf(
  seat: SeatView,
  word: SeatWord,
  { say, hidden }: SeatPlaces,
  sent: (ShownForm & { readonly word: string }) | undefined,
): SeatModel['forms'][number] {
  const isOpen = sent?.word === word
  const { values, errors } = isOpen && sent ? sent : { values: {}, errors: [] }
  const { decision, because } = seat.open[word]
  const form = formModel(
    SEAT_ACTS[word],
    SEAT_FORMS[word] as unknown as FormSchema,
    values,
    errors,
    {
      ...SEAT_HINTS,
      ...choicesOf(seat, word),
      ...{ action: say(word), idPrefix: word, decision: { decision, because } },
      ...(hidden ? { hidden } : {}),
    },
  )
  return { form, isOpen }
}

/** A step that no machine has is not offered. */
function choicesOf(seat: SeatView, word: SeatWord): Pick<FormHints, 'choices'> {
  const { own, embargo, publicState, drafts } = seat
  const worded = (field: string, values: readonly string[]): Pick<FormHints, 'choices'> => ({
    choices: {
      [field]: values.map((value) => ({
        value,
        key: `act.${SEAT_ACTS[word]}.${field}.${value}`,
      })),
    },
  })
  switch (word) {
    case 'judgeReport':
      return worded(
        'step',
        JUDGEMENTS.filter((step) => destination(reportMachine, own.reportState, step)),
      )
    case 'reportProgress':
      return worded(
        'letter',
        (['F', 'D'] as const).filter((one) => destination(vendorMachine, own.vendorState, one)),
      )
    case 'claimFact':
      return worded(
        'letter',
        (['P', 'X', 'A'] as const).filter((one) => destination(publicMachine, publicState, one)),
      )
    case 'answerEmbargo': {
      const isInForce = embargo.state === 'active' || embargo.state === 'revise'
      const inForce = isInForce && embargo.terms ? [embargo.terms] : []
      const choices: readonly Choice[] = [...embargo.proposals, ...inForce].map(
        ({ embargoId, until, zone }) => ({ value: embargoId, text: `${until} (${zone})` }),
      )
      return { choices: { embargoId: choices } }
    }
    case 'commentDraft': {
      const choices = drafts.map(({ trackingId, draftedAs, content }) => ({
        value: `${trackingId}@${draftedAs}`,
        text: content.title,
        lang: content.lang,
      }))
      return { choices: { draft: choices } }
    }
    default:
      return {}
  }
}

type Content = SeatView['drafts'][number]['content']

/** The words of a draft in their order; what is a code or empty is not read out. */
function partsOf(content: Content): SeatModel['drafts'][number]['parts'] {
  const { lang } = content
  const texts: readonly (readonly [string, string | null])[] =
    content.is === 'advisory'
      ? [
          ['title', content.title],
          ['product', content.product],
          ['versions', content.versionRange],
          ['summary', content.summary],
          ['remediation', content.remediation],
          ['forUsers', content.forUsers],
        ]
      : [
          ['title', content.title],
          ['product', content.product],
          ['whatHappens', content.whatHappens],
          ['whoIsConcerned', content.whoIsConcerned],
          ['whatToDo', content.whatToDo],
        ]
  return texts.flatMap(([part, text]) => (text ? [{ part, text, lang }] : []))
}
