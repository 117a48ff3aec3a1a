import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { messageOf } from '../../../errors.ts';
import { type Expected, namesItself, strangerness } from '../identity.ts';
import { HOST } from '../ports.ts';
import { answerHeaders } from './headers.ts';
import type { ReplayBody } from './replay-body.ts';
import type { Replica } from './replica.ts';

/** Time for the first byte of an answer, and between any two, in milliseconds. */
const SILENCE_MS = 600_000;

/**
 * A body over this size is announced first, and sent when the server asks for it: a server that refuses a large body
 * hangs up on whoever still sends it, and its refusal would be lost.
 */
const ASK_FIRST_BYTES = 64 * 1024;
/** For servers that never ask. */
const ASK_PATIENCE_MS = 1_000;

/** How an attempt to have one server answer ended. */
export type Attempted =
  /** The client has the whole answer. */
  | { readonly kind: 'answered'; readonly status: number }
  /** The client left, or the server's answer broke off when a part of it was with the client already. */
  | { readonly kind: 'broken-off' }
  /** No connection: the server has seen nothing of the request. */
  | { readonly kind: 'unreached'; readonly why: string }
  /** A kept connection turned out to be closed: most likely the server has seen nothing. */
  | { readonly kind: 'stale'; readonly why: string }
  /** The connection ended before the first byte of an answer. */
  | { readonly kind: 'lost'; readonly why: string }
  /** Something else than the deployment listens on the server's port. Nothing of its answer was passed on. */
  | { readonly kind: 'stranger'; readonly why: string }
  | { readonly kind: 'silent' };

export interface Attempt {
  readonly client: IncomingMessage;
  readonly answer: ServerResponse;
  readonly body: ReplayBody;
  readonly replica: Replica;
  readonly expected: Expected;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  /** A connection of its own, for a request that could not be sent again if a kept one were closed. */
  readonly freshConnection: boolean;
}

/** Sends a request to one server and its answer to the client, both as they come. Never rejects. */
export function attempt(given: Attempt): Promise<Attempted> {
  const { client, answer, replica, path, headers } = given;
  return new Promise((resolve) => {
    let isConnected = false;
    let hasAnswer = false;
    const asksFirst = Number(client.headers['content-length'] ?? 0) > ASK_FIRST_BYTES;
    const upstream = request({
      host: HOST,
      port: replica.record.port,
      method: client.method,
      path,
      headers: asksFirst ? { ...headers, expect: '100-continue' } : headers,
      agent: given.freshConnection ? false : replica.agent,
    });
    const leave = () => {
      resolve({ kind: 'broken-off' });
      upstream.destroy();
    };
    answer.once('close', leave);
    const done = (attempted: Attempted) => {
      answer.off('close', leave);
      resolve(attempted);
    };

    upstream.setTimeout(SILENCE_MS, () => {
      done(hasAnswer ? { kind: 'broken-off' } : { kind: 'silent' });
      upstream.destroy();
    });
    upstream.once('socket', (socket) => {
      const connected = async () => {
        isConnected = true;
        if (asksFirst && !(await isAskedOn(upstream))) return;
        // What fails here is reading from the client: it is gone.
        await upload(given.body, upstream).catch(leave);
      };
      // The body is touched only once there is somebody to send it to.
      if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    upstream.on('error', (error) => {
      if (hasAnswer) return;
      const why = messageOf(error);
      if (!isConnected) done({ kind: 'unreached', why });
      else done({ kind: upstream.reusedSocket ? 'stale' : 'lost', why });
    });
    upstream.once('response', (response) => {
      hasAnswer = true;
      const stranger = strangerProblem(response, given.expected);
      if (stranger !== undefined) {
        done({ kind: 'stranger', why: stranger });
        upstream.destroy();
        return;
      }
      forward(response, given).then((attempted) => {
        done(attempted);
        // Nothing more of the body is wanted, and a connection that waits for it is no use to anybody else.
        if (!upstream.writableEnded) upstream.destroy();
      });
    });
  });
}

/**
 * An answer that names another release is not passed on, nor a good one that names none: the port may have gone to
 * another program. An error that names none may come from the server below our application.
 */
function strangerProblem(response: IncomingMessage, expected: Expected): string | undefined {
  const mustName = (response.statusCode ?? 0) < 400;
  return mustName || namesItself(response.headers) ? strangerness(response.headers, expected) : undefined;
}

function forward(response: IncomingMessage, { answer, expected, body }: Attempt): Promise<Attempted> {
  const status = response.statusCode ?? 502;
  answer.writeHead(status, response.statusMessage ?? '', answerHeaders(response, expected.deploymentId));
  return new Promise((resolve) => {
    pipeline(response, answer, (error) => {
      resolve(error ? { kind: 'broken-off' } : { kind: 'answered', status });
      // An early answer (a body too large) leaves the rest of the body unread.
      body.discard().catch(() => {});
    });
  });
}

/** True when the server asks for the body, or says nothing for a while; false when it has answered without, or is gone. */
function isAskedOn(upstream: ClientRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => resolve(true), ASK_PATIENCE_MS);
    const decided = (on: boolean) => () => {
      clearTimeout(patience);
      resolve(on);
    };
    upstream.once('continue', decided(true)).once('response', decided(false)).once('close', decided(false));
  });
}

async function upload(body: ReplayBody, upstream: ClientRequest): Promise<void> {
  for (let index = 0; !upstream.destroyed; index += 1) {
    const chunk = await body.chunk(index);
    if (chunk === undefined) break;
    if (!upstream.write(chunk)) await drained(upstream);
  }
  upstream.end();
}

function drained(upstream: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      upstream.off('drain', done);
      upstream.off('close', done);
      resolve();
    };
    upstream.once('drain', done);
    upstream.once('close', done);
  });
}
