import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { DEPLOYMENT_HEADER } from '../identity.ts';

/** Of one connection only: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Answered by this gateway itself. */
const OURS = ['host', 'expect'];

/**
 * Headers to send on to a server.
 * @param prefix part of the path that the server does not see; empty for none
 */
export function forwardedHeaders(request: IncomingMessage, prefix: string): OutgoingHttpHeaders {
  const dropped = hopByHop(request.headers.connection);
  const kept = Object.entries(request.headersDistinct).filter(([name]) => !dropped.has(name) && !OURS.includes(name));
  const { host } = request.headers;
  const from = [request.headers['x-forwarded-for'], request.socket.remoteAddress].flat();
  return {
    ...Object.fromEntries(kept.map(([name, values = []]) => [name, values.length === 1 ? values[0] : values])),
    // How long the body is, is between us and the server; whether there is one is the client's to say.
    ...(request.headers['transfer-encoding'] !== undefined && { 'transfer-encoding': 'chunked' }),
    'x-forwarded-for': from.filter((each) => each !== undefined).join(', '),
    'x-forwarded-proto': 'http',
    ...(host !== undefined && { 'x-forwarded-host': host }),
    ...(prefix !== '' && { 'x-forwarded-prefix': prefix }),
  };
}

/** Headers of a server's answer to send back, as a flat list that keeps their order, their case and those that repeat. */
export function answerHeaders(answer: IncomingMessage, deploymentId: string): string[] {
  const dropped = hopByHop(answer.headers.connection).add(DEPLOYMENT_HEADER);
  const kept: string[] = [];
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = answer.rawHeaders.slice(index, index + 2);
    if (!dropped.has(name.toLowerCase())) kept.push(name, value);
  }
  return [...kept, DEPLOYMENT_HEADER, deploymentId];
}

/** With those that the connection itself names. */
function hopByHop(connection: string | undefined): Set<string> {
  const named = (connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return new Set([...HOP_BY_HOP, ...named.filter((name) => name !== '')]);
}
