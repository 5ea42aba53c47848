/** What the law packs say on one case, and where they leave gaps. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type CaseLaw, type CaseLawAsk, caseLaw } from '../../app/case-law.ts'
import { requireCaseId } from '../../app/case-stream.ts'
import { ComityError } from '../../base/errors.ts'
import type { RawValues } from '../form/form-model.ts'
import { ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { caseHead } from './case/present-case.ts'
import { caseGapsModel } from './case-gaps/presenter.ts'
import type { LawAsk } from './case-law/model.ts'
import { caseLawModel } from './case-law/presenter.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

/** What is asked is sent, not put into the address: a turnover says something of the case. */
export function caseLawRoutes(server: FastifyInstance, kit: SiteKit): void {
  const pages = { officerCaseLaw: lawPage, officerCaseGaps: gapsPage } as const
  for (const name of ['officerCaseLaw', 'officerCaseGaps'] as const) {
    for (const method of ['GET', 'POST'] as const) {
      officerRoute(server, kit, {
        method,
        url: ROUTES[name],
        group: 'read',
        handler: (turn, request) => {
          const { caseId } = request.params as { readonly caseId: string }
          return pages[name](turn, requireCaseId(caseId))
        },
      })
    }
  }
}

async function lawPage(turn: OfficerTurn, caseId: string): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [{ law, wrong }, names, { signOffs }] = await Promise.all([
    lawAsked(turn, caseId),
    namesOf(kernel),
    kernel.law.context(),
  ])
  const head = caseHead(law.read, names)
  const model = caseLawModel({ law, head, ask: askModel(law, turn, wrong), signOffs })
  return turn.page('officer/case-law', model, wrong === undefined ? 200 : 400)
}

async function gapsPage(turn: OfficerTurn, caseId: string): Promise<FastifyReply> {
  const [{ law, wrong }, names] = await Promise.all([
    lawAsked(turn, caseId),
    namesOf(turn.kit.kernel),
  ])
  const model = caseGapsModel(law, caseHead(law.read, names), askModel(law, turn, wrong))
  return turn.page('officer/case-gaps', model, wrong === undefined ? 200 : 400)
}

/** A field that cannot be read is named, and the page answers without what was asked. */
async function lawAsked({ kit, acting, sent }: OfficerTurn, caseId: string) {
  try {
    return { law: await caseLaw(kit.kernel, caseId, askOf(sent), acting), wrong: undefined }
  } catch (error) {
    const field = error instanceof ComityError && error.code === 'malformed' ? error.field : ''
    if (!field || !/^(packs|yardstick)/.test(field)) throw error
    return { law: await caseLaw(kit.kernel, caseId, {}, acting), wrong: field }
  }
}

function askOf(sent: RawValues): CaseLawAsk {
  const orders = ordersIn(sent)
  const [turnover, currency, share] = [
    textIn(sent, 'turnover'),
    textIn(sent, 'currency'),
    textIn(sent, 'share'),
  ]
  const percent = share === '' ? DEFAULT_SHARE : share
  const yardstick = {
    basisPoints: Math.round(Number(percent.replace(',', '.')) * 100),
    turnovers: turnover === '' ? [] : [{ amount: turnover.replaceAll(/[\s ]/g, ''), currency }],
  }
  return {
    ...(orders.length === 0 ? {} : { packs: orders }),
    ...(turnover === '' && share === '' ? {} : { yardstick }),
  }
}

/** Where a turnover is given and no share: one percent, which hides no gap that matters. */
const DEFAULT_SHARE = '1'

function ordersIn(sent: RawValues): string[] {
  const order = sent['order'] ?? []
  return (typeof order === 'string' ? [order] : [...order]).filter((code) => code !== '')
}

function textIn(sent: RawValues, name: string): string {
  const value = sent[name]
  return typeof value === 'string' ? value.trim().slice(0, 40) : ''
}

function askModel(
  { allPacks, packs }: CaseLaw,
  { sent, signedIn }: OfficerTurn,
  wrong: string | undefined,
): LawAsk {
  const shown = new Set(packs.map(({ legalOrder }) => legalOrder))
  return {
    formToken: signedIn.formToken,
    orders: allPacks.map(({ legalOrder, name }) => ({
      code: legalOrder,
      name,
      isChosen: shown.has(legalOrder),
    })),
    turnover: textIn(sent, 'turnover'),
    currency: textIn(sent, 'currency'),
    share: textIn(sent, 'share'),
    ...(wrong === undefined ? {} : { wrong }),
  }
}
