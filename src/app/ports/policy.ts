/**
 * The policy engine, as the release decision needs it. It answers from the policies
 * it is given and nothing else: default no, a forbidding policy wins.
 */
import type { PolicyAnswer, PolicyEntity, PolicyRequest } from '../../core/release/request.ts'

export type Policy = {
  /**
   * `policies`: Cedar text in which every policy has a unique `@id`.
   *
   * Never throws for what the policies say: whatever the engine cannot parse or
   * evaluate is answered with `deny` and `errors`.
   */
  readonly decide: (
    policies: string,
    request: PolicyRequest,
    entities: readonly PolicyEntity[],
  ) => PolicyAnswer
}
