/** The list of disposal classes that is shipped; `vocabulary/disposal-classes.json`. */
import file from '../../vocabulary/disposal-classes.json' with { type: 'json' }
import type { DisposalClass } from '../core/evidence/retention.ts'

export const disposalClasses = file.classes as readonly DisposalClass[]

export function disposalClassOf(id: string): DisposalClass | undefined {
  return disposalClasses.find((one) => one.id === id)
}
