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
}
