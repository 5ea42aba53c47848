/**
 * The lineage of models from an inventory of another program: a CycloneDX ML-BOM (1.5 to
 * 1.7, JSON) or an SPDX 3 document with its AI and dataset profiles (JSON-LD). It carries
 * components, who supplies them and what is derived from what; everything else is listed.
 *
 * Sources: CycloneDX specification (ECMA-424), `components`, `dependencies`, `pedigree` and
 * `modelCard`; SPDX 3.0.1, classes `AIPackage`, `DatasetPackage`, `Package` and
 * `Relationship`. Neither format says who deploys a system: that is added by hand.
 */
import { Type } from '@sinclair/typebox'
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import {
  type ComponentKind,
  type Lineage,
  type LineageComponent,
  type LineageEdge,
  type NotCarried,
  typedId,
} from '../../core/joint/lineage.ts'
import { requireForm } from '../exchange/form.ts'

export type ReadLineage = Lineage & {
  readonly source: string
  readonly notCarried: readonly NotCarried[]
}

const text = Type.String({ minLength: 1, maxLength: 500 })
const maybe = Type.Optional(text)
const party = Type.Object({ name: maybe })
const NOT_CARRIED_MAX = 200

const Component = Type.Object({
  type: text,
  name: text,
  version: maybe,
  'bom-ref': maybe,
  supplier: Type.Optional(party),
  manufacturer: Type.Optional(party),
  publisher: maybe,
  pedigree: Type.Optional(
    Type.Object({
      ancestors: Type.Optional(
        Type.Array(Type.Object({ name: text, type: maybe, 'bom-ref': maybe, version: maybe }), {
          maxItems: 100,
        }),
      ),
    }),
  ),
  modelCard: Type.Optional(
    Type.Object({
      modelParameters: Type.Optional(
        Type.Object({
          datasets: Type.Optional(
            Type.Array(Type.Object({ ref: maybe, name: maybe }), { maxItems: 200 }),
          ),
        }),
      ),
    }),
  ),
})

export const CycloneDxForm = Type.Object({
  bomFormat: Type.Literal('CycloneDX'),
  specVersion: Type.Union(['1.5', '1.6', '1.7'].map((version) => Type.Literal(version))),
  metadata: Type.Optional(Type.Object({ component: Type.Optional(Component) })),
  components: Type.Optional(Type.Array(Component, { maxItems: 1000 })),
  dependencies: Type.Optional(
    Type.Array(
      Type.Object({
        ref: text,
        dependsOn: Type.Optional(Type.Array(text, { maxItems: 1000 })),
      }),
      { maxItems: 2000 },
    ),
  ),
})

const Element = Type.Object({
  type: text,
  spdxId: maybe,
  name: maybe,
  software_packageVersion: maybe,
  suppliedBy: maybe,
  relationshipType: maybe,
  from: maybe,
  to: Type.Optional(Type.Array(text, { maxItems: 1000 })),
})

export const Spdx3Form = Type.Object({
  '@context': Type.String({ pattern: '^https://spdx\\.org/rdf/3\\.0(\\.[0-9]+)?/' }),
  '@graph': Type.Array(Element, { maxItems: 5000 }),
})

/** @throws ComityError `malformed` if it is neither, or does not hold to its format */
export function readLineage(document: Json): ReadLineage {
  if (document === null || typeof document !== 'object' || Array.isArray(document)) {
    throw malformed('it is no inventory of a known format', { field: '' })
  }
  if ('bomFormat' in document) return readCycloneDx(document)
  if ('@graph' in document) return readSpdx3(document)
  throw malformed('it is neither CycloneDX nor SPDX 3', { field: '' })
}

/** What is collected on the way. */
function collector() {
  const components = new Map<string, LineageComponent>()
  const edges: LineageEdge[] = []
  const notCarried: NotCarried[] = []
  return {
    components,
    add: (id: string, kind: ComponentKind, name: string, version: string | undefined) => {
      if (!components.has(id)) components.set(id, { id, kind, name, version: version ?? null })
      return id
    },
    edge: (from: string, kind: LineageEdge['kind'], to: string) => {
      edges.push({ from, kind, to })
    },
    leave: (pointer: string, why: string) => {
      if (notCarried.length < NOT_CARRIED_MAX) notCarried.push({ pointer, why })
    },
    /** Lines that lead to something that was not carried are not carried either. */
    finish: (source: string): ReadLineage => {
      const kindOf = (id: string) => components.get(id)?.kind
      const kept = edges.filter(({ from, to, kind }) => {
        if (kind !== 'derivedFrom') return kindOf(from) !== undefined && kindOf(to) !== undefined
        const ends = [kindOf(from), kindOf(to)]
        return from !== to && ends.every((one) => one !== undefined && one !== 'organisation')
      })
      if (kept.length < edges.length) {
        notCarried.push({
          pointer: '',
          why: `${edges.length - kept.length} lines lead to no entry`,
        })
      }
      return { source, components: [...components.values()], edges: kept, notCarried }
    },
  }
}

const CYCLONE_KINDS: Readonly<Record<string, ComponentKind>> = {
  'machine-learning-model': 'model',
  data: 'dataset',
  application: 'system',
  framework: 'system',
  device: 'system',
}
const CYCLONE_READ = [
  'bomFormat',
  'specVersion',
  'metadata',
  'components',
  'dependencies',
  '$schema',
]

