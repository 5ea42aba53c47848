/**
 * Ports on 127.0.0.1 that no program uses at this moment. Nothing keeps them
 * free: who binds one must be ready to find it taken.
 */
import { createServer, type Server } from 'node:net'

const LOOPBACK = '127.0.0.1'

/** Different ports, chosen by the operating system. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)))
  const ports = servers.map(portOf)
  await Promise.all(servers.map(close))
  return ports
}

export async function isFreePort(port: number): Promise<boolean> {
  try {
    await close(await listen(port))
    return true
  } catch {
    return false
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((done, failed) => {
    const server = createServer().on('error', failed)
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => done(server))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()))
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
