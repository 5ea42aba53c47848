/**
 * The public figures of disclosure as a file for programs. The descriptions are part of what
 * is published: a figure means nothing without what it starts with, ends with and leaves out.
 */
import { type Static, Type } from '@sinclair/typebox'

export const FIGURES = {
  timeToAcknowledge:
    'From the day on which a report was filed at the portal to the day on which an officer opened it into a case, which acknowledges it. Counts every filing, also those that nobody has opened yet.',
  timeToTriage:
    'From the day of filing, or of admission where it was not filed at the portal, to the first word of the authority on whether the report is valid. Counts every admitted report.',
  timeToFix:
    'From the day on which the first vendor knew of it to the day on which the first fix was ready. Counts admitted reports of which a vendor knows.',
  timeToPublish:
    'From the day of filing, or of admission where it was not filed at the portal, to the first published advisory or safety notice. Counts every admitted report.',
  embargoes:
    'Admitted reports with an embargo that was agreed, by how it stands: inForce; expired (kept to the agreed end); fixReady, fixDeployed, agreed (ended early by those who agreed to it); attacksObserved; alreadyPublic, exploitPublic (broken: it became public before the agreed end, whoever made it public).',
  language: 'Admitted reports by the language in which they were written (BCP 47).',
  sector:
    'Admitted reports by the first sector that the reporter or an officer named, in the words of the lexicon; notStated where nobody named one.',
  form: 'Admitted reports by the kind of form; record for reports that came without one.',
  channel: 'Admitted reports by how they came: portal, or the format of a record.',
  priorities:
    'Admitted reports by what an officer did first with the priority that a decision table computed: accepted or overruled.',
} as const

const closed = (values: readonly string[]) => Type.Union(values.map((value) => Type.Literal(value)))

export const DisclosureFiguresForm = Type.Object(
  {
    v: Type.Literal(1),
    authority: Type.String(),
    before: Type.String({
      format: 'date',
      description: 'First day of a quarter, in UTC. Only what happened before it counts.',
    }),
    simulatedClock: Type.Boolean(),
    watermark: Type.Union([Type.String(), Type.Null()]),
    rows: Type.Array(
      Type.Object({
        figure: Type.Union(
          Object.entries(FIGURES).map(([name, description]) => Type.Literal(name, { description })),
        ),
        by: Type.Union(
          ['all', 'language', 'sector'].map((one) => Type.Literal(one)),
          {
            description: 'Whether the row is about all cases or those of one language or sector.',
          },
        ),
        key: Type.String({
          description:
            'Of a count: what is counted. Of the times: done, open (it has not happened yet) or ended (closed before it happened).',
        }),
        statistic: closed(['count', 'medianDays', 'p90Days']),
        value: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
          description:
            'Counts are rounded to multiples of five. Days are whole days by the estimate of Kaplan and Meier: open cases count as open until the reading, closed ones until they were closed.',
        }),
        why: Type.Union(
          [
            Type.Literal('withheld', {
              description:
                'A count from 1 to 4, or one that could reveal such a count; days with fewer than 10 finished cases, or 20 for the 90th percentile.',
            }),
            Type.Literal('notReached', {
              description: 'So many cases are open that the day cannot be said yet.',
            }),
            Type.Null(),
          ],
          { description: 'Why there is no value.' },
        ),
      }),
    ),
  },
  {
    description:
      'How disclosure goes at one authority. Read on the first day of each quarter, so that two readings do not tell of single cases.',
  },
)
export type DisclosureFiguresFile = Static<typeof DisclosureFiguresForm>

/** RFC 4180. No value of a row holds a comma or a quote: words of closed lists and codes. */
export function disclosureCsv({ rows }: Pick<DisclosureFiguresFile, 'rows'>): string {
  const head = ['figure', 'by', 'key', 'statistic', 'value', 'why']
  const lines = rows.map(({ figure, by, key, statistic, value, why }) => [
    ...[figure, by, key, statistic, value ?? '', why ?? ''],
  ])
  return [head, ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}
