import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConfigError, Interrupted, ProviderError } from '../../shared/errors.ts';
import { DiskScratch } from '../../shared/io/disk-scratch.ts';
import { findDuckDb, withParents } from '../../shared/portfolio/duckdb/find-duckdb.ts';
import { FilePortfolios } from '../../shared/portfolio/file-portfolios.ts';
import type { RemoteFiles } from '../../shared/portfolio/file-source.ts';
import { createObjectPortfolios } from '../../shared/portfolio/stores/index.ts';
import type { Portfolio } from '../../shared/ports/portfolio.ts';
import { digestOf } from '../../shared/release/digest.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import type { QuoteRows } from '../../shared/release/quote-rows.ts';
import { toolOrSkip } from '../tools/install.ts';
import { azureBucket, azureSignature, type Bucket, googleBucket, s3Bucket } from './buckets.ts';
import { type Emulator, startAzurite, startFakeGcs, startMoto } from './emulators.ts';
import { storePortfolios, storeTools } from './store-portfolios.ts';

/** Who speaks as the store, and how a bucket is made there. */
const STARTS = {
  's3 (moto)': [toolOrSkip('moto-5.2.5'), startMoto, s3Bucket],
  'gs (fake-gcs-server)': [toolOrSkip('fake-gcs-server-1.56.1'), startFakeGcs, googleBucket],
  'abfss (Azurite)': [toolOrSkip('azurite-3.35.0'), startAzurite, azureBucket],
} as const;
type Store = keyof typeof STARTS;

const isMissing = (name: Store): boolean => STARTS[name][0] === undefined;

const signal = new AbortController().signal;
const emulators = new Map<string, { readonly emulator: Emulator; readonly bucket: Bucket }>();
/** All that were started, whatever became of their buckets. */
const running: Emulator[] = [];

function bucketIn(name: Store): Bucket {
  const started = emulators.get(name);
  if (!started) throw new Error(`${name} was not started`);
  return started.bucket;
}

beforeAll(async () => {
  const started = Object.entries(STARTS).map(async ([name, [tool, start, fill]]) => {
    if (tool === undefined) return;
    const emulator = await start(tool);
    running.push(emulator);
    emulators.set(name, { emulator, bucket: await fill(emulator, `quotes-${randomUUID()}`) });
  });
  const failed = (await Promise.allSettled(started)).find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
}, 900_000);

afterAll(async () => {
  for (const emulator of running) await emulator.stop();
});

const ROWS: readonly JsonObject[] = Array.from({ length: 20_000 }, (_, id) => ({
  quote_id: `q${id}`,
  age: 17 + (id % 60),
  region: ['north', 'south', 'east'][id % 3] ?? '',
}));

function parquet(rows: readonly JsonObject[] = ROWS, encoding?: 'PLAIN'): Uint8Array {
  const column = (name: string, type: 'STRING' | 'INT32') => ({
    ...{ name, type, data: rows.map((row) => row[name]) },
    ...(encoding && { encoding }),
  });
  const columnData = [column('quote_id', 'STRING'), column('age', 'INT32'), column('region', 'STRING')];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 5_000 }));
}

function lines(rows: readonly JsonObject[] = ROWS): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function csv(rows: readonly JsonObject[] = ROWS): string {
  return ['quote_id,age,region', ...rows.map((row) => `${row.quote_id},${row.age},${row.region}`), ''].join('\n');
}

async function rowsOf(portfolio: Portfolio): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for await (const chunk of portfolio.rows({ signal })) rows.push(...chunk);
  return rows;
}

async function chunksOf(portfolio: Portfolio): Promise<readonly QuoteRows[]> {
  const chunks: QuoteRows[] = [];
  for await (const chunk of portfolio.rows({ signal })) chunks.push(chunk);
  return chunks;
}

