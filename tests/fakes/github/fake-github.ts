import { type FakeAnswer, type FakeRequest, FakeServer } from '../fake-server.ts';
import { PEOPLE } from '../people.ts';
import { publishedAnswers } from '../schemas/answers.ts';
import type { Comment, Commit, Deployment, Pull, Review, Run, RunReview, Status } from './state.ts';

const REPO = '/repos/{owner}/{repo}';

/** What a token needs for a route; none for what every token may ask. */
const NEEDS: readonly (readonly [string, RegExp])[] = [
  ['contents', /^GET \/repos\/[^ ]+\/(?:commits\/\{ref\}|compare)/],
  ['pull-requests', /^GET \/repos\/[^ ]+\/(?:pulls|issues|commits\/\{commit_sha\}\/pulls)/],
  ['comments', /^(?:POST|PATCH) \/repos\/[^ ]+\/issues/],
  ['actions', /^GET \/repos\/[^ ]+\/actions/],
  ['deployments', /^(?:GET|POST) \/repos\/[^ ]+\/deployments/],
  ['members', /^GET \/orgs/],
];

/** GitHub's API for one repository, on the loopback. What is done to its state is seen by the next question. */
export class FakeGitHub {
  readonly repository = 'acme/motor';
  readonly token = 'token-of-the-job';
  readonly people = new Map(PEOPLE.map((person) => [person.login, person]));
  readonly teams = new Map<string, Map<string, 'active' | 'pending'>>();
  readonly commits = new Map<string, Commit>();
  readonly pulls: Pull[] = [];
  readonly reviews = new Map<number, Review[]>();
  readonly comments: Comment[] = [];
  readonly runs: Run[] = [];
  readonly runReviews: RunReview[] = [];
  readonly deployments: Deployment[] = [];
  readonly statuses = new Map<number, Status[]>();
  readonly artifacts: { id: number; name: string; run: number; expired: boolean; zip: Uint8Array }[] = [];
  /** Log-in names that are still on what was said, and have no profile any more. */
  readonly withoutProfile = new Set<string>();
  /** Permissions that the token has not. */
  readonly lacking = new Set<string>();
  /** What the answers are not as the published document says. */
  readonly faults: string[] = [];
  readonly server: FakeServer;
  now = '2026-03-01T15:00:00Z';
  #id = 1000;
  readonly #published = publishedAnswers('github');

