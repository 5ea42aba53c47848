/** Stops on a signal, but takes its time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { onStopSignal } from '../../../src/node/stop-signals.ts'

setInterval(() => {}, 1_000)
onStopSignal(() => sleep(200))
process.stdout.write('{}\n')
