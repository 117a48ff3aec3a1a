import type { Forge } from '../ports/forge.ts';
import type { ForgeAccess } from '../ports/forge-access.ts';
import type { ForgeTools } from './forge-tools.ts';

/** The forges with an API, by the host whose jobs they belong to. A terminal's is made by itself. */
const forges = {
  github: async (access, tools) => new (await import('./github/forge.ts')).GitHubForge(access, tools),
  gitlab: async (access, tools) => new (await import('./gitlab/forge.ts')).GitLabForge(access, tools),
  azure: async (access, tools) => new (await import('./azure/forge.ts')).AzureForge(access, tools),
} as const satisfies { [Kind in ForgeAccess['kind']]: Make<Kind> };

type Make<Kind> = (access: Extract<ForgeAccess, { readonly kind: Kind }>, tools: ForgeTools) => Promise<Forge>;

/** The forge that a job belongs to. Nothing of the others is loaded, and its client when the first question is asked. */
export function createForge(access: ForgeAccess, tools: ForgeTools): Promise<Forge> {
  const make = forges[access.kind] as Make<ForgeAccess['kind']>;
  return make(access, tools);
}
