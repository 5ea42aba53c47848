/**
 * Whether a node works on real cases. One that does not says so in its node document
 * and in every message, and neither side takes anything of the other: what was made
 * in an exercise must not become a case, and a real case no exercise.
 *
 * A node and a message that say nothing are real.
 */
import { Type } from '@sinclair/typebox'

export type Exercise = 'demo' | 'training'

export const ExerciseForm = Type.Union([Type.Literal('demo'), Type.Literal('training')])

/** Demonstrations and training may talk to each other. */
export function isSameWorld(one: Exercise | undefined, other: Exercise | undefined): boolean {
  return (one === undefined) === (other === undefined)
}

export function exerciseOf(profile: Exercise | 'production'): Exercise | undefined {
  return profile === 'production' ? undefined : profile
}
