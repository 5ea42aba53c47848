/** The version of this software, as its package says. */
import { readFileSync } from 'node:fs'

export function softwareVersion(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
