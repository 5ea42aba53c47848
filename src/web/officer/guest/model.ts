/** Where somebody without an account types the code that was told by telephone. */
export type GuestModel = {
  readonly linkId: string
  readonly failure?: 'wrong' | 'tooManyTries' | 'over'
  /** The guest has left. */
  readonly hasLeft?: boolean
  /** The participant for which the guest spoke has left the case. */
  readonly hasLeftCase?: boolean
}
