import { type FakeAnswer, type FakeRequest, FakeServer } from '../fake-server.ts';
import { PEOPLE } from '../people.ts';
import { publishedAnswers } from '../schemas/answers.ts';
import type {
  GitLabApproval,
  GitLabCommit,
  GitLabDeployment,
  GitLabNote,
  GitLabRequest,
  GitLabVersion,
} from './state.ts';

const PROJECT = '/api/v4/projects/{id}';
const REQUEST = `${PROJECT}/merge_requests/{merge_request_iid}`;
const PACKAGE = `${PROJECT}/packages/generic/{package_name}/{package_version}/{file_name}`;
const ACCESS = { write: 30, read: 20, none: 0 } as const;

/** Routes that the token of a job may ask. @see https://docs.gitlab.com/ci/jobs/ci_job_token/#job-token-access */
const JOB_MAY =
  /^(?:GET \S+\/repository\/commits|GET \S+\/merge_requests\/\{merge_request_iid\}\/notes$|\w+ \S+\/deployments|\w+ \S+\/packages)/;

/** GitLab's API for one project, on the loopback. What is done to its state is seen by the next question. */
export class FakeGitLab {
  readonly project = '42';
  readonly token = 'token-of-the-project';
  readonly jobToken = 'token-of-the-job';
  readonly people = new Map(PEOPLE.map((person) => [person.login, person]));
  readonly states = new Map<string, string>();
  readonly groups = new Map<string, Map<string, number>>();
  readonly commits = new Map<string, GitLabCommit>();
  readonly requests: GitLabRequest[] = [];
  readonly versions: GitLabVersion[] = [];
  readonly approvals: GitLabApproval[] = [];
  readonly reviewers: { readonly login: string; readonly state: string }[] = [];
  readonly notes: GitLabNote[] = [];
  readonly deployments: GitLabDeployment[] = [];
  readonly packages = new Map<string, Uint8Array>();
  readonly lacking = new Set<RegExp>();
  readonly faults: string[] = [];
  readonly server: FakeServer;
  now = '2026-03-01T15:00:00.000Z';
  #id = 1000;
  readonly #published = publishedAnswers('gitlab');

