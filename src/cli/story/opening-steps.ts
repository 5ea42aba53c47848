/** Steps 0 to 3: agreement, report, triage, competence and clocks. */
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { systemRandom } from '../../adapters/random.ts'
import { fromBase64, textFromUtf8, toHex } from '../../base/bytes.ts'
import { canonicalBytes, parseJson } from '../../base/canonical-json.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { agreementFromModel } from '../../core/agreement/agreement-model.ts'
import { unpad } from '../../seal/padme.ts'
import { openNested, openWith } from '../../seal/seal.ts'
import { disclosureRing } from '../../wire/model-agreements.ts'
import { writeArtefact } from './artefacts.ts'
import { type Answer, caseNowOf, type Done, type Hand, request, signIn } from './client.ts'
import { held, memorised, nodeOf, refusedAs, type Step, type Story, waitFor } from './story.ts'

const AGREEMENT_DAYS = 3 * 365

const agreement: Step = {
  id: '0.agreement',
  at: 'meridia',
  title: 'Three authorities sign an agreement (simulated)',
  run: async (story) => {
    const { meridia, albion, sierra } = story.hands
    const known = await meridia.liaison.get<{ state: string }[]>('/agreements')
    if (known.some(({ state }) => state === 'inForce')) return { events: [] }
    const { caseNow } = await caseNowOf(nodeOf(story, 'meridia'))
    const document = agreementFromModel(disclosureRing, {
      id: systemRandom.uuidByTime(),
      parties: story.demo.nodes.map(({ authority, keys }) => ({
        node: authority.id,
        name: authority.name,
        legalOrder: authority.legalOrder,
        messageKeys: [
          {
            id: keys.messageKeyId,
            fingerprint: toHex(nodePrimitives.sha256(keys.messagePublicKey)),
          },
        ],
      })),
      quorum: readFileSync(story.demo.policyFile, 'utf8'),
      validFromAt: addMs(caseNow as Instant, -DAY_MS),
      sunsetAt: addMs(caseNow as Instant, AGREEMENT_DAYS * DAY_MS),
    })
    const offered = await meridia.liaison.post('/agreements', { document })
    const events = 'done' in offered ? [...offered.done.events] : []
    for (const { liaison } of [meridia, albion, sierra]) {
      await waitFor('the offer', async () => {
        const rows = await liaison.get<{ id: string }[]>('/agreements')
        return rows.some(({ id }) => id === document.id)
      })
      const signed = await liaison.post(`/agreements/${document.id}/sign`, { simulated: true })
      if ('refused' in signed) throw new Error(`not signed: ${signed.refused.why}`)
      events.push(...signed.done.events)
    }
    for (const { liaison } of [meridia, albion, sierra]) {
      await waitFor('the agreement to be in force everywhere', async () => {
        const rows = await liaison.get<{ state: string }[]>('/agreements')
        return rows.some(({ state }) => state === 'inForce')
      })
    }
    return { events }
  },
}

/** Seen in the agreement's history at all three; both take a moment. */
const suspension: Step = {
  id: '0.suspension',
  at: 'albion',
  title: 'Albion suspends the agreement, and nothing may leave; then it resumes',
  run: async (story) => {
    const { albion } = story.hands
    const [row] = await albion.liaison.get<{ id: string }[]>('/agreements')
    const id = row?.id ?? ''
    const { state, history } = await albion.liaison.get<Agreed>(`/agreements/${id}`)
    const isTold = history.some(({ type }) => type === 'agreementSuspended')
    if (isTold || state.phase !== 'inForce') return { events: [] }
    const { caseNow } = await caseNowOf(nodeOf(story, 'albion'))
    const suspended = await albion.liaison.post(`/agreements/${id}/acts/suspendAgreement`, {
      code: 'keysCompromised',
      reason: 'A laptop with a key on it was missed for an hour (invented).',
      clauses: [],
      reviewAt: addMs(caseNow as Instant, 14 * DAY_MS),
    })
    await everywhere(story, id, 'suspended')
    const reason = 'The laptop was found; the key was never used (invented).'
    const resumed = await albion.liaison.post(`/agreements/${id}/acts/resumeAgreement`, { reason })
    await everywhere(story, id, 'inForce')
    return { events: [suspended, resumed].flatMap(eventsOf) }
  },
}

type Agreed = {
  readonly state: { readonly phase: string }
  readonly history: readonly { readonly type: string }[]
}

function eventsOf(answer: Answer): readonly string[] {
  if ('refused' in answer) throw new Error(`not done: ${answer.refused.why}`)
  return answer.done.events
}

async function everywhere({ hands }: Story, id: string, phase: string): Promise<void> {
  for (const { liaison } of Object.values(hands)) {
    await waitFor(`the agreement to be ${phase}`, async () => {
      const { state } = await liaison.get<Agreed>(`/agreements/${id}`)
      return state.phase === phase
    })
  }
}

