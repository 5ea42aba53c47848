/**
 * Contradictions between an agreement and the law packs of its parties, by the same data
 * paths that the release decision reads.
 *
 * It judges what may go from one authority to another. That a law closes the way from a
 * company straight to a foreign authority (e.g. GDPR 48) is noted: no agreement between
 * authorities opens it.
 */
import { utcDateOf } from '../../../base/time.ts'
import { type DataPath, dataPaths } from '../../law/data-paths.ts'
import { packsOn } from '../../law/pack-versions.ts'
import type { AgreementDocument, TransferInstrument } from '../document.ts'
import { error, type LintContext, type LintFinding, note, warning } from './finding.ts'
import { instrumentsFor, type Way, waysOf } from './ways.ts'

export function lintLaw(
  document: AgreementDocument,
  { packs, now }: LintContext,
): readonly LintFinding[] {
  const orders = [...new Set(document.parties.map(({ legalOrder }) => legalOrder))]
  const day = utcDateOf(now > document.validFromAt ? now : document.validFromAt)
  const own = packsOn(packs, day).filter(({ legalOrder }) => orders.includes(legalOrder))
  const unread = orders.filter((order) => !own.some(({ legalOrder }) => legalOrder === order))
  const paths = dataPaths(own, day)
  const leaving = waysOf(document).filter(
    ({ from, to, bar }) => bar?.by !== 'clause' && from.legalOrder !== to.legalOrder,
  )
  return [
    ...unread.map((order) =>
      note('noPack', 'parties', `The law of ${order} was not looked at: there is no pack of it.`),
    ),
    ...paths.flatMap((path) => pathFindings(document, path, leaving)),
    ...document.transferInstruments.flatMap((each) => instrumentFindings(document, each, orders)),
  ]
}

function pathFindings(
  document: AgreementDocument,
  path: DataPath,
  leaving: readonly Way[],
): readonly LintFinding[] {
  const ways = leaving.filter((way) => isOn(document, path, way))
  if (ways.length === 0) return []
  const { effect, direct, because, question } = path
  const sources = because.flatMap(({ source }) => (source === undefined ? [] : [source]))
  // A path names its blocks first, and then the rules that decided.
  const [block, deciding] = [sources[0], sources.at(-1)]
  if (effect === 'blocked') return ways.map((way) => blockFinding(path, way, block))
  const asked = question === null ? [] : [note('lawAsks', 'parties', question)]
  const what = `The law of ${path.from} keeps companies from giving ${path.data} data straight to an authority of ${path.to}; this agreement between authorities does not open that way.`
  const straight = direct === 'blocked' ? [note('lawBlocksDirect', 'parties', what, block)] : []
  const needs =
    effect === 'needs_instrument' ? instrumentMissing(document, path, ways, deciding) : []
  return [...needs, ...asked, ...straight]
}

function isOn(document: AgreementDocument, path: DataPath, { from, to, category }: Way): boolean {
  const listed = document.categories.find(({ id }) => id === category)
  const isOfKind = path.data === 'personal' ? listed?.personal : listed?.confidential
  return Boolean(isOfKind) && path.from === from.legalOrder && path.to === to.legalOrder
}

function blockFinding(
  { from, to, data, because }: DataPath,
  { clause, category }: Way,
  source: string | undefined,
): LintFinding {
  const rule = because[0]?.text ?? `The law of ${from} blocks it.`
  const text = `Clause ${clause.id} permits ${category} from ${from} to ${to}, which the law of ${from} blocks (${data} data): ${rule}`
  return error('lawBlocks', `clauses/${clause.id}`, text, source)
}

/** A guard that refuses without an instrument is no contradiction, only a way that is shut. */
function instrumentMissing(
  document: AgreementDocument,
  { from, to, data }: DataPath,
  ways: readonly Way[],
  source: string | undefined,
): readonly LintFinding[] {
  const bare = ways.filter(
    ({ category }) => instrumentsFor(document, from, to, category).length === 0,
  )
  if (bare.length === 0) return []
  const isGuarded = bare.every(({ bar }) => bar?.by === 'instrument')
  const ids = [...new Set(bare.map(({ category }) => category))].join(', ')
  const text = `The law of ${from} asks for a transfer instrument before ${data} data goes to ${to}, and the agreement lists none that serves ${ids}.`
  const say = isGuarded ? warning : error
  return [say('instrumentMissing', 'transferInstruments', text, source)]
}

function instrumentFindings(
  { sunsetAt, validFromAt }: AgreementDocument,
  { from, to, authorisedOn, validUntil, simulated }: TransferInstrument,
  orders: readonly string[],
): readonly LintFinding[] {
  const which = `The transfer instrument from ${from} to ${to}`
  const say = (code: string, text: string) => note(code, 'transferInstruments', `${which} ${text}`)
  const isIdle = !orders.includes(from) || !orders.includes(to)
  const [first, last] = [utcDateOf(validFromAt), utcDateOf(sunsetAt)]
  return [
    ...(isIdle ? [say('instrumentIdle', 'is between legal orders of no two parties.')] : []),
    ...(validUntil !== undefined && validUntil < last
      ? [say('instrumentEndsFirst', `ends on ${validUntil}, before the agreement does.`)]
      : []),
    ...(authorisedOn > first
      ? [say('instrumentStartsLater', `serves only from ${authorisedOn} on.`)]
      : []),
    ...(simulated
      ? [say('instrumentSimulated', 'is made up and transfers nothing lawfully.')]
      : []),
  ]
}
