/** The part of the CSAF validator that we call; the package ships no declarations for it. */
declare module '@secvisogram/csaf-validator-lib/basic.js' {
  const tests: Readonly<Record<string, (document: unknown) => unknown>>
  export = tests
}

declare module '@secvisogram/csaf-validator-lib/csaf_2_1/mandatoryTests.js' {
  const tests: Readonly<Record<string, (document: unknown) => unknown>>
  export = tests
}

declare module '@secvisogram/csaf-validator-lib/csaf_2_1/schemaTests.js' {
  export const csaf_2_1_strict: (document: unknown) => unknown
}

declare module '@secvisogram/csaf-validator-lib/validate.js' {
  type Finding = { readonly instancePath?: string; readonly message?: string }
  type TestResult = {
    readonly name: string
    readonly isValid: boolean
    readonly errors: readonly Finding[]
  }
  const validate: (
    tests: readonly ((document: unknown) => unknown)[],
    document: unknown,
  ) => Promise<{ readonly isValid: boolean; readonly tests: readonly TestResult[] }>

  export default validate
}