/** A bucket whose objects something happens to between their first part and the rest. */
function whenHalfIsThere({ env }: Bucket, happens: () => Promise<void>): RemoteFiles {
  const stores = createObjectPortfolios(async () => storeTools(env));
  return {
    find: async (address, options) =>
      (await stores.find(address, options)).map((file) => {
        const { remote } = file;
        if (remote === undefined) return file;
        const stream = async function* (until: AbortSignal): AsyncGenerator<Uint8Array> {
          let parts = 0;
          for await (const part of remote.stream(until)) {
            yield part;
            if (++parts === 1) await happens();
          }
        };
        const { bytes, digest, version } = remote;
        return { ...file, remote: { bytes, digest, version, slice: remote.slice.bind(remote), stream } };
      }),
  };
}

function watched(scratches: DiskScratch[]): DiskScratch {
  const scratch = new DiskScratch(tmpdir());
  vi.spyOn(scratch, 'close');
  scratches.push(scratch);
  return scratch;
}

async function problemOf(promise: Promise<unknown>): Promise<{ code: string; what: string; fix: string }> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ConfigError) return error.problems[0];
  if (error instanceof ProviderError) return error.problem;
  throw new Error(`expected a problem, got ${String(error)}`);
}

for (const name of Object.keys(STARTS) as Store[])
  describe.skipIf(isMissing(name))(`a portfolio in ${name}`, { timeout: 120_000 }, () => {
    const bucketOf = (): Bucket => bucketIn(name);
    const open = (bucket: Bucket, dataset: string, env = bucket.env, key: string | undefined = 'quote_id') =>
      storePortfolios(env).open({ root: '/nowhere', dataset, key }, signal);

    it.each([
      ['book.parquet', parquet()],
      ['book.jsonl', lines()],
      ['book.csv.gz', gzipSync(csv())],
      ['a name with spaces, ü and +/book.csv', csv()],
      ['noend', parquet()],
    ])('%s gives the rows that were put there', async (key, content) => {
      const bucket = bucketOf();
      await bucket.put(
        key.replaceAll(/[ ü+,]/g, (c) => (name.startsWith('abfss') ? encodeURIComponent(c) : c)),
        content,
      );
      const portfolio = await open(bucket, bucket.address(key));
      expect(await portfolio.count(signal)).toBe(ROWS.length);
      expect(await rowsOf(portfolio)).toEqual(ROWS);
      expect(portfolio.files).toMatchObject([{ path: bucket.address(key), bytes: Buffer.from(content).length }]);
    });

    it('is read in the order of the names, over many pages of them, as a glob and as a folder', async () => {
      const bucket = bucketOf();
      const parts = Array.from({ length: 8 }, (_, part) => ROWS.slice(part * 10, part * 10 + 10));
      for (const [part, rows] of parts.entries())
        await bucket.put(`many/y=${part % 2}/part-${part}.jsonl`, lines(rows));
      for (const other of ['many/.hidden/x.jsonl', 'many/_SUCCESS', 'many/y=0/deeper/x.csv'])
        await bucket.put(other, csv());
      const inOrder = [0, 2, 4, 6, 1, 3, 5, 7].flatMap((part) => parts[part] ?? []);
      expect(await rowsOf(await open(bucket, bucket.address('many/y=*/part-*.jsonl')))).toEqual(inOrder);
      expect(await rowsOf(await open(bucket, bucket.address('many/{y=0,y=1}/*.jsonl')))).toEqual(inOrder);
      expect((await open(bucket, bucket.address('many'))).files).toHaveLength(9);
      expect((await open(bucket, bucket.address('many/**/x.csv'))).files).toHaveLength(1);
    });

    it.each([
      ['replaced', (bucket: Bucket, key: string, content: Uint8Array | string) => bucket.put(key, content)],
      ['deleted', (bucket: Bucket, key: string) => bucket.remove(key)],
    ])('that was %s after it was opened is not read', async (_, change) => {
      const bucket = bucketOf();
      for (const [key, before, after] of [
        ['changing.parquet', parquet(), parquet(ROWS.map((row) => ({ ...row, age: 99 })))],
      ] as const) {
        await bucket.put(key, before);
        const portfolio = await open(bucket, bucket.address(key));
        await change(bucket, key, after);
        expect(await problemOf(rowsOf(portfolio))).toMatchObject({ code: 'PORTFOLIO-CHANGED' });
      }
    });

    it.each(['changing.jsonl', 'changing.csv'])(
      'that was fetched is read as it was, and is not fetched again when it was replaced: %s',
      async (key) => {
        const bucket = bucketOf();
        const text = key.endsWith('csv') ? csv() : lines();
        await bucket.put(key, text);
        const portfolio = await open(bucket, bucket.address(key));
        await bucket.put(key, text.replaceAll('south', 'SOUTH'));
        expect(await rowsOf(portfolio)).toEqual(ROWS);
        // The copy is gone now, and there is no other way to that content.
        expect(await problemOf(rowsOf(portfolio))).toMatchObject({ code: 'PORTFOLIO-CHANGED' });
      },
    );

    it.each(['is replaced', 'cannot be reached any more', 'is not waited for'])(
      'that %s while it is fetched is not read, and nothing of it stays',
      async (what) => {
        const bucket = bucketOf();
        // More than the parts that are asked for at once.
        const text = `${lines()}${' '.repeat(12 << 20)}\n`;
        await bucket.put('growing.jsonl', text);
        const stop = new AbortController();
        const happens = async (): Promise<void> => {
          if (what === 'is replaced') await bucket.put('growing.jsonl', text.toUpperCase());
          else if (what === 'is not waited for') stop.abort();
          else throw new ProviderError({ code: 'STORE-UNREACHABLE', what: 'the connection broke', fix: '' });
        };
        const scratches: DiskScratch[] = [];
        const copies = { scratch: () => watched(scratches), say: () => undefined };
        const opening = new FilePortfolios(whenHalfIsThere(bucket, happens), undefined, copies).open(
          { root: '/', dataset: bucket.address('growing.jsonl'), key: undefined },
          stop.signal,
        );
        if (what === 'is not waited for') await expect(opening).rejects.toBeInstanceOf(Interrupted);
        else
          expect(await problemOf(opening)).toMatchObject({
            code: what === 'is replaced' ? 'PORTFOLIO-CHANGED' : 'STORE-UNREACHABLE',
          });
        expect(scratches.map((each) => vi.mocked(each.close).mock.calls.length)).toEqual([1]);
      },
    );

    it('of text is fetched each time where there is no room for a copy, which is said', async () => {
      const bucket = bucketOf();
      await bucket.put('full.csv', csv());
      const said: string[] = [];
      const full = (): number => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      };
      const portfolios = new FilePortfolios(
        createObjectPortfolios(async () => storeTools(bucket.env)),
        undefined,
        { scratch: () => new DiskScratch(tmpdir(), full), say: (line) => said.push(line) },
      );
      const portfolio = await portfolios.open(
        { root: '/', dataset: bucket.address('full.csv'), key: 'quote_id' },
        signal,
      );
      expect(await rowsOf(portfolio)).toEqual(ROWS);
      expect(said).toEqual([
        expect.stringMatching(/full\.csv is fetched each time that it is read, .*: .*the disk is full/),
      ]);
    });

    it('of Parquet without dictionaries is fetched for DuckDB, and gives the same rows', async () => {
      const bucket = bucketOf();
      await bucket.put('plain.parquet', parquet(ROWS, 'PLAIN'));
      const folder = await mkdtemp(join(tmpdir(), 'stores-'));
      vi.stubEnv('TMPDIR', folder);
      try {
        const said: string[] = [];
        const source = {
          find: () => findDuckDb(withParents(import.meta.dirname)),
          install: () => Promise.reject(new Error('it is installed')),
          say: (line: string) => void said.push(line),
          smallBytes: 0,
        };
        const stores = createObjectPortfolios(async () => storeTools(bucket.env));
        const request = { root: '/', dataset: bucket.address('plain.parquet'), key: 'quote_id' };
        const portfolio = await new FilePortfolios(stores, source).open(request, signal);
        const [chunk] = await chunksOf(portfolio);
        expect(chunk?.parts?.[0]?.columns.at(-1)?.places).toBeDefined();
        expect(await rowsOf(portfolio)).toEqual(ROWS);
        expect(said).toEqual([]);
        await bucket.put('plain.parquet', parquet(ROWS.slice(1), 'PLAIN'));
        expect(await problemOf(rowsOf(portfolio))).toMatchObject({ code: 'PORTFOLIO-CHANGED' });
        expect(await readdir(folder)).toEqual([]);
      } finally {
        vi.unstubAllEnvs();
        await rm(folder, { recursive: true });
      }
    });

    it('is told apart from another content of the same length by what the store says of it', async () => {
      const bucket = bucketOf();
      const files = [];
      for (const content of [lines(), lines().replaceAll('south', 'SOUTH')]) {
        await bucket.put('version.jsonl', content);
        files.push((await open(bucket, bucket.address('version.jsonl'))).files[0]);
      }
      const [one, other] = files;
      expect(one?.bytes).toBe(other?.bytes);
      expect(one?.digest).not.toBe(other?.digest);
      expect(one?.version).toMatch(/bytes, .*(etag|generation)/);
      expect(one?.digest).toBe(digestOf(one?.version ?? ''));
    });

    it.each([
      ['an object', 'nothing-here.parquet', 'PORTFOLIO-MISSING'],
      ['a folder', 'nothing/', 'PORTFOLIO-MISSING'],
      ['a glob', 'nothing/*.csv', 'PORTFOLIO-MISSING'],
    ])('that is not there as %s is missing', async (_, key, code) => {
      const bucket = bucketOf();
      expect(await problemOf(open(bucket, bucket.address(key)))).toMatchObject({ code });
    });

    it.each(['x.parquet', 'x/*.parquet'])('in a bucket that is not there (%s) says so', async (key) => {
      const bucket = bucketOf();
      const other = bucket.address(key).replace(/quotes-[0-9a-f-]+/, 'no-such-bucket');
      expect(await problemOf(open(bucket, other))).toMatchObject({ code: 'PORTFOLIO-BUCKET' });
    });

    it('that is broken is corrupt, and one without the key is refused', async () => {
      const bucket = bucketOf();
      await bucket.put('broken.parquet', parquet().subarray(0, 40_000));
      const broken = await problemOf(open(bucket, bucket.address('broken.parquet')));
      expect(broken).toMatchObject({ code: 'PORTFOLIO-CORRUPT' });
      await bucket.put('keyless.parquet', parquet());
      const keyless = open(bucket, bucket.address('keyless.parquet'), bucket.env, 'policy_no');
      expect(await problemOf(keyless)).toMatchObject({ code: 'PORTFOLIO-NO-KEY' });
    });

    it('ends as interrupted when its step does', async () => {
      const bucket = bucketOf();
      await bucket.put('long.jsonl', lines());
      const stop = new AbortController();
      const portfolio = await storePortfolios(bucket.env).open(
        { root: '/', dataset: bucket.address('long.jsonl'), key: undefined },
        stop.signal,
      );
      stop.abort();
      const reading = (async () => {
        for await (const _ of portfolio.rows({ signal: stop.signal }));
      })();
      await expect(reading).rejects.toBeInstanceOf(Interrupted);
    });
  });

