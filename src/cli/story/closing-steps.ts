/** Steps 9 and 10: the public record, and verification by anyone. */
import { readFileSync } from 'node:fs'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { utf8 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { verifyCheckpoint } from '../../proof/checkpoint.ts'
import { verifyCosignatures } from '../../proof/cosignature.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { parseSignedNote } from '../../proof/signed-note.ts'
import { logOrdinalOf } from '../../wire/event-opening.ts'
import { verifyPackage } from '../../wire/package/verify-package.ts'
import { writeArtefact } from './artefacts.ts'
import { request } from './client.ts'
import { held, memorised, nodeOf, refusedAs, type Step, type Story, waitFor } from './story.ts'

const SUMMARY =
  'The system answers messages of young people about self-harm in a way that keeps them on the subject and away from adults. The authority has confirmed this in a test of its own (invented).'

const advisoryInput = ({ report }: Story) => {
  const { affects } = (report.avid ?? {}) as {
    affects?: { developer?: string[]; artifacts?: { name: string }[] }
  }
  return {
    title: (report.answers['title'] ?? '').slice(0, 200),
    // An officer's words: a reporter may be known by theirs. A published record is public anyway.
    summary: report.avid ? (report.answers['whatHappened'] ?? '').slice(0, 2000) : SUMMARY,
    vendor: affects?.developer?.find(Boolean) || report.answers['developer'] || 'unknown',
    product:
      affects?.artifacts?.find(({ name }) => name)?.name ||
      report.answers['systemName'] ||
      'unknown',
    // What a real report says is an allegation here, not a finding.
    status: report.avid === undefined ? 'known_affected' : 'under_investigation',
    remediation: 'Follow the provider’s notices; tell the authority of further cases.',
  }
}

const tooEarly: Step = {
  id: '9.embargo-first',
  at: 'meridia',
  title: 'Publishing under the embargo is refused; the embargo ends first',
  when: ({ report }) => !report.isPublic,
  run: async (story) => {
    const { officer } = story.hands.meridia
    const id = memorised(story.memory.caseId, 'a case')
    const input = advisoryInput(story)
    const refusal = await officer.mustRefuse(id, 'publishAdvisory', input, 'underEmbargo')
    return refusedAs(refusal)
  },
}

const endEmbargo: Step = {
  id: '9.embargo-ends',
  at: 'meridia',
  title: 'The embargo’s end has come',
  when: ({ report }) => !report.isPublic,
  run: async ({ hands, memory }) => {
    const id = memorised(memory.caseId, 'a case')
    return held(await hands.meridia.officer.do(id, 'endEmbargo', { reason: 'expired' }))
  },
}

const publish: Step = {
  id: '9.advisory',
  at: 'meridia',
  title: 'A valid CSAF 2.0 advisory, dashboard counts and open data, watermarked',
  run: async (story) => {
    const { hands, memory } = story
    const node = nodeOf(story, 'meridia')
    const id = memorised(memory.caseId, 'a case')
    const done = await hands.meridia.officer.do(id, 'publishAdvisory', advisoryInput(story))
    memory.trackingId = done.result['trackingId'] as string
    const listed = (await (await request(node, 'GET', '/open-data/advisories.json')).json()) as {
      trackingId: string
      url: string
    }[]
    const url = listed.find(({ trackingId }) => trackingId === memory.trackingId)?.url
    const csaf = await request(node, 'GET', memorised(url, 'the advisory in the open data'))
    const document = (await csaf.json()) as { document: { title: string } }
    if (!document.document.title.includes('DEMONSTRATION')) throw new Error('no watermark')
    writeArtefact(story, 'advisory.json', document)
    const counts = (await (await request(node, 'GET', '/open-data/counts.json')).json()) as {
      watermark: string | null
    }
    if (!counts.watermark) throw new Error('open data without watermark')
    return held(done)
  },
}

const cosigned: Step = {
  id: '10.checkpoints',
  at: 'meridia',
  title: 'Every checkpoint is cosigned by the other two and the outside witness',
  run: async (story) => {
    const { policyFile, nodes } = story.demo
    const policy = parsePolicy(nodePrimitives, new Uint8Array(readFileSync(policyFile)))
    const logKeys = policy.logs.map(({ key }) => key)
    const witnessKeys = policy.witnesses.map(({ key }) => key)
    for (const node of nodes) {
      await waitFor(`three cosignatures for ${node.authority.id}`, async () => {
        const text = await (await request(node, 'GET', '/ledger/checkpoint')).text()
        const note = parseSignedNote(utf8(text))
        const own = logKeys.filter(
          ({ name }) => logOrdinalOf(node.authority.id, name) !== undefined,
        )
        verifyCheckpoint(nodePrimitives, note, own)
        const names = verifyCosignatures(nodePrimitives, note, witnessKeys).map(
          ({ key }) => key.name,
        )
        const others = nodes.filter((other) => other !== node).map(({ authority }) => authority.id)
        return [...others, 'witness.example'].every((id) => names.includes(`${id}/witness`))
      })
    }
    return { events: [] }
  },
}

const receipts: Step = {
  id: '10.reporter-receipt',
  at: 'meridia',
  title: 'With the code alone the reporter gets the sealed receipt of the filing',
  run: async (story) => {
    const node = nodeOf(story, 'meridia')
    const sealed = await waitFor('the sealed receipt of the filing', async () => {
      const form = new FormData()
      form.set('code', memorised(story.memory.code, 'a code'))
      const headers = { accept: 'application/json' }
      const response = await request(node, 'POST', '/en/report/status', form, headers)
      const body = (await response.json()) as { state?: string; sealedReceipt?: object }
      return body.state === 'sealed' && body.sealedReceipt
    })
    story.memory.files.receipts.push(
      writeArtefact(story, 'filing-sealed.json', canonicalBytes(sealed)),
    )
    return { events: [] }
  },
}

const evidencePackage: Step = {
  id: '10.package',
  at: 'meridia',
  title: 'The evidence package verifies offline; unanchored or altered it fails',
  run: async (story) => {
    const { hands, memory, demo } = story
    const id = memorised(memory.caseId, 'a case')
    const bytes = await waitFor('all receipts to be sealed', async () => {
      const answer = await hands.meridia.officer
        .bytes('POST', `/cases/${id}/package`)
        .catch((error: Error) => {
          if (error.message.includes('receiptsNotSealed')) return undefined
          throw error
        })
      return answer
    })
    const file = writeArtefact(story, 'evidence-package.tar', bytes)
    memory.files.evidencePackage = file
    const policyBytes = new Uint8Array(readFileSync(demo.policyFile))
    const policy = parsePolicy(nodePrimitives, policyBytes)
    const report = verifyPackage(nodePrimitives, bytes, policy)
    if (report.verdict !== 'verified')
      throw new Error(`package: ${JSON.stringify(report.checks.filter(({ ok }) => !ok))}`)
    const unanchored = verifyPackage(nodePrimitives, bytes, undefined).verdict
    if (unanchored !== 'unanchored') throw new Error(`without a policy: ${unanchored}`)
    const altered = new Uint8Array(bytes)
    const middle = Math.floor(altered.length / 2)
    altered[middle] = (altered[middle] ?? 0) ^ 1
    const afterChange = verifyPackage(nodePrimitives, altered, policy).verdict
    if (afterChange !== 'failed') throw new Error(`one byte altered: ${afterChange}`)
    await saveReceipts(story, id)
    return held()
  },
}

/** The decisions on releases, each with its receipt: files that verify by themselves. */
async function saveReceipts(story: Story, caseId: string): Promise<void> {
  const { officer } = story.hands.meridia
  const { files } = story.memory
  const timeline = await officer.get<{ version: number; type: string }[]>(
    `/cases/${caseId}/timeline`,
  )
  for (const { version } of timeline.filter(({ type }) => type === 'releaseDecided')) {
    const opening = await officer.bytes('GET', `/cases/${caseId}/openings/${version}`)
    files.releases.push(writeArtefact(story, `release-${version}.json`, opening))
  }
  const first = await officer.bytes('GET', `/cases/${caseId}/openings/1`)
  writeArtefact(story, 'event-1.json', first)
  const receipt = await officer.bytes('GET', `/cases/${caseId}/receipts/1`)
  files.receipts.push(writeArtefact(story, 'event-1.tlog-proof', receipt))
}

export const closingSteps: readonly Step[] = [
  tooEarly,
  endEmbargo,
  publish,
  cosigned,
  receipts,
  evidencePackage,
]
