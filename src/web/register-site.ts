import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../app/kernel.ts'

export async function registerSite(_server: FastifyInstance, _kernel: Kernel): Promise<void> {}
