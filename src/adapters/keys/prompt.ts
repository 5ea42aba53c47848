/** Asks a person at the terminal for a secret; what is typed is not shown. */
import { stderr, stdin } from 'node:process'
import { StringDecoder } from 'node:string_decoder'
import { unavailable } from '../../base/errors.ts'

const END = new Set(['\r', '\n', '\u0004'])
const ERASE = new Set(['\u007f', '\b'])
const ERASE_ALL = '\u0015'
const INTERRUPT = '\u0003'

/** The question goes to standard error, so that output stays what was asked for. */
export async function askAtTerminal(question: string): Promise<string> {
  // First of all: somebody may type before the question is there.
  stdin.setRawMode(true)
  stderr.write(`${question}: `)
  stdin.resume()
  try {
    return await readHidden()
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}

/** For a secret that is new: what was mistyped unseen would lock everybody out. */
export async function askTwiceAtTerminal(question: string): Promise<string> {
  const first = await askAtTerminal(`new ${question}`)
  if ((await askAtTerminal(`the same ${question} again`)) === first) return first
  throw unavailable('the two were not the same: nothing was changed, begin again')
}

function readHidden(): Promise<string> {
  let typed = ''
  const decoder = new StringDecoder('utf8')
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const broken = () => reject(unavailable('the question was broken off'))
  const onData = (chunk: Buffer) => {
    for (const character of decoder.write(chunk)) {
      if (character === INTERRUPT) broken()
      else if (END.has(character)) resolve(typed)
      else if (ERASE.has(character)) typed = [...typed].slice(0, -1).join('')
      else if (character === ERASE_ALL) typed = ''
      else typed += character
    }
  }
  stdin.on('data', onData).once('end', broken)
  return promise.finally(() => stdin.off('data', onData).off('end', broken))
}
