import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as nodeFs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../release/digest.ts';
import { diskError } from './disk-error.ts';
import { type DiskCalls, DiskFiles } from './disk-files.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'haute-files-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const files = new DiskFiles();
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('utf8');

/** The real disk, with some of its calls replaced. */
function diskWith(calls: Partial<DiskCalls>): DiskFiles {
  return new DiskFiles({ ...nodeFs, ...calls });
}

function failsWith(code: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(`${code}: the system said so`), { code }));
}

describe('the digest of a file', () => {
  it.each([0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_500_000])('is that of all its %i bytes', async (length) => {
    const content = Buffer.from(Uint8Array.from({ length }, (_, index) => index % 251));
    writeFileSync(join(dir, 'file'), content);
    expect(await files.digest(join(dir, 'file'))).toEqual({ digest: digestOf(content), bytes: length });
  });

  it('is undefined where there is none, and an error of the disk where it cannot be read', async () => {
    expect(await files.digest(join(dir, 'none'))).toBeUndefined();
    const read = diskWith({ open: failsWith('EACCES') }).digest(join(dir, 'file'));
    await expect(read).rejects.toThrow('DISK-DENIED');
  });
});

describe('writing a file', () => {
  it('makes the folder, and the file with its mode', async () => {
    await files.write(join(dir, 'a/b/secret'), 'text', 0o600);
    expect(readFileSync(join(dir, 'a/b/secret'), 'utf8')).toBe('text');
    expect(statSync(join(dir, 'a/b/secret')).mode & 0o777).toBe(0o600);
  });

  it('replaces the old file, or a link to one, and leaves nothing else', async () => {
    writeFileSync(join(dir, 'target'), 'untouched');
    symlinkSync('target', join(dir, 'link'));
    await files.write(join(dir, 'link'), new Uint8Array([1, 2, 3]));
    await files.write(join(dir, 'target2'), 'one');
    await files.write(join(dir, 'target2'), 'two');
    expect([...readFileSync(join(dir, 'link'))]).toEqual([1, 2, 3]);
    expect(readFileSync(join(dir, 'target'), 'utf8')).toBe('untouched');
    expect(readdirSync(dir).sort()).toEqual(['link', 'target', 'target2']);
  });

  it('can give a file the longest name there is', async () => {
    const name = 'n'.repeat(255);
    await files.write(join(dir, name), 'text');
    expect(readdirSync(dir)).toEqual([name]);
  });

  it.each<[string, Partial<DiskCalls>]>([
    ['opening it', { open: failsWith('ENOSPC') }],
    ['moving it into place', { rename: failsWith('ENOSPC') }],
    [
      'syncing it',
      {
        open: async (...args) => {
          const file = await nodeFs.open(...args);
          file.sync = failsWith('ENOSPC');
          return file;
        },
      },
    ],
  ])('leaves the old file and nothing else when the disk is full while %s', async (_, calls) => {
    writeFileSync(join(dir, 'release.json'), 'old');
    const write = diskWith(calls).write(join(dir, 'release.json'), 'new');
    await expect(write).rejects.toMatchObject({ name: 'ProviderError', problem: { code: 'DISK-FULL' } });
    expect(readFileSync(join(dir, 'release.json'), 'utf8')).toBe('old');
    expect(readdirSync(dir)).toEqual(['release.json']);
  });

  it('is done all the same where a folder cannot be synced', async () => {
    const noFolderSync: Partial<DiskCalls> = {
      open: async (path, flags, mode) => {
        if (flags === 'r') throw Object.assign(new Error('EINVAL'), { code: 'EINVAL' });
        return nodeFs.open(path, flags, mode);
      },
    };
    await diskWith(noFolderSync).write(join(dir, 'a'), 'text');
    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('text');
  });

  it('says what is in the way', async () => {
    mkdirSync(join(dir, 'folder'));
    writeFileSync(join(dir, 'file'), '');
    await expect(files.write(join(dir, 'folder'), '')).rejects.toMatchObject({ problem: { code: 'DISK-WRONG-KIND' } });
    await expect(files.write(join(dir, 'file/below'), '')).rejects.toMatchObject({
      problem: { code: expect.stringMatching(/^DISK-(WRONG-KIND|EXISTS)$/) },
    });
    await expect(files.write(join(dir, 'n'.repeat(256)), '')).rejects.toMatchObject({
      problem: { code: 'DISK-NAME-TOO-LONG' },
    });
    expect(readdirSync(dir).sort()).toEqual(['file', 'folder']);
  });
});

