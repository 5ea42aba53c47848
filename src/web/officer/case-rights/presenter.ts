/** Rights and records of a case as their page shows them. Pure; each part has its file. */
import type { ReadCase } from '../../../app/read-case.ts'
import { actItem } from '../../parts.ts'
import { caseHead } from '../case/present-case.ts'
import { type CaseRightsModel, RIGHTS_TOPICS, type RightsTopic } from './model.ts'
import { otherSidePart } from './present-other-side.ts'
import { personsPart } from './present-persons.ts'
import { recordsPart } from './present-records.ts'
import type { RightsView } from './rights-view.ts'

/** What an officer can do next about each part; an act stands once on the page. */
const ACTS: Readonly<Record<RightsTopic, readonly string[]>> = {
  notices: ['recordAffectedPerson', 'sendNotice', 'delayNotice', 'liftDelay', 'askDelayReview'],
  challenges: ['assignReview', 'decideReview'],
  remedies: ['orderRemedy', 'reportRemedy', 'giveOwnData', 'finishRemedy', 'followUpRemedy'],
  consents: ['askConsent', 'recordConsent', 'withdrawConsent'],
  letters: ['answerPerson'],
  claims: ['decideClaim'],
  commitments: ['answerCommitment'],
  appeals: ['recordAppealPeriod', 'followAppeal'],
  orders: ['recordProtectiveOrder', 'liftProtectiveOrder'],
  holds: ['placeLegalHold', 'liftLegalHold'],
  disposal: ['setDisposalClass', 'appraiseExhibits', 'eraseCase'],
}

export function caseRightsModel(view: RightsView): CaseRightsModel {
  const { read, names } = view
  const acts = RIGHTS_TOPICS.map((topic) => [topic, actsOf(read, ACTS[topic])] as const)
  return {
    case: caseHead(read, names),
    persons: personsPart(view),
    otherSide: otherSidePart(view),
    records: recordsPart(view),
    acts: Object.fromEntries(acts),
  }
}

function actsOf({ acts }: ReadCase, named: readonly string[]) {
  return named.flatMap((name) => {
    const act = acts.find((one) => one.name === name)
    return act ? [actItem(name, act.available)] : []
  })
}
