/** The public part of the record of oversight: no case, no person, no list. */
import type { Kernel } from '../../../app/kernel.ts'
import { readOversight } from '../../../app/oversight/oversight-act.ts'
import { isWaiting, statusOf } from '../../../core/oversight/oversight.ts'
import type { PublicOversightModel } from './model.ts'

export async function publicOversightModel(kernel: Kernel): Promise<PublicOversightModel> {
  const { mandates, recommendations, draws } = await readOversight(kernel)
  const now = kernel.clocks.caseNow()
  return {
    mandates: mandates
      .filter(({ endedAt }) => endedAt === null)
      .map((one) => {
        const { body, statute, article, access } = one
        return { body, statute, article, access, isWaiting: isWaiting(one) }
      }),
    recommendations: recommendations.flatMap((one) => {
      if (!one.published) return []
      const { summary, at } = one.published
      const { title, dueAt } = one
      return [{ title, summary, status: statusOf(one, now), publishedAt: at, dueAt }]
    }),
    draws: draws.map(({ population, list, sampleSize, listDigest, beacon, held }) => ({
      ...{ population, length: list.length, sampleSize, listDigest },
      ...beacon,
      signature: held?.signature ?? null,
      picked: held?.picked ?? [],
    })),
  }
}
