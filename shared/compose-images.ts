import { ConfigError } from './errors.ts';
import { registryLogins } from './hosts/registry-logins.ts';
import { withoutJobTokens } from './hosts/without-job-tokens.ts';
import { sealOf } from './image/dependencies/layers-seal.ts';
import { AzureLogin } from './image/login/azure-login.ts';
import { azurePrincipal, azureToken, googleToken } from './image/login/cloud-tokens.ts';
import type { EcrTools } from './image/login/ecr-call.ts';
import { awsConfigOf, EcrLogin } from './image/login/ecr-login.ts';
import { GoogleLogin } from './image/login/google-login.ts';
import type { LoginProvider } from './image/login/login-provider.ts';
import { createRegistry } from './image/registry/index.ts';
import { CommandScanner } from './image/scan/command-scanner.ts';
import { createImageStore, imageSettings } from './image/store/create.ts';
import { EcrRepositories } from './image/store/ecr-repositories.ts';
import { repositoryOf } from './image/store/image-wishes.ts';
import type { Redactor } from './io/redact.ts';
import type { ArtifactStore } from './ports/artifact-store.ts';
import type { Clock } from './ports/clock.ts';
import type { Engine } from './ports/engine.ts';
import type { Exec } from './ports/exec.ts';
import type { Files } from './ports/files.ts';
import type { Host } from './ports/host.ts';
import type { Federation } from './ports/identity.ts';
import type { ImageScanner } from './ports/image-scanner.ts';
import type { Registry } from './ports/registry.ts';
import type { Retry } from './ports/retry.ts';
import type { Target } from './ports/target.ts';
import { loadDotEnv } from './project/load-dot-env.ts';
import type { Project } from './project/project.ts';
import { autoscalingOf } from './release/policy.ts';
import type { TargetKit } from './steps/context.ts';
import { parseHeaders } from './steps/parts/headers.ts';
import { roleCredentials, roleOf } from './targets/aws-ecs/credentials.ts';
import { readEcsPolicy } from './targets/aws-ecs/policy.ts';
import { environmentUrl, readContainerPolicy } from './targets/container/policy.ts';
import { ContainerTarget } from './targets/container/target.ts';
import { VERSION } from './version.ts';

type Env = Readonly<Record<string, string>>;

const ROLE_TIMEOUT_MS = 60_000;

/** The outside of one step, for projects whose releases are images. */
export interface ImageOutside {
  readonly env: Env;
  readonly exec: Exec;
  readonly files: Files;
  readonly clock: Clock;
  /** Reads a package on disk and compares it with its digest. */
  readonly openPackage: Engine['open'];
  readonly redactor: Redactor;
  readonly host: Host;
  readonly retry: Retry;
  /** Milliseconds that a `Retry-After` header asks for. */
  readonly retryAfterMs: (header: string | undefined) => number | undefined;
  /** Logs in to clouds as the job; undefined where there is no job to be. */
  readonly federation: Federation | undefined;
}

export interface ImageParts {
  scanner(project: Project): Promise<ImageScanner>;
  target(project: Project, id: 'container' | 'aws-ecs'): Promise<TargetKit>;
}

