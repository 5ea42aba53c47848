/** What a party becomes when it gets a report: it has received it, and a vendor is aware. */
import type { Participant } from './disclosure-state.ts'
import type { DisclosureEvent } from './events.ts'

/** Both steps together, as far as they were not taken before. */
export function joinByReport({
  id,
  roles,
  reportState,
  vendorState,
}: Participant): readonly DisclosureEvent[] {
  if (reportState !== 'start') return []
  const events: DisclosureEvent[] = [
    {
      type: 'reportStateChanged',
      participant: id,
      event: 'receive',
      from: 'start',
      to: 'received',
    },
  ]
  if (roles.includes('vendor') && vendorState === 'vfd') {
    const evidence = 'received the report'
    events.push({ type: 'progressChanged', letter: 'V', participant: id, evidence })
  }
  return events
}
