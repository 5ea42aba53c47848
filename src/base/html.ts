/**
 * Text into HTML, for the few pages and parts that are made in code; templates escape by
 * themselves. Covers of evidence packages are made again to compare their bytes, so what
 * this gives for a text never changes.
 */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Safe as text and in an attribute in double quotes; never as an address or a script. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char)
}
