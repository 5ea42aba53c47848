/**
 * How information is marked, and whose it is (TLP 2.0 of FIRST, and codes in the manner of
 * Europol's network).
 *
 * What is ours goes to a party as its label says: up to AMBER+STRICT it may reach that
 * organisation, and the label travels with it. RED is for named persons only. A release
 * goes to an authority and cannot be kept to persons, so RED leaves to nobody.
 *
 * What came from a peer stays that peer's: unless it was marked CLEAR without a code or a
 * duty that restricts it, it goes on only to whom and for what the originator consented, or
 * back to it. An emergency changes nothing about this. Content that was called back goes
 * nowhere.
 */
import type { AgreementDocument } from '../../agreement/document.ts'
import type { HeldContent, PrepareRelease, ReleaseBasis } from '../basis.ts'
import { handlingOf, heldIn, mayGoOn } from '../handling.ts'
import { type Fault, fault } from './check.ts'

export function handlingFaults(
  { held }: ReleaseBasis,
  document: AgreementDocument,
  command: PrepareRelease,
): readonly Fault[] {
  const inside = heldIn(held, command)
  const { tlp, because } = handlingOf(document, command.categories, inside)
  const red = { rule: 'release:tlpRed', text: 'what is marked TLP:RED does not leave as a release' }
  return [
    ...(tlp === 'RED' ? [fault('handlingForbids', ...because, red)] : []),
    ...(isOfNobody(held, command) ? [fault('originatorConsentMissing', nobodys)] : []),
    ...inside.flatMap((content) => originatorFaults(content, command)),
  ]
}

/** A release of a peer that is not here: nobody can say whose it is. */
function isOfNobody(held: readonly HeldContent[], { passesOn }: PrepareRelease): boolean {
  return passesOn !== undefined && !held.some(({ releaseId }) => releaseId === passesOn)
}

const nobodys = { rule: 'release:passesOn', text: 'no release of a peer has this id' }

function originatorFaults(
  content: HeldContent,
  { recipient, purpose }: PrepareRelease,
): readonly Fault[] {
  const { originator, releaseId, isRetracted } = content
  const rule = `held:${releaseId}`
  if (isRetracted) {
    const text = `${originator} called back what is inside: it is used no more`
    return [fault('contentRetracted', { rule, text })]
  }
  if (mayGoOn(content, { recipient, purpose })) return []
  const text = `what is inside came from ${originator}, which has not consented that ${recipient} gets it for ${purpose}`
  return [fault('originatorConsentMissing', { rule, text })]
}
