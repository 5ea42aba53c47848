/** What the tests use of packages for RDF that ship no types of their own. */
declare module 'jsonld' {
  const jsonld: {
    toRDF(
      document: object,
      options: { readonly format: 'application/n-quads'; readonly documentLoader: () => never },
    ): Promise<string>
  }
  export default jsonld
}

declare module 'n3' {
  type Term = { readonly value: string }
  export type Quad = { readonly subject: Term; readonly predicate: Term; readonly object: Term }
  export class Parser {
    constructor(options?: { readonly format: string })
    parse(text: string): Quad[]
  }
  export class Store {
    constructor(quads?: readonly Quad[])
  }
}

declare module 'rdf-validate-shacl' {
  type Term = { readonly value: string }
  export default class Validator {
    constructor(shapes: object)
    validate(data: object): Promise<{
      readonly conforms: boolean
      readonly results: readonly {
        readonly path: Term | null
        readonly sourceConstraintComponent: Term | null
      }[]
    }>
  }
}