const canMount = process.platform === 'linux' && spawnSync('unshare', ['-rm', 'true']).status === 0;

describe.skipIf(!canMount)('a real disk (a small tmpfs, where this user may mount one)', () => {
  /** Runs a write in a mount namespace of its own that ends with it. */
  function onDisk(options: string, size: number): { code: string; what: string; left: string[] } {
    const program = `
      const { DiskFiles } = await import(${JSON.stringify(new URL('./disk-files.ts', import.meta.url).href)});
      const { readdirSync } = await import('node:fs');
      const { execFileSync } = await import('node:child_process');
      const dir = ${JSON.stringify(dir)};
      execFileSync('mount', ['-t', 'tmpfs', '-o', ${JSON.stringify(options)}, 'tmpfs', dir]);
      const error = await new DiskFiles().write(dir + '/portfolio', 'x'.repeat(${size})).catch((thrown) => thrown);
      console.log(JSON.stringify({ ...error?.problem, left: readdirSync(dir) }));`;
    const argv = ['-rm', process.execPath, '--input-type=module', '-e', program];
    return JSON.parse(execFileSync('unshare', argv, { encoding: 'utf8' }));
  }

  it('that is full is DISK-FULL, with the path, and nothing is left on it', () => {
    expect(onDisk('size=64k', 200_000)).toMatchObject({
      code: 'DISK-FULL',
      what: `cannot write ${dir}/portfolio: the disk is full`,
      left: [],
    });
  });

  it('that is read-only is DISK-READ-ONLY', () => {
    expect(onDisk('ro', 1)).toMatchObject({ code: 'DISK-READ-ONLY', left: [] });
  });
});

