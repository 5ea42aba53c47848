/** What a node process is told: one JSON file, readable by its owner only. */
import { readFileSync } from 'node:fs'
import type { NodeSelf } from '../app/kernel.ts'
import { malformed } from '../base/errors.ts'
import { requireNodeId } from '../base/ids.ts'

export type NodeConfig = {
  readonly node: NodeSelf
  readonly port: number
  readonly databaseUrl: string
  /** Keys, log tiles, exhibits, pinned peers and officers of this node. */
  readonly folder: string
  /** The policy by which receipts of this node's log count as sealed. */
  readonly policyFile: string
  readonly witnesses: readonly WitnessPlace[]
  readonly intake: {
    readonly batchIntervalMs: number
    readonly escalation: { readonly body: string; readonly address: string }
  }
  readonly logIntervalMs: number
  /** How officers sign in. `demoLinks` exists in the demo profile only. */
  readonly signIn: { readonly demoLinks?: { readonly secret: string } }
}

export type WitnessPlace = { readonly vkey: string; readonly url: string }

/** @throws ComityError `malformed` naming the field */
export function readNodeConfig(file: string): NodeConfig {
  const config = JSON.parse(readFileSync(file, 'utf8')) as NodeConfig
  requireNodeId(config.node.id, 'node.id')
  const { profile } = config.node
  if (profile !== 'demo' && profile !== 'production') {
    throw malformed('profile is demo or production', { field: 'node.profile' })
  }
  requireSignIn(config)
  return config
}

/** Nobody could ever sign in to a production node without a method: better not to start. */
function requireSignIn({ node, signIn }: NodeConfig): void {
  if (node.profile === 'demo') return
  if (signIn.demoLinks) {
    throw malformed('sign-in links exist in the demo profile only', { field: 'signIn.demoLinks' })
  }
  throw malformed('a production node needs a sign-in method and none is configured', {
    field: 'signIn',
    reason: 'no-sign-in-method',
  })
}
