/**
 * The page that checks a proof of filing, as one file to keep: its style, its script and
 * whom it trusts are inside, and its policy lets it load and send nothing. Pure.
 */
import { toBase64, utf8 } from '../../base/bytes.ts'
import { invariant } from '../../base/errors.ts'
import { escapeHtml } from '../../base/html.ts'
import type { Hashing } from '../../proof/primitives.ts'
import type { Messages } from '../messages.ts'

export type FilingCheckParts = {
  readonly messages: Messages
  readonly authority: string
  /** As served beside the checkpoint. */
  readonly policy: string
  /** JSON of the opening of the event by which the node published its keys, or nothing. */
  readonly keyOpening: string
  /** As the build made it. */
  readonly script: string
}

/** With the digests of its script and its style, and nothing else allowed. */
export function filingCheckPolicy(hashing: Hashing, script: string): string {
  const digest = (text: string) => `'sha256-${toBase64(hashing.sha256(utf8(text)))}'`
  return [
    "default-src 'none'",
    `script-src ${digest(script)}`,
    `style-src ${digest(STYLE)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}

export function filingCheckPage(hashing: Hashing, parts: FilingCheckParts): string {
  const { messages, authority, policy, keyOpening, script } = parts
  invariant(!/<\/script|<!--/i.test(script), 'the script does not end itself')
  const said = (key: string) => escapeHtml(messages.t(`filingCheck.${key}`))
  const by = (key: string) => escapeHtml(messages.t(`filingCheck.${key}`, { authority }))
  return `<!DOCTYPE html>
<html lang="${escapeHtml(messages.lang)}" dir="${messages.dir}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${filingCheckPolicy(hashing, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${said('title')}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${said('title')}</h1>
<p>${said('lead')}</p>
<p>${said('keep')}</p>
<p class="wrong" id="script-needed">${said('script')}</p>
<div id="check" hidden ${dataOf(said)}>
<p><label for="receipt-file">${said('file')}</label><br><input type="file" id="receipt-file" accept=".json,application/json"></p>
<h2>${said('trustTitle')}</h2>
<p>${by('trust')}</p>
<pre id="policy" tabindex="0" dir="ltr" translate="no">${escapeHtml(policy)}</pre>
<p><label for="policy-file">${said('policyFile')}</label><br><input type="file" id="policy-file" accept=".txt,text/plain"></p>
<p class="wrong" id="wrong" role="alert"></p>
<section id="result" tabindex="-1" aria-labelledby="result-h" hidden>
<h2 id="result-h">${said('result')}</h2>
<p class="verdict" id="verdict" role="status"></p>
<p id="simulated"></p>
<p id="whose-policy"></p>
<dl id="facts"></dl>
<ol id="checks"></ol>
<button type="button" id="print">${said('print')}</button>
</section>
</div>
<p>${by('made')}</p>
</main>
<script type="application/json" id="key-opening">${inScript(keyOpening)}</script>
<script type="module">${script}</script>
</body>
</html>
`
}

const CHECKS = ['anchor', 'filing', 'batch', 'log'] as const
const WORDS = [
  ...['verified', 'accepted', 'failed', 'unusable', 'badPolicy', 'simulated', 'ownPolicy'],
  ...['node', 'filedOn', 'holds', 'holdsNot', 'found', 'proves', 'provesNot'],
] as const

function dataOf(said: (key: string) => string): string {
  const words = WORDS.map((key) => `data-${kebab(key)}="${said(key)}"`)
  const checks = CHECKS.flatMap((id) => [
    `data-check-${id}="${said(id)}"`,
    `data-check-${id}-proves="${said(`${id}.proves`)}"`,
    `data-check-${id}-proves-not="${said(`${id}.provesNot`)}"`,
  ])
  return [...words, ...checks].join(' ')
}

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** JSON stays JSON, and nothing in it ends the element that it stands in. */
const inScript = (json: string) => json.replaceAll('<', '\\u003c')

const STYLE = `
body { background: #fff; color: #16232b; font: 18px/1.5 system-ui, sans-serif; margin: 0; }
main { margin: 0 auto; max-width: 46em; padding: 24px 16px; }
pre { border: 1px solid #5a6b73; overflow-x: auto; padding: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
dt { font-weight: 700; }
dd { margin-inline-start: 0; margin-block-end: 10px; overflow-wrap: anywhere; }
input, button { font: inherit; max-width: 100%; min-height: 44px; }
:focus-visible { outline: 3px solid #0e4a5a; outline-offset: 2px; }
.verdict { border-inline-start: 8px solid #8a1f11; font-weight: 700; padding: 12px; }
.verdict[data-verdict=verified] { border-color: #1b6b4a; }
.wrong { color: #8a1f11; font-weight: 700; }
@media print { input, button, label { display: none; } }
`
