import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import {
  CONTENT_SECURITY_POLICY,
  onionLocation,
  pageHeaders,
  TEMPLATE_SCRIPT_HASH,
} from './security-headers.ts'

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

test('the onion address is offered on pages outside, to whoever did not come by it', () => {
  const onion = `http://${'a2'.repeat(28)}.onion`
  const asked = { method: 'GET', host: 'meridia.example', url: '/en/report?kind=flaw' }
  const offered = { 'onion-location': `${onion}/en/report?kind=flaw` }
  assert.deepEqual(onionLocation('reporter/start', asked, onion), offered)
  assert.deepEqual(onionLocation('public/home', asked, onion), offered)
  assert.deepEqual(onionLocation('reporter/start', asked), {})
  assert.deepEqual(onionLocation('officer/case', asked, onion), {})
  assert.deepEqual(onionLocation('reporter/start', { ...asked, method: 'POST' }, onion), {})
  const byOnion = { ...asked, host: `${'a2'.repeat(28)}.onion` }
  assert.deepEqual(onionLocation('reporter/start', byOnion, onion), {})
})
