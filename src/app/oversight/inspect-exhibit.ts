/**
 * Oversight reads an exhibit: by a statute on record that gives it the content, in an
 * inspection of this very case. The watched authority is not asked; the look is an act of
 * custody that it sees. Of a file the pages are shown as they are drawn for officers of the
 * case, never the file itself.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import type { Action } from '../../core/access/decide-access.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { recordCustody } from '../../core/evidence/decide-evidence.ts'
import { exhibitOf } from '../../core/evidence/evidence.ts'
import { originalBar, purposeOfOpening } from '../../core/evidence/scrub.ts'
import { contentMandate } from '../../core/oversight/oversight.ts'
import { decideCaseAccess } from '../access.ts'
import { caseAct } from '../act.ts'
import { id } from '../acts/fields.ts'
import { whyOriginal } from '../acts/file-acts.ts'
import type { Kernel } from '../kernel.ts'
import { type FilePreview, type LookAsk, lookIntoExhibit } from '../preview-file.ts'
import { readOversight } from './oversight-act.ts'

type Found = ReturnType<typeof contentMandate>

export const inspectExhibit = caseAct({
  name: 'inspectExhibit',
  topic: 'evidence',
  group: 'inspect',
  stepUp: true,
  input: Type.Object({ exhibitId: id }),
  when: ({ evidence }) =>
    evidence.exhibits.length > 0
      ? permit(null)
      : refuse('noExhibit', { rule: 'evidence:exhibit', text: 'this case has no exhibit' }),
  prepare: async ({ kernel, caseId, acting }) => mandateOf(kernel, caseId, acting),
  decide: (state, { exhibitId }, acting, found) => {
    const bar = fileBar(state, exhibitId)
    return bar ?? decideInspection(state, { exhibitId, act: 'opened' }, acting, found)
  },
  after: ({ kernel, input }) => kernel.exhibits.open(input.exhibitId),
})

/** Not in the list of acts: the page of an exhibit runs it. */
export const inspectFile = caseAct({
  name: 'inspectFile',
  topic: 'evidence',
  group: 'inspect',
  stepUp: true,
  input: Type.Object({ exhibitId: id, whyOriginal }),
  prepare: async ({ kernel, caseId, acting }) => mandateOf(kernel, caseId, acting),
  decide: (state, { exhibitId, whyOriginal: why = '' }, acting, found) => {
    if (!exhibitOf(state.evidence, exhibitId)?.file) {
      const text = 'there is no file of this id in the case'
      return refuse('unknownExhibit', { rule: 'evidence:unknownExhibit', text })
    }
    const command = { exhibitId, act: 'previewed', whyOriginal: why } as const
    return decideInspection(state, command, acting, found)
  },
})

/** @throws ComityError `unavailable` with reason `busy` while too many files are drawn */
export async function lookAsOversight(
  kernel: Kernel,
  caseId: string,
  acting: Acting,
  { first = 1, ...input }: Omit<LookAsk, 'purpose'>,
): Promise<Decision<FilePreview>> {
  const decided = await inspectFile.run(kernel, caseId, { input, acting })
  if (decided.decision === 'refuse') return decided
  const { exhibitId } = input
  return permit(await lookIntoExhibit(kernel, caseId, { exhibitId, first }), ...decided.because)
}

/** For the control of the page. */
export function mayInspect(kernel: Kernel, caseId: string, acting: Acting) {
  return decideStanding(kernel, caseId, acting, inspectFile.action)
}

/** For each drawn page of a look that is on record: its proof was asked for then. */
export async function mayStillInspect(
  kernel: Kernel,
  caseId: string,
  acting: Acting,
): Promise<boolean> {
  const { name, group } = inspectFile.action
  return (await decideStanding(kernel, caseId, acting, { name, group })).decision === 'permit'
}

async function decideStanding(
  kernel: Kernel,
  caseId: string,
  acting: Acting,
  action: Action,
): Promise<Decision<null>> {
  if (!(await mandateOf(kernel, caseId, acting))) return noContentMandate()
  const access = await decideCaseAccess(kernel, caseId, action, acting)
  return access.decision === 'refuse' ? access : permit(null)
}

async function mandateOf(kernel: Kernel, caseId: string, { officer }: Acting): Promise<Found> {
  return contentMandate(await readOversight(kernel), { caseId, officer })
}

type Inspecting = {
  readonly exhibitId: string
  readonly act: 'opened' | 'previewed'
  readonly whyOriginal?: string
}

function decideInspection(
  { evidence }: CaseState,
  { exhibitId, act, whyOriginal: why = '' }: Inspecting,
  acting: Acting,
  found: Found,
): ReturnType<typeof recordCustody> | Refusal {
  if (!found) return noContentMandate()
  const bar = originalBar(evidence, exhibitId, why)
  if (act === 'previewed' && bar) return bar
  const { mandate, inspection } = found
  const said = `Inspection ${inspection.inspectionId} under ${mandate.statute}, ${mandate.article}`
  const purpose = purposeOfOpening(evidence, { exhibitId, purpose: said, whyOriginal: why })
  const digest = exhibitOf(evidence, exhibitId)?.digest ?? ''
  const look = { exhibitId, act, purpose, digest, capacity: 'oversight' } as const
  return recordCustody(evidence, look, acting)
}

function noContentMandate(): Refusal<'noContentMandate'> {
  const text =
    'no inspection of this case by you is open under a mandate that gives access to content'
  return refuse('noContentMandate', { rule: 'oversight:contentMandate', text })
}

function fileBar(state: CaseState, exhibitId: string): Refusal<'isFile'> | undefined {
  if (!exhibitOf(state.evidence, exhibitId)?.file) return undefined
  const text = 'this exhibit is a file: look at its pages on its own page'
  return refuse('isFile', { rule: 'evidence:isFile', text })
}
