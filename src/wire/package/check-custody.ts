/**
 * The graph of custody against the events. It is made again and compared byte for byte;
 * and because shapes of CASE and UCO do not catch it, it is also read as a stranger
 * would: every id ends in a UUID and is defined once, every act has a record before and
 * after it, the digests are those of the events.
 */
import { equalBytes } from '../../base/bytes.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { unverified } from '../../base/errors.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { GRAPH, type PackageContent } from './content.ts'
import { graphFile } from './derived.ts'
import type { Checking } from './report.ts'
import type { Files } from './tar.ts'

export function checkCustody(
  primitives: Primitives,
  files: Files,
  content: PackageContent,
  state: CaseState,
  checking: Checking,
): void {
  const found = files.get(GRAPH)
  if (!found) {
    checking.found('no graph: the package was made before there was one')
    return
  }
  checking.looked(GRAPH)
  const made = graphFile(primitives, content, state).get(GRAPH)
  if (!made || !equalBytes(found, made)) {
    checking.fail(GRAPH, 'the graph says something else than the events')
  }
  const nodes = checking.attempt(GRAPH, () => nodesIn(found))
  if (!nodes) return
  const counts = checking.attempt(GRAPH, () => requireChain(nodes, state))
  if (!counts) return
  checking.found(
    `${counts.acts} acts on ${counts.exhibits} exhibits, each with its result and the digest of its event; ${nodes.size} ids, each ending in a UUID`,
  )
}

type Members = { readonly [member: string]: Json | undefined }
type Nodes = ReadonlyMap<string, Members>

const ENDS_IN_UUID =
  /^kb:[a-z]+-[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const DEPTH_MAX = 8

/** Every node that the graph defines, by id. @throws ComityError */
export function nodesIn(bytes: Uint8Array): Nodes {
  const nodes = new Map<string, Members>()
  const named = new Set<string>()
  const walk = (value: Json | undefined, depth: number): void => {
    if (depth > DEPTH_MAX) throw unverified('the graph is too deep', { field: GRAPH })
    if (Array.isArray(value)) for (const each of value) walk(each, depth + 1)
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return
    const members = value as Members
    const id = members['@id']
    if (id !== undefined) take(String(id), members)
    for (const [name, each] of Object.entries(members)) if (name !== '@id') walk(each, depth + 1)
  }
  const take = (id: string, members: Members): void => {
    if (!ENDS_IN_UUID.test(id)) throw unverified('an id does not end in a UUID', { field: GRAPH })
    named.add(id)
    if (Object.keys(members).length === 1) return
    if (nodes.has(id)) throw unverified('an id is defined twice', { field: GRAPH })
    nodes.set(id, members)
  }
  const { '@graph': graph } = parseJson(bytes) as Members
  walk(graph, 0)
  for (const id of named) {
    if (!nodes.has(id)) throw unverified('an id is named and not defined', { field: GRAPH })
  }
  return nodes
}

/** @throws ComityError `unverified` with what is not as the events say */
export function requireChain(
  nodes: Nodes,
  { evidence }: CaseState,
): { readonly acts: number; readonly exhibits: number } {
  const ofType = (type: string) => [...nodes.values()].filter((node) => node['@type'] === type)
  const actions = ofType('investigation:InvestigativeAction')
  const results = new Set<string>()
  for (const action of actions) {
    const [before, after] = ['uco-action:object', 'uco-action:result'].map((name) => {
      const ids = idsIn(action[name])
      const [id] = ids
      const isRecord = nodes.get(id ?? '')?.['@type'] === 'investigation:ProvenanceRecord'
      if (ids.length !== 1 || !isRecord) {
        throw unverified(`an act has not one record as its ${name.slice(11)}`, { field: GRAPH })
      }
      return id as string
    })
    if (before === after || results.has(after as string)) {
      throw unverified('two acts have one result', { field: GRAPH })
    }
    results.add(after as string)
  }
  const custody = evidence.exhibits.flatMap((exhibit) => exhibit.custody)
  const handled = actions.map((action) => valueIn(action['comity:handledHash'])).sort()
  if (
    handled.join() !==
    custody
      .map(({ digest }) => digest)
      .sort()
      .join()
  ) {
    throw unverified('the digests that were handled are not those of the events', { field: GRAPH })
  }
  const hashes = ofType('uco-types:Hash').map((node) => valueIn(node['uco-types:hashValue']))
  const digests = evidence.exhibits.flatMap(({ digest, file }) => [
    digest,
    ...(file ? [file.digest] : []),
  ])
  if (hashes.sort().join() !== digests.sort().join()) {
    throw unverified('the digests of files are not those of the events', { field: GRAPH })
  }
  return { acts: actions.length, exhibits: evidence.exhibits.length }
}

function idsIn(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? value : []
  return list.map((each) => String((each as Members | null)?.['@id'] ?? ''))
}

function valueIn(value: Json | undefined): string {
  return String((value as Members | undefined)?.['@value'] ?? '')
}
