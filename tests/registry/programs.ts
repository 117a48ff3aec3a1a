import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server that somebody else wrote, on a free port of the loopback. */
export interface Program {
  /** `127.0.0.1:41234` */
  readonly host: string;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** Bcrypt of `s3cret-word`, at the lowest cost. */
const HTPASSWD = 'ci:$2b$04$AZpQqhDyl.w8neCxC/UK1uKmGMxQZYFtQ3psNTt8bCkvrUS8rCgEu\n';
export const CI_LOGIN = { username: 'ci', password: 's3cret-word' } as const;

export interface TokenAuth {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** PEM. */
  readonly certificate: string;
}

export interface DebianOptions {
  readonly auth?: 'htpasswd' | TokenAuth;
  readonly isReadOnly?: boolean;
}

/** Docker's registry, as Debian packages it. */
export async function startDebianRegistry(program: string, options: DebianOptions = {}): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'haute-registry-'));
  writeFileSync(join(folder, 'htpasswd'), HTPASSWD);
  const { auth, isReadOnly = false } = options;
  if (typeof auth === 'object') writeFileSync(join(folder, 'roots.pem'), auth.certificate);
  const config = {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    http: { addr: '127.0.0.1:0', secret: 'for one test' },
    storage: {
      filesystem: { rootdirectory: join(folder, 'data') },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false }, readonly: { enabled: isReadOnly } },
    },
    ...(auth === 'htpasswd' && { auth: { htpasswd: { realm: 'lab, with a comma', path: join(folder, 'htpasswd') } } }),
    ...(typeof auth === 'object' && {
      auth: {
        token: {
          realm: auth.realm,
          service: auth.service,
          issuer: auth.issuer,
          rootcertbundle: join(folder, 'roots.pem'),
        },
      },
    }),
  };
  // YAML holds JSON.
  const file = join(folder, 'config.yml');
  writeFileSync(file, JSON.stringify(config));
  return start(program, ['serve', file], /listening on \S*?:(\d+)/, folder);
}

/** Google's registry, in memory. */
export function startGoogleRegistry(program: string): Promise<Program> {
  return start(program, ['-port', '0'], /serving on port (\d+)/);
}

/** The same with the referrers API. */
export function startReferrersRegistry(program: string): Promise<Program> {
  return start(program, [], /serving on port (\d+)/);
}

function start(program: string, args: readonly string[], ready: RegExp, folder?: string): Promise<Program> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const fail = (why: string): void =>
      void stop().then(() => reject(new Error(`${program}: ${why}\n${said.join('\n')}`)));
    const timer = setTimeout(() => fail('not ready'), START_MS);
    const read = (line: string): void => {
      said.push(line);
      const port = ready.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      child.removeListener('exit', onExit);
      resolve({ host: `127.0.0.1:${port}`, stop });
    };
    const onExit = (): void => {
      clearTimeout(timer);
      fail('ended');
    };
    child.once('error', (error) => fail(error.message));
    child.once('exit', onExit);
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', read);
  });
}

/** What crane says. @throws Error with what it complains of */
export function crane(program: string, args: readonly string[]): string {
  return execFileSync(program, ['--insecure', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
}
