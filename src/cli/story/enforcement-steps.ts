/** Steps 7 and 8: enforcement against an invented operator, and an affected person's rights. */
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { caseNowOf, request } from './client.ts'
import { held, memorised, nodeOf, refusedAs, type Step } from './story.ts'

const NOTICE_DAYS = 20
const POWER = 'Regulation (EU) 2019/1020, art. 16 (as in the law pack; simulated)'

const nameReal: Step = {
  id: '7.named-by-report',
  at: 'meridia',
  title: 'Acting against a company that the report names is refused',
  when: ({ report }) => report.avid !== undefined && namesOf(report.avid).length > 0,
  run: async ({ hands, memory, report }) => {
    const [name] = namesOf(report.avid)
    const input = { name: `${name}`, role: 'provider', invented: true }
    const id = memorised(memory.caseId, 'a case')
    const { officer } = hands.meridia
    return refusedAs(await officer.mustRefuse(id, 'nameOperator', input, 'operatorNamedByReport'))
  },
}

function namesOf(avid: unknown): string[] {
  const { affects } = avid as { affects?: { developer?: unknown } }
  const developers = Array.isArray(affects?.developer) ? affects.developer : []
  return developers.filter((name): name is string => /[\p{L}\p{N}]/u.test(String(name))).slice(0, 1)
}

const operator: Step = {
  id: '7.operator-and-tree',
  at: 'meridia',
  title: 'An invented operator is named; the decision tree agreed beforehand is taken',
  run: async ({ hands, memory }) => {
    const { officer } = hands.meridia
    const id = memorised(memory.caseId, 'a case')
    const operator = { name: 'Larkspur Holdings Ltd (invented)', role: 'deployer', invented: true }
    const named = await officer.do(id, 'nameOperator', operator)
    const agreed = await officer.do(id, 'agreeDecisionTree', { treeId: 'ring-enforcement-1' })
    const inputs = { harm: 'serious', conduct: 'unknown', operatorResponse: 'none' }
    const recommended = await officer.do(id, 'recommendMeasure', { inputs })
    return held(named, agreed, recommended)
  },
}

const warn: Step = {
  id: '7.warning',
  at: 'meridia',
  title: 'Warning; commitments are skipped with a reason',
  run: async ({ hands, memory }) => {
    const { officer } = hands.meridia
    const id = memorised(memory.caseId, 'a case')
    const reason = 'The behaviour was shown in nine of twelve accounts.'
    const warned = await officer.do(id, 'warnOperator', { basis: POWER, reason })
    const skipped = await officer.do(id, 'skipRung', {
      rung: 'commitments',
      ground: 'noCommitmentsProposedInTime',
      reason: 'The operator did not answer the invitation to offer commitments.',
    })
    return held(warned, skipped)
  },
}

const ORDER = {
  rung: 'correctiveOrder',
  basis: POWER,
  reason: 'The system goes on keeping minors on the subject of self-harm.',
}

const orderTooEarly: Step = {
  id: '7.order-before-hearing',
  at: 'meridia',
  title: 'A corrective order before the hearing is refused, naming the rule',
  run: async ({ hands, memory }) => {
    const id = memorised(memory.caseId, 'a case')
    const { officer } = hands.meridia
    return refusedAs(await officer.mustRefuse(id, 'proposeOrder', ORDER, 'hearingNotHeld'))
  },
}

const hearing: Step = {
  id: '7.hearing',
  at: 'meridia',
  title: 'The operator is heard; the law pack counts the period',
  run: async ({ hands, memory }) => {
    const { officer } = hands.meridia
    const id = memorised(memory.caseId, 'a case')
    const opened = await officer.do(id, 'openHearing', { rung: 'correctiveOrder' })
    memory.hearingId = opened.result['measureId'] as string
    memory.hearingEndsAt = opened.result['endsAt'] as string
    const heard = await officer.do(id, 'recordRepresentation', {
      measureId: memory.hearingId,
      summary: 'The operator says that the behaviour is a known limit of the model.',
    })
    return held(opened, heard)
  },
}

const delay: Step = {
  id: '8.delay-notice',
  at: 'meridia',
  title: 'An affected person’s notice is delayed on a recorded ground',
  run: async (story) => {
    const { officer } = story.hands.meridia
    const id = memorised(story.memory.caseId, 'a case')
    const contact = 'Invented parent of Robin Placeholder, 3 Sample Lane'
    const recorded = await officer.do(id, 'recordAffectedPerson', { contact })
    const personId = recorded.result['personId'] as string
    story.memory.personId = personId
    const { caseNow } = await caseNowOf(nodeOf(story, 'meridia'))
    const delayed = await officer.do(id, 'delayNotice', {
      personId,
      ground: 'investigationWouldBeImpaired',
      reason: 'Telling the person now would warn the operator before the hearing.',
      reviewAt: addMs(caseNow as Instant, (NOTICE_DAYS / 2) * DAY_MS),
      dueAt: addMs(caseNow as Instant, NOTICE_DAYS * DAY_MS),
    })
    return held(recorded, delayed)
  },
}

