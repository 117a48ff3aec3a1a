import { createHash } from 'node:crypto';
import { type FakeAnswer, type FakeRequest, FakeServer } from '../fake-server.ts';
import { PEOPLE, type Person } from '../people.ts';
import { publishedAnswers } from '../schemas/answers.ts';
import type { AzureApproval, AzureComment, AzureCommit, AzurePull, AzureThread, AzureTimelineRecord } from './state.ts';

const PROJECT = '/{organization}/{project}/_apis';
const REPOSITORY = `${PROJECT}/git/repositories/{repositoryId}`;
const PULL = `${REPOSITORY}/pullRequests/{pullRequestId}`;

/** Azure DevOps' API for one project, on the loopback. What is done to its state is seen by the next question. */
export class FakeAzure {
  readonly project = 'motor';
  readonly token = 'token-of-the-pipeline';
  readonly people = new Map(PEOPLE.map((person) => [person.login, person]));
  readonly inactive = new Set<string>();
  /** `[motor]\pricing` to the log-in names in it. */
  readonly groups = new Map<string, Set<string>>();
  readonly commits = new Map<string, AzureCommit>();
  readonly pulls: AzurePull[] = [];
  readonly iterations: { readonly id: number; readonly commit: string; readonly at: string }[] = [];
  readonly votes = new Map<string, number>();
  readonly threads: AzureThread[] = [];
  readonly builds = new Map<string, string>();
  readonly timeline: AzureTimelineRecord[] = [];
  readonly approvals: AzureApproval[] = [];
  readonly environments: { readonly id: number; readonly name: string; readonly runs: number[] }[] = [];
  readonly artifacts: { readonly run: string; readonly name: string; readonly zip: Uint8Array }[] = [];
  readonly lacking = new Set<RegExp>();
  readonly faults: string[] = [];
  readonly server: FakeServer;
  now = '2026-03-01T15:00:00.1234567Z';
  #id = 1000;
  readonly #published = publishedAnswers('azure');
  readonly #identities = publishedAnswers('azure-identities');

