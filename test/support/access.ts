/** What a kernel in a test needs so that access is decided: nobody declared anything. */
import type { AccessDesk } from '../../src/app/access.ts'
import { noStanding } from '../../src/core/people/standing.ts'

export const openDesk: AccessDesk = { standing: async () => noStanding }
