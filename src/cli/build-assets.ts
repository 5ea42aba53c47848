/**
 * Makes the style sheets and browser scripts where their sources have changed.
 *
 * In a process of its own: the compilers are large, and this one has a database
 * to start meanwhile.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BUILD = fileURLToPath(new URL('../../tools/build.ts', import.meta.url))

/** @throws Error with what the compilers said */
export function buildAssets(): Promise<void> {
  const child = spawn(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`the pages' styles and scripts were not built: ${said.trim()}`))
    })
  })
}
