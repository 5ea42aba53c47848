/** Stands in the page worker's place and says what it could reach from there. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'

const codeOf = (act: () => unknown) => {
  try {
    act()
    return 'done'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
const network = await new Promise((resolve) => {
  try {
    const socket = connect(9, '127.0.0.1')
    socket.on('error', (error: { code?: string }) => resolve(error.code))
    socket.on('connect', () => resolve('connected'))
  } catch (error) {
    resolve((error as { code?: string }).code)
  }
})
for await (const _ of process.stdin);
const says = JSON.stringify({
  read: codeOf(() => readFileSync('/etc/hostname')),
  write: codeOf(() => writeFileSync('/tmp/page-worker-was-here', 'x')),
  child: codeOf(() => spawnSync('true')),
  network,
  worker: codeOf(() => new Worker('1', { eval: true })),
  environment: Object.keys(process.env).length,
  program:
    codeOf(() => readFileSync(new URL('../../src/node/page-worker.ts', import.meta.url))) === 'done'
      ? 'read'
      : 'not read',
})
const pages = [{ width: 1, height: 1, sizeBytes: says.length }]
process.stdout.write(`${JSON.stringify({ mediaType: 'image/png', pages })}\n${says}`)
