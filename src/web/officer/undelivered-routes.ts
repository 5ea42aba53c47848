/** Mails and hooks that were given up: an administrator has them tried again, or drops them. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { UndeliveredItem } from '../../app/ports/undelivered.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const GROUP = 'administer'
const ADVICE: ReadonlySet<string> = new Set([
  'unreachable',
  'insecure',
  'unauthorised',
  'refused',
  'putOff',
  'privateAddress',
])

export function undeliveredRoutes(server: FastifyInstance, kit: SiteKit): void {
  const { undelivered } = kit.kernel.desk
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerUndelivered,
    group: GROUP,
    handler: (turn) => undeliveredPage(turn),
  })
  for (const [url, change] of [
    [ROUTES.officerUndeliveredAgain, undelivered.again],
    [ROUTES.officerUndeliveredDrop, undelivered.drop],
  ] as const) {
    officerRoute(server, kit, {
      method: 'POST',
      url,
      group: GROUP,
      handler: async (turn, request, reply) => {
        const item = namedIn(request)
        if (!item || !(await change(item.kind, item.id))) return undeliveredPage(turn, true)
        return seeOther(reply, linkTo(turn.lang, 'officerUndelivered'))
      },
    })
  }
}

function namedIn(request: FastifyRequest): Pick<UndeliveredItem, 'kind' | 'id'> | undefined {
  const { kind, itemId } = request.params as { kind: string; itemId: string }
  return kind === 'mail' || kind === 'hook' ? { kind, id: itemId } : undefined
}

async function undeliveredPage(turn: OfficerTurn, isGone = false): Promise<FastifyReply> {
  const { desk, people } = turn.kit.kernel
  const [items, officers] = await Promise.all([desk.undelivered.list(), people.officers()])
  const nameOf = (id: string | undefined) => officers.find((one) => one.id === id)?.name
  const model = {
    formToken: turn.signedIn.formToken,
    items: items.map(({ kind, id, officer, endpoint, fault = '', ...item }) => {
      const { attempts, endedAt, isKept } = item
      const to = endpoint ?? nameOf(officer)
      const advice = ADVICE.has(fault) ? fault : 'other'
      const shown = { kind, id, advice, attempts, endedAt, isKept }
      return to === undefined ? shown : { ...shown, to }
    }),
    ...(isGone ? { isGone: true as const } : {}),
  }
  return turn.page('officer/undelivered', model, isGone ? 409 : 200)
}
