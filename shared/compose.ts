import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ImageParts } from './compose-images.ts';
import { createHauteEngine } from './engine/haute-engine.ts';
import { openPackage } from './engine/open-package.ts';
import { ConfigError } from './errors.ts';
import { createForge } from './forges/index.ts';
import { TerminalForge } from './forges/terminal/forge.ts';
import type { CiHost, CiHostOptions } from './hosts/ci-host.ts';
import { fitMarkdown } from './hosts/fit-markdown.ts';
import { type CiHostId, createHost, forgeAccess } from './hosts/index.ts';
import { jobIdentity } from './hosts/job-identity.ts';
import { withoutJobTokens } from './hosts/without-job-tokens.ts';
import { JobFederation, type LoginAddresses } from './identity/federation.ts';
import { createIdTokens } from './identity/index.ts';
import { ThreadedAnalyst } from './io/columns-thread/threaded-analyst.ts';
import { DiskFiles } from './io/disk-files.ts';
import { DiskScratch } from './io/disk-scratch.ts';
import { GitSourceControl } from './io/git-source-control.ts';
import { NodeExec } from './io/node-exec.ts';
import { Redactor } from './io/redact.ts';
import { DEFAULT_RETRY, parseRetryAfter, retry } from './io/retry.ts';
import { secretForms } from './io/secret-forms.ts';
import { SystemClock } from './io/system-clock.ts';
import { createDuckDbSource } from './portfolio/duckdb/duckdb-source.ts';
import { FilePortfolios } from './portfolio/file-portfolios.ts';
import { createObjectPortfolios } from './portfolio/stores/index.ts';
import type { StoreTools } from './portfolio/stores/store-tools.ts';
import type { Clock } from './ports/clock.ts';
import type { Engine } from './ports/engine.ts';
import type { Exec } from './ports/exec.ts';
import type { Files } from './ports/files.ts';
import type { Forge } from './ports/forge.ts';
import type { Host } from './ports/host.ts';
import type { Federation } from './ports/identity.ts';
import type { Retry } from './ports/retry.ts';
import { loadDotEnv } from './project/load-dot-env.ts';
import { loadProject } from './project/load-project.ts';
import type { Project } from './project/project.ts';
import { autoscalingOf } from './release/policy.ts';
import { BatchScorer } from './scoring/batch-scorer.ts';
import { HttpQuoteEndpoints } from './scoring/http-quote-endpoints.ts';
import { packageEndpoint } from './scoring/offline/package-endpoint.ts';
import type { StepContext, TargetKit } from './steps/context.ts';
import { LocalArtifactStore } from './targets/local/artifact-store.ts';
import { runGateway } from './targets/local/gateway/run.ts';
import { readLocalPolicy } from './targets/local/policy.ts';
import { LocalTarget } from './targets/local/target.ts';

type Env = Readonly<Record<string, string>>;

/** The process that the suite runs in. */
export interface Surroundings {
  readonly env: Env;
  readonly cwd: string;
  /** Folder of the running module: of `dist/`, or of the sources. */
  readonly here: string;
  /** The Node that runs it, and the file it was started with: a gateway is started the same way. */
  readonly node: string;
  readonly entry: string;
}

/** What the commands are made of. */
export interface Parts extends Surroundings {
  readonly redactor: Redactor;
  readonly exec: Exec;
  readonly files: Files;
  readonly clock: Clock;
  context(host: Host, signal: AbortSignal, forge: (project: Project) => Forge | Promise<Forge>): StepContext;
  /** The host of a CI job, with its inputs. */
  ciHost(id: CiHostId, stdout: CiHostOptions['stdout']): Promise<CiHost>;
  /** The forge of a CI job; its client is loaded when it is asked for. */
  forge(id: CiHostId, note: (line: string) => void): Promise<Forge>;
  terminalForge(
    project: Project,
    named: readonly string[],
    ask: ((question: string) => Promise<string>) | undefined,
  ): Forge;
  /** `<project>/.haute/local` of the project folder that the user named. */
  stateDir(project: string): Promise<string>;
  /** The gateway of the local target, until the signal. @returns the exit code */
  gateway(stateDir: string, signal: AbortSignal, note: (line: string) => void): Promise<number>;
}

