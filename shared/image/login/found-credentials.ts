import type { Clock } from '../../ports/clock.ts';
import type { RepositoryName } from '../../ports/registry.ts';
import { parseImageName } from '../registry/name.ts';
import type { Credential, Credentials } from './credentials.ts';
import type { LoginProvider } from './login-provider.ts';

type Env = Readonly<Record<string, string>>;

/** A login that is about to expire is not begun with, and one that was just given is good, whatever our clock thinks of it. */
const MARGIN_MS = 5 * 60_000;

interface Found {
  readonly credential: Promise<Credential | undefined>;
  readonly atMs: number;
}

export interface FoundCredentialsTools {
  readonly env: Env;
  /** `registry` of `[deploy.container]`: what DOCKER_USERNAME and DOCKER_PASSWORD are for. */
  readonly configuredRegistry: string | undefined;
  /** What `docker login` and `podman login` left. */
  readonly files: Credentials;
  /** Asked in their order for a registry that nobody has logged in to. */
  readonly providers: readonly LoginProvider[];
  readonly mask: (secret: string) => void;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Every login there is: what was set for this project, then what somebody logged in to, then what the CI system and the
 * cloud give by themselves. Each is found once and kept while it is valid.
 */
export class FoundCredentials implements Credentials {
  readonly #tools: FoundCredentialsTools;
  readonly #found = new Map<string, Found>();

  constructor(tools: FoundCredentialsTools) {
    this.#tools = tools;
  }

  async find(name: RepositoryName, signal: AbortSignal): Promise<Credential | undefined> {
    const key = `${name.registry}/${name.repository}`;
    const kept = this.#found.get(key);
    const now = this.#tools.clock.now();
    if (kept) {
      const credential = await kept.credential;
      const until = credential?.expiresAt ?? Number.POSITIVE_INFINITY;
      if (Math.max(until - MARGIN_MS, kept.atMs + MARGIN_MS) > now) return credential;
    }
    const finding = { credential: this.#look(name, signal), atMs: now };
    this.#found.set(key, finding);
    try {
      return await finding.credential;
    } catch (error) {
      if (this.#found.get(key) === finding) this.#found.delete(key);
      throw error;
    }
  }

  async #look(name: RepositoryName, signal: AbortSignal): Promise<Credential | undefined> {
    const credential =
      this.#fromEnv(name) ?? (await this.#tools.files.find(name, signal)) ?? (await this.#fromProviders(name, signal));
    if (credential) this.#tools.mask(credential.kind === 'password' ? credential.password : credential.token);
    return credential;
  }

  #fromEnv({ registry }: RepositoryName): Credential | undefined {
    const { env, configuredRegistry } = this.#tools;
    const { DOCKER_USERNAME: username, DOCKER_PASSWORD: password } = env;
    if (!username || !password || registryOf(configuredRegistry) !== registry) return undefined;
    return { kind: 'password', username, password, from: 'DOCKER_USERNAME' };
  }

  async #fromProviders({ registry }: RepositoryName, signal: AbortSignal): Promise<Credential | undefined> {
    for (const provider of this.#tools.providers) {
      const credential = await provider.login(registry, signal);
      if (credential) return credential;
    }
    return undefined;
  }
}

/** The registry of `eu.example.com/team`; where none is written, images go to Docker Hub. */
function registryOf(configured: string | undefined): string | undefined {
  return configured === undefined
    ? undefined
    : parseImageName(`${configured.replace(/\/+$/, '')}/x`.replace(/^\//, '')).name.registry;
}
