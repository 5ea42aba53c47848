/**
 * The child process of csaf-validation.ts: one CSAF document a line on standard
 * input, one `{valid, problems}` a line on standard output, in the same order.
 */
import { createInterface } from 'node:readline'
import * as basicTests from '@secvisogram/csaf-validator-lib/basic.js'
import validateStrict from '@secvisogram/csaf-validator-lib/validateStrict.js'

const tests = Object.values(basicTests)

for await (const line of createInterface({ input: process.stdin })) {
  const result = await validateStrict(tests, JSON.parse(line))
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
