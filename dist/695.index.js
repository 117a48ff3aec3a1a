export const id = 695;
export const ids = [695];
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

/***/ 9695:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  GitHubForge: () => (/* binding */ GitHubForge)
});

// EXTERNAL MODULE: ./build/compiled/shared/forges/ask.js
var ask = __webpack_require__(9930);
// EXTERNAL MODULE: ./build/compiled/shared/forges/pages.js
var pages = __webpack_require__(7159);
// EXTERNAL MODULE: ./build/compiled/shared/forges/refusal.js
var forges_refusal = __webpack_require__(3275);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/cached-fetch.js
/**
 * A fetch that asks again with the tag of the last answer. GitHub does not count an answer of "not modified" against
 * the limit of requests in an hour, so a step can wait for approvals for as long as it likes.
 * @see https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
function cachedFetch(fetch) {
    const kept = new Map();
    return async (input, init) => {
        const key = String(input);
        if ((init?.method ?? 'GET') !== 'GET')
            return fetch(input, init);
        const known = kept.get(key);
        const headers = new Headers(init?.headers);
        if (known)
            headers.set('if-none-match', known.tag);
        const answer = await fetch(input, { ...init, headers });
        if (answer.status === 304 && known)
            return new Response(known.body.slice(0), known);
        const tag = answer.headers.get('etag');
        if (answer.status !== 200 || tag === null || !isJson(answer))
            return answer;
        const body = await answer.arrayBuffer();
        if (isWhole(body))
            kept.set(key, { tag, body, headers: answer.headers, status: answer.status });
        return new Response(body.slice(0), answer);
    };
}
/** An answer that was cut off must not come again. */
function isWhole(body) {
    try {
        JSON.parse(new TextDecoder().decode(body));
        return true;
    }
    catch {
        return false;
    }
}
function isJson(answer) {
    return answer.headers.get('content-type')?.includes('json') ?? false;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/permissions.js
const FORGE = 'GitHub';
/** As a workflow's `permissions:` spells them. @see https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
const PERMISSION = {
    actions: 'actions: read',
    contents: 'contents: read',
    pulls: 'pull-requests: read',
    comment: 'pull-requests: write',
    deployments: 'deployments: read',
    deploy: 'deployments: write',
    metadata: 'metadata: read',
    members: 'members: read (of the organization)',
};
/** Permissions that no workflow can give to its own token. */
const BEYOND_WORKFLOWS = [PERMISSION.members];
function granting({ workflowFile }) {
    const file = workflowFile ?? 'the workflow';
    return {
        forge: FORGE,
        renew: 'Give a token that is valid: this one is wrong, expired or revoked. The token of a GitHub App lasts one hour',
        grant: (permission) => ({
            fix: BEYOND_WORKFLOWS.includes(permission)
                ? `Give a token of a GitHub App or a person with "${permission}": the workflow's own token cannot have it`
                : `Add "${permission}" to the permissions of the job in ${file}; the token of a fork's pull request only reads`,
            ...(workflowFile !== undefined && { place: { file: workflowFile } }),
        }),
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/refusals.js
/** The answer that octokit threw; undefined where GitHub did not answer. */
function readRefusal(error, tools) {
    if (!isRequestError(error) || !error.response)
        return undefined;
    const { headers } = error.response;
    const accepted = headers['x-accepted-github-permissions'];
    const message = `${saidIn(error.response.data) ?? error.message}${accepted ? ` (it accepts ${accepted})` : ''}`;
    const tooOften = isLimit(error.status, headers, message);
    return {
        status: error.status,
        message,
        requestId: headers['x-github-request-id'],
        retryAfterMs: tooOften ? waitOf(headers, tools) : tools.retryAfterMs(headers['retry-after']),
        tooOften,
    };
}
/**
 * GitHub answers 403 as well as 429 when it is asked too often.
 * @see https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#rate-limit-errors
 */
function isLimit(status, headers, message) {
    if (status !== 403 && status !== 429)
        return false;
    return (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message));
}
function waitOf(headers, { clock, retryAfterMs }) {
    const asked = retryAfterMs(headers['retry-after']);
    if (asked !== undefined)
        return asked;
    const resetAt = Number(headers['x-ratelimit-reset']) * 1000;
    return headers['x-ratelimit-remaining'] === '0' && resetAt > 0 ? Math.max(0, resetAt - clock.now()) : undefined;
}
function isRequestError(error) {
    return error instanceof Error && error.name === 'HttpError' && 'status' in error;
}
function saidIn(data) {
    if (typeof data !== 'object' || data === null || !('message' in data))
        return undefined;
    return typeof data.message === 'string' ? data.message : undefined;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/api.js






/** The version that the answers are read by. @see https://docs.github.com/rest/about-the-rest-api/api-versions */
const VERSION = { 'x-github-api-version': '2022-11-28' };
/** One repository of GitHub, asked through octokit, which is loaded when the first question is. */
class GitHubApi {
    access;
    tools;
    #octokit;
    constructor(access, tools) {
        this.access = access;
        this.tools = tools;
    }
    /** @param route as GitHub's documentation writes it: `GET /repos/{owner}/{repo}/pulls/{pull_number}` */
    async get(route, parameters, asked, schema, signal) {
        return (0,ask/* persist */.Zr)(this.tools, signal, async () => (0,ask/* readAnswer */.JN)(schema, (await this.#once(route, parameters, asked, signal)).data, FORGE, asked));
    }
    /**
     * Undefined where GitHub answers with one of `absent`: for what may be not there.
     * @param absent 404; 403 too where the token may be of a kind that is never let there
     */
    async find(route, parameters, asked, schema, signal, absent = [404]) {
        return (0,ask/* persist */.Zr)(this.tools, signal, async () => {
            const answer = await this.#once(route, parameters, asked, signal, absent);
            return absent.includes(answer.status) ? undefined : (0,ask/* readAnswer */.JN)(schema, answer.data, FORGE, asked);
        });
    }
    /** Every item of every page. @param pick the items of a page, where they are not the page itself */
    async all(route, parameters, asked, page, pick, signal) {
        return (0,pages/* allPages */.S)(asked, (number) => (0,ask/* persist */.Zr)(this.tools, signal, async () => {
            const paged = { ...parameters, per_page: pages/* PAGE_SIZE */.m, page: number };
            const { data, headers } = await this.#once(route, paged, asked, signal);
            return {
                items: pick((0,ask/* readAnswer */.JN)(page, data, FORGE, asked)),
                more: String(headers.link ?? '').includes('rel="next"'),
            };
        }));
    }
    /** One write, asked once. Put it behind a look whether it was done before, and both into `persist`. */
    async write(route, parameters, asked, schema, signal) {
        return (0,ask/* readAnswer */.JN)(schema, (await this.#once(route, parameters, asked, signal)).data, FORGE, asked);
    }
    persist(signal, act) {
        return (0,ask/* persist */.Zr)(this.tools, signal, act);
    }
    async #once(route, parameters, asked, signal, absent = []) {
        const octokit = await this.#client();
        const [owner = '', repo = ''] = this.access.repository.split('/');
        const call = async (until) => {
            try {
                return await octokit.request(route, {
                    owner,
                    repo,
                    ...parameters,
                    headers: VERSION,
                    request: { signal: until },
                });
            }
            catch (error) {
                const refusal = readRefusal(error, this.tools);
                if (refusal && !refusal.tooOften && absent.includes(refusal.status))
                    return { status: refusal.status, headers: {}, data: undefined };
                throw error;
            }
        };
        return (0,ask/* askOnce */.RV)(this.tools, { forge: FORGE, asked, signal }, call, (error) => {
            const refusal = readRefusal(error, this.tools);
            return refusal && (0,forges_refusal/* refusalError */.z)(granting(this.access), asked, refusal);
        });
    }
    #client() {
        this.#octokit ??= this.#load();
        return this.#octokit;
    }
    async #load() {
        const { Octokit } = await __webpack_require__.e(/* import() */ 194).then(__webpack_require__.bind(__webpack_require__, 5194));
        const quiet = () => undefined;
        return new Octokit({
            auth: this.access.token,
            baseUrl: this.access.apiUrl,
            userAgent: 'haute-deploy',
            request: { fetch: cachedFetch(this.tools.fetch) },
            log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
        });
    }
}

// EXTERNAL MODULE: ./build/compiled/shared/errors.js
var errors = __webpack_require__(7283);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 9 modules
var schemas = __webpack_require__(7597);
// EXTERNAL MODULE: ./build/compiled/shared/forges/times.js
var times = __webpack_require__(1889);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/answers.js


/**
 * What is read of GitHub's answers; the rest is left unread, and a word that is not known stays as it is.
 * @see https://github.com/github/rest-api-description
 */
/** Null where the account was deleted. */
const user = schemas/* object */.Ikc({ login: schemas/* string */.YjP(), type: schemas/* string */.YjP() }).nullable();
const repositoryName = schemas/* object */.Ikc({ full_name: schemas/* string */.YjP() }).nullable();
const pull = schemas/* object */.Ikc({
    number: schemas/* number */.aig(),
    html_url: schemas/* string */.YjP(),
    state: schemas/* string */.YjP(),
    merged_at: schemas/* string */.YjP().nullable(),
    merge_commit_sha: schemas/* string */.YjP().nullable(),
    user,
    head: schemas/* object */.Ikc({ sha: schemas/* string */.YjP(), repo: repositoryName }),
    base: schemas/* object */.Ikc({ sha: schemas/* string */.YjP(), repo: repositoryName }),
});
const pulls = schemas/* array */.YOg(pull);
const review = schemas/* object */.Ikc({
    user,
    state: schemas/* string */.YjP(),
    body: schemas/* string */.YjP().nullish(),
    html_url: schemas/* string */.YjP(),
    /** Null where the commit is not in the pull request any more. */
    commit_id: schemas/* string */.YjP().nullable(),
    /** Missing in a review that is not handed in yet. */
    submitted_at: times/* isoTime */.L.optional(),
});
const reviews = schemas/* array */.YOg(review);
const comment = schemas/* object */.Ikc({
    id: schemas/* number */.aig(),
    user,
    body: schemas/* string */.YjP().nullish(),
    html_url: schemas/* string */.YjP(),
    created_at: times/* isoTime */.L,
    updated_at: times/* isoTime */.L,
    performed_via_github_app: schemas/* object */.Ikc({ slug: schemas/* string */.YjP().optional() }).nullish(),
});
const comments = schemas/* array */.YOg(comment);
const gitPerson = schemas/* object */.Ikc({ name: schemas/* string */.YjP().optional(), email: schemas/* string */.YjP().optional() }).nullable();
const answers_commit = schemas/* object */.Ikc({
    sha: schemas/* string */.YjP(),
    commit: schemas/* object */.Ikc({
        message: schemas/* string */.YjP(),
        author: gitPerson,
        committer: gitPerson,
        verification: schemas/* object */.Ikc({ verified: schemas/* boolean */.zMY() }).optional(),
    }),
    // An empty object where the commit's e-mail address belongs to nobody.
    author: schemas/* object */.Ikc({ login: schemas/* string */.YjP().optional() }).nullable(),
    committer: schemas/* object */.Ikc({ login: schemas/* string */.YjP().optional() }).nullable(),
    parents: schemas/* array */.YOg(schemas/* object */.Ikc({ sha: schemas/* string */.YjP() })),
});
const commits = schemas/* array */.YOg(answers_commit);
const comparison = schemas/* object */.Ikc({ total_commits: schemas/* number */.aig(), commits });
const answers_run = schemas/* object */.Ikc({
    id: schemas/* number */.aig(),
    html_url: schemas/* string */.YjP(),
    head_sha: schemas/* string */.YjP(),
    created_at: times/* isoTime */.L,
});
const runs = schemas/* object */.Ikc({ workflow_runs: schemas/* array */.YOg(schemas/* object */.Ikc({ event: schemas/* string */.YjP(), actor: user.optional() })) });
const runReview = schemas/* object */.Ikc({
    state: schemas/* string */.YjP(),
    comment: schemas/* string */.YjP().nullish(),
    user,
    environments: schemas/* array */.YOg(schemas/* object */.Ikc({ name: schemas/* string */.YjP() })),
});
const runReviews = schemas/* array */.YOg(runReview);
const deployment = schemas/* object */.Ikc({
    id: schemas/* number */.aig(),
    created_at: times/* isoTime */.L,
    /** An object, or text that may hold one. */
    payload: schemas/* unknown */.L5J(),
});
const deployments = schemas/* array */.YOg(deployment);
const deploymentStatus = schemas/* object */.Ikc({
    state: schemas/* string */.YjP(),
    log_url: schemas/* string */.YjP().nullish(),
    target_url: schemas/* string */.YjP().nullish(),
    environment_url: schemas/* string */.YjP().nullish(),
});
const deploymentStatuses = schemas/* array */.YOg(deploymentStatus);
const permission = schemas/* object */.Ikc({ permission: schemas/* string */.YjP() });
const profile = schemas/* object */.Ikc({ login: schemas/* string */.YjP(), name: schemas/* string */.YjP().nullish(), email: schemas/* string */.YjP().nullish() });
const team = schemas/* object */.Ikc({ slug: schemas/* string */.YjP() });
const membership = schemas/* object */.Ikc({ state: schemas/* string */.YjP() });
const artifacts = schemas/* object */.Ikc({
    artifacts: schemas/* array */.YOg(schemas/* object */.Ikc({ id: schemas/* number */.aig(), name: schemas/* string */.YjP(), expired: schemas/* boolean */.zMY(), created_at: times/* isoTime */.L.nullable() })),
});

;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/approvers.js



/** Permissions on a repository with which one can push. @see https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
const WRITERS = ['admin', 'maintain', 'write'];
/** Who somebody is, and whether they may approve. Asks once for each person and team. */
class Approvers {
    #api;
    #list;
    #once = new Map();
    /** @param list logins, `@login`, `@team` of the repository's owner, or `@org/team`; empty: anyone with write access */
    constructor(api, list) {
        this.#api = api;
        this.#list = list;
    }
    async speaker(user, signal, occasion) {
        if (user === null || user.login === 'ghost')
            return refused('a deleted account', 'has no account any more');
        const { login, type } = user;
        if (type !== 'User')
            return refused(login, `is no person but a ${type.toLowerCase()}`);
        const asked = { what: `the profile of ${login}`, permission: PERMISSION.metadata };
        const found = await this.#remember(`profile ${login}`, () => this.#api.find('GET /users/{username}', { username: login }, asked, profile, signal));
        if (!found)
            return refused(login, 'has no account any more');
        const aliases = [found.name, found.email].filter((text) => typeof text === 'string' && text !== '');
        return { person: login, aliases, refusal: await this.#whyNot(login, signal, occasion) };
    }
    async #whyNot(login, signal, occasion) {
        if (this.#list.length === 0) {
            return occasion === 'gate' || (await this.#mayPush(login, signal)) ? undefined : 'has no write access';
        }
        for (const entry of this.#list)
            if (await this.#matches(entry.trim(), login, signal))
                return undefined;
        return `is not among the approvers (${this.#list.join(', ')})`;
    }
    /**
     * `@name` is a team of the repository's owner before it is a person, or else anybody could take the log-in name of a
     * team and speak for it; where the token sees no such team, it is a person only when they can push here.
     */
    async #matches(entry, login, signal) {
        const name = entry.replace(/^@/, '');
        if (name.includes('/')) {
            const team = await this.#team(name, signal, [404]);
            if (!team)
                throw unknownApprover(entry);
            return this.#isMember(team, login, signal);
        }
        if (!entry.startsWith('@'))
            return same(name, login);
        const team = await this.#team(`${this.#owner}/${name}`, signal, [403, 404]);
        if (team)
            return this.#isMember(team, login, signal);
        if (!(await this.#mayPush(name, signal)))
            throw unknownApprover(entry);
        return same(name, login);
    }
    #mayPush(login, signal) {
        const asked = { what: `what ${login} may do here`, permission: PERMISSION.metadata };
        const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
        return this.#remember(`permission ${login.toLowerCase()}`, async () => {
            const found = await this.#api.find(route, { username: login }, asked, permission, signal);
            return found !== undefined && WRITERS.includes(found.permission);
        });
    }
    /** Undefined where there is no team of this name that the token sees. */
    #team(name, signal, absent) {
        const [org = '', team_slug = ''] = name.split('/');
        const asked = { what: `the team ${name}`, permission: PERMISSION.members };
        return this.#remember(`team ${name}`, async () => {
            const found = await this.#api.find('GET /orgs/{org}/teams/{team_slug}', { org, team_slug }, asked, team, signal, absent);
            return found && { org, slug: found.slug };
        });
    }
    #isMember({ org, slug }, login, signal) {
        const asked = { what: `whether ${login} is in the team ${org}/${slug}`, permission: PERMISSION.members };
        const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
        return this.#remember(`${login} in ${org}/${slug}`, async () => {
            const parameters = { org, team_slug: slug, username: login };
            const found = await this.#api.find(route, parameters, asked, membership, signal);
            return found?.state === 'active';
        });
    }
    #remember(key, ask) {
        const known = this.#once.get(key) ?? ask();
        this.#once.set(key, known);
        return known;
    }
    get #owner() {
        return this.#api.access.repository.split('/')[0] ?? '';
    }
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
        what: `the approver ${entry} is neither a team that the token sees nor a person who can push here`,
        fix: `Correct [approval] approvers, or give a token with "${PERMISSION.members}": the workflow's own token sees no teams`,
        place: { file: 'haute.release.toml' },
    });
}

