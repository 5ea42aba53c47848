/**
 * Two threads that compare cases, each with at most two batches at a time: who gives them
 * more waits, so that memory stays bounded whatever the number of cases.
 */
import { Worker } from 'node:worker_threads'
import type { WorkerAnswer, WorkerBatch, WorkerTask } from './worker.ts'

const THREADS = 2
const WAITING_MAX = 2

export type Threads = {
  /** Resolves as soon as there is room for the batch, not when it is done. */
  give(batch: WorkerBatch): Promise<void>
  /** Until every batch is answered. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** @param onAnswer called once for each batch; answers come in any order */
export function openThreads(
  task: WorkerTask,
  onAnswer: (answer: WorkerAnswer) => Promise<void>,
): Threads {
  const workers = Array.from({ length: THREADS }, () => ({
    thread: new Worker(new URL('./worker.ts', import.meta.url), { workerData: task }),
    waiting: 0,
  }))
  let failure: unknown
  let wake = Promise.withResolvers<void>()
  const changed = () => {
    wake.resolve()
    wake = Promise.withResolvers<void>()
  }
  const fail = (error: unknown) => {
    failure ??= error
    changed()
  }
  for (const worker of workers) {
    worker.thread.on('error', fail)
    worker.thread.on('message', (answer: WorkerAnswer) => {
      onAnswer(answer).then(() => {
        worker.waiting -= 1
        changed()
      }, fail)
    })
  }
  const until = async (isSo: () => boolean) => {
    for (;;) {
      if (failure !== undefined) throw failure
      if (isSo()) return
      await wake.promise
    }
  }
  const leastBusy = () => workers.reduce((a, b) => (b.waiting < a.waiting ? b : a))
  return {
    async give(batch) {
      await until(() => leastBusy().waiting < WAITING_MAX)
      const worker = leastBusy()
      worker.waiting += 1
      worker.thread.postMessage(batch)
    },
    idle: () => until(() => workers.every(({ waiting }) => waiting === 0)),
    async stop() {
      await Promise.all(workers.map(({ thread }) => thread.terminate()))
    },
  }
}
