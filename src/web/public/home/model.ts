/** The first page of an authority. */
export type HomeModel = {
  readonly agreementsInForce: number
  readonly advisories: number
  readonly logSize: number
  readonly isIntakeOpen: boolean
}
