import type { World } from '../world.ts';
import type { FakeService } from './state.ts';

/** A line in the service's events, newest first; AWS keeps a hundred. */
export function say(world: World, service: FakeService, what: string): void {
  service.events.unshift({ id: world.nextId(), at: world.now, message: `(service ${service.name}) ${what}` });
  service.events.splice(100);
}
