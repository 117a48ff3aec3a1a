export const id = 371;
export const ids = [371];
export const modules = {

/***/ 9930:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JN: () => (/* binding */ readAnswer),
/* harmony export */   RV: () => (/* binding */ askOnce),
/* harmony export */   Zr: () => (/* binding */ persist)
/* harmony export */ });
/* unused harmony export ask */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7283);
/* harmony import */ var _refusal_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3275);


/**
 * Asks until there is an answer or asking again makes no sense.
 * @param call makes the request; told the signal that ends it
 * @param explain turns what the client throws into one of our errors; undefined where nobody answered at all
 * @throws what `explain` made of it; ProviderError FORGE-TIMEOUT or FORGE-UNREACHABLE; Interrupted
 */
function ask(tools, question, call, explain) {
    return persist(tools, question.signal, () => askOnce(tools, question, call, explain));
}
/** Does something again until it succeeds, where it may be done again: an error says whether. */
function persist(tools, signal, act) {
    return tools.retry(act, {
        signal,
        onRetry: (error, waitMs) => tools.note(`${error.problem.what}; asking again in ${Math.ceil(waitMs / 1000)} s`),
    });
}
/** One request, with its time limit. For what must not be done twice, behind a look whether it was done. */
async function askOnce(tools, { forge, asked, signal }, call, explain) {
    if (signal.aborted)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Interrupted */ .j$();
    const deadline = AbortSignal.timeout(tools.timeoutMs);
    const either = AbortSignal.any([signal, deadline]);
    try {
        return await orAborted(call(either), either);
    }
    catch (error) {
        if (signal.aborted)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Interrupted */ .j$();
        if (isOurs(error))
            throw error;
        if (deadline.aborted)
            throw silence('FORGE-TIMEOUT', `${forge} took over ${tools.timeoutMs} ms when asked for ${asked.what}`, error);
        throw (explain(error) ??
            silence('FORGE-UNREACHABLE', `${forge} could not be asked for ${asked.what}: ${(0,_refusal_js__WEBPACK_IMPORTED_MODULE_1__/* .shorten */ .m)(causeOf(error))}`, error));
    }
}
/**
 * An answer as our type, or an error: what cannot be read is no answer.
 * @throws ProviderError FORGE-BAD-ANSWER, which asking again may cure: an answer can be cut off on its way
 */
function readAnswer(schema, data, forge, asked) {
    const read = schema.safeParse(data);
    if (read.success)
        return read.data;
    const [issue] = read.error.issues;
    const where = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
    const problem = {
        code: 'FORGE-BAD-ANSWER',
        what: `the answer of ${forge} for ${asked.what} is cut off or not as its API says${where}: ${issue?.message ?? 'unreadable'}`,
        fix: 'Run the step again; if it stays, something between here and there changes the answers',
    };
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ(problem, { retryable: true });
}
function isOurs(error) {
    return [_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL, _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ, _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .GateFailure */ .In, _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Interrupted */ .j$].some((kind) => error instanceof kind);
}
/** A client that does not listen to the signal is left behind: what it does later is nobody's concern. */
function orAborted(work, signal) {
    return new Promise((resolve, reject) => {
        const giveUp = () => reject(signal.reason);
        signal.addEventListener('abort', giveUp, { once: true });
        work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
    });
}
function silence(code, what, cause) {
    const fix = 'Check the network between the runner and the forge, then run the step again';
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({ code, what, fix }, { retryable: true, cause });
}
/** The deepest message: clients wrap "fetch failed" around what happened. */
function causeOf(error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error ? causeOf(cause) : (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error);
}


/***/ }),

/***/ 7235:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ coAuthors),
/* harmony export */   e: () => (/* binding */ namesOf)
/* harmony export */ });
/** Names and e-mail addresses, and the log-in name that a forge's no-reply address holds. */
function namesOf(person) {
    const { name, email } = person ?? {};
    return [name, email, loginIn(email)].filter((text) => text !== undefined && text !== null && text.trim() !== '');
}
/** Everybody whom the trailers of a commit message name as an author too. */
function coAuthors(message) {
    const trailers = message.matchAll(/^[ \t]*co-authored-by:[ \t]*([^<\r\n]*)<([^>\r\n]*)>/gim);
    return [...trailers].flatMap(([, name, email]) => namesOf({ name: name?.trim(), email: email?.trim() }));
}
/** `123+ann@users.noreply.github.com` and `123-ann@users.noreply.gitlab.com` hold `ann`. */
function loginIn(email) {
    return /^(?:\d+[+-])?([^@]+)@users\.noreply\./i.exec(email ?? '')?.[1];
}


/***/ }),

/***/ 8371:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  GitLabForge: () => (/* binding */ GitLabForge)
});

// EXTERNAL MODULE: ./build/compiled/shared/errors.js
var errors = __webpack_require__(7283);
// EXTERNAL MODULE: ./build/compiled/shared/forges/ask.js
var ask = __webpack_require__(9930);
// EXTERNAL MODULE: ./build/compiled/shared/forges/pages.js
var pages = __webpack_require__(7159);
// EXTERNAL MODULE: ./build/compiled/shared/forges/refusal.js
var refusal = __webpack_require__(3275);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/permissions.js
const FORGE = 'GitLab';
/**
 * What a token needs: `job` where the token that every job has is enough, a scope otherwise.
 * @see https://docs.gitlab.com/ci/jobs/ci_job_token/#job-token-access
 */
