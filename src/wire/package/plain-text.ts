/**
 * Text of others, made safe to print on a terminal or in a text file: no control
 * characters, none that turn the direction of writing, no line breaks.
 */
const NOT_PLAIN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu

export function plainText(text: string, lengthMax = 300): string {
  const plain = text.replaceAll(NOT_PLAIN, '\ufffd')
  return plain.length > lengthMax ? `${plain.slice(0, lengthMax)}…` : plain
}

/** One line of JSON for programs that may as well end on a terminal: the same characters, escaped. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(NOT_PLAIN, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
    }).join(''),
  )
}
