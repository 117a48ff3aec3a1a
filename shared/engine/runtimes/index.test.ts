import { describe, expect, it } from 'vitest';
import { requirementsOf, SCORING_RUNTIME } from '../lock/runtime-lock.ts';
import { DEFAULT_HAUTE, LISTED_VERSIONS, shippedLock } from './index.ts';

/** Every package that a model file can ask for (`LOADERS` in bridge_package.py), `t-boost` from 0.6 on. */
const LOADERS = [
  'catboost',
  'interpret-core',
  'lightgbm',
  'mlflow',
  'onnxruntime',
  'pandas',
  'rustystats',
  'scikit-learn',
  'xgboost-cpu',
];

describe.each(LISTED_VERSIONS)('the runtime list for Haute %s', (version) => {
  const lock = shippedLock(version);

  it('has whatever a service can need, pinned', () => {
    if (!lock) throw new Error('there is no list');
    const requirements = requirementsOf(lock, [...SCORING_RUNTIME, ...LOADERS]);
    expect(requirements).toContain(`haute==${version}`);
    expect(requirements.filter((line) => !/^[a-z0-9.-]+==[0-9][\w.]*$/.test(line))).toEqual([]);
  });

  it('keeps the bare runtime small: no editor, no training, no tracking', () => {
    if (!lock) throw new Error('there is no list');
    const names = requirementsOf(lock, SCORING_RUNTIME).map((line) => line.split('==')[0]);
    expect(names).toEqual(expect.arrayContaining(['polars', 'polars-runtime-32', 'uvloop', 'starlette']));
    for (const unwanted of ['mlflow', 'openai', 'optuna', 'catboost', 'pandas', 'scipy'])
      expect(names).not.toContain(unwanted);
  });
});

it('the default version has a list of its own', () => {
  expect(LISTED_VERSIONS).toContain(DEFAULT_HAUTE);
});

it('an unknown series has none', () => {
  expect(shippedLock('0.7.0')).toBeUndefined();
});
