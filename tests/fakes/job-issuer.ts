import { type FakeAnswer, type FakeRequest, FakeServer } from './fake-server.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const LIFETIME_SECONDS = 300;

export interface IssuerOptions {
  /** `acme/motor` on GitHub, and the environment that each job of its workflows names. */
  readonly github: { readonly repository: string; readonly environments: Readonly<Record<string, string>> };
  /** The organization, and the subject of each service connection by its id. */
  readonly azure: { readonly organizationId: string; readonly connections: Readonly<Record<string, string>> };
}

/**
 * Tokens that CI systems give their jobs to prove themselves by, with the subjects that each writes. Nobody checks the
 * signature, so they have none.
 */
export class JobIssuer {
  readonly server: FakeServer;
  /** What a job of GitHub shows to be given its token. */
  readonly githubRequestToken = 'request-token-of-the-job';
  readonly #options: IssuerOptions;

  constructor(options: IssuerOptions) {
    this.#options = options;
    this.server = new FakeServer({
      'GET /github': (request) => this.#github(request),
      'POST /azure': (request) => this.#azure(request),
    });
  }

  /** What the runner tells a job; the stand-in for the checkout adds which job it is. */
  get githubEnv(): Readonly<Record<string, string>> {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.server.url}/github?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.githubRequestToken,
    };
  }

  get azureUri(): string {
    return `${this.server.url}/azure`;
  }

  /** The `id_tokens` of a job on GitLab. */
  gitlabToken(host: string, project: string, audience: string): string {
    return tokenOf(`https://${host}`, `project_path:${project}:ref_type:branch:ref:main`, audience);
  }

  #github({ headers, query }: FakeRequest): FakeAnswer {
    if (!headers.authorization?.endsWith(` ${this.githubRequestToken}`)) return { status: 401 };
    const { repository, environments } = this.#options.github;
    const environment = environments[query.get('job') ?? ''];
    const where = environment === undefined ? 'ref:refs/heads/main' : `environment:${environment}`;
    const audience = query.get('audience') ?? '';
    return { status: 200, body: { value: tokenOf(GITHUB, `repo:${repository}:${where}`, audience) } };
  }

  #azure({ query }: FakeRequest): FakeAnswer {
    const { organizationId, connections } = this.#options.azure;
    const subject = connections[query.get('serviceConnectionId') ?? ''];
    if (subject === undefined) return { status: 404 };
    const issuer = `https://vstoken.dev.azure.com/${organizationId}`;
    return { status: 200, body: { oidcToken: tokenOf(issuer, subject, 'api://AzureADTokenExchange') } };
  }
}

function tokenOf(iss: string, sub: string, aud: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss, sub, aud, exp })}.${part('unsigned')}`;
}
