/** Steps 4 to 6: embargo, release, assistance. */
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { caseNowOf, type Hand } from './client.ts'
import {
  type Hands,
  held,
  memorised,
  nodeOf,
  refusedAs,
  type Step,
  type Story,
  waitFor,
} from './story.ts'

const EMBARGO_DAYS = 30

const RIGHTS = {
  legalBasis: 'Agreement clause 2.1; task of the authority in the public interest.',
  necessity: 'The harm reaches people in the territory of the other authority.',
  proportionality: 'Only what the other authority needs to decide on its own steps.',
  nonDiscrimination: 'The choice depends on where the system is offered, on nothing personal.',
  leastIntrusive: 'No name, contact or text of any person is included.',
  expression: 'It touches no press, union, protest, religion or politics.',
}

const setEmbargo: Step = {
  id: '4.embargo-end',
  at: 'meridia',
  title: 'An embargo end is set',
  when: ({ report }) => !report.isPublic,
  run: async (story) => {
    const { caseNow } = await caseNowOf(nodeOf(story, 'meridia'))
    const id = memorised(story.memory.caseId, 'a case')
    return held(
      await story.hands.meridia.officer.do(id, 'setEmbargoEnd', {
        until: addMs(caseNow as Instant, EMBARGO_DAYS * DAY_MS),
        zone: 'Europe/Brussels',
        ground: 'The provider needs time to change the system before the method is known.',
      }),
    )
  },
}

const embargoRefused: Step = {
  id: '4.embargo-refused',
  at: 'meridia',
  title: 'An embargo on what is public already is refused, naming the rule',
  when: ({ report }) => report.isPublic,
  run: async (story) => {
    const { caseNow } = await caseNowOf(nodeOf(story, 'meridia'))
    const id = memorised(story.memory.caseId, 'a case')
    const input = {
      until: addMs(caseNow as Instant, EMBARGO_DAYS * DAY_MS),
      zone: 'Europe/Brussels',
      ground: 'The provider needs time to change the system.',
    }
    const { officer } = story.hands.meridia
    return refusedAs(await officer.mustRefuse(id, 'setEmbargoEnd', input, 'alreadyPublic'))
  },
}

const noEmbargo: Step = {
  id: '4.no-embargo',
  at: 'meridia',
  title: 'The refusal of an embargo is recorded; the story goes on without one',
  when: ({ report }) => report.isPublic,
  run: async ({ hands, memory }) => {
    const id = memorised(memory.caseId, 'a case')
    const input = { ground: 'alreadyPublic' }
    return held(await hands.meridia.officer.do(id, 'refuseEmbargo', input))
  },
}

const validate: Step = {
  id: '4.valid',
  at: 'meridia',
  title: 'The report becomes valid and is accepted',
  run: async ({ hands, memory }) => {
    const { officer } = hands.meridia
    const id = memorised(memory.caseId, 'a case')
    const valid = await officer.do(id, 'decideOnReport', { step: 'validate' })
    return held(valid, await officer.do(id, 'decideOnReport', { step: 'accept' }))
  },
}

const invite: Step = {
  id: '4.invite',
  at: 'meridia',
  title: 'Both other authorities are invited by a minimal release',
  run: async ({ hands, memory }) => {
    const id = memorised(memory.caseId, 'a case')
    const done = []
    for (const peer of ['albion.example', 'sierra.example']) {
      done.push(await hands.meridia.officer.do(id, 'inviteToCase', { peer, ...RIGHTS }))
    }
    return held(...done)
  },
}

const accept = (at: 'albion' | 'sierra'): Step => ({
  id: `4.accept-${at}`,
  at,
  title: 'The invited authority accepts, in a case of its own',
  run: async (story) => {
    const { memory, hands } = story
    const lead = memorised(memory.caseId, 'a case')
    const own = await waitFor('the invitation', () => linkedCase(hands[at].officer, lead))
    memory[at === 'albion' ? 'albionCase' : 'sierraCase'] = own
    const input = { answer: 'accept', reason: 'People in our territory use the system.' }
    const done = await hands[at].officer.do(own, 'answerInvitation', input)
    if (!story.report.isPublic) {
      await waitFor('the consent at the lead', () => isSignatory(hands, lead, `${at}.example`))
    }
    return held(done)
  },
})

async function linkedCase(hand: Hand, lead: string): Promise<string | undefined> {
  const rows = await hand.get<{ id: string; leadCaseId?: string }[]>('/cases')
  return rows.find(({ leadCaseId }) => leadCaseId === lead)?.id
}

type Participants = {
  state: { disclosure: { participants: { id: string; consent: string }[] } }
}

async function isSignatory(hands: Hands, caseId: string, peer: string): Promise<boolean> {
  const { state } = await hands.meridia.officer.get<Participants>(`/cases/${caseId}`)
  return state.disclosure.participants.some(
    ({ id, consent }) => id === peer && consent === 'signatory',
  )
}

const RELEASE = { purpose: 'investigation', ...RIGHTS }

