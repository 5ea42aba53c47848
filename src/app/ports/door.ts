/** The ways into a node: for people outside, for the authority's own people, for peers. */
export const DOORS = ['public', 'officers', 'federation'] as const
export type Door = (typeof DOORS)[number]
export type OfDoors<T> = Readonly<Record<Door, T>>