const stepUp: Step = {
  id: '0.step-up',
  at: 'meridia',
  title: 'To sign off law, being signed in is not enough: the officer proves anew who it is',
  run: async (story) => {
    const open = await signIn(nodeOf(story, 'meridia'), 'case-officer-1', NOT_BY_ITSELF)
    const signOff = () => open.post('/law/sign-offs', { pack: 'law.eu', simulated: true })
    const before = await signOff()
    if (!('refused' in before) || before.refused.why !== 'stepUpNeeded') {
      throw new Error('an officer signed off without a fresh proof')
    }
    await open.prove()
    return { events: signedOff(await signOff(), 'law.eu'), refusal: before.refused }
  },
}

const NOT_BY_ITSELF = { provesWhenAsked: false }

/** What this officer signed off before, in this story or an earlier one, stands. */
function signedOff(answer: Answer, pack: string): readonly string[] {
  if ('done' in answer) return answer.done.events
  if (['alreadySignedOff', 'sameOfficer'].includes(answer.refused.why)) return []
  throw new Error(`${pack}: ${answer.refused.why}`)
}

const signOffs: Step = {
  id: '0.law-sign-off',
  at: 'meridia',
  title: 'Two officers of each authority sign off its law packs (simulated)',
  run: async (story) => {
    const events: string[] = []
    for (const { officer, liaison } of Object.values(story.hands)) {
      for (const pack of ['law.eu', 'law.gb', 'law.us-ca', 'law.us']) {
        for (const hand of [officer, liaison]) {
          const answer = await hand.post('/law/sign-offs', { pack, simulated: true })
          events.push(...signedOff(answer, pack))
        }
      }
    }
    return { events }
  },
}

const file: Step = {
  id: '1.report',
  at: 'meridia',
  title: 'A reporter files at the portal and gets a code and a receipt',
  run: async (story) => {
    const { memory, report } = story
    const node = nodeOf(story, 'meridia')
    const page = await (await request(node, 'GET', '/en/report/basic')).text()
    const token = /name="formToken"[^>]*value="([^"]+)"/.exec(page)?.[1]
    if (!token) throw new Error('the form has no token')
    const form = new FormData()
    form.set('formToken', token)
    for (const [name, value] of Object.entries(report.answers)) form.set(name, value)
    form.set('contact', CONTACT)
    if (report.avid !== undefined) {
      const text = JSON.stringify(report.avid)
      form.set('attachment', new Blob([text], { type: 'application/json' }), 'avid-report.json')
    }
    const headers = { accept: 'application/json' }
    const response = await request(node, 'POST', '/en/report/basic', form, headers)
    const filed = (await response.json()) as { code: string; receipt: object }
    if (response.status !== 201) throw new Error(`not filed: ${JSON.stringify(filed)}`)
    memory.code = filed.code
    writeArtefact(story, 'accepted-receipt.json', canonicalBytes(filed.receipt))
    return { events: ['filed'] }
  },
}

const openReport: Step = {
  id: '2.admit',
  at: 'meridia',
  title: 'An intake officer opens the sealed report with their own key and admits it',
  run: async (story) => {
    const { officer } = story.hands.meridia
    const filings = await officer.get<{ id: string }[]>('/filings')
    const opened = await findFiling(story, filings)
    const { answers, attachments } = opened.document
    const attached = attachments[0]
    const avid = attached && parseJson(Buffer.from(attached.content, 'base64'))
    const input = {
      filingId: opened.id,
      title: String(answers['title']).slice(0, 300),
      ...(avid ? { avid } : { answers }),
    }
    const answer = await officer.post('/cases', input)
    if ('refused' in answer) throw new Error(`not admitted: ${answer.refused.why}`)
    story.memory.filingId = opened.id
    story.memory.caseId = answer.done.streamId
    return held(answer.done)
  },
}

type ReportDocument = {
  readonly answers: Record<string, unknown>
  readonly attachments: readonly { readonly content: string }[]
}

/** The filing that this story filed: only its officers can tell, by opening. */
async function findFiling(story: Story, filings: readonly { id: string }[]) {
  const { officer } = story.hands.meridia
  for (const { id } of filings) {
    const sealed = await officer.bytes('GET', `/filings/${id}/report`)
    const plain = unpad(await openWith(officer.officer.identity, sealed))
    const document = JSON.parse(textFromUtf8(plain)) as ReportDocument
    if (document.answers['title'] === story.report.answers['title']) return { id, document }
  }
  throw new Error('the filing is not in the list')
}

const triage: Step = {
  id: '2.triage',
  at: 'meridia',
  title: 'Terms, decision table, and a human who accepts the priority',
  run: async (story) => {
    const { officer } = story.hands.meridia
    const id = memorised(story.memory.caseId, 'a case')
    const terms = await officer.do(id, 'assignTaxonomy', { terms: [HARM_TERM] })
    const computed = await officer.do(id, 'computePriority', {
      inputs: {
        'ssvc:E:1.1.0': 'P',
        'ssvc:A:2.0.0': 'Y',
        'ssvc:TI:1.0.0': 'T',
        'ssvc:MWI:1.0.0': 'M',
      },
    })
    const decided = await officer.do(id, 'decidePriority', {
      decision: 'accepted',
      reason: 'The inputs are borne out by the report.',
    })
    return held(terms, computed, decided)
  },
}

