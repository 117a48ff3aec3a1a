import { createServer } from 'node:net';
import { ProviderError } from '../../errors.ts';

export const HOST = '127.0.0.1';

/** Below the range that systems hand out to outgoing connections, so that an address of ours is free again after a restart. */
const STABLE = { from: 18_000, to: 20_999 };
const SERVERS = { from: 21_000, to: 31_999 };
const TRIES = 200;

/** A port for an address that is to stay: free now, and not promised to anybody in `taken`. */
export function stablePort(taken: ReadonlySet<number>): Promise<number> {
  return freePort(STABLE, taken);
}

/** A port for a server process. Another program may take it before the server does: the server then ends, and gets another. */
export function serverPort(taken: ReadonlySet<number>): Promise<number> {
  return freePort(SERVERS, taken);
}

async function freePort({ from, to }: typeof STABLE, taken: ReadonlySet<number>): Promise<number> {
  const size = to - from + 1;
  // A random start: two projects on one machine look in different places.
  const start = Math.floor(Math.random() * size);
  for (let step = 0; step < TRIES; step += 1) {
    const port = from + ((start + step) % size);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new ProviderError({
    code: 'LOCAL-NO-PORT',
    what: `no free port was found on ${HOST} between ${from} and ${to} in ${TRIES} tries`,
    fix: 'End programs that listen there, or set [targets.local] ports in haute.release.toml',
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}
