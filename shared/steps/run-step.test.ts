import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../tests/fakes/memory-files.ts';
import { RecordingHost } from '../../tests/fakes/recording-host.ts';
import { ConfigError, GateFailure, Interrupted, ProviderError } from '../errors.ts';
import type { StepContext } from './context.ts';
import { type AnyStep, defineData, defineStep } from './define.ts';
import { runStep } from './run-step.ts';

const data = defineData({
  id: 'trial',
  title: 'Trial',
  summary: '',
  azureTaskId: '00000000-0000-4000-8000-000000000000',
  needs: { checkout: false, python: false, platform: false, forge: false, environment: undefined },
  inputs: {
    project: { type: 'path', default: '.', help: '' },
    timeout: { type: 'duration', default: '30m', help: '' },
    'step-summary': { type: 'boolean', default: 'true', help: '' },
  },
  outputs: { figure: { help: '' } },
});
const files = new MemoryFiles();

async function end(
  run: (context: StepContext) => Promise<Awaited<ReturnType<AnyStep['run']>>>,
  inputs = {},
  signal = new AbortController().signal,
) {
  const host = new RecordingHost(inputs);
  const step = defineStep(data, (_, context) => run(context) as never);
  const code = await runStep(
    step,
    host,
    signal,
    (own) => ({ host, files, signal: own, resolvePath: (path: string) => `/p/${path}` }) as unknown as StepContext,
  );
  expect(host.end?.exitCode).toBe(code);
  return { code, host };
}

const problem = { code: 'A-CODE', what: 'it went wrong', fix: 'do this' };

describe('the end of a step', () => {
  it.each<[string, Error, number, string, string]>([
    ['the user’s fault', new ConfigError(problem, { ...problem, code: 'B-CODE' }), 2, 'error', 'A-CODE,B-CODE'],
    ['the product’s no', new GateFailure(problem), 1, 'fail', 'A-CODE'],
    ['a provider’s failure', new ProviderError(problem), 3, 'error', 'A-CODE'],
    ['an interruption', new Interrupted('SIGINT'), 130, 'error', 'INTERRUPTED'],
    ['our own defect', new TypeError('x is not a function'), 70, 'error', 'INTERNAL'],
  ])('%s', async (_, error, exitCode, result, titles) => {
    const { code, host } = await end(() => Promise.reject(error));
    expect(code).toBe(exitCode);
    expect(host.end?.result).toBe(result);
    expect(host.annotations.map(({ title }) => title).join()).toBe(titles);
  });

  it('says once, at its end, where the codes are explained', async () => {
    const one = await end(() => Promise.reject(new ConfigError(problem, { ...problem, what: 'this too' })));
    expect(one.host.lines).toEqual(['See https://github.com/haute/deploy/blob/main/docs/errors.md#a-code']);
    const two = await end(() => Promise.reject(new ConfigError(problem, { ...problem, code: 'B-CODE' })));
    expect(two.host.lines).toEqual(['See https://github.com/haute/deploy/blob/main/docs/errors.md']);
  });

  it('links each code from the summary, where no text of the user’s becomes markup', async () => {
    const place = { file: 'haute.toml', line: 3 };
    const { host } = await end(() =>
      Promise.reject(new GateFailure({ ...problem, what: '*it* <went>\nwrong', place })),
    );
    expect(host.end?.summary).toBe(
      '## Trial: fail\n\n- haute.toml:3: \\*it\\* \\<went\\> wrong [A-CODE](https://github.com/haute/deploy/blob/main/docs/errors.md#a-code). do this\n',
    );
  });

  it.each([
    ['pass', 0],
    ['warn', 0],
    ['fail', 1],
    ['inconclusive', 1],
  ] as const)('%s gives exit code %d', async (result, exitCode) => {
    expect((await end(async () => ({ result, outputs: {}, summary: '' }))).code).toBe(exitCode);
  });

  it('hands over outputs as text, and where the summary is', async () => {
    const { host } = await end(async () => ({ result: 'pass', outputs: { figure: 3 }, summary: '# it went well' }));
    expect(host.end?.outputs).toEqual({
      figure: '3',
      'summary-file': '/p/./.haute/summary/trial.md'.replace('/./', '/'),
    });
    expect(files.text('/p/.haute/summary/trial.md')).toBe('# it went well');
  });

  it('writes no summary when it is not wanted', async () => {
    const { host } = await end(async () => ({ result: 'pass', outputs: {}, summary: 'x' }), {
      'step-summary': 'false',
    });
    expect(host.end).toMatchObject({ summary: '', outputs: {} });
  });

  it('ends a step that takes too long, as a provider that did not come through', async () => {
    const { code, host } = await end(
      (context) =>
        new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason))),
      { timeout: '20ms' },
    );
    expect(code).toBe(3);
    expect(host.annotations[0]?.title).toBe('STEP-TIMEOUT');
  });

  it('reports bad inputs before anything runs', async () => {
    let ran = false;
    const { code } = await end(
      async () => {
        ran = true;
        return { result: 'pass', outputs: {}, summary: '' };
      },
      { timeout: 'soon' },
    );
    expect({ code, ran }).toEqual({ code: 2, ran: false });
  });
});
