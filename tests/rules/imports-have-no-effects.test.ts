import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const modules = globSync('shared/**/*.ts', { cwd: root }).filter(
  (file) => !file.endsWith('.test.ts') && !file.endsWith('bin.ts'),
);

describe('importing a file of shared/', () => {
  it.each(modules)('%s neither prints, listens nor reads the environment', async (file) => {
    const env = vi.spyOn(process, 'on');
    const out = vi.spyOn(process.stdout, 'write');
    await import(pathToFileURL(resolve(root, file)).href);
    expect(env.mock.calls.filter(([event]) => String(event).startsWith('SIG'))).toEqual([]);
    expect(out.mock.calls).toEqual([]);
    vi.restoreAllMocks();
  });
});
