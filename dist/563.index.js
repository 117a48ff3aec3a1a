export const id = 563;
export const ids = [563];
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

/***/ 8563:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  AzureForge: () => (/* binding */ AzureForge)
});

// EXTERNAL MODULE: ./build/compiled/shared/forges/ask.js
var ask = __webpack_require__(9930);
// EXTERNAL MODULE: ./build/compiled/shared/forges/refusal.js
var forges_refusal = __webpack_require__(3275);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/addresses.js
/**
 * Where the identities of an organization are asked for: a host of their own in the cloud, the collection on a server.
 * @param collectionUrl `https://dev.azure.com/acme`, `https://acme.visualstudio.com`, or a server's collection
 */
function identityUrl(collectionUrl) {
    const plain = collectionUrl.replace(/\/$/, '');
    return plain
        .replace(/^https:\/\/dev\.azure\.com\//, 'https://vssps.dev.azure.com/')
        .replace(/^https:\/\/([^./]+)\.visualstudio\.com/, 'https://$1.vssps.visualstudio.com');
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/permissions.js
const FORGE = 'Azure DevOps';
/** What the identity of a pipeline needs; in brackets the scope of a token. @see https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/oauth#scopes */
const PERMISSION = {
    code: 'Read on the repository (vso.code)',
    contribute: 'Contribute to pull requests on the repository (vso.code_write)',
    build: 'View builds (vso.build)',
    environment: 'the role Reader of the environment (vso.build)',
    identity: 'to read identities and groups (vso.identity)',
};
function granting({ project }) {
    return {
        forge: FORGE,
        renew: 'Give a token that is valid: this one is wrong, expired or revoked. System.AccessToken ends with the job, and a script must be handed it by the pipeline',
        grant: (permission) => ({
            fix: `Give "${project} Build Service" ${permission}, and authorize the pipeline for what it uses; or put a token with the scope into the secret variable HAUTE_AZURE_DEVOPS_TOKEN`,
            place: { file: 'azure-pipelines.yml' },
        }),
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/refusals.js
/** An answer that the client does not take for an error, and we do. */
class AzureRefusal extends Error {
    name = 'AzureRefusal';
    statusCode;
    responseHeaders;
    constructor(statusCode, message, responseHeaders) {
        super(message);
        this.statusCode = statusCode;
        this.responseHeaders = responseHeaders;
    }
}
/** The answer that the client threw; undefined where nobody answered. */
function refusalOf(error, { retryAfterMs }) {
    if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
        return undefined;
    const { statusCode, responseHeaders = {} } = error;
    return {
        status: isSignIn(statusCode) ? 401 : statusCode,
        message: isSignIn(statusCode) ? 'a page to sign in' : error.message,
        requestId: responseHeaders['x-vss-e2eid'],
        retryAfterMs: retryAfterMs(responseHeaders['retry-after']),
        tooOften: false,
    };
}
/** A token that is not accepted leads to a page to sign in, by 203 or by a redirect. */
function isSignIn(status) {
    return status === 203 || status === 302;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/api.js





const VERSION = '7.1';
/**
 * One project of Azure DevOps, asked through the REST client of azure-devops-node-api, which is loaded when the first
 * question is. Its typed clients are left alone: they take a 404 and an answer that was cut off for "there is none", and
 * they come all together, with nine times the code.
 */
class AzureApi {
    access;
    tools;
    #client;
    constructor(access, tools) {
        this.access = access;
        this.tools = tools;
    }
    /** @param path below `<collection>/<project>/_apis/` */
    get(path, query, asked, schema, signal) {
        return (0,ask/* persist */.Zr)(this.tools, signal, () => this.once(path, query, asked, schema, signal));
    }
    /** The `value` of an answer that is a list. */
    async list(path, query, asked, item, signal) {
        return (0,ask/* persist */.Zr)(this.tools, signal, async () => (await this.page(path, query, asked, item, signal)).items);
    }
    /** One page of a list, with the token of the next, asked once. */
    async page(path, query, asked, item, signal) {
        const { result, headers } = await this.#ask(this.#urlOf(path, query), asked, signal);
        const { value } = (result ?? {});
        const next = headers?.['x-ms-continuationtoken'];
        return { items: (0,ask/* readAnswer */.JN)(item.array(), value, FORGE, asked), next };
    }
    /** One request, asked once. Put a write behind a look whether it was done before, and both into `persist`. */
    async once(path, query, asked, schema, signal, sending) {
        return (0,ask/* readAnswer */.JN)(schema, (await this.#ask(this.#urlOf(path, query), asked, signal, sending)).result, FORGE, asked);
    }
    /** Identities of the organization, by id or by name. Null for an id that is nobody’s. */
    identities(query, asked, item, signal) {
        const url = `${identityUrl(this.access.collectionUrl)}/_apis/identities?${queryOf(query)}`;
        return (0,ask/* persist */.Zr)(this.tools, signal, async () => {
            const { result } = await this.#ask(url, asked, signal);
            return (0,ask/* readAnswer */.JN)(item.array(), result?.value, FORGE, asked);
        });
    }
    persist(signal, act) {
        return (0,ask/* persist */.Zr)(this.tools, signal, act);
    }
    /** Bytes from wherever an answer says they are. The token goes to Azure DevOps only. */
    async download(url, asked, signal) {
        const headers = this.#trusts(url)
            ? { authorization: authorizationOf(this.access.token) }
            : {};
        const call = async (until) => {
            const answer = await this.tools.fetch(url, { headers, signal: until });
            if (!answer.ok)
                throw new AzureRefusal(answer.status, '', Object.fromEntries(answer.headers));
            return new Uint8Array(await answer.arrayBuffer());
        };
        return (0,ask/* askOnce */.RV)(this.tools, { forge: FORGE, asked, signal }, call, (error) => this.#explain(error, asked));
    }
    async #ask(url, asked, signal, sending) {
        const rest = await this.#connect();
        const options = { additionalHeaders: { 'X-TFS-FedAuthRedirect': 'Suppress' } };
        const call = async () => {
            const answer = sending === undefined
                ? await rest.get(url, options)
                : sending.method === 'POST'
                    ? await rest.create(url, sending.body, options)
                    : await rest.update(url, sending.body, options);
            // The client keeps silent about a 404, and about the sign-in page (203) that a wrong token leads to.
            if (answer.statusCode === 404 || answer.statusCode === 203)
                throw new AzureRefusal(answer.statusCode, '', {});
            return answer;
        };
        return (0,ask/* askOnce */.RV)(this.tools, { forge: FORGE, asked, signal }, call, (error) => this.#explain(error, asked));
    }
    #explain(error, asked) {
        const refusal = refusalOf(error, this.tools);
        return refusal && (0,forges_refusal/* refusalError */.z)(granting(this.access), asked, refusal);
    }
    #urlOf(path, query) {
        const { collectionUrl, project } = this.access;
        return `${collectionUrl.replace(/\/$/, '')}/${encodeURIComponent(project)}/_apis/${path}?${queryOf(query)}`;
    }
    #trusts(url) {
        const { host, hostname } = new URL(url);
        return (host === new URL(this.access.collectionUrl).host ||
            /(?:^|\.)(?:dev\.azure\.com|visualstudio\.com)$/.test(hostname));
    }
    #connect() {
        this.#client ??= this.#load();
        return this.#client;
    }
    async #load() {
        const [{ AdoRestClient }, bearer, personal] = await Promise.all([
            Promise.all(/* import() */[__webpack_require__.e(240), __webpack_require__.e(954)]).then(__webpack_require__.t.bind(__webpack_require__, 954, 19)),
            Promise.all(/* import() */[__webpack_require__.e(573), __webpack_require__.e(519)]).then(__webpack_require__.t.bind(__webpack_require__, 1519, 19)),
            Promise.all(/* import() */[__webpack_require__.e(573), __webpack_require__.e(270)]).then(__webpack_require__.t.bind(__webpack_require__, 2270, 19)),
        ]);
        const { token } = this.access;
        const handler = isPersonal(token)
            ? new personal.PersonalAccessTokenCredentialHandler(token)
            : new bearer.BearerCredentialHandler(token);
        return new AdoRestClient('haute-deploy', undefined, [handler], {
            // Later than our own limit, which tells what it was that took too long.
            socketTimeout: this.tools.timeoutMs * 2,
            allowRedirects: false,
            allowRetries: false,
        });
    }
}
/** Personal access tokens go with a user name, all others do not; they are known by their length and a mark. */
function isPersonal(token) {
    return token.length === 52 || /^.{76}AZDO.{4}$/.test(token);
}
function authorizationOf(token) {
    return isPersonal(token) ? `Basic ${Buffer.from(`PAT:${token}`).toString('base64')}` : `Bearer ${token}`;
}
function queryOf(query) {
    const all = Object.entries({ ...query, 'api-version': VERSION });
    return all.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

// EXTERNAL MODULE: ./build/compiled/shared/errors.js
var errors = __webpack_require__(7283);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 9 modules
var schemas = __webpack_require__(7597);
// EXTERNAL MODULE: ./build/compiled/shared/forges/times.js
var times = __webpack_require__(1889);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/answers.js


/** What is read of Azure DevOps' answers; the rest is left unread. @see https://github.com/MicrosoftDocs/vsts-rest-api-specs */
/** A person or machine, as other things refer to it. */
const identityRef = schemas/* object */.Ikc({
    id: schemas/* string */.YjP(),
    displayName: schemas/* string */.YjP().nullish(),
    uniqueName: schemas/* string */.YjP().nullish(),
    isContainer: schemas/* boolean */.zMY().nullish(),
});
const answers_text = schemas/* object */.Ikc({ $value: schemas/* string */.YjP() });
/** `type;identifier`, or both by themselves. */
const descriptor = schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* object */.Ikc({ identityType: schemas/* string */.YjP(), identifier: schemas/* string */.YjP() })])
    .transform((value) => (typeof value === 'string' ? value : `${value.identityType};${value.identifier}`));
const identity = schemas/* object */.Ikc({
    id: schemas/* string */.YjP(),
    descriptor,
    subjectDescriptor: schemas/* string */.YjP().nullish(),
    providerDisplayName: schemas/* string */.YjP().nullish(),
    customDisplayName: schemas/* string */.YjP().nullish(),
    isActive: schemas/* boolean */.zMY().nullish(),
    isContainer: schemas/* boolean */.zMY().nullish(),
    memberOf: schemas/* array */.YOg(descriptor).nullish(),
    properties: schemas/* object */.Ikc({ Account: answers_text.optional(), Mail: answers_text.optional() }).nullish(),
});
const gitPerson = schemas/* object */.Ikc({ name: schemas/* string */.YjP().nullish(), email: schemas/* string */.YjP().nullish() }).nullish();
const answers_commit = schemas/* object */.Ikc({
    commitId: schemas/* string */.YjP(),
    comment: schemas/* string */.YjP().nullish(),
    author: gitPerson,
    committer: gitPerson,
    parents: schemas/* array */.YOg(schemas/* string */.YjP()).nullish(),
    push: schemas/* object */.Ikc({ pushedBy: identityRef.nullish() }).nullish(),
});
const commitRef = schemas/* object */.Ikc({ commitId: schemas/* string */.YjP() }).nullish();
const pullRequest = schemas/* object */.Ikc({
    pullRequestId: schemas/* number */.aig(),
    status: schemas/* string */.YjP(),
    createdBy: identityRef.nullish(),
    lastMergeCommit: commitRef,
    lastMergeSourceCommit: commitRef,
});
/** For each question the pull requests of each commit. */
const pullRequestQuery = schemas/* object */.Ikc({ results: schemas/* array */.YOg(schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* array */.YOg(pullRequest))) });
/** One push to a pull request. */
const iteration = schemas/* object */.Ikc({ id: schemas/* number */.aig(), createdDate: times/* isoTime */.L, sourceRefCommit: commitRef });
const reviewer = identityRef.extend({ vote: schemas/* number */.aig() });
const comment = schemas/* object */.Ikc({
    id: schemas/* number */.aig(),
    author: identityRef.nullish(),
    content: schemas/* string */.YjP().nullish(),
    commentType: schemas/* string */.YjP().nullish(),
    isDeleted: schemas/* boolean */.zMY().nullish(),
    publishedDate: times/* isoTime */.L,
    lastContentUpdatedDate: times/* isoTime */.L.nullish(),
});
const thread = schemas/* object */.Ikc({
    id: schemas/* number */.aig(),
    isDeleted: schemas/* boolean */.zMY().nullish(),
    publishedDate: times/* isoTime */.L,
    comments: schemas/* array */.YOg(comment).nullish(),
    properties: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* unknown */.L5J()).nullish(),
    identities: schemas/* record */.g1P(schemas/* string */.YjP(), identityRef).nullish(),
});
const build = schemas/* object */.Ikc({ id: schemas/* number */.aig(), sourceVersion: schemas/* string */.YjP() });
const timeline = schemas/* object */.Ikc({
    records: schemas/* array */.YOg(schemas/* object */.Ikc({
        id: schemas/* string */.YjP(),
        parentId: schemas/* string */.YjP().nullish(),
        type: schemas/* string */.YjP().nullish(),
        name: schemas/* string */.YjP().nullish(),
        identifier: schemas/* string */.YjP().nullish(),
    }))
        .nullish(),
});
const approval = schemas/* object */.Ikc({
    id: schemas/* string */.YjP(),
    steps: schemas/* array */.YOg(schemas/* object */.Ikc({
        status: schemas/* string */.YjP().nullish(),
        actualApprover: identityRef.nullish(),
        lastModifiedOn: times/* isoTime */.L,
        comment: schemas/* string */.YjP().nullish(),
    }))
        .nullish(),
});
const environment = schemas/* object */.Ikc({ id: schemas/* number */.aig(), name: schemas/* string */.YjP() });
const environmentRecord = schemas/* object */.Ikc({ owner: schemas/* object */.Ikc({ id: schemas/* number */.aig() }).nullish() });
const artifact = schemas/* object */.Ikc({
    name: schemas/* string */.YjP(),
    resource: schemas/* object */.Ikc({ downloadUrl: schemas/* string */.YjP().nullish() }).nullish(),
});

