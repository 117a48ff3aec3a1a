import { spawn } from 'node:child_process';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './pricing-project.ts';

export interface ActRun {
  readonly exitCode: number | null;
  readonly log: string;
}

export interface ActOptions {
  readonly program: string;
  /** The consumer's checkout. */
  readonly project: string;
  /** Folder for what act keeps, outside of the checkout. */
  readonly scratch: string;
  readonly event: 'push' | 'pull_request' | 'workflow_dispatch';
  readonly payload: object;
  readonly workflow: string;
  readonly token: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables of the repository, `vars`. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Secrets of the repository, beside the token: the log shows none of them. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Each job has a checkout of its own, as on machines of the host; otherwise one stays from job to job. */
  readonly ownCheckouts?: boolean;
  /** Told each line of the log as it comes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a workflow of a checkout with act, on this machine and without containers. Our actions come from this
 * repository; those of others are stand-ins of the same names.
 * @see https://nektosact.com
 */
export function act(options: ActOptions): Promise<ActRun> {
  const payload = join(options.scratch, 'event.json');
  writeFileSync(payload, JSON.stringify(options.payload));
  // Artifacts belong to a run, and this is another.
  rmSync(join(options.scratch, 'artifacts'), { recursive: true, force: true });
  const args = [
    options.event,
    ...['--workflows', join(options.project, '.github', 'workflows', options.workflow)],
    ...['--eventpath', payload],
    ...['--platform', 'ubuntu-latest=-self-hosted'],
    ...['--actor', 'eve', '--defaultbranch', 'main'],
    ...['GITHUB_TOKEN', ...Object.keys(options.secrets ?? {})].flatMap((name) => ['--secret', name]),
    ...Object.entries(options.vars ?? {}).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    '--no-cache-server',
    '--no-skip-checkout',
    ...localRepositories(tagged(options.scratch)).flatMap((pair) => ['--local-repository', pair]),
    ...Object.entries({
      ...options.env,
      HAUTE_TEST_ARTIFACTS: join(options.scratch, 'artifacts'),
      HAUTE_TEST_REPOSITORY: options.project,
      HAUTE_TEST_WORKSPACE: options.ownCheckouts ? '' : join(options.scratch, 'workspace'),
    }).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
  const env = {
    ...process.env,
    ...options.secrets,
    GITHUB_TOKEN: options.token,
    XDG_CACHE_HOME: join(options.scratch, 'cache'),
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(options.program, args, { cwd: options.project, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    const take = (chunk: Buffer): void => {
      log += chunk;
      for (const line of String(chunk).split('\n')) options.onLine?.(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, log }));
  });
}

/** `owner/name@ref=folder` for every action that our workflows and examples name. */
function localRepositories(suite: string): readonly string[] {
  const files = globSync(['.github/workflows/pipeline.yml', 'examples/consumers/*/.github/workflows/*.yml'], {
    cwd: root,
  });
  const used = files.flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/uses: ([\w./-]+)@(\w+)/g)]);
  const pairs = used.map(([, path = '', ref = '']) => {
    const [owner = '', name = ''] = path.split('/');
    const folder = owner === 'haute' ? suite : join(root, 'tests', 'fakes', 'actions', name);
    return `${owner}/${name}@${ref}=${folder}`;
  });
  return [...new Set(pairs)];
}

/** What a job fetches of this repository at its tag, of what there is: the actions, the workflow and the bundle. */
function tagged(scratch: string): string {
  const suite = join(scratch, 'suite');
  for (const path of ['action.yml', 'actions', 'dist', '.github/workflows/pipeline.yml']) {
    cpSync(join(root, path), join(suite, path), { recursive: true });
  }
  // GitHub knows it, act does not yet.
  const workflow = join(suite, '.github', 'workflows', 'pipeline.yml');
  writeFileSync(workflow, readFileSync(workflow, 'utf8').replaceAll(/^ +deployment: false\n/gm, ''));
  return suite;
}
