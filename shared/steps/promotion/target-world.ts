import type { RouteMark, Target } from '../../ports/target.ts';
import type { Autoscaling, Deployment, EnvironmentState, PreviousPolicy, Weights } from '../../release/deployment.ts';
import type { RampPlan } from '../../release/promotion/plan.ts';
import type { Release } from '../../release/release.ts';
import type { Served } from '../parts/prove-environment.ts';
import { proofDeadline } from '../parts/prove-serving.ts';
import type { CheckOutcome, PromotionWorld } from './runner.ts';

/** What is to be moved, and how the candidate is looked at on the way. */
export interface Move {
  readonly target: Target;
  readonly release: Release;
  /** The environment as it was when the move was decided: whole, no promotion under way. */
  readonly before: EnvironmentState;
  readonly promotionId: string;
  readonly run: string;
  /** Make a new deployment even when one of this release can be used again. */
  readonly fresh: boolean;
  readonly supersede: boolean;
  readonly autoscaling: Autoscaling;
  /** How traffic will move, for platforms that must know when they begin; all at once where it is not given. */
  readonly ramp?: RampPlan;
  /** The platform goes through the ramp by itself. */
  readonly handOff?: boolean;
  /** The candidate is left without traffic until people have approved it. */
  readonly hold?: boolean;
  /** Candidate of a promotion that is taken up: the environment is marked as its own already. */
  readonly resumed?: Deployment | undefined;
  readonly previousPolicy: PreviousPolicy;
  readonly rollbackWindowMs: number;
  /** Hash of the evidence that the move rests on. */
  readonly evidence: string;
  readonly progress: (line: string) => void;
  /** Looks at the candidate alone, on its own address. */
  readonly verify: (candidate: Deployment, signal: AbortSignal) => Promise<CheckOutcome>;
  /** Looks at the candidate while it has this percent of the environment's traffic. */
  readonly check: (candidate: Deployment, percent: number, signal: AbortSignal) => Promise<CheckOutcome>;
  /** Asks the environment's address which release answers, after all its traffic was given to one deployment. */
  readonly prove: (deployment: Deployment, signal: AbortSignal) => Promise<Served>;
}

/** The move as it went, for the step's outputs. */
export interface MoveLog {
  candidate: Deployment | undefined;
  /** Percents that the target confirmed, in order. */
  readonly stages: number[];
  /** True once the target marked the environment as ours; before that there is nothing to revert. */
  claimed: boolean;
  /** What is known of who answers since all traffic was given to the candidate. */
  served: Served | undefined;
}

/** The world of a promotion on a target: what the state machine's effects mean there. */
export function targetWorld(move: Move): { world: PromotionWorld; log: MoveLog; pause: () => Promise<void> } {
  const { target, before } = move;
  const environment = before.name;
  const { resumed } = move;
  const log: MoveLog = { candidate: resumed, stages: [], claimed: resumed !== undefined, served: undefined };

  const world: PromotionWorld = {
    async prepare(signal) {
      const { fresh, autoscaling, ramp, handOff = false, hold = false, progress } = move;
      const options = { fresh, autoscaling, ...(ramp && { ramp }), handOff, hold, signal, progress };
      log.candidate = await target.deploy(move.release, environment, options);
      await target.route(environment, before.weights, mark(log.candidate), { signal, progress });
      log.claimed = true;
    },
    verify: async (signal) => move.verify(candidate(), signal),
    async shift(percent, signal) {
      const { progress } = move;
      const weights = split(candidate(), before.current, percent);
      await target.route(environment, weights, mark(candidate()), { signal, progress });
      log.stages.push(percent);
    },
    async check(percent, signal) {
      if (percent === 100) log.served = await move.prove(candidate(), signal);
      return move.check(candidate(), percent, signal);
    },
    settle: () => settle('promoted', candidate().id, before.current?.id),
    async revert() {
      if (!log.claimed) return;
      await target.route(environment, whole(before.current), mark(candidate()), { progress: move.progress });
      // A deadline of its own: the step's signal has usually fired by now, and the revert must be proven all the same.
      if (before.current) await move.prove(before.current, proofDeadline(before.address, REVERT_PATIENCE_MS));
      await settle('reverted', before.current?.id ?? candidate().id, before.current && candidate().id);
    },
  };
  return { world, log, pause };

  function candidate(): Deployment {
    if (!log.candidate) throw new Error('the candidate was not prepared');
    return log.candidate;
  }

  /** Leaves the traffic as it stands and marks the environment as waiting for a person. */
  async function pause(): Promise<void> {
    const { weights } = await target.inspect(environment);
    await target.route(environment, weights, { ...mark(candidate()), paused: true });
  }

  function mark(deployment: Deployment): RouteMark {
    const { promotionId, run, supersede } = move;
    return { promotionId, candidate: deployment.id, current: before.current?.id, run, paused: false, supersede };
  }

  async function settle(outcome: 'promoted' | 'reverted', keep: string, previous: string | undefined): Promise<void> {
    const { previousPolicy, rollbackWindowMs, promotionId, evidence } = move;
    await target.settle(environment, {
      keep,
      previous,
      previousPolicy,
      rollbackWindowMs,
      promotionId,
      evidence,
      outcome,
    });
  }
}

const REVERT_PATIENCE_MS = 30_000;

/** Weights that give the candidate its percent and the current deployment the rest. */
export function split(candidate: Deployment, current: Deployment | undefined, percent: number): Weights {
  if (!current || current.id === candidate.id || percent === 100) return { [candidate.id]: 100 };
  return { [candidate.id]: percent, [current.id]: 100 - percent };
}

/** All traffic to one deployment, or to none where the environment had none. */
export function whole(deployment: Deployment | undefined): Weights {
  return deployment ? { [deployment.id]: 100 } : {};
}
