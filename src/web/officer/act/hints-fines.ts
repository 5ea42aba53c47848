/** Hints for fines: the maxima of the law, its factors, and the fines of others that are known. Pure. */
import type { FineBasis } from '../../../core/enforcement/enforcement.ts'
import { formulaOf } from '../../../core/law/cap-rule.ts'
import { moneyWords } from '../../../core/law/money.ts'
import type { Instrument } from '../../../core/law/pack.ts'
import type { KnownFine } from '../../../core/law/prior-fines.ts'
import { isModifier } from '../../../core/law/sanction-cap.ts'
import { localTimeOf } from '../../form/read-form.ts'
import { readable } from '../../words.ts'
import {
  dayOf,
  filled,
  type HintContext,
  type HintsOf,
  merged,
  nameOf,
  oneOf,
  plain,
  widget,
} from './hint-context.ts'

const recordNonCompliance: HintsOf = ({ read, node, now }) => {
  const orders = read.state.enforcement.measures.flatMap(({ measureId, rung, reason, takenAt }) =>
    takenAt === null ? [] : [plain(measureId, `${readable(rung)}, made ${dayOf(takenAt)}`, reason)],
  )
  return merged(oneOf('measureId', orders), filled({ sinceAt: localTimeOf(now, node.zone) }))
}

const recordOtherFine: HintsOf = (context) => {
  const { otherFines } = context.read.state.enforcement
  const known = otherFines.map((fine) => plain(fine.fineId, fineWords(context, fine)))
  const instruments = context.law.packs.flatMap((pack) => pack.instruments)
  return merged(
    oneOf('fineId', known, ''),
    known.length > 0 ? widget('fineId', 'select') : {},
    oneOf(
      'instrument',
      instruments.map(({ id, name }) => plain(id, name)),
    ),
    widget('instrument', 'select'),
  )
}

/** Each tier with its maximum in words; the factors of the laws that the case is under. */
const imposeFine: HintsOf = (context) => {
  const own = ownInstruments(context)
  const tiers = own.flatMap(({ sanctions }) => sanctions).filter((tier) => !isModifier(tier))
  const factors = factorsOf(context, own)
  const { otherFines } = context.read.state.enforcement
  return merged(
    oneOf(
      'tier',
      tiers.map((tier) => plain(tier.id, `${tier.id}: ${formulaOf(tier)}`, tier.for)),
      '',
    ),
    widget('tier', 'select'),
    {
      openRecords: ['factors'],
      records: { factors: Object.fromEntries(factors.map((code) => [code, []])) },
      labels: Object.fromEntries(factors.map((code) => [`factors.${code}`, readable(code)])),
    },
    otherFines.length === 0
      ? {}
      : filled({ otherFines: otherFines.map((fine) => fineWords(context, fine)).join('\n') }),
  )
}

/** What the second officer must see: the amount, its maximum, and what was found about others. */
export function fineText({ amountMinor, currency, limit, priorFines }: FineBasis): string {
  const amount = moneyWords({ minor: BigInt(amountMinor), currency })
  const most =
    limit === undefined
      ? 'no maximum of the law was named'
      : limit.maximumMinor === null
        ? `${limit.tier}: ${limit.formula}`
        : `at most ${moneyWords({ minor: BigInt(limit.maximumMinor), currency })} by ${limit.tier} (${readable(limit.standing)})`
  const others = (priorFines ?? []).map(({ because }) => because.text)
  return [`${amount}; ${most}.`, ...others].join(' ')
}

function ownInstruments({ law, node }: HintContext): readonly Instrument[] {
  return law.packs.find(({ legalOrder }) => legalOrder === node.legalOrder)?.instruments ?? []
}

/** Only of laws under which an authority was found competent: others would drown them. */
function factorsOf({ read }: HintContext, own: readonly Instrument[]): readonly string[] {
  const findings = read.state.law.competence?.findings ?? []
  const competent = new Set(
    findings.filter((each) => each.competent === 'yes').map(({ instrument }) => instrument),
  )
  const codes = own
    .filter(({ id }) => competent.has(id))
    .flatMap(({ fining }) => fining?.factors ?? [])
  return [...new Set(codes)]
}

function fineWords(context: HintContext, fine: KnownFine): string {
  const { authority, state, instrument, amountMinor, currency, sameInfringement, sameConduct } =
    fine
  const amount =
    amountMinor === null || currency === null
      ? []
      : [moneyWords({ minor: BigInt(amountMinor), currency })]
  const same = `same infringement: ${sameInfringement}, same conduct: ${sameConduct}`
  const parts = [readable(state), ...amount, ...(instrument === null ? [] : [instrument]), same]
  return `${nameOf(context, authority)}: ${parts.join(', ')}`
}

export const fineHints = { recordNonCompliance, recordOtherFine, imposeFine }
