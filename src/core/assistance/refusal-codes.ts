/**
 * The codes with which a request for assistance may be refused or limited, and
 * where each instrument provides for it.
 *
 * A code that the governing instrument does not know is not used for it. The
 * column of the Convention against Transnational Organized Crime (UNTOC) is left
 * out: it has not been checked against the text.
 */

/** Instruments with refusal grounds that were read in the text. */
export const REFUSAL_REGIMES = {
  eEvidenceRaise: 'Regulation (EU) 2023/1543, art. 12(1)',
  eEvidenceEnforce: 'Regulation (EU) 2023/1543, art. 16(4)',
  gdpr: 'Regulation (EU) 2016/679, art. 61(4)',
  cpc: 'Regulation (EU) 2017/2394, art. 14',
  msrInformation: 'Regulation (EU) 2019/1020, art. 22(5)',
  msrEnforcement: 'Regulation (EU) 2019/1020, art. 23(3)',
  dsa: 'Regulation (EU) 2022/2065, art. 57(3)',
} as const
export type RefusalRegime = keyof typeof REFUSAL_REGIMES

/** Code to the point of each instrument that carries it. */
export const REFUSAL_CODES = {
  PRIVILEGE_IMMUNITY_PRESS: { eEvidenceRaise: '(a)', eEvidenceEnforce: '(f)' },
  FUNDAMENTAL_RIGHT_MANIFEST: { eEvidenceRaise: '(b)', eEvidenceEnforce: '(g)' },
  NE_BIS_IN_IDEM: { eEvidenceRaise: '(c)', cpc: '(2)(a)' },
  PARALLEL_PROCEEDING: { cpc: '(1)(c), (2)(a)' },
  DUAL_LEGALITY_MISSING: { eEvidenceRaise: '(d)' },
  NOT_COMPETENT: { eEvidenceEnforce: '(a)', gdpr: '(a)' },
  UNLAWFUL_HERE: { gdpr: '(b)', msrEnforcement: '(b)', dsa: '(c)' },
  OUT_OF_SCOPE: { eEvidenceEnforce: '(b), (e)' },
  NOT_HELD: { eEvidenceEnforce: '(d)', dsa: '(b)' },
  IMPOSSIBLE: { eEvidenceEnforce: '(c)' },
  INSUFFICIENT_INFO: { cpc: '(2)(d)', msrEnforcement: '(a)', dsa: '(a)' },
  NOT_NEEDED: { cpc: '(1)(a)', msrInformation: '(a)' },
  DISPROPORTIONATE: { dsa: '(a)' },
  CONFIDENTIALITY_NOT_ACCEPTED: { cpc: '(1)(b)' },
  ALREADY_ENFORCED: { cpc: '(2)(b)' },
  NO_INFRINGEMENT: { cpc: '(2)(c)' },
  COMMITMENT_ACCEPTED: { cpc: '(2)(e)' },
  RESOURCE_IMPAIRMENT: { msrInformation: '(b)', msrEnforcement: '(c)' },
} as const satisfies Record<string, Partial<Record<RefusalRegime, string>>>
export type RefusalCode = keyof typeof REFUSAL_CODES

export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSAL_CODES, code)
}

/** The article behind a code under an instrument; undefined: the instrument does not know it. */
export function refusalSource(code: RefusalCode, regime: RefusalRegime): string | undefined {
  const points: Partial<Record<RefusalRegime, string>> = REFUSAL_CODES[code]
  const point = points[regime]
  return point === undefined ? undefined : `${REFUSAL_REGIMES[regime]}${point}`
}
