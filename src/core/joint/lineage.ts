/**
 * The lineage of models: what is derived from what, who distributes and who deploys it. It
 * finds whom to tell, and says no more than what somebody recorded: a deployer that nobody
 * listed is not found.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'

export const COMPONENT_KINDS = ['system', 'model', 'dataset', 'organisation'] as const
export type ComponentKind = (typeof COMPONENT_KINDS)[number]

export type LineageComponent = {
  /** Unique in the case: of the document that it comes from, or made from its name. */
  readonly id: string
  readonly kind: ComponentKind
  readonly name: string
  readonly version: string | null
}

export const EDGE_KINDS = ['derivedFrom', 'deployedBy', 'distributedBy'] as const
export type EdgeKind = (typeof EDGE_KINDS)[number]

export type LineageEdge = { readonly from: string; readonly to: string; readonly kind: EdgeKind }

/** What the document says and the list does not. */
export type NotCarried = { readonly pointer: string; readonly why: string }

export type Lineage = {
  readonly components: readonly LineageComponent[]
  readonly edges: readonly LineageEdge[]
}

export const COMPONENTS_MAX = 2000
export const EDGES_MAX = 10_000

export function mergedLineage(before: Lineage, added: Lineage): Lineage {
  const components = new Map(
    [...before.components, ...added.components].map((one) => [one.id, one]),
  )
  const edges = new Map(
    [...before.edges, ...added.edges].map((one) => [`${one.from}\n${one.kind}\n${one.to}`, one]),
  )
  return { components: [...components.values()], edges: [...edges.values()] }
}

export type LineageWhy = 'nothingToAdd' | 'tooMuch' | 'unknownComponent' | 'wrongKind'

/** An edge ends at what is known, and only organisations deploy or distribute. */
export function checkLineage(before: Lineage, added: Lineage): Decision<Lineage, LineageWhy> {
  if (added.components.length + added.edges.length === 0) return no('nothingToAdd', rules.empty)
  const all = mergedLineage(before, added)
  if (all.components.length > COMPONENTS_MAX || all.edges.length > EDGES_MAX) {
    return no('tooMuch', rules.limit)
  }
  const kinds = new Map(all.components.map(({ id, kind }) => [id, kind]))
  for (const { from, to, kind } of added.edges) {
    const [source, target] = [kinds.get(from), kinds.get(to)]
    if (!source || !target) return no('unknownComponent', rules.known)
    const isOfOrganisation = target === 'organisation' && source !== 'organisation'
    const isDerived = target !== 'organisation' && source !== 'organisation' && from !== to
    if (kind === 'derivedFrom' ? !isDerived : !isOfOrganisation) return no('wrongKind', rules.kind)
  }
  return permit(all)
}

export type ToTell = {
  readonly organisation: LineageComponent
  readonly as: 'deployedBy' | 'distributedBy'
  readonly of: LineageComponent
  /** From what is deployed back to the affected model. */
  readonly path: readonly string[]
}

/** Who deploys or distributes the affected model, or what is derived from it, over any steps. */
export function whoToTell({ components, edges }: Lineage, affected: string): readonly ToTell[] {
  const known = new Map(components.map((one) => [one.id, one]))
  const paths = new Map<string, readonly string[]>([[affected, [affected]]])
  // Breadth first, so that a path is a shortest one; a cycle is walked once.
  for (const id of paths.keys()) {
    for (const { from, to, kind } of edges) {
      if (kind !== 'derivedFrom' || to !== id || paths.has(from)) continue
      paths.set(from, [from, ...(paths.get(id) ?? [])])
    }
  }
  return edges.flatMap(({ from, to, kind }) => {
    const [path, of, organisation] = [paths.get(from), known.get(from), known.get(to)]
    if (kind === 'derivedFrom' || !path || !of || !organisation) return []
    return [{ organisation, as: kind, of, path: path.map((id) => known.get(id)?.name ?? id) }]
  })
}

/** The id of what somebody types: the same words are the same thing. */
export function typedId(kind: ComponentKind, name: string): string {
  return `${kind}:${name.trim().toLowerCase().replaceAll(/\s+/gu, ' ')}`
}

const rules = {
  empty: 'There is no system, model, dataset, supplier or deployer in it.',
  limit: `A case holds at most ${COMPONENTS_MAX} entries and ${EDGES_MAX} lines between them.`,
  known: 'A line leads to something that is not in the list.',
  kind: 'Systems, models and datasets derive from each other; organisations deploy and distribute.',
}

function no(why: LineageWhy, text: string) {
  return refuse(why, { rule: `lineage:${why}`, text })
}
