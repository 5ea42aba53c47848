/**
 * Orderly stop on Ctrl-C, SIGTERM and SIGHUP. A terminal and the programs between
 * it and us may each deliver the same Ctrl-C: what arrives within a second counts
 * once; a later one ends the process at once.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const SAME_SIGNAL_MS = 1_000
const EXIT_INTERRUPTED = 130

/** Runs `stop` once, then exits with 0, or with 1 if `stop` fails. */
export function onStopSignal(stop: () => Promise<void>): void {
  let firstAt: number | undefined
  const receive = () => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(EXIT_INTERRUPTED)
      return
    }
    firstAt = performance.now()
    stop().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`comity: ${error instanceof Error ? error.message : error}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of SIGNALS) process.on(signal, receive)
}
