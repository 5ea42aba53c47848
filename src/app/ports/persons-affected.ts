/**
 * Affected persons: who they are is kept apart from the case, under a key of
 * their own. Events name them only by id.
 */
export type PersonsAffected = {
  /** Keeps the contact sealed under a fresh key. */
  add(person: {
    readonly id: string
    readonly caseId: string
    readonly contact: string
  }): Promise<void>
  /** Makes the one code with which the person opens the notice; only its hash is kept. */
  newCode(personId: string): Promise<string>
  findByCode(code: string): Promise<{ readonly id: string; readonly caseId: string } | undefined>
}
