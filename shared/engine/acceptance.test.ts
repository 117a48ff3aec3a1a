import { beforeEach, describe, expect, it } from 'vitest';
import { FakeExec } from '../../tests/engine/fake-exec.ts';
import { FakeClock } from '../../tests/fakes/fake-clock.ts';
import { MemoryFiles } from '../../tests/fakes/memory-files.ts';
import { GateFailure, Interrupted, ProviderError } from '../errors.ts';
import type { EnginePackage, QuoteAnswer } from '../ports/engine.ts';
import type { QuoteEndpoint, ScoredRow, ServingIdentity } from '../ports/quote-endpoint.ts';
import type { TestQuote } from '../project/test-quote.ts';
import { digestOf } from '../release/digest.ts';
import type { JsonObject } from '../release/json.ts';
import { acceptPackage } from './acceptance.ts';
import { DEFAULT_TIMEOUTS } from './tools.ts';

const PACKAGE: EnginePackage = {
  dir: '/built',
  digest: digestOf('package'),
  manifestDigest: digestOf('manifest'),
  files: [],
  engine: { name: 'haute', version: '0.6.0' },
  requirements: [],
};

function quote(index: number): TestQuote {
  return {
    file: 'q.json',
    index,
    description: undefined,
    input: { id: index },
    expected: undefined,
    tolerance: undefined,
  };
}

function price(row: JsonObject): JsonObject {
  return { id: row.id ?? null, premium: row.id === 2 ? null : 100 + Number(row.id) };
}

const QUOTES = [quote(0), quote(1), quote(2)];
const ANSWERS: readonly QuoteAnswer[] = QUOTES.map(({ input }) => ({ ok: true, row: price(input), ms: 1 }));

/** How the packaged application behaves in a test. */
interface Application {
  /** What it prints; `{listening}` is its address. */
  readonly log?: readonly string[];
  /** Ends by itself at once. */
  readonly ends?: boolean;
  readonly identity?: (nonce: string) => Partial<ServingIdentity>;
  /** Answers that it is not there this many times first. */
  readonly slow?: number;
  readonly answer?: (rows: readonly JsonObject[]) => readonly ScoredRow[];
}

let exec: FakeExec;
let files: MemoryFiles;
let stopped: boolean;
let closed: boolean;
let cancel: AbortController;
let asked: { rows: number; bulk: boolean | undefined }[];

beforeEach(async () => {
  exec = new FakeExec();
  files = new MemoryFiles();
  cancel = new AbortController();
  [stopped, closed, asked] = [false, false, []];
  await files.write('/built/app.py', 'app');
});

function unreachable(): never {
  throw new ProviderError({ code: 'ENDPOINT-UNREACHABLE', what: 'nothing answers', fix: '' });
}

function accept(application: Application = {}, answers = ANSWERS): Promise<void> {
  let nonce = '';
  let slow = application.slow ?? 0;
  exec.programs.set('serve', async ({ env, cwd, signal, onLine }) => {
    nonce = env.HAUTE_RELEASE_ID ?? '';
    if (!files.content.has(`${cwd}/app.py`)) throw new Error('the package is not there');
    for (const line of application.log ?? ['{listening}']) {
      onLine?.(line.replace('{listening}', 'haute-release listening on 127.0.0.1:4711'), 'stdout');
    }
    if (application.ends) return { code: 1 };
    await new Promise((resolve) => {
      if (signal.aborted) resolve(undefined);
      signal.addEventListener('abort', resolve);
    });
    stopped = true;
    throw new Interrupted();
  });
  const endpoint: QuoteEndpoint = {
    address: { url: 'http://127.0.0.1:4711', wire: 'haute' },
    async identify({ signal }) {
      if (signal.aborted) throw new Interrupted();
      if (slow-- > 0) unreachable();
      const itself = { ok: true, packageDigest: PACKAGE.digest, releaseId: nonce, deploymentId: nonce, detail: '' };
      return { ...itself, ...application.identity?.(nonce) };
    },
    async score(rows, { bulk, signal }) {
      if (signal.aborted) throw new Interrupted();
      asked.push({ rows: rows.length, bulk });
      return application.answer?.([...rows]) ?? rows.map((row) => ({ ok: true, row: price(row) }));
    },
    async close() {
      closed = true;
    },
  };
  const tools = {
    exec,
    files,
    env: { PATH: '/bin', HOME: '/home', SECRET: 's' },
    cacheDir: '/cache',
    timeouts: DEFAULT_TIMEOUTS,
    clock: new FakeClock(),
    endpoints: { open: () => endpoint },
    plan: async ({ dir }: EnginePackage) => ({ argv: ['serve', '{port}'], env: { MODE: 'x' }, cwd: dir }),
  };
  // A start that never comes: the fake clock would be there at once.
  tools.clock.sleep = (ms, signal) =>
    ms === DEFAULT_TIMEOUTS.start && application.log === undefined
      ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Interrupted())))
      : FakeClock.prototype.sleep.call(tools.clock, ms, signal);
  return acceptPackage(tools, PACKAGE, QUOTES, answers, { signal: cancel.signal, progress: () => undefined });
}

async function problem(application: Application, answers = ANSWERS) {
  const error = await accept(application, answers).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GateFailure);
  return (error as GateFailure).problem;
}

