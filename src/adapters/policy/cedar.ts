/**
 * The policy engine on Cedar (WebAssembly).
 *
 * Policies are parsed once and kept by the engine under a slot name; there is a
 * fixed number of slots, so agreements that come and go do not grow its memory.
 * The engine is loaded at the first question, not at import.
 *
 * An answer follows from policies, request and entities alone, and a release is asked about
 * twice, as are others like it: so answers are kept under the whole of what was asked.
 */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import type { EntityJson, EntityUidJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Policy } from '../../app/ports/policy.ts'
import type { PolicyAnswer, PolicyEntity, PolicyRequest } from '../../core/release/request.ts'

type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs')

const SLOTS_MAX = 64
const ANSWERS_MAX = 512

/** Policy text to slot, least recently used first. */
type Parsed = Map<string, string>

export function createCedarPolicy(): Policy {
  let cedar: Cedar | undefined
  const parsed: Parsed = new Map()
  const answers = new Map<string, PolicyAnswer>()
  const answer: Policy['decide'] = (policies, request, entities) => {
    cedar ??= createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as Cedar
    const { slot, errors } = parsedPolicies(cedar, parsed, policies)
    return errors.length > 0 ? denied(errors) : ask(cedar, slot, request, entities)
  }
  return {
    decide(policies, request, entities) {
      const asked = keyOf(JSON.stringify([policies, request, entities]))
      const known = answers.get(asked) ?? answer(policies, request, entities)
      answers.delete(asked)
      // What failed is asked again.
      if (known.errors.length === 0) answers.set(asked, known)
      if (answers.size > ANSWERS_MAX) answers.delete(answers.keys().next().value as string)
      return known
    },
  }
}

/** What is asked may hold the reasons of a release: only its digest is kept. */
function keyOf(asked: string): string {
  return createHash('sha256').update(asked).digest('base64')
}

function ask(
  cedar: Cedar,
  preparsedPolicySetId: string,
  request: PolicyRequest,
  entities: readonly PolicyEntity[],
): PolicyAnswer {
  const answer = cedar.statefulIsAuthorized({
    ...(request as PolicyRequest & { principal: EntityUidJson; context: EntityJson['attrs'] }),
    preparsedPolicySetId,
    entities: entities as unknown as EntityJson[],
  })
  if (answer.type === 'failure') return denied(answer.errors.map(({ message }) => message))
  const { decision, diagnostics } = answer.response
  // Cedar skips a policy that fails to evaluate. A skipped forbid would permit.
  if (diagnostics.errors.length > 0) {
    return denied(diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`))
  }
  return { decision, policyIds: diagnostics.reason.toSorted(), errors: [] }
}

function parsedPolicies(cedar: Cedar, parsed: Parsed, policies: string) {
  const known = parsed.get(policies)
  if (known) {
    parsed.delete(policies)
    parsed.set(policies, known)
    return { slot: known, errors: [] }
  }
  const slot = freeSlot(parsed)
  const errors = preparse(cedar, slot, policies)
  // On an error the engine keeps what the slot held before, which nobody asks for again.
  if (errors.length === 0) parsed.set(policies, slot)
  return { slot, errors }
}

function freeSlot(parsed: Parsed): string {
  const used = new Set(parsed.values())
  for (let n = 0; n < SLOTS_MAX; n++) if (!used.has(`slot-${n}`)) return `slot-${n}`
  const [oldest, slot] = [...parsed][0] as [string, string]
  parsed.delete(oldest)
  return slot
}

/** Names each policy by its `@id`, which is what an answer then cites. */
function preparse(cedar: Cedar, slot: string, policies: string): readonly string[] {
  const parts = cedar.policySetTextToParts(policies)
  if (parts.type === 'failure') return parts.errors.map(({ message }) => message)
  if (parts.policy_templates.length > 0) return ['a policy set holds no templates']
  const named = new Map<string, string>()
  for (const policy of parts.policies) {
    const json = cedar.policyToJson(policy)
    if (json.type === 'failure') return json.errors.map(({ message }) => message)
    const id = json.json.annotations?.['id']
    if (!id || named.has(id)) return ['every policy needs an @id of its own']
    named.set(id, policy)
  }
  const answer = cedar.preparsePolicySet(slot, { staticPolicies: Object.fromEntries(named) })
  return answer.type === 'failure' ? answer.errors.map(({ message }) => message) : []
}

function denied(errors: readonly string[]): PolicyAnswer {
  return { decision: 'deny', policyIds: [], errors }
}
