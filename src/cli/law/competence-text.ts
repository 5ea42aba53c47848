/** The answer on competence as text, for people at a terminal. */
import type { CompetenceAnswer } from '../../core/law/case-competence.ts'
import type { RuledFinding } from '../../core/law/competence.ts'
import type { LeadFinding } from '../../core/law/lead.ts'
import { articleText, section, wrapped } from './text-lines.ts'

export function competenceText(answer: CompetenceAnswer): string {
  const { findings, lead, reach, coordination, openQuestions } = answer
  const of = (competent: RuledFinding['competent']) =>
    findings.filter((finding) => finding.competent === competent)
  const notLaw = of('no').filter(
    ({ because }) => because[0]?.rule !== undefined && because.length > 1,
  )
  const reached = reach.filter((each) => each.reached !== 'no')
  const lines = [
    ...section('Competent', of('yes').flatMap(findingLines)),
    ...section('Open: an answer decides', of('open').flatMap(findingLines)),
    ...section('Not competent', notLaw.flatMap(reasonLines)),
    ...section('Who leads', lead.flatMap(leadLines)),
    ...(coordination === null ? [] : [...wrapped('', coordination.because.text), '']),
    ...section(
      'Whom the regimes reach',
      reached.flatMap(({ instrument, entity, role, reached, article, evidence }) =>
        wrapped(
          `  ${reached.padEnd(5)}`,
          `${instrument}: ${entity} as ${role}, ${articleText({ article, evidence })}`,
        ),
      ),
    ),
    ...section(
      'Questions, the one that decides most first',
      openQuestions.flatMap(({ fact, text, decides }) =>
        wrapped('  ', `${fact}: ${text} (decides ${decides.length})`),
      ),
    ),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function findingLines({
  legalOrder,
  authority,
  authorityName,
  instrument,
  basis,
  openQuestions,
}: RuledFinding) {
  const questions = openQuestions.map(({ fact }) => fact).join(', ')
  const asks = questions === '' ? '' : ` Asks: ${questions}.`
  const head = `  ${legalOrder.padEnd(6)} `
  return [
    ...wrapped(head, `${authority}, ${authorityName}`),
    ...wrapped(' '.repeat(head.length), `${instrument}, ${articleText(basis)}.${asks}`),
  ]
}

function reasonLines({ legalOrder, authority, because }: RuledFinding): readonly string[] {
  const [law, facts] = because
  const why = facts?.rule === 'law:facts' ? facts.text : (law?.text ?? '')
  return wrapped(`  ${legalOrder.padEnd(6)} `, `${authority}: ${why}`)
}

function leadLines(lead: LeadFinding): readonly string[] {
  const { instrument, outcome, authority, place, claims, disputes, because, openQuestions } = lead
  const who =
    authority === null ? claims.join(', ') : `${authority}${place === null ? '' : ` of ${place}`}`
  const questions = [...new Set(openQuestions.map(({ fact }) => fact))].join(', ')
  const settled = disputes
    .map(({ clock, decidedBy }) => ` ${decidedBy ?? 'Somebody'} decides, by the clock ${clock}.`)
    .join('')
  const nobody =
    outcome === 'disputed' && disputes.length === 0 ? ' The packs name no procedure.' : ''
  const why = because.at(-1)?.text ?? ''
  const asks = questions === '' ? '' : ` Asks: ${questions}.`
  return wrapped('  ', `${instrument}: ${outcome}, ${who}. ${why}${settled}${nobody}${asks}`)
}
