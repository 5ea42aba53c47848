/** Fields that the forms of several acts share. */
import { Type } from '@sinclair/typebox'

export const id = Type.String({ maxLength: 40 })

export const reason = Type.String({ minLength: 1, maxLength: 2000 })

/** The reasons of a rights test; every answer given is a yes. */
export const rightsReasons = {
  legalBasis: reason,
  necessity: reason,
  proportionality: reason,
  nonDiscrimination: reason,
  leastIntrusive: reason,
  expression: reason,
}

const { legalBasis, ...others } = rightsReasons

/** The same for a release, where a full test that was recorded for it takes their place. */
export const releaseReasons = {
  legalBasis,
  rightsTestId: Type.Optional(id),
  necessity: Type.Optional(others.necessity),
  proportionality: Type.Optional(others.proportionality),
  nonDiscrimination: Type.Optional(others.nonDiscrimination),
  leastIntrusive: Type.Optional(others.leastIntrusive),
  expression: Type.Optional(others.expression),
}
