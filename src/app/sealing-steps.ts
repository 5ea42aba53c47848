/**
 * Every step with sealing keys as the one decision about access is asked for it, by its
 * own name. Steps that change who can open something want a strong proof given lately.
 *
 * Without one are those that only take away or only put on record, so that nothing is in
 * the way of reporting a lost key, ending a recovery or saying that one happened. Sealing
 * again reaches none but the recipients of the roster.
 */
import type { DeskAction } from './access.ts'

export const SEALING_STEPS = {
  announceKey: { name: 'announceSealingKey', group: 'ownMatters', stepUp: true },
  loseKey: { name: 'loseSealingKey', group: 'ownMatters' },
  proposeRoster: { name: 'proposeSealingRoster', group: 'administer', stepUp: true },
  /** By whom reports concern: two administrators alone never choose who opens them. */
  approveRoster: { name: 'approveSealingRoster', group: 'approveRoster', stepUp: true },
  withdrawRoster: { name: 'withdrawSealingRoster', group: 'administer' },
  rejectRoster: { name: 'rejectSealingRoster', group: 'approveRoster' },
  recordEscrow: { name: 'recordEscrow', group: 'control', stepUp: true },
  askForRecovery: { name: 'askForRecovery', group: 'recoverKey', stepUp: true },
  giveShare: { name: 'giveRecoveryShare', group: 'ownMatters', stepUp: true },
  /** By its requester, or by a holder of a share. */
  cancelOwnRecovery: { name: 'cancelOwnRecovery', group: 'ownMatters' },
  cancelAnyRecovery: { name: 'cancelRecovery', group: 'oversee' },
  completeRecovery: { name: 'completeRecovery', group: 'recoverKey' },
  /** Two officers who say so close a report; it stays where it is. */
  sayNotOpened: { name: 'sayReportNotOpened', group: 'openCase' },
  /** Puts on record only: the sealed file is there for the roster anyway. */
  openOriginal: { name: 'openOriginal', group: 'sealedReport' },
  resealFilings: { name: 'resealFilings', group: 'sealedReport' },
} as const satisfies Readonly<Record<string, DeskAction>>
