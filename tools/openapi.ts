/**
 * Writes the description of the machine interface to `protocol/openapi.json`;
 * `--check` only compares. Registers the routes that a node registers, on a kernel
 * that nothing asks: no database, no port.
 */
import swagger from '@fastify/swagger'
import fastify from 'fastify'
import { officerRoutes } from '../src/api/officer/routes.ts'
import { openDataRoutes } from '../src/api/open-data/routes.ts'
import { OPENAPI } from '../src/api/openapi.ts'
import type { Kernel } from '../src/app/kernel.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'

const NO_KERNEL = {} as Kernel

const server = fastify({ logger: false })
await server.register(swagger, OPENAPI)
await server.register((scope) => officerRoutes(scope, NO_KERNEL), { prefix: '/api/v1' })
await server.register((scope) => openDataRoutes(scope, NO_KERNEL))
await server.ready()
await writeOrCheck('protocol', new Map([['openapi.json', jsonText(server.swagger())]]))
await server.close()
