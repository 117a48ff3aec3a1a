import type { Clock } from '../../ports/clock.ts';
import type { Exec } from '../../ports/exec.ts';
import type { Files } from '../../ports/files.ts';
import type { Registry } from '../../ports/registry.ts';
import type { RegistryLogin } from '../../ports/registry-login.ts';
import { FoundCredentials } from '../login/found-credentials.ts';
import { GivenLogins } from '../login/given-logins.ts';
import { LoginFiles } from '../login/login-files.ts';
import type { LoginProvider } from '../login/login-provider.ts';
import { connections } from './connections.ts';
import { OciRegistry } from './oci-registry.ts';
import { DEFAULT_LIMITS, type RegistryTools } from './registry-tools.ts';

export interface CreateRegistryTools
  extends Pick<RegistryTools, 'retry' | 'retryAfterMs' | 'mask' | 'redact' | 'note' | 'insecure'> {
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Pick<Clock, 'now'>;
  readonly exec: Pick<Exec, 'run'>;
  readonly files: Pick<Files, 'read'>;
  /** `registry` of `[deploy.container]`; undefined where there is none. */
  readonly configuredRegistry: string | undefined;
  /** Logins that the CI system gives its jobs. */
  readonly given: readonly RegistryLogin[];
  /** Clouds that give logins to their own registries. */
  readonly providers: readonly LoginProvider[];
}

/** Registries of container images, with every login that this machine and this job have. */
export function createRegistry(tools: CreateRegistryTools): Registry {
  const { env, clock, mask, configuredRegistry } = tools;
  const files = new LoginFiles(tools);
  const providers = [new GivenLogins(tools.given), ...tools.providers];
  const credentials = new FoundCredentials({ env, clock, mask, configuredRegistry, files, providers });
  return new OciRegistry({ ...tools, credentials, dispatcher: connections(env), limits: DEFAULT_LIMITS });
}
