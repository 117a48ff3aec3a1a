import { CachedToken } from './cached-token.ts';
import type { StoreTools } from './store-tools.ts';

const SCOPE = 'https://storage.azure.com/.default';

/** What goes along with a request to say who asks. */
export interface AzureLogin {
  readonly headers: Readonly<Record<string, string>>;
  /** Secret parameters of the address. */
  readonly query: URLSearchParams;
}

/**
 * Who reads from Azure: a shared access signature, an access token, or the job as an application of Microsoft Entra ID,
 * in this order. Nobody where there is none of them: a public container can be read all the same.
 */
export class AzureCredentials {
  readonly #tools: StoreTools;
  readonly #token: CachedToken;

  constructor(tools: StoreTools) {
    this.#tools = tools;
    this.#token = new CachedToken(tools.clock, async (signal) => {
      const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId } = tools.env;
      if (!tenantId || !clientId || !tools.federation) return undefined;
      return tools.federation.azure({ tenantId, clientId, scope: SCOPE }, signal);
    });
  }

  /** @throws what logging in throws */
  async login(signal: AbortSignal): Promise<AzureLogin> {
    const { env, mask } = this.#tools;
    const { AZURE_STORAGE_SAS_TOKEN: sas, AZURE_STORAGE_ACCESS_TOKEN: given } = env;
    if (sas) {
      const query = new URLSearchParams(sas.replace(/^\?/, ''));
      for (const secret of [sas, query.get('sig')]) if (secret) mask(secret);
      return { headers: {}, query };
    }
    if (given) mask(given);
    const token = given || (await this.#token.get(signal));
    return { headers: token ? { authorization: `Bearer ${token}` } : {}, query: new URLSearchParams() };
  }
}
