/**
 * A copy in pictures: every page drawn, boxes painted over it, and nothing of the file
 * kept beside. The parts are new, so their root is their own; what ties the copy to its
 * source is the transform, which whoever has the source can repeat.
 */
import { permit } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import {
  copyableExhibit,
  custody,
  type EvidenceDecision,
  inPlace,
  leftoversOf,
  newExhibitBar,
  no,
  purposeBar,
} from './decide-evidence.ts'
import type { EvidenceState, ExhibitFacts } from './evidence.ts'
import { isRedactionGround } from './grounds.ts'
import { checkBoxes, type PageTransform, transformFault } from './page-transform.ts'

export type RedactPages = ExhibitFacts & {
  readonly derivedFrom: string
  readonly transform: PageTransform
  /** Of the source's plaintext, as it was read. */
  readonly inputDigest: string
  readonly leftIn?: readonly string[]
  readonly leftReason?: string
  readonly purpose: string
}

export function redactPages(
  state: EvidenceState,
  command: RedactPages,
  acting: Acting,
): EvidenceDecision {
  const { purpose, inputDigest, leftIn = [], leftReason = '', ...event } = command
  const { derivedFrom, transform, ...facts } = event
  const source = copyableExhibit(state, derivedFrom)
  if ('decision' in source) return source
  const bar = newExhibitBar(state, facts) ?? purposeBar(purpose)
  if (bar) return bar
  const { boxes, pages, input } = transform
  const marked = checkBoxes(boxes, pages, isRedactionGround)
  if (marked.decision === 'refuse') {
    return no('boxesFaulty', marked.because.map(({ text }) => text).join('; '))
  }
  const isWhole = pages.length + 1 === facts.parts && transformFault(transform) === undefined
  if (!isWhole || input.digest !== inputDigest) {
    return no('lineageBroken', 'the transform does not lead from the source to these pages')
  }
  const left = leftoversOf(leftIn, leftReason)
  if ('decision' in left) return left
  return permit([
    {
      ...{ type: 'exhibitRedacted', ...event, redactions: [], wantsReview: true, ...left },
      ...inPlace(acting),
    },
    custody(source, 'redacted', acting.officer, purpose),
  ])
}
