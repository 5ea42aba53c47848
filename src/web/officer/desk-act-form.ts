/**
 * The form of an act that is on no case: shown, sent, done, or shown again with what
 * stands against it. Decides nothing: the act does.
 */
import type { TObject } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { DeskAction } from '../../app/access.ts'
import type { ActDone } from '../../app/act.ts'
import type { Kernel } from '../../app/kernel.ts'
import type { Decision } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import type { DeskActionGroup } from '../../core/access/rules.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import type { FormHints, FormSchema } from '../form/field-spec.ts'
import { formModel, type RawValues, type ShownForm } from '../form/form-model.ts'
import { readSoundForm } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

export type DeskAct = {
  readonly name: string
  readonly action: DeskAction
  readonly input: TObject
  run(kernel: Kernel, input: unknown, acting: Acting): Promise<Decision<ActDone>>
}

/** What stands around the fields: the choices that are data, and where the form leads back to. */
export type DeskActPlace = {
  readonly hints: FormHints
  readonly back: string
  /** Whom it is about, in words. */
  readonly about?: string
}

export type DeskActForms<Act extends DeskAct> = {
  readonly route: 'officerPeopleAct' | 'oversightAct' | 'officerSafeHarbourAct'
  /** One form, in the place of the navigation that its acts belong to. */
  readonly page: 'officer/people-act' | 'oversight/act' | 'officer/safe-harbour-act'
  readonly group: DeskActionGroup
  find(name: string): Act | undefined
  /** What a form holds that was opened from the thing with this id. */
  startAt(act: Act, about: string): RawValues
  placeOf(turn: OfficerTurn, act: Act, values: RawValues): Promise<DeskActPlace>
}

type Params = { readonly act: string }

export function deskActRoutes<Act extends DeskAct>(
  server: FastifyInstance,
  kit: SiteKit,
  forms: DeskActForms<Act>,
): void {
  const { route, group } = forms
  const url = ROUTES[route]
  const actOf = ({ act: name }: Params) => {
    const act = forms.find(name)
    if (!act) throw malformed('there is no such act', { field: 'act', reason: 'unknown-act' })
    return act
  }
  officerRoute(server, kit, {
    method: 'GET',
    url,
    group,
    handler: (turn, request) => {
      const act = actOf(request.params as Params)
      const { about } = request.query as { readonly about?: unknown }
      const isNamed = typeof about === 'string' && isUuid(about)
      const values = isNamed ? forms.startAt(act, about) : {}
      return formPage(turn, forms, act, { values, errors: [] })
    },
  })
  officerRoute(server, kit, {
    method: 'POST',
    url,
    group,
    handler: async (turn, request, reply) => {
      const act = actOf(request.params as Params)
      const { hints, back } = await forms.placeOf(turn, act, turn.sent)
      const read = readSoundForm(act.input, turn.sent, { ...hints, zone: turn.kit.site.zone })
      const values = turn.sent
      if (!read.isValid) return formPage(turn, forms, act, { values, errors: read.errors }, 400)
      const decision = await act.run(turn.kit.kernel, read.input, turn.acting)
      if (decision.decision === 'permit') return seeOther(reply, back)
      const shown = { values, errors: [], refusedNow: decision.because }
      return formPage(turn, forms, act, shown, statusOfRefusal(decision.why))
    },
  })
}

async function formPage<Act extends DeskAct>(
  turn: OfficerTurn,
  { route, page, placeOf }: DeskActForms<Act>,
  act: Act,
  { values, errors, refusedNow }: ShownForm,
  status = 200,
): Promise<FastifyReply> {
  const { hints, ...around } = await placeOf(turn, act, values)
  const form = formModel(act.name, act.input as FormSchema, values, errors, {
    ...hints,
    action: linkTo(turn.lang, route, { act: act.name }),
    hidden: { formToken: turn.signedIn.formToken },
    decision: turn.may(act.action),
  })
  const model = { form, ...around, ...(refusedNow ? { refusedNow } : {}) }
  return turn.page(page, model, status)
}