const noticeTooEarly: Step = {
  id: '8.notice-still-delayed',
  at: 'meridia',
  title: 'Sending it before it is due is refused',
  run: async ({ hands, memory }) => {
    const input = { personId: memorised(memory.personId, 'a person'), channel: 'post' }
    const id = memorised(memory.caseId, 'a case')
    const { officer } = hands.meridia
    return refusedAs(await officer.mustRefuse(id, 'sendNotice', input, 'stillDelayed'))
  },
}

/** After these, case time moves past the hearing, the notice and the embargo. */
export const waitingSteps: readonly Step[] = [
  nameReal,
  operator,
  warn,
  orderTooEarly,
  hearing,
  delay,
  noticeTooEarly,
]

const order: Step = {
  id: '7.order',
  at: 'meridia',
  title: 'After the hearing period two officers make the corrective order',
  run: async ({ hands, memory }) => {
    const id = memorised(memory.caseId, 'a case')
    const measureId = memorised(memory.hearingId, 'a hearing')
    const { officer, second } = hands.meridia
    const proposed = await officer.do(id, 'proposeOrder', { measureId, ...ORDER })
    await officer.mustRefuse(id, 'approveMeasure', { measureId }, 'nothingToApprove')
    const approved = await second.do(id, 'approveMeasure', { measureId })
    return held(proposed, approved)
  },
}

const fine: Step = {
  id: '7.fine-refused',
  at: 'meridia',
  title: 'A jump to a fine is refused',
  run: async ({ hands, memory }) => {
    const id = memorised(memory.caseId, 'a case')
    const input = {
      amountMinor: 1_000_000,
      currency: 'EUR',
      basis: 'Regulation (EU) 2024/1689, art. 99(4) (simulated)',
      reason: 'The harm is serious.',
      gravity: 'Minors are affected.',
      otherFines: 'None known to the other authorities.',
    }
    const { officer } = hands.meridia
    return refusedAs(await officer.mustRefuse(id, 'imposeFine', input, 'rungNotReached'))
  },
}

const notice: Step = {
  id: '8.notice',
  at: 'meridia',
  title: 'The notice has come due and is sent',
  run: async ({ hands, memory }) => {
    const id = memorised(memory.caseId, 'a case')
    const input = { personId: memorised(memory.personId, 'a person'), channel: 'post' }
    const sent = await hands.meridia.officer.do(id, 'sendNotice', input)
    memory.noticeCode = sent.result['code'] as string
    return held(sent)
  },
}

const challenge: Step = {
  id: '8.challenge',
  at: 'meridia',
  title: 'The person challenges it with their code; an independent review opens',
  run: async (story) => {
    const { hands, memory } = story
    const node = nodeOf(story, 'meridia')
    const form = new FormData()
    form.set('code', memorised(memory.noticeCode, 'a code'))
    form.set('ground', 'I was told too late and do not agree with the use of the transcript.')
    const headers = { accept: 'application/json' }
    const response = await request(node, 'POST', '/en/notice/challenge', form, headers)
    if (response.status !== 201) throw new Error(`challenge: ${response.status}`)
    const id = memorised(memory.caseId, 'a case')
    const { state } = await hands.meridia.officer.get<Reviews>(`/cases/${id}`)
    const open = state.rights.reviews.find(
      ({ subject, outcome }) => subject.kind === 'challenge' && outcome === null,
    )
    memory.challengeReviewId = memorised(open?.reviewId, 'an open review')
    return held()
  },
}

type Reviews = {
  state: {
    rights: { reviews: { reviewId: string; subject: { kind: string }; outcome: string | null }[] }
  }
}

const reviewChallenge: Step = {
  id: '8.review-challenge',
  at: 'meridia',
  title: 'The reviewer upholds the challenge in part and names a remedy',
  run: async ({ hands, memory }) => {
    const decided = await hands.meridia.reviewer.do(
      memorised(memory.caseId, 'a case'),
      'decideReview',
      {
        reviewIds: [memorised(memory.challengeReviewId, 'a review')],
        outcome: 'upheld',
        reason: 'The person should have been told when the hearing ended.',
        remedy: 'An apology, and access to what was released about the conversation.',
      },
    )
    return held(decided)
  },
}

export const enforcementSteps: readonly Step[] = [order, fine, notice, challenge, reviewChallenge]
