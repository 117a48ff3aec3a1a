import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GateFailure, Interrupted, ProviderError } from '../../errors.ts';
import { DiskFiles } from '../../io/disk-files.ts';
import { NodeExec } from '../../io/node-exec.ts';
import { Redactor } from '../../io/redact.ts';
import { SystemClock } from '../../io/system-clock.ts';
import type { EnginePackage } from '../../ports/engine.ts';
import { DEFAULT_TIMEOUTS } from '../tools.ts';
import { OfflineApplication } from './offline-application.ts';

/** Speaks as the Python program does: gives the body back, waits for ever, ends, or ends half-way through an answer. */
const STAND_IN = `#!${process.execPath}
import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';
const [, , , path] = process.argv;
appendFileSync('started', 'x');
const socket = connect(path);
socket.write('{"ready":true}\\n');
let text = '';
socket.on('end', () => process.exit());
socket.on('data', (chunk) => {
  text += chunk;
  for (let end = text.indexOf('\\n'); end >= 0; end = text.indexOf('\\n')) {
    const head = JSON.parse(text.slice(0, end));
    if (text.length < end + 1 + head.bytes) return;
    const body = text.slice(end + 1, end + 1 + head.bytes);
    text = text.slice(end + 1 + head.bytes);
    const line = JSON.stringify({ status: 200, headers: { path: head.path }, bytes: body.length }) + '\\n';
    if (body === 'wait') appendFileSync('started', 'w');
    if (body === 'wait') continue;
    if (body === 'end') process.exit(9);
    if (body === 'half') socket.end(line + body.slice(1), () => process.exit());
    else for (const part of [line.slice(0, 3), line.slice(3) + body.slice(0, 1), body.slice(1)]) socket.write(part);
  }
});
`;

const files = new DiskFiles();
let folder: string;
let pkg: EnginePackage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offline-'));
  await writeFile(join(folder, 'speaks.mjs'), STAND_IN);
  await writeFile(join(folder, 'ends.mjs'), `#!${process.execPath}\nconsole.error('no module named app');\n`);
  for (const name of ['speaks.mjs', 'ends.mjs']) await chmod(join(folder, name), 0o755);
  pkg = { dir: folder } as EnginePackage;
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => writeFile(join(folder, 'started'), ''));

function application(program: string, signal = new AbortController().signal): OfflineApplication {
  const tools = {
    exec: new NodeExec(new Redactor(), { graceMs: 2_000 }),
    files,
    clock: new SystemClock(),
    env: { PATH: process.env.PATH ?? '' },
    cacheDir: folder,
    pythonDir: folder,
    timeouts: DEFAULT_TIMEOUTS,
  };
  return new OfflineApplication(tools, join(folder, program), pkg, { signal, progress: () => undefined });
}

const never = new AbortController().signal;
const request = (text: string) => ({ method: 'POST', path: '/quote', headers: {}, body: Buffer.from(text) });
const starts = async (): Promise<number> => (await readFile(join(folder, 'started'), 'utf8')).length;

async function answer(app: OfflineApplication, text: string, signal = never): Promise<string> {
  const { status, headers, body } = await app.ask(request(text), signal);
  return `${status} ${headers.path} ${Buffer.from(body)}`;
}

describe('an application in a process', { timeout: 60_000 }, () => {
  it('answers requests in turn, however many are asked at once, in one process', async () => {
    const app = await application('speaks.mjs').load();
    const long = 'x'.repeat(300_000);
    const texts = ['', 'a', long, 'b'];
    expect(await Promise.all(texts.map((text) => answer(app, text)))).toEqual(
      texts.map((text) => `200 /quote ${text}`),
    );
    expect(await starts()).toBe(1);
    await app.close();
  });

  it.each(['end', 'half'])(
    'that ends while it is asked (%s) is an error that may go away, and is started again',
    async (text) => {
      const app = await application('speaks.mjs').load();
      const error = await answer(app, text).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ problem: { code: 'ENDPOINT-DROPPED' }, retryable: true });
      expect(error).toBeInstanceOf(ProviderError);
      expect(await answer(app, 'again')).toBe('200 /quote again');
      expect(await starts()).toBe(2);
      await app.close();
    },
  );

  it('is broken off with the request that takes too long, and the ones behind it are answered', async () => {
    const app = await application('speaks.mjs').load();
    const slow = new AbortController();
    const waiting = answer(app, 'wait', slow.signal);
    const behind = answer(app, 'behind');
    await expect.poll(starts, { timeout: 30_000 }).toBe(2);
    slow.abort();
    await expect(waiting).rejects.toBeInstanceOf(Interrupted);
    expect(await behind).toBe('200 /quote behind');
    expect(await starts()).toBe(3);
    await app.close();
  });

  it('does not start for a request that nobody waits for any more', async () => {
    const app = application('speaks.mjs');
    await expect(answer(app, 'x', AbortSignal.abort())).rejects.toBeInstanceOf(Interrupted);
    expect(await starts()).toBe(0);
    await app.close();
  });

  it('that cannot be loaded says what it last said', async () => {
    const error = await application('ends.mjs')
      .load()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GateFailure);
    expect((error as GateFailure).message).toMatch(/it ends at once[\s\S]*no module named app/);
  });

  it('ends with its step', async () => {
    const stop = new AbortController();
    const app = await application('speaks.mjs', stop.signal).load();
    const waiting = answer(app, 'wait', stop.signal);
    stop.abort();
    await expect(waiting).rejects.toBeInstanceOf(Interrupted);
    await app.close();
  });
});