  constructor() {
    this.server = new FakeServer(this.#routes());
  }

  nextId(): number {
    this.#id += 1;
    return this.#id;
  }

  #routes(): Record<string, (request: FakeRequest) => FakeAnswer> {
    const routes: Record<string, (request: FakeRequest) => FakeAnswer> = {
      [`GET ${PROJECT}/repository/commits/{sha}/merge_requests`]: (request) =>
        this.#page(request, this.#requestsOf(request)),
      [`GET ${PROJECT}/repository/commits/{sha}`]: ({ params }) => this.#one(this.commits.get(params.sha ?? '')),
      [`GET ${REQUEST}/commits`]: (request) => {
        const found = this.requests.find((one) => one.iid === Number(request.params.merge_request_iid));
        return this.#page(
          request,
          (found?.commits ?? []).map((sha) => this.commits.get(sha)),
        );
      },
      [`GET ${REQUEST}/versions`]: (request) => this.#page(request, this.versions.toReversed()),
      [`GET ${REQUEST}/reviewers`]: () => ({
        status: 200,
        body: this.reviewers.map(({ login, state }) => ({ user: this.#user(login), state, created_at: this.now })),
      }),
      [`GET ${REQUEST}/approvals`]: () => ({
        status: 200,
        body: {
          approved: this.approvals.length > 0,
          approved_by: this.approvals.map(({ login, ...rest }) => ({ user: this.#user(login), ...rest })),
        },
      }),
      [`GET ${REQUEST}/notes`]: (request) => {
        const order = request.query.get('sort') === 'asc' ? this.notes : this.notes.toReversed();
        return this.#page(
          request,
          order.map((note) => this.#note(note)),
        );
      },
      [`POST ${REQUEST}/notes`]: ({ body }) => {
        const { body: text } = body as { body: string };
        if (text.length > 1_000_000) return { status: 400, body: { message: { note: ['is too long'] } } };
        const at = this.now;
        const note = { id: this.nextId(), login: 'robot', body: text, system: false, created_at: at, updated_at: at };
        this.notes.push(note);
        return { status: 201, body: this.#note(note) };
      },
      [`PUT ${REQUEST}/notes/{note_id}`]: ({ params, body }) => {
        const note = this.notes.find((one) => one.id === Number(params.note_id));
        if (!note) return NOT_FOUND;
        Object.assign(note, { body: (body as { body: string }).body, updated_at: this.now });
        return { status: 200, body: this.#note(note) };
      },
      [`GET ${PROJECT}/deployments`]: (request) => {
        const found = this.deployments.filter((one) => one.environment === request.query.get('environment'));
        return this.#page(
          request,
          found.toReversed().map((one) => this.#deployment(one)),
        );
      },
      [`GET ${PROJECT}/deployments/{deployment_id}`]: ({ params }) =>
        this.#one(
          this.deployments.find((one) => one.id === Number(params.deployment_id)),
          (one) => ({
            ...this.#deployment(one),
            pending_approval_count: 0,
            approvals: one.approvals.map((approval) => this.#approval(approval)),
            ...(one.rules.length > 0 && {
              approval_summary: {
                rules: one.rules.map((rule) => ({
                  deployment_approvals: rule.map((approval) => this.#approval(approval)),
                })),
              },
            }),
          }),
        ),
      [`POST ${PROJECT}/deployments`]: ({ body }) => {
        const { environment, sha, status } = body as Record<string, string>;
        const made = {
          id: this.nextId(),
          environment: environment ?? '',
          sha: sha ?? '',
          created_at: this.now,
          job: undefined,
          status: status ?? '',
          approvals: [],
          rules: [],
        };
        this.deployments.push(made);
        return { status: 201, body: this.#deployment(made) };
      },
      [`PUT ${PROJECT}/deployments/{deployment_id}`]: ({ params, body }) => {
        const found = this.deployments.find((one) => one.id === Number(params.deployment_id));
        if (!found) return NOT_FOUND;
        found.status = (body as { status: string }).status;
        return { status: 200, body: this.#deployment(found) };
      },
      [`GET ${PROJECT}/members/all/{user_id}`]: ({ params }) => {
        const person = this.#byId(params.user_id);
        return this.#one(person && person.access !== 'none' ? person : undefined, ({ login, access }) => ({
          ...this.#user(login),
          access_level: ACCESS[access],
          membership_state: 'active',
        }));
      },
      'GET /api/v4/groups/{id}/members/all/{user_id}': ({ params }) => {
        const person = this.#byId(params.user_id);
        const level = person && this.groups.get(params.id ?? '')?.get(person.login);
        return this.#one(level, (access_level) => ({
          ...this.#user(person?.login ?? ''),
          access_level,
          membership_state: 'active',
        }));
      },
      'GET /api/v4/users/{id}': ({ params }) =>
        this.#one(this.#byId(params.id), ({ login, email, kind }) => ({
          ...this.#user(login),
          public_email: email,
          bot: kind === 'bot',
          state: this.states.get(login) ?? 'active',
        })),
      'GET /api/v4/namespaces/{id}': ({ params }) => {
        const path = params.id ?? '';
        const kind = this.groups.has(path) ? 'group' : this.people.has(path) ? 'user' : undefined;
        return this.#one(kind, (found) => ({ id: 1, kind: found, full_path: path, path, name: path }));
      },
      [`PUT ${PACKAGE}`]: ({ params, body }) => {
        this.packages.set(packageOf(params), body as Uint8Array);
        return { status: 201, body: { message: '201 Created' } };
      },
      [`GET ${PACKAGE}`]: ({ params }) => {
        const found = this.packages.get(packageOf(params));
        return found
          ? { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: found }
          : NOT_FOUND;
      },
    };
    return Object.fromEntries(
      Object.entries(routes).map(([route, handler]) => [route, (request) => this.#guarded(route, request, handler)]),
    );
  }

  #guarded(route: string, request: FakeRequest, handler: (request: FakeRequest) => FakeAnswer): FakeAnswer {
    const { headers } = request;
    const byJob = headers['job-token'] === this.jobToken && JOB_MAY.test(route);
    if (headers['private-token'] !== this.token && !byJob) {
      return {
        status: 401,
        body: {
          error: 'invalid_token',
          error_description: 'Token is expired. You can either do re-authorization or token refresh.',
        },
      };
    }
    if ([...this.lacking].some((pattern) => pattern.test(route))) {
      return {
        status: 403,
        body: {
          error: 'insufficient_scope',
          error_description: 'The request requires higher privileges than provided by the access token.',
          scope: 'api read_api',
        },
      };
    }
    const answer = handler(request);
    const operation = `${route} ${answer.status}`;
    if (this.#published.describes(operation)) this.faults.push(...this.#published.faults(operation, answer.body));
    return answer;
  }

  #requestsOf({ params }: FakeRequest): readonly unknown[] {
    const sha = params.sha ?? '';
    return this.requests
      .filter((one) => [...one.commits, one.merge_commit_sha, one.squash_commit_sha].includes(sha))
      .map(({ commits: _, author, ...one }) => ({
        ...one,
        id: one.iid,
        project_id: 42,
        target_project_id: 42,
        author: this.#user(author),
        web_url: `https://gitlab.com/acme/motor/-/merge_requests/${one.iid}`,
      }));
  }

  #user(login: string): object {
    const person = this.people.get(login);
    const username = person ? login : 'ghost1';
    return {
      id: this.#idOf(login),
      username,
      name: person?.name ?? 'Ghost User',
      state: 'active',
      avatar_url: null,
      web_url: `https://gitlab.com/${username}`,
    };
  }

  #idOf(login: string): number {
    const index = PEOPLE.findIndex((person) => person.login === login);
    return index === -1 ? 999 : index + 1;
  }

