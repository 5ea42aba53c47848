/**
 * The child process of csaf-validation.ts: one CSAF document a line on standard
 * input, one `{valid, problems}` a line on standard output, in the same order.
 *
 * Not by the library's `validateStrict`: it loads every optional test and word list,
 * three seconds more, only to see that our tests are the library's own.
 */
import { createInterface } from 'node:readline'
import * as basicTests from '@secvisogram/csaf-validator-lib/basic.js'
import validate from '@secvisogram/csaf-validator-lib/validate.js'

const tests = Object.values(basicTests)

for await (const line of createInterface({ input: process.stdin })) {
  const result = await validate(tests, JSON.parse(line))
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
