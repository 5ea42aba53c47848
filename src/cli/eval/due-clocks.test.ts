/**
 * Every clock that the reference facts of the law name, by instrument: each answers in any
 * zone, and those that are missing in the packs are named.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../base/canonical-json.ts'
import { CLOCK_STATES } from '../../core/law/clock-result.ts'
import { shippedLaw } from '../law/shipped-law.ts'
import { evalDue } from './law.ts'

const CLOCKS: Readonly<Record<string, string>> = {
  'eu.ai_act':
    'sir_general sir_critical sir_death sir_initial sir_evidence_hold sir_msa_action sir_to_commission sir_to_fr_body sir_ai_office_route deployer_inform deployer_risk_suspend provider_corrective log_retention doc_retention corrective_period safeguard_objection safeguard_decision msa_request_aio gpai_info_request post_rbi_auth gpai_sr_incident gpai_cop_tiers',
  'eu.msr': 'ma_info enf_request hearing rapex',
  'eu.gdpr':
    'breach_sa breach_proc breach_ds lead_decides rro revised mutual_assist joint_op edpb_opinion edpb_binding final_after_binding urgency urgent_binding proc_transmit proc_overall proc_urgency',
  'eu.dsa': 'ma xborder referral referral_followup action_plan_opinion observations threat_to_life',
  'eu.cra': 'aev_ew aev_notif aev_final sev_ew sev_notif sev_final users',
  'eu.nis2': 'ew notif interm final',
  'eu.whistle': 'ack feedback',
  'eu.eevidence': 'epo epo_emerg epo_preserve',
  'uk.dp': 'breach',
  'uk.csrb': 'initial full',
  'us.tida': 'takedown',
  'us.circia': 'incident ransom supplement',
  'us.hipaa': 'indiv small_annual',
  'us-ca.sb53': 'csi imminent amend internal_risk',
  'us-co.admt': 'cure records',
  'us-ny.raise': 'csi imminent internal_risk disclosure_statement',
  'us-tx.traiga': 'cure',
  'ca.pipeda': 'breach individuals records',
  'br.lgpd': 'incident ds supplement public_notice',
  'jp.appi': 'prelim final final_unlawful',
  'kr.pipa': 'regulator ds',
  'cn.incident': 'cii cii_escalate netop state_organ final',
  'cn.pipl': 'breach',
  'in.dpdp': 'initial detail ds',
  'in.certin': 'incident logs',
  'in.itrules': 'takedown ncii grievance',
  'sg.pdpa': 'assess regulator ds',
  'au.privacy': 'assess notify',
  'au.cyber': 'ransom soci',
  'au.osa': 'removal',
  'ch.isa': 'initial complete',
  'ch.fadp': 'breach',
  'coe.cets224': 'subscriber expedited_subscriber',
}

const IDS = Object.entries(CLOCKS).flatMap(([instrument, names]) =>
  names.split(' ').map((name) => `${instrument}/${name}`),
)

test('the packs have every one of them', () => {
  assert.equal(IDS.length, 124)
  const known = new Set(
    shippedLaw().packs.flatMap(({ instruments }) =>
      instruments.flatMap(({ clocks }) => clocks.map(({ id }) => id)),
    ),
  )
  assert.deepEqual(
    IDS.filter((id) => !known.has(id)),
    [],
  )
})

const STARTS = ['2026-11-20T10:00:00+01:00', '2028-01-14T09:00Z', null]
const ZONES = ['Europe/Brussels', 'America/Los_Angeles', 'Asia/Kolkata', 'Pacific/Chatham', 'UTC']

for (const clock of IDS) {
  test(`${clock} answers`, () => {
    for (const start of STARTS) {
      for (const timeZone of ZONES) {
        const answer = evalDue({ clock, start, timeZone }) as Record<string, Json>
        const { state, strictDue, legalDue, steps, source, evidence } = answer
        assert.ok(CLOCK_STATES.some((known) => known === state && known !== 'unknown_clock'))
        assert.match(String(evidence), /^[PSR]$/)
        assert.match(String(source), /, art\. /)
        assert.equal(strictDue === null, legalDue === null)
        if (start === null || state === 'qualitative') assert.equal(strictDue, null)
        if (strictDue === null) continue
        assert.ok(String(strictDue).endsWith(`[${timeZone}]`), String(strictDue))
        assert.ok((steps as readonly Json[]).length >= 3)
      }
    }
  })
}