;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/approvers.js



/** Groups of every project whose members can push. @see https://learn.microsoft.com/azure/devops/organizations/security/default-git-permissions */
const WRITERS = ['Contributors', 'Project Administrators'];
/** Kinds of accounts that people have, by the beginning of their descriptor; services, builds and groups have others. */
const PEOPLE = new Set(['aad', 'msa', 'win', 'acs']);
/** Who somebody is, and whether they may approve. Asks once for each person and group. */
class Approvers {
    #api;
    #list;
    #once = new Map();
    /** @param list e-mail addresses of people, `@group` of the project, or `@[scope]\group`; empty: anyone who can push */
    constructor(api, list) {
        this.#api = api;
        this.#list = list;
    }
    async speaker(user, signal, occasion) {
        if (!user)
            return refused('a deleted account', 'has no account any more');
        const shown = user.uniqueName ?? user.displayName ?? user.id;
        const asked = { what: `who ${shown} is`, permission: PERMISSION.identity };
        const [found] = await this.#remember(`identity ${user.id}`, () => this.#api.identities({ identityIds: user.id, queryMembership: 'expandedUp' }, asked, identity.nullable(), signal));
        if (!found)
            return refused(shown, 'has no account any more');
        if (found.isContainer === true || !PEOPLE.has(kindOf(found)))
            return refused(shown, 'is no person but a group or a service');
        if (found.isActive !== true)
            return refused(shown, 'is not active any more');
        const person = found.properties?.Account?.$value ?? shown;
        const others = [
            found.id,
            found.providerDisplayName,
            found.customDisplayName,
            found.properties?.Mail?.$value,
            user.uniqueName,
        ];
        const aliases = [...new Set(others)].filter((name) => typeof name === 'string' && name !== '' && name !== person);
        return { person, aliases, refusal: await this.#whyNot(found, [person, ...aliases], signal, occasion) };
    }
    async #whyNot(found, names, signal, occasion) {
        if (this.#list.length === 0) {
            return occasion === 'gate' || (await this.#canPush(found, signal))
                ? undefined
                : `is neither in ${WRITERS.join(' nor in ')}`;
        }
        for (const entry of this.#list)
            if (await this.#matches(entry.trim(), found, names, signal))
                return undefined;
        return `is not among the approvers (${this.#list.join(', ')})`;
    }
    async #matches(entry, found, names, signal) {
        if (!entry.startsWith('@'))
            return names.some((name) => same(name, entry));
        const group = await this.#group(entry.slice(1), signal);
        if (!group)
            throw unknownGroup(entry);
        return isIn(found, group);
    }
    async #canPush(found, signal) {
        const groups = await Promise.all(WRITERS.map((name) => this.#group(name, signal)));
        const seen = groups.filter((group) => group !== undefined);
        if (seen.length === 0)
            throw unknownGroup(`@${WRITERS[0]}`);
        return seen.some((group) => isIn(found, group));
    }
    /** Undefined where the token sees no group of this name. */
    #group(name, signal) {
        const full = name.startsWith('[') ? name : `[${this.#api.access.project}]\\${name}`;
        const asked = { what: `the group ${full}`, permission: PERMISSION.identity };
        return this.#remember(`group ${full}`, async () => {
            const query = { searchFilter: 'General', filterValue: full, queryMembership: 'none' };
            const found = await this.#api.identities(query, asked, identity.nullable(), signal);
            return found.find((one) => one?.isContainer === true && same(one.providerDisplayName ?? '', full)) ?? undefined;
        });
    }
    #remember(key, ask) {
        const known = this.#once.get(key) ?? ask();
        this.#once.set(key, known);
        return known;
    }
}
function kindOf({ subjectDescriptor }) {
    return subjectDescriptor?.split('.')[0] ?? '';
}
/** Membership through other groups counts: it was asked for expanded. */
function isIn(found, group) {
    return (found.memberOf ?? []).some((one) => same(one, group.descriptor));
}
function refused(person, refusal) {
    return { person, aliases: [], refusal };
}
function same(a, b) {
    return a.toLowerCase() === b.toLowerCase();
}
function unknownGroup(entry) {
    return new errors/* ConfigError */.xL({
        code: 'APPROVER-UNKNOWN',
        what: `the group ${entry} is none that the token sees`,
        fix: `Correct [approval] approvers, or let the pipeline's identity see the group: it needs ${PERMISSION.identity}`,
        place: { file: 'haute.release.toml' },
    });
}

