import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../errors.ts';
import { Aws } from './clients.ts';
import type { EcsContext } from './context.ts';
import { findService } from './snapshot.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A context whose AWS answers everything with this. */
async function contextOf(answer: object): Promise<EcsContext> {
  const listening = createServer((_request, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(answer));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const aws = new Aws({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' }),
    userAgent: 'haute-deploy/test',
    maxAttempts: 1,
  });
  return { aws, place: { cluster: 'pricing', region: 'eu-west-1' } } as unknown as EcsContext;
}

describe('a service that AWS is asked for', () => {
  it('is none where AWS says that it is missing', async () => {
    const context = await contextOf({ services: [], failures: [{ arn: 'motor', reason: 'MISSING' }] });
    expect(await findService(context, 'motor')).toBeUndefined();
  });

  it('is not taken for missing where AWS failed to look it up', async () => {
    const context = await contextOf({ services: [], failures: [{ arn: 'motor', reason: 'BUSY', detail: 'again' }] });
    const error: unknown = await findService(context, 'motor').catch((thrown: unknown) => thrown);
    expect(messageOf(error)).toMatch(/AWS-UNAVAILABLE.*BUSY: again|BUSY: again.*AWS-UNAVAILABLE/);
  });
});
