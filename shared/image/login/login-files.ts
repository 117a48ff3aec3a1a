import { ConfigError, ProviderError } from '../../errors.ts';
import type { Exec } from '../../ports/exec.ts';
import type { Files } from '../../ports/files.ts';
import type { RepositoryName } from '../../ports/registry.ts';
import type { Credential, Credentials } from './credentials.ts';
import { askHelper } from './helper.ts';
import { helperFor, type LoginFile, loginIn, readLoginFile } from './login-file.ts';

type Env = Readonly<Record<string, string>>;

export interface LoginFileTools {
  readonly env: Env;
  readonly files: Pick<Files, 'read'>;
  readonly exec: Pick<Exec, 'run'>;
  readonly mask: (secret: string) => void;
  readonly note: (line: string) => void;
}

/** Where Docker and podman keep logins, in the order in which they are asked. */
export function loginPaths(env: Env): readonly string[] {
  const { REGISTRY_AUTH_FILE, DOCKER_CONFIG, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = env;
  const home = env.HOME || env.USERPROFILE;
  const config = XDG_CONFIG_HOME || (home && `${home}/.config`);
  const docker = DOCKER_CONFIG || (home && `${home}/.docker`);
  return [
    REGISTRY_AUTH_FILE,
    docker && `${docker}/config.json`,
    XDG_RUNTIME_DIR && `${XDG_RUNTIME_DIR}/containers/auth.json`,
    config && `${config}/containers/auth.json`,
  ].flatMap((path) => (path ? [path] : []));
}

/** Logins that `docker login` and `podman login` left, in files or in the programs that the files name. */
export class LoginFiles implements Credentials {
  readonly #tools: LoginFileTools;

  constructor(tools: LoginFileTools) {
    this.#tools = tools;
  }

  /** @throws ConfigError REGISTRY-LOGIN-FILE, REGISTRY-HELPER; Interrupted */
  async find(name: RepositoryName, signal: AbortSignal): Promise<Credential | undefined> {
    for (const path of loginPaths(this.#tools.env)) {
      const bytes = await this.#tools.files.read(path);
      const file = bytes && readLoginFile(path, bytes);
      const credential = file && ((await this.#fromHelper(file, name, signal)) ?? loginIn(file, name));
      if (credential) return credential;
    }
    return undefined;
  }

  async #fromHelper(file: LoginFile, name: RepositoryName, signal: AbortSignal): Promise<Credential | undefined> {
    const helper = helperFor(file, name);
    if (helper === undefined) return undefined;
    try {
      return await askHelper(this.#tools, helper.name, name.registry, file.path, signal);
    } catch (error) {
      const isAbsent = error instanceof ProviderError && error.problem.code === 'EXEC-NOT-FOUND';
      if (!isAbsent) throw error;
      // One for all registries may be from another machine's desktop; one for this registry is meant.
      if (!helper.isOwn) {
        this.#tools.note(`${file.path} names docker-credential-${helper.name}, which is not on this machine`);
        return undefined;
      }
      throw new ConfigError({
        code: 'REGISTRY-HELPER',
        what: `${file.path} names docker-credential-${helper.name} for ${name.registry}, which is not on this machine`,
        fix: 'Install it, or take it out of credHelpers and log in with docker login',
      });
    }
  }
}
