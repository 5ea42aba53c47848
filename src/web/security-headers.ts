/**
 * Response headers of pages. One policy without a nonce, so that pages can be
 * cached: the only inline script is the constant one of the page template, named
 * by its hash. Style attributes and other origins are blocked.
 */
import { areaOf, type PageName } from './pages.ts'

/** SHA-256 of the inline script in govuk-frontend 6.6.0's template; a test compares it. */
export const TEMPLATE_SCRIPT_HASH = 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src 'self' '${TEMPLATE_SCRIPT_HASH}'`,
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const PERMISSIONS_OFF = [
  'accelerometer',
  'camera',
  'clipboard-read',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
]

type Headers = Readonly<Record<string, string>>

const EVERY_PAGE: Headers = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': PERMISSIONS_OFF.map((name) => `${name}=()`).join(', '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/**
 * Headers for a page of an area. Public pages may be kept by caches for a minute;
 * pages of reporters, affected persons and officers are kept nowhere.
 */
export function pageHeaders(page: PageName): Headers {
  const isPublic = areaOf(page) === 'public'
  return {
    ...EVERY_PAGE,
    ...(page === 'public/verify' ? { 'content-security-policy': CLOSED_POLICY } : {}),
    ...(SENDS_NO_FORM.has(page) ? { 'content-security-policy': NO_FORM_POLICY } : {}),
    'cache-control': isPublic ? 'public, max-age=60' : 'no-store',
  }
}

/** What people write there leaves sealed by the script, or not at all. */
const SENDS_NO_FORM: ReadonlySet<PageName> = new Set(['reporter/sealed', 'reporter/mailbox'])
const NO_FORM_POLICY = CONTENT_SECURITY_POLICY.replace("form-action 'self'", "form-action 'none'")

/** What is verified there goes nowhere: the page may load scripts and pictures of its own, and no more. */
const CLOSED_POLICY = NO_FORM_POLICY.replace("connect-src 'self'", "connect-src 'none'")

type Asked = { readonly method: string; readonly host: string; readonly url: string }

/** Tor Browser offers the onion address to whoever came to a page outside by another one. */
export function onionLocation(page: PageName, asked: Asked, onion?: string): Headers {
  const isOutside = ['public', 'reporter'].includes(areaOf(page))
  const isFromElsewhere = asked.method === 'GET' && !asked.host.endsWith('.onion')
  return onion && isOutside && isFromElsewhere ? { 'onion-location': `${onion}${asked.url}` } : {}
}

/** For files under `/assets/`, whose names change with their content. */
export const ASSET_HEADERS: Headers = {
  'cache-control': 'public, max-age=31536000, immutable',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}
