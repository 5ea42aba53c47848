/**
 * The five machines of coordinated disclosure (Vultron, states of the protocol
 * as of 2026-08-21): report management, embargo management, embargo consent,
 * vendor-fix-deploy and public-exploit-attacks.
 *
 * The tables say which step exists. Who may take it, and when, is decided by the
 * functions beside this file.
 */
import type { Machine } from './machine.ts'

/** One for each participant. Closed is final; a valid report cannot close directly. */
export const reportStates = [
  'start',
  'received',
  'invalid',
  'valid',
  'deferred',
  'accepted',
  'closed',
] as const
export type ReportState = (typeof reportStates)[number]
export const reportTriggers = [
  'receive',
  'validate',
  'invalidate',
  'accept',
  'defer',
  'close',
] as const
export type ReportTrigger = (typeof reportTriggers)[number]

export const reportMachine: Machine<ReportState, ReportTrigger> = [
  { trigger: 'receive', source: 'start', dest: 'received' },
  { trigger: 'validate', source: 'received', dest: 'valid' },
  { trigger: 'invalidate', source: 'received', dest: 'invalid' },
  { trigger: 'validate', source: 'invalid', dest: 'valid' },
  { trigger: 'accept', source: 'valid', dest: 'accepted' },
  { trigger: 'accept', source: 'deferred', dest: 'accepted' },
  { trigger: 'defer', source: 'valid', dest: 'deferred' },
  { trigger: 'defer', source: 'accepted', dest: 'deferred' },
  { trigger: 'close', source: 'accepted', dest: 'closed' },
  { trigger: 'close', source: 'invalid', dest: 'closed' },
  { trigger: 'close', source: 'deferred', dest: 'closed' },
]

/** One for the case. In force means active or revise; exited has no way out. */
export const embargoStates = ['none', 'proposed', 'active', 'revise', 'exited'] as const
export type EmbargoState = (typeof embargoStates)[number]
export const embargoTriggers = ['propose', 'reject', 'accept', 'terminate'] as const
export type EmbargoTrigger = (typeof embargoTriggers)[number]

export const embargoMachine: Machine<EmbargoState, EmbargoTrigger> = [
  { trigger: 'propose', source: 'none', dest: 'proposed' },
  { trigger: 'propose', source: 'proposed', dest: 'proposed' },
  { trigger: 'reject', source: 'proposed', dest: 'none' },
  { trigger: 'accept', source: 'proposed', dest: 'active' },
  { trigger: 'propose', source: 'active', dest: 'revise' },
  { trigger: 'propose', source: 'revise', dest: 'revise' },
  { trigger: 'reject', source: 'revise', dest: 'active' },
  { trigger: 'accept', source: 'revise', dest: 'active' },
  { trigger: 'terminate', source: 'active', dest: 'exited' },
  { trigger: 'terminate', source: 'revise', dest: 'exited' },
]

/** One for each participant. `lapsed` follows a revision, never a time-out. */
export const consentStates = ['noEmbargo', 'invited', 'signatory', 'lapsed', 'declined'] as const
export type ConsentState = (typeof consentStates)[number]
export const consentTriggers = ['invite', 'accept', 'decline', 'revise', 'reset'] as const
export type ConsentTrigger = (typeof consentTriggers)[number]

export const consentMachine: Machine<ConsentState, ConsentTrigger> = [
  { trigger: 'invite', source: 'noEmbargo', dest: 'invited' },
  { trigger: 'invite', source: 'lapsed', dest: 'invited' },
  { trigger: 'invite', source: 'declined', dest: 'invited' },
  { trigger: 'accept', source: 'noEmbargo', dest: 'signatory' },
  { trigger: 'accept', source: 'invited', dest: 'signatory' },
  { trigger: 'accept', source: 'lapsed', dest: 'signatory' },
  { trigger: 'decline', source: 'noEmbargo', dest: 'declined' },
  { trigger: 'decline', source: 'invited', dest: 'declined' },
  { trigger: 'decline', source: 'lapsed', dest: 'declined' },
  { trigger: 'revise', source: 'signatory', dest: 'lapsed' },
  { trigger: 'reset', source: 'noEmbargo', dest: 'noEmbargo' },
  { trigger: 'reset', source: 'invited', dest: 'noEmbargo' },
  { trigger: 'reset', source: 'signatory', dest: 'noEmbargo' },
  { trigger: 'reset', source: 'lapsed', dest: 'noEmbargo' },
  { trigger: 'reset', source: 'declined', dest: 'noEmbargo' },
]

/** One for each vendor: V vendor aware, F fix ready, D fix deployed. A capital means done. */
export const vendorStates = ['vfd', 'Vfd', 'VFd', 'VFD'] as const
export type VendorState = (typeof vendorStates)[number]
export const vendorLetters = ['V', 'F', 'D'] as const
export type VendorLetter = (typeof vendorLetters)[number]

export const vendorMachine: Machine<VendorState, VendorLetter> = [
  { trigger: 'V', source: 'vfd', dest: 'Vfd' },
  { trigger: 'F', source: 'Vfd', dest: 'VFd' },
  { trigger: 'D', source: 'VFd', dest: 'VFD' },
]

/** One for the case: P public aware, X exploit public, A attacks observed. */
export const publicStates = ['pxa', 'Pxa', 'pXa', 'pxA', 'PXa', 'PxA', 'pXA', 'PXA'] as const
export type PublicState = (typeof publicStates)[number]
export const publicLetters = ['P', 'X', 'A'] as const
export type PublicLetter = (typeof publicLetters)[number]

export const publicMachine: Machine<PublicState, PublicLetter> = [
  { trigger: 'P', source: 'pxa', dest: 'Pxa' },
  { trigger: 'P', source: 'pxA', dest: 'PxA' },
  { trigger: 'P', source: 'pXa', dest: 'PXa' },
  { trigger: 'P', source: 'pXA', dest: 'PXA' },
  { trigger: 'X', source: 'pxa', dest: 'pXa' },
  { trigger: 'X', source: 'pxA', dest: 'pXA' },
  { trigger: 'X', source: 'Pxa', dest: 'PXa' },
  { trigger: 'X', source: 'PxA', dest: 'PXA' },
  { trigger: 'A', source: 'pxa', dest: 'pxA' },
  { trigger: 'A', source: 'Pxa', dest: 'PxA' },
  { trigger: 'A', source: 'pXa', dest: 'pXA' },
  { trigger: 'A', source: 'PXa', dest: 'PXA' },
]
