/** Where somebody types the code with which they get an account. */
export type EnrolModel = {
  /** `setup`, or the id of an invitation. */
  readonly enrolmentId: string
  readonly failure?: 'code' | 'tooManyTries'
}
