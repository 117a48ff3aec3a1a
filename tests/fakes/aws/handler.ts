import type { Wire } from './ecs/state.ts';
import type { World } from './world.ts';

/** Who calls, and where to. */
export interface Caller {
  readonly arn: string;
  readonly userId: string;
  /** Address of the fake, for what is fetched from it by URL. */
  readonly endpoint: string;
}

/** What one operation does to the world, and what it answers. @throws AwsError */
export type Handler = (world: World, input: Wire, caller: Caller) => Wire;

export type Handlers = Readonly<Record<string, Handler>>;
