import { AzureHost } from '../../shared/hosts/azure/host.ts';
import { inputVariable } from '../../shared/hosts/azure/names.ts';
import { GithubHost } from '../../shared/hosts/github/host.ts';
import { GitlabHost } from '../../shared/hosts/gitlab/host.ts';
import { REPORT_FOLDER } from '../../shared/hosts/gitlab/reports.ts';
import { TerminalHost } from '../../shared/hosts/terminal/host.ts';
import { TerminalLog } from '../../shared/hosts/terminal/terminal-log.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { type CiMachine, ciMachine } from '../fakes/ci-machine.ts';
import { azureCommands, githubCommands, githubOutputs, gitlabSections } from '../fakes/command-readers.ts';
import { hostContract } from './host-contract.ts';

type Inputs = Readonly<Record<string, string>>;

const variables = (inputs: Inputs, name: (input: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([input, value]) => [name(input), value]));

hostContract('github', async (inputs) => {
  const machine = ciMachine({
    ...variables(inputs, (name) => `INPUT_${name.toUpperCase()}`),
    GITHUB_OUTPUT: '/runner/output',
    GITHUB_STEP_SUMMARY: '/runner/summary',
    GITHUB_WORKSPACE: '/build/pricing',
  });
  return {
    host: await GithubHost.open(machine.options),
    seen: machine.seen,
    outputs: () => githubOutputs(machine.files.get('/runner/output') ?? ''),
    commands: () => githubCommands(machine.stdout()).map(({ name }) => name),
  };
});

hostContract('gitlab', async (inputs) => {
  const machine = ciMachine({
    ...variables(inputs, (name) => `HAUTE_INPUT_${name.replaceAll('-', '_').toUpperCase()}`),
    CI_PROJECT_DIR: '/build/pricing',
    CI_JOB_URL: 'https://gitlab.example/acme/pricing/-/jobs/7',
  });
  return {
    host: new GitlabHost(machine.options),
    seen: machine.seen,
    outputs: () => reportOf(machine, 'outputs.json'),
    commands: () => gitlabSections(machine.stdout()),
  };
});

hostContract('azure', async (inputs) => {
  const machine = ciMachine({ ...variables(inputs, inputVariable), BUILD_SOURCESDIRECTORY: '/build/pricing' });
  return {
    host: new AzureHost(machine.options),
    seen: machine.seen,
    outputs: () =>
      Object.fromEntries(
        azureCommands(machine.stdout())
          .filter(({ name }) => name === 'task.setvariable')
          .map(({ properties, data }) => [kebab(properties.variable ?? ''), data]),
      ),
    commands: () => azureCommands(machine.stdout()).map(({ name }) => name),
  };
});

hostContract('terminal', async (inputs) => {
  const redactor = new Redactor();
  let stdout = '';
  let stderr = '';
  const terminal = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    color: false,
  };
  const redact = (text: string): string => redactor.text(text);
  const clock = { now: () => 0, sleep: async () => {} };
  const flags = new Map(Object.entries(inputs).map(([name, value]) => [name, [value]]));
  return {
    host: new TerminalHost({
      line: { words: ['validate'], flags },
      terminal,
      log: new TerminalLog({ terminal, clock, redact, verbose: true }),
      facts: { run: 'terminal', actor: undefined, ci: false },
      redactor,
    }),
    seen: () => stdout + stderr,
    outputs: () => {
      const { result, outputs } = JSON.parse(stdout) as { result: string; outputs: Record<string, string> };
      return { ...outputs, result };
    },
    commands: () => [],
  };
});

function reportOf(machine: CiMachine, name: string): Readonly<Record<string, string>> {
  const [, text] = [...machine.files].find(([path]) => path.includes(REPORT_FOLDER) && path.endsWith(name)) ?? [];
  return JSON.parse(text ?? '{}') as Record<string, string>;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
