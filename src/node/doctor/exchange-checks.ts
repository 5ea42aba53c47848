/** Checks of what goes to and comes from peers, and of the documents that they show. */
import { join } from 'node:path'
import { pinnedPeers } from '../../adapters/peers/pinned-folder.ts'
import { peerFigures } from '../../adapters/postgres/operations/figures.ts'
import { postgresRenewalNotes } from '../../adapters/postgres/renewal-notes.ts'
import { DAY_MS, HOUR_MS, msOf } from '../../base/time.ts'
import { RENEWAL_REFUSALS, type WhyNotRenewed } from '../../wire/exchange/renewal.ts'
import { MESSAGES_PER_PEER_AND_DAY } from '../config/exchange.ts'
import { type Check, type Finding, timeSince, warning, well, wrong } from './finding.ts'

const OUTBOX_LATE_MS = HOUR_MS

/** What peers show that did not take the place of what is pinned. */
export const renewals: Check = {
  name: 'documents of peers',
  async run({ config, database, nowMs }) {
    if (!database) return []
    // Before an upgrade there is no such table.
    const notes = await postgresRenewalNotes(database)
      .all()
      .catch(() => [])
    const pinned = new Set(
      pinnedPeers(join(config.folder, 'peers')).map(({ document }) => document.node),
    )
    return (
      notes
        .filter(({ node }) => pinned.has(node))
        // What was too often for a day is not any more.
        .filter(({ why, at }) => why !== 'too-often' || nowMs - msOf(at) < DAY_MS)
        .map(({ node, outcome, why, fingerprint, at }) => {
          if (outcome === 'renewed') {
            return well(
              `that of ${node} was renewed by itself at ${at}; fingerprint ${fingerprint}`,
            )
          }
          if (why === 'changed-on-disk') {
            return warning(
              `that of ${node} was pinned anew while the node runs`,
              'restart the node',
            )
          }
          if (why === 'too-often') {
            return wrong(
              `that of ${node} changed too often; the newest is not taken for now`,
              'call its administrator by a number that you knew before; if the changes are theirs, wait, or get the file and pin it: comity peer add FILE --replace; if not, their key may be in other hands',
            )
          }
          const because = RENEWAL_REFUSALS[why as WhyNotRenewed]
          return wrong(
            `${node} shows another document, and ${because}; fingerprint ${fingerprint ?? 'unknown'}`,
            'call its administrator by a number that you knew before; if it is theirs, get the file and pin it: comity peer add FILE --replace; if not, their key may be in other hands',
          )
        })
    )
  },
}

export const exchange: Check = {
  name: 'exchange',
  async run({ config, database, nowMs }) {
    const peers = pinnedPeers(join(config.folder, 'peers'))
    if (!database || peers.length === 0) return []
    const found: Finding[] = []
    for (const { document } of peers) {
      const { node } = document
      const figures = await peerFigures(database, node)
      if (figures.isFrozen) {
        found.push(
          wrong(
            `${node} has signed two histories; its messages are not taken`,
            'telephone its administrator; both signed headers are kept',
          ),
        )
      }
      const bound = config.exchange?.messagesPerPeerAndDay ?? MESSAGES_PER_PEER_AND_DAY
      if (figures.takenToday >= bound) {
        found.push(
          warning(
            `${node} has reached its bound of ${bound} messages a day; the others come tomorrow`,
            'ask its administrator; for honest work raise exchange.messagesPerPeerAndDay',
          ),
        )
      }
      if (figures.isStopped) {
        found.push(
          wrong(
            `${node} refused a delivery; ${figures.waiting} messages wait for an operator`,
            'mend the reason shown by its answer above or in the lines of kind exchange-alarm',
          ),
        )
      } else if (nowMs - (figures.waitingSince ?? nowMs) > OUTBOX_LATE_MS) {
        found.push(
          warning(
            `${figures.waiting} messages for ${node} wait, the oldest for ${timeSince(nowMs, figures.waitingSince)}`,
            'look at the check of that peer; telephone if a deadline depends on it',
          ),
        )
      }
    }
    return found.length > 0 ? found : [well('nothing stuck, nothing frozen')]
  },
}
