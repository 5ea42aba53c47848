/** A supervisor of two children on the folder in its argument; says their numbers in one line. */
import { startSupervisor } from '../../../src/node/supervisor.ts'

const script = new URL('supervised.ts', import.meta.url).pathname
const supervisor = startSupervisor({
  dataFolder: process.argv[2] ?? '',
  children: [
    { id: 'meridia.example', script, env: { PORT: '1' } },
    { id: 'albion.example', script, args: ['stubborn'], env: { PORT: '2' } },
  ],
})
await supervisor.ready
const pids = [...supervisor.children.values()].map(({ pid }) => pid)
process.stdout.write(`${JSON.stringify({ pids })}\n`)
