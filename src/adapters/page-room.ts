/** Pages, drawn in a worker process of their own for each file. */
import { spawn } from 'node:child_process'
import {
  PAGE_FILE_BYTES_MAX,
  type PagePicture,
  type Pages,
  type RefusedPages,
  type WhyNoPages,
} from '../app/ports/pages.ts'
import { type Bytes, textFromUtf8, toHex } from '../base/bytes.ts'
import { unavailable } from '../base/errors.ts'
import { PAGE_TOOL } from '../core/evidence/page-transform.ts'
import { type Removed, SCRUB_TOOL } from '../core/evidence/scrub.ts'
import { nodePrimitives } from './node-primitives.ts'
import { workerFlags } from './worker-flags.ts'
import { shortTurns, type WorkerTurns } from './worker-turns.ts'

const WORKER_TIME_MS = 60_000
const OUTPUT_BYTES_MAX = 101 * 1024 * 1024
/** A page of WebAssembly memory has 64 KiB. */
const WASM_PAGES_MAX = 12_288
const HEAP_MB_MAX = 256

export type PageRoomParts = {
  /** The worker program: runs outside this process, without network. */
  readonly worker: string
  readonly timeMs?: number
  readonly turns?: WorkerTurns
}

export function pageRoom({
  worker,
  timeMs = WORKER_TIME_MS,
  turns = shortTurns,
}: PageRoomParts): Pages {
  const run = async (file: Uint8Array, request: object): Promise<Drawn | RefusedPages> => {
    if (file.length > PAGE_FILE_BYTES_MAX) return { refused: 'tooLarge' }
    const end = await turns.take()
    return readAnswer(await runWorker(worker, timeMs, request, file).finally(end))
  }
  return {
    async look(file, first) {
      const drawn = await run(file, { look: first })
      if ('refused' in drawn) return drawn
      const { pages, mediaType, count = pages.length } = drawn
      return { first, pages, count, mediaType }
    },
    async scrub(file) {
      const made = await run(file, { scrub: true })
      if ('refused' in made) return made
      const [only] = made.pages
      if (!only) return { refused: 'damaged' }
      const input = { digest: digestOf(file), sizeBytes: file.length }
      const scrub = { ...SCRUB_TOOL, input, removed: made.removed ?? [] }
      return { bytes: only.png, mediaType: made.mediaType, scrub }
    },
    async draw(file) {
      const drawn = await run(file, { boxes: [] })
      return 'refused' in drawn ? drawn : { pages: drawn.pages }
    },
    async paint(file, boxes) {
      const places = boxes.map(({ page, x, y, width, height }) => ({ page, x, y, width, height }))
      const drawn = await run(file, { boxes: places })
      if ('refused' in drawn) return drawn
      const { mediaType, pages } = drawn
      return {
        pages,
        transform: {
          ...PAGE_TOOL,
          input: { mediaType, digest: digestOf(file), sizeBytes: file.length },
          boxes,
          pages: pages.map(({ width, height, png }, index) => {
            const sizeBytes = png.length
            return { page: index + 1, width, height, digest: digestOf(png), sizeBytes }
          }),
        },
      }
    },
  }
}

const digestOf = (bytes: Uint8Array) => toHex(nodePrimitives.sha256(bytes))

type Drawn = {
  readonly mediaType: string
  readonly pages: readonly PagePicture[]
  readonly count?: number
  readonly removed?: readonly Removed[]
}

type Head = {
  readonly refused?: WhyNoPages
  readonly mediaType: string
  readonly count?: number
  readonly removed?: readonly Removed[]
  readonly pages: readonly {
    readonly width: number
    readonly height: number
    readonly sizeBytes: number
  }[]
}

function readAnswer(answer: Bytes | WhyNoPages): Drawn | RefusedPages {
  if (typeof answer === 'string') return { refused: answer }
  const end = answer.indexOf(0x0a)
  const head = JSON.parse(textFromUtf8(answer.subarray(0, end))) as Head
  if (head.refused) return { refused: head.refused }
  let at = end + 1
  const pages = head.pages.map(({ width, height, sizeBytes }) => {
    const png = answer.slice(at, at + sizeBytes)
    at += sizeBytes
    return { width, height, png }
  })
  const { pages: _, refused: __, ...facts } = head
  return { ...facts, pages }
}

/** What it wrote; or, of a worker that ran out of time or memory, which of the two. */
function runWorker(
  worker: string,
  timeMs: number,
  request: object,
  file: Uint8Array,
): Promise<Bytes | WhyNoPages> {
  return new Promise((resolve, reject) => {
    const bounds = [`--max-old-space-size=${HEAP_MB_MAX}`, `--wasm-max-mem-pages=${WASM_PAGES_MAX}`]
    const child = spawn(process.execPath, [...workerFlags(), ...bounds, worker], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {},
    })
    let isLate = false
    let size = 0
    const chunks: Buffer[] = []
    const alarm = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, timeMs)
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > OUTPUT_BYTES_MAX) child.kill('SIGKILL')
      else chunks.push(chunk)
    })
    child.on('error', (cause) => {
      clearTimeout(alarm)
      reject(unavailable('the page worker did not start', { cause }))
    })
    child.on('close', (code) => {
      clearTimeout(alarm)
      if (isLate) return resolve('tooSlow')
      if (size > OUTPUT_BYTES_MAX) return resolve('tooLarge')
      // It ends like this for want of memory, or where a decoder breaks down.
      if (code !== 0) return resolve('damaged')
      resolve(new Uint8Array(Buffer.concat(chunks)))
    })
    child.stdin.on('error', () => {})
    child.stdin.write(`${JSON.stringify(request)}\n`)
    child.stdin.end(file)
  })
}