type CycloneComponent = {
  readonly type: string
  readonly name: string
  readonly version?: string
  readonly 'bom-ref'?: string
  readonly supplier?: { readonly name?: string }
  readonly manufacturer?: { readonly name?: string }
  readonly publisher?: string
  readonly pedigree?: {
    readonly ancestors?: readonly {
      readonly name: string
      readonly type?: string
      readonly version?: string
      readonly 'bom-ref'?: string
    }[]
  }
  readonly modelCard?: {
    readonly modelParameters?: {
      readonly datasets?: readonly { readonly ref?: string; readonly name?: string }[]
    }
  }
}

function readCycloneDx(document: { readonly [member: string]: Json | undefined }): ReadLineage {
  requireForm(CycloneDxForm, document as Json, '')
  const bom = document as unknown as {
    readonly specVersion: string
    readonly metadata?: { readonly component?: CycloneComponent }
    readonly components?: readonly CycloneComponent[]
    readonly dependencies?: readonly {
      readonly ref: string
      readonly dependsOn?: readonly string[]
    }[]
  }
  const into = collector()
  const { component: own } = bom.metadata ?? {}
  if (own) cycloneComponent(into, own, '/metadata/component')
  for (const [index, one] of (bom.components ?? []).entries()) {
    cycloneComponent(into, one, `/components/${index}`)
  }
  for (const { ref, dependsOn = [] } of bom.dependencies ?? []) {
    for (const to of dependsOn) into.edge(ref, 'derivedFrom', to)
  }
  for (const member of Object.keys(document)) {
    if (!CYCLONE_READ.includes(member)) into.leave(`/${member}`, 'not part of the lineage')
  }
  return into.finish(`CycloneDX ${bom.specVersion}`)
}

function cycloneComponent(
  into: ReturnType<typeof collector>,
  one: CycloneComponent,
  pointer: string,
): void {
  const kind = CYCLONE_KINDS[one.type]
  if (!kind) {
    into.leave(pointer, `a component of the type ${one.type.slice(0, 60)}`)
    return
  }
  const id = into.add(one['bom-ref'] ?? typedId(kind, one.name), kind, one.name, one.version)
  const supplier = one.supplier?.name ?? one.manufacturer?.name ?? one.publisher
  if (supplier) {
    const organisation = typedId('organisation', supplier)
    into.edge(id, 'distributedBy', into.add(organisation, 'organisation', supplier, undefined))
  }
  for (const ancestor of one.pedigree?.ancestors ?? []) {
    const ancestorKind = CYCLONE_KINDS[ancestor.type ?? ''] ?? 'model'
    const known = ancestor['bom-ref'] ?? typedId(ancestorKind, ancestor.name)
    into.edge(id, 'derivedFrom', into.add(known, ancestorKind, ancestor.name, ancestor.version))
  }
  for (const { ref, name } of one.modelCard?.modelParameters?.datasets ?? []) {
    if (ref !== undefined) into.edge(id, 'derivedFrom', ref)
    else if (name !== undefined) {
      const dataset = into.add(typedId('dataset', name), 'dataset', name, undefined)
      into.edge(id, 'derivedFrom', dataset)
    }
  }
}

const SPDX_KINDS: Readonly<Record<string, ComponentKind>> = {
  ai_AIPackage: 'model',
  dataset_DatasetPackage: 'dataset',
  software_Package: 'system',
  Organization: 'organisation',
  Agent: 'organisation',
}
/** `from` is derived from `to`; with `true` it is the other way round. */
const SPDX_RELATIONS: Readonly<Record<string, boolean>> = {
  trainedOn: false,
  descendantOf: false,
  dependsOn: false,
  ancestorOf: true,
}

type SpdxElement = {
  readonly type: string
  readonly spdxId?: string
  readonly name?: string
  readonly software_packageVersion?: string
  readonly suppliedBy?: string
  readonly relationshipType?: string
  readonly from?: string
  readonly to?: readonly string[]
}

function readSpdx3(document: { readonly [member: string]: Json | undefined }): ReadLineage {
  requireForm(Spdx3Form, document as Json, '')
  const graph = document['@graph'] as unknown as readonly SpdxElement[]
  const into = collector()
  for (const [index, one] of graph.entries()) {
    const kind = SPDX_KINDS[one.type]
    const pointer = `/@graph/${index}`
    if (one.type === 'Relationship') spdxRelation(into, one, pointer)
    else if (!kind || !one.spdxId || !one.name) {
      into.leave(pointer, `an element of the type ${one.type.slice(0, 60)}`)
    } else {
      into.add(one.spdxId, kind, one.name, one.software_packageVersion)
      if (one.suppliedBy) into.edge(one.spdxId, 'distributedBy', one.suppliedBy)
    }
  }
  return into.finish('SPDX 3.0')
}

function spdxRelation(
  into: ReturnType<typeof collector>,
  { relationshipType = '', from, to = [] }: SpdxElement,
  pointer: string,
): void {
  const isReversed = SPDX_RELATIONS[relationshipType]
  if (isReversed === undefined || from === undefined) {
    into.leave(pointer, `a relationship of the type ${relationshipType.slice(0, 60)}`)
    return
  }
  for (const one of to) {
    if (isReversed) into.edge(one, 'derivedFrom', from)
    else into.edge(from, 'derivedFrom', one)
  }
}
