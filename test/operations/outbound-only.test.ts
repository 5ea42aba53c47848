/** A real node behind a firewall: it opens no door for peers, says so in its document, and serves. */
import assert from 'node:assert/strict'
import { appendFileSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { comity, serve, setUpNode } from '../support/real-node.ts'

test('an outbound-only node opens no door for peers and says so in its document', async () => {
  const { folder, config, port } = await setUpNode('closed.example')
  const stated = () => {
    const { document } = JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8'))
    return document.endpoints.outboundOnly as unknown
  }
  assert.equal(stated(), undefined)
  appendFileSync(config, '\nexchange: { outboundOnly: true }\n')
  const node = await serve(config)
  assert.equal(stated(), true)
  assert.equal(await isListening(port), true)
  assert.equal(await isListening(port + 1), true)
  assert.equal(await isListening(port + 2), false)
  assert.equal((await fetch(`http://127.0.0.1:${port}/federation/v1/channels/a/head`)).status, 404)
  assert.doesNotMatch(node.printed(), /federation/)
  const { out } = await comity(['doctor', '--config', config])
  assert.match(out, /the public and the officers door answer/)
  assert.match(out, /nobody can ask this node to cosign/)
  node.process.kill('SIGTERM')
  assert.equal((await node.ended).code, 0)
})

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
