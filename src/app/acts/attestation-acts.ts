/** Outside time stamps and signature files on an order that was made. */
import { Type } from '@sinclair/typebox'
import { toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { type AttestedDocument, requireTimeStamps } from '../../core/attestation/attestation.ts'
import type { CaseState } from '../../core/case/case.ts'
import { orderDocument } from '../../core/enforcement/order-document.ts'
import { type ActTopic, caseAct, type Sight } from '../act.ts'
import {
  askTimeStamp,
  decideAttachment,
  type SignatureInput,
  signatureFields,
  takeSignatureFile,
} from '../attest.ts'
import { id } from './fields.ts'

const common = { topic: 'enforcement' as ActTopic, group: 'enforce' } as const

export const stampOrder = caseAct({
  ...common,
  name: 'stampOrder',
  input: Type.Object({ measureId: id }),
  when: (state, _acting, { timeStamps }) => {
    const possible = requireTimeStamps(timeStamps)
    return possible.decision === 'refuse' ? possible : hasOrder(state)
  },
  before: async (sight) => {
    const document = attestedOrder(sight, sight.input.measureId)
    return document && (await askTimeStamp(sight.kernel, document))
  },
  decide: (_state, _input, _acting, stamped) => (stamped ? permit([stamped]) : unknownOrder()),
  finish: async (_step, stamped) => stamped && { stampedAt: stamped.stampedAt },
})

export const attachOrderSignature = caseAct({
  ...common,
  name: 'attachOrderSignature',
  input: Type.Object({ measureId: id, ...signatureFields }),
  when: hasOrder,
  prepare: async (step) => {
    const { kernel, state, input } = step
    const { measureId, ...signature } = input as { measureId: string } & SignatureInput
    const document = attestedOrder(step, measureId)
    if (!document) return undefined
    const file = takeSignatureFile(kernel, signature.file)
    const decision = decideAttachment(kernel, state.attestations, document, file, signature)
    return { file, decision }
  },
  decide: (_state, _input, _acting, prepared) => prepared?.decision ?? unknownOrder(),
  finish: async ({ kernel, caseId }, prepared) => {
    if (!prepared) return undefined
    const { signatureId, bytes } = prepared.file
    await kernel.attestations.keepSignature(caseId, signatureId, bytes)
    return { signatureId }
  },
})

/** The order that somebody outside signs or stamps; undefined if none was made under this id. */
export function attestedOrder(
  { kernel, caseId, state }: Pick<Sight<unknown>, 'kernel' | 'caseId' | 'state'>,
  measureId: string,
): AttestedDocument | undefined {
  const place = { authority: kernel.node.id, caseId }
  const document = orderDocument(state.enforcement, measureId, place)
  if (!document) return undefined
  const digest = toHex(kernel.primitives.sha256(canonicalBytes(document)))
  return { kind: 'order', id: measureId, digest }
}

function hasOrder({ enforcement }: CaseState): Decision<null> {
  if (enforcement.measures.some(({ takenAt }) => takenAt !== null)) return permit(null)
  return refuse('noOrder', {
    rule: 'attestation:order',
    text: 'no order was made in this case yet',
  })
}

function unknownOrder() {
  const text = 'no order with this id was made in this case'
  return refuse('unknownOrder', { rule: 'attestation:order', text })
}
