/** What the page of an exhibit shows once somebody has looked. All of it is invented. */
import { SCRUBBED } from '../../src/core/evidence/scrub.ts'
import type { ExhibitModel, ShownFile } from '../../src/web/officer/exhibit/model.ts'
import type { SharedExhibitModel } from '../../src/web/officer/shared-exhibit/model.ts'
import { SAMPLE_PICTURE } from './sample-redact.ts'

const sheet = {
  ...{ mediaType: 'application/pdf', first: 11, last: 12, count: 612, end: 500 },
  ...{
    purpose: 'to see what it is',
    whyOriginal: '',
    turnAt: '/en/officer/cases/x/exhibits/y/preview',
    before: 1,
    after: 13,
  },
  pages: [
    { page: 11, href: SAMPLE_PICTURE },
    { page: 12, href: SAMPLE_PICTURE },
  ],
}

const looks: Readonly<Record<string, ShownFile>> = {
  pages: { detected: ['application/pdf'], isOther: false, isWhole: false, sheet },
  polyglot: {
    detected: ['application/pdf', 'image/jpeg', 'application/zip'],
    ...{ isOther: true, isWhole: false, undrawn: 'damaged' },
  },
  unknown: { detected: [], isOther: false, isWhole: true },
}

export function sharedExhibitVariants(model: SharedExhibitModel) {
  const page = 'officer/shared-exhibit' as const
  const { parts: _, ...plain } = model
  return Object.entries(looks).map(([name, shown]) => {
    const file = { mediaType: 'application/pdf', shown, formToken: 'sample-form-token' }
    return { page, name, model: { ...plain, file } }
  })
}

export function exhibitVariants(model: ExhibitModel) {
  const page = 'officer/exhibit' as const
  const id = '0190a1b2-0000-7000-8000-0000000000f2'
  const removed = SCRUBBED.map((what) => ({ what, sizeBytes: 4_711 }))
  const { shown: _, ...plain } = model
  return [
    ...Object.entries(looks).map(([name, shown]) => ({ page, name, model: { ...model, shown } })),
    {
      page,
      name: 'inspect',
      model: { ...plain, inspect: { isAllowed: true as const, action: '/x' } },
    },
    { page, name: 'copyFirst', model: { ...plain, scrubbed: { id, name: 'photo (scrubbed)' } } },
    { page, name: 'scrubbed', model: { ...plain, mayScrub: false, scrubOf: { id, removed } } },
  ]
}
