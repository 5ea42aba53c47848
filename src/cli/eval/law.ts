/** The engines of the law, over the packs that Comity ships, as if they were signed off. */
import type { Json } from '../../base/canonical-json.ts'
import { ASK_LAW, type AskLaw } from '../../wire/law-ask.ts'
import { shippedLaw } from '../law/shipped-law.ts'

const asShipped = (ask: AskLaw) => (input: Json) => ask(shippedLaw(), input)

/** When is the act of a clock due? */
export const evalDue = asShipped(ASK_LAW.due)
/** What may a fine reach? */
export const evalSanction = asShipped(ASK_LAW.sanction)
/** Who is competent? */
export const evalCompetence = asShipped(ASK_LAW.competence)
/** Where do regimes leave gaps? */
export const evalGaps = asShipped(ASK_LAW.gaps)
