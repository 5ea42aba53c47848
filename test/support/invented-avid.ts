/** A record in AVID's form, plainly invented, about what is public already. */
export const inventedAvid = {
  data_type: 'AVID',
  data_version: '0.3.3',
  metadata: { report_id: 'AVID-2099-R9001' },
  affects: {
    developer: ['Thistledown Models (invented)'],
    deployer: ['Thistledown Models (invented)'],
    artifacts: [{ type: 'System', name: 'Thistledown Tutor (invented)' }],
  },
  problemtype: {
    classof: 'LLM Evaluation',
    type: 'Issue',
    description: { lang: 'eng', value: 'Invented tutor gives wrong doses for a medicine' },
  },
  references: [
    {
      type: 'source',
      label: 'An invented article',
      url: 'https://news.example/2099/thistledown-tutor',
    },
  ],
  description: {
    lang: 'eng',
    value:
      'Asked about a medicine for children, the invented system gives doses for adults. The article that is referred to has shown this in public.',
  },
  impact: {
    avid: {
      risk_domain: ['Ethics'],
      sep_view: ['E0100: Bias/Discrimination'],
      lifecycle_view: ['L05: Evaluation'],
      taxonomy_version: '0.2',
    },
  },
  credit: [{ lang: 'eng', value: 'Invented Person' }],
  reported_date: '2099-01-15',
} as const
