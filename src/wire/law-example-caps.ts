/**
 * Runs the worked examples of sanction tiers: a row of `law/*\/examples/*.md` against
 * what the packs compute. A row that cannot be read is an error with file and line.
 */
import type { Json } from '../base/canonical-json.ts'
import type { LawContext } from '../core/law/case-law.ts'
import { type ExampleRow, exampleError, factIn, itemsIn } from './law-examples.ts'
import { answerSanction, readSanctionAsk, type SanctionAnswer } from './sanction-question.ts'

/** @returns what is wrong, in words; `undefined` if the row holds */
export function capExampleFault(law: LawContext, row: ExampleRow): string | undefined {
  const { tier = '', maximum = '' } = row.cells
  const answer = answerSanction(law, readSanctionAsk(lineOf(row)))
  if ('tiers' in answer) throw exampleError(row.place, 'a row names a tier')
  const [expected, found] = [plain(maximum), shown(answer)]
  if (expected === found) return undefined
  // Without the turnover, or a fact that decides, there is the formula only.
  if (expected === 'formula' && answer.state === 'open') return undefined
  return `${row.place}: ${tier} is ${found}, the example says ${expected}`
}

const OWN = ['is', 'violations', 'days', 'benefit', 'on'] as const

function lineOf({ cells, place }: ExampleRow): { readonly [key: string]: Json } {
  const line: { [key: string]: Json } = { tier: cells['tier'] ?? '' }
  const turnover = plain(cells['turnover'] ?? '')
  if (turnover !== '-') {
    const [, amount, currency] = /^([\d.]+) ([A-Z]{3})$/.exec(turnover) ?? []
    if (amount === undefined || currency === undefined) {
      throw exampleError(place, 'the turnover is an amount with its currency, or -')
    }
    Object.assign(line, { turnover: amount, currency })
  }
  const is: string[] = []
  const facts: { [key: string]: Json } = {}
  for (const item of itemsIn(cells['circumstances'] ?? '')) {
    const [name = '', value = ''] = item.split('=', 2)
    if (name === 'is') is.push(value)
    else if ((OWN as readonly string[]).includes(name)) line[name] = value
    else {
      const [fact, read] = factIn(item, place)
      facts[fact] = read as Json
    }
  }
  return { ...line, is, facts }
}

function shown({ state, maximum, minimum, alternatives, currency }: SanctionAnswer): string {
  if (alternatives.length > 0) {
    return alternatives.map((each) => `${whole(each.maximum)} ${currency}`).join(' or ')
  }
  if (maximum === null) return state
  const low = minimum === null ? '' : `${whole(minimum)} to `
  return `${low}${whole(maximum)} ${currency}`
}

/** As the tables write amounts: without digits after the point that are all zero. */
function whole(text: string | null): string {
  return (text ?? '').replace(/\.0+$/, '')
}

function plain(cell: string): string {
  return cell.replaceAll(/\s+/g, ' ').trim()
}
