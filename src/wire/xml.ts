/** Text inside XML 1.0: what would be markup is escaped, what XML cannot hold is left out. */

/** For element content and for attributes in double quotes. */
export function escapeXml(text: string): string {
  return [...text]
    .filter(isAllowed)
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Char of XML 1.0, section 2.2; a lone half of a surrogate pair is none. */
function isAllowed(char: string): boolean {
  const code = char.codePointAt(0) as number
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff
}
