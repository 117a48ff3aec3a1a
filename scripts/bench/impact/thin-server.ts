/**
 * A server that does next to nothing: it finds the key and one number of each row in the bytes of the request and
 * answers a line with a premium. Usage: node thin-server.ts <factor> [microseconds a row]; prints its port. With a time for
 * each row it prices one row after the other, as a server with one worker does, and leaves the processor alone meanwhile.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** With and without the blanks that Python writes. */
const shape = (blank: string) => ({
  key: `"quote_id":${blank}"`,
  number: `"vehicle_value":${blank}`,
  young: `,${blank}"driver_age":${blank}1`,
});
const [OURS, PYTHON] = [shape(''), shape(' ')];
const factor = Number(process.argv[2] ?? '1');
const msPerRow = Number(process.argv[3] ?? '0') / 1000;
/** When the rows that came before are priced. */
let freeAtMs = 0;

function answer(body: string): string {
  const { key: KEY, number: NUMBER, young: YOUNG } = body.includes(PYTHON.key) ? PYTHON : OURS;
  let text = '';
  for (let at = body.indexOf(KEY); at >= 0; at = body.indexOf(KEY, at)) {
    at += KEY.length;
    const end = body.indexOf('"', at);
    const key = body.slice(at, end);
    const number = body.indexOf(NUMBER, end) + NUMBER.length;
    const value = Number.parseInt(body.slice(number, number + 8), 10);
    const young = body.startsWith(YOUNG, end + 1);
    const premium = Math.round((200 + value / 50) * (young && factor !== 1 ? factor * 1.08 : factor) * 100) / 100;
    text += `{"quote_id":"${key}","premium":${premium},"tax":${Math.round(premium * 12) / 100}}\n`;
    at = number;
  }
  return text;
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'GET') return response.writeHead(200).end('ok');
    const text = answer(Buffer.concat(chunks).toString('latin1'));
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