// EXTERNAL MODULE: ./build/compiled/shared/forges/git-people.js
var git_people = __webpack_require__(7235);
// EXTERNAL MODULE: ./build/compiled/shared/forges/pages.js
var pages = __webpack_require__(7159);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/pull-requests.js



/**
 * The pull requests whose change a commit is: the commit is their head, or what merging them made. Active and completed
 * ones; what was abandoned is nobody's change. None where the code is not in Azure Repos.
 */
async function pullRequestsOf(api, commit, signal) {
    if (api.access.repositoryId === undefined)
        return [];
    const asked = { what: `the pull requests of commit ${commit.slice(0, 12)}`, permission: PERMISSION.code };
    const queries = [
        { type: 'lastMergeCommit', items: [commit] },
        { type: 'commit', items: [commit] },
    ];
    const sending = { method: 'POST', body: { queries } };
    const { results } = await api.persist(signal, () => api.once(repositoryPath(api, 'pullrequestquery'), {}, asked, pullRequestQuery, signal, sending));
    // A commit that is not merged yet is found among the open ones only.
    const active = await (0,pages/* allPages */.S)(asked, (page) => api.persist(signal, async () => {
        const query = { 'searchCriteria.status': 'active', $top: pages/* PAGE_SIZE */.m, $skip: (page - 1) * pages/* PAGE_SIZE */.m };
        return {
            ...(await api.page(repositoryPath(api, 'pullrequests'), query, asked, pullRequest, signal)),
            more: false,
        };
    }));
    const all = [...results.flatMap((result) => Object.values(result).flat()), ...active];
    const known = new Map(all.map((one) => [one.pullRequestId, one]));
    return [...known.values()].filter((one) => isOf(one, commit));
}
/** `git/repositories/<id>/<rest>`. */
function repositoryPath(api, rest) {
    return `git/repositories/${encodeURIComponent(api.access.repositoryId ?? '')}/${rest}`;
}
function pullPath(api, pull, rest) {
    return repositoryPath(api, `pullRequests/${pull.pullRequestId}/${rest}`);
}
function pullUrl({ access }, pull) {
    const { collectionUrl, project, repositoryId = '' } = access;
    const repository = encodeURIComponent(repositoryId);
    return `${collectionUrl.replace(/\/$/, '')}/${encodeURIComponent(project)}/_git/${repository}/pullrequest/${pull.pullRequestId}`;
}
/** The pushes to a pull request, the oldest first. */
async function iterationsOf(api, pull, signal) {
    const asked = { what: `the iterations of pull request ${pull.pullRequestId}`, permission: PERMISSION.code };
    const all = await api.list(pullPath(api, pull, 'iterations'), {}, asked, iteration, signal);
    return all.toSorted((a, b) => Date.parse(a.createdDate) - Date.parse(b.createdDate));
}
async function threadsOf(api, pull, signal) {
    const asked = { what: `the comments on pull request ${pull.pullRequestId}`, permission: PERMISSION.code };
    const all = await api.list(pullPath(api, pull, 'threads'), {}, asked, thread, signal);
    return all.filter((one) => one.isDeleted !== true);
}
/** The commit that somebody saw who voted at a time; the one to be released, where it was the head. */
function approvedCommit(pull, iterations, at, commit) {
    const seen = (iterations.findLast((one) => one.createdDate <= at) ?? iterations[0])?.sourceRefCommit?.commitId;
    return seen !== undefined && seen === pull.lastMergeSourceCommit?.commitId ? commit : (seen ?? 'unknown');
}
function isOf({ status, lastMergeCommit, lastMergeSourceCommit }, commit) {
    if (status !== 'active' && status !== 'completed')
        return false;
    return lastMergeCommit?.commitId === commit || lastMergeSourceCommit?.commitId === commit;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/authors.js





/** Everybody who made the change; empty where the code is not in Azure Repos, which then knows nobody. */
async function authorsOf(api, commit, signal) {
    if (api.access.repositoryId === undefined)
        return [];
    const asked = { what: `commit ${commit.slice(0, 12)}`, permission: PERMISSION.code };
    const path = repositoryPath(api, `commits/${encodeURIComponent(commit)}`);
    const head = await api.get(path, {}, asked, answers_commit, signal);
    const pulls = await pullRequestsOf(api, commit, signal);
    const names = [
        ...(isMergeOf(head, pulls) ? [] : peopleOf(head)),
        ...(pulls.length === 0 ? namesOfIdentity(head.push?.pushedBy) : []),
    ];
    for (const pull of pulls) {
        names.push(...namesOfIdentity(pull.createdBy));
        names.push(...(await commitsOf(api, pull, signal)).flatMap(peopleOf));
    }
    return [...new Set(names)];
}
/** This list has no numbered pages: each answer says how to ask for the next. */
async function commitsOf(api, pull, signal) {
    const asked = { what: `the commits of pull request ${pull.pullRequestId}`, permission: PERMISSION.code };
    const path = pullPath(api, pull, 'commits');
    const all = [];
    let query = { $top: pages/* PAGE_SIZE */.m };
    for (;;) {
        const asking = query;
        const { items, next } = await api.persist(signal, () => api.page(path, asking, asked, answers_commit, signal));
        all.push(...items);
        if (next === undefined || items.length === 0)
            return all;
        query = { $top: pages/* PAGE_SIZE */.m, continuationToken: next };
    }
}
/** A merge that Azure DevOps made to complete a pull request: whoever pressed the button is no author. */
function isMergeOf({ commitId, parents }, pulls) {
    return (parents?.length === 2 &&
        pulls.some((pull) => pull.status === 'completed' && pull.lastMergeCommit?.commitId === commitId));
}
function peopleOf({ author, committer, comment }) {
    return [...(0,git_people/* namesOf */.e)(author), ...(0,git_people/* namesOf */.e)(committer), ...(0,git_people/* coAuthors */.X)(comment ?? '')];
}
function namesOfIdentity(identity) {
    return identity ? (0,git_people/* namesOf */.e)({ name: identity.displayName, email: identity.uniqueName }).concat(identity.id) : [];
}

// EXTERNAL MODULE: ./build/compiled/shared/forges/speaker.js + 1 modules
var speaker = __webpack_require__(732);
// EXTERNAL MODULE: ./build/compiled/shared/forges/sticky.js
var forges_sticky = __webpack_require__(6208);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/comments.js





/** A comment has at most 150,000 characters; no character is shorter than a byte. */
const COMMENT_BYTES = 150_000;
/** What was said by `/approve` and `/reject` on a pull request. */
async function commentRecords(api, pull, threads, query, approvers) {
    const records = [];
    for (const { comments, id } of threads) {
        for (const comment of comments ?? []) {
            if (comment.commentType === 'system' || comment.isDeleted === true)
                continue;
            const spoken = spokenOf(comment, `${pullUrl(api, pull)}?discussionId=${id}`);
            if (!(0,speaker/* hasCommands */.$)(spoken))
                continue;
            records.push(...(0,speaker/* recordsOf */.M)(spoken, await approvers.speaker(comment.author, query.signal), query));
        }
    }
    return records;
}
/** Writes the comment on the pull request of its commit, or changes the one that is there. */
async function writeComment(api, sticky) {
    const [pull] = await pullRequestsOf(api, sticky.commit, sticky.signal);
    if (!pull) {
        return { done: false, why: `no pull request has commit ${sticky.commit.slice(0, 12)} as its head or its merge` };
    }
    const content = (0,forges_sticky/* stickyBody */.uX)(sticky, COMMENT_BYTES, api.tools.fitMarkdown);
    const asked = { what: `a comment on pull request ${pull.pullRequestId}`, permission: PERMISSION.contribute };
    return api.persist(sticky.signal, async () => {
        const known = findSticky(await threadsOf(api, pull, sticky.signal), sticky.key);
        if (known && known.comment.content !== content) {
            const path = pullPath(api, pull, `threads/${known.thread.id}/comments/${known.comment.id}`);
            await api.once(path, {}, asked, comment, sticky.signal, { method: 'PATCH', body: { content } });
        }
        if (known)
            return { done: true, url: `${pullUrl(api, pull)}?discussionId=${known.thread.id}` };
        // Closed, as an open one may have to be resolved before the pull request can be completed.
        const body = { comments: [{ parentCommentId: 0, content, commentType: 'text' }], status: 'closed' };
        const written = await api.once(pullPath(api, pull, 'threads'), {}, asked, thread, sticky.signal, {
            method: 'POST',
            body,
        });
        return { done: true, url: `${pullUrl(api, pull)}?discussionId=${written.id}` };
    });
}
function findSticky(threads, key) {
    for (const one of threads) {
        const [first] = one.comments ?? [];
        if (first && first.isDeleted !== true && (0,forges_sticky/* isSticky */.Oz)(first.content ?? '', key))
            return { thread: one, comment: first };
    }
    return undefined;
}
function spokenOf(comment, url) {
    const { publishedDate: at, lastContentUpdatedDate: changed } = comment;
    return { body: comment.content ?? '', at, editedAt: changed && changed > at ? changed : undefined, url };
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/environment-approvals.js


/**
 * Approvals of the checks that this run's stage stood at. A stage that is run again has checks of its own in the
 * timeline, so an approval of an earlier attempt is not among them.
 * @see https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/approvals/query
 */
async function environmentApprovals(api, run, query, approvers) {
    const { signal } = query;
    const ids = await approvalIdsOf(api, run, signal);
    if (ids.length === 0)
        return [];
    const asked = { what: `the approvals of run ${run.id}`, permission: PERMISSION.build };
    const parameters = { approvalIds: ids.join(','), $expand: 'steps' };
    const approvals = await api.list('pipelines/approvals', parameters, asked, approval, signal);
    const { sourceVersion } = await api.get(`build/builds/${run.id}`, {}, asked, build, signal);
    const records = [];
    for (const step of approvals.flatMap(({ steps }) => steps ?? [])) {
        if (step.status !== 'approved' && step.status !== 'rejected')
            continue;
        const speaker = await approvers.speaker(step.actualApprover, signal, 'gate');
        records.push({
            person: speaker.person,
            aliases: speaker.aliases,
            source: 'environment',
            strength: 'authenticated',
            word: step.status === 'approved' ? 'approve' : 'reject',
            at: step.lastModifiedOn,
            on: { commit: sourceVersion },
            url: runUrl(api, run),
            comment: step.comment ?? '',
            refusal: speaker.refusal,
        });
    }
    return records;
}
function runUrl({ access }, run) {
    const { collectionUrl, project } = access;
    return `${collectionUrl.replace(/\/$/, '')}/${encodeURIComponent(project)}/_build/results?buildId=${run.id}`;
}
/** The timeline keeps each approval under the checkpoint of its stage, with the approval's own id. */
async function approvalIdsOf(api, run, signal) {
    const asked = { what: `the timeline of run ${run.id}`, permission: PERMISSION.build };
    const { records } = await api.get(`build/builds/${run.id}/timeline`, {}, asked, timeline, signal);
    const known = new Map((records ?? []).map((record) => [record.id, record]));
    return [...known.values()]
        .filter((record) => record.type?.startsWith('Checkpoint.Approval') && stageOf(record, known) === run.stage)
        .map((record) => record.id);
}
/** Identifier of the stage that a record belongs to. */
function stageOf(record, known) {
    const above = new Set();
    for (let at = record; at && !above.has(at.id); at = known.get(at.parentId ?? '')) {
        if (at.type === 'Stage')
            return at.identifier ?? at.name ?? undefined;
        above.add(at.id);
    }
    return undefined;
}

// EXTERNAL MODULE: ./build/compiled/shared/forges/zip.js
var zip = __webpack_require__(8860);
;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/records.js




/** Azure DevOps writes its deployment records itself; this looks whether it has written this run's. */
async function findDeployment(api, record) {
    const { run } = api.access;
    const why = 'Azure DevOps keeps records for deployment jobs alone: give the job "deployment:" and "environment:"';
    if (!run)
        return { done: false, why };
    const asked = { what: `the environment ${record.environment}`, permission: PERMISSION.environment };
    const path = 'pipelines/environments';
    const named = await api.list(path, { name: record.environment }, asked, environment, record.signal);
    const found = named.find(({ name }) => name.toLowerCase() === record.environment.toLowerCase());
    if (!found)
        return { done: false, why: `there is no environment ${record.environment}: ${why}` };
    const newest = { top: 100 };
    const records = await api.list(`${path}/${found.id}/environmentdeploymentrecords`, newest, asked, environmentRecord, record.signal);
    if (!records.some(({ owner }) => String(owner?.id) === run.id))
        return { done: false, why };
    const { collectionUrl, project } = api.access;
    return {
        done: true,
        url: `${collectionUrl.replace(/\/$/, '')}/${encodeURIComponent(project)}/_environments/${found.id}`,
    };
}
/** An artifact that a run has published. */
async function getArtifact(api, query) {
    const runId = query.run ?? api.access.run?.id;
    if (runId === undefined)
        return undefined;
    const { name, signal } = query;
    const asked = { what: `the artifact ${name} of run ${runId}`, permission: PERMISSION.build };
    const all = await api.list(`build/builds/${encodeURIComponent(runId)}/artifacts`, {}, asked, artifact, signal);
    const found = all.find((one) => one.name === name);
    if (!found)
        return undefined;
    const url = found.resource?.downloadUrl;
    if (!url)
        throw nowhere(name, runId);
    const bytes = await api.persist(signal, () => api.download(url, asked, signal));
    const files = (0,zip/* readZip */.u)(bytes, `the artifact ${name}`);
    // All files lie in a folder of the artifact's name.
    return {
        name,
        files: files.map((file) => ({ ...file, path: file.path.replace(new RegExp(`^${escaped(name)}/`), '') })),
    };
}
function escaped(text) {
    return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
function nowhere(name, runId) {
    return new errors/* ConfigError */.xL({
        code: 'FORGE-ARTIFACT-EXPIRED',
        what: `the artifact ${name} of run ${runId} is there no more`,
        fix: 'Build again, or keep runs longer (Settings, Pipelines, Settings, Retention policy)',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/votes.js



/**
 * The votes on a pull request: 10 approves, 5 approves with suggestions, -5 waits for the author, -10 rejects. Azure
 * DevOps keeps the last one of each person, and says neither when it was cast nor on which push: that is found from
 * what it writes among the comments.
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-reviewers/list
 */
async function voteRecords(api, pull, threads, commit, approvers, signal) {
    const asked = { what: `the reviewers of pull request ${pull.pullRequestId}`, permission: PERMISSION.code };
    const all = await api.list(pullPath(api, pull, 'reviewers'), {}, asked, reviewer, signal);
    // A group has the vote of one of its members, who is in the list too.
    const cast = all.filter((one) => one.vote !== 0 && one.isContainer !== true);
    if (cast.length === 0)
        return [];
    const iterations = await iterationsOf(api, pull, signal);
    const records = [];
    for (const vote of cast) {
        const speaker = await approvers.speaker(vote, signal);
        const at = castAt(vote, threads);
        const seenAt = new Date(api.tools.clock.now()).toISOString();
        const timeless = vote.vote > 0 && at === undefined ? 'voted at a time that Azure DevOps does not tell' : undefined;
        records.push({
            person: speaker.person,
            aliases: speaker.aliases,
            source: 'review',
            strength: 'authenticated',
            word: vote.vote > 0 ? 'approve' : 'reject',
            at: at ?? seenAt,
            on: { commit: approvedCommit(pull, iterations, at ?? seenAt, commit) },
            url: pullUrl(api, pull),
            comment: '',
            refusal: speaker.refusal ?? timeless,
        });
    }
    return records;
}
/** When the vote that stands was cast: the last thing that Azure DevOps wrote about this person's votes, if it is that. */
function castAt({ id, vote }, threads) {
    const updates = threads.filter((one) => propertyOf(one, 'CodeReviewThreadType') === 'VoteUpdate' && voterOf(one) === id);
    const last = updates.toSorted((a, b) => Date.parse(a.publishedDate) - Date.parse(b.publishedDate)).at(-1);
    return last && Number(propertyOf(last, 'CodeReviewVoteResult')) === vote ? last.publishedDate : undefined;
}
/** Only what the system wrote: anybody may write a comment, but nobody its properties. */
function voterOf(thread) {
    const [first] = thread.comments ?? [];
    if (first?.commentType !== 'system')
        return undefined;
    const key = propertyOf(thread, 'CodeReviewVotedByIdentity');
    return (key === undefined ? undefined : thread.identities?.[key]?.id) ?? propertyOf(thread, 'CodeReviewVotedByTfId');
}
/** Properties are `{ $type, $value }`. */
function propertyOf(thread, name) {
    const property = thread.properties?.[name];
    const value = typeof property === 'object' && property !== null && '$value' in property ? property.$value : property;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

;// CONCATENATED MODULE: ./build/compiled/shared/forges/azure/forge.js








/** Azure DevOps' API, of the cloud or of a server of one's own. */
class AzureForge {
    #api;
    constructor(access, tools) {
        this.#api = new AzureApi(access, tools);
    }
    authors(commit, signal) {
        return authorsOf(this.#api, commit, signal);
    }
    async approvals(query) {
        const approvers = new Approvers(this.#api, query.approvers);
        const { run } = this.#api.access;
        return [
            ...(run?.stage !== undefined && query.sources.includes('environment')
                ? await environmentApprovals(this.#api, run, query, approvers)
                : []),
            ...(query.commit === null ? [] : await this.#onChange(query, query.commit, approvers)),
        ];
    }
    recordDeployment(record) {
        return findDeployment(this.#api, record);
    }
    comment(comment) {
        return writeComment(this.#api, comment);
    }
    /** A pipeline publishes artifacts by a step or a line of its log, not by the API. */
    async putArtifact({ name }) {
        return { done: false, why: `Azure DevOps takes artifacts from a step of the pipeline: add "publish" for ${name}` };
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
            this.#api.tools.note(`no pull request in Azure Repos has commit ${commit.slice(0, 12)} as its head or its merge: no reviews or comments can count`);
        }
        const records = [];
        for (const pull of pulls) {
            const threads = await threadsOf(this.#api, pull, query.signal);
            if (review)
                records.push(...(await voteRecords(this.#api, pull, threads, commit, approvers, query.signal)));
            if (comment)
                records.push(...(await commentRecords(this.#api, pull, threads, query, approvers)));
        }
        return records;
    }
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
