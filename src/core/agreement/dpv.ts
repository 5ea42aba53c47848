/**
 * Terms of the Data Privacy Vocabulary (DPV 2.3, W3C community group), by their form.
 *
 * Only the form of an IRI is judged here: a namespace of that vocabulary and a term. That
 * the vocabulary has the term, `vocabulary/dpv-terms.json` says for the parts it lists.
 */

/** https://w3id.org/dpv and its extensions; `rights/eu`, not `legal/eu/rights`. */
export const DPV_NAMESPACES = [
  'https://w3id.org/dpv#',
  'https://w3id.org/dpv/risk#',
  'https://w3id.org/dpv/ai#',
  'https://w3id.org/dpv/pd#',
  'https://w3id.org/dpv/tech#',
  'https://w3id.org/dpv/loc#',
  'https://w3id.org/dpv/justifications#',
  'https://w3id.org/dpv/legal#',
  'https://w3id.org/dpv/legal/eu/gdpr#',
  'https://w3id.org/dpv/legal/eu/aiact#',
  'https://w3id.org/dpv/rights/eu#',
  'https://w3id.org/dpv/sector/law#',
] as const

const HTTPS_IRI = /^https:\/\/[a-z0-9.-]+\/[^\s"<>\\^`{|}]*$/
const TERM = /^[A-Za-z][A-Za-z0-9-]{0,99}$/

/** `undefined`: a DPV term, or an IRI of another vocabulary. */
export function iriFault(iri: string): string | undefined {
  if (!HTTPS_IRI.test(iri)) return `${iri} is not an IRI with https`
  if (!/^https:\/\/w3id\.org\/dpv\b/.test(iri)) return undefined
  const namespace = DPV_NAMESPACES.find((each) => iri.startsWith(each))
  if (namespace === undefined) return `${iri} is in no namespace of the Data Privacy Vocabulary`
  return TERM.test(iri.slice(namespace.length)) ? undefined : `${iri} names no term`
}