describe('who may read', { timeout: 120_000 }, () => {
  it.skipIf(isMissing('abfss (Azurite)'))(
    'is said by Azure: the permission that the signature lacks, and a signature that is none',
    async () => {
      const bucket = bucketIn('abfss (Azurite)');
      await bucket.put('secret.jsonl', lines());
      const as = (AZURE_STORAGE_SAS_TOKEN: string | undefined, key: string) =>
        problemOf(
          storePortfolios({ ...bucket.env, AZURE_STORAGE_SAS_TOKEN }).open(
            { root: '/', dataset: bucket.address(key), key: undefined },
            signal,
          ),
        );
      const noList = await as(azureSignature('r'), '*.jsonl');
      expect(noList).toMatchObject({ code: 'PORTFOLIO-DENIED', fix: expect.stringContaining('l (list)') });
      const noRead = await as(azureSignature('l'), 'secret.jsonl');
      expect(noRead).toMatchObject({ code: 'PORTFOLIO-DENIED', fix: expect.stringContaining('r (read)') });
      const forged = azureSignature('rl').replace(/sig=[^&]+/, 'sig=Zm9yZ2Vk');
      const refused = await as(forged, '*.jsonl');
      expect(refused.code).toMatch(/^PORTFOLIO-(DENIED|CREDENTIALS)$/);
      expect(JSON.stringify(refused)).not.toContain('Zm9yZ2Vk');
    },
  );

  it.skipIf(isMissing('s3 (moto)'))(
    'is said by S3 with the permission that the user lacks, and of keys that nobody has',
    async () => {
      const { url } = (emulators.get('s3 (moto)') as { readonly emulator: Emulator }).emulator;
      const bucket = bucketIn('s3 (moto)');
      await bucket.put('secret.jsonl', lines());
      const keys = await withoutPermissions(url);
      try {
        const as = (env: Readonly<Record<string, string>>, key: string) =>
          problemOf(
            storePortfolios({ ...bucket.env, ...env }).open(
              { root: '/', dataset: bucket.address(key), key: undefined },
              signal,
            ),
          );
        const listing = await as(keys, '*.jsonl');
        expect(listing).toMatchObject({ code: 'PORTFOLIO-DENIED', fix: expect.stringContaining('s3:ListBucket') });
        const reading = await as(keys, 'secret.jsonl');
        expect(reading).toMatchObject({ code: 'PORTFOLIO-DENIED', fix: expect.stringContaining('s3:GetObject') });
        expect(await as({}, '*.jsonl')).toMatchObject({ code: 'PORTFOLIO-CREDENTIALS' });
      } finally {
        await setUnchecked(url, 'inf');
      }
    },
  );
});

