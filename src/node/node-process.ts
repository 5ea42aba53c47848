/** One node in a process of its own: `node-process.ts CONFIG`. */
import { ComityError } from '../base/errors.ts'
import { readNodeConfig } from './config.ts'
import { exitWithParent, reportReady } from './exit-with-parent.ts'
import { startNode } from './node.ts'
import { onStopSignal } from './stop-signals.ts'

const file = process.argv[2]
if (!file) throw new Error('usage: node-process CONFIG')
try {
  const node = await startNode(readNodeConfig(file))
  exitWithParent(node.stop)
  onStopSignal(node.stop)
  reportReady(node.port)
} catch (error) {
  if (!(error instanceof ComityError)) throw error
  const field = error.field === undefined ? '' : ` (${error.field})`
  process.stderr.write(`comity: ${error.message}${field}\n`)
  process.exit(1)
}
