import type { LocalState } from '../state/schema.ts';
import type { Fleet } from './fleet.ts';
import { inactive, NOT_FOUND, notDeployed, type Refusal } from './refusal.ts';
import type { Runner } from './runner.ts';
import { WeightedPicker } from './weighted.ts';

/** Where a request was sent: an environment's address, or a deployment's own. */
export type Place =
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'deployment'; readonly id: string };

interface Lane {
  readonly weights: Readonly<Record<string, number>>;
  readonly picker: WeightedPicker;
}

/** Decides which deployment answers a request. New weights are in force for every request that comes after `apply`. */
export class Router {
  readonly #fleet: Pick<Fleet, 'runner'>;
  #lanes: ReadonlyMap<string, Lane> = new Map();

  constructor(fleet: Pick<Fleet, 'runner'>) {
    this.#fleet = fleet;
  }

  apply(state: LocalState): void {
    const lanes = Object.entries(state.environments).map(([name, { weights }]): [string, Lane] => {
      const lane = this.#lanes.get(name);
      // An environment whose weights did not change goes on where it was in its round.
      const same = lane !== undefined && sameWeights(lane.weights, weights);
      return [name, same ? lane : { weights, picker: new WeightedPicker(weights) }];
    });
    this.#lanes = new Map(lanes);
  }

  /** @param before what was chosen for this request earlier: kept as long as the environment still sends traffic there */
  choose(place: Place, before?: Runner): Runner | Refusal {
    return place.kind === 'deployment' ? this.#one(place.id) : this.#weighted(place.name, before);
  }

  /** Another deployment of the place that can answer at once, for a request whose own one cannot. */
  standIn(place: Place, down: Runner): Runner | undefined {
    if (place.kind === 'deployment') return undefined;
    const weights = this.#lanes.get(place.name)?.weights ?? {};
    const others = Object.keys(weights).flatMap((id) => this.#routable(weights, id) ?? []);
    return others.find((other) => other !== down && other.readiness === 'ready');
  }

  #one(id: string): Runner | Refusal {
    const runner = this.#fleet.runner(id);
    if (runner === undefined || runner.deployment.desired === 'deleted') return NOT_FOUND;
    return runner.deployment.desired === 'active' ? runner : inactive(id);
  }

  #weighted(name: string, before: Runner | undefined): Runner | Refusal {
    const lane = this.#lanes.get(name);
    const first = Object.entries(lane?.weights ?? {}).find(([, weight]) => weight > 0)?.[0];
    if (lane === undefined || first === undefined) return notDeployed(name);
    if (before && this.#routable(lane.weights, before.id)) return before;
    const picked = lane.picker.pick((id) => this.#routable(lane.weights, id) !== undefined);
    return (picked !== undefined && this.#fleet.runner(picked)) || inactive(first);
  }

  #routable(weights: Lane['weights'], id: string): Runner | undefined {
    if ((weights[id] ?? 0) === 0) return undefined;
    const runner = this.#fleet.runner(id);
    return runner?.deployment.desired === 'active' ? runner : undefined;
  }
}

function sameWeights(a: Lane['weights'], b: Lane['weights']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
