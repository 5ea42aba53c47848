/**
 * What ends the sequencer. Neither is repaired while the process runs: reading
 * back what a disk or a server may not have kept would prove nothing.
 */

/** What is true is not known: end the process, start again, look. */
export class MustRestart extends Error {
  override readonly name = 'MustRestart'
}

/** Going on could sign a second history: keep serving, sign no more. */
export class MustFreeze extends Error {
  override readonly name = 'MustFreeze'
}