/** Composes what images need: registries with their logins, scanners, and the targets that run images. */
export function composeImages(outside: ImageOutside): ImageParts {
  const { exec, files, clock, redactor, host, retry, retryAfterMs, federation, openPackage } = outside;
  const ownEnv = withoutJobTokens(outside.env);
  const mask = (secret: string): void => host.mask(secret);
  const warned = new Set<string>();

  return {
    async scanner(project) {
      const registry = registryOf(project, await knownEnv(project));
      return new CommandScanner({ registry, exec, files, env: ownEnv });
    },
    async target(project, id) {
      const known = await knownEnv(project);
      const registry = registryOf(project, known);
      const target = id === 'container' ? containerTarget(project, known, registry) : await ecsTarget(project, known);
      return { target, store: storeOf(project, known, registry) };
    },
  };

  /** Settings are those of the environment and of the project's `.env`. */
  async function knownEnv(project: Project): Promise<Env> {
    const { env } = await loadDotEnv(project.root, { files, env: outside.env });
    return Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }

  /** Logins are those that the settings hold, and whatever this machine is logged in to. */
  function registryOf(project: Project, known: Env): Registry {
    return createRegistry({
      env: known,
      clock,
      exec,
      files,
      retry,
      retryAfterMs,
      configuredRegistry: project.config.deploy.container.registry || undefined,
      given: registryLogins(outside.env),
      providers: cloudLogins(project, known, { ...outside, fetch: globalThis.fetch }),
      insecure: insecureOf(project),
      mask,
      redact: (text) => redactor.text(text),
      note: (line) => host.log.info(line),
    });
  }

  /** Never silently: whoever is on the line reads the login, and may change what is pulled. */
  function insecureOf(project: Project): readonly string[] {
    const { insecure } = readContainerPolicy(project.policy.targets.container);
    for (const registry of insecure.filter((each) => !warned.has(each))) {
      warned.add(registry);
      host.log.warn(
        `${registry} is spoken to over plain http ([targets.container] insecure): nothing on that line is secret`,
      );
    }
    return insecure;
  }

  function storeOf(project: Project, known: Env, registry: Registry): ArtifactStore {
    const repositories = new EcrRepositories({ config: ecrConfig(project, known, outside) });
    const seal = () => sealOf(known, mask);
    return createImageStore(project, { registry, exec, files, clock, repositories, env: ownEnv, seal, openPackage });
  }

  function containerTarget(project: Project, known: Env, registry: Registry): Target {
    const policy = readContainerPolicy(project.policy.targets.container);
    return new ContainerTarget({
      registry,
      repository: () => repositoryOf(imageSettings(project)),
      policy,
      url: (environment) => environmentUrl(policy, project.config.ci, environment),
      headers: (environment) => endpointHeaders(known, environment, mask),
      autoscaling: (environment) => autoscalingOf(project.policy, environment),
      clock,
      retry,
    });
  }

  /** The client of AWS is large, and loaded for this target alone. */
  async function ecsTarget(project: Project, known: Env): Promise<Target> {
    const { createEcsTarget } = await import('./targets/aws-ecs/create.ts');
    return createEcsTarget(project, {
      env: known,
      clock,
      random: Math.random,
      redact: (text) => redactor.text(text),
      federation,
      userAgent: `haute-deploy/${VERSION}`,
    });
  }
}

/** The clouds that give a job logins to their own registries, as far as the job can say who it is. */
export function cloudLogins(
  project: Pick<Project, 'config' | 'policy'>,
  known: Env,
  outside: Pick<ImageOutside, 'federation' | 'clock' | 'retry' | 'retryAfterMs'> & {
    readonly host: Pick<Host, 'mask'>;
    readonly fetch: typeof globalThis.fetch;
  },
): readonly LoginProvider[] {
  const { federation, retry, retryAfterMs, host, fetch } = outside;
  const mask = (secret: string): void => host.mask(secret);
  return [
    new EcrLogin({ config: ecrConfig(project, known, outside), mask }),
    new AzureLogin({
      fetch,
      retry,
      retryAfterMs,
      mask,
      token: azureToken(known, federation),
      principal: azurePrincipal(known),
    }),
    new GoogleLogin(googleToken(known, federation)),
  ];
}

/** `HAUTE_PRODUCTION_HEADERS`: what an address of the user's own is asked with, one `Name: value` a line. */
function endpointHeaders(env: Env, environment: string, mask: (secret: string) => void): Env {
  const name = `HAUTE_${environment.toUpperCase().replaceAll('-', '_')}_HEADERS`;
  const parsed = parseHeaders([env[name] ?? ''], mask);
  if ('value' in parsed) return parsed.value;
  throw new ConfigError({ code: 'ENV-BAD-VALUE', what: `${name} ${parsed.problem}`, fix: parsed.fix });
}

/**
 * What Amazon's registries are logged in to with: keys that the run was given, or the role that the job or the project
 * names, by the job's own token; the SDK's own chain where there is neither.
 */
export function ecrConfig(
  { config, policy }: Pick<Project, 'config' | 'policy'>,
  known: Env,
  { federation, clock }: Pick<ImageOutside, 'federation' | 'clock'>,
): EcrTools['config'] {
  const { target, awsEcs, modelName } = config.deploy;
  const given = awsConfigOf(known);
  if (given.credentials || !federation || target !== 'aws-ecs') return given;
  const { role, roleSessionMs: sessionMs } = readEcsPolicy(policy.targets['aws-ecs']);
  const roleArn = roleOf(role, known, federation);
  if (roleArn === undefined) return given;
  const take = roleCredentials({ roleArn, region: awsEcs.region, session: modelName, sessionMs, federation, clock });
  return { credentials: () => take(AbortSignal.timeout(ROLE_TIMEOUT_MS)) };
}
