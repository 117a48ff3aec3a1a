import { describe, expect, it } from 'vitest';
import { type CiMachine, ciMachine } from '../../../tests/fakes/ci-machine.ts';
import { githubCommands, githubOutputs } from '../../../tests/fakes/command-readers.ts';
import { githubFacts } from './facts.ts';
import { GithubHost } from './host.ts';

const env = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/pricing',
  GITHUB_RUN_ID: '7001',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_ACTOR: 'ann',
  GITHUB_TRIGGERING_ACTOR: 'bo',
  GITHUB_SHA: 'c0ffee',
};

async function open(more: Readonly<Record<string, string>> = {}): Promise<{ host: GithubHost; machine: CiMachine }> {
  const machine = ciMachine({
    ...env,
    GITHUB_WORKSPACE: '/build/pricing',
    GITHUB_OUTPUT: '/runner/output',
    GITHUB_STEP_SUMMARY: '/runner/summary',
    ...more,
  });
  return { host: await GithubHost.open(machine.options), machine };
}

describe('the facts of a GitHub run', () => {
  const pull = (head: object): string =>
    JSON.stringify({ repository: { default_branch: 'main' }, pull_request: { number: 12, head } });

  it('names the attempt, and who started it', () => {
    const facts = githubFacts(env, undefined);
    expect(facts).toMatchObject({
      run: 'https://github.com/acme/pricing/actions/runs/7001/attempts/2',
      actor: 'bo',
      ci: true,
    });
  });

  it('knows a push to the default branch', () => {
    const push = { ...env, GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/main' };
    expect(githubFacts(push, '{"repository":{"default_branch":"main"}}').change).toEqual({
      event: 'push',
      rawEvent: 'push',
      repository: 'acme/pricing',
      commit: 'c0ffee',
      ref: 'refs/heads/main',
      branch: 'main',
      defaultBranch: 'main',
      request: undefined,
    });
  });

  it.each<[string, object, boolean]>([
    ['of the repository itself', { sha: 'beef', repo: { full_name: 'Acme/Pricing' } }, false],
    ['of a fork', { sha: 'beef', repo: { full_name: 'eve/pricing' } }, true],
    ['of a fork that was deleted', { sha: 'beef', repo: null }, true],
  ])('knows a pull request %s by its own last commit', (_, head, fromFork) => {
    const request = { ...env, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/12/merge' };
    expect(githubFacts(request, pull(head)).change).toMatchObject({
      event: 'change-request',
      branch: undefined,
      commit: 'c0ffee',
      request: { number: 12, headCommit: 'beef', fromFork },
    });
  });

  it('does not take pull_request_target for a pull request: it runs with the secrets of the target', () => {
    expect(githubFacts({ ...env, GITHUB_EVENT_NAME: 'pull_request_target' }, pull({})).change?.event).toBe('other');
  });

  it.each(['', 'no json', '[1]', 'null', '{"repository":7}'])('reads %j as an event that says nothing', (event) => {
    expect(githubFacts(env, event).change).toMatchObject({ defaultBranch: undefined, request: undefined });
  });
});

describe('a GitHub job', () => {
  it('reads inputs as the runner hands them over: dashes kept, trimmed', async () => {
    const { host } = await open({ 'INPUT_STAGING-URL': ' https://a.example\n', INPUT_SAMPLE: '' });
    expect(host.input('staging-url')).toEqual(['https://a.example']);
    expect(host.input('sample')).toEqual(['']);
  });

  it('names inputs that no step has', async () => {
    const { host } = await open({ 'INPUT_STAGING-ULR': 'x', INPUT_SAMPLE: '1' });
    expect(host.strayInputs(['staging-url', 'sample'])).toEqual([{ shown: 'staging-ulr', name: 'staging-ulr' }]);
  });

  it('puts a finding on its line, with the signs that would end a command escaped', async () => {
    const { host, machine } = await open({ INPUT_PROJECT: 'motor' });
    const place = { file: 'a,b:c.json', line: 3, column: 7 };
    host.annotate({ level: 'error', title: 'QUOTE-FAILED', message: '50 % off\nsecond line', place });
    expect(machine.stdout()).toBe(
      '::error title=QUOTE-FAILED,file=motor/a%2Cb%3Ac.json,line=3,col=7::50 %25 off%0Asecond line\n',
    );
  });

  it('says in words where a finding is that no page can show', async () => {
    const { host, machine } = await open();
    host.annotate({ level: 'warning', title: 'X', message: 'odd', place: { file: '/etc/haute.toml', line: 2 } });
    expect(machine.stdout()).toBe('::warning title=X::/etc/haute.toml:2: odd [X]\n');
  });

  it('shows ten findings of a level on the page and the rest in the summary', async () => {
    const { host, machine } = await open();
    for (let index = 1; index <= 12; index += 1) host.annotate({ level: 'error', title: 'E', message: `no ${index}` });
    await host.finish({ step: 'validate', result: 'fail', outputs: {}, summary: '# Failed', exitCode: 1 });
    expect(githubCommands(machine.stdout()).filter(({ name }) => name === 'error')).toHaveLength(10);
    expect(machine.files.get('/runner/summary')).toBe(
      '# Failed\n### Further findings\n\n~~~text\nerror: no 11 [E]\nerror: no 12 [E]\n~~~\n\n',
    );
  });

  it('cuts a message that the runner would cut', async () => {
    const { host, machine } = await open();
    host.annotate({ level: 'error', title: 'E', message: 'x'.repeat(5000) });
    expect(githubCommands(machine.stdout())[0]?.data).toHaveLength(4096);
  });

  it('keeps the summaries of all steps of a job within 1 MiB', async () => {
    const { host, machine } = await open();
    const summary = 'a line of a report\n'.repeat(40_000);
    for (const step of ['validate', 'build-push']) {
      await host.finish({ step, result: 'pass', outputs: {}, summary, exitCode: 0 });
    }
    const written = Buffer.byteLength(machine.files.get('/runner/summary') ?? '');
    expect(written).toBeLessThanOrEqual(1024 * 1024);
    expect(written).toBeGreaterThan(1000 * 1024);
  });

  it('tells the runner every form of a secret, line by line', async () => {
    const { host, machine } = await open();
    host.mask('first line\nsecond line');
    const masked = githubCommands(machine.stdout()).map(({ name, data }) => [name, data]);
    expect(masked).toContainEqual(['add-mask', 'first line']);
    expect(masked).toContainEqual(['add-mask', 'second line']);
    expect(masked).toContainEqual(['add-mask', 'second%20line']);
    expect(masked.every(([name, data]) => name === 'add-mask' && !data?.includes('\n'))).toBe(true);
  });

  it('says when a secret is too short to be hidden', async () => {
    const { host, machine } = await open();
    host.mask('abc');
    expect(machine.stdout()).toContain('cannot be hidden');
    expect(machine.stdout()).not.toContain('abc');
  });

  it('folds the outermost group alone: the runner knows no folds in folds', async () => {
    const { host, machine } = await open();
    await host.log.group('outer', () => host.log.group('inner', async () => host.log.info('line')));
    expect(githubCommands(machine.stdout()).map(({ name, data }) => `${name} ${data}`)).toEqual([
      'group outer',
      'endgroup ',
    ]);
  });

  it('lets the last of several steps name the result of the job', async () => {
    const { host, machine } = await open();
    await host.finish({ step: 'validate', result: 'pass', outputs: { artifacts: '2' }, summary: '', exitCode: 0 });
    await host.finish({ step: 'build-push', result: 'fail', outputs: {}, summary: '', exitCode: 1 });
    expect(githubOutputs(machine.files.get('/runner/output') ?? '')).toEqual({ artifacts: '2', result: 'fail' });
  });
});
