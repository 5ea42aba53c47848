/**
 * Hands the first administrator's setup code to whoever starts the node: on their
 * terminal, or else in a file that only they can read, because what a service prints
 * ends in a log. Made anew at each start until there is an administrator.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MadeEnrolment } from '../app/ports/sign-in.ts'
import { linkTo } from '../web/routes.ts'
import type { NodeConfig } from './config.ts'

export type SetupNode = { makeSetupCode(): Promise<MadeEnrolment | undefined> }

export async function offerSetupCode(
  { folder, listeners, node: { profile } }: NodeConfig,
  node: SetupNode,
  out: { readonly isTTY?: boolean; write(text: string): unknown } = process.stdout,
): Promise<void> {
  if (profile === 'demo') return
  const file = join(folder, 'setup-code.txt')
  rmSync(file, { force: true })
  const made = await node.makeSetupCode()
  if (!made) return
  const place = listeners.officers.url + linkTo('en', 'officerEnrol', { enrolmentId: 'setup' })
  const text = `first administrator: open ${place}\nand type ${made.code} (once, until ${made.expiresAt})\n`
  if (out.isTTY) out.write(text)
  else {
    writeFileSync(file, text, { mode: 0o600 })
    out.write(`first administrator: the setup code is in ${file}\n`)
  }
}
