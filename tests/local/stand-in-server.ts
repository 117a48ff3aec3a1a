/**
 * Stands in for the packaged application where only the target is tested: it starts in a moment, names itself as the
 * real one does, and misbehaves on request.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

interface Behaviour {
  readonly premium?: number;
  readonly startMs?: number;
  readonly crashAtStart?: boolean;
  readonly sayRelease?: string;
  readonly unhealthy?: boolean;
}

const { PACKAGE_DIR = '', PACKAGE_DIGEST = '', HAUTE_RELEASE_ID = '', HAUTE_DEPLOYMENT_ID = '' } = process.env;
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
const behaviour = JSON.parse(readFileSync(join(PACKAGE_DIR, 'behaviour.json'), 'utf8')) as Behaviour;
const proof = {
  'x-haute-package': PACKAGE_DIGEST,
  'x-haute-release': behaviour.sayRelease ?? HAUTE_RELEASE_ID,
  'x-haute-deployment': HAUTE_DEPLOYMENT_ID,
};

console.log(`stand-in ${process.pid} for ${HAUTE_DEPLOYMENT_ID} on ${port}`);
if (behaviour.crashAtStart) {
  console.error('Error: the rating table is missing, password=hunter2');
  process.exit(3);
}
await delay(behaviour.startMs ?? 0);

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
// As uvicorn does: idle connections go after five seconds, and SIGTERM lets requests under way finish.
server.keepAliveTimeout = 5_000;
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
// A large body is asked for, unless it is refused unread.
server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
  if (!request.url?.startsWith('/early')) response.writeContinue();
  server.emit('request', request, response);
});
server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const ask = (name: string) => url.searchParams.get(name);
  if (url.pathname === '/health') return json(response, behaviour.unhealthy ? 503 : 200, { status: 'ok' });
  if (url.pathname === '/early') {
    // Answers before it has read the body, and hangs up: a body that is too large.
    json(response, 413, { error_code: 'PAYLOAD_TOO_LARGE' }, { connection: 'close' });
    return;
  }
  if (ask('die') === 'always') process.kill(process.pid, 'SIGKILL');
  await delay(Number(ask('pauseMs') ?? 0));
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
  }
  await delay(Number(ask('ms') ?? 0));
  if (url.pathname === '/headers')
    return json(response, 200, { method: request.method, url: request.url, headers: request.headers });
  if (url.pathname === '/stream') return stream(response, Number(ask('lines') ?? 10), Number(ask('gapMs') ?? 0));
  if (url.pathname === '/nameless') {
    response.writeHead(Number(ask('status') ?? 200)).end('who am I');
    return;
  }
  json(response, 200, { premium: behaviour.premium ?? 100, pid: process.pid, bytes });
}

async function stream(response: ServerResponse, lines: number, gapMs: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', ...proof });
  for (let line = 0; line < lines; line += 1) {
    response.write(`{"line":${line}}\n`);
    await delay(gapMs);
  }
  response.end();
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...proof, ...more });
  response.end(JSON.stringify(body));
}
