/** Advisories, invented, in every form that we write, for the tests of CSAF. */
import { instant } from '../../src/base/time.ts'
import type { CsafAdvisory, CsafProduct, CsafShape } from '../../src/wire/csaf-advisory.ts'

const product: CsafProduct = {
  vendor: 'Larkspur Dialogue Ltd (invented)',
  name: 'Larkspur Companion',
  versionRange: null,
  standing: 'known_affected',
  action: 'Switch the health mode off.',
  remedy: 'mitigation',
  flag: null,
}

export const sampleAdvisory: CsafAdvisory = {
  trackingId: 'MERIDIA-2026-0001',
  title: 'Advice against prescribed medicine',
  lang: 'en',
  publisher: {
    name: 'Meridia AI Safety Authority (fictional)',
    namespace: 'https://meridia.example',
  },
  status: 'final',
  revisions: [
    { number: '1', date: instant('2026-11-22T09:00:00.000Z'), summary: 'First version.' },
  ],
  notes: [{ category: 'summary', title: 'Summary', text: 'It tells people to stop.' }],
  severity: null,
  products: [product],
  cve: null,
  ids: [{ system: 'AVID', text: 'AVID-2026-R9001' }],
  references: [{ summary: 'Product page', url: 'https://larkspur.example/a?b=c#d' }],
  acknowledgements: [{ names: ['A. Tester'] }],
  withdrawn: null,
  sharing: null,
  disclosureAt: null,
  involvements: [],
}

const twoRevisions = [
  ...sampleAdvisory.revisions,
  { number: '2', date: instant('2026-11-24T09:00:00.000Z'), summary: 'A fix is there.' },
]

const manyProducts: readonly CsafProduct[] = [
  { ...product, versionRange: 'vers:generic/<2' },
  { ...product, vendor: 'Deploy Example (invented)', name: 'Helper', standing: 'fixed' },
  { ...product, versionRange: 'before 4.2', remedy: 'none_available', action: 'A fix comes.' },
  { ...product, name: 'Larkspur Lite', standing: 'under_investigation', action: null },
  {
    ...product,
    name: 'Larkspur Voice',
    standing: 'known_not_affected',
    action: 'It has no health mode.',
    flag: 'component_not_present',
  },
]

const report: CsafAdvisory = {
  ...sampleAdvisory,
  trackingId: '6f1c0f0e-3f6b-4c39-9a58-7f5e0a7f6f10-MERIDIA-2026-0001',
  status: 'interim',
  acknowledgements: [],
  sharing: {
    groupId: '6f1c0f0e-3f6b-4c39-9a58-7f5e0a7f6f10',
    recipient: 'Larkspur Dialogue Ltd (invented)',
    tlp: 'AMBER',
  },
  disclosureAt: instant('2027-01-04T09:00:00.000Z'),
  involvements: [
    { party: 'coordinator', status: 'in_progress', date: instant('2026-11-22T09:00:00.000Z') },
    { party: 'vendor', status: 'open', date: instant('2026-11-22T09:00:00.000Z') },
  ],
}

const withdrawn: CsafAdvisory = {
  ...sampleAdvisory,
  revisions: twoRevisions,
  products: [],
  cve: null,
  ids: [],
  acknowledgements: [],
  withdrawn: 'The finding could not be repeated.',
}

export type Sample = {
  readonly name: string
  readonly advisory: CsafAdvisory
  readonly shape: CsafShape
}

const PUBLIC: readonly (readonly [string, CsafAdvisory])[] = [
  ['of one product', sampleAdvisory],
  ['with a CVE id', { ...sampleAdvisory, cve: 'CVE-2026-12345' }],
  ['of many products', { ...sampleAdvisory, products: manyProducts, severity: 'high' }],
  ['with two versions', { ...sampleAdvisory, revisions: twoRevisions }],
  ['with little else', { ...sampleAdvisory, references: [], acknowledgements: [] }],
]

export const csafSamples: readonly Sample[] = [
  ...(['2.0', '2.1'] as const).flatMap(
    (version) =>
      [
        ...(['securityAdvisory', 'vex'] as const).flatMap((form) =>
          PUBLIC.map(([name, advisory]) => ({
            name: `${form} ${version} ${name}`,
            advisory,
            shape: { version, form },
          })),
        ),
        {
          name: `withdrawn ${version}`,
          advisory: withdrawn,
          shape: { version, form: 'withdrawn' },
        },
      ] as const,
  ),
  {
    name: 'deprecated form',
    advisory: {
      ...sampleAdvisory,
      products: [{ ...product, standing: 'under_investigation' }],
    },
    shape: { version: '2.1', form: 'deprecatedSecurityAdvisory' },
  },
  { name: 'report', advisory: report, shape: { version: '2.1', form: 'vulnerabilityReport' } },
  {
    name: 'report of many products',
    advisory: { ...report, products: manyProducts },
    shape: { version: '2.1', form: 'vulnerabilityReport' },
  },
]
