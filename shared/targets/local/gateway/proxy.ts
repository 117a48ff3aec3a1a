import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../ports/clock.ts';
import { expectedOf } from '../identity.ts';
import { attempt } from './attempt.ts';
import { forwardedHeaders } from './headers.ts';
import { lost, notReady, type Refusal, refuse, silent } from './refusal.ts';
import { ReplayBody, type ReplayBudget } from './replay-body.ts';
import type { Place, Router } from './router.ts';
import { Runner } from './runner.ts';

/** As large as the largest body that the engine's application takes by default. */
const REPLAY_BYTES = 8 * 1024 * 1024;
/** A request that ends two servers is not given a third. */
const MAX_LOSSES = 2;
/** Between two tries when the way in is there and nothing answers behind it. */
const PAUSE_MS = 25;

export interface ProxyDeps {
  readonly router: Router;
  readonly clock: Clock;
  readonly budget: ReplayBudget;
}

export interface Incoming {
  readonly place: Place;
  readonly client: IncomingMessage;
  readonly answer: ServerResponse;
  /** Path as the server is to see it, with its query. */
  readonly path: string;
  /** Part of the path that was cut off. */
  readonly prefix: string;
}

/**
 * Has a request answered. Quotes change nothing on a server, so a request that got no byte of an answer is sent again:
 * to another server, to another deployment of the environment, or to the same one once it is back.
 */
export async function proxy(incoming: Incoming, deps: ProxyDeps): Promise<void> {
  const { client, answer, place } = incoming;
  const body = new ReplayBody(client, REPLAY_BYTES, deps.budget);
  const gone = new AbortController();
  answer.once('close', () => gone.abort());
  let leave = () => {};
  try {
    let chosen: Runner | undefined;
    for (let losses = 0; !gone.signal.aborted; ) {
      const choice = deps.router.choose(place, chosen);
      if (!(choice instanceof Runner)) return refuse(answer, choice);
      if (choice !== chosen) {
        leave();
        leave = choice.enter();
        chosen = choice;
      }
      const outcome = await tryOnce(choice, incoming, body, deps, gone.signal);
      if (outcome === 'done') return;
      if (outcome === 'lost') losses += 1;
      if (typeof outcome === 'object') return refuse(answer, outcome);
      if (losses > MAX_LOSSES)
        return refuse(answer, lost(choice.id, 'its servers gave no answer of their own to this request'));
    }
  } finally {
    leave();
    body.release();
  }
}

async function tryOnce(
  chosen: Runner,
  { client, answer, place, path, prefix }: Incoming,
  body: ReplayBody,
  { router, clock }: ProxyDeps,
  signal: AbortSignal,
): Promise<'done' | 'again' | 'lost' | Refusal> {
  const runner = (chosen.readiness === 'down' && router.standIn(place, chosen)) || chosen;
  const replica = runner.borrow();
  if (replica === undefined) {
    const outcome = await runner.untilReady(signal);
    return outcome === 'failed' ? (router.standIn(place, runner) ? 'again' : notReady(runner.id)) : 'again';
  }
  replica.inFlight += 1;
  try {
    const attempted = await attempt({
      client,
      answer,
      body,
      replica,
      expected: expectedOf(runner.id, runner.deployment),
      path,
      headers: forwardedHeaders(client, prefix),
      freshConnection: Number(client.headers['content-length'] ?? 0) > REPLAY_BYTES || replica.failedAttempts > 0,
    });
    switch (attempted.kind) {
      case 'answered':
        replica.failedAttempts = 0;
        runner.answered(replica, attempted.status);
        return 'done';
      case 'broken-off':
        return 'done';
      case 'silent':
        return silent(runner.id);
      default: {
        replica.failedAttempts += 1;
        if (attempted.kind !== 'stale') runner.suspect(replica);
        if (!body.replayable) return lost(runner.id, attempted.why);
        await clock.sleep(PAUSE_MS, signal).catch(() => {});
        return attempted.kind === 'lost' || attempted.kind === 'stranger' ? 'lost' : 'again';
      }
    }
  } finally {
    replica.inFlight -= 1;
  }
}
