/** Hands out the page that checks a proof of filing, to be kept: it works without this node. */
import type { FastifyInstance } from 'fastify'
import { keyOpening } from '../../app/open-mailbox.ts'
import { textFromUtf8 } from '../../base/bytes.ts'
import { ROUTES } from '../routes.ts'
import { pageHeaders } from '../security-headers.ts'
import { languageOf, type SiteKit } from '../site-kit.ts'
import { filingCheckPage, filingCheckPolicy } from './filing-check.ts'

export function filingCheckRoute(server: FastifyInstance, kit: SiteKit): void {
  const { kernel, renderer, site, filingCheckScript: script } = kit
  const { primitives } = kernel
  server.get(ROUTES.filingCheck, async (request, reply) => {
    const opening = await keyOpening(kernel)
    const page = filingCheckPage(primitives, {
      messages: renderer.catalogues.messagesFor(languageOf(kit, request), 'public'),
      authority: site.authorityName,
      policy: textFromUtf8(kernel.publicLog.policy),
      keyOpening: opening ? JSON.stringify(opening) : '',
      script,
    })
    return reply
      .headers({
        ...pageHeaders('public/verify'),
        'content-security-policy': filingCheckPolicy(primitives, script),
        'content-disposition': 'attachment; filename="filing-check.html"',
      })
      .type('text/html; charset=utf-8')
      .send(page)
  })
}
