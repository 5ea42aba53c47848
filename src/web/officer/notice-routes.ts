/** Which mails an officer wants: each sees and sets only the own. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { confirmAddress, preferenceForm, setPreference } from '../../app/desk/notices.ts'
import { type Because, refuse } from '../../base/decision.ts'
import type { FormSchema } from '../form/field-spec.ts'
import { type FieldError, formModel, type RawValues } from '../form/form-model.ts'
import { readForm } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

export function noticeRoutes(server: FastifyInstance, kit: SiteKit): void {
  const url = ROUTES.officerNotices
  const group = 'ownMatters'
  officerRoute(server, kit, { method: 'GET', url, group, handler: (turn) => noticesPage(turn) })
  officerRoute(server, kit, {
    method: 'POST',
    url,
    group,
    handler: (turn, _request, reply) => keep(turn, reply),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerNoticesCode,
    group,
    handler: async (turn, _request, reply) => {
      const { code } = turn.sent
      const typed = typeof code === 'string' ? code : ''
      if (await confirmAddress(kit.kernel, typed, turn.acting)) return back(turn, reply)
      return noticesPage(turn, { isWrongCode: true }, 400)
    },
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerNoticesOff,
    group,
    handler: async (turn, _request, reply) => {
      await turn.kit.kernel.desk.notices.clearPreference(turn.officer.id)
      return back(turn, reply)
    },
  })
}

type Shown = {
  readonly values?: RawValues
  readonly errors?: readonly FieldError[]
  readonly refused?: readonly Because[]
  readonly isWrongCode?: boolean
}

async function noticesPage(turn: OfficerTurn, shown: Shown = {}, status = 200) {
  const { desk, clocks } = turn.kit.kernel
  const known = await desk.notices.preference(turn.officer.id)
  const waiting = await desk.notices.waitingWish(turn.officer.id, clocks.wireNow())
  const { refused, isWrongCode = false } = shown
  const values = shown.values ?? {
    address: known?.address ?? '',
    digestHour: known?.digestHour === null ? '' : String(known?.digestHour ?? ''),
    isUrgentWanted: String(known?.isUrgentWanted ?? false),
  }
  const off = refuse('noMail', {
    rule: 'mail:configured',
    text: 'this node sends no mail: the administrator configures it',
  })
  const model = {
    form: formModel('setNotices', preferenceForm as FormSchema, values, shown.errors ?? [], {
      action: linkTo(turn.lang, 'officerNotices'),
      hidden: { formToken: turn.signedIn.formToken },
      ...(desk.rules ? {} : { decision: off }),
    }),
    formToken: turn.signedIn.formToken,
    ...(known ? { address: known.address } : {}),
    ...(waiting ? { waiting: { ...waiting, isWrongCode } } : {}),
    ...(refused ? { refused } : {}),
  }
  return turn.page('officer/notices', model, status)
}

async function keep(turn: OfficerTurn, reply: FastifyReply): Promise<FastifyReply> {
  const { sent, kit } = turn
  const read = readForm(preferenceForm as FormSchema, sent, { zone: kit.site.zone })
  if (!read.isValid) return noticesPage(turn, { values: sent, errors: read.errors }, 400)
  const wanted = read.input as Parameters<typeof setPreference>[1]
  const kept = await setPreference(kit.kernel, wanted, turn.acting)
  if (kept.decision === 'permit') return back(turn, reply)
  return noticesPage(turn, { values: sent, refused: kept.because }, 409)
}

function back({ lang }: OfficerTurn, reply: FastifyReply): FastifyReply {
  const place = linkTo(lang, 'officerNotices')
  return seeOther(reply, place)
}
