/** Each component that a request covers: twice, in another place, as of the request; all signed so. */
import { bad, CONTENT, COVERED, cover, draft, request, type Vector } from './drafts.ts'

const ALL = [...COVERED, ...CONTENT]

const WAYS: Readonly<Record<string, readonly [string, (at: number) => string[]]>> = {
  twice: ['twice', (at) => ALL.toSpliced(at, 0, ALL[at] as string)],
  last: ['again at the end', (at) => [...ALL, ALL[at] as string]],
  moved: ['in another place', (at) => moved(at)],
  alone: ['alone', (at) => [ALL[at] as string]],
}

function moved(at: number): string[] {
  const rest = ALL.toSpliced(at, 1)
  return at === 0 ? [...rest, ALL[0] as string] : [ALL[at] as string, ...rest]
}

const named = (component: string) => component.replace('@', '').replace('comity-', '')

export const COMPONENT_VECTORS: Readonly<Record<string, Vector>> = Object.fromEntries(
  ALL.flatMap((component, at) =>
    Object.entries(WAYS).map(([way, [says, change]]) => [
      `component-${named(component)}-${way}`,
      bad(`${component} ${says}`, 'profile', request(draft(cover(...change(at))))),
    ]),
  ),
)
