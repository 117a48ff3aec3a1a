import type { ForgeAccess } from '../ports/forge-access.ts';
import { azureAccess } from './azure/forge-access.ts';
import { AzureHost } from './azure/host.ts';
import type { CiHost, CiHostOptions } from './ci-host.ts';
import { githubAccess } from './github/forge-access.ts';
import { GithubHost } from './github/host.ts';
import { gitlabAccess } from './gitlab/forge-access.ts';
import { GitlabHost } from './gitlab/host.ts';

/** A CI system: how a job is opened, and how it reaches its forge. */
interface CiSystem {
  open(options: CiHostOptions): Promise<CiHost>;
  access(env: CiHostOptions['env']): ForgeAccess;
}

/** The CI systems, by id. A terminal is no CI system and is made by itself. */
const ciSystems = {
  github: { open: GithubHost.open, access: githubAccess },
  gitlab: { open: async (options) => new GitlabHost(options), access: gitlabAccess },
  azure: { open: async (options) => new AzureHost(options), access: azureAccess },
} as const satisfies Record<string, CiSystem>;

export type CiHostId = keyof typeof ciSystems;

/** The ids of {@link createHost}. */
export const ciHostIds = Object.keys(ciSystems) as readonly CiHostId[];

/** The host of a CI job, ready to be asked for inputs. Reads files of the runner, and touches no network. */
export function createHost(id: CiHostId, options: CiHostOptions): Promise<CiHost> {
  const access = ciSystems[id].access(options.env);
  const tokens = access.kind === 'gitlab' ? [access.token, access.jobToken] : [access.token];
  for (const token of tokens) if (token) options.redactor.add(token);
  return ciSystems[id].open(options);
}

/** How the job reaches the API of the forge that its code is on. A token that is not there is empty. */
export function forgeAccess(id: CiHostId, env: CiHostOptions['env']): ForgeAccess {
  return ciSystems[id].access(env);
}