const contactRefused: Step = {
  id: '5.contact-refused',
  at: 'meridia',
  title: 'Releasing the reporter’s contact is refused, naming the clause',
  run: async ({ hands, memory }) =>
    refusedAs(
      await hands.meridia.officer.mustRefuse(
        memorised(memory.caseId, 'a case'),
        'releaseToPeer',
        { recipient: 'albion.example', categories: ['caseSummary', 'reporterContact'], ...RELEASE },
        'categoryNotReleasable',
      ),
    ),
}

const transferRefused: Step = {
  id: '5.transfer-refused',
  at: 'meridia',
  title: 'Personal data without a transfer instrument is refused, naming the clause',
  run: async ({ hands, memory }) =>
    refusedAs(
      await hands.meridia.officer.mustRefuse(
        memorised(memory.caseId, 'a case'),
        'releaseToPeer',
        { recipient: 'sierra.example', categories: ['caseSummary', 'personalData'], ...RELEASE },
        'noTransferInstrument',
      ),
    ),
}

const release: Step = {
  id: '5.release',
  at: 'meridia',
  title: 'The minimised case is released to both and received',
  run: async (story) => {
    const { hands, memory } = story
    const id = memorised(memory.caseId, 'a case')
    const done = []
    for (const recipient of ['albion.example', 'sierra.example']) {
      const input = { recipient, categories: ['caseSummary', 'technicalFacts'], ...RELEASE }
      done.push(await hands.meridia.officer.do(id, 'releaseToPeer', input))
    }
    const ids = done.map(({ result }) => result['releaseId'] as string)
    for (const [at, releaseId] of [
      ['albion', ids[0]],
      ['sierra', ids[1]],
    ] as const) {
      const own = memorised(at === 'albion' ? memory.albionCase : memory.sierraCase, 'their case')
      await waitFor('the release at the peer', () =>
        hasReceived(hands[at].officer, own, releaseId ?? ''),
      )
    }
    await waitFor('the receipts for the releases', async () => {
      const { state } = await hands.meridia.officer.get<Releases>(`/cases/${id}`)
      const mine = state.releases.permitted.filter(({ releaseId }) => ids.includes(releaseId))
      return mine.length === 2 && mine.every(({ receipt }) => receipt?.status === 'applied')
    })
    return held(...done)
  },
}

const emergency: Step = {
  id: '5.emergency',
  at: 'meridia',
  title: 'In an emergency the release comes first, and a second officer validates it',
  run: async ({ hands, memory }) => {
    const id = memorised(memory.caseId, 'a case')
    const { officer, second } = hands.meridia
    const released = await officer.do(id, 'releaseInEmergency', {
      recipient: 'albion.example',
      categories: ['technicalFacts'],
      ...RELEASE,
      threat: 'life',
      reason: 'A person follows the advice of the service at this moment (invented).',
    })
    const releaseId = released.result['releaseId'] as string
    const validated = await second.do(id, 'validateEmergency', {
      releaseId,
      answer: 'validate',
      reason: 'The danger was real, and nothing less would have helped (invented).',
    })
    const albion = memorised(memory.albionCase, 'their case')
    await waitFor('the emergency release at the peer', () =>
      hasReceived(hands.albion.officer, albion, releaseId),
    )
    return held(released, validated)
  },
}

type Releases = {
  state: {
    releases: {
      permitted: { releaseId: string; receipt: { status: string } | null }[]
      received: { releaseId: string }[]
    }
  }
}

async function hasReceived(hand: Hand, caseId: string, releaseId: string): Promise<boolean> {
  const { state } = await hand.get<Releases>(`/cases/${caseId}`)
  return state.releases.received.some((one) => one.releaseId === releaseId)
}

const seal: Step = {
  id: '6.seal-exhibit',
  at: 'meridia',
  title: 'An invented transcript is sealed, each turn with its own commitment',
  run: async ({ hands, memory, transcript }) => {
    const done = await hands.meridia.officer.do(memorised(memory.caseId, 'a case'), 'sealExhibit', {
      name: 'Transcript of a conversation (invented)',
      mediaType: 'application/json',
      purpose: 'Collected from the test account that the report names.',
      parts: transcript,
    })
    memory.exhibitId = done.result['exhibitId'] as string
    return held(done)
  },
}

const ask: Step = {
  id: '6.request',
  at: 'albion',
  title: 'Albion requests the transcript, with a rights test',
  run: async ({ hands, memory }) => {
    const done = await hands.albion.officer.do(
      memorised(memory.albionCase, 'their case'),
      'requestAssistance',
      {
        requestedAuthority: 'meridia.example',
        type: 'info',
        exhibitId: memorised(memory.exhibitId, 'an exhibit'),
        purpose: 'investigation',
        power: 'Information power of the requesting authority (fictional).',
        classification: 'Suspected harm to the health of minors by an AI system.',
        provision: 'Model agreement, clause 1.1 (fictional).',
        facts: 'Accounts in our territory saw the same behaviour.',
        ownEnquiries: 'We asked the operator and got no transcript.',
        answerWithinDays: 30,
        ...RIGHTS,
      },
    )
    memory.requestId = done.result['requestId'] as string
    await waitFor('the request at Meridia', async () => {
      const { state } = await hands.meridia.officer.get<Requests>(
        `/cases/${memorised(memory.caseId, 'a case')}`,
      )
      return state.assistance.items.some(({ request }) => request.requestId === memory.requestId)
    })
    return held(done)
  },
}

