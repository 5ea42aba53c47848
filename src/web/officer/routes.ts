import type { FastifyInstance } from 'fastify'
import type { SiteKit } from '../site-kit.ts'
export async function officerRoutes(_server: FastifyInstance, _kit: SiteKit): Promise<void> {}
