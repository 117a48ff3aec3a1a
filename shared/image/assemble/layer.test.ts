import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, ProviderError } from '../../errors.ts';
import { Compressor } from './compressor.ts';
import { type LayerFile, writeLayer } from './layer.ts';

const LARGE_BYTES = 8 * 1024 * 1024;

let dir = '';
let compressor: Compressor;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'haute-layer-test-'));
  compressor = new Compressor(1);
});

afterEach(async () => {
  await compressor.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A file that is read in pieces. */
function largeFile(): LayerFile {
  const file = join(dir, 'model.bin');
  writeFileSync(file, '');
  truncateSync(file, LARGE_BYTES);
  return { path: 'app/model.bin', executable: false, content: { file, size: LARGE_BYTES } };
}

describe('a layer that is being written', () => {
  it('ends in the middle of a large file when it is stopped', async () => {
    const stop = new AbortController();
    let packedBytes = 0;
    const tools = { compressor, signal: stop.signal };
    const written = writeLayer([largeFile()], join(dir, 'layer'), tools, (_, piece) => {
      packedBytes += piece.length;
      stop.abort();
    });
    await expect(written).rejects.toBeInstanceOf(Interrupted);
    expect(packedBytes).toBeLessThan(LARGE_BYTES);
  });

  it('ends with what is wrong with a large file, and not with the process', async () => {
    const file = largeFile();
    rmSync(join(dir, 'model.bin'));
    const tools = { compressor, signal: new AbortController().signal };
    const error = await writeLayer([file], join(dir, 'layer'), tools).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).message).toMatch(/model\.bin.*IMAGE-DISK/s);
  });
});