  constructor() {
    const writers = PEOPLE.filter((person) => person.access === 'write').map((person) => person.login);
    this.groups.set('[motor]\\Contributors', new Set(writers));
    this.server = new FakeServer(this.#routes());
  }

  get collectionUrl(): string {
    return `${this.server.url}/acme`;
  }

  nextId(): number {
    this.#id += 1;
    return this.#id;
  }

  /** As a GUID, which is what Azure DevOps knows people and groups by. */
  guid(name: string): string {
    const hex = createHash('sha256').update(name).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  #routes(): Record<string, (request: FakeRequest) => FakeAnswer> {
    const routes: Record<string, (request: FakeRequest) => FakeAnswer> = {
      'GET /{organization}/_apis/identities': ({ query }) => this.#list(this.#identitiesFor(query)),
      [`GET ${REPOSITORY}/commits/{commitId}`]: ({ params }) => {
        const found = this.commits.get(params.commitId ?? '');
        return found ? { status: 200, body: this.#commit(found) } : NOT_FOUND;
      },
      [`POST ${REPOSITORY}/pullrequestquery`]: ({ body }) => {
        const { queries } = body as { queries: { type: string; items: string[] }[] };
        const results = queries.map(({ type, items }) => {
          const sha = items[0] ?? '';
          const found = this.pulls.filter((pull) =>
            type === 'commit' ? pull.status === 'completed' && pull.commits.includes(sha) : pull.merge === sha,
          );
          return found.length > 0 ? { [sha]: found.map((pull) => this.#pull(pull)) } : {};
        });
        return { status: 200, body: { queries, results } };
      },
      [`GET ${REPOSITORY}/pullrequests`]: ({ query }) => {
        const [top, skip] = [Number(query.get('$top')), Number(query.get('$skip'))];
        const found = this.pulls.filter((pull) => pull.status === query.get('searchCriteria.status'));
        return this.#list(found.slice(skip, skip + top).map((pull) => this.#pull(pull)));
      },
      [`GET ${PULL}/commits`]: ({ params, query }) => {
        const all = this.pulls.find((pull) => pull.id === Number(params.pullRequestId))?.commits ?? [];
        const from = Number(query.get('continuationToken') ?? 0);
        const to = from + Number(query.get('$top'));
        const known = all.slice(from, to).flatMap((sha) => this.commits.get(sha) ?? []);
        const headers = to < all.length ? { 'x-ms-continuationtoken': String(to) } : {};
        return {
          ...this.#list(known.map(({ parents: _, ...commit }) => this.#commit({ ...commit, parents: [] }))),
          headers,
        };
      },
      [`GET ${PULL}/iterations`]: () =>
        this.#list(
          this.iterations.map(({ id, commit, at }) => ({ id, createdDate: at, sourceRefCommit: { commitId: commit } })),
        ),
      [`GET ${PULL}/reviewers`]: () =>
        this.#list(
          [...this.votes].map(([login, vote]) => ({
            ...this.#ref(login),
            vote,
            reviewerUrl: 'https://example.com/x',
            isFlagged: false,
          })),
        ),
      [`GET ${PULL}/threads`]: () => this.#list(this.threads.map((thread) => this.#thread(thread))),
      [`POST ${PULL}/threads`]: ({ body }) => {
        const { comments } = body as { comments: { content: string }[] };
        const content = comments[0]?.content ?? '';
        if (content.length > 150_000) return { status: 400, body: { message: 'The comment is too long.' } };
        const at = this.now;
        const thread = {
          id: this.nextId(),
          at,
          comments: [{ id: 1, login: 'robot', content, at, editedAt: at, commentType: 'text' as const }],
        };
        this.threads.push(thread);
        return { status: 200, body: this.#thread(thread) };
      },
      [`PATCH ${PULL}/threads/{threadId}/comments/{commentId}`]: ({ params, body }) => {
        const thread = this.threads.find((one) => one.id === Number(params.threadId));
        const comment = thread?.comments.find((one) => one.id === Number(params.commentId));
        if (!comment) return NOT_FOUND;
        Object.assign(comment, { content: (body as { content: string }).content, editedAt: this.now });
        return { status: 200, body: this.#comment(comment) };
      },
      [`GET ${PROJECT}/build/builds/{buildId}/timeline`]: ({ params }) =>
        this.builds.has(params.buildId ?? '')
          ? { status: 200, body: { id: this.guid('timeline'), records: this.timeline } }
          : NOT_FOUND,
      [`GET ${PROJECT}/build/builds/{buildId}/artifacts`]: ({ params }) =>
        this.#list(
          this.artifacts
            .filter((one) => one.run === params.buildId)
            .map(({ name, run }) => ({
              id: 1,
              name,
              resource: {
                type: 'PipelineArtifact',
                downloadUrl: `${this.collectionUrl}/${this.project}/_apis/content/${run}/${name}`,
              },
            })),
        ),
      [`GET ${PROJECT}/content/{run}/{name}`]: ({ params }) => {
        const found = this.artifacts.find((one) => one.run === params.run && one.name === params.name);
        return { status: 200, headers: { 'content-type': 'application/zip' }, body: found?.zip };
      },
      [`GET ${PROJECT}/build/builds/{buildId}`]: ({ params }) => {
        const sourceVersion = this.builds.get(params.buildId ?? '');
        return sourceVersion ? { status: 200, body: { id: Number(params.buildId), sourceVersion } } : NOT_FOUND;
      },
      [`GET ${PROJECT}/pipelines/approvals`]: ({ query }) => {
        const ids = (query.get('approvalIds') ?? '').split(',');
        return this.#list(this.approvals.filter((one) => ids.includes(one.id)).map((one) => this.#approval(one)));
      },
      [`GET ${PROJECT}/pipelines/environments`]: ({ query }) =>
        this.#list(
          this.environments.filter((one) => one.name === query.get('name')).map(({ id, name }) => ({ id, name })),
        ),
      [`GET ${PROJECT}/pipelines/environments/{environmentId}/environmentdeploymentrecords`]: ({ params }) => {
        const found = this.environments.find((one) => one.id === Number(params.environmentId));
        return this.#list(
          (found?.runs ?? []).map((run) => ({
            id: run,
            environmentId: found?.id,
            owner: { id: run, name: 'run' },
            result: 'succeeded',
          })),
        );
      },
    };
    return Object.fromEntries(
      Object.entries(routes).map(([route, handler]) => [route, (request) => this.#guarded(route, request, handler)]),
    );
  }

  #guarded(route: string, request: FakeRequest, handler: (request: FakeRequest) => FakeAnswer): FakeAnswer {
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      const page = '<html>Azure DevOps Services | Sign In</html>';
      return { status: 203, headers: { 'content-type': 'text/html' }, body: page };
    }
    if ([...this.lacking].some((pattern) => pattern.test(route))) {
      return {
        status: 403,
        body: { message: 'TF401027: You need the Git "GenericRead" permission to perform this action.' },
      };
    }
    const answer = handler(request);
    this.#hold(`${route} ${answer.status}`, answer.body);
    return answer;
  }

  /** A list is published as an array, and sent as `{ count, value }`. */
  #hold(operation: string, body: unknown): void {
    const published = this.#published.describes(operation) ? this.#published : this.#identities;
    if (!published.describes(operation)) return;
    const isList = typeof body === 'object' && body !== null && 'value' in body;
    this.faults.push(...published.faults(operation, isList ? body.value : body));
  }

