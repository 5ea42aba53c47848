/**
 * A case → its CSAF document, or the rules by which there is none: nothing of a case
 * without a publication, under an embargo, or not cleared for everybody becomes a public
 * document; a private report is for a recipient who is bound by the embargo in force.
 */

import type { Json } from '../base/canonical-json.ts'
import { type Because, type Decision, permit, refuse } from '../base/decision.ts'
import type { CsafAdvisory, CsafShape } from './csaf-advisory.ts'
import { fitsForm } from './csaf-rules.ts'
import { writeCsaf } from './csaf-writer.ts'

export type CsafCase = {
  readonly advisory: CsafAdvisory
  readonly isPublished: boolean
  readonly isUnderEmbargo: boolean
  readonly tlp: 'CLEAR' | 'GREEN' | 'AMBER' | 'AMBER+STRICT' | 'RED'
  /** Of a private report: it consented to the embargo in force. */
  readonly isRecipientBound: boolean
}

export type WhyNoCsaf =
  | 'notPublished'
  | 'underEmbargo'
  | 'contentMayNotLeave'
  | 'recipientNotBound'
  | 'notOfThisForm'

const published: Because = {
  rule: 'csaf:published',
  text: 'only what the case has published becomes a public document',
}
/** Of whatever is made for the public. */
export const embargoFirst: Because = {
  rule: 'disclosure:embargoFirst',
  text: 'an embargo is in force; it ends before anything is published',
}
const clearOnly: Because = {
  rule: 'csaf:clearOnly',
  text: 'a public document holds what is TLP:CLEAR, and nothing else',
}
const notRed: Because = {
  rule: 'csaf:notRed',
  text: 'what is TLP:RED stays with those who were there and is in no document',
}
const bound: Because = {
  rule: 'disclosure:recipientBound',
  text: 'while an embargo is in force a report goes only to who consented to it',
}

export function csafOfCase(one: CsafCase, shape: CsafShape): Decision<Json, WhyNoCsaf> {
  const bar = shape.form === 'vulnerabilityReport' ? barOfReport(one) : barOfPublic(one)
  if (bar) return bar
  const fits = fitsForm(one.advisory, shape)
  if (fits.decision === 'refuse') return fits
  return permit(writeCsaf(one.advisory, shape), {
    rule: `csaf:${shape.version}`,
    text: `the case fits the form ${shape.form} of CSAF ${shape.version}`,
  })
}

export function barOfPublic({
  isPublished,
  isUnderEmbargo,
  tlp,
}: Pick<CsafCase, 'isPublished' | 'isUnderEmbargo' | 'tlp'>) {
  if (isUnderEmbargo) return refuse<WhyNoCsaf>('underEmbargo', embargoFirst)
  if (!isPublished) return refuse<WhyNoCsaf>('notPublished', published)
  return tlp === 'CLEAR' ? undefined : refuse<WhyNoCsaf>('contentMayNotLeave', clearOnly)
}

export function barOfReport({
  isUnderEmbargo,
  isRecipientBound,
  tlp,
}: Pick<CsafCase, 'isUnderEmbargo' | 'isRecipientBound' | 'tlp'>) {
  if (tlp === 'RED') return refuse<WhyNoCsaf>('contentMayNotLeave', notRed)
  const isFree = !isUnderEmbargo || isRecipientBound
  return isFree ? undefined : refuse<WhyNoCsaf>('recipientNotBound', bound)
}