  constructor() {
    this.server = new FakeServer(this.#routes());
  }

  nextId(): number {
    this.#id += 1;
    return this.#id;
  }

  /** Writes a status as GitHub itself does for a job that stands before an environment. */
  gate(runId: number, environment: string, sha: string, at: string): Deployment {
    const deployment = { id: this.nextId(), environment, sha, created_at: at, payload: {} };
    this.deployments.push(deployment);
    const log_url = `https://github.com/${this.repository}/actions/runs/${runId}/job/${this.nextId()}`;
    this.statuses.set(deployment.id, [
      { id: this.nextId(), state: 'in_progress', log_url, environment_url: 'https://motor.example.com' },
    ]);
    return deployment;
  }

  #routes(): Record<string, (request: FakeRequest) => FakeAnswer> {
    const routes: Record<string, (request: FakeRequest) => FakeAnswer> = {
      [`GET ${REPO}/commits/{commit_sha}/pulls`]: (request) => this.#page(request, this.#pullsOf(request)),
      [`GET ${REPO}/commits/{ref}`]: ({ params }) => this.#one(this.commits.get(params.ref ?? ''), commitOf),
      [`GET ${REPO}/compare/{basehead}`]: (request) => {
        const [, head] = (request.params.basehead ?? '').split('...');
        const all = this.pulls.find((pull) => pull.head === head)?.commits ?? [];
        const { per_page, page } = pagingOf(request);
        const commits = all.slice((page - 1) * per_page, page * per_page).map((sha) => this.#commit(sha));
        return { status: 200, headers: this.#link(request, all.length), body: { total_commits: all.length, commits } };
      },
      [`GET ${REPO}/pulls/{pull_number}/reviews`]: (request) =>
        this.#page(
          request,
          (this.reviews.get(Number(request.params.pull_number)) ?? []).map((one) => this.#review(one)),
        ),
      [`GET ${REPO}/pulls/{pull_number}/commits`]: (request) => {
        const pull = this.pulls.find((one) => one.number === Number(request.params.pull_number));
        return this.#page(
          request,
          (pull?.commits ?? []).slice(0, 250).map((sha) => this.#commit(sha)),
        );
      },
      [`GET ${REPO}/issues/{issue_number}/comments`]: (request) => {
        const on = this.comments.filter((comment) => comment.pull === Number(request.params.issue_number));
        return this.#page(
          request,
          on.map((comment) => this.#comment(comment)),
        );
      },
      [`POST ${REPO}/issues/{issue_number}/comments`]: ({ params, body }) => {
        const { body: text } = body as { body: string };
        if (text.length > 65_536) return unprocessable('body is too long (maximum is 65536 characters)');
        const at = this.now;
        const comment = {
          id: this.nextId(),
          pull: Number(params.issue_number),
          login: 'github-actions[bot]',
          body: text,
          at,
          editedAt: at,
        };
        this.comments.push(comment);
        return { status: 201, body: this.#comment(comment) };
      },
      [`PATCH ${REPO}/issues/comments/{comment_id}`]: ({ params, body }) => {
        const comment = this.comments.find((one) => one.id === Number(params.comment_id));
        if (!comment) return NOT_FOUND;
        Object.assign(comment, { body: (body as { body: string }).body, editedAt: this.now });
        return { status: 200, body: this.#comment(comment) };
      },
      [`GET ${REPO}/actions/runs`]: (request) => {
        const runs = this.runs.filter(
          (run) => run.head_sha === request.query.get('head_sha') && run.event === request.query.get('event'),
        );
        return { status: 200, body: { total_count: runs.length, workflow_runs: runs.map((run) => this.#run(run)) } };
      },
      [`GET ${REPO}/actions/runs/{run_id}`]: ({ params }) =>
        this.#one(
          this.runs.find((run) => run.id === Number(params.run_id)),
          (run) => this.#run(run),
        ),
      [`GET ${REPO}/actions/runs/{run_id}/approvals`]: ({ params }) => ({
        status: 200,
        body: this.runReviews
          .filter((review) => review.run === Number(params.run_id))
          .map((review) => this.#runReview(review)),
      }),
      [`GET ${REPO}/actions/runs/{run_id}/artifacts`]: ({ params, query }) => {
        const found = this.artifacts.filter(
          (one) => one.run === Number(params.run_id) && one.name === query.get('name'),
        );
        return {
          status: 200,
          body: {
            total_count: found.length,
            artifacts: found.map(({ id, name, expired }) => ({ id, name, expired, created_at: this.now })),
          },
        };
      },
      [`GET ${REPO}/actions/artifacts/{artifact_id}/zip`]: ({ params }) => {
        const found = this.artifacts.find((one) => one.id === Number(params.artifact_id));
        return { status: 200, headers: { 'content-type': 'application/zip' }, body: found?.zip };
      },
      [`GET ${REPO}/deployments`]: (request) => {
        const { query } = request;
        const found = this.deployments.filter(
          (one) => one.environment === query.get('environment') && one.sha === query.get('sha'),
        );
        return this.#page(request, found.toReversed());
      },
      [`POST ${REPO}/deployments`]: ({ body }) => this.#deploy(body as Record<string, unknown>),
      [`GET ${REPO}/deployments/{deployment_id}/statuses`]: (request) =>
        this.#page(request, (this.statuses.get(Number(request.params.deployment_id)) ?? []).toReversed()),
      [`POST ${REPO}/deployments/{deployment_id}/statuses`]: ({ params, body }) => {
        const status = { id: this.nextId(), ...(body as Omit<Status, 'id'>) };
        const known = this.statuses.get(Number(params.deployment_id)) ?? [];
        this.statuses.set(Number(params.deployment_id), [...known, status]);
        return { status: 201, body: status };
      },
      'GET /users/{username}': ({ params }) =>
        this.#one(
          this.withoutProfile.has(params.username ?? '')
            ? undefined
            : this.people.get((params.username ?? '').toLowerCase()),
          ({ login, name, email }) => ({
            ...this.#user(login),
            name,
            email,
          }),
        ),
      [`GET ${REPO}/collaborators/{username}/permission`]: ({ params }) =>
        this.#one(this.people.get((params.username ?? '').toLowerCase()), ({ login, access }) => ({
          permission: access,
          role_name: access,
          user: this.#user(login),
        })),
      'GET /orgs/{org}/teams/{team_slug}': ({ params }) =>
        this.#one(this.teams.get(`${params.org}/${params.team_slug}`), () => ({
          slug: params.team_slug,
          name: params.team_slug,
        })),
      'GET /orgs/{org}/teams/{team_slug}/memberships/{username}': ({ params }) =>
        this.#one(this.teams.get(`${params.org}/${params.team_slug}`)?.get(params.username ?? ''), (state) => ({
          state,
          role: 'member',
        })),
    };
    return Object.fromEntries(
      Object.entries(routes).map(([route, handler]) => [route, (request) => this.#guarded(route, request, handler)]),
    );
  }

  #guarded(route: string, request: FakeRequest, handler: (request: FakeRequest) => FakeAnswer): FakeAnswer {
    if (!request.headers.authorization?.endsWith(` ${this.token}`)) {
      return { status: 401, body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' } };
    }
    const need = NEEDS.find(([, pattern]) => pattern.test(route))?.[0];
    if (need && this.lacking.has(need)) {
      return {
        status: 403,
        headers: { 'x-accepted-github-permissions': `${need}=read` },
        body: { message: 'Resource not accessible by integration' },
      };
    }
    const answer = handler(request);
    const operation = `${route} ${answer.status}`;
    if (!this.#published.describes(operation)) return answer;
    const body = this.#published.complete(operation, answer.body);
    this.faults.push(...this.#published.faults(operation, body));
    const tag = `"${Buffer.from(JSON.stringify(body)).toString('base64url').slice(-40)}${JSON.stringify(body).length}"`;
    if (request.method === 'GET' && request.headers['if-none-match'] === tag)
      return { status: 304, headers: { etag: tag } };
    return { ...answer, body, headers: { ...answer.headers, etag: tag } };
  }

  #deploy(body: Record<string, unknown>): FakeAnswer {
    if (body.auto_merge !== false) return { status: 409, body: { message: 'Conflict merging main into the commit' } };
    if (!Array.isArray(body.required_contexts))
      return { status: 409, body: { message: 'Conflict: Commit status checks failed' } };
    const deployment = {
      id: this.nextId(),
      environment: String(body.environment),
      sha: String(body.ref),
      created_at: this.now,
      payload: body.payload,
    };
    this.deployments.push(deployment);
    return { status: 201, body: deployment };
  }

  #pullsOf({ params }: FakeRequest): readonly unknown[] {
    const sha = params.commit_sha ?? '';
    return this.pulls
      .filter((pull) => pull.commits.includes(sha) || pull.merge_commit_sha === sha)
      .map((pull) => ({
        number: pull.number,
        html_url: `https://github.com/${this.repository}/pull/${pull.number}`,
        state: pull.merged_at === null ? pull.state : 'closed',
        merged_at: pull.merged_at,
        merge_commit_sha: pull.merge_commit_sha,
        user: this.#user(pull.author),
        assignee: null,
        milestone: null,
        auto_merge: null,
        author_association: 'MEMBER',
        head: { label: 'x', ref: 'change', sha: pull.head, user: this.#user(pull.author), repo: this.#repo(pull.from) },
        base: { label: 'x', ref: 'main', sha: pull.base, user: OWNER, repo: this.#repo(this.repository) },
      }));
  }

  #repo(name: string): unknown {
    return { full_name: name, name: name.split('/')[1], owner: OWNER, license: null };
  }

  #user(login: string): object | null {
    const person = this.people.get(login);
    if (!person && !login.endsWith('[bot]')) return null;
    return { login, id: 1, type: person?.kind === 'person' ? 'User' : 'Bot', site_admin: false };
  }

  #commit(sha: string): unknown {
    const commit = this.commits.get(sha);
    return commit && commitOf(commit);
  }

  #review(review: Review): unknown {
    return {
      id: review.id,
      user: this.#user(review.login),
      body: review.body,
      state: review.state,
      html_url: `https://github.com/${this.repository}/pull/1#pullrequestreview-${review.id}`,
      commit_id: review.commit,
      submitted_at: review.at,
    };
  }

  #comment(comment: Comment): unknown {
    return {
      id: comment.id,
      body: comment.body,
      user: this.#user(comment.login),
      created_at: comment.at,
      updated_at: comment.editedAt,
      html_url: `https://github.com/${this.repository}/pull/${comment.pull}#issuecomment-${comment.id}`,
      author_association: 'MEMBER',
      ...(comment.app && { performed_via_github_app: { slug: comment.app, owner: OWNER } }),
    };
  }

  #run(run: Run): unknown {
    return {
      ...run,
      actor: this.#user(run.actor),
      triggering_actor: this.#user(run.actor),
      head_commit: null,
      repository: this.#repo(this.repository),
      head_repository: this.#repo(this.repository),
      html_url: `https://github.com/${this.repository}/actions/runs/${run.id}`,
    };
  }

  #runReview(review: RunReview): unknown {
    return {
      state: review.state,
      comment: review.comment,
      user: this.#user(review.login) ?? { login: 'ghost', id: 10137, type: 'User' },
      environments: [{ name: review.environment }],
    };
  }

  #one<T>(value: T | undefined, show: (value: T) => unknown): FakeAnswer {
    return value === undefined ? NOT_FOUND : { status: 200, body: show(value) };
  }

  #page(request: FakeRequest, items: readonly unknown[]): FakeAnswer {
    const { per_page, page } = pagingOf(request);
    return {
      status: 200,
      headers: this.#link(request, items.length),
      body: items.slice((page - 1) * per_page, page * per_page),
    };
  }

  #link(request: FakeRequest, count: number): Readonly<Record<string, string>> {
    const { per_page, page } = pagingOf(request);
    if (page * per_page >= count) return {};
    return { link: `<${this.server.url}/next?page=${page + 1}>; rel="next"` };
  }
}

const OWNER = { login: 'acme', id: 2, type: 'Organization', site_admin: false };

const NOT_FOUND: FakeAnswer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' },
};

function unprocessable(message: string): FakeAnswer {
  return { status: 422, body: { message: 'Validation Failed', errors: [{ message }] } };
}

function pagingOf({ query }: FakeRequest): { readonly per_page: number; readonly page: number } {
  return { per_page: Number(query.get('per_page') ?? 30), page: Number(query.get('page') ?? 1) };
}

function commitOf(commit: Commit): unknown {
  const person = (one: Commit['author']): unknown => ({
    name: one.name,
    email: one.email,
    date: '2026-02-28T09:00:00Z',
  });
  const account = (one: Commit['author']): unknown =>
    one.login === undefined ? null : { login: one.login, id: 1, type: 'User', site_admin: false };
  return {
    sha: commit.sha,
    commit: {
      message: commit.message,
      author: person(commit.author),
      committer: person(commit.committer),
      verification: { verified: commit.verified, reason: 'valid', payload: null, signature: null },
    },
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: 'https://example.com/x', html_url: 'https://example.com/x' })),
  };
}
