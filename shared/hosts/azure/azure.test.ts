import { describe, expect, it } from 'vitest';
import { type CiMachine, ciMachine } from '../../../tests/fakes/ci-machine.ts';
import { azureCommands } from '../../../tests/fakes/command-readers.ts';
import { azureFacts } from './facts.ts';
import { AzureHost } from './host.ts';
import { camelCase, inputVariable } from './names.ts';

const env = {
  SYSTEM_COLLECTIONURI: 'https://dev.azure.com/acme/',
  SYSTEM_TEAMPROJECT: 'Motor Pricing',
  SYSTEM_JOBID: 'j-1',
  BUILD_BUILDID: '42',
  BUILD_REPOSITORY_NAME: 'pricing',
  BUILD_SOURCEVERSION: 'c0ffee',
  BUILD_SOURCESDIRECTORY: '/build/pricing',
};

function open(more: Readonly<Record<string, string>> = {}): { host: AzureHost; machine: CiMachine } {
  const machine = ciMachine({ ...env, ...more });
  return { host: new AzureHost(machine.options), machine };
}

describe('names on Azure', () => {
  it.each([
    ['staging-url', 'stagingUrl', 'INPUT_STAGINGURL'],
    ['p95-latency', 'p95Latency', 'INPUT_P95LATENCY'],
    ['project', 'project', 'INPUT_PROJECT'],
  ])('%s is %s', (name, camel, variable) => {
    expect([camelCase(name), inputVariable(name)]).toEqual([camel, variable]);
  });
});

describe('the facts of an Azure run', () => {
  it('knows a push', () => {
    const push = { ...env, BUILD_REASON: 'IndividualCI', BUILD_SOURCEBRANCH: 'refs/heads/main' };
    expect(azureFacts({ ...push, BUILD_REQUESTEDFOREMAIL: 'ann@acme.example' })).toMatchObject({
      run: 'https://dev.azure.com/acme/Motor%20Pricing/_build/results?buildId=42&view=logs&j=j-1',
      actor: 'ann@acme.example',
      change: { event: 'push', branch: 'main', commit: 'c0ffee', repository: 'pricing' },
    });
  });

  it.each<[string, Record<string, string>, number]>([
    ['of Azure Repos', { SYSTEM_PULLREQUEST_PULLREQUESTID: '12' }, 12],
    [
      'of GitHub, by the number that people know',
      { SYSTEM_PULLREQUEST_PULLREQUESTID: '99887766', SYSTEM_PULLREQUEST_PULLREQUESTNUMBER: '12' },
      12,
    ],
  ])('knows a pull request %s', (_, more, number) => {
    const pull = { ...env, BUILD_REASON: 'PullRequest', SYSTEM_PULLREQUEST_SOURCECOMMITID: 'beef', ...more };
    expect(azureFacts({ ...pull, SYSTEM_PULLREQUEST_ISFORK: 'True' }).change).toMatchObject({
      event: 'change-request',
      request: { number, headCommit: 'beef', fromFork: true },
    });
  });

  it.each(['Manual', 'Schedule', 'ResourceTrigger'])('takes %s for something else than a push', (reason) => {
    expect(azureFacts({ ...env, BUILD_REASON: reason }).change?.event).toBe('other');
  });
});

describe('an Azure task', () => {
  const end = { step: 'validate', outputs: {}, summary: '', exitCode: 0 };

  it('names inputs that no step has', () => {
    const { host } = open({ INPUT_STAGINGULR: 'x', INPUT_SAMPLE: '1' });
    expect(host.strayInputs(['staging-url', 'sample'])).toEqual([{ shown: 'stagingulr', name: 'stagingulr' }]);
  });

  it('puts a finding on its line, with the signs that would end a command escaped', () => {
    const { host, machine } = open();
    const message = '50 % off; really]\n##vso[task.complete result=Succeeded;]';
    host.annotate({ level: 'error', title: 'E', message, place: { file: 'a;b].json', line: 3 } });
    expect(machine.stdout()).toBe(
      '##vso[task.logissue type=error;sourcepath=a%3Bb%5D.json;linenumber=3;code=E;]50 %AZP25 off; really]%0A**vso[task.complete result=Succeeded;]\n',
    );
  });

  it('shows ten findings of a level on the page and the rest in the summary', async () => {
    const { host, machine } = open({ AGENT_TEMPDIRECTORY: '/agent/temp' });
    for (let index = 1; index <= 12; index += 1) host.annotate({ level: 'error', title: 'E', message: `no ${index}` });
    await host.finish({ ...end, result: 'fail', summary: '# Failed', exitCode: 1 });
    const commands = azureCommands(machine.stdout());
    expect(commands.filter(({ name }) => name === 'task.logissue')).toHaveLength(10);
    const path = commands.find(({ name }) => name === 'task.uploadsummary')?.data ?? '';
    expect(path).toMatch(/^\/agent\/temp\/.*\/Haute validate\.md$/);
    expect(machine.files.get(path)).toContain('error: no 12 [E]');
  });

  it('hands outputs to later jobs under names that Azure allows', async () => {
    const { host, machine } = open();
    await host.finish({ ...end, result: 'pass', outputs: { 'release-id': 'sha256:1' } });
    expect(machine.stdout().split('\n')).toContain('##vso[task.setvariable variable=releaseId;isOutput=true;]sha256:1');
  });

  it.each<[string, number, string[]]>([
    ['pass', 0, []],
    ['warn', 0, ['SucceededWithIssues']],
    ['fail', 1, ['Failed']],
    ['inconclusive', 1, ['Failed']],
    ['error', 3, ['Failed']],
  ])('ends %s as Azure says it', async (result, exitCode, ends) => {
    const { host, machine } = open();
    await host.finish({ ...end, result, exitCode });
    const completed = azureCommands(machine.stdout()).filter(({ name }) => name === 'task.complete');
    expect(completed.map(({ properties }) => properties.result)).toEqual(ends);
  });
});
