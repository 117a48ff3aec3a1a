import { describe, expect, it } from 'vitest';
import { type CiMachine, ciMachine } from '../../../tests/fakes/ci-machine.ts';
import { dotenvOf } from './dotenv.ts';
import { gitlabFacts } from './facts.ts';
import { GitlabHost } from './host.ts';

const env = {
  CI_PROJECT_DIR: '/build/pricing',
  CI_PROJECT_PATH: 'acme/pricing',
  CI_JOB_URL: 'https://gitlab.example/acme/pricing/-/jobs/7',
  CI_COMMIT_SHA: 'c0ffee',
  CI_DEFAULT_BRANCH: 'main',
  GITLAB_USER_LOGIN: 'ann',
};

function open(more: Readonly<Record<string, string>> = {}): { host: GitlabHost; machine: CiMachine } {
  const machine = ciMachine({ ...env, ...more });
  return { host: new GitlabHost(machine.options), machine };
}

describe('the facts of a GitLab job', () => {
  it('knows a push to the default branch', () => {
    expect(gitlabFacts({ ...env, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main' })).toEqual({
      run: 'https://gitlab.example/acme/pricing/-/jobs/7',
      actor: 'ann',
      ci: true,
      change: {
        event: 'push',
        rawEvent: 'push',
        repository: 'acme/pricing',
        commit: 'c0ffee',
        ref: 'refs/heads/main',
        branch: 'main',
        defaultBranch: 'main',
        request: undefined,
      },
    });
  });

  it.each<[string, Record<string, string>, object]>([
    ['for its branch', {}, { number: 12, headCommit: 'c0ffee', fromFork: false }],
    [
      'for the merged result',
      { CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: 'beef' },
      { number: 12, headCommit: 'beef', fromFork: false },
    ],
    ['from a fork', { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '99' }, { number: 12, headCommit: 'c0ffee', fromFork: true }],
  ])('knows a merge request %s', (_, more, request) => {
    const merge = {
      ...env,
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_MERGE_REQUEST_IID: '12',
      CI_MERGE_REQUEST_PROJECT_ID: '5',
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '5',
      ...more,
    };
    expect(gitlabFacts(merge).change).toMatchObject({ event: 'change-request', branch: undefined, request });
  });

  it.each<[string, Record<string, string>]>([
    ['a tag', { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v1' }],
    ['a schedule', { CI_PIPELINE_SOURCE: 'schedule', CI_COMMIT_BRANCH: 'main' }],
    ['a person', { CI_PIPELINE_SOURCE: 'web', CI_COMMIT_BRANCH: 'main' }],
  ])('takes %s for something else than a push', (_, more) => {
    expect(gitlabFacts({ ...env, ...more }).change?.event).toBe('other');
  });
});

describe('outputs for later jobs', () => {
  it('are variables that name their step', () => {
    expect(dotenvOf('deploy-staging', { url: 'https://a.example', 'release-id': 'sha256:1' })).toEqual({
      text: 'HAUTE_DEPLOY_STAGING_URL=https://a.example\nHAUTE_DEPLOY_STAGING_RELEASE_ID=sha256:1\n',
      leftOut: [],
    });
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['several lines', { a: 'x\ny', b: '1' }, ['a']],
    ['more than 5 KB', { a: 'x'.repeat(5 * 1024), b: '1' }, ['a']],
    ['space that GitLab would strip', { a: ' x', b: '1' }, ['a']],
    ['nothing', { a: '', b: '1' }, ['a']],
  ])('leave out what has %s, and name it', (_, outputs, leftOut) => {
    expect(dotenvOf('validate', outputs)).toEqual({ text: 'HAUTE_VALIDATE_B=1\n', leftOut });
  });

  it('stay within twenty variables', () => {
    const outputs = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`o${index}`, '1']));
    const { text, leftOut } = dotenvOf('validate', outputs);
    expect([text.trim().split('\n').length, leftOut.length]).toEqual([20, 5]);
  });
});

describe('a GitLab job', () => {
  const report = (machine: CiMachine, name: string): string | undefined =>
    machine.files.get(`/build/pricing/.haute/reports/validate/${name}`);

  it('names inputs that no step has, as variables', () => {
    const { host } = open({ HAUTE_INPUT_STAGING_ULR: 'x', HAUTE_INPUT_SAMPLE: '1' });
    expect(host.strayInputs(['staging-url', 'sample'])).toEqual([
      { shown: 'HAUTE_INPUT_STAGING_ULR', name: 'staging-ulr' },
    ]);
  });

  it('folds groups in groups', async () => {
    const { host, machine } = open();
    await host.log.group('outer', () => host.log.group('inner', async () => {}));
    const at = Date.parse('2026-11-21T09:00:00Z') / 1000;
    expect(machine.stdout().split('\n').slice(0, 2)).toEqual([
      `\u001b[0Ksection_start:${at}:haute_1\r\u001b[0Kouter`,
      `\u001b[0Ksection_start:${at}:haute_2\r\u001b[0Kinner`,
    ]);
    expect(machine.stdout()).toMatch(/section_end:\d+:haute_2[\s\S]*section_end:\d+:haute_1/);
  });

  it('leaves reports that GitLab reads, also when the step failed', async () => {
    const { host, machine } = open({ HAUTE_INPUT_PROJECT: 'motor' });
    const message = 'premium <420> & "more"';
    host.annotate({ level: 'error', title: 'QUOTE-FAILED', message, place: { file: 'q.json', line: 4 } });
    host.annotate({ level: 'warning', title: 'NO-PLACE', message: 'slow' });
    await host.finish({ step: 'validate', result: 'fail', outputs: {}, summary: '# Failed', exitCode: 1 });
    expect(JSON.parse(report(machine, 'codequality.json') ?? '')).toEqual([
      {
        description: message,
        check_name: 'QUOTE-FAILED',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        severity: 'critical',
        location: { path: 'motor/q.json', lines: { begin: 4 } },
      },
    ]);
    expect(report(machine, 'junit.xml')).toContain('tests="2" failures="2"');
    expect(report(machine, 'junit.xml')).toContain('premium &lt;420&gt; &amp; &quot;more&quot; [QUOTE-FAILED]');
    expect(report(machine, 'summary.md')).toBe('# Failed');
    expect(JSON.parse(report(machine, 'annotations.json') ?? '')).toEqual({
      haute: [
        {
          external_link: {
            label: 'Haute validate: fail',
            url: `${env.CI_JOB_URL}/artifacts/file/.haute/reports/validate/summary.md`,
          },
        },
      ],
    });
  });

  it('writes XML that a parser takes, whatever a finding says', async () => {
    const { host, machine } = open();
    host.annotate({ level: 'error', title: ']]>', message: '\u0000\u001b[1m\ud800 & <a b="c">\uffff' });
    await host.finish({ step: 'validate', result: 'fail', outputs: {}, summary: '', exitCode: 1 });
    const xml = report(machine, 'junit.xml') ?? '';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML forbids
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ud800-\udfff\uffff]/);
    expect(xml.match(/&(?!(?:amp|lt|gt|quot|apos|#10);)/)).toBeNull();
  });
});
