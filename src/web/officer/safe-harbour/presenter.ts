/** Drafts, statements and their controls, from the same decisions that the acts make. */
import { readSafeHarbours, SAFE_HARBOUR_ACTS } from '../../../app/safe-harbour.ts'
import { utcDateOf } from '../../../base/time.ts'
import { shownStatement } from '../../public/safe-harbour/presenter.ts'
import { linkTo } from '../../routes.ts'
import { namesOf } from '../case/names.ts'
import { controlOf } from '../control.ts'
import type { OfficerTurn } from '../session.ts'
import type { OfficerSafeHarbourModel } from './model.ts'

export async function officerSafeHarbourModel(turn: OfficerTurn): Promise<OfficerSafeHarbourModel> {
  const { kernel } = turn.kit
  const [state, names] = await Promise.all([readSafeHarbours(kernel), namesOf(kernel)])
  const today = utcDateOf(kernel.clocks.caseNow())
  const control = (name: string, about = '') => {
    const action = SAFE_HARBOUR_ACTS.find((act) => act.name === name)?.action
    const form = linkTo(turn.lang, 'officerSafeHarbourAct', { act: name })
    // The proof is asked for by the form itself.
    const decision = turn.may({ name, group: action?.group ?? 'signOffLaw' })
    return controlOf(decision, about === '' ? form : `${form}?about=${about}`)
  }
  return {
    drafts: state.drafts.map(({ draftId, document, digest, officer, draftedAt }) => ({
      ...document,
      ...{ draftId, digest, draftedAt, drafter: names.officer(officer), withdrawn: null },
      ...{
        issue: control('issueSafeHarbour', draftId),
        drop: control('dropSafeHarbourDraft', draftId),
      },
    })),
    issued: state.issued
      .map((one) => {
        const shown = shownStatement(state, one, today)
        const canEnd = shown.standing === 'inForce' || shown.standing === 'expired'
        return { ...shown, withdraw: canEnd ? control('withdrawSafeHarbour') : null }
      })
      .toReversed(),
    draft: control('draftSafeHarbour'),
  }
}
