/**
 * Hands the first administrator's setup code to whoever starts the node: on their
 * terminal, or else in a file that only they can read, because what a service prints
 * ends in a log. Made anew at each start until there is an administrator.
 *
 * After a restore it brings back the administrator of the backup; if there are several,
 * `comity restore administrator` says which one.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MadeEnrolment } from '../app/ports/sign-in.ts'
import { linkTo } from '../web/routes.ts'
import type { NodeConfig } from './config.ts'

export type SetupNode = { makeSetupCode(): Promise<MadeEnrolment | 'several' | undefined> }

type Out = { readonly isTTY?: boolean; write(text: string): unknown }

const SEVERAL =
  'all administrators are suspended since the restore: `comity restore administrator` brings one back\n'

/** True if there is a code now. */
export async function offerSetupCode(
  config: NodeConfig,
  node: SetupNode,
  out: Out = process.stdout,
): Promise<boolean> {
  const {
    folder,
    listeners,
    node: { profile },
  } = config
  if (profile === 'demo') return false
  const file = join(folder, 'setup-code.txt')
  rmSync(file, { force: true })
  const made = await node.makeSetupCode()
  if (!made) return false
  if (made === 'several') {
    out.write(SEVERAL)
    return false
  }
  const place = listeners.officers.url + linkTo('en', 'officerEnrol', { enrolmentId: 'setup' })
  const text = `first administrator: open ${place}\nand type ${made.code} (once, until ${made.expiresAt})\n`
  if (out.isTTY) out.write(text)
  else {
    writeFileSync(file, text, { mode: 0o600 })
    out.write(`first administrator: the setup code is in ${file}\n`)
  }
  return true
}
