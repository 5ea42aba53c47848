/** What is left of erased cases where a transaction does not reach. */
export type Erasures = {
  /** Exhibits of erased cases whose bytes may still lie in the blob store. */
  leftExhibits(): Promise<readonly string[]>
  /** Its bytes are gone: nothing names them any more, not even their digest. */
  forgetExhibit(exhibitId: string): Promise<void>
  /** Deletes what was written beside an erased case while it was erased. */
  clearRows(): Promise<void>
  /** Answers that were sent and whose receipt was not sealed yet. */
  awaitedReceipts(): Promise<readonly { readonly caseId: string; readonly version: number }[]>
  /** Names the log entries of an erased case, in the order of its events. */
  logIds(caseId: string): Promise<readonly string[]>
}
