import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { messageOf } from '../../../errors.ts';
import { digestOf } from '../../../release/digest.ts';
import { HOST } from '../ports.ts';
import { type LiveState, SYNC_PATH, type SyncRequest, syncRequest } from './protocol.ts';

const REQUEST_MS = 10_000;

/** The door for the steps: loopback only, and only with the token from the state file. */
export class Control {
  readonly #server: Server;

  constructor(token: string, sync: (request: SyncRequest) => Promise<LiveState>) {
    this.#server = createServer({ requestTimeout: REQUEST_MS }, async (request, response) => {
      const reply = (status: number, body: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (!isAllowed(request, token)) return reply(403, { error: 'no' });
      if (request.method !== 'POST' || request.url !== SYNC_PATH) return reply(404, { error: 'not here' });
      try {
        reply(200, await sync(syncRequest.parse(JSON.parse(await text(request)))));
      } catch (error) {
        reply(500, { error: messageOf(error) });
      }
    });
  }

  /** Listens on a port of the system's choice, which it returns. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, HOST, () => {
        const address = this.#server.address();
        if (address === null || typeof address === 'string') reject(new Error('the control door has no port'));
        else resolve(address.port);
      });
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = request.headers.authorization ?? '';
  // Digests have one length whatever was given, and take one time to compare.
  return timingSafeEqual(Buffer.from(digestOf(given)), Buffer.from(digestOf(`Bearer ${token}`)));
}
