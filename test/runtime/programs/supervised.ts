/** A child for the supervisor's tests. Argument `fail`: ends at once; `stubborn`: does not stop. */
import { exitWithParent, reportReady } from '../../../src/node/exit-with-parent.ts'

if (process.argv[2] === 'fail') process.exit(3)
const port = Number(process.env['PORT'])
process.on('SIGTERM', () => process.exit(0))
// Even a stop that hangs does not outlive the parent.
exitWithParent(process.argv[2] === 'stubborn' ? () => new Promise(() => {}) : undefined, 500)
setInterval(() => {}, 1_000)
reportReady(port)
