/**
 * A server that does next to nothing: it finds the key and one number of each row in the bytes of the request and
 * answers a line with a premium. Usage: node thin-server.ts <factor> [microseconds a row]; prints its port. With a time for
 * each row it prices one row after the other, as a server with one worker does, and leaves the processor alone meanwhile.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { thinAnswers } from './thin-answers.ts';

const factor = Number(process.argv[2] ?? '1');
const msPerRow = Number(process.argv[3] ?? '0') / 1000;
/** When the rows that came before are priced. */
let freeAtMs = 0;

function serve(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'GET') return response.writeHead(200).end('ok');
    const text = thinAnswers(Buffer.concat(chunks).toString('latin1'), factor);
    whenPriced(text, () => send(request, response, text));
  });
}

function whenPriced(text: string, done: () => void): void {
  if (msPerRow === 0) {
    done();
    return;
  }
  const now = performance.now();
  freeAtMs = Math.max(freeAtMs, now) + text.split('\n').length * msPerRow;
  setTimeout(done, freeAtMs - now);
}

function send(request: IncomingMessage, response: ServerResponse, text: string): void {
  if (request.headers.accept?.includes('ndjson')) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(text);
    return;
  }
  const rows = text.trimEnd().split('\n');
  const envelope = `{"rows":[${rows.join(',')}],"row_count":${rows.length},"returned_rows":${rows.length},"truncated":false,"limit":100000}`;
  response.writeHead(200, { 'content-type': 'application/json' }).end(envelope);
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('end', () => process.exit(0));
