/** An invented record in AVID's form in which every member that we know is present. */
import type { Json } from '../../src/base/canonical-json.ts'

const text = (value: string): Json => ({ lang: 'eng', value })

export const sampleRecord: Json = {
  data_type: 'AVID',
  data_version: '0.3.3',
  metadata: { report_id: 'AVID-2026-R9001', vuln_id: null },
  affects: {
    developer: ['Larkspur Dialogue Ltd (invented)'],
    deployer: [],
    artifacts: [{ type: 'System', name: 'Larkspur Companion' }],
  },
  problemtype: { classof: 'Third-party Report', type: 'Issue', description: text('a title') },
  metrics: [{ name: 'rate', detection_method: { type: 'Significance Test', name: 'z' }, value: 1 }],
  references: [{ type: 'source', label: 'a page', url: 'https://example.org/' }],
  description: text('a description'),
  reports: [{ report_id: 'AVID-2026-R9002', type: 'Issue', name: 'another' }],
  impact: {
    avid: { risk_domain: ['Ethics'], sep_view: ['E0100'], lifecycle_view: ['L05'] },
    atlas: [{ tactic: 'a', technique: 'b', description: 'c' }],
    cvss: { version: '3.1', baseScore: 7.5, baseSeverity: 'High' },
    cwe: [{ cweId: 'CWE-20', description: 'd', lang: 'eng' }],
    odin: { SocialImpactScore: '1', JailbreakTaxonomy: [{ Category: 'e', Strategy: 'f' }] },
  },
  credit: [text('a finder (invented)')],
  reported_date: '2026-11-20',
  unheard: { of: [1, null] },
}