const HARM_TERM = { scheme: 'ai-harm', id: 'eu-3-49-c' }

const notYetValid: Step = {
  id: '2.valid-too-early',
  at: 'meridia',
  title: 'The report is not valid before an embargo end is set or refused',
  run: async ({ hands, memory }) =>
    refusedAs(
      await hands.meridia.officer.mustRefuse(
        memorised(memory.caseId, 'a case'),
        'decideOnReport',
        { step: 'validate' },
        'embargoEndMissing',
      ),
    ),
}

const contact: Step = {
  id: '2.contact-two-keys',
  at: 'meridia',
  title: 'Two officers together, never one, open the reporter’s contact on a recorded ground',
  run: async (story) => {
    const { officer, liaison } = story.hands.meridia
    const id = memorised(story.memory.caseId, 'a case')
    const ground = 'The reporter asked to be called before anything is published.'
    const input = { ground, basis: 'reporterAgreed' }
    const proposed = await officer.do(id, 'openContact', input)
    const taken = await approve(liaison, id, proposed)
    const sealed = fromBase64(taken.result['sealedContact'] as string)
    const inner = officer.officer.identity
    const isOpenAlone = await openWith(inner, sealed).then(
      () => true,
      () => false,
    )
    if (isOpenAlone) throw new Error('one officer alone opened the contact')
    const opened = await openNested({ inner, outer: liaison.officer.identity }, sealed)
    if (!textFromUtf8(unpad(opened)).includes(CONTACT)) throw new Error('another contact')
    return held(proposed, taken)
  },
}

/** By somebody else, who was shown exactly this. */
async function approve(hand: Hand, caseId: string, { result }: Done): Promise<Done> {
  const { proposalId, digest } = result
  const path = `/cases/${caseId}/proposals/${proposalId}/approve`
  const answer = await hand.post(path, { digest: String(digest) })
  if ('done' in answer) return answer.done
  throw new Error(`the approval was refused: ${answer.refused.why}`)
}

const CONTACT = 'Invented reporter, box 7, Exampletown'

const facts: Step = {
  id: '3.competence',
  at: 'meridia',
  title: 'Who is competent in the EU, GB and US-CA, and why',
  run: async (story) => {
    const { officer } = story.hands.meridia
    const id = memorised(story.memory.caseId, 'a case')
    const recorded = await officer.do(id, 'recordFacts', { facts: FACTS })
    const assessed = await officer.do(id, 'assessCompetence', {})
    return held(recorded, assessed)
  },
}

const FACTS = {
  isAiSystem: true,
  sameProviderGpaiModel: false,
  inVeryLargePlatform: false,
  processesPersonalData: true,
  offeredIn: ['EU', 'GB', 'US-CA'],
  frontierDeveloper: true,
}

const clocks: Step = {
  id: '3.clocks',
  at: 'meridia',
  title: 'Clocks from the law packs: due, confirm, advisory, not started, chained',
  run: async (story) => {
    const { officer } = story.hands.meridia
    const id = memorised(story.memory.caseId, 'a case')
    const { caseNow } = await caseNowOf(nodeOf(story, 'meridia'))
    const at = addMs(caseNow as Instant, -60_000)
    const done = []
    for (const [event, clock, zone] of CLOCK_EVENTS) {
      const evidence = 'Stated in the report; checked by the officer.'
      const input = { event, clock, zone, at, evidence }
      done.push(await officer.do(id, 'recordClockEvent', input))
    }
    done.push(await officer.do(id, 'computeClocks', { clocks: Object.keys(CLOCK_STATES) }))
    const { state } = await officer.get<{ state: CaseClocks }>(`/cases/${id}`)
    for (const [clock, expected] of Object.entries(CLOCK_STATES)) {
      const actual = state.law.clocks[clock]?.state
      if (actual !== expected) throw new Error(`${clock} is ${actual}, not ${expected}`)
    }
    return held(...done)
  },
}

type CaseClocks = { law: { clocks: Record<string, { state: string }> } }

const CLOCK_EVENTS = [
  ['aware', null, 'Europe/Brussels'],
  ['discovery', null, 'America/Los_Angeles'],
  ['determination_or_reasonable_belief', null, 'America/New_York'],
  ['notification_submitted', 'eu.cra/sev_notif', 'Europe/Brussels'],
] as const

const CLOCK_STATES: Readonly<Record<string, string>> = {
  'eu.gdpr/breach_sa': 'due',
  'us-ca.sb53/imminent': 'due',
  'us-ca.sb53/csi': 'due',
  'eu.ai_act/sir_general': 'confirm',
  'uk.dp/breach': 'due',
  'us.circia/incident': 'advisory',
  'eu.cra/aev_final': 'not_started',
  'eu.cra/sev_final': 'due',
}

export const openingSteps: readonly Step[] = [
  agreement,
  suspension,
  stepUp,
  signOffs,
  file,
  openReport,
  triage,
  notYetValid,
  contact,
  facts,
  clocks,
]
