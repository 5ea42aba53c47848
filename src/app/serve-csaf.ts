/**
 * Makes what the node serves of an advisory in CSAF: as it was published, and as VEX,
 * in both versions of the standard. Only TLP:CLEAR. Each document is judged by the
 * validator before it is signed; one that fails is not served, and the others are.
 */
import type { Json } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import {
  type CsafAdvisory,
  type CsafShape,
  type CsafVersion,
  vexId,
} from '../wire/csaf-advisory.ts'
import { headOf } from '../wire/csaf-head.ts'
import { type ReadCsaf, readCsaf } from '../wire/csaf-reader.ts'
import { fitsForm } from '../wire/csaf-rules.ts'
import { writeCsaf } from '../wire/csaf-writer.ts'
import type { Advisories } from './ports/advisories.ts'
import type { CsafPress, Unserved } from './ports/csaf-provider.ts'

export type ServedDocument = { readonly version: CsafVersion; readonly document: Json }

export type PressKit = {
  readonly press: CsafPress
  readonly advisories: Advisories
  /** Told how many documents of a publication are not served, and no more. */
  readonly onFault: (count: number) => void
}

/**
 * `tried` remembers the versions of publications that cannot be served, so that one
 * faulty document does not run the validator for ever.
 */
export async function serveCsaf(kit: PressKit, tried: Set<string>): Promise<void> {
  for (const source of await kit.press.unserved()) {
    const id = `${source.trackingId}/${source.check}`
    if (tried.has(id)) continue
    if (!(await serveOne(kit, source))) tried.add(id)
  }
}

async function serveOne(
  { press, advisories, onFault }: PressKit,
  source: Unserved,
): Promise<boolean> {
  const documents = servedDocuments(source.document)
  const sound: ServedDocument[] = []
  for (const one of documents) {
    if ((await advisories.validate(one.document)).valid) sound.push(one)
  }
  if (sound.length < documents.length) onFault(documents.length - sound.length)
  // Without the document itself the rest has nothing to follow from.
  if (sound.length === 0 || sound[0] !== documents[0]) return false
  await press.keep(source, sound)
  return true
}

/** The recorded document first; empty if it is not for everybody. */
export function servedDocuments(recorded: Json): readonly ServedDocument[] {
  const { tlp } = headOf(recorded)
  if (tlp !== 'WHITE' && tlp !== 'CLEAR') return []
  const read = readOwn(recorded)
  // Another layout than ours, e.g. of a later version of this software: served as it is.
  if (!read) return [{ version: '2.0', document: recorded }]
  const vex = asVex(read.advisory)
  const isWithdrawn = read.form === 'withdrawn'
  return [
    { version: '2.0', document: recorded },
    ...written(read.advisory, isWithdrawn ? ['withdrawn'] : ADVISORY_FORMS, '2.1'),
    ...written(vex, isWithdrawn ? ['withdrawn'] : ['vex'], '2.0'),
    ...written(vex, isWithdrawn ? ['withdrawn'] : ['vex'], '2.1'),
  ]
}

/** Without a product known to be affected it is what 2.0 called an advisory (profile 6 of 2.1). */
const ADVISORY_FORMS = ['securityAdvisory', 'deprecatedSecurityAdvisory'] as const

function readOwn(recorded: Json): ReadCsaf | undefined {
  try {
    const read = readCsaf(recorded)
    return read.version === '2.0' && read.lost.length === 0 ? read : undefined
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}

/** A document of its own, which names the advisory's id as an identifier where it has no other. */
export function asVex(advisory: CsafAdvisory): CsafAdvisory {
  const { trackingId, publisher, cve, ids } = advisory
  const own = [{ system: publisher.name, text: trackingId }]
  const isNamed = cve !== null || ids.length > 0 || advisory.withdrawn !== null
  return { ...advisory, trackingId: vexId(trackingId), ids: isNamed ? ids : own }
}

/** In the first form that fits. */
function written(
  advisory: CsafAdvisory,
  forms: readonly CsafShape['form'][],
  version: CsafVersion,
): readonly ServedDocument[] {
  const form = forms.find((one) => fitsForm(advisory, { version, form: one }).decision === 'permit')
  return form ? [{ version, document: writeCsaf(advisory, { version, form }) }] : []
}
