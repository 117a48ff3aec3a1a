import { dirname, join } from 'node:path';
import { ConfigError, ProviderError } from '../errors.ts';
import type { CommandResult, Exec } from '../ports/exec.ts';
import type { Files } from '../ports/files.ts';
import type { CommitFacts, SourceControl, SourceState } from '../ports/source-control.ts';
import { highestVersion } from '../release/version-tags.ts';

const TIMEOUT_MS = 60_000;

/** No pager, no hook, no program of the repository's choice, no lock taken, no question asked, paths as they are. */
const QUIET = [
  '--no-pager',
  '--no-optional-locks',
  '--literal-pathspecs',
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.quotepath=off', 'log.showSignature=false'].flatMap(
    (set) => ['-c', set],
  ),
] as const;

/** Git variables that would point it at another repository than the project's (a hook of another one sets them). */
const MISLEADING = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
];

/** Reads the project's git repository with the `git` program; writes nothing to it. */
export class GitSourceControl implements SourceControl {
  readonly #exec: Exec;
  readonly #files: Files;
  readonly #env: Readonly<Record<string, string>>;

  /** @param env the environment git runs in; PATH and HOME, at least. */
  constructor(exec: Exec, files: Files, env: Readonly<Record<string, string>>) {
    this.#exec = exec;
    this.#files = files;
    const kept = Object.entries(env).filter(([name]) => !MISLEADING.includes(name));
    this.#env = { ...Object.fromEntries(kept), LC_ALL: 'C', LANGUAGE: '', GIT_TERMINAL_PROMPT: '0' };
  }

  /**
   * @throws ConfigError GIT-MISSING when the project is a checkout and git is not there to read it; GIT-UNSAFE when git
   * refuses a repository of another user. ProviderError GIT-FAILED for anything else.
   */
  async state(projectDir: string, signal: AbortSignal): Promise<SourceState> {
    const where = await this.#locate(projectDir, signal);
    if (!where) return { commit: null, dirty: [] };
    const head = await this.#git(projectDir, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], signal);
    // Exit 1 and silence: a branch without a commit yet.
    if (head.code !== 0 && (head.code !== 1 || head.stderr !== '')) throw failed('rev-parse', head);
    const status = ['status', '--porcelain=v1', '-z', '--untracked-files=normal', '--no-renames', '--', '.'];
    const changes = succeeded('status', await this.#git(projectDir, status, signal));
    return { commit: head.code === 0 ? head.stdout.trim() : null, dirty: changedPaths(changes, where.prefix) };
  }

  async facts(projectDir: string, commit: string, signal: AbortSignal): Promise<CommitFacts> {
    checkHash(commit);
    const log = await this.#git(projectDir, ['log', '-1', '--format=%ct', commit, '--'], signal);
    const seconds = Number(succeeded('log', log).trim());
    const tags = succeeded('tag', await this.#git(projectDir, ['tag', '--points-at', commit], signal));
    return { committedAt: new Date(seconds * 1000).toISOString(), version: highestVersion(tags.split('\n')) };
  }

  async authors(projectDir: string, commit: string, signal: AbortSignal): Promise<readonly string[]> {
    checkHash(commit);
    const format = '%an%x00%ae%x00%cn%x00%ce%x00%(trailers:key=Co-authored-by,valueonly,separator=%x00)';
    const log = await this.#git(projectDir, ['log', '-1', '--no-mailmap', `--format=${format}`, commit, '--'], signal);
    const [author, authorMail, committer, committerMail, ...coAuthors] = succeeded('log', log).trimEnd().split('\0');
    const more = coAuthors.flatMap((trailer) => /^(.*?)\s*<(.*)>\s*$/.exec(trailer)?.slice(1) ?? [trailer.trim()]);
    const all = [author, authorMail, committer, committerMail, ...more];
    return [...new Set(all.filter((name) => name !== undefined && name !== ''))] as string[];
  }

  /** Where the project lies in its work tree (`sub/folder/`, empty at the top); undefined when it is in none. */
  async #locate(projectDir: string, signal: AbortSignal): Promise<{ readonly prefix: string } | undefined> {
    let found: CommandResult;
    try {
      found = await this.#git(projectDir, ['rev-parse', '--is-inside-work-tree', '--show-prefix'], signal);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.problem.code !== 'EXEC-NOT-FOUND') throw error;
      if (await this.#looksLikeCheckout(projectDir)) throw gitMissing(projectDir);
      return undefined;
    }
    const inNone = found.code === 128 && found.stderr.includes('not a git repository');
    if (inNone && !(await this.#looksLikeCheckout(projectDir))) return undefined;
    if (/dubious ownership|safe\.directory/.test(found.stderr)) throw unsafe(projectDir, found.stderr);
    const [inside, prefix = ''] = succeeded('rev-parse', found).split('\n');
    return inside === 'true' ? { prefix } : undefined;
  }

  async #looksLikeCheckout(dir: string): Promise<boolean> {
    if ((await this.#files.realPath(join(dir, '.git'))) !== undefined) return true;
    return dirname(dir) !== dir && this.#looksLikeCheckout(dirname(dir));
  }

  #git(cwd: string, args: readonly string[], signal: AbortSignal): Promise<CommandResult> {
    return this.#exec.run({ argv: ['git', ...QUIET, ...args], cwd, env: this.#env, timeoutMs: TIMEOUT_MS, signal });
  }
}

/** What is handed to git as a revision is never an option or a name. */
function checkHash(commit: string): void {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new TypeError(`not a full commit hash: ${commit}`);
}

/** Paths of `status --porcelain -z`, relative to the project, without what we write ourselves. */
function changedPaths(status: string, prefix: string): readonly string[] {
  const fromTop = status
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice('XY '.length));
  const own = fromTop.map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) || '.' : path));
  return own.filter((path) => path !== '.haute' && !path.startsWith('.haute/')).sort();
}

function succeeded(what: string, result: CommandResult): string {
  if (result.code !== 0 || result.stdoutOmittedBytes !== undefined) throw failed(what, result);
  return result.stdout;
}

function failed(what: string, result: CommandResult): ProviderError {
  const why = result.timedOut
    ? `no answer within ${TIMEOUT_MS / 1000} s`
    : firstLine(result.stderr) || `exit code ${result.code}`;
  return new ProviderError({
    code: 'GIT-FAILED',
    what: `git ${what} could not read the project's repository: ${why}`,
    fix: 'Run `git status` in the project and repair what it reports; in CI, check that the checkout is complete',
  });
}

function gitMissing(dir: string): ConfigError {
  return new ConfigError({
    code: 'GIT-MISSING',
    what: `${dir} is in a git checkout, but git is not on this machine, so the commit of this release cannot be known`,
    fix: 'Install git, or put the folder it is in on PATH',
  });
}

function unsafe(dir: string, stderr: string): ConfigError {
  const repository = /safe\.directory (.+)$/m.exec(stderr)?.[1]?.replaceAll("'", '') ?? dir;
  return new ConfigError({
    code: 'GIT-UNSAFE',
    what: `the repository ${repository} belongs to another user than the one that runs this step, so git does not read it`,
    fix: `Run \`git config --global --add safe.directory ${repository}\` first, or run the step as the user who owns it`,
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
