import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { CONTENT_SECURITY_POLICY, pageHeaders, TEMPLATE_SCRIPT_HASH } from './security-headers.ts'

test('the policy names the hash of the script that the template really has', () => {
  const modules = path.join(import.meta.dirname, '../../node_modules')
  const template = readFileSync(
    path.join(modules, 'govuk-frontend/dist/govuk/template.njk'),
    'utf8',
  )
  const script = /<script[^>]*>(.*?)<\/script>/.exec(template.replaceAll(/\{%.*?%\}/g, ''))?.[1]
  assert.ok(script)
  const digest = createHash('sha256').update(script).digest('base64')
  assert.equal(TEMPLATE_SCRIPT_HASH, `sha256-${digest}`)
})

test('nothing unsafe is allowed', () => {
  assert.doesNotMatch(CONTENT_SECURITY_POLICY, /unsafe|\*|https?:|data:|nonce/)
})

test('only public pages may be kept', () => {
  assert.match(pageHeaders('public/home')['cache-control'] ?? '', /^public/)
  const others = ['reporter/start', 'officer/case', 'oversight/draw', 'error/problem'] as const
  for (const page of others) assert.equal(pageHeaders(page)['cache-control'], 'no-store')
})

test('the page that seals can send no form, whatever its script does', () => {
  const policyOf = (page: Parameters<typeof pageHeaders>[0]) =>
    pageHeaders(page)['content-security-policy'] ?? ''
  assert.match(policyOf('reporter/sealed'), /; form-action 'none';/)
  assert.match(policyOf('reporter/basic'), /; form-action 'self';/)
})
