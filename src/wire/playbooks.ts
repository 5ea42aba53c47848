/** The playbooks that the product ships, in the words of officers: data, so a change needs no code. */
import communicationFile from '../../vocabulary/playbooks/communication.json' with { type: 'json' }
import impactFile from '../../vocabulary/playbooks/impact.json' with { type: 'json' }
import remediationFile from '../../vocabulary/playbooks/remediation.json' with { type: 'json' }
import triageFile from '../../vocabulary/playbooks/triage.json' with { type: 'json' }
import type { Playbook } from '../core/joint/decide-joint.ts'

export const playbooks: readonly Playbook[] = [
  triageFile,
  impactFile,
  remediationFile,
  communicationFile,
]

export function findPlaybook(id: string): Playbook | undefined {
  return playbooks.find((one) => one.id === id)
}
