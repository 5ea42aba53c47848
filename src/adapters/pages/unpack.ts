/** Zlib streams, unpacked by Node within a limit, where nothing may stand behind one. */
import { inflateSync } from 'node:zlib'
import type { Unpack } from '../../wire/pictures/picture-parts.ts'

type Inflated = { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } }

export const unpack: Unpack = async (packed, bytesMax) => {
  try {
    const options = { maxOutputLength: bytesMax, info: true } as const
    const { buffer, engine } = inflateSync(packed, options) as unknown as Inflated
    return engine.bytesWritten === packed.length ? buffer : undefined
  } catch {
    return undefined
  }
}
