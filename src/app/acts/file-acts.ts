/**
 * Acts on exhibits that are files. Bytes do not fit a form, so these are not in the list
 * of acts: `app/exhibit-files.ts` carries the bytes and runs them.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { recordCustody, sealExhibit } from '../../core/evidence/decide-evidence.ts'
import { exhibitOf } from '../../core/evidence/evidence.ts'
import { FILE_NAME_MAX, originalBar, purposeOfOpening } from '../../core/evidence/scrub.ts'
import { caseAct } from '../act.ts'
import { id, reason } from './fields.ts'

const digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const size = Type.Integer({ minimum: 0 })
const MEDIA_TYPE = '^[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}$'

export const fileName = Type.String({
  minLength: 1,
  maxLength: FILE_NAME_MAX,
  pattern: '^[^/\\\\\\u0000-\\u001f\\u007f]+$',
})
export const fileMediaType = Type.String({ pattern: MEDIA_TYPE })
export const purpose = reason

export const sealFile = caseAct({
  name: 'sealFile',
  topic: 'evidence',
  group: 'handle',
  input: Type.Object({
    exhibitId: id,
    name: fileName,
    mediaType: fileMediaType,
    purpose,
    digest,
    sizeBytes: size,
    plaintext: Type.Object({ digest, sizeBytes: size }),
  }),
  decide: ({ evidence }, { plaintext, ...facts }, acting) =>
    sealExhibit(
      evidence,
      { ...facts, file: plaintext, parts: 1, partsRoot: plaintext.digest },
      acting,
    ),
  finish: async ({ input: { exhibitId, digest: sealed, sizeBytes, plaintext } }) => ({
    exhibitId,
    digest: sealed,
    sizeBytes,
    plaintext,
  }),
})

/** `whyOriginal`: of a file that has a scrubbed copy, which is opened first. */
export const whyOriginal = Type.Optional(Type.String({ maxLength: 2000 }))
const onFile = Type.Object({ exhibitId: id, purpose, whyOriginal })

/** A copy of the plaintext goes to an officer. */
export const downloadFile = caseAct({
  name: 'downloadFile',
  topic: 'evidence',
  group: 'openExhibit',
  stepUp: true,
  reads: ({ exhibitId }) => exhibitId,
  input: onFile,
  decide: (state, input, acting) => onFileOnly(state, { ...input, act: 'downloaded' }, acting),
})

/** Its beginning is shown to an officer as text. */
export const previewFile = caseAct({
  name: 'previewFile',
  topic: 'evidence',
  group: 'openExhibit',
  stepUp: true,
  reads: ({ exhibitId }) => exhibitId,
  input: onFile,
  decide: (state, input, acting) => onFileOnly(state, { ...input, act: 'previewed' }, acting),
})

function onFileOnly(
  { evidence }: CaseState,
  command: {
    readonly exhibitId: string
    readonly act: 'downloaded' | 'previewed'
    readonly purpose: string
    readonly whyOriginal?: string
  },
  acting: Acting,
): ReturnType<typeof recordCustody> | Decision<never> {
  const exhibit = exhibitOf(evidence, command.exhibitId)
  if (!exhibit?.file) {
    const text = 'there is no file of this id in the case'
    return refuse('unknownExhibit', { rule: 'evidence:unknownExhibit', text })
  }
  const { whyOriginal: why = '', ...act } = command
  const bar = originalBar(evidence, exhibit.exhibitId, why)
  if (bar) return bar
  const said = purposeOfOpening(evidence, { ...act, whyOriginal: why })
  return recordCustody(evidence, { ...act, purpose: said, digest: exhibit.digest }, acting)
}
