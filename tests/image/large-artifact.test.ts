import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { env, Folders, leftIn } from './workbench.ts';

/** More than a tar header, a buffer of Node, or 32 bits can say without care. */
const BYTES = 2 ** 31 + 5;
const folders = new Folders();
afterAll(() => folders.remove());

it('a package with an artifact of two gigabytes becomes an image in the memory of a small one', {
  timeout: 300_000,
}, () => {
  const made = folders.empty();
  const dirs = ['project', 'package', 'temp'].map((name) => join(made, name));
  for (const dir of dirs) mkdirSync(dir);
  const program = join(import.meta.dirname, 'assemble-large.ts');
  const out = execFileSync(process.execPath, [program, ...dirs, String(BYTES)], { env, maxBuffer: 1 << 24 });
  const { megabytes, application } = JSON.parse(out.toString());
  expect(application).toMatchObject({ role: 'application' });
  expect(application.sentBytes).toBeGreaterThan(BYTES / 5_000);
  expect(megabytes).toBeLessThan(400);
  expect(leftIn(join(made, 'temp'))).toEqual([]);
});
