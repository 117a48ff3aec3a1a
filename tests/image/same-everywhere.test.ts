import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolOrSkip } from '../tools/install.ts';
import { env, Folders } from './workbench.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const node20 = toolOrSkip('node-20');

describe.skipIf(node20 === undefined)('the same commit on another version of Node', () => {
  const folders = new Folders();
  let program: string;

  beforeAll(() => {
    const out = folders.empty();
    const tsconfig = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { noEmit: false, rootDir: ROOT, outDir: out, typeRoots: [join(ROOT, 'node_modules/@types')] },
      files: ['tests/image/assemble-once.ts', 'shared/image/assemble/compress-worker.ts'].map((file) =>
        join(ROOT, file),
      ),
      include: [],
    };
    writeFileSync(join(out, 'tsconfig.json'), JSON.stringify(tsconfig));
    writeFileSync(join(out, 'package.json'), '{ "type": "module" }');
    symlinkSync(join(ROOT, 'node_modules'), join(out, 'node_modules'));
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(out, 'tsconfig.json')]);
    program = join(out, 'tests/image/assemble-once.js');
  });

  afterAll(() => folders.remove());

  /** In folders, caches and a time zone of its own. */
  function build(node: string, zone: string) {
    const made = folders.empty();
    const dirs = ['project', 'package', 'temp'].map((name) => join(made, name));
    for (const dir of dirs) mkdirSync(dir);
    const out = execFileSync(node, [program, ...dirs], { env: { ...env, TZ: zone, LANG: 'C' }, cwd: made });
    return JSON.parse(out.toString()) as {
      readonly node: string;
      readonly maxRssBytes: number;
      readonly same: unknown;
    };
  }

  it('is the same image, byte for byte, with the same list of software and provenance', () => {
    const old = build(node20 ?? '', 'Pacific/Auckland');
    const current = build(process.execPath, 'America/Lima');
    expect([old.node.split('.')[0], current.node.split('.')[0]]).toEqual(['v20', 'v24']);
    expect(current.same).toEqual(old.same);
    expect(current.maxRssBytes).toBeLessThan(250e6);
  });
});