// EXTERNAL MODULE: ./build/compiled/shared/forges/zip.js
var zip = __webpack_require__(8860);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/artifacts.js





const archive = schemas/* instanceof */.Nlp(ArrayBuffer);
/** The newest artifact of a name that a run has uploaded. */
async function getArtifact(api, query) {
    const runId = query.run ?? api.access.run?.id;
    if (runId === undefined)
        return undefined;
    const { name, signal } = query;
    const asked = { what: `the artifact ${name} of run ${runId}`, permission: PERMISSION.actions };
    const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts';
    const found = await api.all(route, { run_id: runId, name }, asked, artifacts, (page) => page.artifacts, signal);
    const named = found.filter((one) => one.name === name).toSorted((a, b) => b.id - a.id);
    const [newest] = named.filter((one) => !one.expired);
    if (!newest)
        return named.length === 0 ? undefined : expired(name, runId);
    const download = 'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}';
    const parameters = { artifact_id: newest.id, archive_format: 'zip' };
    const bytes = await api.get(download, parameters, asked, archive, signal);
    return { name, files: (0,zip/* readZip */.u)(new Uint8Array(bytes), `the artifact ${name}`) };
}
function expired(name, runId) {
    throw new errors/* ConfigError */.xL({
        code: 'FORGE-ARTIFACT-EXPIRED',
        what: `the artifact ${name} of run ${runId} is there no more: its time is over`,
        fix: 'Build again, or keep artifacts longer (retention-days)',
    });
}

