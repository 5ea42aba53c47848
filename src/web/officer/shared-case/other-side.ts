/** The forms of the other side on the page of what was shared. Pure. */
import { OTHER_SIDE_FORMS, type OtherSideWord } from '../../../app/other-side.ts'
import type { SharedCase } from '../../../app/shared-cases.ts'
import type { FormHints, FormSchema } from '../../form/field-spec.ts'
import { formModel, type ShownForm } from '../../form/form-model.ts'
import type { SharedCaseModel } from './model.ts'

export type SayPlaces = {
  readonly say: (word: string) => string
  readonly exhibit: (exhibitId: string) => string
  readonly hidden?: Readonly<Record<string, string>>
}

const ACT_OF = {
  claim: 'fileClaim',
  challengeClaim: 'challengeClaim',
  offer: 'offerCommitment',
  appeal: 'fileAppeal',
} as const satisfies Record<OtherSideWord, string>

const TEXT: FormHints = { widgets: { text: 'textarea' } }

/** Undefined: there is nothing of the kind to speak about. */
export function otherSideHints(
  { otherSide, view }: SharedCase,
  word: OtherSideWord,
): FormHints | undefined {
  if (!otherSide) return undefined
  const exhibits = (view.exhibits ?? []).map(({ exhibitId, name }) => ({
    value: exhibitId,
    text: name,
  }))
  switch (word) {
    case 'claim':
      return {
        ...TEXT,
        choices: {
          exhibitIds: exhibits,
          categories: otherSide.categories.map((id) => ({ value: id, key: `word.category.${id}` })),
        },
        ...(exhibits.length === 0
          ? { widgets: { text: 'textarea', exhibitIds: 'checkboxes' } }
          : {}),
      }
    case 'challengeClaim': {
      const own = (view.claims ?? []).filter((one) => otherSide.challengeable.includes(one.claimId))
      if (own.length === 0) return undefined
      const choices = own.map(({ claimId, text }) => ({ value: claimId, text: text.slice(0, 80) }))
      return { ...TEXT, choices: { claimId: choices } }
    }
    case 'offer':
      return TEXT
    case 'appeal': {
      if (otherSide.appealable.length === 0) return undefined
      const choices = otherSide.appealable.map(({ kind, id, untilOn }) => ({
        value: `${kind}:${id}`,
        text: `${kind === 'measure' ? 'Measure' : 'Claim'} ${id.slice(-8)}, ${untilOn ? `until ${untilOn}` : 'period not known here'}`,
      }))
      return { ...TEXT, choices: { against: choices } }
    }
  }
}

export function presentOtherSide(
  shared: SharedCase,
  { say, exhibit, hidden }: SayPlaces,
  sent?: ShownForm & { readonly word: string },
): Pick<SharedCaseModel, 'otherSide' | 'exhibitForms'> {
  const words = Object.keys(OTHER_SIDE_FORMS) as OtherSideWord[]
  const forms = words.flatMap((word) => {
    const hints = otherSideHints(shared, word)
    if (!hints) return []
    const isOpen = sent?.word === word
    const shown = isOpen && sent ? sent : { values: {}, errors: [] }
    const schema = OTHER_SIDE_FORMS[word] as FormSchema
    const options = { ...hints, action: say(word), idPrefix: word, ...(hidden ? { hidden } : {}) }
    return [{ form: formModel(ACT_OF[word], schema, shown.values, shown.errors, options), isOpen }]
  })
  const exhibitForms = (shared.admission ? (shared.view.exhibits ?? []) : []).map(
    ({ exhibitId, name, file }) => {
      const idPrefix = `look-${exhibitId}`
      const options = { action: exhibit(exhibitId), idPrefix, ...(hidden ? { hidden } : {}) }
      const schema = file?.hasCopy ? LOOK_AT_ORIGINAL : LOOK
      return { name, form: formModel('readSharedExhibit', schema, {}, [], options) }
    },
  )
  return {
    ...(forms.length > 0
      ? { otherSide: { forms, ...(sent?.refusedNow ? { refusedNow: sent.refusedNow } : {}) } }
      : {}),
    ...(exhibitForms.length > 0 ? { exhibitForms } : {}),
  }
}

/** Every look has its purpose. */
export const LOOK: FormSchema = {
  type: 'object',
  required: ['purpose'],
  properties: { purpose: { type: 'string', minLength: 1, maxLength: 300 } },
}

/** Of a file that has a scrubbed copy. */
export const LOOK_AT_ORIGINAL: FormSchema = {
  type: 'object',
  required: ['purpose', 'whyOriginal'],
  properties: {
    ...LOOK.properties,
    whyOriginal: { type: 'string', minLength: 1, maxLength: 300 },
  },
}