describe('reading', () => {
  it('gives undefined where there is nothing', async () => {
    writeFileSync(join(dir, 'file'), '');
    for (const path of [join(dir, 'none'), join(dir, 'file/below')]) {
      expect([await files.read(path), await files.size(path), await files.realPath(path)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  it('gives bytes, size and the real path', async () => {
    mkdirSync(join(dir, 'real'));
    writeFileSync(join(dir, 'real/file'), 'père');
    symlinkSync('real', join(dir, 'link'));
    expect(text(await files.read(join(dir, 'link/file')))).toBe('père');
    expect(await files.size(join(dir, 'link/file'))).toBe(5);
    expect(await files.realPath(join(dir, 'link/file'))).toBe(join(dir, 'real/file'));
  });

  it('says so when a folder or an endless link is read', async () => {
    symlinkSync('loop', join(dir, 'loop'));
    await expect(files.read(dir)).rejects.toMatchObject({
      problem: { code: 'DISK-WRONG-KIND', what: expect.stringContaining(dir) },
    });
    await expect(files.realPath(join(dir, 'loop'))).rejects.toMatchObject({ problem: { code: 'DISK-LINK' } });
  });

  it('takes no relative path: it would depend on where we were started', async () => {
    await expect(files.read('haute.toml')).rejects.toThrow(TypeError);
    await expect(files.remove('.')).rejects.toThrow(TypeError);
  });
});

describe('listing', () => {
  it('gives files below, sorted, and links as they are', async () => {
    for (const path of ['b/z', 'b/a', 'a.b', 'a/é', 'a/c/d']) {
      mkdirSync(join(dir, path, '..'), { recursive: true });
      writeFileSync(join(dir, path), '');
    }
    mkdirSync(join(dir, 'empty'));
    symlinkSync('a', join(dir, 'link'));
    symlinkSync('..', join(dir, 'b/up'));
    expect(await files.list(dir)).toEqual(['a.b', 'a/c/d', 'a/é', 'b/a', 'b/up', 'b/z', 'link']);
  });

  it('gives nothing where there is no folder, and an error where there is a file', async () => {
    writeFileSync(join(dir, 'file'), '');
    expect(await files.list(join(dir, 'none'))).toEqual([]);
    await expect(files.list(join(dir, 'file'))).rejects.toMatchObject({ problem: { code: 'DISK-WRONG-KIND' } });
  });
});

describe('copying a tree', () => {
  beforeEach(() => {
    mkdirSync(join(dir, 'from/sub'), { recursive: true });
    writeFileSync(join(dir, 'from/sub/run'), 'x');
    chmodSync(join(dir, 'from/sub/run'), 0o755);
    symlinkSync('sub/run', join(dir, 'from/link'));
  });

  it('keeps modes and links', async () => {
    await files.copyTree(join(dir, 'from'), join(dir, 'new/to'));
    expect(await files.list(join(dir, 'new/to'))).toEqual(['link', 'sub/run']);
    expect(statSync(join(dir, 'new/to/sub/run')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(dir, 'new/to/link'))).toBe('sub/run');
  });

  it('fills an empty folder and refuses one that is not', async () => {
    mkdirSync(join(dir, 'to'));
    await files.copyTree(join(dir, 'from'), join(dir, 'to'));
    await expect(files.copyTree(join(dir, 'from'), join(dir, 'to'))).rejects.toMatchObject({
      problem: { code: 'DISK-EXISTS' },
    });
    expect(readdirSync(dir).sort()).toEqual(['from', 'to']);
  });

  it('leaves nothing when it fails half-way', async () => {
    const halfWay: Partial<DiskCalls> = {
      cp: async (from, to, options) => {
        await nodeFs.cp(from, to, options);
        await failsWith('ENOSPC')();
      },
    };
    const copy = diskWith(halfWay).copyTree(join(dir, 'from'), join(dir, 'to'));
    await expect(copy).rejects.toMatchObject({
      problem: { code: 'DISK-FULL', what: expect.stringContaining(join(dir, 'to')) },
    });
    expect(readdirSync(dir)).toEqual(['from']);
  });

  it('says so when there is nothing to copy', async () => {
    await expect(files.copyTree(join(dir, 'none'), join(dir, 'to'))).rejects.toMatchObject({
      problem: { code: 'DISK-MISSING' },
    });
    expect(readdirSync(dir)).toEqual(['from']);
  });
});

describe('removing and temporary folders', () => {
  it('removes trees, links without what they point to, and what is not there', async () => {
    mkdirSync(join(dir, 'tree/sub'), { recursive: true });
    mkdirSync(join(dir, 'kept'));
    symlinkSync('kept', join(dir, 'link'));
    for (const name of ['tree', 'link', 'none']) await files.remove(join(dir, name));
    expect(readdirSync(dir)).toEqual(['kept']);
  });

  it('makes a new folder each time, for its owner alone', async () => {
    const temp = new DiskFiles(nodeFs, dir);
    const made = [await temp.tempDir('haute-'), await temp.tempDir('haute-')];
    expect(new Set(made).size).toBe(2);
    for (const path of made) expect([existsSync(path), statSync(path).mode & 0o777]).toEqual([true, 0o700]);
  });
});

describe('what the disk refused', () => {
  it.each([
    ['ENOSPC', 'DISK-FULL'],
    ['EDQUOT', 'DISK-FULL'],
    ['EACCES', 'DISK-DENIED'],
    ['EPERM', 'DISK-DENIED'],
    ['EROFS', 'DISK-READ-ONLY'],
    ['ENAMETOOLONG', 'DISK-NAME-TOO-LONG'],
    ['EISDIR', 'DISK-WRONG-KIND'],
    ['ENOTDIR', 'DISK-WRONG-KIND'],
    ['ENOTEMPTY', 'DISK-EXISTS'],
    ['EEXIST', 'DISK-EXISTS'],
    ['ELOOP', 'DISK-LINK'],
    ['ENOENT', 'DISK-MISSING'],
    ['EMFILE', 'DISK-TOO-MANY-OPEN'],
    ['EIO', 'DISK-ERROR'],
  ])('%s is %s, with the path and what to do', (errno, code) => {
    const cause = Object.assign(new Error(`${errno}: went wrong`), { code: errno });
    const { problem } = diskError(cause, 'write', '/data/x');
    expect(problem).toMatchObject({ code, what: expect.stringMatching(/^cannot write \/data\/x: ./) });
    expect(problem.fix).not.toBe('');
  });
});
