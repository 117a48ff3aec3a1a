import type { DeploymentStatus } from '../../../release/deployment.ts';
import type { DeploymentRecord } from '../state/schema.ts';

export interface RunnerFacts {
  readonly desired: DeploymentRecord['desired'];
  readonly replicas: number;
  readonly ready: number;
  readonly starting: number;
  readonly wanted: number;
  /** Starts in a row that failed. */
  readonly failures: number;
  /** Something went wrong a moment ago. */
  readonly isTroubled: boolean;
  /** All ready replicas failed to answer their last probe. */
  readonly unwell: boolean;
  /** Its step still waits for its first answer. */
  readonly deploying: boolean;
}

const FAILED_AFTER = 3;

/** The status of a deployment, and the facts that it rests on. */
export function describeRunner(facts: RunnerFacts): { readonly status: DeploymentStatus; readonly raw: string } {
  const counted = `${facts.ready} of ${facts.wanted} ready`;
  const failed = facts.failures > 0 ? `, ${facts.failures} failed starts` : '';
  return {
    status: statusOf(facts),
    raw: facts.desired === 'active' ? counted + failed : `turned off, ${facts.replicas} ending`,
  };
}

function statusOf(facts: RunnerFacts): DeploymentStatus {
  const { desired, replicas, ready, starting, wanted, failures, isTroubled, unwell, deploying } = facts;
  if (desired !== 'active') return replicas > 0 ? 'deactivating' : 'inactive';
  if (unwell) return 'unhealthy';
  if (ready > 0) return 'active';
  if (failures >= FAILED_AFTER) return 'failed';
  if (deploying) return starting > 0 ? 'loading' : 'deploying';
  if (wanted === 0) return 'scaled-to-zero';
  return isTroubled ? 'unhealthy' : 'waking-up';
}
