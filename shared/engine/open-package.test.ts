import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../tests/fakes/memory-files.ts';
import { GateFailure } from '../errors.ts';
import { type Digest, digestOf } from '../release/digest.ts';
import { openPackage } from './open-package.ts';
import { PACKAGE_LIST, packageList } from './package-digest.ts';

const CONTENT = {
  'app.py': 'app = 1',
  'artifacts/model.cbm': 'a model',
  'deploy_manifest.json': '{"haute_version": "0.6.0"}',
  'requirements.txt': 'haute==0.6.0\nnumpy==2.3.5\n',
};

let files: MemoryFiles;
let digest: Digest;

beforeEach(async () => {
  files = new MemoryFiles();
  for (const [path, content] of Object.entries(CONTENT)) await files.write(`/p/${path}`, content);
  const list = packageList(
    Object.entries(CONTENT).map(([path, content]) => ({ path, mode: '0644', digest: digestOf(content) })),
  );
  await files.write(`/p/${PACKAGE_LIST}`, list);
  digest = digestOf(list);
});

async function problem(expected: Digest = digest) {
  const error = await openPackage(files, '/p', expected).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GateFailure);
  return (error as GateFailure).problem;
}

describe('a package that is read again', () => {
  it('is what was written', async () => {
    expect(await openPackage(files, '/p', digest)).toEqual({
      dir: '/p',
      digest,
      manifestDigest: digestOf(CONTENT['deploy_manifest.json']),
      files: Object.entries(CONTENT).map(([path, content]) => ({
        path,
        bytes: content.length,
        digest: digestOf(content),
      })),
      engine: { name: 'haute', version: '0.6.0' },
      requirements: ['haute==0.6.0', 'numpy==2.3.5'],
    });
  });

  it('may have been served from', async () => {
    await files.write('/p/.haute_cache/source_proofs/1.json', '{}');
    await expect(openPackage(files, '/p', digest)).resolves.toMatchObject({ digest });
  });

  it.each<[string, string, () => Promise<void> | boolean]>([
    ['changed', 'artifacts/model.cbm was changed', () => files.write('/p/artifacts/model.cbm', 'a mode1')],
    ['taken away', 'app.py is not there', () => files.content.delete('/p/app.py')],
    ['added', 'polars.py was added', () => files.write('/p/polars.py', '')],
    ['compiled', '__pycache__/app.pyc was added', () => files.write('/p/__pycache__/app.pyc', '')],
    ['lost from the list', `${PACKAGE_LIST} is not there`, () => files.content.delete(`/p/${PACKAGE_LIST}`)],
  ])('is refused with a file that was %s', async (_, what, spoil) => {
    await spoil();
    expect(await problem()).toMatchObject({ code: 'PACKAGE-CHANGED', what: expect.stringContaining(what) });
  });

  it('is refused when file and list were changed together', async () => {
    await files.write('/p/app.py', 'app = 2');
    const list = files.text(`/p/${PACKAGE_LIST}`).replace(digestOf(CONTENT['app.py']), digestOf('app = 2'));
    await files.write(`/p/${PACKAGE_LIST}`, list);
    expect((await problem()).what).toContain(`${PACKAGE_LIST} is the list of ${digestOf(list)}, not of ${digest}`);
  });

  it('is refused with a link in it, whatever that leads to today', async () => {
    const real = files.realPath.bind(files);
    files.realPath = async (path) => (path === '/p/app.py' ? '/elsewhere/app.py' : real(path));
    expect((await problem()).what).toContain('app.py is a link');
  });
});
