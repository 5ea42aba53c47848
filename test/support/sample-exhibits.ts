/** What the page of an exhibit shows once somebody has looked. All of it is invented. */
import type { ExhibitModel, ShownFile } from '../../src/web/officer/exhibit/model.ts'
import { SAMPLE_PICTURE } from './sample-redact.ts'

const sheet = {
  ...{ mediaType: 'application/pdf', first: 11, last: 12, count: 612, end: 500 },
  ...{ purpose: 'to see what it is', before: 1, after: 13 },
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

export function exhibitVariants(model: ExhibitModel) {
  return Object.entries(looks).map(([name, shown]) => {
    return { page: 'officer/exhibit' as const, name, model: { ...model, shown } }
  })
}
