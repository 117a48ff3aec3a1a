import { createSign, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from './certificate.ts';
import { CI_LOGIN, type TokenAuth } from './programs.ts';

export interface TokenRequest {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly scopes: readonly string[];
  readonly service: string | null;
  /** Of a POST. */
  readonly refreshToken: string | null;
}

/** A token service, whose tokens a real registry checks by their signature. */
export interface TokenService {
  readonly auth: TokenAuth;
  readonly requests: TokenRequest[];
  /** What may be done, of `pull` and `push`; everything where it is not given. */
  allowed: readonly string[] | undefined;
  /** Whoever shows no login may read. */
  isOpen: boolean;
  /** Seconds that the service's clock is ahead of ours. */
  clockAheadS: number;
  /** What it says a token lives, in seconds, and how long it really does. */
  saidS: number;
  realS: number;
  stop(): Promise<void>;
}

export const REFRESH_TOKEN = 'refresh-token-of-the-test';
const SERVICE = 'registry of the lab';
const ISSUER = 'lab';

/** @param openssl for the certificate of its key */
export async function startTokenService(openssl: string): Promise<TokenService> {
  const { key: privateKey, certificate } = makeCertificate(openssl, 'lab');
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  const service: TokenService = {
    auth: { realm, service: SERVICE, issuer: ISSUER, certificate },
    requests: [],
    allowed: undefined,
    isOpen: false,
    clockAheadS: 0,
    saidS: 300,
    realS: 300,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(request);
    service.requests.push(asked);
    const { username, password } = CI_LOGIN;
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const isKnown = asked.method === 'POST' ? asked.refreshToken === REFRESH_TOKEN : asked.authorization === basic;
    const isGuest = service.isOpen && asked.method === 'GET' && asked.authorization === undefined;
    if (!isKnown && !isGuest) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ details: 'incorrect username or password' }));
      return;
    }
    const now = Math.floor(Date.now() / 1000);
    const token = sign({
      iss: ISSUER,
      sub: username,
      aud: SERVICE,
      nbf: now - 10,
      exp: now + service.realS,
      iat: now,
      jti: randomUUID(),
      access: asked.scopes.flatMap((scope) => accessOf(scope, isGuest ? ['pull'] : service.allowed)),
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    const issuedAt = new Date((now + service.clockAheadS) * 1000).toISOString();
    response.end(JSON.stringify({ token, expires_in: service.saidS, issued_at: issuedAt }));
  }

  function accessOf(
    scope: string,
    allowed: readonly string[] | undefined,
  ): readonly { type: string; name: string; actions: readonly string[] }[] {
    const [, type, name, actions] = /^(\w+):(.+):([\w,*]+)$/.exec(scope) ?? [];
    if (type === undefined || name === undefined || actions === undefined) return [];
    return [{ type, name, actions: actions.split(',').filter((each) => allowed?.includes(each) ?? true) }];
  }

  function sign(claims: object): string {
    const chain = [certificate.replaceAll(/-----[^-]+-----|\s/g, '')];
    const text = [{ typ: 'JWT', alg: 'RS256', x5c: chain }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
  }
}

async function readRequest(request: IncomingMessage): Promise<TokenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
  const query = new URL(request.url ?? '/', 'http://token').searchParams;
  const isPost = request.method === 'POST';
  return {
    method: request.method ?? '',
    authorization: request.headers.authorization,
    scopes: isPost ? (form.get('scope') ?? '').split(' ') : query.getAll('scope'),
    service: isPost ? form.get('service') : query.get('service'),
    refreshToken: form.get('refresh_token'),
  };
}
