import { describe, expect, it } from 'vitest';
import { ciMachine } from '../../tests/fakes/ci-machine.ts';
import { githubCommands, githubOutputs } from '../../tests/fakes/command-readers.ts';
import { GithubHost } from '../hosts/github/host.ts';
import type { Verdict } from '../release/verdict.ts';
import { commonInputs } from './common-inputs.ts';
import type { StepContext } from './context.ts';
import type { AnyStep } from './define.ts';
import { definitions } from './definitions.ts';
import { runJob } from './run-job.ts';

interface Ran {
  readonly exitCode: number;
  readonly ran: readonly string[];
  readonly errors: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
}

const event = '{"repository":{"default_branch":"main"}}';
const push = { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/main' };

/** Runs a job of the seven steps, each of which passes but those in `verdicts`. */
async function job(
  asked: string,
  env: Readonly<Record<string, string>>,
  verdicts: Readonly<Record<string, Verdict>> = {},
): Promise<Ran> {
  const ran: string[] = [];
  const steps: readonly AnyStep[] = definitions.map(({ id, title, summary, needs, azureTaskId }) => ({
    id,
    title,
    summary,
    needs,
    azureTaskId,
    inputs: { ...commonInputs, ramp: { type: 'duration', help: '' } },
    outputs: {},
    run: async () => {
      ran.push(id);
      return { result: verdicts[id] ?? 'pass', outputs: {}, summary: '' };
    },
  }));
  const machine = ciMachine({ GITHUB_EVENT_PATH: '/event.json', GITHUB_OUTPUT: '/output', ...env });
  machine.files.set('/event.json', event);
  const host = await GithubHost.open(machine.options);
  const makeContext = (signal: AbortSignal): StepContext => ({ signal }) as StepContext;
  const exitCode = await runJob({ host, asked, steps, signal: new AbortController().signal, makeContext });
  const errors = githubCommands(machine.stdout()).flatMap(({ name, properties, data }) =>
    name === 'error' ? [`${properties.title}: ${data}`] : [],
  );
  return { exitCode, ran, errors, outputs: githubOutputs(machine.files.get('/output') ?? '') };
}

describe('a job', () => {
  it('runs what the event calls for, in the order of the flow', async () => {
    const { exitCode, ran } = await job('auto', push);
    expect([exitCode, ran]).toEqual([0, ['validate', 'build-push', 'deploy-staging', 'smoke-test', 'impact-report']]);
  });

  it('ends with the first step that does not pass, and says so', async () => {
    const { exitCode, ran, outputs } = await job('auto', push, { 'deploy-staging': 'fail' });
    expect([exitCode, ran]).toEqual([1, ['validate', 'build-push', 'deploy-staging']]);
    expect(outputs).toEqual({ result: 'fail' });
  });

  it('goes on after a warning', async () => {
    expect((await job('auto', push, { validate: 'warn' })).ran).toHaveLength(5);
  });

  it('runs the step that its input names', async () => {
    expect((await job('auto', { ...push, INPUT_STEP: 'rollback' })).ran).toEqual(['rollback']);
  });

  it('runs the step of its own action, whatever an input says', async () => {
    expect((await job('smoke-test', { ...push, INPUT_STEP: 'rollback' })).ran).toEqual(['smoke-test']);
  });

  it.each([
    ['a step that there is not', { INPUT_STEP: 'promote' }, 'STEP-UNKNOWN'],
    ['an event that says nothing', { GITHUB_EVENT_NAME: 'schedule' }, 'AUTO-UNDECIDED'],
  ])('runs nothing for %s', async (_, env, code) => {
    const { exitCode, ran, errors, outputs } = await job('auto', { ...push, ...env });
    expect([exitCode, ran, outputs]).toEqual([2, [], { result: 'error' }]);
    expect(errors.join()).toContain(code);
  });

  it('names misspelt and mistyped inputs together, and runs nothing', async () => {
    const env = { ...push, 'INPUT_DRY-RNU': 'true', INPUT_RAMP: 'slowly', INPUT_TIMEOUT: '5' };
    const { exitCode, ran, errors } = await job('validate', env);
    expect([exitCode, ran]).toEqual([2, []]);
    expect(errors.map((error) => error.split(':')[0])).toEqual(['INPUT-UNKNOWN', 'INPUT-INVALID', 'INPUT-INVALID']);
    expect(errors[0]).toContain('Did you mean dry-run');
  });
});