type Requests = {
  state: {
    assistance: { items: { request: { requestId: string }; answer: object | null }[] }
    evidence: {
      exhibits: { exhibitId: string; origin: string; derivation: object | null }[]
    }
  }
}

const prepare: Step = {
  id: '6.prepare-answer',
  at: 'meridia',
  title: 'Turns with names and addresses are redacted; reviews are opened',
  run: async ({ hands, memory }) => {
    const done = await hands.meridia.officer.do(
      memorised(memory.caseId, 'a case'),
      'prepareAnswer',
      {
        requestId: memorised(memory.requestId, 'a request'),
        exhibitId: memorised(memory.exhibitId, 'an exhibit'),
        redactions: [
          { part: 2, reason: 'name and address of a child' },
          { part: 3, reason: 'first name of a child' },
          { part: 6, reason: 'telephone number of a parent' },
        ],
        leftReason: 'The words that stay say who speaks, and name nobody.',
      },
    )
    memory.answer = done.result as NonNullable<typeof memory.answer>
    return held(done)
  },
}

const handlerMayNotReview: Step = {
  id: '6.handler-may-not-review',
  at: 'meridia',
  title: 'Nothing leaves before the independent review',
  run: async ({ hands, memory }) => {
    const { releaseId, exhibitId } = memorised(memory.answer, 'a prepared answer')
    const input = { ...answerInput(memory), exhibitId, releaseId }
    const { officer } = hands.meridia
    const id = memorised(memory.caseId, 'a case')
    // The original's receipt must be sealed before an answer can prove its derivation.
    const refusal = await waitFor('the sealed receipt of the exhibit', async () => {
      const answer = await officer.act(id, 'answerAssistance', input)
      if ('done' in answer) throw new Error('an answer left without a review')
      return answer.refused.why === 'receiptNotSealed' ? undefined : answer.refused
    })
    if (refusal.why !== 'reviewMissing') throw new Error(`refused as ${refusal.why}`)
    return refusedAs(refusal)
  },
}

function answerInput({ requestId }: Story['memory']) {
  return {
    requestId: memorised(requestId, 'a request'),
    codes: ['FUNDAMENTAL_RIGHT_MANIFEST'],
    reasons: 'Parts that would identify a child and a parent are left out.',
    ...RIGHTS,
  }
}

const review: Step = {
  id: '6.review',
  at: 'meridia',
  title: 'A reviewer who neither handles the case nor prepared the release approves',
  run: async ({ hands, memory }) => {
    const { reviewer } = hands.meridia
    const { exhibitId, reviewIds } = memorised(memory.answer, 'a prepared answer')
    const id = memorised(memory.caseId, 'a case')
    const purpose = 'Independent review of what would leave.'
    const opened = await reviewer.do(id, 'openExhibit', { exhibitId, purpose })
    const decided = await reviewer.do(id, 'decideReview', {
      reviewIds,
      outcome: 'approved',
      reason: 'What remains cannot identify the child and is needed for the enquiry.',
    })
    return held(opened, decided)
  },
}

const deliver: Step = {
  id: '6.answer',
  at: 'meridia',
  title: 'The redacted copy is released to Albion',
  run: async ({ hands, memory }) => {
    const { exhibitId, releaseId } = memorised(memory.answer, 'a prepared answer')
    const input = { ...answerInput(memory), exhibitId, releaseId }
    const id = memorised(memory.caseId, 'a case')
    return held(await hands.meridia.officer.do(id, 'answerAssistance', input))
  },
}

const fulfil: Step = {
  id: '6.verify-copy',
  at: 'albion',
  title: 'Albion recomputes that the copy derives from the sealed original, and accepts it',
  run: async ({ hands, memory }) => {
    const id = memorised(memory.albionCase, 'their case')
    const exhibit = await waitFor('the verified copy', async () => {
      const { state } = await hands.albion.officer.get<Requests>(`/cases/${id}`)
      return state.evidence.exhibits.find(
        ({ origin, derivation }) => origin === 'received' && derivation !== null,
      )
    })
    const requestId = memorised(memory.requestId, 'a request')
    const input = { requestId, exhibitId: exhibit.exhibitId }
    const accepted = { exhibitId: exhibit.exhibitId, answer: 'accepted' }
    await hands.albion.officer.do(id, 'acknowledgeExhibit', accepted)
    const done = await hands.albion.officer.do(id, 'fulfilAssistance', input)
    return held(done)
  },
}

export const cooperationSteps: readonly Step[] = [
  setEmbargo,
  embargoRefused,
  noEmbargo,
  validate,
  invite,
  accept('albion'),
  accept('sierra'),
  contactRefused,
  transferRefused,
  release,
  emergency,
  seal,
  ask,
  prepare,
  handlerMayNotReview,
  review,
  deliver,
  fulfil,
]