const SCOPE = { job: 'job', read: 'read_api', write: 'api' };
/** Name of the CI/CD variable that a token of the user's is taken from. */
const TOKEN_VARIABLE = 'HAUTE_GITLAB_TOKEN';
function granting({ token }) {
    const place = { file: '.gitlab-ci.yml' };
    const give = (scope) => `put a project access token with the role Developer and the scope "${scope}" into the masked variable ${TOKEN_VARIABLE}`;
    return {
        forge: FORGE,
        renew: 'Give a token that is valid: this one is wrong, expired or revoked. A job’s own token ends with the job',
        grant: (scope) => ({
            place,
            fix: token === undefined
                ? scope === SCOPE.job
                    ? 'Let the job read its own project: Settings, CI/CD, Job token permissions'
                    : `In the settings of the project, ${give(scope)}: the job’s own token may not ask this`
                : `Give the token in ${TOKEN_VARIABLE} the scope "${scope === SCOPE.job ? SCOPE.read : scope}" and the role Developer in this project, or ${give(scope)}`,
        }),
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/requester.js
/** An answer of GitLab other than a success. */
class GitLabRefusal extends Error {
    name = 'GitLabRefusal';
    status;
    headers;
    constructor(status, headers, body) {
        super(saidIn(body));
        this.status = status;
        this.headers = headers;
    }
}
/**
 * Makes one request. It stands in for gitbeaker's own, which asks up to ten times within a quarter of a second and
 * forgets what the answer was.
 */
async function send(fetch, endpoint, outgoing, signal) {
    const { prefixUrl = '', searchParams = '', method = 'GET', headers = {}, body } = outgoing;
    const url = new URL(endpoint, prefixUrl.endsWith('/') ? prefixUrl : `${prefixUrl}/`);
    url.search = searchParams;
    const answer = await fetch(url, { method, headers, signal, ...(body !== undefined && { body }) });
    const seen = Object.fromEntries(answer.headers.entries());
    const content = await contentOf(answer);
    if (!answer.ok)
        throw new GitLabRefusal(answer.status, seen, content);
    return { status: answer.status, headers: seen, body: content };
}
/** JSON that cannot be read stays text, which is what no answer is. */
async function contentOf(answer) {
    const type = answer.headers.get('content-type') ?? '';
    if (!type.includes('json') && !type.startsWith('text/'))
        return answer.arrayBuffer();
    const text = await answer.text();
    if (!type.includes('json'))
        return text;
    try {
        return JSON.parse(text);
    }
    catch {
        return text;
    }
}
function saidIn(body) {
    if (typeof body === 'string')
        return body;
    if (typeof body !== 'object' || body === null || body instanceof ArrayBuffer)
        return '';
    const { message, error, error_description: description } = body;
    const said = message ?? description ?? error ?? '';
    return typeof said === 'string' ? said : JSON.stringify(said);
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/api.js






/** One project of GitLab, asked through gitbeaker, which is loaded when the first question is. */
class GitLabApi {
    access;
    tools;
    #loaded;
    constructor(access, tools) {
        this.access = access;
        this.tools = tools;
    }
    get project() {
        return this.access.project;
    }
    get(asked, schema, signal, call) {
        return (0,ask/* persist */.Zr)(this.tools, signal, () => this.write(asked, schema, signal, call));
    }
    /** Undefined where GitLab answers 404: for what may be not there, asked of what the token is known to see. */
    find(asked, schema, signal, call) {
        return (0,ask/* persist */.Zr)(this.tools, signal, async () => {
            const answer = await this.#once(asked, signal, (client) => call(client).catch(absentOrThrow));
            return answer === ABSENT ? undefined : (0,ask/* readAnswer */.JN)(schema, answer, FORGE, asked);
        });
    }
    /** Every item of every page. */
    all(asked, item, signal, call) {
        return (0,pages/* allPages */.S)(asked, (page) => (0,ask/* persist */.Zr)(this.tools, signal, async () => {
            const options = { page, perPage: pages/* PAGE_SIZE */.m, showExpanded: true };
            const answer = (await this.#once(asked, signal, (client) => call(client, options)));
            const items = (0,ask/* readAnswer */.JN)(item.array(), answer?.data, FORGE, asked);
            return { items, more: typeof answer.paginationInfo?.next === 'number' };
        }));
    }
    /** One request, asked once. Put a write behind a look whether it was done before, and both into `persist`. */
    async write(asked, schema, signal, call) {
        return (0,ask/* readAnswer */.JN)(schema, await this.#once(asked, signal, call), FORGE, asked);
    }
    persistently(signal, act) {
        return (0,ask/* persist */.Zr)(this.tools, signal, act);
    }
    /** A file, as it is. @param path below `projects/:id/` */
    async file(asked, signal, method, path, bytes) {
        const [name = '', token = ''] = Object.entries(this.#credentials())[0] ?? [];
        const headers = { [HEADERS[name] ?? '']: token, 'content-type': 'application/octet-stream' };
        const prefixUrl = `${this.access.apiUrl}/projects/${encodeURIComponent(this.project)}`;
        const body = bytes === undefined ? {} : { body: new Uint8Array(bytes) };
        const answer = await this.#ask(asked, signal, (until) => send(this.tools.fetch, path, { method, prefixUrl, headers, ...body }, until).catch(absentOrThrow));
        return answer === ABSENT ? undefined : answer;
    }
    async #once(asked, signal, call) {
        if (asked.permission !== SCOPE.job && this.access.token === undefined)
            throw this.#tokenMissing(asked);
        const loaded = await this.#load();
        return this.#ask(asked, signal, (until) => call(this.#client(loaded, until)));
    }
    #ask(asked, signal, call) {
        return (0,ask/* askOnce */.RV)(this.tools, { forge: FORGE, asked, signal }, call, (error) => error instanceof GitLabRefusal ? (0,refusal/* refusalError */.z)(granting(this.access), asked, this.#refusalOf(error)) : undefined);
    }
    #refusalOf({ status, message, headers }) {
        return {
            status,
            message,
            requestId: headers['x-request-id'],
            retryAfterMs: this.tools.retryAfterMs(headers['retry-after']),
            tooOften: false,
        };
    }
    #tokenMissing(asked) {
        const what = `the job’s own token may not ask GitLab for ${asked.what}`;
        return new errors/* ConfigError */.xL({ code: 'FORGE-PERMISSION', what, ...granting(this.access).grant(asked.permission) });
    }
    #client([rest, { createRequesterFn }], signal) {
        const options = {
            host: this.access.apiUrl.replace(/\/api\/v4\/?$/, ''),
            queryTimeout: 0,
            rateLimits: {},
            requesterFn: createRequesterFn(async (_, outgoing) => outgoing, (endpoint, outgoing) => send(this.tools.fetch, endpoint, (outgoing ?? {}), signal)),
            ...this.#credentials(),
        };
        return {
            commits: new rest.Commits(options),
            mergeRequests: new rest.MergeRequests(options),
            approvals: new rest.MergeRequestApprovals(options),
            notes: new rest.MergeRequestNotes(options),
            deployments: new rest.Deployments(options),
            projectMembers: new rest.ProjectMembers(options),
            groupMembers: new rest.GroupMembers(options),
            namespaces: new rest.Namespaces(options),
            users: new rest.Users(options),
        };
    }
    #credentials() {
        const { token, jobToken } = this.access;
        return token === undefined ? { jobToken: jobToken ?? '' } : { token };
    }
    #load() {
        this.#loaded ??= Promise.all([Promise.all(/* import() */[__webpack_require__.e(240), __webpack_require__.e(888), __webpack_require__.e(582), __webpack_require__.e(407)]).then(__webpack_require__.bind(__webpack_require__, 7582)), Promise.all(/* import() */[__webpack_require__.e(240), __webpack_require__.e(888), __webpack_require__.e(788)]).then(__webpack_require__.bind(__webpack_require__, 3888))]);
        return this.#loaded;
    }
}
/** How gitbeaker's names of tokens are spelt in a request. */
const HEADERS = { token: 'private-token', jobToken: 'job-token' };
const ABSENT = Symbol('absent');
function absentOrThrow(error) {
    if (error instanceof GitLabRefusal && error.status === 404)
        return ABSENT;
    throw error;
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 9 modules
var schemas = __webpack_require__(7597);
// EXTERNAL MODULE: ./build/compiled/shared/forges/times.js
var times = __webpack_require__(1889);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/answers.js


/** What is read of GitLab's answers; the rest is left unread. @see https://docs.gitlab.com/api/rest/ */
const user = schemas/* object */.Ikc({
    id: schemas/* number */.aig(),
    username: schemas/* string */.YjP(),
    name: schemas/* string */.YjP().nullish(),
    state: schemas/* string */.YjP().nullish(),
});
const profile = user.extend({ bot: schemas/* boolean */.zMY().nullish(), public_email: schemas/* string */.YjP().nullish() });
const member = schemas/* object */.Ikc({ access_level: schemas/* number */.aig(), membership_state: schemas/* string */.YjP().nullish() });
const namespace = schemas/* object */.Ikc({ kind: schemas/* string */.YjP(), full_path: schemas/* string */.YjP() });
const answers_commit = schemas/* object */.Ikc({
    id: schemas/* string */.YjP(),
    message: schemas/* string */.YjP().nullish(),
    author_name: schemas/* string */.YjP().nullish(),
    author_email: schemas/* string */.YjP().nullish(),
    committer_name: schemas/* string */.YjP().nullish(),
    committer_email: schemas/* string */.YjP().nullish(),
});
const mergeRequest = schemas/* object */.Ikc({
    iid: schemas/* number */.aig(),
    web_url: schemas/* string */.YjP(),
    state: schemas/* string */.YjP(),
    author: user.nullable(),
    /** Head of the source branch. */
    sha: schemas/* string */.YjP().nullable(),
    merge_commit_sha: schemas/* string */.YjP().nullish(),
    squash_commit_sha: schemas/* string */.YjP().nullish(),
});
/** What the source branch was after each push. */
const version = schemas/* object */.Ikc({ head_commit_sha: schemas/* string */.YjP(), created_at: times/* isoTime */.L });
const approvals = schemas/* object */.Ikc({
    approved_by: schemas/* array */.YOg(schemas/* object */.Ikc({ user: user.nullable(), approved_at: times/* isoTime */.L.nullish() })),
});
const reviewer = schemas/* object */.Ikc({ user: user.nullable(), state: schemas/* string */.YjP().nullish() });
const note = schemas/* object */.Ikc({
    id: schemas/* number */.aig(),
    body: schemas/* string */.YjP().nullish(),
    author: user.nullable(),
    system: schemas/* boolean */.zMY().nullish(),
    created_at: times/* isoTime */.L,
    updated_at: times/* isoTime */.L,
});
const deploymentApproval = schemas/* object */.Ikc({
    user: user.nullable(),
    status: schemas/* string */.YjP(),
    created_at: times/* isoTime */.L,
    comment: schemas/* string */.YjP().nullish(),
});
const deployment = schemas/* object */.Ikc({
    id: schemas/* number */.aig(),
    sha: schemas/* string */.YjP(),
    status: schemas/* string */.YjP().nullish(),
    created_at: times/* isoTime */.L,
    /** The job that deploys; null for a record that somebody made by the API. */
    deployable: schemas/* object */.Ikc({ id: schemas/* number */.aig() }).nullish(),
});
/** Approvals are there in Premium and Ultimate. */
const deploymentDetail = deployment.extend({
    approvals: schemas/* array */.YOg(deploymentApproval).nullish(),
    approval_summary: schemas/* object */.Ikc({ rules: schemas/* array */.YOg(schemas/* object */.Ikc({ deployment_approvals: schemas/* array */.YOg(deploymentApproval).nullish() })) })
        .nullish(),
});

;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/approvers.js



/** Developers can push. @see https://docs.gitlab.com/api/access_requests/#valid-access-levels */
const DEVELOPER = 30;
/** Below it somebody is hardly a member. */
const GUEST = 10;
/** Users of projects and groups that belong to a token, and the account that deleted ones leave their words to. */
const BOT = /^(?:project|group)_\d+_bot|^service_account_/;
const GHOST = /^ghost\d*$/;
/** Who somebody is, and whether they may approve. Asks once for each person and group. */
class Approvers {
    #api;
    #list;
    #once = new Map();
    /** @param list user names, `@user` or `@group/subgroup`; empty: anyone with the role Developer or higher */
    constructor(api, list) {
        this.#api = api;
        this.#list = list;
    }
    async speaker(user, signal, occasion) {
        if (user === null || GHOST.test(user.username))
            return refused('a deleted account', 'has no account any more');
        const { id, username } = user;
        const asked = { what: `the profile of ${username}`, permission: SCOPE.read };
        const found = await this.#remember(`user ${id}`, () => this.#api.find(asked, profile, signal, ({ users }) => users.show(id)));
        if (!found)
            return refused(username, 'has no account any more');
        if (found.bot === true || BOT.test(username))
            return refused(username, 'is no person but a bot');
        if (found.state !== 'active')
            return refused(username, `is ${found.state ?? 'not active'}`);
        const aliases = [found.name, found.public_email].filter((text) => typeof text === 'string' && text !== '');
        return {
            person: username,
            aliases,
            refusal: await this.#whyNot({ ...user, username: found.username }, signal, occasion),
        };
    }
    async #whyNot(user, signal, occasion) {
        if (this.#list.length === 0) {
            return occasion === 'gate' || (await this.#isDeveloper(user, signal)) ? undefined : 'has no write access';
        }
        for (const entry of this.#list)
            if (await this.#matches(entry.trim(), user, signal))
                return undefined;
        return `is not among the approvers (${this.#list.join(', ')})`;
    }
    /** Users and groups share their names, so one of them is never the other. */
    async #matches(entry, user, signal) {
        const path = entry.replace(/^@/, '');
        if (!entry.startsWith('@') && !path.includes('/'))
            return same(path, user.username);
        const asked = { what: `the group or user ${path}`, permission: SCOPE.read };
        const found = await this.#remember(`namespace ${path}`, () => this.#api.find(asked, namespace, signal, ({ namespaces }) => namespaces.show(path)));
        if (!found)
            throw unknownApprover(entry);
        return found.kind === 'group'
            ? this.#isMember(found.full_path, user, signal)
            : same(found.full_path, user.username);
    }
    #isDeveloper({ id, username }, signal) {
        const asked = { what: `the role of ${username}`, permission: SCOPE.read };
        return this.#remember(`project ${id}`, async () => {
            const found = await this.#api.find(asked, member, signal, ({ projectMembers }) => projectMembers.show(this.#api.project, id, { includeInherited: true }));
            return isActive(found) && (found?.access_level ?? 0) >= DEVELOPER;
        });
    }
    #isMember(group, { id, username }, signal) {
        const asked = { what: `whether ${username} is in ${group}`, permission: SCOPE.read };
        return this.#remember(`group ${group} ${id}`, async () => {
            const found = await this.#api.find(asked, member, signal, ({ groupMembers }) => groupMembers.show(group, id, { includeInherited: true }));
            return isActive(found) && (found?.access_level ?? 0) >= GUEST;
        });
    }
    #remember(key, ask) {
        const known = this.#once.get(key) ?? ask();
        this.#once.set(key, known);
        return known;
    }
}
function isActive(found) {
    return (found?.membership_state ?? 'active') === 'active';
}
function refused(person, refusal) {
    return { person, aliases: [], refusal };
}
function same(a, b) {
    return a.toLowerCase() === b.toLowerCase();
}
function unknownApprover(entry) {
    return new errors/* ConfigError */.xL({
        code: 'APPROVER-UNKNOWN',
        what: `the approver ${entry} is no group or user that the token sees`,
        fix: 'Correct [approval] approvers, or give a token that may see the group',
        place: { file: 'haute.release.toml' },
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/artifacts.js



/** The one file of a package: all files of an artifact, which have folders that a package has not. */
const FILE = 'files.json';
const packed = schemas/* object */.Ikc({ files: schemas/* array */.YOg(schemas/* object */.Ikc({ path: schemas/* string */.YjP(), base64: schemas/* base64 */.K39() })) });
/**
 * Keeps files in the generic package registry, under the pipeline that made them: a job's own token may do both, and
 * the newest of a name is what comes back. @see https://docs.gitlab.com/user/packages/generic_packages/
 */
async function putArtifact(api, artifact, signal) {
    const { job, projectUrl } = api.access;
    if (!job)
        return { done: false, why: 'outside of a pipeline there is nothing to keep files under' };
    const files = artifact.files.map(({ path, bytes }) => ({ path, base64: Buffer.from(bytes).toString('base64') }));
    const asked = { what: `to keep the artifact ${artifact.name}`, permission: SCOPE.job };
    const content = new TextEncoder().encode(JSON.stringify({ files }));
    await api.persistently(signal, () => api.file(asked, signal, 'PUT', pathOf(artifact.name, job.pipelineId), content));
    return { done: true, url: `${projectUrl}/-/packages` };
}
async function getArtifact(api, query) {
    const run = query.run ?? api.access.job?.pipelineId;
    if (run === undefined)
        return undefined;
    const asked = { what: `the artifact ${query.name} of pipeline ${run}`, permission: SCOPE.job };
    return api.persistently(query.signal, async () => {
        const found = await api.file(asked, query.signal, 'GET', pathOf(query.name, run));
        if (!found)
            return undefined;
        const { files } = (0,ask/* readAnswer */.JN)(packed, jsonOf(found.body), FORGE, asked);
        return {
            name: query.name,
            files: files.map(({ path, base64 }) => ({ path, bytes: new Uint8Array(Buffer.from(base64, 'base64')) })),
        };
    });
}
function pathOf(name, run) {
    return `packages/generic/${encodeURIComponent(name)}/run-${encodeURIComponent(run)}/${FILE}`;
}
function jsonOf(body) {
    if (!(body instanceof ArrayBuffer))
        return body;
    try {
        return JSON.parse(new TextDecoder().decode(body));
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./build/compiled/shared/forges/git-people.js
var git_people = __webpack_require__(7235);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/merge-requests.js


/**
 * The merge requests whose change a commit is: the commit is their head, or what merging or squashing them made. Open
 * and merged ones; what was closed is nobody's change.
 */
async function mergeRequestsOf(api, commit, signal) {
    const asked = { what: `the merge requests of commit ${commit.slice(0, 12)}`, permission: SCOPE.job };
    const all = await api.all(asked, mergeRequest, signal, (client, page) => client.commits.allMergeRequests(api.project, commit, page));
    return all.filter((request) => (request.state === 'opened' || request.state === 'merged') &&
        [request.sha, request.merge_commit_sha, request.squash_commit_sha].includes(commit));
}
/** The versions of a merge request, the oldest first: one for each push. */
async function versionsOf(api, { iid }, signal) {
    const asked = { what: `the versions of merge request ${iid}`, permission: SCOPE.read };
    const all = await api.all(asked, version, signal, (client, page) => client.mergeRequests.allDiffVersions(api.project, iid, page));
    return all.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
}
/** The commit that somebody saw who reviewed at a time; the one to be released, where it was the head. */
function approvedCommit(request, versions, at, commit) {
    const seen = (versions.findLast((one) => one.created_at <= at) ?? versions[0])?.head_commit_sha;
    return seen === request.sha ? commit : (seen ?? 'unknown');
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/authors.js




/** Everybody who made the change. @see Forge.authors */
async function authorsOf(api, commit, signal) {
    const asked = { what: `commit ${commit.slice(0, 12)}`, permission: SCOPE.job };
    const head = await api.get(asked, answers_commit, signal, ({ commits }) => commits.show(api.project, commit));
    const requests = await mergeRequestsOf(api, commit, signal);
    const pusher = requests.length === 0 ? api.access.job?.pusher : undefined;
    const names = [...peopleOf(head), ...(pusher === undefined ? [] : [pusher])];
    for (const { iid, author } of requests) {
        const about = { what: `the commits of merge request ${iid}`, permission: SCOPE.read };
        const all = await api.all(about, answers_commit, signal, (client, page) => client.mergeRequests.allCommits(api.project, iid, page));
        names.push(...(0,git_people/* namesOf */.e)({ name: author?.username }), ...(0,git_people/* namesOf */.e)({ name: author?.name }), ...all.flatMap(peopleOf));
    }
    return [...new Set(names)];
}
function peopleOf({ author_name, author_email, committer_name, committer_email, message }) {
    return [
        ...(0,git_people/* namesOf */.e)({ name: author_name, email: author_email }),
        ...(0,git_people/* namesOf */.e)({ name: committer_name, email: committer_email }),
        ...(0,git_people/* coAuthors */.X)(message ?? ''),
    ];
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/deployments.js



const STATUSES = { 'in-progress': 'running', success: 'success', failure: 'failed' };
/**
 * Approvals of this very job, which deploys to a protected environment (Premium and Ultimate). A job that is run again
 * has a deployment and approvals of its own.
 */
async function deploymentApprovals(api, job, query, approvers) {
    const own = (await newest(api, query.environment, query.signal)).find((one) => String(one.deployable?.id) === job.id);
    if (!own)
        return [];
    const asked = { what: `the approvals of deployment ${own.id}`, permission: SCOPE.job };
    const detail = await api.get(asked, deploymentDetail, query.signal, ({ deployments }) => deployments.show(api.project, own.id));
    const all = [
        ...(detail.approvals ?? []),
        ...(detail.approval_summary?.rules.flatMap((rule) => rule.deployment_approvals ?? []) ?? []),
    ];
    const records = [];
    for (const given of distinct(all)) {
        if (given.status !== 'approved' && given.status !== 'rejected')
            continue;
        const speaker = await approvers.speaker(given.user, query.signal, 'gate');
        records.push({
            person: speaker.person,
            aliases: speaker.aliases,
            source: 'deployment',
            strength: 'authenticated',
            word: given.status === 'approved' ? 'approve' : 'reject',
            at: given.created_at,
            on: { commit: detail.sha },
            url: `${api.access.projectUrl}/-/jobs/${job.id}`,
            comment: given.comment ?? '',
            refusal: speaker.refusal,
        });
    }
    return records;
}
/** Records a deployment, unless the job has an environment: GitLab keeps a record of that by itself. */
async function recordDeployment(api, record) {
    const { job, projectUrl } = api.access;
    const url = `${projectUrl}/-/environments`;
    if (!job)
        return { done: false, why: 'outside of a job nothing says which branch or tag is deployed' };
    if (job.environment === record.environment)
        return { done: true, url };
    const status = STATUSES[record.status];
    const asked = { what: `a deployment record in ${record.environment}`, permission: SCOPE.job };
    await api.persistently(record.signal, async () => {
        const known = (await newest(api, record.environment, record.signal)).find((one) => isOfRun(one, record, job));
        if (known?.status === status)
            return;
        await api.write(asked, deployment, record.signal, ({ deployments }) => known
            ? deployments.edit(api.project, known.id, status)
            : deployments.create(api.project, record.environment, record.commit, job.ref, job.isTag, { status }));
    });
    return { done: true, url };
}
/** The newest hundred deployments to an environment: one of a running job is among them. */
function newest(api, environment, signal) {
    const asked = { what: `the deployments to ${environment}`, permission: SCOPE.job };
    const options = { environment, orderBy: 'id', sort: 'desc', perPage: pages/* PAGE_SIZE */.m, maxPages: 1 };
    return api.get(asked, deployment.array(), signal, ({ deployments }) => deployments.all(api.project, options));
}
/** A record that no job has made, of this commit, since the pipeline began: this pipeline's. */
function isOfRun(one, record, job) {
    const since = new Date(job.pipelineCreatedAt).toISOString();
    return !one.deployable && one.sha === record.commit && one.created_at >= since;
}
/** With several rules GitLab tells an approval under each of them. */
function distinct(all) {
    return [...new Map(all.map((one) => [`${one.user?.id} ${one.created_at} ${one.status}`, one])).values()];
}

// EXTERNAL MODULE: ./build/compiled/shared/forges/speaker.js + 1 modules
var speaker = __webpack_require__(732);
// EXTERNAL MODULE: ./build/compiled/shared/forges/sticky.js
var forges_sticky = __webpack_require__(6208);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/notes.js





/** A note has at most 1,000,000 characters; no character is shorter than a byte. */
const NOTE_BYTES = 1_000_000;
/** What was said by `/haute approve` and `/haute reject` on a merge request. */
async function noteRecords(request, notes, query, approvers) {
    const records = [];
    for (const one of notes) {
        const spoken = spokenOf(one, request);
        if (one.system === true || !(0,speaker/* hasCommands */.$)(spoken))
            continue;
        records.push(...(0,speaker/* recordsOf */.M)(spoken, await approvers.speaker(one.author, query.signal), query));
    }
    return records;
}
function notesOf(api, { iid }, signal) {
    const asked = { what: `the comments on merge request ${iid}`, permission: SCOPE.job };
    return api.all(asked, note, signal, (client, page) => client.notes.all(api.project, iid, { sort: 'asc', ...page }));
}
/** Writes the comment on the merge request of its commit, or changes the one that is there. */
async function writeNote(api, sticky) {
    if (api.access.token === undefined) {
        return {
            done: false,
            why: `a job’s own token writes no comments: give ${TOKEN_VARIABLE} the scope "${SCOPE.write}"`,
        };
    }
    const [request] = await mergeRequestsOf(api, sticky.commit, sticky.signal);
    if (!request) {
        return { done: false, why: `no merge request has commit ${sticky.commit.slice(0, 12)} as its head or its merge` };
    }
    const body = (0,forges_sticky/* stickyBody */.uX)(sticky, NOTE_BYTES, api.tools.fitMarkdown);
    const asked = { what: `a comment on merge request ${request.iid}`, permission: SCOPE.write };
    return api.persistently(sticky.signal, async () => {
        const known = (await notesOf(api, request, sticky.signal)).find((one) => (0,forges_sticky/* isSticky */.Oz)(one.body ?? '', sticky.key));
        if (known?.body === body)
            return { done: true, url: urlOf(known, request) };
        const written = await api.write(asked, note, sticky.signal, ({ notes }) => known ? notes.edit(api.project, request.iid, known.id, { body }) : notes.create(api.project, request.iid, body));
        return { done: true, url: urlOf(written, request) };
    });
}
function spokenOf(one, request) {
    return {
        body: one.body ?? '',
        at: one.created_at,
        editedAt: one.updated_at === one.created_at ? undefined : one.updated_at,
        url: urlOf(one, request),
    };
}
function urlOf(one, request) {
    return `${request.web_url}#note_${one.id}`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/reviews.js



/** What GitLab itself writes under a merge request, in English everywhere. */
const APPROVED = /^approved this merge request$/;
const REQUESTED_CHANGES = /^requested changes$/;
/**
 * Approvals of a merge request, and requests for changes. GitLab keeps one of each person, and says of neither which
 * commit it was for: that is found from what was pushed when.
 * @see https://docs.gitlab.com/api/merge_request_approvals/
 */
async function reviewRecords(api, request, notes, commit, approvers, signal) {
    const given = await givenOf(api, request, notes, signal);
    if (given.length === 0)
        return [];
    const versions = await versionsOf(api, request, signal);
    const records = [];
    for (const { user, word, at } of given) {
        const speaker = await approvers.speaker(user, signal);
        const seenAt = new Date(api.tools.clock.now()).toISOString();
        const timeless = word === 'approve' && at === undefined ? 'approved at a time that GitLab does not tell' : undefined;
        records.push({
            person: speaker.person,
            aliases: speaker.aliases,
            source: 'review',
            strength: 'authenticated',
            word,
            at: at ?? seenAt,
            on: { commit: approvedCommit(request, versions, at ?? seenAt, commit) },
            url: request.web_url,
            comment: '',
            refusal: speaker.refusal ?? timeless,
        });
    }
    return records;
}
async function givenOf(api, { iid }, notes, signal) {
    const asked = { what: `the approvals of merge request ${iid}`, permission: SCOPE.read };
    const { approved_by } = await api.get(asked, approvals, signal, (client) => client.approvals.showConfiguration(api.project, { mergerequestIId: iid }));
    const reviewers = await reviewersOf(api, iid, signal);
    return [
        ...approved_by.map(({ user, approved_at }) => ({
            user,
            word: 'approve',
            at: approved_at ?? lastNote(notes, user, APPROVED),
        })),
        ...reviewers
            .filter(({ state }) => state === 'requested_changes')
            .map(({ user }) => ({ user, word: 'reject', at: lastNote(notes, user, REQUESTED_CHANGES) })),
    ];
}
/** gitbeaker has no method for these. */
async function reviewersOf(api, iid, signal) {
    const asked = { what: `the reviewers of merge request ${iid}`, permission: SCOPE.read };
    const path = `projects/${encodeURIComponent(api.project)}/merge_requests/${iid}/reviewers`;
    return api.get(asked, reviewer.array(), signal, async ({ mergeRequests }) => (await mergeRequests.requester.get(path)).body);
}
/** When GitLab last wrote that somebody did something: older versions say it nowhere else. */
function lastNote(notes, user, wording) {
    return notes.findLast((one) => one.system === true && one.author?.id === user?.id && wording.test(one.body ?? ''))
        ?.created_at;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/gitlab/forge.js








/** GitLab's API, of gitlab.com or of a server of one's own. */
class GitLabForge {
    #api;
    constructor(access, tools) {
        this.#api = new GitLabApi(access, tools);
    }
    authors(commit, signal) {
        return authorsOf(this.#api, commit, signal);
    }
    async approvals(query) {
        const approvers = new Approvers(this.#api, query.approvers);
        const { job } = this.#api.access;
        return [
            ...(job && query.sources.includes('deployment')
                ? await deploymentApprovals(this.#api, job, query, approvers)
                : []),
            ...(query.commit === null ? [] : await this.#onChange(query, query.commit, approvers)),
        ];
    }
    recordDeployment(record) {
        return recordDeployment(this.#api, record);
    }
    comment(comment) {
        return writeNote(this.#api, comment);
    }
    putArtifact(artifact, signal) {
        return putArtifact(this.#api, artifact, signal);
    }
    getArtifact(query) {
        return getArtifact(this.#api, query);
    }
    async #onChange(query, commit, approvers) {
        const [review, comment] = [query.sources.includes('review'), query.sources.includes('comment')];
        if (!review && !comment)
            return [];
        const requests = await mergeRequestsOf(this.#api, commit, query.signal);
        if (requests.length === 0) {
            this.#api.tools.note(`no merge request has commit ${commit.slice(0, 12)} as its head or its merge: no reviews or comments can count`);
        }
        const records = [];
        for (const request of requests) {
            const notes = await notesOf(this.#api, request, query.signal);
            if (review)
                records.push(...(await reviewRecords(this.#api, request, notes, commit, approvers, query.signal)));
            if (comment)
                records.push(...(await noteRecords(request, notes, query, approvers)));
        }
        return records;
    }
}


/***/ }),

/***/ 7159:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S: () => (/* binding */ allPages),
/* harmony export */   m: () => (/* binding */ PAGE_SIZE)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7283);

/** Items of a page; the most that the forges give. */
const PAGE_SIZE = 100;
/** 100,000 items: no change request has as many. A forge that goes on is not telling the truth. */
const MAX_PAGES = 1000;
/**
 * All items of all pages. Another page is asked for when the forge says there is one, and also when a page is full: a
 * link that was lost on the way must not hide the rejection behind it.
 * @param ask gives page `page`, counted from 1
 * @throws ProviderError FORGE-BAD-ANSWER when there is no end to the pages
 */
async function allPages(asked, ask) {
    const all = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
        const { items, more } = await ask(page);
        all.push(...items);
        if (!more && items.length < PAGE_SIZE)
            return all;
    }
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'FORGE-BAD-ANSWER',
        what: `there is no end to the pages of ${asked.what}: gave up after ${MAX_PAGES}`,
        fix: 'Look at the forge; no change request is as long as this',
    });
}


/***/ }),

/***/ 3275:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ shorten),
/* harmony export */   z: () => (/* binding */ refusalError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7283);

/**
 * A refusal as an error: what the user must change, or what the forge failed to do. Never a denial, never an approval.
 * @returns ConfigError FORGE-TOKEN, FORGE-PERMISSION or FORGE-NOT-FOUND; ProviderError FORGE-BUSY, FORGE-UNAVAILABLE or
 *   FORGE-REFUSED
 */
function refusalError({ forge, grant, renew }, asked, refusal) {
    const { status, message } = refusal;
    const what = `${forge} answered ${status} when asked for ${asked.what}${message === '' ? '' : `: ${shorten(message)}`}`;
    if (refusal.tooOften || status === 429) {
        return providerError({ code: 'FORGE-BUSY', what, fix: busyFix(refusal.retryAfterMs) }, refusal, true);
    }
    if (status === 401) {
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({ code: 'FORGE-TOKEN', what, fix: renew });
    }
    if (status === 403)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({ code: 'FORGE-PERMISSION', what, ...grant(asked.permission) });
    if (status === 404 || status === 410) {
        const { fix, place } = grant(asked.permission);
        const either = `It is not there, or the token may not see it. If it is there: ${lowerFirst(fix)}`;
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({ code: 'FORGE-NOT-FOUND', what, fix: either, ...(place && { place }) });
    }
    if (status === 408 || status >= 500) {
        return providerError({ code: 'FORGE-UNAVAILABLE', what, fix: `Look at the status page of ${forge}, then run the step again` }, refusal, true);
    }
    return providerError({ code: 'FORGE-REFUSED', what, fix: 'Read what it said; the request itself was refused' }, refusal, false);
}
function providerError(problem, { status, requestId, retryAfterMs }, retryable) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ(problem, {
        status,
        retryable,
        ...(requestId !== undefined && { requestId }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
}
function busyFix(retryAfterMs) {
    if (retryAfterMs === undefined)
        return 'Run the step again later; fewer jobs at a time ask less often';
    return `Run the step again in ${Math.ceil(retryAfterMs / 1000)} s or later; fewer jobs at a time ask less often`;
}
/** One line, short enough to read. */
function shorten(text) {
    const line = text.replaceAll(/\s+/g, ' ').trim();
    return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
function lowerFirst(text) {
    return text.charAt(0).toLowerCase() + text.slice(1);
}


/***/ }),

/***/ 732:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  $: () => (/* binding */ hasCommands),
  M: () => (/* binding */ recordsOf)
});

// EXTERNAL MODULE: ./build/compiled/shared/release/approval.js
var approval = __webpack_require__(8549);
;// CONCATENATED MODULE: ./build/compiled/shared/release/approval-command.js
const COMMAND = /^ {0,3}\/(?:haute +)?(approve|reject)(?:[ \t]+(.*))?$/i;
const LOOKS_LIKE_DIGEST = /^(?:sha256:)?[0-9a-f]+$/i;
/**
 * The commands of a comment: lines of their own that begin with `/approve` or `/reject` (or `/haute approve`, for
 * forges that take `/approve` for a command of theirs), then the release's id. Lines that Markdown shows as a quotation,
 * as code or not at all are no commands: somebody else's words, or an example. Where it is in doubt whether a line is
 * shown, a rejection is read and an approval is not.
 * @param body Markdown
 */
function readApprovalCommands(body) {
    return spokenLines(body).flatMap(({ line, doubtful }) => {
        const [, word, rest = ''] = COMMAND.exec(line) ?? [];
        if (word === undefined || (doubtful && word.toLowerCase() === 'approve'))
            return [];
        const [first = '', ...more] = rest.trim().split(/\s+/);
        const release = LOOKS_LIKE_DIGEST.test(first.replaceAll('`', '')) ? first.replaceAll('`', '') : '';
        const note = (release === '' ? [first, ...more] : more).join(' ');
        return [{ word: word.toLowerCase(), release, note }];
    });
}
/** Lines outside of fenced code and of HTML comments; quotations and indented code match no command as they are. */
function spokenLines(body) {
    const lines = [];
    let fence;
    let hidden = false;
    let doubtful = false;
    for (const line of body.split(/\r\n|\n|\r/)) {
        const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
        if (hidden)
            hidden = !line.includes('-->');
        else if (fence !== undefined)
            fence = mark?.startsWith(fence) && line.trim() === mark ? undefined : fence;
        else if (mark)
            fence = mark;
        else if (/^ {0,3}<!--/.test(line))
            hidden = !line.includes('-->');
        else {
            lines.push({ line, doubtful });
            const [opened, closed] = [line.lastIndexOf('<!--'), line.lastIndexOf('-->')];
            if (opened !== closed)
                doubtful = opened > closed;
        }
    }
    return lines;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/speaker.js


/** True when the comment says anything about an approval: only then is it asked who wrote it. */
function hasCommands(comment) {
    return readApprovalCommands(comment.body).length > 0;
}
/**
 * The words of a comment. A changed comment approves nothing, as anybody with write access may have changed it; it still
 * rejects, from the time it was changed. A rejection that names no release is about what the impact report shows, when
 * it came after it.
 */
function recordsOf(comment, speaker, { evidenceAt }) {
    return readApprovalCommands(comment.body).map(({ word, release, note }) => {
        const at = comment.editedAt ?? comment.at;
        const named = release.replace(/^sha256:/i, '').length >= approval/* SHORTEST_RELEASE_NAME */.rP;
        const record = {
            person: speaker.person,
            aliases: speaker.aliases,
            source: 'comment',
            strength: 'authenticated',
            word,
            at,
            url: comment.url,
            comment: note,
            refusal: speaker.refusal,
            ...(named && { on: { releaseId: release.toLowerCase() } }),
        };
        if (speaker.refusal !== undefined)
            return record;
        if (word === 'approve')
            return { ...record, refusal: whyVoid(comment, named) };
        const old = !named && evidenceAt !== undefined && at < evidenceAt;
        return { ...record, refusal: old ? 'rejected without naming a release, before the impact report' : undefined };
    });
}
function whyVoid({ editedAt }, named) {
    if (editedAt !== undefined)
        return `changed the comment at ${editedAt}, after writing it: only a new one counts`;
    if (!named)
        return `named no release: write /approve and at least ${approval/* SHORTEST_RELEASE_NAME */.rP} digits of its id`;
    return undefined;
}


/***/ }),

/***/ 6208:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Oz: () => (/* binding */ isSticky),
/* harmony export */   uX: () => (/* binding */ stickyBody)
/* harmony export */ });
/* unused harmony export markerOf */
/** The first line of a comment of ours: shown by no forge, and what it is found by again. */
function markerOf(key) {
    return `<!-- haute-deploy: ${key} -->`;
}
/** The comment as it is written: the marker, then as much of the body as the forge takes. */
function stickyBody({ key, body }, limitBytes, fitMarkdown) {
    const marker = `${markerOf(key)}\n`;
    return `${marker}${fitMarkdown(body, limitBytes - Buffer.byteLength(marker))}`;
}
/** True for a comment that begins with the marker: one that only quotes it does not. */
function isSticky(body, key) {
    return body.startsWith(markerOf(key));
}


/***/ }),

/***/ 1889:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ isoTime)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7597);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8532);

/** A time as a forge writes it (any offset, any digits of a second) as ISO 8601 in UTC with milliseconds, which sorts. */
const isoTime = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().transform((text, context) => {
    const ms = Date.parse(text);
    if (!Number.isNaN(ms))
        return new Date(ms).toISOString();
    context.addIssue(`"${text.slice(0, 40)}" is no time`);
    return zod__WEBPACK_IMPORTED_MODULE_1__/* .NEVER */ .tm;
});


/***/ })

};
