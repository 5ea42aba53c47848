/**
 * Ports for a program that is stopped and started again: below those that the system
 * gives to outgoing connections, so that none of them takes one meanwhile, and held
 * apart between test files that run at the same time. The last port of a block is the
 * hold: this process listens on it until it ends.
 */
import { createServer, type Server } from 'node:net'
import { isFreePort } from '../../src/adapters/managed-postgres/free-port.ts'

/** Linux gives out 32768 and up, others 49152 and up. */
const FIRST = 20_000
const BEHIND = 32_000
const BLOCK = 8

/** The first of `count` free ports in a row; at most seven. */
export async function holdPorts(count: number): Promise<number> {
  if (count >= BLOCK) throw new Error(`a block has room for ${BLOCK - 1} ports`)
  const blocks = (BEHIND - FIRST) / BLOCK
  // Different processes begin at different places: they seldom meet.
  const start = Math.floor(Math.random() * blocks)
  for (let tries = 0; tries < blocks; tries++) {
    const first = FIRST + ((start + tries) % blocks) * BLOCK
    const hold = await listen(first + BLOCK - 1)
    if (hold === undefined) continue
    const ports = Array.from({ length: count }, (_, offset) => first + offset)
    if ((await Promise.all(ports.map(isFreePort))).every(Boolean)) return first
    hold.close()
  }
  throw new Error(`no ${count} ports in a row are free below ${BEHIND}`)
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.unref()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server))
  })
}