  #identitiesFor(query: URLSearchParams): readonly unknown[] {
    const id = query.get('identityIds');
    if (id === null) {
      const name = query.get('filterValue') ?? '';
      return this.groups.has(name) ? [this.#group(name)] : [];
    }
    const person = [...this.people.values()].find((one) => this.guid(one.login) === id);
    return [person ? this.#person(person) : null];
  }

  #person({ login, name, email, kind }: Person): unknown {
    const memberOf = [...this.groups].filter(([, members]) => members.has(login)).map(([group]) => descriptorOf(group));
    return {
      id: this.guid(login),
      descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;tenant\\${email}`,
      subjectDescriptor: `${kind === 'person' ? 'aad' : 'svc'}.${login}`,
      providerDisplayName: name,
      isActive: !this.inactive.has(login),
      memberOf,
      properties: { SchemaClassName: value('User'), Account: value(email), Mail: value(email) },
    };
  }

  #group(name: string): unknown {
    return {
      id: this.guid(name),
      descriptor: descriptorOf(name),
      subjectDescriptor: 'vssgp.x',
      providerDisplayName: name,
      isActive: true,
      isContainer: true,
      properties: { SchemaClassName: value('Group') },
    };
  }

  #ref(login: string): object {
    const person = PEOPLE.find((one) => one.login === login);
    return {
      id: this.guid(login),
      displayName: person?.name ?? login,
      uniqueName: person?.email ?? `${login}@example.com`,
    };
  }

  #commit({ pushedBy, ...commit }: AzureCommit): unknown {
    return { ...commit, push: { pushId: 1, pushedBy: this.#ref(pushedBy) } };
  }

  #pull(pull: AzurePull): unknown {
    return {
      pullRequestId: pull.id,
      status: pull.status,
      createdBy: this.#ref(pull.author),
      lastMergeCommit: { commitId: pull.merge },
      lastMergeSourceCommit: { commitId: pull.head },
      ...(pull.isFork && { forkSource: { name: 'refs/heads/change', objectId: pull.head } }),
    };
  }

  #thread(thread: AzureThread): unknown {
    const { vote } = thread;
    return {
      id: thread.id,
      isDeleted: false,
      publishedDate: thread.at,
      lastUpdatedDate: thread.at,
      comments: thread.comments.map((comment) => this.#comment(comment)),
      properties: vote && {
        CodeReviewThreadType: value('VoteUpdate'),
        CodeReviewVoteResult: value(String(vote.result)),
        CodeReviewVotedByIdentity: value('1'),
      },
      identities: vote && { 1: this.#ref(vote.login) },
    };
  }

  #comment({ login, at, editedAt, ...comment }: AzureComment): unknown {
    return {
      ...comment,
      author: this.#ref(login),
      parentCommentId: 0,
      publishedDate: at,
      lastUpdatedDate: editedAt,
      lastContentUpdatedDate: editedAt,
    };
  }

  #approval({ id, steps }: AzureApproval): unknown {
    const shown = steps.map(({ login, status, at, comment }) => ({
      actualApprover: this.#ref(login),
      status,
      comment,
      lastModifiedOn: at,
      initiatedOn: at,
    }));
    return { id, status: 'approved', minRequiredApprovers: 1, steps: shown };
  }

  #list(items: readonly unknown[]): FakeAnswer {
    return { status: 200, body: { count: items.length, value: items } };
  }
}

const NOT_FOUND: FakeAnswer = {
  status: 404,
  body: { message: 'TF401019: it does not exist or you do not have permissions' },
};

function value(text: string): unknown {
  return { $type: 'System.String', $value: text };
}

function descriptorOf(group: string): string {
  return `Microsoft.TeamFoundation.Identity;S-1-9-${createHash('sha256').update(group).digest('hex').slice(0, 12)}`;
}