/** A user of moto's IAM who may do nothing; from then on moto asks who may do what. */
async function withoutPermissions(url: string): Promise<Readonly<Record<string, string>>> {
  const iam = async (query: string): Promise<string> => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0';
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(url, { method: 'POST', headers, body: `${query}&Version=2010-05-08` });
    return response.text();
  };
  await iam('Action=CreateUser&UserName=nobody');
  const said = await iam('Action=CreateAccessKey&UserName=nobody');
  const [, id = ''] = /<AccessKeyId>(.*?)<\/AccessKeyId>/.exec(said) ?? [];
  const [, secret = ''] = /<SecretAccessKey>(.*?)<\/SecretAccessKey>/.exec(said) ?? [];
  await setUnchecked(url, '0');
  return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
}

async function setUnchecked(url: string, calls: string): Promise<void> {
  await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: calls });
}

describe('a portfolio on the disk', () => {
  it('is read as ever by what also reads from stores', async () => {
    const root = await mkdtemp(join(tmpdir(), 'portfolio-'));
    try {
      await writeFile(join(root, 'book.jsonl'), lines());
      const request = { root, dataset: 'book.jsonl', key: 'quote_id' };
      const [here, there] = await Promise.all([
        new FilePortfolios().open(request, signal),
        storePortfolios({}).open(request, signal),
      ]);
      expect(there.files).toEqual(here.files);
      expect(there.files[0]).not.toHaveProperty('version');
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