// EXTERNAL MODULE: ./build/compiled/shared/forges/git-people.js
var git_people = __webpack_require__(7235);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/pull-requests.js


/**
 * The pull requests of this repository whose change a commit is: the commit is their head, or what merging them made.
 * Open and merged ones; what was closed without a merge is nobody's change.
 */
async function pullRequestsOf(api, commit, signal) {
    const asked = { what: `the pull requests of commit ${commit.slice(0, 12)}`, permission: PERMISSION.pulls };
    const route = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls';
    const all = await api.all(route, { commit_sha: commit }, asked, pulls, (page) => page, signal);
    const ours = api.access.repository.toLowerCase();
    return all.filter((pull) => (pull.state === 'open' || pull.merged_at !== null) &&
        pull.base.repo?.full_name.toLowerCase() === ours &&
        (pull.head.sha === commit || pull.merge_commit_sha === commit));
}
/** The commit that an approval of a commit of this pull request is for: approving its head approves its merge. */
function approvedCommit(pull, reviewed, commit) {
    return reviewed === pull.head.sha ? commit : (reviewed ?? 'that is gone');
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/authors.js




/** GitHub's own account, which commits what is merged on its pages. */
const WEB_FLOW = 'web-flow';
/** The list of a pull request's commits ends here, without a word. */
const LISTED_COMMITS = 250;
/** Everybody who made the change. @see Forge.authors */
async function authorsOf(api, commit, signal) {
    const asked = { what: `commit ${commit.slice(0, 12)}`, permission: PERMISSION.contents };
    const head = await api.get('GET /repos/{owner}/{repo}/commits/{ref}', { ref: commit }, asked, answers_commit, signal);
    const pulls = await pullRequestsOf(api, commit, signal);
    const merged = pulls.some((pull) => pull.merged_at !== null && pull.merge_commit_sha === commit) && isMergeByGitHub(head);
    const names = [
        // A merge that GitHub made changes nothing that is not in the pull request: whoever pressed the button is no author.
        ...(merged ? [] : peopleOf(head)),
        ...(merged ? [] : await pushersOf(api, commit, signal)),
    ];
    for (const pull of pulls)
        names.push(...(await pullPeople(api, pull, signal)));
    return [...new Set(names)];
}
async function pullPeople(api, pull, signal) {
    const asked = { what: `the commits of pull request ${pull.number}`, permission: PERMISSION.pulls };
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits';
    const listed = await api.all(route, { pull_number: pull.number }, asked, commits, (page) => page, signal);
    const all = listed.length < LISTED_COMMITS ? listed : await comparedCommits(api, pull, signal);
    return [...(pull.user ? [pull.user.login] : []), ...all.flatMap(peopleOf)];
}
/** The commits of a long pull request; some of them may be of the base, which can only make the list of authors longer. */
function comparedCommits(api, pull, signal) {
    const asked = { what: `the commits of pull request ${pull.number}`, permission: PERMISSION.contents };
    const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
    const basehead = `${pull.base.sha}...${pull.head.sha}`;
    return api.all(route, { basehead }, asked, comparison, (page) => page.commits, signal);
}
/** Who pushed a commit that no pull request brought. */
async function pushersOf(api, commit, signal) {
    const asked = { what: `who pushed commit ${commit.slice(0, 12)}`, permission: PERMISSION.actions };
    const route = 'GET /repos/{owner}/{repo}/actions/runs';
    const all = await api.all(route, { head_sha: commit, event: 'push' }, asked, runs, (page) => page.workflow_runs, signal);
    return all.flatMap((run) => (run.event === 'push' && run.actor ? [run.actor.login] : []));
}
function peopleOf({ commit, author, committer }) {
    const byGitHub = committer?.login === WEB_FLOW;
    return [
        author?.login ?? '',
        ...(0,git_people/* namesOf */.e)(commit.author),
        ...(byGitHub ? [] : [committer?.login ?? '', ...(0,git_people/* namesOf */.e)(commit.committer)]),
        ...(0,git_people/* coAuthors */.X)(commit.message),
    ].filter((name) => name !== '');
}
/** Two parents, committed and signed by GitHub: nobody else can make one. */
function isMergeByGitHub({ parents, committer, commit }) {
    return parents.length === 2 && committer?.login === WEB_FLOW && commit.verification?.verified === true;
}

// EXTERNAL MODULE: ./build/compiled/shared/forges/speaker.js + 1 modules
var forges_speaker = __webpack_require__(732);
// EXTERNAL MODULE: ./build/compiled/shared/forges/sticky.js
var forges_sticky = __webpack_require__(6208);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/comments.js





/** A comment has at most 65,536 characters; no character is shorter than a byte. */
const COMMENT_BYTES = 65_536;
/** What was said by `/approve` and `/reject` on a pull request. */
async function commentRecords(api, pull, query, approvers) {
    const records = [];
    for (const comment of await commentsOf(api, pull, query.signal)) {
        const spoken = spokenOf(comment);
        if (!(0,forges_speaker/* hasCommands */.$)(spoken))
            continue;
        const speaker = await approvers.speaker(comment.user, query.signal);
        records.push(...(0,forges_speaker/* recordsOf */.M)(spoken, throughApp(comment, speaker), query));
    }
    return records;
}
/** Writes the comment on the pull request of its commit, or changes the one that is there. */
async function writeComment(api, sticky) {
    const [pull] = await pullRequestsOf(api, sticky.commit, sticky.signal);
    if (!pull) {
        return { done: false, why: `no pull request has commit ${sticky.commit.slice(0, 12)} as its head or its merge` };
    }
    const body = (0,forges_sticky/* stickyBody */.uX)(sticky, COMMENT_BYTES, api.tools.fitMarkdown);
    const asked = { what: `a comment on pull request ${pull.number}`, permission: PERMISSION.comment };
    return api.persist(sticky.signal, async () => {
        const known = (await commentsOf(api, pull, sticky.signal)).find((one) => (0,forges_sticky/* isSticky */.Oz)(one.body ?? '', sticky.key));
        if (known?.body === body)
            return { done: true, url: known.html_url };
        const [route, parameters] = known
            ? ['PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { comment_id: known.id, body }]
            : ['POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: pull.number, body }];
        const written = await api.write(String(route), Object(parameters), asked, comment, sticky.signal);
        return { done: true, url: written.html_url };
    });
}
function commentsOf(api, pull, signal) {
    const asked = { what: `the comments on pull request ${pull.number}`, permission: PERMISSION.pulls };
    const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
    return api.all(route, { issue_number: pull.number }, asked, comments, (page) => page, signal);
}
function spokenOf(comment) {
    return {
        body: comment.body ?? '',
        at: comment.created_at,
        editedAt: comment.updated_at === comment.created_at ? undefined : comment.updated_at,
        url: comment.html_url,
    };
}
/** An app that writes in somebody's name is not that person. */
function throughApp(comment, speaker) {
    const app = comment.performed_via_github_app;
    if (!app || speaker.refusal !== undefined)
        return speaker;
    return { ...speaker, refusal: `wrote through the app ${app.slug ?? 'of somebody'}: an app does not approve` };
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/deployments.js


/** Characters of a status' description; more are refused. */
const DESCRIPTION_CHARS = 140;
const STATES = { 'in-progress': 'in_progress', success: 'success', failure: 'failure' };
/**
 * Records a deployment once for each run, environment and release. Where the job has an environment, GitHub has made a
 * deployment already: it is taken instead of a second one beside it.
 */
async function recordDeployment(api, record) {
    const url = `${webUrl(api)}/deployments/${encodeURIComponent(record.environment)}`;
    await api.persist(record.signal, async () => {
        const { id, statuses } = (await existing(api, record)) ?? { id: await create(api, record), statuses: [] };
        await setStatus(api, record, id, statuses);
    });
    return { done: true, url };
}
/** Deployments of a commit to an environment, ours and others. */
function deploymentsOf(api, environment, commit, signal) {
    const asked = {
        what: `the deployments of ${commit.slice(0, 12)} to ${environment}`,
        permission: PERMISSION.deployments,
    };
    const route = 'GET /repos/{owner}/{repo}/deployments';
    return api.all(route, { environment, sha: commit }, asked, deployments, (page) => page, signal);
}
/** True for a deployment that this suite made. */
function isOurs(deployment) {
    return markOf(deployment) !== undefined;
}
/** True for a status that GitHub wrote for a job of the run: only GitHub knows the number of a job. */
function isOfJob(status, runId) {
    const job = new RegExp(`/actions/runs/${runId}/job/\\d+`);
    return [status.log_url, status.target_url].some((url) => job.test(url ?? ''));
}
async function existing(api, record) {
    const runId = api.access.run?.id ?? '';
    const newestFirst = (await deploymentsOf(api, record.environment, record.commit, record.signal)).toSorted((a, b) => b.id - a.id);
    for (const deployment of newestFirst) {
        const mark = markOf(deployment);
        if (mark && (mark.run !== runId || mark.release !== record.releaseId))
            continue;
        const statuses = await statusesOf(api, deployment.id, record.signal);
        if (mark || statuses.some((status) => isOfJob(status, runId)))
            return { id: deployment.id, statuses };
    }
    return undefined;
}
async function create(api, record) {
    const asked = { what: `a deployment record in ${record.environment}`, permission: PERMISSION.deploy };
    const parameters = {
        ref: record.commit,
        environment: record.environment,
        description: record.description.slice(0, DESCRIPTION_CHARS),
        production_environment: record.production,
        transient_environment: false,
        // Without these GitHub merges the default branch into the commit, and waits for checks that may not exist.
        auto_merge: false,
        required_contexts: [],
        payload: { haute: { release: record.releaseId, run: api.access.run?.id ?? '' } },
    };
    const made = await api.write('POST /repos/{owner}/{repo}/deployments', parameters, asked, deployment, record.signal);
    return made.id;
}
/** Adds a status, unless the newest one says the same. */
async function setStatus(api, record, id, statuses) {
    const state = STATES[record.status];
    const [newest] = statuses;
    if (newest?.state === state && (newest.environment_url ?? '') === (record.url ?? ''))
        return;
    const asked = { what: `the status of deployment ${id}`, permission: PERMISSION.deploy };
    const parameters = {
        deployment_id: id,
        state,
        description: record.description.slice(0, DESCRIPTION_CHARS),
        environment_url: record.url ?? '',
        ...(api.access.run && { log_url: api.access.run.url }),
    };
    const route = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
    await api.write(route, parameters, asked, deploymentStatus, record.signal);
}
function statusesOf(api, id, signal) {
    const asked = { what: `the statuses of deployment ${id}`, permission: PERMISSION.deployments };
    const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
    return api.all(route, { deployment_id: id }, asked, deploymentStatuses, (page) => page, signal);
}
function markOf({ payload }) {
    const value = typeof payload === 'string' ? jsonOr(payload) : payload;
    const mark = typeof value === 'object' && value !== null ? value.haute : undefined;
    return typeof mark === 'object' && mark !== null ? mark : undefined;
}
function jsonOr(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function webUrl(api) {
    const { run, repository } = api.access;
    return run ? run.url.replace(/\/actions\/runs\/.*$/, '') : `https://github.com/${repository}`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/environment-reviews.js



/**
 * Reviews of this run's environment. GitHub says neither when one was given nor on which attempt of the run, so the
 * earliest time it can have been given is found from the gates that the run stood at.
 * @see https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
 */
async function environmentReviews(api, runId, query, approvers) {
    const { signal } = query;
    const asked = { what: `the reviews of run ${runId}`, permission: PERMISSION.actions };
    const parameters = { run_id: runId };
    const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
    const reviews = await api.get(`${route}/approvals`, parameters, asked, runReviews, signal);
    const decisive = reviews.filter(({ state }) => state === 'approved' || state === 'rejected');
    if (decisive.length === 0)
        return [];
    const run = await api.get(route, parameters, asked, answers_run, signal);
    const gates = await gatesOf(api, run, query);
    const records = [];
    for (const review of decisive) {
        const speaker = await approvers.speaker(review.user, signal, 'gate');
        const elsewhere = isOf(review, query.environment) ? undefined : wrongEnvironment(review, query.environment);
        records.push({
            person: speaker.person,
            aliases: speaker.aliases,
            source: 'environment',
            strength: 'authenticated',
            word: review.state === 'approved' ? 'approve' : 'reject',
            at: new Date(api.tools.clock.now()).toISOString(),
            notBefore: earliest(review, decisive, run, gates, query),
            on: { commit: run.head_sha },
            url: run.html_url,
            comment: review.comment ?? '',
            refusal: speaker.refusal ?? elsewhere,
        });
    }
    return records;
}
/**
 * When jobs of this run stood before the environment: GitHub makes a deployment for each, and logs the job in it. Not
 * asked where the run is younger than the evidence, as everything in it is then. ISO 8601, in order.
 */
async function gatesOf(api, run, query) {
    if (query.evidenceAt === undefined || run.created_at >= query.evidenceAt)
        return [];
    const gates = [];
    for (const deployment of await deploymentsOf(api, query.environment, run.head_sha, query.signal)) {
        if (isOurs(deployment))
            continue;
        const asked = { what: `the statuses of deployment ${deployment.id}`, permission: PERMISSION.deployments };
        const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
        const parameters = { deployment_id: deployment.id };
        const statuses = await api.all(route, parameters, asked, deploymentStatuses, (page) => page, query.signal);
        if (statuses.some((status) => isOfJob(status, String(run.id))))
            gates.push(deployment.created_at);
    }
    return gates.toSorted();
}
/**
 * A gate takes one review of a person at most. Somebody who reviewed more often than there were gates before the
 * evidence reviewed one after it; otherwise the first gate is the earliest there is, or the start of the run.
 */
function earliest(review, all, run, gates, { environment, evidenceAt }) {
    const later = gates.find((gate) => evidenceAt !== undefined && gate >= evidenceAt);
    const before = gates.filter((gate) => evidenceAt !== undefined && gate < evidenceAt).length;
    const given = all.filter((one) => one.state === 'approved' && isOf(one, environment) && one.user?.login === review.user?.login).length;
    return later !== undefined && given > before ? later : (gates[0] ?? run.created_at);
}
/** Names of environments are the same in any case. */
function isOf(review, environment) {
    return review.environments.some(({ name }) => name.toLowerCase() === environment.toLowerCase());
}
function wrongEnvironment(review, environment) {
    return `reviewed ${review.environments.map(({ name }) => name).join(', ')}, not ${environment}`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/reviews.js



/** States of a review that decide something; `COMMENTED` and `PENDING` do not. */
const DECISIVE = ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'];
/** The last deciding review of each person on a pull request. */
async function reviewRecords(api, pull, commit, approvers, signal) {
    const asked = { what: `the reviews of pull request ${pull.number}`, permission: PERMISSION.pulls };
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
    const all = await api.all(route, { pull_number: pull.number }, asked, reviews, (page) => page, signal);
    const records = [];
    for (const review of lastOfEach(all))
        records.push(await recordOf(review, pull, commit, approvers, signal));
    return records;
}
async function recordOf(review, pull, commit, approvers, signal) {
    const speaker = await approvers.speaker(review.user, signal);
    const dismissed = review.state === 'DISMISSED' ? 'had the review dismissed' : undefined;
    return {
        person: speaker.person,
        aliases: speaker.aliases,
        source: 'review',
        strength: 'authenticated',
        word: review.state === 'CHANGES_REQUESTED' ? 'reject' : 'approve',
        at: review.submitted_at ?? '',
        on: { commit: approvedCommit(pull, review.commit_id, commit) },
        url: review.html_url,
        comment: review.body ?? '',
        refusal: speaker.refusal ?? dismissed,
    };
}
/** A dismissed review takes back what its author said before, so it is the last word even though it says nothing. */
function lastOfEach(all) {
    const last = new Map();
    const handedIn = all.filter(({ state, submitted_at }) => DECISIVE.includes(state) && submitted_at !== undefined);
    for (const [index, review] of handedIn.toSorted(byTime).entries()) {
        last.set(review.user?.login ?? `deleted account ${index}`, review);
    }
    return [...last.values()];
}
function byTime(a, b) {
    return Date.parse(a.submitted_at ?? '') - Date.parse(b.submitted_at ?? '');
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/github/forge.js









/** GitHub's API, of github.com or of a server of one's own. */
class GitHubForge {
    #api;
    constructor(access, tools) {
        this.#api = new GitHubApi(access, tools);
    }
    authors(commit, signal) {
        return authorsOf(this.#api, commit, signal);
    }
    async approvals(query) {
        const approvers = new Approvers(this.#api, query.approvers);
        const { run } = this.#api.access;
        return [
            ...(run && query.sources.includes('environment')
                ? await environmentReviews(this.#api, run.id, query, approvers)
                : []),
            ...(query.commit === null ? [] : await this.#onChange(query, query.commit, approvers)),
        ];
    }
    recordDeployment(record) {
        return recordDeployment(this.#api, record);
    }
    comment(comment) {
        return writeComment(this.#api, comment);
    }
    /** GitHub's API takes no artifacts; only a step of the workflow can upload one. */
    async putArtifact({ name }) {
        return {
            done: false,
            why: `GitHub takes artifacts from a step of the workflow only: add actions/upload-artifact for ${name}`,
        };
    }
    getArtifact(query) {
        return getArtifact(this.#api, query);
    }
    async #onChange(query, commit, approvers) {
        const [review, comment] = [query.sources.includes('review'), query.sources.includes('comment')];
        if (!review && !comment)
            return [];
        const pulls = await pullRequestsOf(this.#api, commit, query.signal);
        if (pulls.length === 0) {
            this.#api.tools.note(`no pull request has commit ${commit.slice(0, 12)} as its head or its merge: no reviews or comments can count`);
        }
        const records = [];
        for (const pull of pulls) {
            if (review)
                records.push(...(await reviewRecords(this.#api, pull, commit, approvers, query.signal)));
            if (comment)
                records.push(...(await commentRecords(this.#api, pull, query, approvers)));
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


/***/ }),

/***/ 8860:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   u: () => (/* binding */ readZip)
/* harmony export */ });
/* harmony import */ var node_zlib__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8522);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7283);


/** Bytes of all files of an archive together: releases and reports are far below it, and a bomb is above. */
const MAX_BYTES = 1024 ** 3;
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
/**
 * The files of a zip archive, stored or deflated, in the order of its directory.
 * @param what names the archive in errors
 * @throws ProviderError FORGE-BAD-ANSWER for what is cut off, not a zip archive, larger than 1 GiB, or would leave its folder
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
function readZip(bytes, what) {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
        return entriesOf(data);
    }
    catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const problem = { code: 'FORGE-BAD-ANSWER', what: `${what} cannot be unpacked: ${reason}`, fix: 'Make it again' };
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ProviderError */ .mZ(problem, { retryable: false, cause });
    }
}
function entriesOf(data) {
    const end = data.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end === -1 || data.readUInt32LE(end) !== END || end + END_BYTES > data.length)
        throw new Error('it has no end');
    const files = [];
    let left = MAX_BYTES;
    let at = data.readUInt32LE(end + 16);
    for (let count = data.readUInt16LE(end + 10); count > 0; count--) {
        if (data.readUInt32LE(at) !== ENTRY)
            throw new Error('its directory is broken');
        const nameEnd = at + ENTRY_BYTES + data.readUInt16LE(at + 28);
        const path = data.toString('utf8', at + ENTRY_BYTES, nameEnd);
        if (!path.endsWith('/')) {
            const file = { path: safePath(path), bytes: contentOf(data, at, left) };
            left -= file.bytes.length;
            files.push(file);
        }
        at = nameEnd + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
    }
    return files;
}
function contentOf(data, entry, limit) {
    const [method, size] = [data.readUInt16LE(entry + 10), data.readUInt32LE(entry + 20)];
    const local = data.readUInt32LE(entry + 42);
    const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28);
    const packed = data.subarray(start, start + size);
    if (packed.length !== size || data.readUInt32LE(entry + 24) > limit)
        throw new Error('it is cut off, or too large');
    if (method !== 0 && method !== 8)
        throw new Error(`method ${method} is not known`);
    const content = method === 0 ? packed : (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.inflateRawSync)(packed, { maxOutputLength: Math.max(1, limit) });
    const whole = content.length === data.readUInt32LE(entry + 24) && (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.crc32)(content) === data.readUInt32LE(entry + 16);
    if (!whole)
        throw new Error('a file is not what its checksum says');
    return new Uint8Array(content);
}
/** A path that stays below where it is unpacked. */
function safePath(path) {
    const parts = path.split('/');
    const leaves = path.startsWith('/') || path.includes('\\') || path.includes('\0') || /^[a-z]:/i.test(path);
    if (leaves || parts.some((part) => part === '..' || part === '.' || part === ''))
        throw new Error(`"${path}" is no path in it`);
    return path;
}


/***/ })

};
