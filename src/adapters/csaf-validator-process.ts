/**
 * The child process of csaf-validation.ts: one CSAF document a line on standard
 * input, one `{valid, problems}` a line on standard output, in the same order. A
 * document of CSAF 2.1 is judged by the tests of 2.1; the library lacks some of them,
 * for members that we do not write.
 *
 * Not by the library's `validateStrict`: it loads every optional test and word list,
 * three seconds more, only to see that our tests are the library's own.
 */
import { createInterface } from 'node:readline'
import * as basicTests from '@secvisogram/csaf-validator-lib/basic.js'
import validate from '@secvisogram/csaf-validator-lib/validate.js'

type Tests = readonly ((document: unknown) => unknown)[]

const YOUNG = new Set<unknown>([
  'csaf_deprecated_security_advisory',
  'csaf_vulnerability_report',
  'csaf_withdrawn',
])

const tests20: Tests = Object.values(basicTests)
let tests21: Tests | undefined

/** Loaded with the first document of 2.1. */
async function load21(): Promise<Tests> {
  const [schema, mandatory] = await Promise.all([
    import('@secvisogram/csaf-validator-lib/csaf_2_1/schemaTests.js'),
    import('@secvisogram/csaf-validator-lib/csaf_2_1/mandatoryTests.js'),
  ])
  return [schema.csaf_2_1_strict, ...Object.values(mandatory as object)]
}

async function testsFor(document: unknown): Promise<Tests> {
  const { csaf_version, category } =
    (document as { document?: { csaf_version?: unknown; category?: unknown } } | null)?.document ??
    {}
  if (csaf_version !== '2.1') return tests20
  tests21 ??= await load21()
  // Profiles that are younger than the library, which takes their names for forbidden ones.
  return YOUNG.has(category)
    ? tests21.filter(({ name }) => name !== 'mandatoryTest_6_1_26')
    : tests21
}

for await (const line of createInterface({ input: process.stdin })) {
  const document: unknown = JSON.parse(line)
  const result = await validate(await testsFor(document), document)
  const problems = result.tests
    .filter((test) => !test.isValid)
    .flatMap((test) => {
      const findings = test.errors.length > 0 ? test.errors : [{}]
      return findings.map((finding) => ({
        test: test.name,
        pointer: finding.instancePath ?? '',
        message: finding.message ?? 'the test failed',
      }))
    })
  process.stdout.write(`${JSON.stringify({ valid: result.isValid, problems })}\n`)
}
