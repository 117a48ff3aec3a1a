import type { Service } from '@aws-sdk/client-ecs';
import { withoutArns } from '../names.ts';
import type { Finding, Subject } from './look.ts';

/** What AWS says of a service that lacks room: instances, Fargate, addresses in a subnet, or the right to start tasks. */
const LACK =
  /unable to place|unable to (consistently )?start|failed to launch|unable to assume|insufficient|not enough|no container instance|capacity is unavailable|free addresses|does not exist|was unable to/i;
const STEADY = /has reached a steady state/i;

/** What the service itself says of its tasks before it is deployed to. Nothing stops: it may be why a release is sent. */
export function checkCapacity({ service }: Subject): Finding {
  const { desiredCount = 0, runningCount = 0 } = service;
  const lacking = lackOf(service);
  return {
    problems: [],
    notes: [
      ...(runningCount < desiredCount ? [`the service runs ${runningCount} of ${desiredCount} tasks now`] : []),
      ...(lacking === undefined ? [] : [`AWS says of the service: ${lacking}`]),
    ],
  };
}

/** The newest event of its kind since the service was last steady. */
function lackOf({ events = [] }: Service): string | undefined {
  const steadyAt = events.findIndex(({ message = '' }) => STEADY.test(message));
  const since = steadyAt < 0 ? events : events.slice(0, steadyAt);
  const message = since.find(({ message: said = '' }) => LACK.test(said))?.message;
  return message === undefined ? undefined : withoutArns(message);
}
