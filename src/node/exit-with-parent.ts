/**
 * The child's side of supervision: a child says that it is ready, and ends when
 * its parent is gone, even by kill -9, because the channel between them closes.
 *
 * A process that nobody supervises has no channel; both do nothing there.
 */

/** Tells the supervisor that this process serves on `port`. */
export function reportReady(port: number): void {
  process.send?.({ ready: true, port })
}

/**
 * Runs `stop` and exits when the parent is gone; exits without it after `withinMs`.
 * Does not keep the process alive by itself.
 */
export function exitWithParent(
  stop: () => Promise<void> | void = () => {},
  withinMs = 1_500,
): void {
  if (process.send === undefined) return
  const end = async () => {
    setTimeout(() => process.exit(1), withinMs).unref()
    await Promise.resolve(stop()).catch(() => {})
    process.exit(1)
  }
  process.once('disconnect', end)
  process.channel?.unref()
  if (!process.connected) end()
}
