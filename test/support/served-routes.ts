/**
 * Every route that a node serves, as its own composition registers them: on a kernel that
 * nothing asks, without a port. What is not in this list is not served.
 */
import fastify, { type FastifyInstance } from 'fastify'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { type HttpParts, registerDoors } from '../../src/node/http.ts'
import { build } from '../../tools/build.ts'
import { NODE } from './desk-kernel.ts'

/** As `METHOD address`, sorted; methods that answer like another one are left out. */
export async function servedRoutes(): Promise<readonly string[]> {
  await build()
  const server = fastify({ logger: false }) as unknown as FastifyInstance
  const routes = new Set<string>()
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.add(`${one} ${url}`)
  })
  const kernel = {
    node: { ...NODE, profile: 'demo' },
    primitives: nodePrimitives,
    keys: { columnKey: async () => new Uint8Array(32) },
    desk: { undelivered: {} },
    exhibits: { fileBytesMax: 1 },
    intake: {},
  } as unknown as Kernel
  const parts = {
    kernels: { public: kernel, officers: kernel, federation: kernel },
    config: {
      node: { profile: 'demo' },
      signIn: { oneTime: { secret: 'a secret of nobody' } },
      listeners: { federation: { url: NODE.urls.federation } },
    },
    clocks: {},
    log: { files: {}, witness: {}, each: [{ ordinal: 1 }] },
    exchange: { common: {}, inbox: () => ({}) },
    renewals: {},
  } as unknown as HttpParts
  await registerDoors(server, parts, {
    doors: ['public', 'officers', 'federation'],
    onFault: (error) => {
      throw error
    },
  })
  await server.ready()
  await server.close()
  return [...routes].filter((route) => !/^(HEAD|OPTIONS) /.test(route)).sort()
}