describe('the acceptance of a package', () => {
  it('asks every quote alone, then all in one request, and stops the server', async () => {
    await accept();
    expect(asked).toEqual([...QUOTES.map(() => ({ rows: 1, bulk: false })), { rows: 3, bulk: true }]);
    expect({ stopped, closed }).toEqual({ stopped: true, closed: true });
  });

  it('serves a copy elsewhere, which is gone afterwards, with an environment that holds nothing of ours', async () => {
    let command: Parameters<FakeExec['run']>[0] | undefined;
    const run = exec.run.bind(exec);
    exec.run = (each) => {
      command = each;
      return run(each);
    };
    await accept();
    expect(command?.cwd).toMatch(/haute-acceptance/);
    expect(command?.argv).toEqual(['serve', '0']);
    expect(Object.keys(command?.env ?? {}).sort()).toEqual([
      'HAUTE_DEPLOYMENT_ID',
      'HAUTE_RELEASE_ID',
      'HOME',
      'MODE',
      'PATH',
    ]);
    expect([...files.content.keys()]).toEqual(['/built/app.py']);
  });

  it('waits for a server that takes its time', async () => {
    await accept({ slow: 20 });
    expect(asked).toHaveLength(4);
  });

  it('holds what is refused alone out of the request of many', async () => {
    const answers: readonly QuoteAnswer[] = [{ ok: false, error: 'NaN', ms: 1 }, ...ANSWERS.slice(1)];
    const refused: ScoredRow = { ok: false, error: '500', status: 500 };
    await accept(
      { answer: (rows) => rows.map((row) => (row.id === 0 ? refused : { ok: true, row: price(row) })) },
      answers,
    );
    expect(asked.at(-1)).toEqual({ rows: 2, bulk: true });
  });

  it.each<[string, Application, RegExp]>([
    [
      'ends at once',
      { ends: true, log: ['ModuleNotFoundError: No module named polars'] },
      /ends at once\nIt last said:\nModuleNotFound/,
    ],
    ['ends before it is well', { ends: true, identity: () => ({ ok: false }) }, /ended before it answered/],
    ['never listens', { log: ['Loading…'] }, /does not listen/],
    ['is never well', { log: ['{listening}'], slow: 1e9 }, /not well after 180 s/],
    ['is another package', { identity: () => ({ packageDigest: digestOf('other') }) }, new RegExp(digestOf('other'))],
    ['does not say its release', { identity: () => ({ releaseId: undefined }) }, /release undefined/],
    ['does not say its deployment', { identity: () => ({ deploymentId: 'x' }) }, /it says/],
    [
      'breaks down on many rows',
      { answer: (rows) => (rows.length > 1 ? unreachable() : [{ ok: true, row: price(rows[0] ?? {}) }]) },
      /3 quotes in one request: nothing answers/,
    ],
    ['breaks down on one', { answer: unreachable }, /a single quote: nothing answers/],
  ])('refuses an application that %s', async (_, application, what) => {
    expect(await problem(application)).toMatchObject({
      code: 'PACKAGE-DOES-NOT-SERVE',
      what: expect.stringMatching(what),
    });
    expect(stopped || application.ends).toBe(true);
  });

  it.each<[string, (rows: readonly JsonObject[]) => readonly ScoredRow[], RegExp]>([
    [
      'alone',
      (rows) => rows.map((row) => ({ ok: true, row: { ...price(row), premium: 101.01 } })),
      /asked alone.*q\.json\[0\] differently: premium is 101\.01, in process 100/,
    ],
    [
      'together',
      (rows) => rows.map((row) => ({ ok: true, row: { ...price(row), ...(rows.length > 1 && { premium: 5 }) } })),
      /asked together.*q\.json\[0\] differently: premium is 5, in process 100/,
    ],
    [
      'by refusing',
      (rows) => rows.map(() => ({ ok: false, error: '500 deploy_internal_error', status: 500 })),
      /refuses it \(500 deploy_internal_error\)/,
    ],
    [
      'by leaving one out',
      (rows) => (rows.length > 1 ? [] : [{ ok: true, row: price(rows[0] ?? {}) }]),
      /there is no answer/,
    ],
    [
      'in a declined risk',
      (rows) => rows.map((row) => ({ ok: true, row: { ...price(row), premium: 100 + Number(row.id) } })),
      /\[2\] differently: premium is 102, in process null/,
    ],
  ])('refuses an application that answers differently, %s', async (_, answer, what) => {
    const found = await problem({ answer });
    expect(found).toMatchObject({ code: 'PACKAGE-ANSWERS-DIFFER', place: { file: 'q.json' } });
    expect(found.what).toMatch(what);
    expect(stopped).toBe(true);
  });

  it.each(['before it starts', 'while it is asked'])('that is cancelled %s ends the server', async (when) => {
    if (when === 'before it starts') cancel.abort();
    const answer = (rows: readonly JsonObject[]): readonly ScoredRow[] => {
      cancel.abort();
      return rows.map((row) => ({ ok: true, row: price(row) }));
    };
    await expect(accept({ answer })).rejects.toBeInstanceOf(Interrupted);
    expect([...files.content.keys()]).toEqual(['/built/app.py']);
  });
});