  #byId(id: string | undefined) {
    return [...this.people.values()].find((person) => String(this.#idOf(person.login)) === id);
  }

  #note({ login, ...note }: GitLabNote): unknown {
    return { ...note, author: this.#user(login), noteable_type: 'MergeRequest', resolvable: false };
  }

  #deployment({ environment, job, approvals: _, rules: __, ...one }: GitLabDeployment): object {
    return {
      ...one,
      iid: 1,
      ref: 'main',
      environment: { id: 9, name: environment },
      deployable: job === undefined ? null : { id: job, name: 'promote' },
    };
  }

  #approval({ login, ...approval }: GitLabDeployment['approvals'][number]): unknown {
    return { ...approval, user: this.#user(login) };
  }

  #one<T>(value: T | undefined, show: (value: T) => unknown = (same) => same): FakeAnswer {
    return value === undefined ? NOT_FOUND : { status: 200, body: show(value) };
  }

  #page({ query }: FakeRequest, items: readonly unknown[]): FakeAnswer {
    const [size, page] = [Number(query.get('per_page') ?? 20), Number(query.get('page') ?? 1)];
    const next = page * size < items.length ? String(page + 1) : '';
    return {
      status: 200,
      headers: {
        'x-page': String(page),
        'x-per-page': String(size),
        'x-next-page': next,
        ...(next && { link: `<${this.server.url}/n?page=${next}>; rel="next"` }),
      },
      body: items.slice((page - 1) * size, page * size),
    };
  }
}

const NOT_FOUND: FakeAnswer = { status: 404, body: { message: '404 Not found' } };

function packageOf({ package_name, package_version, file_name }: FakeRequest['params']): string {
  return `${package_name}/${package_version}/${file_name}`;
}
