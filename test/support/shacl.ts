/** A graph in JSON-LD against SHACL shapes, by packages that know nothing of Comity. */
import jsonld from 'jsonld'
import { Parser, type Quad, Store } from 'n3'
import Validator from 'rdf-validate-shacl'
import { textFromUtf8 } from '../../src/base/bytes.ts'

/** The processor follows no imports and knows no SPARQL; shapes of CASE and UCO have both. */
const LEFT_OUT = [
  'http://www.w3.org/2002/07/owl#imports',
  'http://www.w3.org/ns/shacl#sparql',
] as const

/**
 * What the shapes find, as `constraint path`, each by the end of its name. `shapes`: Turtle;
 * classes that it defines count for the graph too.
 */
export async function shapeFaults(
  graph: Uint8Array,
  shapes: readonly string[],
): Promise<readonly string[]> {
  const rules = shapes
    .flatMap((text) => new Parser().parse(text))
    .filter(({ predicate }) => !LEFT_OUT.some((one) => one === predicate.value))
  const data = new Store([...(await quadsOf(graph)), ...rules])
  const { results } = await new Validator(new Store(rules)).validate(data)
  return results
    .map(({ path, sourceConstraintComponent: of }) => `${endOf(of)} ${endOf(path)}`.trim())
    .sort()
}

async function quadsOf(graph: Uint8Array): Promise<readonly Quad[]> {
  const text = await jsonld.toRDF(JSON.parse(textFromUtf8(graph)), {
    format: 'application/n-quads',
    documentLoader: () => {
      throw new Error('the graph names a context from elsewhere')
    },
  })
  return new Parser({ format: 'N-Quads' }).parse(text)
}

const endOf = (term: { readonly value: string } | null) =>
  (term?.value ?? '').replace(/^.*[/#]/, '').replace(/ConstraintComponent$/, '')
