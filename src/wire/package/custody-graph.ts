/**
 * The chain of custody of a case as CASE/UCO 1.4.0 in JSON-LD: the case, under which
 * agreements, each exhibit as a file with its digests, and each act as an action from
 * one record to the next. What CASE has no word for stands in a namespace of Comity's.
 *
 * Derived from the events alone, ids included: the same record gives the same graph.
 */
import { toHex, utf8 } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { isUuid } from '../../base/ids.ts'
import type { CaseState } from '../../core/case/case.ts'
import { type CustodyEvent, type Exhibit, exhibitOf } from '../../core/evidence/evidence.ts'
import type { Hashing } from '../../proof/primitives.ts'
import type { PackageFacts } from './forms.ts'

type Node = { readonly '@id': string; readonly [member: string]: Json }

/** A UUID, because a namespace then needs nobody's domain. */
const COMITY = 'urn:uuid:5b0c5d3e-6f0f-4c43-9f2c-8f6a4b2b7d10#'
const CONTEXT = {
  comity: COMITY,
  investigation: 'https://ontology.caseontology.org/case/investigation/',
  'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
  'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
  'uco-identity': 'https://ontology.unifiedcyberontology.org/uco/identity/',
  'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
  'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const

export function custodyGraph(
  primitives: Hashing,
  { node, caseId }: Pick<PackageFacts, 'node' | 'caseId'>,
  state: CaseState,
): object {
  const making: Making = { primitives, node, caseId, state }
  const { exhibits } = state.evidence
  const graph = [
    investigation(making),
    ...agreementsOf(state).map((id) => authorization(making, id)),
    ...actorsOf(making).map((actor) => identity(making, actor)),
    ...exhibits.flatMap((exhibit) => [...fileNodes(making, exhibit), ...chain(making, exhibit)]),
  ]
  return { '@context': { ...CONTEXT, kb: `https://${node}/kb/` }, '@graph': graph }
}

type Making = {
  readonly primitives: Hashing
  readonly node: string
  readonly caseId: string
  readonly state: CaseState
}

function investigation(making: Making): Node {
  const { caseId, state } = making
  return {
    '@id': `kb:investigation-${caseId}`,
    '@type': 'investigation:Investigation',
    'uco-core:name': state.title,
    'investigation:investigationForm': 'case',
    'investigation:relevantAuthorization': agreementsOf(state).map((id) =>
      ref(`authorization-${uuidOf(making, id)}`),
    ),
    'uco-core:object': state.evidence.exhibits.map((exhibit) => ref(recordId(making, exhibit, 0))),
  }
}

function authorization(making: Making, agreementId: string): Node {
  return {
    '@id': `kb:authorization-${uuidOf(making, agreementId)}`,
    '@type': 'investigation:Authorization',
    'investigation:authorizationType': 'agreement',
    'investigation:authorizationIdentifier': agreementId,
  }
}

/** Officers go by their ids: who that is, their authority knows. */
function identity(making: Making, actor: string): Node {
  return {
    '@id': `kb:${identityId(making, actor)}`,
    '@type': isUuid(actor) ? 'uco-identity:Person' : 'uco-identity:Organization',
    'uco-core:name': actor,
  }
}

function fileNodes(making: Making, exhibit: Exhibit): Node[] {
  const { exhibitId, name, mediaType, sizeBytes, digest, file, derivedFrom } = exhibit
  const own = (part: string) => uuidFor(making, `${part}/${exhibitId}`)
  const source = exhibitOf(making.state.evidence, derivedFrom ?? '')
  return [
    {
      '@id': `kb:${fileId(making, exhibit)}`,
      '@type': 'uco-observable:File',
      'uco-core:hasFacet': [
        {
          '@id': `kb:filefacet-${own('file-facet')}`,
          '@type': 'uco-observable:FileFacet',
          'uco-observable:fileName': name,
          'uco-observable:sizeInBytes': typed('integer', String(sizeBytes)),
        },
        {
          '@id': `kb:contentdatafacet-${own('content-facet')}`,
          '@type': 'uco-observable:ContentDataFacet',
          'uco-observable:hash': hash(`kb:hash-${own('hash')}`, digest),
          'uco-observable:mimeType': mediaType,
        },
      ],
      ...(file
        ? {
            'comity:plaintextHash': hash(`kb:hash-${own('plaintext-hash')}`, file.digest),
            'comity:plaintextSizeInBytes': typed('integer', String(file.sizeBytes)),
          }
        : {}),
      ...(source ? { 'investigation:wasDerivedFrom': ref(fileId(making, source)) } : {}),
      ...(exhibit.redactions.length > 0
        ? { 'comity:redactedParts': exhibit.redactions.map(({ part }) => part) }
        : {}),
    },
  ]
}

/** A record before the first act and one after each; each act leads from one to the next. */
function chain(making: Making, exhibit: Exhibit): Node[] {
  const nodes: Node[] = [record(making, exhibit, 0, undefined)]
  for (const [index, event] of exhibit.custody.entries()) {
    const before = nodes.at(index === 0 ? 0 : -1) as Node
    nodes.push(action(making, exhibit, index, event), record(making, exhibit, index + 1, before))
  }
  return nodes
}

function record(making: Making, exhibit: Exhibit, at: number, before: Node | undefined): Node {
  const { node, primitives } = making
  const numberAt = (place: number) => `${node}/${exhibit.exhibitId}/${place}`
  const digest = before && toHex(primitives.sha256(canonicalBytes(before)))
  return {
    '@id': `kb:${recordId(making, exhibit, at)}`,
    '@type': 'investigation:ProvenanceRecord',
    'investigation:exhibitNumber': numberAt(at),
    ...(at > 0 ? { 'investigation:rootExhibitNumber': numberAt(0) } : {}),
    'uco-core:object': ref(fileId(making, exhibit)),
    ...(digest ? { 'comity:previousRecordHash': typed('hexBinary', digest) } : {}),
  }
}

function action(
  making: Making,
  exhibit: Exhibit,
  index: number,
  { act, at, by, purpose, digest }: CustodyEvent,
): Node {
  const answer = act === 'accepted' || act === 'rejected' ? act : undefined
  return {
    '@id': `kb:${actionId(making, exhibit, index)}`,
    '@type': 'investigation:InvestigativeAction',
    'uco-core:name': `custody-${act}`,
    'uco-action:startTime': typed('dateTime', at),
    'uco-action:performer': ref(identityId(making, by)),
    'uco-action:object': [ref(recordId(making, exhibit, index))],
    'uco-action:result': [ref(recordId(making, exhibit, index + 1))],
    'comity:purpose': purpose,
    'comity:handledHash': typed('hexBinary', digest),
    ...(answer ? { 'comity:receiverAcknowledgement': answer } : {}),
    ...(exhibit.releaseId ? { 'comity:releaseId': exhibit.releaseId } : {}),
    ...(index > 0
      ? { 'investigation:wasInformedBy': ref(actionId(making, exhibit, index - 1)) }
      : {}),
  }
}

function agreementsOf({ releases }: CaseState): readonly string[] {
  const named = [...releases.permitted, ...releases.received].flatMap(({ agreement }) =>
    agreement ? [agreement.id] : [],
  )
  return [...new Set(named)]
}

function actorsOf({ node, state }: Making): readonly string[] {
  const acting = state.evidence.exhibits.flatMap(({ custody }) => custody.map(({ by }) => by))
  return [...new Set([node, ...acting])]
}

const fileId = (making: Making, { exhibitId }: Exhibit) => `file-${uuidOf(making, exhibitId)}`
const identityId = (making: Making, actor: string) =>
  `${isUuid(actor) ? 'person' : 'organization'}-${uuidOf(making, actor)}`
const recordId = (making: Making, { exhibitId }: Exhibit, at: number) =>
  `provenancerecord-${uuidFor(making, `record/${exhibitId}/${at}`)}`
const actionId = (making: Making, { exhibitId }: Exhibit, index: number) =>
  `action-${uuidFor(making, `action/${exhibitId}/${index}`)}`

const ref = (id: string) => ({ '@id': `kb:${id}` })
const typed = (type: string, value: string) => ({ '@type': `xsd:${type}`, '@value': value })

const hash = (id: string, digest: string) => ({
  '@id': id,
  '@type': 'uco-types:Hash',
  'uco-types:hashMethod': 'SHA256',
  'uco-types:hashValue': typed('hexBinary', digest),
})

const uuidOf = (making: Making, id: string) => (isUuid(id) ? id : uuidFor(making, id))

/** Version 8 (RFC 9562, section 5.8): the first bytes of a digest over the case and a name. */
function uuidFor({ primitives, caseId }: Making, name: string): string {
  const hex = toHex(primitives.sha256(utf8(`comity/custody-graph/v1\n${caseId}\n${name}`)))
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4] as string
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return groups.join('-')
}