/** Hidden from the help: what the local target starts its gateway with. */
export const GATEWAY_COMMAND = 'local-gateway';

/** The composition root: the one place that names concrete classes. */
export function compose(surroundings: Surroundings): Parts {
  const { env, cwd } = surroundings;
  const redactor = new Redactor();
  const exec = new NodeExec(redactor);
  const files = new DiskFiles();
  const clock = new SystemClock();
  const source = new GitSourceControl(exec, files, env);
  const retryAfterMs = (header: string | undefined): number | undefined => parseRetryAfter(header, clock.now());
  const retrying: Retry = (call, tools) => retry(DEFAULT_RETRY, { clock, random: Math.random, ...tools }, call);
  const endpoints = new HttpQuoteEndpoints({ retryAfterMs });
  const open: Engine['open'] = (dir, expected) => openPackage(files, dir, expected);
  const scorer = new BatchScorer({
    clock,
    retry: (call, tools) => retry(PORTFOLIO_RETRY, { clock, random: Math.random, ...tools }, call),
  });

  const load: StepContext['loadProject'] = async (request) => {
    const project = await loadProject(request, { files, env });
    const { secrets } = await loadDotEnv(project.root, { files, env });
    for (const secret of secrets) redactor.add(secret);
    return project;
  };

  return {
    ...surroundings,
    redactor,
    exec,
    files,
    clock,
    context: (host, signal, forge) => ({
      host,
      clock,
      files,
      signal,
      endpoints,
      portfolios: new FilePortfolios(
        createObjectPortfolios((root) => storeTools(root, host)),
        createDuckDbSource({ exec, env, here: surroundings.here, say: (line) => host.log.info(line) }),
        { scratch: () => new DiskScratch(tmpdir()), say: (line) => host.log.info(line) },
      ),
      scorer,
      source,
      scratch: () => new DiskScratch(tmpdir()),
      columnAnalyst: (scratch) => new ThreadedAnalyst({ scratch, signal, warn: (line) => host.log.warn(line) }),
      scanner: async (project) => (await imagePartsOf(host)).scanner(project),
      packageEndpoint: (application) => packageEndpoint(application, { retryAfterMs }),
      resolvePath: (path) => resolve(cwd, path),
      loadProject: load,
      engine: (project, python) => engineOf(project, python),
      target: (project, engine) => targetOf(project, engine, host),
      forge,
    }),
    ciHost: (id, stdout) =>
      createHost(id, {
        env,
        stdout,
        files,
        append: (path, text) => appendFile(path, text),
        clock,
        redactor,
        secretForms,
        randomId: randomUUID,
        cwd,
      }),
    forge: (id, note) =>
      createForge(forgeAccess(id, env), {
        fetch: globalThis.fetch,
        retry: retrying,
        clock,
        retryAfterMs,
        fitMarkdown,
        note,
        timeoutMs: FORGE_TIMEOUT_MS,
      }),
    terminalForge: (project, named, ask) =>
      new TerminalForge({ projectDir: project.root, source, named, ask, now: () => clock.now() }),
    stateDir: async (project) => localStateDir((await files.realPath(resolve(cwd, project))) ?? resolve(cwd, project)),
    async gateway(stateDir, signal, note) {
      await runGateway({ stateDir, exec, files, clock, openPackage: open, note, signal });
      return 0;
    },
  };

  /** Logs in to clouds as the job; undefined where its host gives it nothing to prove itself by. */
  function federationOf(host: Host): Federation | undefined {
    const access = jobIdentity(host.id, env);
    if (access === undefined) return undefined;
    const mask = (secret: string): void => host.mask(secret);
    const tools = { fetch: globalThis.fetch, mask, retry: retrying, clock, retryAfterMs, timeoutMs: LOGIN_TIMEOUT_MS };
    return new JobFederation(createIdTokens(access, tools), tools, loginAddresses(env));
  }

  /** Credentials of object stores are those of the environment and of the project's `.env`. */
  async function storeTools(root: string, host: Host): Promise<StoreTools> {
    const dotEnv = await loadDotEnv(root, { files, env });
    return {
      env: dotEnv.env,
      fetch: globalThis.fetch,
      clock,
      retry: retrying,
      retryAfterMs,
      mask: (secret) => host.mask(secret),
      readFile: (path) => files.read(resolve(cwd, path)),
      federation: federationOf(host),
      timeoutMs: STORE_TIMEOUT_MS,
    };
  }

  function engineOf(project: Project, python: string | undefined): Engine {
    return createHauteEngine({
      projectRoot: project.root,
      config: project.config,
      exec,
      files,
      clock,
      endpoints,
      assets: { pythonDir: pythonDir(surroundings.here) },
      python,
      env: withoutJobTokens(env),
    });
  }

  /** What builds, stores and runs images is large, and loaded where a project has images alone. */
  async function imagePartsOf(host: Host): Promise<ImageParts> {
    const { composeImages } = await import('./compose-images.ts');
    return composeImages({
      env,
      exec,
      files,
      clock,
      openPackage: open,
      redactor,
      host,
      retry: retrying,
      retryAfterMs,
      federation: federationOf(host),
    });
  }

  async function targetOf(project: Project, engine: Engine, host: Host): Promise<TargetKit> {
    const { target } = project.config.deploy;
    if (target === 'container' || target === 'aws-ecs') return (await imagePartsOf(host)).target(project, target);
    if (target !== 'local') throw unavailable(target);
    return localKit(project, engine);
  }

  function localKit(project: Project, engine: Engine): TargetKit {
    const stateDir = localStateDir(project.root);
    return {
      target: new LocalTarget({
        stateDir,
        gatewayArgv: [surroundings.node, surroundings.entry, GATEWAY_COMMAND, stateDir],
        policy: readLocalPolicy(project.policy.targets.local),
        autoscaling: (environment) => autoscalingOf(project.policy, environment),
        openPackage: open,
        servePlan: engine.servePlan.bind(engine),
        baseEnv: pick(env, ['PATH', 'HOME', 'LANG', 'TMPDIR', 'SystemRoot']),
        exec,
        files,
        clock,
        redact: (text) => redactor.text(text),
      }),
      store: new LocalArtifactStore({ stateDir, files, clock, openPackage: open }),
    };
  }
}

/** An endpoint of one's own, by the variables that every SDK of AWS knows: the role is taken where the SDK asks. */
function loginAddresses({ AWS_ENDPOINT_URL_STS: sts, AWS_ENDPOINT_URL: all }: Env): LoginAddresses {
  const aws = sts || all;
  return aws ? { aws } : {};
}

const FORGE_TIMEOUT_MS = 30_000;
const STORE_TIMEOUT_MS = 60_000;
const LOGIN_TIMEOUT_MS = 30_000;
/** Longer than a container takes to be started again. */
const PORTFOLIO_RETRY = { attempts: 9, baseMs: 500, capMs: 30_000 } as const;

function localStateDir(projectRoot: string): string {
  return join(projectRoot, '.haute', 'local');
}

/** The engine's Python files: beside the bundle, or among the sources. */
function pythonDir(here: string): string {
  const bundled = join(here, 'python');
  return existsSync(bundled) ? bundled : join(here, 'engine', 'python');
}

function pick(env: Env, names: readonly string[]): Env {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function unavailable(target: string): ConfigError {
  return new ConfigError({
    code: 'TARGET-UNAVAILABLE',
    what: `this version cannot deploy to ${target} yet`,
    fix: 'Use the target input with local, container or aws-ecs',
  });
}
