/** Asks a person at the terminal for a secret; what is typed is not shown. */
import { stderr, stdin } from 'node:process'
import { unavailable } from '../../base/errors.ts'

const END = new Set(['\r', '\n', '\u0004'])
const ERASE = new Set(['\u007f', '\b'])
const INTERRUPT = '\u0003'

/** The question goes to standard error, so that output stays what was asked for. */
export async function askAtTerminal(question: string): Promise<string> {
  stderr.write(`${question}: `)
  stdin.setRawMode(true)
  stdin.resume()
  try {
    return await readHidden()
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}

function readHidden(): Promise<string> {
  let typed = ''
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const onData = (chunk: Buffer) => {
    for (const character of chunk.toString('utf8')) {
      if (character === INTERRUPT) reject(unavailable('the question was broken off'))
      else if (END.has(character)) resolve(typed)
      else if (ERASE.has(character)) typed = [...typed].slice(0, -1).join('')
      else typed += character
    }
  }
  stdin.on('data', onData)
  return promise.finally(() => stdin.off('data', onData))
}
