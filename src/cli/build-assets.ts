/** Makes the style sheets and browser scripts where their sources have changed. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BUILD = fileURLToPath(new URL('../../tools/build.ts', import.meta.url))

/** What the build says goes to standard error: standard output belongs to the command. */
export function buildAssets(): void {
  execFileSync(process.execPath, [BUILD], { stdio: ['ignore', 2, 2] })
}
