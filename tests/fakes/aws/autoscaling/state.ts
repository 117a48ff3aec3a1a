import type { Wire } from '../ecs/state.ts';

/** Scalable targets and policies as the API gives them. */
export interface ScalingState {
  readonly targets: Map<string, Wire>;
  readonly policies: Map<string, Wire>;
}
