/**
 * A thread that compares: cases in, kinds of change out. It has no key and no database, and
 * keeps nothing of a case after its answer.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { invariant } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import { type CaseLaw, type CompareFrom, effectOnCase } from '../../core/law/case-inputs.ts'
import { comparePacks } from '../../core/law/effect.ts'
import type { LawPack, PackRef } from '../../core/law/pack.ts'
import { findVersion } from '../../core/law/pack-versions.ts'
import type { SignOffs } from '../../core/law/sign-off.ts'
import { libraryHolidays } from '../law-packs.ts'

export type WorkerTask = {
  /** Every version of the pack, as this node has them. */
  readonly versions: readonly LawPack[]
  readonly pack: PackRef
  readonly signOffs: SignOffs
  readonly now: Instant
}

/** Each case is the JSON of its `CaseLaw`. */
export type WorkerBatch = { readonly ids: readonly string[]; readonly cases: readonly Uint8Array[] }

export type WorkerAnswer = {
  readonly looked: number
  readonly lost: number
  readonly changed: readonly { readonly id: string; readonly kinds: readonly string[] }[]
}

/** What one batch gives. Also called without a thread, by tests. */
export function comparer({ versions, pack, signOffs, now }: WorkerTask) {
  const newer = findVersion(versions, pack)
  invariant(newer, 'the version to compare with is loaded')
  const holidaysOf = libraryHolidays()
  const known = new Map<string, ReturnType<CompareFrom>>()
  const compareFrom: CompareFrom = (kept) => {
    if (kept.digest === pack.digest) return 'same'
    if (!known.has(kept.digest)) {
      const older = findVersion(versions, kept)
      known.set(kept.digest, older && comparePacks({ older, newer, signOffs, holidaysOf, now }))
    }
    return known.get(kept.digest)
  }
  const decoder = new TextDecoder()
  return ({ ids, cases }: WorkerBatch): WorkerAnswer => {
    const changed: { id: string; kinds: string[] }[] = []
    let lost = 0
    for (const [n, bytes] of cases.entries()) {
      const inputs = JSON.parse(decoder.decode(bytes)) as CaseLaw
      const effects = effectOnCase(inputs, pack.id, compareFrom)
      if (effects === 'lost') lost += 1
      else if (effects.length > 0) {
        const kinds = [...new Set(effects.map(({ kind }) => kind))].sort()
        changed.push({ id: ids[n] as string, kinds })
      }
    }
    return { looked: cases.length, lost, changed }
  }
}

if (parentPort !== null) {
  const port = parentPort
  const compare = comparer(workerData as WorkerTask)
  port.on('message', (batch: WorkerBatch) => port.postMessage(compare(batch)))
}
