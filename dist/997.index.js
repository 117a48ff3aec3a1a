export const id = 997;
export const ids = [997];
export const modules = {

/***/ 3997:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  composeImages: () => (/* binding */ composeImages)
});

// UNUSED EXPORTS: cloudLogins, ecrConfig

// EXTERNAL MODULE: ./build/compiled/shared/errors.js
var errors = __webpack_require__(7283);
// EXTERNAL MODULE: ./build/compiled/shared/hosts/github/forge-access.js
var forge_access = __webpack_require__(1614);
;// CONCATENATED MODULE: ./build/compiled/shared/hosts/github/registry-logins.js

/**
 * GitHub's own registry takes the token of a job with `packages: write`; a company's server has one beside it.
 * @see https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry
 */
function githubRegistryLogins(env) {
    const { token } = (0,forge_access/* githubAccess */.Y)(env);
    if (!token || !env.GITHUB_ACTOR)
        return [];
    const server = env.GITHUB_SERVER_URL ?? '';
    const host = URL.canParse(server) ? new URL(server).host : 'github.com';
    const registry = host === 'github.com' ? 'ghcr.io' : `containers.${host}`;
    return [{ registry, username: env.GITHUB_ACTOR, password: token, from: 'the token of this job' }];
}

;// CONCATENATED MODULE: ./build/compiled/shared/hosts/gitlab/registry-logins.js
/**
 * Logins that GitLab gives every job: to the registry of its projects and to the group's cache of Docker Hub.
 * @see https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/
 */
function gitlabRegistryLogins(env) {
    const { CI_DEPENDENCY_PROXY_SERVER, CI_DEPENDENCY_PROXY_USER, CI_DEPENDENCY_PROXY_PASSWORD } = env;
    return [
        ...login(env.CI_REGISTRY, env.CI_REGISTRY_USER, env.CI_REGISTRY_PASSWORD),
        ...login(CI_DEPENDENCY_PROXY_SERVER, CI_DEPENDENCY_PROXY_USER, CI_DEPENDENCY_PROXY_PASSWORD),
    ];
}
function login(registry, username, password) {
    if (!registry || !username || !password)
        return [];
    return [{ registry, username, password, from: 'the token of this job' }];
}

;// CONCATENATED MODULE: ./build/compiled/shared/hosts/registry-logins.js


/**
 * Logins that a job has without anybody logging in: each for its CI system's own registry. Azure DevOps has none, and
 * a terminal neither.
 */
function registryLogins(env) {
    return [...githubRegistryLogins(env), ...gitlabRegistryLogins(env)];
}

// EXTERNAL MODULE: ./build/compiled/shared/hosts/without-job-tokens.js
var without_job_tokens = __webpack_require__(2587);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/layers-seal.js


/** Variable that holds the key. */
const LAYERS_KEY = 'HAUTE_LAYERS_KEY';
/** Annotation of the manifest that holds the seal. */
const SEAL = 'dev.haute.dependencies.seal';
const SHORTEST_KEY = 32;
/** What Azure Pipelines hands to a task for a variable that is not there: anybody knows it, however long it is. */
const NOT_FILLED_IN = /^\$\([^()]*\)$/;
/** So that what is sealed here is nothing that the same key could have sealed for another purpose. */
const PURPOSE = 'haute.dependencies.v2';
/**
 * Tells layers that were made by a job of ours from layers that anybody else has put under the same tag. Whoever may
 * push to a repository may move its tags; to make a seal takes the key, which jobs of pull requests do not get.
 */
class LayersSeal {
    #key;
    constructor(key) {
        this.#key = key;
    }
    of({ repository: { registry, repository }, config, layers }) {
        const documents = [config, ...layers].map(({ digest, size }) => [digest, size]);
        const text = JSON.stringify([PURPOSE, registry, repository, documents]);
        return (0,external_node_crypto_.createHmac)('sha256', this.#key).update(text).digest('hex');
    }
    /** @param seal as it was found, or nothing */
    fits(seal, sealed) {
        const [found, wanted] = [Buffer.from(seal ?? ''), Buffer.from(this.of(sealed))];
        return found.length === wanted.length && (0,external_node_crypto_.timingSafeEqual)(found, wanted);
    }
}
/**
 * The seal of a run: undefined where it was given no key. A variable that is empty, or names itself, is none: so CI
 * systems hand a secret to a job that may not have it. Spaces around a key are no part of it: who pipes one into a
 * secret may end it with a line.
 * @throws ConfigError ENV-BAD-VALUE for a key that could be guessed
 */
function sealOf(env, mask) {
    const key = env[LAYERS_KEY]?.trim() ?? '';
    if (key === '' || NOT_FILLED_IN.test(key))
        return undefined;
    mask(key);
    if (key.length >= SHORTEST_KEY)
        return new LayersSeal(key);
    throw new errors/* ConfigError */.xL({
        code: 'ENV-BAD-VALUE',
        what: `${LAYERS_KEY} has ${key.length} characters, and a key needs ${SHORTEST_KEY}`,
        fix: 'Make one with `openssl rand -hex 32`, and store it as a secret',
    });
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 9 modules
var schemas = __webpack_require__(7597);
;// CONCATENATED MODULE: ./build/compiled/shared/image/login/azure-login.js


const HOST = /^[a-z0-9]{5,50}(?:-[a-z0-9]+)?\.azurecr\.(?:io|cn|us)$/;
const TIMEOUT_MS = 30_000;
const answerSchema = schemas/* object */.Ikc({ refresh_token: schemas/* string */.YjP().min(1) });
/**
 * Azure's registries: an application with its secret, or a token of Microsoft Entra that is exchanged for one that
 * stands for a login there.
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-authentication
 * @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 */
class AzureLogin {
    #tools;
    constructor(tools) {
        this.#tools = tools;
    }
    async login(registry, signal) {
        if (!HOST.test(registry))
            return undefined;
        const { principal } = this.#tools;
        if (principal)
            return { kind: 'password', ...principal, from: 'AZURE_CLIENT_ID' };
        const found = await this.#tools.token(signal);
        if (!found)
            return undefined;
        const { token, expiresAt } = found;
        this.#tools.mask(token);
        const refreshToken = await this.#tools.retry(() => this.#exchange(registry, token, signal), { signal });
        this.#tools.mask(refreshToken);
        const known = expiresAt === undefined ? {} : { expiresAt };
        return { kind: 'identity', token: refreshToken, from: 'Microsoft Entra', ...known };
    }
    async #exchange(registry, token, signal) {
        const address = this.#tools.addressOf?.(registry) ?? `https://${registry}`;
        const form = new URLSearchParams({ grant_type: 'access_token', service: registry, access_token: token });
        const { status, text, retryAfterMs } = await this.#post(`${address}/oauth2/exchange`, form, registry, signal);
        if (status === 200)
            return readToken(registry, text);
        if (status === 429 || status >= 500) {
            const code = status === 429 ? 'LOGIN-BUSY' : 'LOGIN-UNAVAILABLE';
            throw new errors/* ProviderError */.mZ({ code, what: `${registry} answered ${status} to a login`, fix: 'Run the step again later' }, { status, retryable: true, ...(retryAfterMs !== undefined && { retryAfterMs }) });
        }
        throw new errors/* ConfigError */.xL({
            code: 'LOGIN-DENIED',
            what: `${registry} answered ${status} to the login of this job`,
            fix: 'Give the identity of the job the role AcrPush on the registry, and AcrPull where it only reads',
        });
    }
    async #post(url, form, registry, signal) {
        const deadline = AbortSignal.timeout(TIMEOUT_MS);
        try {
            const response = await this.#tools.fetch(url, {
                method: 'POST',
                body: form,
                redirect: 'error',
                signal: AbortSignal.any([signal, deadline]),
            });
            const retryAfterMs = this.#tools.retryAfterMs(response.headers.get('retry-after') ?? undefined);
            return { status: response.status, text: await response.text(), retryAfterMs };
        }
        catch (error) {
            if (signal.aborted)
                throw new errors/* Interrupted */.j$();
            const code = deadline.aborted ? 'LOGIN-TIMEOUT' : 'LOGIN-UNREACHABLE';
            const what = `${registry} did not answer to a login: ${(0,errors/* messageOf */.bD)(error)}`;
            const fix = 'Check the network of the runner, then run the step again';
            throw new errors/* ProviderError */.mZ({ code, what, fix }, { retryable: true, cause: error });
        }
    }
}
/** The answer is in no message: it holds a token. */
function readToken(registry, text) {
    try {
        return answerSchema.parse(JSON.parse(text)).refresh_token;
    }
    catch {
        const what = `${registry} gave no token for a login`;
        throw new errors/* ProviderError */.mZ({ code: 'LOGIN-BAD-ANSWER', what, fix: 'Run the step again' });
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/cloud-tokens.js
const AZURE_SCOPE = 'https://containerregistry.azure.net/.default';
const GOOGLE_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const GOOGLE_SECONDS = 3600;
/** A token of Microsoft Entra, for the job as the application that the environment names. */
function azureToken(env, federation) {
    const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId } = env;
    return async (signal) => {
        if (!tenantId || !clientId || !federation)
            return undefined;
        return federation.azure({ tenantId, clientId, scope: AZURE_SCOPE }, signal);
    };
}
/** The application's own secret, where the environment has one: registries of Azure take both as a login. */
function azurePrincipal(env) {
    const { AZURE_CLIENT_ID: username, AZURE_CLIENT_SECRET: password } = env;
    return username && password ? { username, password } : undefined;
}
/** An access token of Google: the one that the run was given, or one for the job by its own identity. */
function googleToken(env, federation) {
    const given = env.GOOGLE_OAUTH_ACCESS_TOKEN || env.CLOUDSDK_AUTH_ACCESS_TOKEN;
    const { GOOGLE_WORKLOAD_IDENTITY_PROVIDER: provider, GOOGLE_SERVICE_ACCOUNT: serviceAccount } = env;
    return async (signal) => {
        if (given)
            return { token: given };
        if (!provider || !federation)
            return undefined;
        const scopes = [GOOGLE_SCOPE];
        const pool = { provider, scopes, lifetimeSeconds: GOOGLE_SECONDS, ...(serviceAccount && { serviceAccount }) };
        return federation.google(pool, signal);
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/ecr-call.js

const ecr_call_HOST = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)$/;
const ecr_call_TIMEOUT_MS = 60_000;
/** What to do where credentials have expired. */
const RENEW_CREDENTIALS = 'Give the job new credentials, or set role under [targets.aws-ecs], which is taken by its own token';
/** The account and the region of one of Amazon's registries; undefined for any other. */
function ecrPlace(registry) {
    const [, account, region] = ecr_call_HOST.exec(registry) ?? [];
    return account !== undefined && region !== undefined ? { account, region } : undefined;
}
/**
 * One question to the API of Amazon's registries, within its time. The SDK is loaded for it alone.
 * @param told makes the error of what went wrong
 * @throws Interrupted, the error of `told`, and errors of this suite that the question itself throws
 */
async function askEcr(region, tools, { signal, told }, ask) {
    const sdk = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(249)]).then(__webpack_require__.t.bind(__webpack_require__, 8249, 19));
    const deadline = AbortSignal.timeout(tools.timeoutMs ?? ecr_call_TIMEOUT_MS);
    const client = new sdk.ECRClient({ region, ...tools.config });
    try {
        return await ask(client, sdk, { abortSignal: AbortSignal.any([signal, deadline]) });
    }
    catch (error) {
        if (signal.aborted)
            throw new errors/* Interrupted */.j$();
        // The SDK itself waits for an answer without end.
        if (deadline.aborted)
            throw told({ kind: 'late', said: 'no answer', status: undefined, cause: error });
        throw error instanceof errors/* ProviderError */.mZ || error instanceof errors/* ConfigError */.xL ? error : told(troubleOf(error));
    }
    finally {
        client.destroy();
    }
}
function troubleOf(error) {
    const status = statusOf(error);
    const name = error instanceof Error ? error.name : '';
    const trouble = { said: [name, (0,errors/* messageOf */.bD)(error)].filter(Boolean).join(': '), status, cause: error };
    // AWS says both with the status of a refusal.
    if (status === 429 || /^(Throttl|TooManyRequests|RequestLimitExceeded)/.test(name))
        return { ...trouble, kind: 'busy' };
    if (/^(ExpiredToken|RequestExpired)/.test(name))
        return { ...trouble, kind: 'expired' };
    if (status !== undefined && status >= 400 && status < 500)
        return { ...trouble, kind: 'refused' };
    if (/Credentials?(?:Provider)?Error/.test(name))
        return { ...trouble, kind: 'no-credentials' };
    return { ...trouble, kind: status === undefined ? 'unreachable' : 'unavailable' };
}
function statusOf(error) {
    const metadata = typeof error === 'object' && error !== null && '$metadata' in error ? error.$metadata : undefined;
    if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata))
        return undefined;
    return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/ecr-login.js


/**
 * Amazon's registries: a password for twelve hours, from the credentials of AWS.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
class EcrLogin {
    #tools;
    constructor(tools) {
        this.#tools = tools;
    }
    async login(registry, signal) {
        const place = ecrPlace(registry);
        if (place === undefined)
            return undefined;
        const told = (trouble) => noPassword(registry, trouble);
        return askEcr(place.region, this.#tools, { signal, told }, async (client, sdk, options) => {
            const { authorizationData } = await client.send(new sdk.GetAuthorizationTokenCommand({}), options);
            const { authorizationToken, expiresAt } = authorizationData?.[0] ?? {};
            return this.#read(registry, authorizationToken ?? '', expiresAt?.getTime());
        });
    }
    #read(registry, token, expiresAt) {
        const [username = '', password = ''] = Buffer.from(token, 'base64').toString('utf8').split(':');
        if (password === '') {
            const what = `AWS gave no password for ${registry}`;
            throw new errors/* ProviderError */.mZ({ code: 'LOGIN-BAD-ANSWER', what, fix: 'Run the step again' });
        }
        this.#tools.mask(password);
        const known = expiresAt === undefined ? {} : { expiresAt };
        return { kind: 'password', username, password, from: 'AWS', ...known };
    }
}
/** What the environment says of AWS, the project's own file included; the SDK's own chain where it says nothing. */
function awsConfigOf(env) {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
    if (!accessKeyId || !secretAccessKey)
        return {};
    return {
        credentials: { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }) },
    };
}
function noPassword(registry, { kind, said, status, cause }) {
    const what = `AWS gives no password for ${registry}: ${said}`;
    switch (kind) {
        case 'refused': {
            const fix = 'Allow ecr:GetAuthorizationToken to the role that this job takes';
            return new errors/* ConfigError */.xL({ code: 'LOGIN-DENIED', what, fix });
        }
        case 'busy': {
            const fix = 'Run the step again later; other jobs that ask the same account often may be the cause';
            return new errors/* ProviderError */.mZ({ code: 'LOGIN-BUSY', what, fix }, { retryable: true, cause });
        }
        case 'expired': {
            return new errors/* ConfigError */.xL({ code: 'LOGIN-DENIED', what, fix: RENEW_CREDENTIALS });
        }
        case 'no-credentials': {
            const fix = `Give this job credentials of AWS, or log in to ${registry} before it`;
            return new errors/* ConfigError */.xL({ code: 'LOGIN-DENIED', what, fix });
        }
        case 'late': {
            const late = `AWS did not give a password for ${registry} in time`;
            const fix = 'Check the network of the runner, then run the step again';
            return new errors/* ProviderError */.mZ({ code: 'LOGIN-TIMEOUT', what: late, fix }, { retryable: true, cause });
        }
        default: {
            const code = kind === 'unreachable' ? 'LOGIN-UNREACHABLE' : 'LOGIN-UNAVAILABLE';
            const detail = { cause, ...(status && { status }) };
            return new errors/* ProviderError */.mZ({ code, what, fix: 'Run the step again later' }, detail);
        }
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/google-login.js
const google_login_HOST = /^(?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)$/;
const USERNAME = 'oauth2accesstoken';
/**
 * Google's registries: an access token is the password.
 * @see https://cloud.google.com/artifact-registry/docs/docker/authentication#token
 */
class GoogleLogin {
    #token;
    /** @param token an access token with the scope `cloud-platform`, or that of reading and writing the registry */
    constructor(token) {
        this.#token = token;
    }
    async login(registry, signal) {
        if (!google_login_HOST.test(registry))
            return undefined;
        const found = await this.#token(signal);
        if (!found)
            return undefined;
        const { token: password, expiresAt } = found;
        const known = expiresAt === undefined ? {} : { expiresAt };
        return { kind: 'password', username: USERNAME, password, from: 'Google Cloud', ...known };
    }
}

// EXTERNAL MODULE: ./build/compiled/shared/release/digest.js
var release_digest = __webpack_require__(5394);
;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/name.js


/** Docker Hub under the name that images have there; its API answers on another host. */
const DOCKER_HUB = 'docker.io';
/** Other names of Docker Hub, which stand for the one. */
const DOCKER_HUB_ALIASES = ['index.docker.io', 'registry-1.docker.io'];
/** Where Docker Hub keeps the images that have one part: `python` is `library/python`. */
const DOCKER_HUB_OFFICIAL = 'library/';
/** Longest path that registries take. */
const MAX_PATH_CHARS = 255;
const HOST_PART = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const name_HOST = new RegExp(`^(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?$`);
const PATH_PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${PATH_PART}(?:/${PATH_PART})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
/**
 * Reads the name of an image as Docker does: without a registry it is one of Docker Hub, and there without a `/` one of
 * `library/`. No tag is made up where none is written.
 *
 * @param text `python`, `eu.example.com:5000/team/motor-pricing:1.4.0`, `python@sha256:…`
 * @throws ConfigError IMAGE-NAME, IMAGE-NAME-UPPER-CASE
 * @see https://github.com/distribution/reference/blob/v0.6.0/reference.go
 */
function parseImageName(text) {
    const [named = '', digest, ...more] = text.split('@');
    if (more.length > 0)
        throw bad(text, 'has more than one @');
    if (/^[a-z]+:\/\//i.test(named))
        throw bad(text, 'is an address', 'Leave out what comes before the registry');
    if (digest !== undefined && !(0,release_digest/* isDigest */.Bc)(digest)) {
        throw bad(text, 'has no digest of SHA-256 after the @', 'Write @sha256: and 64 digits of 0-9 and a-f');
    }
    const [, path = '', tag] = /^(.*?)(?::([^/:]*))?$/s.exec(named) ?? [];
    if (tag !== undefined && !isTag(tag)) {
        throw bad(text, 'has a tag that is none', 'A tag is up to 128 of letters, digits, _ . and -');
    }
    return { name: repositoryIn(path, text), tag, digest };
}
/** True for what registries take as a tag: up to 128 of letters, digits, `_`, `.` and `-`, the first no `.` or `-`. */
function isTag(text) {
    return TAG.test(text);
}
/** `eu.example.com/team/motor-pricing`: the whole name, which {@link parseImageName} reads back. */
function describeRepository({ registry, repository }) {
    return `${registry}/${repository}`;
}
/** `eu.example.com/team/motor-pricing@sha256:…` */
function describeImage(name, digest) {
    return `${describeRepository(name)}@${digest}`;
}
/** `eu.example.com/team/motor-pricing:1.4.0` */
function describeTag(name, tag) {
    return `${describeRepository(name)}:${tag}`;
}
function repositoryIn(path, text) {
    const slash = path.indexOf('/');
    const first = path.slice(0, slash);
    const hasHost = slash !== -1 && (/[.:]/.test(first) || first === 'localhost');
    const written = hasHost ? path.slice(slash + 1) : path;
    const registry = hasHost ? registryOf(first, text) : DOCKER_HUB;
    const repository = registry === DOCKER_HUB && written !== '' && !written.includes('/') ? DOCKER_HUB_OFFICIAL + written : written;
    if (/[A-Z]/.test(repository))
        throw upperCase(text, written);
    if (!PATH.test(repository)) {
        const fix = 'Between slashes write a-z and 0-9, with single . or _ or any number of - in between';
        throw bad(text, repository === '' ? 'names no repository' : 'has a repository that no registry takes', fix);
    }
    if (repository.length > MAX_PATH_CHARS)
        throw bad(text, `has a repository of over ${MAX_PATH_CHARS} characters`);
    // Docker reads 64 hexadecimal digits as the id of an image.
    if (!hasHost && /^[0-9a-f]{64}$/.test(written))
        throw bad(text, 'is the id of an image on one machine');
    return { registry, repository };
}
function registryOf(host, text) {
    const port = Number(/:(\d+)$/.exec(host)?.[1] ?? '1');
    if (!name_HOST.test(host) || port < 1 || port > 65_535) {
        throw bad(text, `has a registry that is no host: ${JSON.stringify(host.slice(0, 100))}`);
    }
    const registry = host.toLowerCase();
    return DOCKER_HUB_ALIASES.includes(registry) ? DOCKER_HUB : registry;
}
function upperCase(text, written) {
    return new errors/* ConfigError */.xL({
        code: 'IMAGE-NAME-UPPER-CASE',
        what: `${shown(text)} has upper case in the name of its repository, which registries refuse`,
        fix: `Write ${shown(written.toLowerCase())}; a registry without a dot in its name needs its port, like REGISTRY:443`,
    });
}
function bad(text, why, fix = 'Write it like eu.example.com/team/motor-pricing:1.4.0') {
    return new errors/* ConfigError */.xL({ code: 'IMAGE-NAME', what: `the image ${shown(text)} ${why}`, fix });
}
function shown(text) {
    return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/found-credentials.js

/** A login that is about to expire is not begun with, and one that was just given is good, whatever our clock thinks of it. */
const MARGIN_MS = 5 * 60_000;
/**
 * Every login there is: what was set for this project, then what somebody logged in to, then what the CI system and the
 * cloud give by themselves. Each is found once and kept while it is valid.
 */
class FoundCredentials {
    #tools;
    #found = new Map();
    constructor(tools) {
        this.#tools = tools;
    }
    async find(name, signal) {
        const key = `${name.registry}/${name.repository}`;
        const kept = this.#found.get(key);
        const now = this.#tools.clock.now();
        if (kept) {
            const credential = await kept.credential;
            const until = credential?.expiresAt ?? Number.POSITIVE_INFINITY;
            if (Math.max(until - MARGIN_MS, kept.atMs + MARGIN_MS) > now)
                return credential;
        }
        const finding = { credential: this.#look(name, signal), atMs: now };
        this.#found.set(key, finding);
        try {
            return await finding.credential;
        }
        catch (error) {
            if (this.#found.get(key) === finding)
                this.#found.delete(key);
            throw error;
        }
    }
    async #look(name, signal) {
        const credential = this.#fromEnv(name) ?? (await this.#tools.files.find(name, signal)) ?? (await this.#fromProviders(name, signal));
        if (credential)
            this.#tools.mask(credential.kind === 'password' ? credential.password : credential.token);
        return credential;
    }
    #fromEnv({ registry }) {
        const { env, configuredRegistry } = this.#tools;
        const { DOCKER_USERNAME: username, DOCKER_PASSWORD: password } = env;
        if (!username || !password || found_credentials_registryOf(configuredRegistry) !== registry)
            return undefined;
        return { kind: 'password', username, password, from: 'DOCKER_USERNAME' };
    }
    async #fromProviders({ registry }, signal) {
        for (const provider of this.#tools.providers) {
            const credential = await provider.login(registry, signal);
            if (credential)
                return credential;
        }
        return undefined;
    }
}
/** The registry of `eu.example.com/team`; where none is written, images go to Docker Hub. */
function found_credentials_registryOf(configured) {
    return configured === undefined
        ? undefined
        : parseImageName(`${configured.replace(/\/+$/, '')}/x`.replace(/^\//, '')).name.registry;
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/given-logins.js
/** Logins that somebody else has read: of a CI system for its own registry. */
class GivenLogins {
    #logins;
    constructor(logins) {
        this.#logins = logins;
    }
    async login(registry) {
        const login = this.#logins.find((each) => bare(each.registry) === bare(registry));
        if (login === undefined)
            return undefined;
        const { username, password, from } = login;
        return { kind: 'password', username, password, from, isImplied: true };
    }
}
/** GitLab names its cache of images with the usual port, and people leave it out. */
function bare(registry) {
    return registry.toLowerCase().replace(/:443$/, '');
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/registry-keys.js

/** The key that Docker writes its Hub under; it names an API that is long gone. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';
/**
 * The keys of login files that stand for a repository, the narrowest first: podman's logins may be for a path alone.
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
function keysOf({ registry, repository }) {
    const parts = repository.split('/');
    const paths = parts.map((_, index) => [registry, ...parts.slice(0, parts.length - index)].join('/'));
    return [...paths, ...hostKeysOf(registry)];
}
/** The keys that stand for a whole registry; credential helpers are asked by the first. */
function hostKeysOf(registry) {
    return registry === DOCKER_HUB ? [DOCKER_HUB_KEY, registry, ...DOCKER_HUB_ALIASES] : [registry];
}
/** A key as it is compared: without `https://`, and of Docker's old keys the host alone. */
function plainKey(key) {
    const bare = key.replace(/^https?:\/\//i, '');
    const isOld = bare !== key || /\/v[12]\/?$/.test(bare);
    const [host = '', ...path] = bare.replace(/\/+$/, '').split('/');
    return isOld ? host.toLowerCase() : [host.toLowerCase(), ...path].join('/');
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/helper.js



const HELPER_MS = 60_000;
/** What helpers write instead of a user name when the secret stands for a login. */
const IDENTITY_USER = '<token>';
const NOT_FOUND = /credentials not found|no credentials server URL|no usernames? for/i;
const helper_answerSchema = schemas/* object */.Ikc({ Username: schemas/* string */.YjP(), Secret: schemas/* string */.YjP().min(1) });
/**
 * Asks a credential helper. The registry goes in by standard input and the secret comes by standard output; what it
 * writes is in no message.
 *
 * @returns undefined where it knows no login
 * @throws ConfigError REGISTRY-HELPER; ProviderError EXEC-NOT-FOUND; Interrupted
 * @see https://github.com/docker/docker-credential-helpers#development
 */
async function askHelper({ exec, env, mask }, helper, registry, path, signal) {
    if (!/^[\w.-]+$/.test(helper))
        throw failed(helper, registry, `${path} gives it a name that no program has`);
    const [server] = hostKeysOf(registry);
    const { code, stdout, stderr, timedOut } = await exec.run({
        argv: [`docker-credential-${helper}`, 'get'],
        cwd: '/',
        env,
        stdin: `${server}\n`,
        timeoutMs: HELPER_MS,
        signal,
    });
    if (timedOut)
        throw failed(helper, registry, `it did not end within ${HELPER_MS / 1000} s`);
    if (code !== 0) {
        if (NOT_FOUND.test(stdout + stderr))
            return undefined;
        throw failed(helper, registry, `it ended with ${code}`);
    }
    const read = helper_answerSchema.safeParse(jsonOf(stdout));
    if (!read.success)
        throw failed(helper, registry, 'its answer is not a login');
    const { Username: username, Secret: secret } = read.data;
    mask(secret);
    const from = `docker-credential-${helper}`;
    return username === IDENTITY_USER
        ? { kind: 'identity', token: secret, from }
        : { kind: 'password', username, password: secret, from };
}
function jsonOf(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function failed(helper, registry, why) {
    return new errors/* ConfigError */.xL({
        code: 'REGISTRY-HELPER',
        what: `docker-credential-${helper} gives no login for ${registry}: ${why}`,
        fix: `Look at what echo ${registry} | docker-credential-${helper} get says, or log in with docker login`,
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/login-file.js



const entrySchema = schemas/* object */.Ikc({
    auth: schemas/* string */.YjP().optional(),
    username: schemas/* string */.YjP().optional(),
    password: schemas/* string */.YjP().optional(),
    identitytoken: schemas/* string */.YjP().optional(),
    registrytoken: schemas/* string */.YjP().optional(),
});
const fileSchema = schemas/* object */.Ikc({
    auths: schemas/* record */.g1P(schemas/* string */.YjP(), entrySchema.nullable()).nullish(),
    credHelpers: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).nullish(),
    credsStore: schemas/* string */.YjP().nullish(),
});
/** @throws ConfigError REGISTRY-LOGIN-FILE; its message holds nothing of the file */
function readLoginFile(path, bytes) {
    const read = fileSchema.safeParse(login_file_jsonOf(bytes));
    if (!read.success) {
        const where = read.error.issues[0]?.path.slice(0, 1).join('.');
        throw broken(path, where ? `its '${where}' is not as Docker writes it` : 'it is not JSON');
    }
    const { auths, credHelpers, credsStore } = read.data;
    return {
        path,
        auths: byKey(Object.entries(auths ?? {}).flatMap(([key, entry]) => (entry ? [[key, entry]] : []))),
        helpers: byKey(Object.entries(credHelpers ?? {})),
        store: credsStore || undefined,
    };
}
function byKey(entries) {
    const found = new Map();
    for (const [key, value] of entries)
        if (!found.has(plainKey(key)))
            found.set(plainKey(key), value);
    return found;
}
/** The helper that a file names for a repository's registry. */
function helperFor(file, { registry }) {
    const own = hostKeysOf(registry)
        .map((key) => file.helpers.get(plainKey(key)))
        .find((name) => name !== undefined && name !== '');
    if (own !== undefined)
        return { name: own, isOwn: true };
    return file.store === undefined ? undefined : { name: file.store, isOwn: false };
}
/** The login that a file itself holds for a repository. @throws ConfigError REGISTRY-LOGIN-FILE */
function loginIn(file, name) {
    for (const key of keysOf(name)) {
        const entry = file.auths.get(plainKey(key));
        const credential = entry && credentialOf(file.path, entry);
        if (credential)
            return credential;
    }
    return undefined;
}
/** Undefined for an entry that is empty: the mark of a login that a helper keeps. */
function credentialOf(path, entry) {
    if (entry.identitytoken)
        return { kind: 'identity', token: entry.identitytoken, from: path };
    if (entry.registrytoken)
        return { kind: 'bearer', token: entry.registrytoken, from: path };
    if (entry.username && entry.password) {
        return { kind: 'password', username: entry.username, password: entry.password, from: path };
    }
    if (!entry.auth)
        return undefined;
    const text = Buffer.from(entry.auth, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 1)
        throw broken(path, "an 'auth' in it is not a user name and a password in base64");
    // Docker pads with zero bytes.
    const password = text.slice(colon + 1).replace(/\0+$/, '');
    return { kind: 'password', username: text.slice(0, colon), password, from: path };
}
function login_file_jsonOf(bytes) {
    try {
        return JSON.parse(Buffer.from(bytes).toString('utf8'));
    }
    catch {
        return undefined;
    }
}
function broken(path, why) {
    return new errors/* ConfigError */.xL({
        code: 'REGISTRY-LOGIN-FILE',
        what: `the logins in ${path} cannot be read: ${why}`,
        fix: 'Log in again with docker login or podman login, or remove the file',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/login/login-files.js



/** Where Docker and podman keep logins, in the order in which they are asked. */
function loginPaths(env) {
    const { REGISTRY_AUTH_FILE, DOCKER_CONFIG, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = env;
    const home = env.HOME || env.USERPROFILE;
    const config = XDG_CONFIG_HOME || (home && `${home}/.config`);
    const docker = DOCKER_CONFIG || (home && `${home}/.docker`);
    return [
        REGISTRY_AUTH_FILE,
        docker && `${docker}/config.json`,
        XDG_RUNTIME_DIR && `${XDG_RUNTIME_DIR}/containers/auth.json`,
        config && `${config}/containers/auth.json`,
    ].flatMap((path) => (path ? [path] : []));
}
/** Logins that `docker login` and `podman login` left, in files or in the programs that the files name. */
class LoginFiles {
    #tools;
    constructor(tools) {
        this.#tools = tools;
    }
    /** @throws ConfigError REGISTRY-LOGIN-FILE, REGISTRY-HELPER; Interrupted */
    async find(name, signal) {
        for (const path of loginPaths(this.#tools.env)) {
            const bytes = await this.#tools.files.read(path);
            const file = bytes && readLoginFile(path, bytes);
            const credential = file && ((await this.#fromHelper(file, name, signal)) ?? loginIn(file, name));
            if (credential)
                return credential;
        }
        return undefined;
    }
    async #fromHelper(file, name, signal) {
        const helper = helperFor(file, name);
        if (helper === undefined)
            return undefined;
        try {
            return await askHelper(this.#tools, helper.name, name.registry, file.path, signal);
        }
        catch (error) {
            const isAbsent = error instanceof errors/* ProviderError */.mZ && error.problem.code === 'EXEC-NOT-FOUND';
            if (!isAbsent)
                throw error;
            // One for all registries may be from another machine's desktop; one for this registry is meant.
            if (!helper.isOwn) {
                this.#tools.note(`${file.path} names docker-credential-${helper.name}, which is not on this machine`);
                return undefined;
            }
            throw new errors/* ConfigError */.xL({
                code: 'REGISTRY-HELPER',
                what: `${file.path} names docker-credential-${helper.name} for ${name.registry}, which is not on this machine`,
                fix: 'Install it, or take it out of credHelpers and log in with docker login',
            });
        }
    }
}

// EXTERNAL MODULE: ./node_modules/undici/index.js
var undici = __webpack_require__(6752);
;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/connections.js

const CONNECT_MS = 15_000;
/** Shorter than most servers keep a connection, so that no request meets one that closes. */
const KEEP_ALIVE_MS = 4_000;
/** Connections, through the proxy that the environment names, as other programs of the job go. They hold no process open. */
function connections(env) {
    const named = (name) => env[name] || env[name.toUpperCase()] || '';
    return new undici/* EnvHttpProxyAgent */.J2({
        httpProxy: named('http_proxy'),
        httpsProxy: named('https_proxy'),
        // What speaks to this machine itself needs no proxy.
        noProxy: [named('no_proxy'), 'localhost', '127.0.0.1', '[::1]'].filter(Boolean).join(','),
        connect: { timeout: CONNECT_MS },
        keepAliveTimeout: KEEP_ALIVE_MS,
        clientFactory: (origin, options) => new ProxyPool(origin, options),
    });
}
/**
 * Connections to a proxy. Undici asks a proxy that hangs up for a tunnel again without end when the error is one of its
 * own sockets, so it is given another.
 */
class ProxyPool extends undici/* Pool */.bC {
    connect(options, callback) {
        if (callback)
            return super.connect(options, callback);
        return super.connect(options).catch((cause) => {
            throw new Error('the proxy gives no connection to it', { cause });
        });
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/media-types.js
/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md */
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
const OCI_EMPTY = 'application/vnd.oci.empty.v1+json';
const OCI_LAYER_GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const INDEXES = [OCI_INDEX, 'application/vnd.docker.distribution.manifest.list.v2+json'];
const MANIFESTS = [OCI_MANIFEST, 'application/vnd.docker.distribution.manifest.v2+json'];
const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:prettyjws|json)$/;
const CONFIGS = [OCI_CONFIG, 'application/vnd.docker.container.image.v1+json'];
/** What a layer of a base image is called in an OCI manifest. The bytes, and so the digest, stay as they are. */
const LAYERS = {
    'application/vnd.oci.image.layer.v1.tar': 'application/vnd.oci.image.layer.v1.tar',
    [OCI_LAYER_GZIP]: OCI_LAYER_GZIP,
    'application/vnd.oci.image.layer.v1.tar+zstd': 'application/vnd.oci.image.layer.v1.tar+zstd',
    'application/vnd.docker.image.rootfs.diff.tar': 'application/vnd.oci.image.layer.v1.tar',
    'application/vnd.docker.image.rootfs.diff.tar.gzip': OCI_LAYER_GZIP,
    'application/vnd.docker.image.rootfs.diff.tar.zstd': 'application/vnd.oci.image.layer.v1.tar+zstd',
};

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/refusal.js



/** Statuses that another try, later, may change. */
const BUSY = new Set([408, 425, 500, 502, 503, 504]);
const QUOTA = /quota|storage limit|exceed\w* the (?:configured )?(?:upper )?limit|no space left|insufficient storage|disk (?:is )?full/i;
const AMAZON = /^\d{12}\.dkr[.-]ecr\b/;
const READ_ONLY = /read[- ]?only|maintenance mode/i;
const IMMUTABLE = /immutable|ImageTagAlreadyExists|tag\b.*already exists|cannot be overwritten|manifest is locked|is locked/i;
/** A refusal as the error that it is: the user's to mend, or the registry's. */
function refusalError(refusal) {
    return loginProblem(refusal) ?? nameProblem(refusal) ?? failure(refusal);
}
function loginProblem(refusal) {
    const { status, name, action, login, said, isKnown } = refusal;
    if (status !== 401 && (status !== 403 || isFull(refusal) || READ_ONLY.test(said.text)))
        return undefined;
    if (refusal.tag !== undefined && IMMUTABLE.test(said.text))
        return undefined;
    if (login === undefined) {
        return new errors/* ConfigError */.xL({
            code: 'REGISTRY-NOT-LOGGED-IN',
            what: `${answered(refusal)}; nobody is logged in to ${name.registry}, which would need to ${action} ${name.repository}`,
            fix: `Log in to ${name.registry} before this step: docker login, DOCKER_USERNAME and DOCKER_PASSWORD, or the login of your cloud`,
        });
    }
    if (status === 403 || isKnown) {
        return new errors/* ConfigError */.xL({
            code: 'REGISTRY-DENIED',
            what: `${answered(refusal)}; the login of ${login} may not ${action} ${describeRepository(name)}`,
            fix: permissionFix(refusal),
        });
    }
    return new errors/* ConfigError */.xL({
        code: 'REGISTRY-LOGIN-REFUSED',
        what: `${answered(refusal)}; the login of ${login} is not accepted for ${name.registry}`,
        fix: 'Check its user name and password, or log in again: it may have expired',
    });
}
/** Amazon's registry names the permission, where the answer has a text at all. */
function permissionFix({ name, action, said }) {
    const [, permission] = /\bperform: ([\w-]+:\w+)/.exec(said.text) ?? [];
    if (permission === undefined && !AMAZON.test(name.registry))
        return `Give it the permission to ${action} ${name.repository}, or create the repository where the registry wants it to be there first`;
    const wanted = permission ?? `what a ${action} needs`;
    return `Allow ${wanted} on ${name.repository} in the IAM policy of the role that this job takes, as docs/reference/aws-ecs-iam.md has it`;
}
function nameProblem(refusal) {
    const { status, name, tag, said, action } = refusal;
    if (said.codes.includes('NAME_INVALID')) {
        const fix = 'Use a name that this registry takes; some want a project or a namespace before it';
        return new errors/* ConfigError */.xL({ code: 'IMAGE-NAME', what: answered(refusal), fix });
    }
    if (tag !== undefined && (status === 409 || (status < 500 && IMMUTABLE.test(said.text)))) {
        return new errors/* ConfigError */.xL({
            code: 'REGISTRY-TAG-IMMUTABLE',
            what: `${answered(refusal)}; the tag ${describeTag(name, tag)} is there, and the registry lets nobody move it`,
            fix: 'Use another tag, or let the registry move tags of this repository',
        });
    }
    if (status === 404 && action === 'push') {
        return new errors/* ConfigError */.xL({
            code: 'REGISTRY-NO-REPOSITORY',
            what: `${answered(refusal)}; it has no repository ${name.repository}, and makes none`,
            fix: 'Create the repository (at Amazon ECR the create-repository input does so), or correct its name',
        });
    }
    return undefined;
}
function failure(refusal) {
    const { status, requestId, retryAfterMs, said } = refusal;
    const full = isFull(refusal);
    return new errors/* ProviderError */.mZ(problemOf(refusal, full), {
        status,
        retryable: status === 429 || (BUSY.has(status) && !full && !READ_ONLY.test(said.text)),
        ...(requestId !== undefined && { requestId }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
}
function problemOf(refusal, full) {
    const { status, said, action, name, retryAfterMs } = refusal;
    const what = answered(refusal);
    if (full)
        return { code: 'REGISTRY-FULL', what, fix: 'Delete images that nothing uses, or raise the quota' };
    if (status === 413) {
        return { code: 'REGISTRY-TOO-LARGE', what, fix: 'Raise the limit of a request in the proxy or the registry' };
    }
    if (status === 429) {
        const wait = retryAfterMs === undefined ? '' : `, and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
        return { code: 'REGISTRY-RATE-LIMITED', what: `${what}${wait}`, fix: 'Log in, or run the step again later' };
    }
    if (READ_ONLY.test(said.text) || (status === 405 && action === 'push')) {
        const fix = 'Wait until its maintenance is over, or push to the registry that this one mirrors';
        return { code: 'REGISTRY-READ-ONLY', what: `${what}; ${name.registry} takes no pushes now`, fix };
    }
    if (BUSY.has(status)) {
        return { code: 'REGISTRY-UNAVAILABLE', what, fix: 'Look at the status of the registry, then run the step again' };
    }
    return { code: 'REGISTRY-REFUSED', what, fix: 'Look at the log of the registry' };
}
function isFull({ status, said }) {
    return status === 507 || QUOTA.test(said.text);
}
/** `eu.example.com answered 403 DENIED: requested access to the resource is denied`. */
function answered({ host, name, status, said }) {
    const text = said.text.replace(/[.;\s]+$/, '');
    return `${host ?? name.registry} answered ${status}${text === '' ? '' : ` ${text}`}`;
}
/** An answer that is not what the specification says. */
function badAnswer(host, why, retryable = false) {
    return new errors/* ProviderError */.mZ({
        code: 'REGISTRY-BAD-ANSWER',
        what: `${host} ${why}`,
        fix: 'Check that it is a registry of container images; something between here and there may change its answers',
    }, { retryable });
}
/** Bytes that are not those of their digest. */
function wrongDigest(host, what) {
    return new errors/* ProviderError */.mZ({
        code: 'REGISTRY-DIGEST',
        what: `${host} ${what}`,
        fix: 'Do not use it: look into the storage of the registry, and into the proxies in front of it',
    });
}
/**
 * What an answer says the digest of its content is must be what was sent or asked for.
 * @throws ProviderError REGISTRY-DIGEST
 */
function checkNamedDigest(answer, expected) {
    const named = answer.header('docker-content-digest');
    if (named === undefined || !(0,release_digest/* isDigest */.Bc)(named) || named === expected)
        return;
    throw wrongDigest(answer.url.host, `says that the content of ${expected} has the digest ${named}`);
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/address.js


/** Where Docker Hub's API answers. */
const DOCKER_HUB_API = 'registry-1.docker.io';
/**
 * Where the API of a registry is: `https://<host>/`. Plain http is for this machine and for hosts that are named for it.
 *
 * @param insecure hosts, with their ports, to speak plain http to
 */
function addressOf(registry, insecure) {
    if (registry === DOCKER_HUB)
        return new URL(`https://${DOCKER_HUB_API}/`);
    const plain = isLoopback(new URL(`http://${registry}/`).hostname) || insecure.includes(registry);
    return new URL(`${plain ? 'http' : 'https'}://${registry}/`);
}
/** True for the names and addresses by which a machine speaks to itself. */
function isLoopback(hostname) {
    return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
/**
 * An address that a registry sends us on to. From https nothing leads to plain http, and from plain http only to hosts
 * that may be spoken to so.
 *
 * @throws ProviderError REGISTRY-REDIRECT
 */
function nextAddress(location, from, insecure) {
    if (location === undefined || !URL.canParse(location, from.href))
        throw refusal(from, 'to an address that is none');
    const next = new URL(location, from);
    if (next.username !== '' || next.password !== '')
        throw refusal(from, 'to an address with a password in it');
    if (next.protocol === 'https:')
        return next;
    if (next.protocol !== 'http:')
        throw refusal(from, `to an address of ${next.protocol}`);
    if (from.protocol === 'http:' && (isLoopback(next.hostname) || insecure.includes(next.host)))
        return next;
    throw refusal(from, `over plain http to ${next.host}`);
}
function refusal(from, whither) {
    return new errors/* ProviderError */.mZ({
        code: 'REGISTRY-REDIRECT',
        what: `${from.host} sends requests on ${whither}, which is refused`,
        fix: 'Let the proxy in front of the registry tell it the address that clients use (X-Forwarded-Proto, X-Forwarded-Host)',
    });
}
function elsewhere(from, next) {
    return refusal(from, `with the login to ${next.host}`);
}
function tooManyRedirects(from) {
    return refusal(from, 'again and again');
}
function unexpectedRedirect(from, status) {
    return refusal(from, `(${status}) where none belongs, perhaps to a login page`);
}
/** Host and path: what comes after may hold a signature. */
function shownAddress({ host, pathname }) {
    return host + pathname;
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/upload-session.js


/** Milliseconds that giving an upload up may take: the registry forgets it by itself later. */
const CANCEL_MS = 5_000;
/** Milliseconds until a registry has put a large blob in its place. */
const FINISH_MS = 300_000;
const CHUNK_TYPE = { 'content-type': 'application/octet-stream' };
/** An upload that a registry has opened. Where it is may change with every answer. */
class UploadSession {
    #kit;
    #location;
    /** Bytes that a chunk must have at least, but for the last one. */
    minChunkBytes;
    constructor(kit, opened) {
        this.#kit = kit;
        this.#location = nextAddress(opened.header('location'), opened.url, kit.tools.insecure);
        const min = Number(opened.header('oci-chunk-min-length') ?? '0');
        this.minChunkBytes = Number.isSafeInteger(min) && min > 0 ? min : 0;
    }
    /** @throws what {@link Session.ask} throws; the registry's refusal */
    static async open(kit) {
        const opened = await post(kit, kit.need, {});
        if (opened.status !== 202)
            throw await kit.session.refusal(kit.need, opened, kit.signal);
        await opened.discard();
        return new UploadSession(kit, opened);
    }
    /** Takes a blob over from another repository of the registry. @returns an upload where that is not to be had */
    static async mount(kit, digest, from) {
        const answer = await post(kit, { ...kit.need, alsoPull: from }, { mount: digest, from });
        await answer.discard();
        if (answer.status === 201) {
            checkNamedDigest(answer, digest);
            return 'mounted';
        }
        return answer.status === 202 ? new UploadSession(kit, answer) : undefined;
    }
    /** Sends bytes that begin at `from`. The answer is read, whatever it is, by the caller. */
    async patch(body, from) {
        const headers = { ...CHUNK_TYPE, 'content-range': `${from}-${from + body.length - 1}` };
        return this.#ask('PATCH', this.#location, { headers, body });
    }
    /** Ends the upload, with all of the bytes or after the last of them. */
    async put(digest, body) {
        const url = new URL(this.#location);
        // As text: what is there may be signed as it is written.
        url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
        const none = { headers: { 'content-length': '0' } };
        return this.#ask('PUT', url, { ...(body ? { headers: CHUNK_TYPE, body } : none), answerMs: FINISH_MS });
    }
    /** How far the upload has come. */
    async status() {
        return this.#ask('GET', this.#location, {});
    }
    /** Follows the registry to where the upload goes on. */
    follow(answer) {
        const location = answer.header('location');
        if (location !== undefined)
            this.#location = nextAddress(location, answer.url, this.#kit.tools.insecure);
    }
    /** Gives the upload up, as well as that can be done; nobody depends on it. */
    async cancel() {
        const signal = AbortSignal.timeout(CANCEL_MS);
        try {
            const request = { method: 'DELETE', url: this.#location, signal, timed: true };
            const answer = await this.#kit.session.ask(this.#kit.need, request);
            await answer.discard();
        }
        catch {
            // What fails here is told by what failed before, and the registry ends uploads of itself.
        }
    }
    #ask(method, url, request) {
        const { session, need, signal } = this.#kit;
        return session.ask(need, {
            method,
            url,
            signal,
            timed: request.body === undefined && method === 'GET',
            ...request,
        });
    }
}
/** Bytes that the registry has, from a `Range` of `0-<last>`. `0-0` stands for none as well as for one: none is safe. */
function receivedBytes(answer) {
    const range = answer.header('range');
    if (range === undefined)
        return 0;
    const [, last] = /^(?:bytes=)?0-(\d+)$/.exec(range.trim()) ?? [];
    if (last === undefined)
        throw badAnswer(answer.url.host, `says that it has the range ${JSON.stringify(range.slice(0, 60))}`);
    return last === '0' ? 0 : Number(last) + 1;
}
function post(kit, need, query) {
    const url = kit.session.url(need, 'blobs/uploads/');
    for (const [name, value] of Object.entries(query))
        url.searchParams.set(name, value);
    const headers = { 'content-length': '0' };
    return kit.session.ask(need, { method: 'POST', url, headers, signal: kit.signal, timed: true });
}
/** True when the repository has the blob. @throws the registry's refusal */
async function isStored(kit, { digest }) {
    const { session, need, signal } = kit;
    const url = session.url(need, `blobs/${digest}`);
    const answer = await session.ask(need, { method: 'HEAD', url, signal, timed: true });
    if (answer.status === 404)
        return false;
    if (answer.status !== 200)
        throw await session.refusal(need, answer, signal);
    checkNamedDigest(answer, digest);
    return true;
}
/** Tells of what is tried again. */
function retryNote({ tools, need }) {
    return (error, waitMs) => tools.note(tools.redact(`${need.name.registry}: ${error.message}. Trying again in ${Math.ceil(waitMs / 1000)} s`));
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/manifests.js







/** Registries take manifests of 4 MiB at least; one that is larger than this is none. */
const MAX_MANIFEST_BYTES = 8 * 1024 * 1024;
const ACCEPT = [...INDEXES, ...MANIFESTS].join(', ');
const KNOWN = [...INDEXES, ...MANIFESTS];
const kindSchema = schemas/* object */.Ikc({
    schemaVersion: schemas/* unknown */.L5J().optional(),
    mediaType: schemas/* string */.YjP().optional(),
});
/** @returns undefined where there is none of that tag or digest */
async function pullManifest(kit, reference) {
    return kit.tools.retry(() => pullOnce(kit, reference), { signal: kit.signal, onRetry: retryNote(kit) });
}
async function pullOnce(kit, reference) {
    checkReference(reference);
    const { session, need, signal } = kit;
    const url = session.url(need, `manifests/${reference}`);
    const answer = await session.ask(need, { method: 'GET', url, headers: { accept: ACCEPT }, signal, timed: true });
    if (answer.status === 404) {
        await answer.discard();
        return undefined;
    }
    if (answer.status !== 200)
        throw await session.refusal(need, answer, signal);
    const bytes = await answer.bytes(MAX_MANIFEST_BYTES + 1);
    if (bytes.length > MAX_MANIFEST_BYTES)
        throw badAnswer(url.host, `gave a manifest of over ${MAX_MANIFEST_BYTES} bytes`);
    const mediaType = mediaTypeOf(kit, reference, answer, bytes);
    const digest = (0,release_digest/* digestOf */.ol)(bytes);
    if ((0,release_digest/* isDigest */.Bc)(reference) && digest !== reference) {
        throw wrongDigest(need.name.registry, `gave ${digest} when it was asked for ${reference}`);
    }
    checkNamedDigest(answer, digest);
    return { descriptor: { mediaType, digest, size: bytes.length }, bytes };
}
/** What stands in an address must be what registries take. @throws ConfigError IMAGE-NAME */
function checkReference(reference) {
    if (isTag(reference) || (0,release_digest/* isDigest */.Bc)(reference))
        return;
    const what = `${JSON.stringify(reference.slice(0, 150))} is neither a tag nor a digest`;
    throw new errors/* ConfigError */.xL({ code: 'IMAGE-NAME', what, fix: 'A tag is up to 128 of letters, digits, _ . and -' });
}
/** Header and content must agree: else one reader would take for an index what another takes for an image. */
function mediaTypeOf({ need }, reference, answer, bytes) {
    const said = (answer.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const { host } = answer.url;
    const content = kindOf(bytes);
    if (SCHEMA_1.test(said) || content?.schemaVersion === 1) {
        const image = (0,release_digest/* isDigest */.Bc)(reference) ? describeImage(need.name, reference) : describeTag(need.name, reference);
        throw new errors/* ConfigError */.xL({
            code: 'REGISTRY-SCHEMA-1',
            what: `${image} is stored in Docker's schema 1, which no digest can vouch for`,
            fix: 'Pull it and push it again with a Docker of this decade, or use a newer image',
        });
    }
    if (content === undefined)
        throw badAnswer(host, `gave something else than a manifest for ${reference}`);
    if (KNOWN.includes(said)) {
        if (content.mediaType === undefined || content.mediaType === said)
            return said;
        throw badAnswer(host, `gave a manifest as ${said} that calls itself ${JSON.stringify(content.mediaType.slice(0, 100))}`);
    }
    if (content.mediaType !== undefined && KNOWN.includes(content.mediaType))
        return content.mediaType;
    throw badAnswer(host, `gave something of the type ${JSON.stringify(said.slice(0, 100))} for ${reference}`);
}
function kindOf(bytes) {
    try {
        return kindSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data;
    }
    catch {
        return undefined;
    }
}
/**
 * Stores a manifest under a tag or its digest.
 * @returns true where the registry keeps a list of what refers to its subject
 */
async function putManifest(kit, manifest, tag) {
    const { digest, mediaType } = manifest.descriptor;
    if ((0,release_digest/* digestOf */.ol)(manifest.bytes) !== digest)
        throw new Error(`a manifest is not that of its digest ${digest}`);
    if (tag !== undefined)
        checkReference(tag);
    const { session, need, signal } = kit;
    return kit.tools.retry(async () => {
        const answer = await session.ask(need, {
            method: 'PUT',
            url: session.url(need, `manifests/${tag ?? digest}`),
            headers: { 'content-type': mediaType },
            body: manifest.bytes,
            signal,
            timed: true,
        });
        if (answer.status !== 201)
            throw await session.refusal(need, answer, signal);
        await answer.discard();
        checkNamedDigest(answer, digest);
        return answer.header('oci-subject') !== undefined;
    }, { signal, onRetry: retryNote(kit) });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/pages.js


const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** A list that is longer than this is one that never ends. */
const MAX_PAGES = 1_000;
/**
 * The pages of a list, each named by the `Link` of the one before.
 * @param absent statuses that say that there is no such list
 * @returns undefined where there is none
 * @throws ProviderError REGISTRY-BAD-ANSWER for a list that does not end, or ends in the middle
 * @see https://www.rfc-editor.org/rfc/rfc8288
 */
async function readPages(kit, first, accept, absent) {
    const pages = [];
    const seen = new Set();
    for (let url = first; url;) {
        const page = await readPage(kit, url, accept, absent);
        if (page === undefined && pages.length === 0)
            return undefined;
        // Half a list would pass for the whole.
        if (page === undefined)
            throw badAnswer(url.host, 'gave the beginning of a list, and then said that there is none', true);
        pages.push(page);
        seen.add(url.href);
        url = nextPage(page.answer, url);
        if (url && (seen.has(url.href) || pages.length === MAX_PAGES))
            throw badAnswer(url.host, 'gave a list that never ends');
    }
    return pages;
}
function readPage(kit, url, accept, absent) {
    const { session, need, signal, tools } = kit;
    return tools.retry(async () => {
        const answer = await session.ask(need, { method: 'GET', url, headers: { accept }, signal, timed: true });
        if (absent.has(answer.status)) {
            await answer.discard();
            return undefined;
        }
        if (answer.status !== 200)
            throw await session.refusal(need, answer, signal);
        return { answer, json: pages_jsonOf(await answer.bytes(MAX_PAGE_BYTES), answer) };
    }, { signal, onRetry: retryNote(kit) });
}
function nextPage(answer, url) {
    const link = answer
        .headers('link')
        .flatMap((header) => header.split(/,(?=\s*<)/))
        .find((each) => /;\s*rel="?next"?\s*(?:;|$)/i.test(each));
    const target = /^\s*<([^>]*)>/.exec(link ?? '')?.[1];
    if (target === undefined)
        return undefined;
    if (!URL.canParse(target, url.href))
        throw badAnswer(url.host, 'names a next page that is no address');
    const next = new URL(target, url);
    // Behind a proxy some name themselves by an inner address: path and query are what counts, and the host is ours.
    return new URL(next.pathname + next.search, url);
}
function pages_jsonOf(bytes, answer) {
    try {
        return JSON.parse(Buffer.from(bytes).toString('utf8'));
    }
    catch {
        throw badAnswer(answer.url.host, 'gave a list that is cut off or no JSON', true);
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/transport-errors.js

const TIMEOUTS = /^(?:UND_ERR_(?:HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT|ESOCKETTIMEDOUT)$/;
const DROPS = /^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_ABORTED|UND_ERR_INFO|HPE_.*)$/;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|ERR_TLS/;
/** What a server of plain http answers to the greeting of https. */
const NO_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|EPROTO/;
/** No connection, or one that ended too early. Undici and the system name the cause by a code. */
function transportError(host, error) {
    const code = deepestCode(error);
    const why = `${(0,errors/* messageOf */.bD)(deepest(error))}${code && !(0,errors/* messageOf */.bD)(deepest(error)).includes(code) ? ` (${code})` : ''}`;
    if (TIMEOUTS.test(code))
        return timedOut(host, why, error);
    if (DROPS.test(code))
        return dropped(host, why, error);
    return unreachable(host, why, code, error);
}
function timedOut(host, why, cause) {
    return new errors/* ProviderError */.mZ({
        code: 'REGISTRY-TIMEOUT',
        what: `${host} did not answer in time: ${why}`,
        fix: 'Check the network between the runner and the registry, and the load of the registry',
    }, { retryable: true, cause });
}
function dropped(host, why, cause) {
    return new errors/* ProviderError */.mZ({
        code: 'REGISTRY-DROPPED',
        what: `${host} ended the connection: ${why}`,
        fix: 'Look at the log of the registry, and at the limits of the proxies in front of it',
    }, { retryable: true, cause });
}
function unreachable(host, why, code, cause) {
    const fix = NO_TLS.test(code)
        ? 'The registry seems to speak plain http: give it a certificate, or name its host as insecure'
        : CERTIFICATE.test(code)
            ? 'Give the runner the certificate of the authority that signs for the registry (NODE_EXTRA_CA_CERTS)'
            : 'Check the name of the registry, the network, the proxy and the certificates of the runner';
    return new errors/* ProviderError */.mZ({ code: 'REGISTRY-UNREACHABLE', what: `${host} cannot be reached: ${why}`, fix }, { retryable: !NO_TLS.test(code) && !CERTIFICATE.test(code), cause });
}
function deepest(error) {
    return error instanceof Error && error.cause instanceof Error ? deepest(error.cause) : error;
}
function deepestCode(error) {
    if (!(error instanceof Error))
        return '';
    const below = deepestCode(error.cause);
    return below || ('code' in error && typeof error.code === 'string' ? error.code : '');
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/pull-blob.js





/** Times that one blob is taken up again where it was cut off. */
const MAX_REOPENED = 30;
/**
 * The bytes of a blob, as they come. After a dropped connection it goes on where it was cut off.
 * @throws ProviderError REGISTRY-DIGEST at the end where the bytes are others than the digest's, REGISTRY-BLOB-MISSING
 */
async function* pullBlob(kit, blob) {
    const { tools, signal, need } = kit;
    const hash = (0,external_node_crypto_.createHash)('sha256');
    const position = { body: undefined, at: 0, opened: 0 };
    try {
        while (position.at < blob.size) {
            const piece = await tools.retry(() => next(kit, blob, position), { signal, onRetry: retryNote(kit) });
            hash.update(piece);
            position.at += piece.length;
            if (position.at > blob.size)
                throw wrongDigest(need.name.registry, `gave more bytes of ${blob.digest} than it has`);
            if (position.at < blob.size)
                yield piece;
            else {
                checkDigest(`sha256:${hash.digest('hex')}`);
                yield piece;
            }
        }
        if (blob.size === 0)
            checkDigest(`sha256:${hash.digest('hex')}`);
    }
    finally {
        await position.body?.return();
    }
    function checkDigest(found) {
        if (found !== blob.digest)
            throw wrongDigest(need.name.registry, `gave ${found} when it was asked for ${blob.digest}`);
    }
}
async function next(kit, blob, position) {
    position.body ??= await pull_blob_open(kit, blob, position);
    try {
        const read = await position.body.next();
        if (!read.done)
            return read.value;
    }
    catch (error) {
        position.body = undefined;
        throw error;
    }
    position.body = undefined;
    throw dropped(kit.need.name.registry, `${blob.digest} ended after ${position.at} of ${blob.size} bytes`);
}
async function pull_blob_open(kit, { digest, size }, position) {
    const { session, need, signal } = kit;
    if (position.opened++ > MAX_REOPENED) {
        const { registry } = need.name;
        const what = `${registry} cut ${digest} off ${MAX_REOPENED} times`;
        throw new errors/* ProviderError */.mZ({ code: 'REGISTRY-DROPPED', what, fix: 'Look at the log of the registry' });
    }
    const from = position.at;
    // The end is written out: some registries want it.
    const headers = from > 0 ? { range: `bytes=${from}-${size - 1}` } : {};
    const answer = await session.ask(need, {
        method: 'GET',
        url: session.url(need, `blobs/${digest}`),
        headers,
        signal,
        timed: false,
    });
    if (answer.status === 200)
        return skip(answer.chunks(), from);
    if (answer.status === 206 && from > 0) {
        checkRange(answer, from);
        return answer.chunks();
    }
    if (answer.status === 404) {
        await answer.discard();
        throw new errors/* ProviderError */.mZ({
            code: 'REGISTRY-BLOB-MISSING',
            what: `${need.name.registry} has no ${digest} in ${need.name.repository}`,
            fix: 'Push the image again: part of it was deleted',
        }, { status: 404 });
    }
    throw await session.refusal(need, answer, signal);
}
function checkRange(answer, from) {
    const range = answer.header('content-range') ?? '';
    if (!range.startsWith(`bytes ${from}-`))
        throw badAnswer(answer.url.host, `was asked for bytes from ${from} and gave ${JSON.stringify(range.slice(0, 60))}`);
}
/** A server that knows no ranges begins anew. */
async function* skip(body, bytes) {
    let left = bytes;
    for await (const piece of body) {
        if (left >= piece.length)
            left -= piece.length;
        else {
            yield left === 0 ? piece : piece.subarray(left);
            left = 0;
        }
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/blob-source.js


/**
 * A blob on its way out. Its bytes are hashed as they pass, each once however often it is sent, and the last of them
 * leaves only when all of them have the digest that they should have: a file that changed meanwhile is never stored.
 */
class OutgoingBlob {
    #source;
    #progress;
    #hash = (0,external_node_crypto_.createHash)('sha256');
    #hashed = 0;
    #sent = 0;
    #isRight = false;
    constructor(source, progress = () => undefined) {
        this.#source = source;
        this.#progress = progress;
    }
    /** Bytes that were handed to the network, those that had to be sent again included. */
    get sent() {
        return this.#sent;
    }
    /** Bytes from the start that were sent at least once: a registry cannot have more. */
    get reached() {
        return this.#hashed;
    }
    /** The bytes from `from` up to and not including `to`, read anew each time they are opened. */
    part(from, to) {
        return { length: to - from, open: () => this.#read(from, to) };
    }
    async *#read(from, to) {
        let at = from;
        let held;
        for await (const piece of this.#source.open(from)) {
            const rest = to - at;
            // Before what is held goes out: with the last of its bytes a registry takes a blob for whole.
            if (piece.length > rest && to === this.#source.size)
                throw this.#changed('is longer than it was');
            if (held !== undefined)
                yield this.#hand(held, at);
            held = piece.length > rest ? piece.subarray(0, rest) : piece;
            this.#add(held, at);
            at += held.length;
            if (at === to && to < this.#source.size)
                break;
        }
        if (at < to)
            throw this.#changed(`ends after ${at} of ${this.#source.size} bytes`);
        if (to === this.#source.size)
            this.#checkDigest();
        if (held !== undefined)
            yield this.#hand(held, at);
    }
    #hand(piece, at) {
        this.#sent += piece.length;
        this.#progress(at);
        return piece;
    }
    #add(piece, at) {
        const known = this.#hashed - at;
        if (known < 0 || known >= piece.length)
            return;
        this.#hash.update(piece.subarray(known));
        this.#hashed = at + piece.length;
    }
    #checkDigest() {
        if (this.#isRight)
            return;
        if (`sha256:${this.#hash.copy().digest('hex')}` !== this.#source.digest)
            throw this.#changed('has another digest');
        this.#isRight = true;
    }
    #changed(how) {
        return new errors/* ProviderError */.mZ({
            code: 'REGISTRY-SOURCE-CHANGED',
            what: `content changed while it was sent: ${this.#source.digest} ${how}`,
            fix: 'Run the step again, and let nothing write to its files meanwhile',
        });
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/chunked-upload.js



/** Refusals that say nothing about the way in which a blob is sent. */
const NOT_ABOUT_CHUNKS = new Set([401, 403, 408, 413, 425, 429]);
/** A line that breaks more often is not going to last. */
const MAX_LOOK_UPS = 30;
const MAX_RESTARTS = 4;
/**
 * Sends a large blob part by part. After a part that failed the registry is asked how much it has, and the upload goes on
 * from there, or begins anew where the registry has forgotten it.
 *
 * @param opened an upload that is open already
 * @returns false where the registry takes no parts: some take a blob in one request only
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks
 */
async function sendInChunks(kit, source, blob, opened) {
    const state = { upload: opened, at: 0, isUnsure: false, outOfStepAt: undefined, lookUps: 0, restarts: 0 };
    const again = { signal: kit.signal, onRetry: retryNote(kit) };
    try {
        while (state.at < source.size) {
            if (!(await kit.tools.retry(() => sendNext(kit, source, blob, state), again)))
                return await giveUp(state);
        }
        return (await kit.tools.retry(() => finish(kit, source, state), again)) || (await giveUp(state));
    }
    catch (error) {
        await state.upload?.cancel();
        throw error;
    }
}
async function giveUp(state) {
    await state.upload?.cancel();
    return false;
}
/** One part. @returns false where the registry takes none */
async function sendNext(kit, source, blob, state) {
    if (state.isUnsure)
        await lookUp(kit, blob, state);
    state.upload ??= await UploadSession.open(kit);
    const { upload, at } = state;
    if (at >= source.size)
        return true;
    const end = Math.min(at + Math.max(kit.tools.limits.chunkBytes, upload.minChunkBytes), source.size);
    state.isUnsure = true;
    const answer = await upload.patch(blob.part(at, end), at);
    if (answer.status === 202) {
        await answer.discard();
        upload.follow(answer);
        const has = answer.header('range') === undefined ? end : receivedBytes(answer);
        // One byte is told like none.
        const now = has === 0 && end === 1 ? 1 : has;
        if (now <= at || now > end)
            throw badAnswer(answer.url.host, `says that it has ${now} bytes, and was sent ${end}`);
        state.at = now;
        state.isUnsure = false;
        return true;
    }
    return outOfStep(kit, state, answer);
}
/** Ends an upload whose bytes are all there. @returns false where the registry made something else of the parts */
async function finish(kit, source, state) {
    // The answer to the request before may be all that was lost.
    if (state.isUnsure && (await isStored(kit, source)))
        return true;
    const { upload } = state;
    if (upload === undefined)
        return false;
    state.isUnsure = true;
    const answer = await upload.put(source.digest);
    if (answer.status === 201) {
        await answer.discard();
        checkNamedDigest(answer, source.digest);
        return true;
    }
    if (isAboutChunks(answer)) {
        await answer.discard();
        return false;
    }
    throw await kit.session.refusal(kit.need, answer, kit.signal);
}
/** Asks how much of the upload has arrived; begins anew where that cannot be told. */
async function lookUp(kit, blob, state) {
    const { upload } = state;
    if (upload === undefined)
        return;
    if (++state.lookUps > MAX_LOOK_UPS)
        throw brokenOff(kit, `the upload broke ${MAX_LOOK_UPS} times`);
    const answer = await upload.status();
    if (answer.status === 204 || answer.status === 200) {
        await answer.discard();
        const has = receivedBytes(answer);
        if (has <= blob.reached) {
            upload.follow(answer);
            state.at = has;
            state.isUnsure = false;
            return;
        }
    }
    else if (answer.status >= 500 || answer.status === 429) {
        throw await kit.session.refusal(kit.need, answer, kit.signal);
    }
    else {
        await answer.discard();
    }
    if (++state.restarts > MAX_RESTARTS)
        throw brokenOff(kit, `it has forgotten the upload ${MAX_RESTARTS} times`);
    await upload.cancel();
    state.upload = undefined;
    state.at = 0;
    state.isUnsure = false;
}
function brokenOff({ need }, why) {
    const what = `${need.name.registry} does not get to the end of a blob: ${why}`;
    return new errors/* ProviderError */.mZ({
        code: 'REGISTRY-DROPPED',
        what,
        fix: 'Look at the log of the registry, and at the line to it',
    });
}
async function outOfStep(kit, state, answer) {
    if (!isAboutChunks(answer))
        throw await kit.session.refusal(kit.need, answer, kit.signal);
    const forgotten = answer.status === 404 || answer.status === 416;
    if (!forgotten || state.outOfStepAt === state.at) {
        await answer.discard();
        return false;
    }
    state.outOfStepAt = state.at;
    const refusal = await kit.session.refusal(kit.need, answer, kit.signal);
    throw new errors/* ProviderError */.mZ({ code: 'REGISTRY-REFUSED', what: refusal.message, fix: 'Look at the log of the registry' }, { status: answer.status, retryable: true, cause: refusal });
}
function isAboutChunks({ status }) {
    return status >= 400 && status < 500 && !NOT_ABOUT_CHUNKS.has(status);
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/push-blob.js





/** Repositories that are asked for a blob before it is sent. */
const MAX_MOUNTS = 4;
/**
 * Stores a blob where it is not there: mounted from a repository that has it, sent in one request, or in several.
 * @returns bytes that were sent
 */
async function pushBlob(kit, source, push) {
    const { tools, signal } = kit;
    const onRetry = retryNote(kit);
    if (await tools.retry(() => isStored(kit, source), { signal, onRetry }))
        return 0;
    const opened = await mount(kit, source, push.mountFrom ?? []);
    if (opened === 'mounted')
        return 0;
    const blob = new OutgoingBlob(source, push.progress);
    const isLarge = source.size > tools.limits.wholeBytes;
    if (isLarge && (await sendInChunks(kit, source, blob, opened)))
        return blob.sent;
    if (isLarge)
        tools.note(`${kit.need.name.registry} takes no part of a blob by itself: it is sent in one request`);
    let upload = isLarge ? undefined : opened;
    let tries = 0;
    await tools.retry(async () => {
        // The answer to the request before may be all that was lost.
        if (tries++ > 0 && (await isStored(kit, source)))
            return;
        const used = upload ?? (await UploadSession.open(kit));
        upload = undefined;
        await sendWhole(kit, source, blob, used);
    }, { signal, onRetry });
    return blob.sent;
}
/** @returns the last upload that a registry opened instead; undefined where none is open */
async function mount(kit, source, candidates) {
    const { tools, need, signal } = kit;
    let opened;
    const others = [...new Set(candidates)].filter((each) => each !== need.name.repository).slice(0, MAX_MOUNTS);
    for (const from of others) {
        const answer = await tools.retry(() => mountFrom(kit, source, from), { signal, onRetry: retryNote(kit) });
        if (answer === undefined)
            continue;
        await opened?.cancel();
        if (answer === 'mounted')
            return answer;
        opened = answer;
    }
    return opened;
}
async function mountFrom(kit, { digest }, from) {
    try {
        return await UploadSession.mount(kit, digest, from);
    }
    catch (error) {
        // Not allowed to read the other repository: the blob is sent as if there were none.
        if (error instanceof errors/* ConfigError */.xL)
            return undefined;
        throw error;
    }
}
async function sendWhole(kit, source, blob, upload) {
    try {
        const answer = await upload.put(source.digest, blob.part(0, source.size));
        if (answer.status !== 201)
            throw await kit.session.refusal(kit.need, answer, kit.signal);
        await answer.discard();
        checkNamedDigest(answer, source.digest);
    }
    catch (error) {
        await upload.cancel();
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/referrers.js







/** What registries without the API answer to it. */
const NO_API = new Set([400, 404, 405, 501]);
const CREATED = 'org.opencontainers.image.created';
/** Times that the list under a tag is written again because somebody else wrote it meanwhile. */
const MAX_WRITES = 5;
const descriptorSchema = schemas/* object */.Ikc({
    mediaType: schemas/* string */.YjP(),
    digest: schemas/* custom */.IeY((value) => typeof value === 'string' && (0,release_digest/* isDigest */.Bc)(value)),
    size: schemas/* int */.Whr().min(0),
    artifactType: schemas/* string */.YjP().optional(),
    annotations: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
});
const indexSchema = schemas/* object */.Ikc({ manifests: schemas/* array */.YOg(descriptorSchema).nullish() });
const subjectSchema = schemas/* object */.Ikc({
    subject: schemas/* object */.Ikc({ digest: descriptorSchema.shape.digest }).optional(),
    artifactType: schemas/* string */.YjP().optional(),
    config: schemas/* object */.Ikc({ mediaType: schemas/* string */.YjP() }).optional(),
    annotations: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
});
/**
 * What refers to a manifest: as the registry lists it, or as earlier clients wrote it down under a tag.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
async function listReferrers(kit, subject, artifactType) {
    const url = kit.session.url(kit.need, `referrers/${subject}`);
    if (artifactType !== undefined)
        url.searchParams.set('artifactType', artifactType);
    const pages = await readPages(kit, url, OCI_INDEX, NO_API);
    const found = pages
        ? pages.flatMap(({ json, answer }) => descriptorsIn(json, answer.url.host))
        : await listedUnderTag(kit, subject);
    // A registry may leave the filter to us, and says so by not saying that it filtered.
    const wanted = artifactType === undefined ? found : found.filter((each) => each.artifactType === artifactType);
    return newestLast(wanted);
}
/**
 * Stores a manifest, and where the registry does not keep the list of what refers to its subject, writes that list.
 * @throws what storing throws; ProviderError REGISTRY-REFERRERS
 */
async function pushReferring(kit, manifest, tag) {
    const isListed = await putManifest(kit, manifest, tag);
    const read = subjectOf(manifest);
    if (read?.subject !== undefined && !isListed)
        await addUnderTag(kit, read.subject.digest, entryOf(manifest, read));
}
function subjectOf({ bytes }) {
    try {
        return subjectSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data;
    }
    catch {
        return undefined;
    }
}
function entryOf({ descriptor }, read) {
    const { mediaType, digest, size } = descriptor;
    const artifactType = read.artifactType || read.config?.mediaType;
    const { annotations } = read;
    return { mediaType, digest, size, ...(artifactType && { artifactType }), ...(annotations && { annotations }) };
}
/** `sha256-<hex>`: where clients of registries without the API keep the list. */
function tagOf(subject) {
    return subject.replace(':', '-');
}
async function listedUnderTag(kit, subject) {
    const stored = await pullManifest(kit, tagOf(subject));
    if (stored === undefined)
        return [];
    return descriptorsIn(JSON.parse(Buffer.from(stored.bytes).toString('utf8')), kit.need.name.registry);
}
/** The list is read, written and read again: of two who write at once, the one whose line is lost writes once more. */
async function addUnderTag(kit, subject, entry) {
    for (let tries = 0; tries < MAX_WRITES; tries++) {
        const listed = await listedUnderTag(kit, subject);
        if (listed.some(({ digest }) => digest === entry.digest))
            return;
        await putManifest(kit, indexOf([...listed, entry]), tagOf(subject));
    }
    if ((await listedUnderTag(kit, subject)).some(({ digest }) => digest === entry.digest))
        return;
    throw new errors/* ProviderError */.mZ({
        code: 'REGISTRY-REFERRERS',
        what: `${kit.need.name.registry} does not keep the list of what belongs to ${subject}: others write it at the same time`,
        fix: 'Run the step again when no other job writes to this image',
    });
}
function indexOf(manifests) {
    const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
    return { descriptor: { mediaType: OCI_INDEX, digest: (0,release_digest/* digestOf */.ol)(bytes), size: bytes.length }, bytes };
}
function descriptorsIn(json, host) {
    const read = indexSchema.safeParse(json);
    if (!read.success)
        throw badAnswer(host, 'gave a list of referrers that is none');
    return (read.data.manifests ?? []).map(({ artifactType, annotations, ...rest }) => ({
        ...rest,
        ...(artifactType !== undefined && { artifactType }),
        ...(annotations !== undefined && { annotations }),
    }));
}
/** By the time that each was made, where all of them say; as they are listed otherwise. */
function newestLast(found) {
    const times = new Map(found.map((each) => [each, Date.parse(each.annotations?.[CREATED] ?? '')]));
    if ([...times.values()].some(Number.isNaN))
        return found;
    return found.toSorted((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0));
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/challenge.js
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAM = new RegExp(`^(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))`, 's');
const SCHEME = new RegExp(`^(${TOKEN})(?=[ \\t,]|$)`);
const TOKEN68 = /^[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/;
/**
 * Reads `WWW-Authenticate`: several challenges may stand in one header or in several, and quoted values hold commas. What
 * cannot be read ends the header; what was read until there counts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.www-authenticate
 */
function parseChallenges(header) {
    const headers = header === undefined ? [] : typeof header === 'string' ? [header] : header;
    return headers.flatMap(parseOne);
}
function parseOne(header) {
    const found = [];
    let rest = header;
    for (;;) {
        rest = rest.replace(/^[\s,]+/, '');
        if (rest === '')
            return found;
        const param = PARAM.exec(rest);
        const current = found.at(-1);
        if (param && current) {
            const [whole, name = '', quoted, plain = ''] = param;
            // The first of two counts: what comes later may have been added on the way.
            current.params[name.toLowerCase()] ??= quoted?.replaceAll(/\\(.)/gs, '$1') ?? plain;
            rest = rest.slice(whole.length);
            continue;
        }
        const [scheme] = SCHEME.exec(rest) ?? [];
        if (scheme === undefined)
            return found;
        found.push({ scheme: scheme.toLowerCase(), params: Object.create(null) });
        rest = rest.slice(scheme.length).replace(/^[ \t]+/, '');
        // `Negotiate abc==`: one value without a name.
        rest = rest.replace(TOKEN68, '');
    }
}
/** `repository:team/motor:pull,push`: one resource and what may be done with it. */
const SCOPE = /^([a-z]+(?:\([^)]*\))?):(.+):([a-z_*,]+)$/;
/** Scopes with what they allow put together for each resource, sorted: the same wishes give the same text. */
function mergeScopes(scopes) {
    const actions = new Map();
    const others = new Set();
    for (const scope of scopes) {
        const [, type, name, list = ''] = SCOPE.exec(scope) ?? [];
        if (type === undefined) {
            if (scope !== '')
                others.add(scope);
            continue;
        }
        const known = actions.get(`${type}:${name}`) ?? new Set();
        for (const action of list.split(','))
            if (action !== '')
                known.add(action);
        actions.set(`${type}:${name}`, known);
    }
    return [
        ...[...actions].map(([resource, known]) => `${resource}:${[...known].toSorted().join(',')}`),
        ...others,
    ].toSorted();
}
/** The scopes that a challenge names; none where it names none. */
function scopesIn({ params }) {
    return (params.scope ?? '').split(' ').filter((scope) => scope !== '');
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/coerce.js
var coerce = __webpack_require__(9567);
;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/said.js

const MAX_BODY_BYTES = 64 * 1024;
const MAX_SHOWN_CHARS = 400;
const errorsSchema = schemas/* object */.Ikc({
    errors: schemas/* array */.YOg(schemas/* object */.Ikc({ code: coerce/* string */.Yj(), message: schemas/* string */.YjP().nullish(), detail: schemas/* unknown */.L5J().optional() }))
        .min(1),
});
/** Of token services: OAuth's, and that of Docker Hub. */
const otherSchema = schemas/* object */.Ikc({
    error: schemas/* string */.YjP().optional(),
    error_description: schemas/* string */.YjP().optional(),
    message: schemas/* string */.YjP().optional(),
    details: schemas/* string */.YjP().optional(),
});
/**
 * Reads the body of a refusal. Secrets are hidden before it is cut, so that no half of one is left.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
 */
async function readSaid(answer, redact) {
    const body = Buffer.from(await answer.bytes(MAX_BODY_BYTES)).toString('utf8');
    const type = answer.header('content-type') ?? '';
    const { codes, text } = saidIn(body, type);
    return { codes, text: shorten(redact(text)) };
}
function saidIn(body, type) {
    const json = said_jsonOf(body);
    const errors = errorsSchema.safeParse(json);
    if (errors.success) {
        const lines = errors.data.errors.map(({ code, message, detail }) => [code, message, typeof detail === 'string' ? detail : undefined].filter(Boolean).join(': '));
        return { codes: errors.data.errors.map(({ code }) => code), text: lines.join('; ') };
    }
    const other = otherSchema.safeParse(json);
    if (other.success) {
        const { error, error_description, message, details } = other.data;
        return {
            codes: error ? [error] : [],
            text: [error, error_description, message, details].filter(Boolean).join(': '),
        };
    }
    // The page of a proxy says nothing in its tags.
    return { codes: [], text: type.includes('html') ? body.replaceAll(/<[^>]*>/g, ' ') : body };
}
function said_jsonOf(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function shorten(text) {
    const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
    return line.length > MAX_SHOWN_CHARS ? `${line.slice(0, MAX_SHOWN_CHARS)}…` : line;
}

// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
// EXTERNAL MODULE: ./build/compiled/shared/version.js
var version = __webpack_require__(5850);
;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/wire.js





const MAX_REDIRECTS = 5;
const KEEPS_METHOD = new Set([307, 308]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/**
 * One request, with redirects followed by hand: credentials stay with the host that they were sent to.
 * @throws ProviderError REGISTRY-UNREACHABLE, REGISTRY-DROPPED, REGISTRY-TIMEOUT, REGISTRY-REDIRECT; Interrupted
 */
async function send(tools, request) {
    let { url, authorization } = request;
    for (let hops = 0;; hops++) {
        const answer = await sendOnce(tools, { ...request, url, authorization });
        if (!REDIRECTS.has(answer.status))
            return answer;
        await answer.discard();
        const reads = request.method === 'GET' || request.method === 'HEAD';
        if (!reads && !KEEPS_METHOD.has(answer.status))
            throw unexpectedRedirect(url, answer.status);
        if (hops === MAX_REDIRECTS)
            throw tooManyRedirects(url);
        const next = nextAddress(answer.header('location'), url, tools.insecure);
        if (next.origin !== url.origin && request.staysHome)
            throw elsewhere(url, next);
        if (next.origin !== url.origin)
            authorization = undefined;
        url = next;
    }
}
async function sendOnce(tools, request) {
    const { url, method, signal } = request;
    if (signal.aborted)
        throw new errors/* Interrupted */.j$();
    const deadline = request.timed ? AbortSignal.timeout(tools.limits.requestMs) : undefined;
    const explain = (error) => {
        if (signal.aborted)
            return new errors/* Interrupted */.j$();
        // What the source of a body throws is told as it is.
        if (error instanceof errors/* ProviderError */.mZ || error instanceof errors/* ConfigError */.xL || error instanceof errors/* Interrupted */.j$)
            return error;
        return deadline?.aborted
            ? timedOut(url.host, `it took over ${tools.limits.requestMs / 1000} s`, error)
            : transportError(url.host, error);
    };
    const { body, length } = bodyOf(request.body);
    try {
        const stop = deadline ? AbortSignal.any([signal, deadline]) : signal;
        const asking = tools.dispatcher.request({
            origin: url.origin,
            path: url.pathname + url.search,
            method,
            headers: {
                'user-agent': `haute-deploy/${version/* VERSION */.x}`,
                // Digests are of the bytes as they are stored.
                'accept-encoding': 'identity',
                ...(length !== undefined && { 'content-length': String(length) }),
                ...request.headers,
                ...(request.authorization !== undefined && { authorization: request.authorization }),
            },
            ...(body !== undefined && { body }),
            signal: stop,
            headersTimeout: request.answerMs ?? tools.limits.idleMs,
            bodyTimeout: tools.limits.idleMs,
        });
        return answerOf(await unlessStopped(asking, stop), url, explain);
    }
    catch (error) {
        throw explain(error);
    }
}
/** Undici hears of a signal when it is connected, and not before: nobody waits for that. */
async function unlessStopped(asking, signal) {
    let stopped = () => undefined;
    const stopping = new Promise((_, reject) => {
        stopped = () => reject(signal.reason);
        signal.addEventListener('abort', stopped, { once: true });
    });
    try {
        return await Promise.race([asking, stopping]);
    }
    finally {
        signal.removeEventListener('abort', stopped);
        asking.catch(() => undefined);
    }
}
function bodyOf(body) {
    if (body === undefined)
        return {};
    if (typeof body === 'string' || body instanceof Uint8Array)
        return { body };
    return { body: external_node_stream_.Readable.from(body.open(), { objectMode: false }), length: body.length };
}
function answerOf({ statusCode, headers, body }, url, explain) {
    const all = (name) => {
        const value = headers[name];
        return value === undefined ? [] : typeof value === 'string' ? [value] : value;
    };
    async function* chunks() {
        try {
            for await (const chunk of body)
                yield chunk;
        }
        catch (error) {
            throw explain(error);
        }
    }
    return {
        status: statusCode,
        url,
        header: (name) => all(name)[0],
        headers: all,
        chunks,
        async bytes(maxBytes) {
            const read = [];
            let length = 0;
            for await (const chunk of chunks()) {
                read.push(chunk);
                length += chunk.length;
                if (length >= maxBytes)
                    break;
            }
            return Buffer.concat(read).subarray(0, maxBytes);
        },
        async discard() {
            try {
                await body.dump();
            }
            catch (error) {
                throw explain(error);
            }
        },
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/token-service.js





const CLIENT_ID = 'haute-deploy';
/** What a token service says to a login. */
const REFUSALS = new Set([401, 403, 408, 425, 429]);
const MAX_ANSWER_BYTES = 256 * 1024;
/** What a token lives where nobody says. */
const DEFAULT_LIFETIME_S = 60;
const token_service_answerSchema = schemas/* object */.Ikc({ token: schemas/* string */.YjP().optional(), access_token: schemas/* string */.YjP().optional(), expires_in: schemas/* number */.aig().optional() })
    .transform(({ token, access_token, expires_in }) => ({
    token: token || access_token || '',
    seconds: expires_in === undefined || expires_in <= 0 ? DEFAULT_LIFETIME_S : expires_in,
}))
    .refine(({ token }) => token !== '');
/**
 * Asks the token service that a registry names for a token of some scopes.
 *
 * @param registry address of the registry's API
 * @throws ConfigError REGISTRY-NOT-LOGGED-IN, REGISTRY-LOGIN-REFUSED, REGISTRY-DENIED; ProviderError REGISTRY-REALM,
 *   REGISTRY-BAD-ANSWER and what {@link send} throws; Interrupted
 * @see https://distribution.github.io/distribution/spec/auth/token/
 * @see https://distribution.github.io/distribution/spec/auth/oauth/
 */
async function fetchToken(tools, registry, challenge, scopes, credential, wish, signal) {
    const realm = realmOf(registry, challenge);
    const service = challenge.params.service;
    const asked = tools.clock.now();
    const answer = await send(tools, {
        ...(credential?.kind === 'identity'
            ? exchange(realm, service, scopes, credential.token)
            : question(realm, service, scopes, credential)),
        signal,
        timed: true,
        // The login is in the request: nobody else gets it.
        staysHome: true,
    });
    if (answer.status !== 200 && !REFUSALS.has(answer.status) && answer.status < 500) {
        await answer.discard();
        throw badAnswer(realm.host, `answered ${answer.status} when it was asked for a token`);
    }
    if (answer.status !== 200) {
        throw refusalError({
            ...wish,
            host: realm.host,
            status: answer.status,
            said: await readSaid(answer, tools.redact),
            login: credential?.from,
            isKnown: false,
            requestId: undefined,
            retryAfterMs: tools.retryAfterMs(answer.header('retry-after')),
        });
    }
    const read = token_service_answerSchema.safeParse(token_service_jsonOf(await answer.bytes(MAX_ANSWER_BYTES)));
    if (!read.success)
        throw badAnswer(realm.host, 'gave no token');
    const { token, seconds } = read.data;
    tools.mask(token);
    // By our own clock: what the service's clock says is no matter. A tenth is left for the way there.
    return { token, expiresAt: asked + seconds * 900 };
}
/** A GET, with a password where there is one. */
function question(realm, service, scopes, credential) {
    const url = new URL(realm);
    if (service !== undefined)
        url.searchParams.set('service', service);
    for (const scope of scopes)
        url.searchParams.append('scope', scope);
    const authorization = credential?.kind === 'password' ? basic(credential) : undefined;
    return { method: 'GET', url, authorization };
}
/** A POST, for a token that stands for a login. */
function exchange(realm, service, scopes, refreshToken) {
    const form = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: CLIENT_ID,
        refresh_token: refreshToken,
        scope: scopes.join(' '),
        ...(service !== undefined && { service }),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', url: realm, headers, body: form.toString() };
}
/** What proves a user name and password in a header. */
function basic({ username, password }) {
    return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
/**
 * Where the registry says that tokens are. Docker Hub's is another host than its registry, so over https any is; over
 * plain http only the host of a registry that is itself spoken to so.
 */
function realmOf(registry, { params }) {
    const realm = params.realm ?? '';
    if (!URL.canParse(realm))
        throw badAnswer(registry.host, 'asks for a token and says of no service that gives one');
    const url = new URL(realm);
    const plain = url.protocol === 'http:' && registry.protocol === 'http:' && url.hostname === registry.hostname;
    if ((url.protocol !== 'https:' && !plain) || url.username !== '' || url.password !== '') {
        throw new errors/* ProviderError */.mZ({
            code: 'REGISTRY-REALM',
            what: `${registry.host} sends logins to ${url.protocol}//${url.host}, which is not safe`,
            fix: 'Give the token service of the registry an https address without a password in it',
        });
    }
    return url;
}
function token_service_jsonOf(bytes) {
    try {
        return JSON.parse(Buffer.from(bytes).toString('utf8'));
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/session.js







/** Requests to registries, with whatever each asks for to show who we are. */
class Session {
    #tools;
    /** The challenge of each registry that has sent one. */
    #challenges = new Map();
    /** Tokens, also those under way, by registry and scopes. */
    #tokens = new Map();
    /** Scopes that a registry asked for beyond those that we thought of, by registry and scopes. */
    #asked = new Map();
    constructor(tools) {
        this.#tools = tools;
    }
    /** Address of something below `/v2/<repository>/`. */
    url(need, path) {
        return new URL(`v2/${need.name.repository}/${path}`, addressOf(need.name.registry, this.#tools.insecure));
    }
    /**
     * One request, made again once when the registry wants to know who we are. Nothing is shown to any other host.
     * @throws ConfigError and ProviderError for a refusal to let us in; what {@link send} throws
     */
    async ask(need, request) {
        const { registry } = need.name;
        const home = addressOf(registry, this.#tools.insecure);
        if (request.url.origin !== home.origin)
            return send(this.#tools, request);
        const known = this.#challenges.get(registry);
        const first = known && (await this.#prove(need, known, home, request.signal));
        const answer = await send(this.#tools, { ...request, authorization: first?.authorization });
        if (answer.status !== 401 || answer.url.origin !== home.origin)
            return answer;
        const said = await readSaid(answer, this.#tools.redact);
        const challenge = chosen(parseChallenges(answer.headers('www-authenticate')));
        if (challenge === undefined)
            throw await this.#refused(need, answer, said, false, request.signal);
        this.#learn(need, challenge);
        const proof = await this.#prove(need, challenge, home, request.signal, first);
        // Nothing to show, or nothing new: the same would be refused again.
        if (proof === undefined || proof.authorization === first?.authorization) {
            throw await this.#refused(need, answer, said, false, request.signal);
        }
        const second = await send(this.#tools, { ...request, authorization: proof.authorization });
        if (second.status === 401)
            throw await this.refusal(need, second, request.signal, proof.isKnown);
        return second;
    }
    /**
     * The error for an answer that is not what was asked for.
     * @param isKnown who we are was accepted, and is not what the answer is about
     */
    async refusal(need, answer, signal, isKnown = true) {
        return this.#refused(need, answer, await readSaid(answer, this.#tools.redact), isKnown, signal);
    }
    async #refused(need, answer, said, isKnown, signal) {
        const credential = await this.#tools.credentials.find(need.name, signal);
        const { header, status, url } = answer;
        return refusalError({
            name: need.name,
            action: need.action,
            tag: need.tag,
            status,
            ...(url.host !== addressOf(need.name.registry, this.#tools.insecure).host && { host: url.host }),
            said,
            login: credential?.from,
            isKnown,
            requestId: header('x-request-id') ?? header('x-ms-correlation-request-id') ?? header('docker-request-id'),
            retryAfterMs: this.#tools.retryAfterMs(header('retry-after')),
        });
    }
    #learn(need, challenge) {
        this.#challenges.set(need.name.registry, challenge);
        const wanted = scopesOf(need);
        const key = keyOf(need.name.registry, wanted);
        this.#asked.set(key, mergeScopes([...wanted, ...(this.#asked.get(key) ?? []), ...scopesIn(challenge)]));
    }
    /** @param refused what was shown before and was not accepted */
    async #prove(need, challenge, home, signal, refused) {
        const credential = await this.#tools.credentials.find(need.name, signal);
        if (challenge.scheme === 'basic') {
            return credential?.kind === 'password' ? { authorization: basic(credential), isKnown: false } : undefined;
        }
        if (credential?.kind === 'bearer')
            return { authorization: bearer(credential), isKnown: false };
        const token = await this.#token(need, challenge, home, credential, signal, refused);
        return { authorization: bearer(token), isKnown: credential !== undefined };
    }
    async #token(need, challenge, home, credential, signal, refused) {
        const wanted = scopesOf(need);
        const { registry } = need.name;
        const scopes = this.#asked.get(keyOf(registry, wanted)) ?? wanted;
        const key = keyOf(registry, [...scopes, challenge.params.realm ?? '', challenge.params.service ?? '']);
        for (let kept = this.#tokens.get(key); kept; kept = this.#tokens.get(key)) {
            const token = await settled(kept, signal);
            if (token && bearer(token) !== refused?.authorization && token.expiresAt > this.#tools.clock.now())
                return token;
            // The first of several that find it used up fetches the next one, for all.
            if (this.#tokens.get(key) === kept)
                this.#tokens.delete(key);
        }
        const fetching = this.#fetch(need, challenge, home, scopes, credential, signal);
        this.#tokens.set(key, fetching);
        try {
            return await fetching;
        }
        catch (error) {
            if (this.#tokens.get(key) === fetching)
                this.#tokens.delete(key);
            throw error;
        }
    }
    /** With the login, and without it where that is one that nobody asked for and the image may be public. */
    async #fetch(need, challenge, home, scopes, credential, signal) {
        const ask = (login) => fetchToken(this.#tools, home, challenge, scopes, login, need, signal);
        if (!credential?.isImplied || need.action === 'push')
            return ask(credential);
        try {
            return await ask(credential);
        }
        catch (error) {
            if (!(error instanceof errors/* ConfigError */.xL))
                throw error;
            try {
                return await ask(undefined);
            }
            catch (without) {
                // Not public either: what was said of the login counts.
                throw without instanceof errors/* Interrupted */.j$ ? without : error;
            }
        }
    }
}
function bearer({ token }) {
    return `Bearer ${token}`;
}
/** What somebody else has asked for; undefined where that was cancelled, and we were not. */
async function settled(asked, signal) {
    try {
        return await asked;
    }
    catch (error) {
        if (!(error instanceof errors/* Interrupted */.j$) || signal.aborted)
            throw error;
        return undefined;
    }
}
/** A token is worth more than a password that is shown with each request. */
function chosen(challenges) {
    const of = (scheme) => challenges.find((each) => each.scheme === scheme);
    return of('bearer') ?? of('basic');
}
function scopesOf({ name, action, alsoPull }) {
    const own = `repository:${name.repository}:${action === 'push' ? 'pull,push' : 'pull'}`;
    return mergeScopes(alsoPull === undefined ? [own] : [own, `repository:${alsoPull}:pull`]);
}
function keyOf(registry, parts) {
    return [registry, ...parts].join(' ');
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/oci-registry.js









const NO_REPOSITORY = new Set([404]);
const tagsSchema = schemas/* object */.Ikc({ tags: schemas/* array */.YOg(schemas/* string */.YjP()).nullish() });
/** Registries by the API of the Open Container Initiative. Any number of calls may be under way at a time. */
class OciRegistry {
    #tools;
    #session;
    constructor(tools) {
        this.#tools = tools;
        this.#session = new Session(tools);
    }
    manifest(name, reference, call) {
        return pullManifest(this.#kit({ name, action: 'pull' }, call), reference);
    }
    pushManifest(name, manifest, tag, call) {
        return pushReferring(this.#kit({ name, action: 'push', tag }, call), manifest, tag);
    }
    hasBlob(name, digest, call) {
        const kit = this.#kit({ name, action: 'pull' }, call);
        return this.#tools.retry(() => isStored(kit, { digest }), { signal: call.signal, onRetry: retryNote(kit) });
    }
    pushBlob(name, blob, push) {
        return pushBlob(this.#kit({ name, action: 'push' }, push), blob, push);
    }
    pullBlob(name, blob, call) {
        return pullBlob(this.#kit({ name, action: 'pull' }, call), blob);
    }
    referrers(name, subject, artifactType, call) {
        return listReferrers(this.#kit({ name, action: 'pull' }, call), subject, artifactType);
    }
    async tags(name, call) {
        const kit = this.#kit({ name, action: 'pull' }, call);
        // Without a size of pages: not every registry that cuts a list for one says that it goes on.
        const url = this.#session.url(kit.need, 'tags/list');
        const pages = (await readPages(kit, url, 'application/json', NO_REPOSITORY)) ?? [];
        return pages.flatMap(({ json, answer }) => {
            const read = tagsSchema.safeParse(json);
            if (!read.success)
                throw badAnswer(answer.url.host, 'gave a list of tags that is none');
            return read.data.tags ?? [];
        });
    }
    #kit(need, { signal }) {
        return { session: this.#session, tools: this.#tools, need, signal };
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/registry-tools.js
const MIB = 1024 * 1024;
const DEFAULT_LIMITS = {
    idleMs: 60_000,
    requestMs: 120_000,
    wholeBytes: 16 * MIB,
    chunkBytes: 32 * MIB,
};

;// CONCATENATED MODULE: ./build/compiled/shared/image/registry/index.js






/** Registries of container images, with every login that this machine and this job have. */
function createRegistry(tools) {
    const { env, clock, mask, configuredRegistry } = tools;
    const files = new LoginFiles(tools);
    const providers = [new GivenLogins(tools.given), ...tools.providers];
    const credentials = new FoundCredentials({ env, clock, mask, configuredRegistry, files, providers });
    return new OciRegistry({ ...tools, credentials, dispatcher: connections(env), limits: DEFAULT_LIMITS });
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./build/compiled/shared/image/store/errors.js

/** @param what what of which image: `its manifest of eu.example.com/motor@sha256:…` */
function imageMissing(what) {
    return new errors/* ProviderError */.mZ({
        code: 'ARTIFACT-MISSING',
        what: `${what} is not in the registry`,
        fix: 'Run build-push again, and look whether the registry deletes images by itself',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/scan/image-layout.js




/** The manifests of the images behind a digest: the image itself, or each of an index. @throws ProviderError ARTIFACT-MISSING */
async function imagesBehind({ registry, signal }, name, digest) {
    const found = await registry.manifest(name, digest, { signal });
    if (found === undefined)
        throw imageMissing(describeImage(name, digest));
    if (!INDEXES.includes(found.descriptor.mediaType))
        return [found];
    const { manifests = [] } = JSON.parse(new TextDecoder().decode(found.bytes));
    const images = manifests.filter(({ platform }) => platform === undefined || platform.os !== 'unknown');
    return (await Promise.all(images.map((image) => imagesBehind({ registry, signal }, name, image.digest)))).flat();
}
/**
 * Writes one image into an empty folder as an OCI layout, which scanners read without asking a registry: no credential
 * has to be handed to them.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
async function writeLayout({ registry, files, signal }, name, { descriptor, bytes }, folder) {
    const blob = (digest) => (0,external_node_path_.join)(folder, 'blobs', ...digest.split(':'));
    const { config, layers = [] } = JSON.parse(new TextDecoder().decode(bytes));
    await files.write((0,external_node_path_.join)(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    const { mediaType, digest, size } = descriptor;
    const index = { schemaVersion: 2, manifests: [{ mediaType, digest, size }] };
    await files.write((0,external_node_path_.join)(folder, 'index.json'), JSON.stringify(index));
    await files.write(blob(digest), bytes);
    for (const each of [config, ...layers])
        await files.write(blob(each.digest), registry.pullBlob(name, each, { signal }));
}

// EXTERNAL MODULE: ./build/compiled/shared/release/scan.js
var scan = __webpack_require__(7083);
;// CONCATENATED MODULE: ./build/compiled/shared/image/scan/scanners.js


const scanners_text = schemas/* string */.YjP().nullish();
/** @see https://trivy.dev/latest/docs/configuration/reporting/#json */
const trivyReport = schemas/* object */.Ikc({
    SchemaVersion: schemas/* literal */.euz(2),
    Trivy: schemas/* object */.Ikc({ Version: scanners_text }).nullish(),
    Results: schemas/* array */.YOg(schemas/* object */.Ikc({
        Vulnerabilities: schemas/* array */.YOg(schemas/* object */.Ikc({
            VulnerabilityID: schemas/* string */.YjP(),
            PkgName: schemas/* string */.YjP(),
            InstalledVersion: schemas/* string */.YjP(),
            FixedVersion: scanners_text,
            Severity: schemas/* string */.YjP(),
            Title: scanners_text,
            PrimaryURL: scanners_text,
        }))
            .nullish(),
    }))
        .nullish(),
});
/** @see https://github.com/anchore/grype#output-formats */
const grypeReport = schemas/* object */.Ikc({
    descriptor: schemas/* object */.Ikc({ name: schemas/* literal */.euz('grype'), version: scanners_text }),
    matches: schemas/* array */.YOg(schemas/* object */.Ikc({
        vulnerability: schemas/* object */.Ikc({
            id: schemas/* string */.YjP(),
            severity: schemas/* string */.YjP(),
            dataSource: scanners_text,
            description: scanners_text,
            fix: schemas/* object */.Ikc({ versions: schemas/* array */.YOg(schemas/* string */.YjP()).nullish() }).nullish(),
        }),
        artifact: schemas/* object */.Ikc({ name: schemas/* string */.YjP(), version: schemas/* string */.YjP() }),
    })),
});
const SCANNERS = {
    trivy: {
        install: 'https://trivy.dev/latest/getting-started/installation/',
        argv: (layout, report) => [
            ...['trivy', 'image', '--quiet', '--scanners', 'vuln', '--format', 'json'],
            ...['--exit-code', '0', '--output', report, '--input', layout],
        ],
        read(report) {
            const { Results, Trivy } = trivyReport.parse(report);
            // A result is there for everything that was looked at, with or without findings.
            if (!Results || Results.length === 0)
                throw new Error('it found nothing in the image that it knows how to look at');
            const findings = Results.flatMap((result) => result.Vulnerabilities ?? []).map((each) => ({
                id: each.VulnerabilityID,
                severity: severityOf(each.Severity),
                package: each.PkgName,
                installed: each.InstalledVersion,
                fixed: each.FixedVersion || undefined,
                title: shortened(each.Title),
                url: each.PrimaryURL || undefined,
            }));
            return { version: Trivy?.Version ?? undefined, findings };
        },
    },
    grype: {
        install: 'https://github.com/anchore/grype#installation',
        argv: (layout, report) => ['grype', `oci-dir:${layout}`, '--quiet', '--output', 'json', '--file', report],
        read(report) {
            const { descriptor, matches } = grypeReport.parse(report);
            const findings = matches.map(({ vulnerability, artifact }) => ({
                id: vulnerability.id,
                severity: severityOf(vulnerability.severity),
                package: artifact.name,
                installed: artifact.version,
                fixed: vulnerability.fix?.versions?.join(', ') || undefined,
                title: shortened(vulnerability.description),
                url: vulnerability.dataSource || undefined,
            }));
            return { version: descriptor.version ?? undefined, findings };
        },
    },
};
/** A word that is not known is no reason to take a finding lightly, nor to stop: it is told as what it is. */
function severityOf(word) {
    return scan/* SEVERITIES */.oC.find((severity) => severity === word.toLowerCase()) ?? 'unknown';
}
const LONGEST_TITLE = 160;
function shortened(title) {
    const line = (title ?? '').replaceAll(/\s+/g, ' ').trim();
    return line.length > LONGEST_TITLE ? `${line.slice(0, LONGEST_TITLE)}…` : line;
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/scan/command-scanner.js





/** The first scan of a machine fetches a database of hundreds of megabytes. */
const command_scanner_TIMEOUT_MS = 20 * 60_000;
const SHOWN_CHARS = 600;
/** Scans with the program of the user's choice, every platform of the image. */
class CommandScanner {
    #tools;
    constructor(tools) {
        this.#tools = tools;
    }
    async scan(...[id, image, { signal, progress }]) {
        const { name } = parseImageName(image.name);
        const images = await imagesBehind({ ...this.#tools, signal }, name, image.digest);
        if (images.length === 0)
            throw command_scanner_failed(id, `${image.digest} is an index that names no image`);
        let version;
        const findings = [];
        for (const manifest of images) {
            const work = await this.#tools.files.tempDir('haute-scan-');
            try {
                const layout = (0,external_node_path_.join)(work, 'image');
                await writeLayout({ ...this.#tools, signal }, name, manifest, layout);
                progress(`${id} looks at ${manifest.descriptor.digest}`);
                const report = await this.#run(id, layout, work, signal);
                version = report.version;
                findings.push(...report.findings);
            }
            finally {
                await this.#tools.files.remove(work);
            }
        }
        return { scanner: id, version, findings };
    }
    async #run(id, layout, work, signal) {
        const { exec, files, env } = this.#tools;
        const scanner = SCANNERS[id];
        const file = (0,external_node_path_.join)(work, 'report.json');
        let ended;
        try {
            ended = await exec.run({ argv: scanner.argv(layout, file), cwd: work, env, timeoutMs: command_scanner_TIMEOUT_MS, signal });
        }
        catch (error) {
            if (error instanceof errors/* ProviderError */.mZ && error.problem.code === 'EXEC-NOT-FOUND')
                throw toolMissing(id);
            throw error;
        }
        if (signal.aborted)
            throw new errors/* Interrupted */.j$();
        if (ended.timedOut)
            throw command_scanner_failed(id, `it did not end within ${command_scanner_TIMEOUT_MS / 60_000} minutes`);
        if (ended.code !== 0)
            throw command_scanner_failed(id, `it ended with code ${ended.code}: ${ended.stderr.trim().slice(-SHOWN_CHARS)}`);
        const bytes = await files.read(file);
        if (bytes === undefined)
            throw command_scanner_failed(id, 'it wrote no report');
        try {
            return scanner.read(JSON.parse(new TextDecoder().decode(bytes)));
        }
        catch (error) {
            throw command_scanner_failed(id, `its report cannot be read: ${(0,errors/* messageOf */.bD)(error).replaceAll(/\s+/g, ' ').slice(0, SHOWN_CHARS)}`);
        }
    }
}
function toolMissing(id) {
    return new errors/* ConfigError */.xL({
        code: 'SCAN-TOOL-MISSING',
        what: `the scan input asks for ${id}, which is not on this machine`,
        fix: `Install it (${SCANNERS[id].install}) before the step, or set scan to none`,
    });
}
function command_scanner_failed(id, why) {
    return new errors/* ProviderError */.mZ({
        code: 'SCAN-FAILED',
        what: `the image was not scanned with ${id}: ${why}`,
        fix: 'Run the scanner by hand on this machine to see what it needs, such as its database; then run the step again',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/errors.js

/** The problems of builds with a Dockerfile, in one place so that each is worded once. */
function builderMissing(program) {
    return new errors/* ConfigError */.xL({
        code: 'BUILDER-MISSING',
        what: `the image is to be built with ${program}, which is not on this machine or does not work`,
        fix: `Install and start ${program} before the step, or use the builder oci, which needs none`,
    });
}
function builderFailed(builder, what, why) {
    return new errors/* ProviderError */.mZ({
        code: 'BUILDER-FAILED',
        what: `${builder} could not ${what}: ${why}`,
        fix: 'Mend what it names; the lines of the build are in the log above',
    });
}
function brokenResult(why) {
    return new errors/* ProviderError */.mZ({
        code: 'BUILDER-RESULT',
        what: `what the builder made cannot be used: ${why}`,
        fix: 'Try a newer version of the builder, or another one with the builder input',
    });
}
function onePlatform(platforms) {
    return new errors/* ConfigError */.xL({
        code: 'BUILDER-PLATFORMS',
        what: `docker builds for one platform at a time, not for ${platforms.join(' and ')}`,
        fix: 'Use the builder buildx, podman, buildah or oci for several platforms',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/choose.js


/** How each is asked whether it works: a client without its daemon does not. */
const PROBES = {
    docker: ['docker', 'info'],
    buildx: ['docker', 'buildx', 'ls'],
    podman: ['podman', 'info'],
    buildah: ['buildah', 'info'],
};
/** In the order in which they are looked for. */
const LOOKED_FOR = ['docker', 'podman', 'buildah'];
const PROBE_TIMEOUT_MS = 20_000;
/**
 * The builder that an image is made with.
 * @param hasDockerfile whether the project has a Dockerfile of its own
 * @throws ConfigError BUILDER-MISSING where the one that was asked for does not work, or none does
 */
async function chooseBuilder(wanted, hasDockerfile, tools) {
    if (wanted === 'oci' && hasDockerfile)
        return { builder: 'oci', because: 'it was asked for: the project’s Dockerfile is not used', ownDockerfile: false };
    if (wanted !== 'auto' && wanted !== 'oci' && !(await works(wanted, tools)))
        throw builderMissing(wanted);
    if (wanted !== 'auto')
        return { builder: wanted, because: undefined, ownDockerfile: hasDockerfile };
    if (!hasDockerfile)
        return { builder: 'oci', because: 'the project has no Dockerfile of its own', ownDockerfile: false };
    for (const builder of LOOKED_FOR) {
        if (await works(builder, tools))
            return { builder, because: 'the project has a Dockerfile of its own', ownDockerfile: true };
    }
    throw builderMissing(LOOKED_FOR.join(' or '));
}
async function works(builder, { exec, env, cwd, signal }) {
    try {
        const argv = PROBES[builder];
        return (await exec.run({ argv, cwd, env, timeoutMs: PROBE_TIMEOUT_MS, signal })).code === 0;
    }
    catch (error) {
        if (error instanceof errors/* ProviderError */.mZ && error.problem.code.startsWith('EXEC-'))
            return false;
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/base-errors.js

function missingBase({ text }) {
    return new errors/* ConfigError */.xL({
        code: 'BASE-IMAGE-MISSING',
        what: `the base image ${text} is not there, or may not be read with this login`,
        fix: "Correct 'base_image' in [deploy.container], or log in to its registry",
    });
}
function wrongPlatform({ text }, wanted, found) {
    const names = [...new Set(found.map((each) => [each.os, each.architecture, each.variant].filter(Boolean).join('/')))];
    return new errors/* ConfigError */.xL({
        code: 'BASE-IMAGE-PLATFORM',
        what: `the base image ${text} is not for ${wanted.os}/${wanted.architecture}, but for ${names.join(', ') || 'no platform'}`,
        fix: 'Use a base image for the platform that the service runs on',
    });
}
function notLinux({ text }, found) {
    return new errors/* ConfigError */.xL({
        code: 'BASE-IMAGE-NOT-LINUX',
        what: `the base image ${text} is for ${found.join(' and ')}; pricing services run on Linux`,
        fix: 'Use a base image for Linux, like "python:3.11.9-slim"',
    });
}
function notAnImage({ text }, why) {
    return new errors/* ConfigError */.xL({
        code: 'BASE-IMAGE-KIND',
        what: `${text} is not a container image that can be built on: ${why}`,
        fix: 'Name an image in \'base_image\' in [deploy.container], like "python:3.11.9-slim"',
    });
}
function brokenBase({ text }, why) {
    return new errors/* ConfigError */.xL({
        code: 'BASE-IMAGE-BROKEN',
        what: `the base image ${text} is not whole: ${why}`,
        fix: 'Push it again, or use another one',
    });
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: ./build/compiled/shared/release/canonical-json.js
var canonical_json = __webpack_require__(1809);
;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/blobs.js




/** A value as the one document that it has: equal values give equal digests. */
function jsonDocument(mediaType, value) {
    const bytes = new TextEncoder().encode((0,canonical_json/* canonicalJson */.d)(value));
    return { descriptor: { mediaType, digest: (0,release_digest/* digestOf */.ol)(bytes), size: bytes.length }, bytes };
}
function documentBlob({ descriptor, bytes }) {
    return {
        digest: descriptor.digest,
        size: descriptor.size,
        async *open(from) {
            yield bytes.subarray(from);
        },
    };
}
function fileBlob(file, { digest, size }) {
    return { digest, size, open: (from) => (0,external_node_fs_.createReadStream)(file, { start: from, highWaterMark: 256 * 1024 }) };
}
/** A blob of one repository, for another: read as it is, so that its digest stays. */
function remoteBlob(registry, name, blob, call) {
    return {
        digest: blob.digest,
        size: blob.size,
        // The port reads blobs from their start, which lets it compare the digest of the whole.
        async *open(from) {
            let skip = from;
            for await (const piece of registry.pullBlob(name, blob, call)) {
                const rest = piece.subarray(Math.min(skip, piece.length));
                skip -= piece.length - rest.length;
                if (rest.length > 0)
                    yield rest;
            }
        },
    };
}
/** Configurations and the like are kilobytes; whatever claims to be more than these bytes is none. */
const LARGEST_DOCUMENT = 8 * 1024 * 1024;
/** A small blob as a whole. */
async function pullDocument(registry, name, blob, call) {
    const pieces = [];
    for await (const piece of registry.pullBlob(name, blob, call))
        pieces.push(piece);
    return Buffer.concat(pieces);
}
/** A small blob as a whole; undefined where the registry has it no more. */
async function pullIfThere(...blob) {
    try {
        return await pullDocument(...blob);
    }
    catch (error) {
        if (error instanceof errors/* ProviderError */.mZ && error.status === 404)
            return undefined;
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/manifest-schema.js


const digest = schemas/* custom */.IeY((value) => typeof value === 'string' && (0,release_digest/* isDigest */.Bc)(value), 'is not a sha256 digest');
const platform = schemas/* object */.Ikc({ os: schemas/* string */.YjP(), architecture: schemas/* string */.YjP(), variant: schemas/* string */.YjP().optional() });
const descriptor = schemas/* object */.Ikc({
    mediaType: schemas/* string */.YjP(),
    digest,
    size: schemas/* int */.Whr().min(0),
    annotations: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
    platform: platform.optional(),
});
const manifest_schema_indexSchema = schemas/* object */.Ikc({ manifests: schemas/* array */.YOg(descriptor) });
const manifestSchema = schemas/* object */.Ikc({
    artifactType: schemas/* string */.YjP().optional(),
    config: descriptor,
    layers: schemas/* array */.YOg(descriptor),
    annotations: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
});
/** What the new image takes over of a base's configuration. How the base is started is none of it. */
const configSchema = schemas/* object */.Ikc({
    architecture: schemas/* string */.YjP(),
    os: schemas/* string */.YjP(),
    variant: schemas/* string */.YjP().optional(),
    'os.version': schemas/* string */.YjP().optional(),
    config: schemas/* object */.Ikc({
        Env: schemas/* array */.YOg(schemas/* string */.YjP()).nullish(),
        Labels: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).nullish(),
    })
        .nullish(),
    rootfs: schemas/* object */.Ikc({ diff_ids: schemas/* array */.YOg(digest) }),
    history: schemas/* array */.YOg(schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* json */.Pq9())).nullish(),
});
/** The value of a JSON document, or undefined where it is not of that shape. */
function readAs(schema, bytes) {
    try {
        return schema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data;
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/base-image.js




/**
 * Reads an image's manifest and configuration, and nothing of its layers.
 * @throws ConfigError BASE-IMAGE-MISSING, BASE-IMAGE-PLATFORM, BASE-IMAGE-NOT-LINUX, BASE-IMAGE-KIND,
 *   BASE-IMAGE-BROKEN; what the registry throws
 */
async function readBaseImage(registry, base, platform, call) {
    const named = await registry.manifest(base.name, base.reference, call);
    if (!named)
        throw missingBase(base);
    const manifest = INDEXES.includes(named.descriptor.mediaType)
        ? await manifestFor(registry, base, named, platform, call)
        : named;
    const { config: descriptor, layers } = readManifest(base, manifest);
    const config = await readConfig(registry, base, descriptor, call);
    if (config.os !== 'linux')
        throw notLinux(base, [config.os]);
    if (config.architecture !== platform.architecture)
        throw wrongPlatform(base, platform, [config]);
    if (config.rootfs.diff_ids.length !== layers.length) {
        throw brokenBase(base, `its manifest has ${layers.length} layers, its configuration ${config.rootfs.diff_ids.length}`);
    }
    return { reference: base, digest: named.descriptor.digest, layers: layers.map((each) => asOci(base, each)), config };
}
async function manifestFor(registry, base, index, platform, call) {
    const entries = readAs(manifest_schema_indexSchema, index.bytes)?.manifests;
    if (!entries)
        throw brokenBase(base, 'its index cannot be read');
    // Attestations stand in an index too, for a platform called unknown.
    const platforms = entries.flatMap((each) => (each.platform && each.platform.os !== 'unknown' ? [each.platform] : []));
    const chosen = entries.find(({ platform: of }) => of?.os === platform.os && of.architecture === platform.architecture && isUsual(of));
    if (!chosen) {
        const systems = new Set(platforms.map(({ os }) => os));
        if (systems.size > 0 && !systems.has('linux'))
            throw notLinux(base, [...systems]);
        throw wrongPlatform(base, platform, platforms);
    }
    const manifest = await registry.manifest(base.name, chosen.digest, call);
    if (!manifest)
        throw brokenBase(base, `its index names ${chosen.digest}, which is not there`);
    return manifest;
}
/** The variant that every machine of the architecture runs. */
function isUsual({ architecture, variant }) {
    return variant === undefined || variant === '' || (architecture === 'arm64' && variant === 'v8');
}
function readManifest(base, { descriptor, bytes }) {
    if (!MANIFESTS.includes(descriptor.mediaType))
        throw notAnImage(base, `it is ${descriptor.mediaType}`);
    const manifest = readAs(manifestSchema, bytes);
    if (!manifest)
        throw brokenBase(base, 'its manifest cannot be read');
    if (!CONFIGS.includes(manifest.config.mediaType)) {
        throw notAnImage(base, `it has no configuration to run it with, but ${manifest.config.mediaType}`);
    }
    return manifest;
}
async function readConfig(registry, base, descriptor, call) {
    if (descriptor.size > LARGEST_DOCUMENT)
        throw brokenBase(base, `its configuration has ${descriptor.size} bytes`);
    const bytes = await pullIfThere(registry, base.name, descriptor, call);
    if (!bytes)
        throw brokenBase(base, `its configuration ${descriptor.digest} is not there`);
    const config = readAs(configSchema, bytes);
    if (!config)
        throw brokenBase(base, 'its configuration cannot be read');
    return config;
}
function asOci(base, { mediaType, digest, size }) {
    const known = LAYERS[mediaType];
    if (known === undefined)
        throw notAnImage(base, `it has a layer of ${mediaType}, which no registry may hand on`);
    return { mediaType: known, digest, size };
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./node_modules/tar-stream/index.js
var tar_stream = __webpack_require__(6118);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(5919);
;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/compressor.js


/** Pieces that are compressed before threads are started: a layer of rates is done by then. */
const HERE = 8;
const MAX_THREADS = 8;
/** Pieces of each thread: one that it works on, and the next. */
const EACH = 2;
/** Bytes that are compressed by themselves. The layer of a package is one or two of them. */
const PIECE_BYTES = 1024 * 1024;
/** Compresses pieces: a few of them here, and many of them in threads, of which there is one for each processor. */
class Compressor {
    #most;
    #threads = [];
    /** Memory of pieces that were compressed, for the next ones: hundreds of them would wait to be collected. */
    #spare = [];
    #given = 0;
    constructor(threads = Math.min((0,external_node_os_.availableParallelism)(), MAX_THREADS)) {
        this.#most = threads;
    }
    /** Pieces that keep every thread at work. */
    get atOnce() {
        return this.#most * EACH;
    }
    /** Memory for a piece, whatever is in it. */
    piece() {
        return new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(PIECE_BYTES));
    }
    /** @param piece memory from {@link piece} or the first part of it, given away: nobody looks at it again */
    async compress(piece) {
        if (this.#given++ < HERE) {
            const { gzipMember } = await Promise.all(/* import() */[__webpack_require__.e(230), __webpack_require__.e(489)]).then(__webpack_require__.bind(__webpack_require__, 7489));
            const member = gzipMember(piece);
            this.#spare.push(piece.buffer);
            return member;
        }
        const thread = this.#leastBusy();
        return new Promise((resolve, reject) => {
            thread.waiting.push({ resolve, reject });
            thread.worker.postMessage(piece, [piece.buffer]);
        });
    }
    /** Ends every thread, whatever it does. */
    async close() {
        await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
    }
    #leastBusy() {
        const [least] = this.#threads.toSorted((a, b) => a.waiting.length - b.waiting.length);
        if (least && (least.waiting.length === 0 || this.#threads.length >= this.#most))
            return least;
        const thread = started((spare) => this.#spare.push(spare));
        this.#threads.push(thread);
        return thread;
    }
}
function started(giveBack) {
    // Beside this file, as it is or compiled.
    const name = import.meta.url.endsWith('.ts') ? 'compress-worker.ts' : 'compress-worker.js';
    const worker = new external_node_worker_threads_.Worker(new URL(name, import.meta.url));
    const waiting = [];
    worker.on('message', ({ member, piece }) => {
        giveBack(piece);
        waiting.shift()?.resolve(member);
    });
    const failed = (error) => {
        for (const each of waiting.splice(0))
            each.reject(error);
    };
    worker.on('error', failed);
    worker.on('exit', () => failed(new Error('the thread that compresses has ended')));
    return { worker, waiting };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/gzip.js

/**
 * Gzip whose bytes depend on what goes in and on nothing else: not on how the input was cut into pieces, on how many
 * threads compressed it, nor on the version of Node, its zlib (which writes other bytes on other processors), or the
 * time. A layer's digest is that of its compressed bytes, so this is what makes the same commit the same image
 * everywhere. Every mebibyte is a member of its own, one after another, which readers take for one file. Memory is
 * constant.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-2.2
 */
async function* gzip(input, compressor) {
    const members = [];
    let hasMember = false;
    for await (const piece of evenly(input, compressor)) {
        hasMember = true;
        members.push(begun(compressor.compress(piece)));
        if (members.length < compressor.atOnce)
            continue;
        const next = await members.shift();
        if (next)
            yield next;
    }
    if (!hasMember)
        members.push(begun(compressor.compress(compressor.piece().subarray(0, 0))));
    for (const member of members)
        yield await member;
}
/** What fails while nobody waits for it is told to whoever waits next. */
function begun(work) {
    work.catch(() => undefined);
    return work;
}
/** The same bytes in pieces of one size, and the rest. Each is memory of its own: it is handed to another thread. */
async function* evenly(input, memory) {
    let piece = memory.piece();
    let filled = 0;
    for await (const given of input) {
        for (let at = 0; at < given.length;) {
            const part = given.subarray(at, at + PIECE_BYTES - filled);
            piece.set(part, filled);
            at += part.length;
            filled += part.length;
            if (filled < PIECE_BYTES)
                continue;
            yield piece;
            piece = memory.piece();
            filled = 0;
        }
    }
    if (filled > 0)
        yield piece.subarray(0, filled);
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/on-disk.js

/** Errors that say what happened and what to do. */
function isOurs(error) {
    return [errors/* ConfigError */.xL, errors/* GateFailure */.In, errors/* Interrupted */.j$, errors/* ProviderError */.mZ].some((kind) => error instanceof kind);
}
/**
 * Work with a file; what the system refuses becomes a ProviderError that names it. Every other error passes as it is: a
 * thread that ends or an archive that is broken is no full disk. Work that was cancelled is told as that.
 */
async function onDisk(path, work) {
    try {
        return await work();
    }
    catch (error) {
        if (error instanceof Error && error.name === 'AbortError')
            throw new errors/* Interrupted */.j$();
        if (isOurs(error) || !(error instanceof Error && 'syscall' in error))
            throw error;
        throw new errors/* ProviderError */.mZ({
            code: 'IMAGE-DISK',
            what: `the image cannot be put together at ${path}: ${(0,errors/* messageOf */.bD)(error)}`,
            fix: 'Check that the disk of the folder for temporary files (TMPDIR) has space and may be written to',
        }, { cause: error });
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/layer.js







/** A file in memory costs less than a stream of it; a model of gigabytes is read in pieces. */
const IN_MEMORY_BYTES = 1024 * 1024;
/**
 * Writes files as a layer into a new file on disk. Equal paths, contents and modes give equal bytes: sorted by path,
 * owned by root, of the first second of 1970, folders as entries of their own. Memory does not grow with the content.
 * @param onFile told each piece of a file's content as it is packed
 * @param folders folders that are not those of files
 * @throws Interrupted, also in the middle of a file; ProviderError IMAGE-DISK
 */
async function writeLayer(files, to, { compressor, signal }, onFile = () => undefined, folders = []) {
    const plain = (0,external_node_crypto_.createHash)('sha256');
    const packed = (0,external_node_crypto_.createHash)('sha256');
    let size = 0;
    const tar = (0,tar_stream.pack)();
    // Iterated from the start on: a stream that fails before somebody listens ends the process.
    const pieces = piecesOf(tar);
    const filled = fill(tar, [...folders, ...files], signal, onFile);
    filled.catch((error) => tar.destroy(error));
    await onDisk(to, async () => {
        const target = await (0,promises_.open)(to, 'wx', 0o600);
        try {
            for await (const piece of gzip(hashing(pieces, plain), compressor)) {
                packed.update(piece);
                size += piece.length;
                await target.appendFile(piece);
            }
        }
        finally {
            await target.close();
        }
    });
    await filled;
    return { digest: `sha256:${packed.digest('hex')}`, size, diffId: `sha256:${plain.digest('hex')}` };
}
/** Its types do not say what it is read as. */
function piecesOf(tar) {
    const iterator = tar[Symbol.asyncIterator]();
    return { [Symbol.asyncIterator]: () => iterator };
}
async function* hashing(pieces, hash) {
    for await (const piece of pieces) {
        hash.update(piece);
        yield piece;
    }
}
async function fill(tar, files, signal, onFile) {
    const sorted = [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
    const folders = new Set();
    for (const file of sorted) {
        if (signal.aborted)
            throw new errors/* Interrupted */.j$();
        for (const folder of foldersOf(file.path)) {
            if (folders.has(folder))
                continue;
            folders.add(folder);
            await add(tar, { ...FIXED, name: folder, type: 'directory', mode: 0o755 });
        }
        if ('owner' in file) {
            await add(tar, { ...FIXED, name: file.path, type: 'directory', mode: 0o755, uid: file.owner, gid: file.owner });
            continue;
        }
        const header = { ...FIXED, name: file.path, mode: file.executable ? 0o755 : 0o644 };
        const bytes = await contentInMemory(file);
        if (bytes) {
            onFile(file, bytes);
            await add(tar, { ...header, type: 'file', size: bytes.length }, bytes);
        }
        else
            await addStream(tar, header, file, signal, onFile);
    }
    tar.finalize();
}
const FIXED = { uid: 0, gid: 0, mtime: new Date(0), uname: '', gname: '' };
function foldersOf(path) {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
async function contentInMemory({ content }) {
    if ('bytes' in content)
        return content.bytes;
    return content.size <= IN_MEMORY_BYTES ? onDisk(content.file, () => (0,promises_.readFile)(content.file)) : undefined;
}
/** Its types want something to end with. */
const NOTHING = new Uint8Array(0);
function add(tar, header, bytes) {
    return new Promise((resolve, reject) => {
        const done = (error) => (error ? reject(error) : resolve());
        if (bytes)
            tar.entry(header, bytes, done);
        else
            tar.entry(header, done);
    });
}
async function addStream(tar, header, file, signal, onFile) {
    if ('bytes' in file.content)
        return;
    const { file: path, size } = file.content;
    let settle = () => undefined;
    const written = new Promise((resolve, reject) => {
        settle = (error) => (error ? reject(error) : resolve());
    });
    const entry = tar.entry({ ...header, type: 'file', size }, (error) => settle(error));
    // What it ends with is thrown here; without a listener it would end the process as well.
    entry.on('error', () => undefined);
    try {
        for await (const piece of (0,external_node_fs_.createReadStream)(path, { highWaterMark: 256 * 1024 })) {
            // Once for each file is too seldom: one of gigabytes takes minutes.
            if (signal.aborted)
                throw new errors/* Interrupted */.j$();
            onFile(file, piece);
            if (!entry.write(piece))
                await Promise.race([drained(entry), written]);
        }
        entry.end(NOTHING);
    }
    catch (error) {
        entry.destroy(error instanceof Error ? error : new Error(String(error)));
        written.catch(() => undefined);
        throw error;
    }
    await written;
}
function drained(entry) {
    return new Promise((resolve) => entry.once('drain', () => resolve()));
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/application-layer.js






/** Where the package is in the image, and where it is served from: as in the image that Haute makes. */
const APPLICATION_DIR = 'app';
/** The package's list of its files, whose digest is the package's. */
const PACKAGE_LIST = 'package-files.json';
/** Haute's notes of when it read what, beside the package that it serves. They are no part of it. */
const ENGINE_CACHE = '.haute_cache';
/** Number of the user and the group that the image runs as: none that the base image knows. */
const IMAGE_USER = 65_532;
/** The one place in the image that the service may write to: without it, each request warns that it cannot. */
const WRITABLE = { path: `${APPLICATION_DIR}/${ENGINE_CACHE}`, owner: IMAGE_USER };
/**
 * Writes the layer of a package: every file that the package lists, and the list. Each is compared with its digest while
 * it is packed, so that what is in the image is what was accepted.
 * @param to file to write
 * @throws ConfigError IMAGE-PACKAGE-KIND for a symbolic link, device, socket or pipe in the package; GateFailure
 *   PACKAGE-CHANGED
 */
async function writeApplicationLayer(pkg, to, tools) {
    const expected = new Map([[PACKAGE_LIST, pkg.digest]]);
    for (const { path, digest } of pkg.files)
        expected.set(path, digest);
    const paths = await collect(pkg.dir, '');
    const missing = [...expected.keys()].find((path) => !paths.includes(path));
    const added = paths.find((path) => !expected.has(path));
    if (missing !== undefined)
        throw changed(pkg.dir, missing, 'is not there');
    if (added !== undefined)
        throw changed(pkg.dir, added, 'was added');
    const hashes = new Map(paths.map((path) => [`${APPLICATION_DIR}/${path}`, (0,external_node_crypto_.createHash)('sha256')]));
    const files = await Promise.all(paths.map((path) => layerFile(pkg.dir, path)));
    const hash = ({ path }, piece) => hashes.get(path)?.update(piece);
    const layer = await writeLayer(files, to, tools, hash, [WRITABLE]);
    for (const [path, found] of hashes) {
        const inPackage = path.slice(APPLICATION_DIR.length + 1);
        if (`sha256:${found.digest('hex')}` !== expected.get(inPackage))
            throw changed(pkg.dir, inPackage, 'was changed');
    }
    return layer;
}
/** Relative paths of all files. A link is not followed, and not packed either: on another machine it leads elsewhere. */
async function collect(root, below) {
    const found = [];
    const entries = await onDisk((0,external_node_path_.join)(root, below), () => (0,promises_.readdir)((0,external_node_path_.join)(root, below), { withFileTypes: true }));
    for (const entry of entries) {
        const path = below === '' ? entry.name : `${below}/${entry.name}`;
        if (path === ENGINE_CACHE)
            continue;
        if (entry.isDirectory())
            found.push(...(await collect(root, path)));
        else if (entry.isFile())
            found.push(path);
        else
            throw wrongKind(path, application_layer_kindOf(entry));
    }
    return found;
}
async function layerFile(dir, path) {
    const file = (0,external_node_path_.join)(dir, path);
    const { size } = await onDisk(file, () => (0,promises_.stat)(file));
    return { path: `${APPLICATION_DIR}/${path}`, executable: false, content: { file, size } };
}
function application_layer_kindOf(entry) {
    if (entry.isSymbolicLink())
        return 'a symbolic link';
    if (entry.isSocket())
        return 'a socket';
    return entry.isFIFO() ? 'a named pipe' : 'a device';
}
function wrongKind(path, kind) {
    return new errors/* ConfigError */.xL({
        code: 'IMAGE-PACKAGE-KIND',
        what: `${path} in the package is ${kind}: an image holds files alone`,
        fix: 'Put a file with that content in its place, and build again',
        place: { file: path },
    });
}
function changed(dir, path, what) {
    return new errors/* GateFailure */.In({
        code: 'PACKAGE-CHANGED',
        what: `the package in ${dir} is not the one that was built: ${path} ${what}`,
        fix: 'Build it again with build-push; nothing may write into a package while it becomes an image',
        place: { file: (0,external_node_path_.join)(dir, path) },
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/image-config.js

/** Where the packages of the pricing service are. */
const PACKAGES_DIR = 'opt/haute/packages';
const EPOCH = '1970-01-01T00:00:00Z';
const SECOND_NS = 1_000_000_000;
/**
 * The configuration of the image: the base's, with ours on top. It holds no time but the commit's and nothing of the
 * machine. The release is not named, since its id contains this image's digest: it comes as HAUTE_RELEASE_ID.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
 */
function imageConfig(input, base, added) {
    const { config } = base.config;
    const created = input.origin.createdAt ?? EPOCH;
    return {
        architecture: base.config.architecture,
        os: base.config.os,
        ...(base.config.variant !== undefined && { variant: base.config.variant }),
        ...(base.config['os.version'] !== undefined && { 'os.version': base.config['os.version'] }),
        created,
        config: {
            // Numbers: only those can be seen to be no root without looking into the image.
            User: `${IMAGE_USER}:${IMAGE_USER}`,
            ExposedPorts: { [`${input.port}/tcp`]: {} },
            Env: environment(config?.Env ?? []),
            // The same program that starts the package on a laptop and while it is accepted.
            Entrypoint: ['python3', 'haute_release_serve.py'],
            Cmd: ['--host', '0.0.0.0', '--port', String(input.port)],
            WorkingDir: `/${APPLICATION_DIR}`,
            Labels: { ...config?.Labels, ...imageLabels(input, base) },
            StopSignal: 'SIGTERM',
            Healthcheck: {
                Test: ['CMD', 'python3', '-S', '-E', '-c', healthProgram(input.port)],
                Interval: 10 * SECOND_NS,
                Timeout: 5 * SECOND_NS,
                StartPeriod: 60 * SECOND_NS,
                Retries: 3,
            },
        },
        rootfs: {
            type: 'layers',
            diff_ids: [
                ...base.config.rootfs.diff_ids,
                ...[...added.dependencies, added.application].map(({ diffId }) => diffId),
            ],
        },
        history: [
            ...baseHistory(base, created),
            ...added.dependencies.map((layer) => ({ created, created_by: `haute-ci: ${describe(layer)}` })),
            { created, created_by: packageHistory(input.pkg.digest) },
        ],
    };
}
/** What the history of an image says of the layer that is the package. */
function packageHistory(packageDigest) {
    return `haute-ci: package ${packageDigest}`;
}
function describe({ packages }) {
    const [first, ...others] = packages;
    return first && others.length === 0 ? `${first.name} ${first.version}` : `${packages.length} packages for Python`;
}
/** One entry for each layer, or builders that start from the image refuse it: made up where the base has another number. */
function baseHistory({ layers, config: { history } }, created) {
    const entries = (history ?? []);
    if (entries.filter((entry) => entry.empty_layer !== true).length === layers.length)
        return entries;
    return layers.map(() => ({ created, created_by: 'base image' }));
}
/** Labels of the configuration, and annotations of the manifest. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md */
function imageLabels({ origin, pkg }, base) {
    const { title, source, revision, version, createdAt } = origin;
    return {
        'org.opencontainers.image.title': title,
        'org.opencontainers.image.created': createdAt ?? EPOCH,
        ...(source !== undefined && { 'org.opencontainers.image.source': source }),
        ...(revision !== undefined && { 'org.opencontainers.image.revision': revision }),
        ...(version !== undefined && { 'org.opencontainers.image.version': version }),
        'org.opencontainers.image.base.name': base.reference.text,
        'org.opencontainers.image.base.digest': base.digest,
        'dev.haute.package': pkg.digest,
        'dev.haute.engine': `${pkg.engine.name} ${pkg.engine.version}`,
    };
}
/**
 * The base's environment, with ours in its place. HAUTE_EXECUTION_MEMORY_POLICY is what Haute's own image sets; the
 * others are those that the package was accepted with. Compiled files go where any user may write, once: a request of
 * several rows starts a new Python, which would compile everything again.
 */
function environment(base) {
    const ours = {
        HAUTE_EXECUTION_MEMORY_POLICY: 'strict_server',
        PYTHONPATH: `/${PACKAGES_DIR}`,
        PYTHONPYCACHEPREFIX: '/tmp/haute-bytecode',
        PYTHONUNBUFFERED: '1',
        PYTHONUTF8: '1',
        PYTHONNOUSERSITE: '1',
    };
    const others = base.filter((line) => !Object.hasOwn(ours, line.split('=', 1)[0] ?? ''));
    return [...others, ...Object.entries(ours).map(([name, value]) => `${name}=${value}`)];
}
/** Needs no other program in the image, and ends with 1 unless the service answers with 200. */
function healthProgram(port) {
    return `import urllib.request as u; u.urlopen("http://127.0.0.1:${port}/health", timeout=4)`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/builder.js
/** `linux/amd64` */
function platformText({ os, architecture }) {
    return `${os}/${architecture}`;
}
/** Label of the package that is in an image. */
const PACKAGE_LABEL = 'dev.haute.package';
/** Label that says what an image was built from by a Dockerfile, since such builds differ each time. */
const RECIPE_LABEL = 'dev.haute.recipe';

;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/commands.js
/** Stands for the id of the image that was built. */
const IMAGE_ID = '{id}';
/**
 * How a builder is told to build: as data. None of them pushes, so none is told a credential of the registry; what it
 * needs for the base image is in its own configuration.
 */
function builderCommands(builder, build) {
    return COMMANDS[builder](build);
}
const COMMANDS = {
    /** @see https://docs.docker.com/reference/cli/docker/image/build/ */
    docker: (build) => ({
        argvs: [
            ['docker', 'build', ...common(build), ...commands_platform(build), '--iidfile', `${build.work}/id`, build.context],
            ['docker', 'image', 'save', '--output', `${build.work}/image.tar`, IMAGE_ID],
        ],
        cleanUp: [],
        env: { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
        result: 'archive',
        digestFile: 'id',
    }),
    /** @see https://docs.docker.com/reference/cli/docker/buildx/build/ */
    buildx: (build) => ({
        argvs: [
            [
                ...['docker', 'buildx', 'build', ...common(build), ...commands_platform(build)],
                ...['--provenance=false', '--sbom=false', '--metadata-file', `${build.work}/metadata.json`],
                ...['--output', `type=oci,dest=${build.work}/image.tar,rewrite-timestamp=true`, build.context],
            ],
        ],
        cleanUp: [],
        env: { SOURCE_DATE_EPOCH: String(build.epochSeconds) },
        result: 'layout-tar',
        digestFile: 'metadata.json',
    }),
    /** @see https://docs.podman.io/en/latest/markdown/podman-build.1.html */
    podman: (build) => containersTools('podman', build),
    /** @see https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md */
    buildah: (build) => containersTools('buildah', build),
};
/** podman and buildah share their options. */
function containersTools(program, build) {
    const { work, scratch, context, platforms, epochSeconds } = build;
    const options = ['--format', 'oci', '--timestamp', String(epochSeconds), ...common(build), ...commands_platform(build)];
    const to = ['--quiet', '--digestfile', `${work}/digest`];
    const single = platforms.length === 1;
    return {
        argvs: single
            ? [
                [program, 'build', ...options, '--iidfile', `${work}/id`, context],
                [program, 'push', ...to, IMAGE_ID, `oci:${work}/image`],
            ]
            : [
                [program, 'build', ...options, '--manifest', scratch, context],
                [program, 'manifest', 'push', '--all', ...to, scratch, `oci:${work}/image`],
            ],
        cleanUp: single ? [] : [[program, 'manifest', 'rm', scratch]],
        env: {},
        result: 'layout',
        digestFile: 'digest',
    };
}
function common({ dockerfile, labels }) {
    return ['--file', dockerfile, ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`])];
}
function commands_platform({ platforms }) {
    return ['--platform', platforms.join(',')];
}

// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(6466);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/hash-file.js



/** Digest of a file of any size. */
async function hashFile(file, signal) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    await (0,external_node_stream_promises_.pipeline)((0,external_node_fs_.createReadStream)(file), hash, { signal });
    return `sha256:${hash.digest('hex')}`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/layout.js











/** What an OCI layout holds: its one image or index. @throws ProviderError BUILDER-RESULT */
async function readLayout(files, folder) {
    const bytes = await files.read((0,external_node_path_.join)(folder, 'index.json'));
    const [only, ...more] = (bytes && readAs(manifest_schema_indexSchema, bytes)?.manifests) ?? [];
    if (only === undefined)
        throw brokenResult('it wrote no OCI layout');
    if (more.length > 0)
        throw brokenResult(`its OCI layout holds ${more.length + 1} images where one was asked for`);
    return only;
}
/** Stores everything of a layout below a descriptor: blobs, then the manifests that name them, and no tag. */
async function pushLayout({ registry, files, signal }, to, folder, descriptor) {
    const bytes = await files.read(blobPath(folder, descriptor.digest));
    if (bytes === undefined || (0,release_digest/* digestOf */.ol)(bytes) !== descriptor.digest)
        throw brokenResult(`its OCI layout has no ${descriptor.digest}`);
    const done = { uploadedBytes: 0, reusedBytes: 0 };
    if (INDEXES.includes(descriptor.mediaType)) {
        for (const child of readAs(manifest_schema_indexSchema, bytes)?.manifests ?? []) {
            const pushed = await pushLayout({ registry, files, signal }, to, folder, child);
            done.uploadedBytes += pushed.uploadedBytes;
            done.reusedBytes += pushed.reusedBytes;
        }
    }
    else {
        const manifest = readAs(manifestSchema, bytes);
        if (!manifest)
            throw brokenResult('its manifest cannot be read');
        for (const blob of [manifest.config, ...manifest.layers]) {
            const sent = await registry.pushBlob(to, fileBlob(blobPath(folder, blob.digest), blob), { signal });
            done.uploadedBytes += sent;
            if (sent === 0)
                done.reusedBytes += blob.size;
        }
    }
    await registry.pushManifest(to, { descriptor, bytes }, undefined, { signal });
    return { ...done, uploadedBytes: done.uploadedBytes + bytes.length };
}
function blobPath(folder, digest) {
    return (0,external_node_path_.join)(folder, 'blobs', ...digest.split(':'));
}
/**
 * Unpacks what a builder wrote into an empty folder. Names that lead out of it are refused.
 * @throws ProviderError BUILDER-RESULT, IMAGE-DISK; Interrupted
 */
async function unpack(tar, folder, signal) {
    const links = {};
    const entries = (0,tar_stream.extract)();
    let last = Promise.resolve();
    entries.on('entry', (header, entry, next) => {
        last = unpackEntry(header, entry);
        last.then(() => next(), next);
    });
    try {
        await onDisk(tar, () => (0,external_node_stream_promises_.pipeline)((0,external_node_fs_.createReadStream)(tar), entries, { signal }));
    }
    catch (error) {
        throw isOurs(error) ? error : brokenResult(`its archive cannot be unpacked: ${(0,errors/* messageOf */.bD)(error)}`);
    }
    finally {
        // Whoever removes the folder next must not find it written to again.
        await Promise.allSettled([last]);
    }
    return { links };
    async function unpackEntry(header, entry) {
        // A file that ends in the middle is told by the entry too, to whoever listens or to nobody at all.
        entry.on('error', () => undefined);
        const name = safeName(header);
        if (header.type === 'file') {
            const file = (0,external_node_path_.join)(folder, name);
            // At once: an archive that ends meanwhile would end the entry before anybody listens, and nobody would be told.
            (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(file), { recursive: true });
            return (0,external_node_stream_promises_.pipeline)(entry, (0,external_node_fs_.createWriteStream)(file), { signal });
        }
        const { linkname = '' } = header;
        if (header.type === 'symlink')
            links[name] = (0,external_node_path_.join)((0,external_node_path_.dirname)(name), linkname ?? '');
        if (header.type === 'link')
            links[name] = linkname ?? '';
        entry.resume();
    }
}
function safeName({ name }) {
    if (!name.startsWith('/') && !name.split('/').includes('..'))
        return name.replace(/^\.\//, '');
    throw brokenResult(`it wrote a file ${JSON.stringify(name)}, which leads out of its folder`);
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/docker-archive.js














/** @see https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format */
const listSchema = schemas/* array */.YOg(schemas/* object */.Ikc({ Config: schemas/* string */.YjP(), Layers: schemas/* array */.YOg(schemas/* string */.YjP()) })).length(1);
/**
 * Makes an OCI layout of what `docker save` wrote: layers are compressed, which Docker leaves to its push.
 * @param folder where the archive was unpacked
 * @param layout empty folder for the layout's blobs
 * @returns the image's manifest, and the digest of its configuration, which is Docker's id of the image
 * @throws ProviderError BUILDER-RESULT
 */
async function layoutOfArchive(files, folder, { links }, layout, signal) {
    const list = await files.read((0,external_node_path_.join)(folder, 'manifest.json'));
    const [image] = (list && readAs(listSchema, list)) ?? [];
    const config = image && (await files.read((0,external_node_path_.join)(folder, image.Config)));
    if (!image || !config)
        throw brokenResult('docker save wrote no image that can be read');
    const configDescriptor = { mediaType: OCI_CONFIG, digest: (0,release_digest/* digestOf */.ol)(config), size: config.length };
    await files.write(blobPath(layout, configDescriptor.digest), config);
    const layers = [];
    for (const path of image.Layers)
        layers.push(await addLayer((0,external_node_path_.join)(folder, resolveLink(path, links)), layout, signal));
    const manifest = jsonDocument(OCI_MANIFEST, {
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: configDescriptor,
        layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    });
    await files.write(blobPath(layout, manifest.descriptor.digest), manifest.bytes);
    return { manifest, config: configDescriptor.digest };
}
async function addLayer(file, layout, signal) {
    const done = (0,external_node_path_.join)(layout, 'layer');
    return onDisk(file, async () => {
        await (0,promises_.mkdir)((0,external_node_path_.join)(layout, 'blobs', 'sha256'), { recursive: true });
        const found = await compressionOf(file);
        const steps = found === undefined ? [(0,external_node_zlib_.createGzip)({ level: 6 })] : [];
        await (0,external_node_stream_promises_.pipeline)([(0,external_node_fs_.createReadStream)(file), ...steps, (0,external_node_fs_.createWriteStream)(done)], { signal });
        const digest = await hashFile(done, signal);
        const { size } = await (0,promises_.stat)(done);
        await (0,promises_.rename)(done, blobPath(layout, digest));
        return { mediaType: found ?? OCI_LAYER_GZIP, digest, size };
    });
}
const ZSTD_LAYER = 'application/vnd.oci.image.layer.v1.tar+zstd';
/** Media type of a layer that is compressed already; undefined for a plain one. */
async function compressionOf(file) {
    const handle = await (0,promises_.open)(file);
    try {
        const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
        if (buffer[0] === 0x1f && buffer[1] === 0x8b)
            return OCI_LAYER_GZIP;
        return buffer.equals(Buffer.from('28b52ffd', 'hex')) ? ZSTD_LAYER : undefined;
    }
    finally {
        await handle.close();
    }
}
/** Older versions write a layer that is there twice as a link to the first. */
function resolveLink(path, links) {
    const target = links[path] ?? path;
    if (target.startsWith('/') || target.split('/').includes('..'))
        throw brokenResult(`a layer leads to ${target}`);
    return target;
}

// EXTERNAL MODULE: ./build/compiled/shared/project/base-image.js
var base_image = __webpack_require__(9279);
;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/dockerfile.js





/**
 * Makes the one folder that the service may write to. What the engine left there beside the package is no part of it,
 * and does not get into the image.
 */
const MAKE_WRITABLE = [
    'import os, shutil',
    `path = "/${WRITABLE.path}"`,
    'shutil.rmtree(path, ignore_errors=True)',
    'os.mkdir(path, 0o755)',
    `os.chown(path, ${WRITABLE.owner}, ${WRITABLE.owner})`,
].join('; ');
/** Of no package: the instructions are the same for all of them. */
const NONE = (0,release_digest/* digestOf */.ol)('');
/**
 * The Dockerfile of a project that has none: the image has the files, the settings and the start of an assembled one,
 * with packages from source where there is no wheel. Its context is the package.
 */
function generatedDockerfile(input, base) {
    const added = {
        dependencies: [],
        application: { diffId: NONE },
    };
    const bare = { ...base, config: { ...base.config, config: null, rootfs: { diff_ids: [] }, history: [] } };
    const config = imageConfig(input, bare, added).config;
    const { registry, repository } = base.reference.name;
    const health = config.Healthcheck;
    const lines = [
        `FROM ${registry}/${repository}@${base.digest}`,
        `WORKDIR ${config.WorkingDir}`,
        'COPY requirements.txt ./',
        `RUN ["python3", "-m", "pip", "install", "--no-cache-dir", "--no-deps", "--target", "/${PACKAGES_DIR}", "--requirement", "requirements.txt"]`,
        'COPY . ./',
        `RUN ${JSON.stringify(['python3', '-c', MAKE_WRITABLE])}`,
        ...config.Env.map((line) => `ENV ${environmentLine(line)}`),
        ...Object.keys(config.ExposedPorts).map((port) => `EXPOSE ${port}`),
        `USER ${config.User}`,
        `STOPSIGNAL ${config.StopSignal}`,
        `HEALTHCHECK --interval=${seconds(health.Interval)} --timeout=${seconds(health.Timeout)} --start-period=${seconds(health.StartPeriod)} --retries=${health.Retries} CMD ${JSON.stringify(health.Test.slice(1))}`,
        `ENTRYPOINT ${JSON.stringify(config.Entrypoint)}`,
        `CMD ${JSON.stringify(config.Cmd)}`,
    ];
    return `${lines.join('\n')}\n`;
}
/**
 * Checks the base images of a project's own Dockerfile.
 * @throws ConfigError BASE-IMAGE-NOT-PINNED for each that is another image from one month to the next, with its line;
 *   DOCKERFILE-BROKEN for one that has none
 * @see https://docs.docker.com/reference/dockerfile/#from
 */
function checkBases(dockerfile, file) {
    const args = {};
    const stages = new Set(['scratch']);
    const problems = [];
    let hasBase = false;
    for (const [index, line] of dockerfile.split(/\r?\n/).entries()) {
        const [, name, value] = /^\s*ARG\s+(\w+)=(\S+)/i.exec(line) ?? [];
        if (name !== undefined && value !== undefined && !hasBase)
            args[name] = value.replaceAll(/^["']|["']$/g, '');
        const [, written, stage] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? [];
        if (written === undefined)
            continue;
        hasBase = true;
        const image = written.replaceAll(/\$\{?(\w+)\}?/g, (whole, variable) => args[variable] ?? whole);
        if (!stages.has(image.toLowerCase()) && !(0,base_image/* isPinnedImage */.C)(image))
            problems.push(floating(image, file, index + 1));
        if (stage !== undefined)
            stages.add(stage.toLowerCase());
    }
    if (!hasBase)
        throw noBase(file);
    (0,errors/* throwIfAny */.MI)(problems);
}
function environmentLine(line) {
    const [name = '', ...value] = line.split('=');
    return `${name}=${JSON.stringify(value.join('='))}`;
}
function seconds(nanoseconds) {
    return `${nanoseconds / 1e9}s`;
}
function floating(image, file, line) {
    return {
        code: 'BASE-IMAGE-NOT-PINNED',
        what: `the Dockerfile builds on ${JSON.stringify(image)}, which is another image from one month to the next`,
        fix: 'Write a patch version, like python:3.11.9-slim, or a digest, like python@sha256:…',
        place: { file, line },
    };
}
function noBase(file) {
    return new errors/* ConfigError */.xL({
        code: 'DOCKERFILE-BROKEN',
        what: 'the Dockerfile has no FROM',
        fix: 'Begin it with FROM and a base image, or remove it: then the image is made without one',
        place: { file },
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/store/image-facts.js

/** Labels of an image, from its configuration; none where it has none or is none. */
function readLabels(config) {
    return readAs(configSchema, config)?.config?.Labels ?? {};
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/find-built.js





/**
 * The image that an earlier build of this commit made from the same recipe, whole in the registry; undefined where
 * there is none.
 */
async function findBuilt(registry, { known, to, signal }, recipe) {
    if (known === undefined)
        return undefined;
    const found = await registry.manifest(to, known, { signal });
    return found && fromRecipe(registry, to, found.descriptor.digest, recipe, signal);
}
async function fromRecipe(registry, name, digest, recipe, signal) {
    const stored = await registry.manifest(name, digest, { signal });
    if (!stored)
        return undefined;
    const { descriptor, bytes } = stored;
    if (INDEXES.includes(descriptor.mediaType)) {
        let reusedBytes = 0;
        for (const child of readAs(manifest_schema_indexSchema, bytes)?.manifests ?? []) {
            const image = await fromRecipe(registry, name, child.digest, recipe, signal);
            if (!image)
                return undefined;
            reusedBytes += image.reusedBytes;
        }
        return { descriptor, reusedBytes };
    }
    const manifest = readAs(manifestSchema, bytes);
    if (!manifest || !(await isWhole(registry, name, [manifest.config, ...manifest.layers], signal)))
        return undefined;
    const labels = readLabels(await pullDocument(registry, name, manifest.config, { signal }));
    const reusedBytes = manifest.layers.reduce((sum, { size }) => sum + size, 0);
    return labels[RECIPE_LABEL] === recipe ? { descriptor, reusedBytes } : undefined;
}
async function isWhole(registry, name, blobs, signal) {
    const there = await Promise.all(blobs.map(({ digest }) => registry.hasBlob(name, digest, { signal })));
    return there.every((each) => each);
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/dockerfile-builder.js













const LONGEST_BUILD_MS = 60 * 60_000;
const CLEAN_UP_TIMEOUT_MS = 60_000;
const dockerfile_builder_SHOWN_CHARS = 1_000;
/**
 * Builds with a program of the user's and a Dockerfile, the project's own or one that gives the image of the
 * assembler. The program only builds: what it made is read from its files, compared with the digest that it says, and
 * stored by our own client, so that nothing gets a tag and no credential is handed on.
 *
 * Such builds differ each time, so an image that an earlier build of the same commit made of the very same things is
 * taken again.
 */
class DockerfileBuilder {
    #id;
    #tools;
    constructor(id, tools) {
        this.#id = id;
        this.#tools = tools;
    }
    async build(request) {
        const platforms = request.platforms.map(platformText);
        if (this.#id === 'docker' && platforms.length > 1)
            throw onePlatform(platforms);
        const { text, labels } = await this.#recipe(request);
        const recipe = (0,release_digest/* digestOfJson */.Qs)({ dockerfile: text, labels, platforms, builder: this.#id });
        const facts = {
            builder: this.#id,
            platforms,
            dockerfile: this.#tools.dockerfile ? 'project' : 'generated',
            recipe,
        };
        const known = await findBuilt(this.#tools.registry, request, recipe);
        if (known) {
            request.progress(`the same was built before: ${known.descriptor.digest}`);
            return { ...known, uploadedBytes: 0, facts };
        }
        const { files, registry } = this.#tools;
        const work = await files.tempDir('haute-dockerfile-');
        try {
            const dockerfile = (0,external_node_path_.join)(work, 'Dockerfile');
            await files.write(dockerfile, text);
            const commands = builderCommands(this.#id, {
                context: request.pkg.dir,
                dockerfile,
                platforms,
                labels: { ...labels, [RECIPE_LABEL]: recipe },
                epochSeconds: Math.floor(Date.parse(request.origin.createdAt ?? '1970-01-01T00:00:00Z') / 1000),
                work,
                scratch: `haute-${(0,external_node_crypto_.randomUUID)()}`,
            });
            await this.#run(commands, work, request);
            const { layout, descriptor } = await this.#result(commands, work, request.signal);
            const uploaded = await pushLayout({ registry, files, signal: request.signal }, request.to, layout, descriptor);
            return { ...uploaded, descriptor, facts };
        }
        finally {
            await files.remove(work);
        }
    }
    /** The Dockerfile, and the labels of its image: those of an assembled one, but for the base that only the file knows. */
    async #recipe(request) {
        const { dockerfile, files, registry } = this.#tools;
        const { pkg, origin, port, base, platforms, to, signal } = request;
        const input = {
            pkg,
            origin,
            port,
            base,
            to,
            tags: [],
            platform: platforms[0],
            libc: 'glibc',
            python: undefined,
        };
        if (dockerfile !== undefined) {
            const bytes = await files.read(dockerfile);
            if (bytes === undefined)
                throw new Error(`${dockerfile} is gone`);
            const text = new TextDecoder().decode(bytes);
            checkBases(text, 'Dockerfile');
            const all = imageLabels(input, { reference: base, digest: pkg.digest, layers: [], config: EMPTY_BASE });
            const own = Object.entries(all).filter(([name]) => !name.startsWith('org.opencontainers.image.base.'));
            return { text, labels: { ...Object.fromEntries(own), [PACKAGE_LABEL]: pkg.digest } };
        }
        const image = await readBaseImage(registry, base, platforms[0], { signal });
        return {
            text: generatedDockerfile(input, image),
            labels: { ...imageLabels(input, image), [PACKAGE_LABEL]: pkg.digest },
        };
    }
    async #run(commands, work, { signal, progress }) {
        const { files } = this.#tools;
        try {
            for (const argv of commands.argvs) {
                const id = argv.includes(IMAGE_ID) ? dockerfile_builder_text(await files.read((0,external_node_path_.join)(work, 'id'))) : '';
                const [program, ...rest] = argv.map((each) => (each === IMAGE_ID ? id : each));
                await this.#command([program ?? '', ...rest], commands, work, signal, progress);
            }
        }
        finally {
            for (const argv of commands.cleanUp)
                await this.#quietly(argv, commands, work);
        }
    }
    async #command(argv, { env }, cwd, signal, progress) {
        const { exec } = this.#tools;
        const what = argv.find((word) => ['build', 'push', 'save'].includes(word)) ?? 'build';
        let ended;
        try {
            ended = await exec.run({
                argv,
                cwd,
                env: { ...this.#tools.env, ...env },
                timeoutMs: LONGEST_BUILD_MS,
                signal,
                onLine: (line) => progress(line),
            });
        }
        catch (error) {
            if (error instanceof errors/* ProviderError */.mZ && error.problem.code === 'EXEC-NOT-FOUND')
                throw builderMissing(argv[0]);
            throw error;
        }
        if (signal.aborted)
            throw new errors/* Interrupted */.j$();
        if (ended.timedOut)
            throw builderFailed(this.#id, what, `it did not end within ${LONGEST_BUILD_MS / 60_000} minutes`);
        if (ended.code !== 0)
            throw builderFailed(this.#id, what, `code ${ended.code}: ${ended.stderr.trim().slice(-dockerfile_builder_SHOWN_CHARS)}`);
    }
    /** What is left over in the builder's store is a nuisance and no reason to fail. */
    async #quietly(argv, { env }, cwd) {
        const signal = AbortSignal.timeout(CLEAN_UP_TIMEOUT_MS);
        const command = { argv, cwd, env: { ...this.#tools.env, ...env }, timeoutMs: CLEAN_UP_TIMEOUT_MS, signal };
        try {
            await this.#tools.exec.run(command);
        }
        catch (error) {
            if (!(error instanceof errors/* ProviderError */.mZ || error instanceof errors/* Interrupted */.j$))
                throw error;
        }
    }
    /** @throws ProviderError BUILDER-RESULT for a result with another digest than the builder said */
    async #result(commands, work, signal) {
        const { files } = this.#tools;
        const said = digestIn(commands, dockerfile_builder_text(await files.read((0,external_node_path_.join)(work, commands.digestFile))));
        const image = (0,external_node_path_.join)(work, 'image');
        if (commands.result === 'archive') {
            const unpacked = (0,external_node_path_.join)(work, 'archive');
            const links = await unpack((0,external_node_path_.join)(work, 'image.tar'), unpacked, signal);
            const { manifest, config } = await layoutOfArchive(files, unpacked, links, image, signal);
            if (said !== config)
                throw brokenResult(`docker says that it built ${said}, and saved ${config}`);
            return { layout: image, descriptor: manifest.descriptor };
        }
        if (commands.result === 'layout-tar')
            await unpack((0,external_node_path_.join)(work, 'image.tar'), image, signal);
        const descriptor = await readLayout(files, image);
        if (said !== descriptor.digest)
            throw brokenResult(`it says that it built ${said}, and wrote ${descriptor.digest}`);
        return { layout: image, descriptor };
    }
}
/** Where only labels are wanted, and the base is not known. */
const EMPTY_BASE = { architecture: '', os: '', rootfs: { diff_ids: [] } };
function digestIn({ digestFile }, content) {
    const digest = digestFile === 'metadata.json' ? fromMetadata(content) : content;
    if (digest !== undefined && (0,release_digest/* isDigest */.Bc)(digest))
        return digest;
    throw brokenResult('it does not say which digest it built');
}
function fromMetadata(content) {
    try {
        return JSON.parse(content)['containerimage.digest'];
    }
    catch {
        return undefined;
    }
}
function dockerfile_builder_text(bytes) {
    return new TextDecoder().decode(bytes ?? new Uint8Array()).trim();
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/package-name.js
/** A package's name as the package index writes it: lower case, with `-`. */
function normalName(name) {
    return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}
/** The name in `name==version`. */
function nameOf(requirement) {
    return normalName(requirement.split('==')[0] ?? '');
}
/** The requirement that an installed package is of: installed is what is required, and nothing else. */
function requirementOf(name, requirements) {
    const found = requirements.find((line) => nameOf(line) === name);
    if (found === undefined)
        throw new Error(`${JSON.stringify(name)} was installed for none of the requirements`);
    return found;
}
/** Whether packages of these names are those of the requirements, each once. */
function areOf(names, requirements) {
    return [...names].sort().join('\n') === requirements.map(nameOf).sort().join('\n');
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/wheel-metadata.js



const packageFactsSchema = schemas/* object */.Ikc({
    name: schemas/* string */.YjP(),
    version: schemas/* string */.YjP(),
    summary: schemas/* string */.YjP().optional(),
    license: schemas/* union */.KCZ([schemas/* object */.Ikc({ expression: schemas/* string */.YjP() }), schemas/* object */.Ikc({ name: schemas/* string */.YjP() })]).optional(),
    homepage: schemas/* string */.YjP().optional(),
    record: schemas/* custom */.IeY((value) => typeof value === 'string' && (0,release_digest/* isDigest */.Bc)(value)),
});
/** A licence as one line; the whole text of one, which some packages put in its place, is none. */
const LONGEST_NAME = 120;
/**
 * Reads the METADATA of an installed wheel.
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/
 */
function readMetadata(text, record) {
    const [head = ''] = text.replaceAll('\r\n', '\n').split('\n\n', 1);
    const lines = head.replaceAll(/\n[ \t|]+/g, ' ').split('\n');
    const all = (key) => lines
        .filter((line) => line.toLowerCase().startsWith(`${key}:`))
        .map((line) => line.slice(key.length + 1).trim())
        .filter((value) => value !== '' && value !== 'UNKNOWN');
    const homepage = all('home-page')[0] ?? projectUrl(all('project-url'));
    return {
        name: normalName(all('name')[0] ?? ''),
        version: all('version')[0] ?? '',
        summary: all('summary')[0],
        license: licenseOf(all('license-expression')[0], all('license')[0], all('classifier')),
        homepage,
        record,
    };
}
function licenseOf(expression, text, classifiers) {
    if (expression !== undefined)
        return { expression };
    if (text !== undefined && text.length <= LONGEST_NAME)
        return { name: text };
    const named = classifiers.filter((each) => each.startsWith('License ::')).map((each) => each.split(' :: ').at(-1));
    return named.length > 0 ? { name: named.join(', ') } : undefined;
}
function projectUrl(urls) {
    const named = urls.map((line) => /^([^,]+),\s*(https?:\/\/\S+)$/.exec(line));
    const found = named.find((match) => /^(home|source|repository)/i.test(match?.[1] ?? '')) ?? named[0];
    return found?.[2];
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/dependency-artifact.js








const DEPENDENCIES_TYPE = 'application/vnd.haute.dependencies.v2';
const FACTS_TYPE = 'application/vnd.haute.dependencies.v2+json';
/** Tag of the artifact that holds layers of packages: beside the images of the repository. */
function dependencyTag(key) {
    return `haute-deps-${key.slice('sha256:'.length)}`;
}
const dependency_artifact_digest = schemas/* custom */.IeY((value) => typeof value === 'string' && (0,release_digest/* isDigest */.Bc)(value));
const factsSchema = schemas/* object */.Ikc({
    key: schemas/* string */.YjP(),
    layers: schemas/* array */.YOg(schemas/* object */.Ikc({ diffId: dependency_artifact_digest, packages: schemas/* array */.YOg(packageFactsSchema) })),
    paths: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
});
/**
 * The artifact of layers: what is found again by its tag, so that nobody installs or compresses the same packages
 * twice. A registry that cleans up keeps the layers, because this manifest names them.
 * @param repository the one that it is for: sealed for another one it is not taken
 */
function dependencyArtifact({ key, layers, paths }, repository, seal) {
    const said = layers.map(({ diffId, packages }) => ({ diffId, packages }));
    // Through JSON: what is undefined is left out.
    const facts = jsonDocument(FACTS_TYPE, JSON.parse(JSON.stringify({ key, layers: said, paths })));
    const sealed = { repository, config: facts.descriptor, layers: layers.map(({ layer }) => layer) };
    const manifest = jsonDocument(OCI_MANIFEST, {
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        artifactType: DEPENDENCIES_TYPE,
        config: { ...facts.descriptor },
        layers: layers.map(({ layer: { mediaType, digest, size } }) => ({ mediaType, digest, size })),
        annotations: { 'dev.haute.dependencies': key, [SEAL]: seal.of(sealed) },
    });
    return { manifest, facts, tag: dependencyTag(key) };
}
/**
 * The layers of packages that an earlier build stored under this key. Undefined where there are none, where no job that
 * has the key has sealed them, where they are said to hold other packages, or where one is gone: then they are made
 * again.
 * @param seal undefined: there is no key, so nothing that is there can be told from what others put there
 */
async function findDependencies(registry, name, { key, requirements }, { seal, notTaken }, call) {
    if (!seal)
        return undefined;
    const stored = await registry.manifest(name, dependencyTag(key), call);
    const manifest = stored && readAs(manifestSchema, stored.bytes);
    if (manifest?.artifactType !== DEPENDENCIES_TYPE)
        return undefined;
    const { config, layers, annotations = {} } = manifest;
    if (!seal.fits(annotations[SEAL], { repository: name, config, layers })) {
        notTaken(dependencyTag(key), `is not sealed with ${LAYERS_KEY}`);
        return undefined;
    }
    if (layers.length === 0 || layers.some(({ mediaType }) => mediaType !== OCI_LAYER_GZIP))
        return undefined;
    if (config.mediaType !== FACTS_TYPE || config.size > LARGEST_DOCUMENT)
        return undefined;
    const [bytes, ...there] = await Promise.all([
        pullIfThere(registry, name, config, call),
        ...layers.map((layer) => registry.hasBlob(name, layer.digest, call)),
    ]);
    const facts = bytes && readAs(factsSchema, bytes);
    if (facts && facts.key !== key)
        notTaken(dependencyTag(key), 'is sealed for other packages');
    if (facts?.key !== key || facts.layers.length !== layers.length || there.includes(false))
        return undefined;
    const names = facts.layers.flatMap(({ packages }) => packages.map(({ name }) => name));
    // Their versions are spelled in more ways than one.
    if (!areOf(names, requirements))
        return undefined;
    const found = layers.flatMap(({ mediaType, digest, size }, index) => {
        const said = facts.layers[index];
        return said ? [{ layer: { mediaType, digest, size }, diffId: said.diffId, packages: said.packages }] : [];
    });
    return { key, layers: found, paths: facts.paths };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/dependency-key.js


/** Changes when the same packages are divided, laid out or compressed in another way: layers of both ways never mix. */
const FORMAT = 2;
/** Names all layers of these packages together: the same wherever and whenever they are made. */
function lockKey(input) {
    return dependency_key_keyOf('lock', input.requirements, input);
}
/** Names the layer that a large package has of its own, whatever stands beside it in a lock. */
function packageKey(requirement, input) {
    return dependency_key_keyOf('package', [requirement], input);
}
function dependency_key_keyOf(of, requirements, { platform, libc, python }) {
    return (0,release_digest/* digestOfJson */.Qs)({
        format: FORMAT,
        of,
        requirements: [...requirements].sort(),
        platform: { ...platform },
        libc,
        python,
    });
}
/**
 * The version of Python that is in a base image: as the image says, or as the project does where the image is silent.
 * @param configured the project's setting
 * @throws ConfigError IMAGE-PYTHON-UNKNOWN, IMAGE-PYTHON-DIFFERS
 */
function pythonOf({ config, reference }, configured) {
    const variable = config.config?.Env?.find((line) => line.startsWith('PYTHON_VERSION='));
    const said = /^PYTHON_VERSION=(3\.\d+\.\d+)/.exec(variable ?? '')?.[1];
    if (configured !== undefined && said !== undefined && configured !== said) {
        throw new errors/* ConfigError */.xL({
            code: 'IMAGE-PYTHON-DIFFERS',
            what: `the base image ${reference.text} has Python ${said}, and the setting says ${configured}`,
            fix: 'Leave the setting out: it is for base images that do not say which Python they have',
        });
    }
    const python = configured ?? said;
    if (python !== undefined && /^3\.\d+\.\d+$/.test(python))
        return python;
    throw new errors/* ConfigError */.xL({
        code: 'IMAGE-PYTHON-UNKNOWN',
        what: python === undefined
            ? `the base image ${reference.text} does not say which Python it has (PYTHON_VERSION)`
            : `${JSON.stringify(python)} is no version of Python to choose packages for`,
        fix: 'Use an image of Python, like "python:3.11.9-slim", or set the version of its Python, like 3.11.9',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/in-parallel.js
/**
 * Runs calls, so many at the same time. The first that fails ends the others, and is thrown once they have ended.
 * @returns what each gave, in order
 */
async function inParallel(atOnce, calls, signal) {
    const failed = new AbortController();
    const both = AbortSignal.any([signal, failed.signal]);
    const results = new Map();
    const errors = [];
    let next = 0;
    const worker = async () => {
        while (next < calls.length && errors.length === 0) {
            const index = next++;
            try {
                const call = calls[index];
                if (call)
                    results.set(index, await call({ signal: both }));
            }
            catch (error) {
                errors.push(error);
                failed.abort();
            }
        }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, calls.length) }, worker));
    if (errors.length > 0)
        throw errors[0];
    return calls.map((_, index) => results.get(index));
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/install-errors.js

const DOCKERFILE = 'build the image with your own Dockerfile instead (`builder: docker`)';
const LOGIN_IN_ADDRESS = /(\w:\/\/)[^\s/]+@/g;
/** Why uv could not install, from what it said. What is wrong with the requirements is the user's; the rest is not. */
function installFailure({ stderr, timedOut }, input) {
    // uv breaks its lines where it likes.
    const said = stderr.replaceAll(/\s+/g, ' ');
    const [first, ...more] = timedOut ? [] : problemsIn(said, input);
    if (first)
        return new errors/* ConfigError */.xL(first, ...more);
    const why = timedOut ? 'it took too long' : lastLines(stderr);
    return new errors/* ProviderError */.mZ({
        code: 'IMAGE-INSTALL-FAILED',
        what: `the packages of the image cannot be installed: ${why}`,
        fix: 'Check that this machine reaches its package index (UV_INDEX_URL, proxy) and has space on its disk',
    }, { retryable: true });
}
function problemsIn(said, { platform, libc, python }) {
    const at = `Python ${python} on ${platform.os}/${platform.architecture} (${libc})`;
    const withoutWheel = named(said, /(\S+==\S+) has no (?:usable )?wheels/g).map((requirement) => ({
        code: 'IMAGE-NO-WHEEL',
        what: `${requirement} has no wheel for ${at}, and an image is put together without running anything in it`,
        fix: `Use a version that has one, or ${DOCKERFILE}`,
    }));
    const missing = [
        ...named(said, /there is no version of (\S+==\S+?),? and /g),
        ...named(said, /Because (\S+) was not found in the (?:package registry|provided package locations)/g),
    ].map((requirement) => ({
        code: 'IMAGE-REQUIREMENT-MISSING',
        what: `the package index does not have ${requirement}`,
        fix: 'Correct the version in the lock file of the project, or name the index that has it (UV_INDEX_URL, [tool.uv])',
    }));
    return [...withoutWheel, ...missing];
}
function named(text, pattern) {
    return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();
}
function lastLines(text) {
    const lines = text.trim().split('\n').slice(-8).join('\n') || 'uv said nothing';
    // The address of an index may hold its login, which older versions of uv show.
    return lines.replaceAll(LOGIN_IN_ADDRESS, '$1***@');
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/install-packages.js



const INSTALL_TIMEOUT_MS = 15 * 60_000;
const install_packages_PROBE_TIMEOUT_MS = 30_000;
/**
 * Installs packages into a folder for a Python and a platform that need not be here: from wheels alone, so that nothing
 * of them is run, and nothing but the pinned names.
 * @param dir an empty folder, for the list and for uv's work
 * @returns the folder of the packages
 * @throws ConfigError IMAGE-NO-WHEEL, IMAGE-REQUIREMENT-MISSING, IMAGE-UV-MISSING; ProviderError IMAGE-INSTALL-FAILED
 */
async function installPackages(tools, input, dir) {
    const target = (0,external_node_path_.join)(dir, 'packages');
    const list = (0,external_node_path_.join)(dir, 'requirements.txt');
    await tools.files.write(list, `${[...input.requirements].sort().join('\n')}\n`);
    const uv = await findUv(tools);
    const result = await run(tools, [
        ...uv,
        ...['pip', 'install', '--quiet', '--no-progress', '--no-deps', '--only-binary', ':all:'],
        // Whatever the user set: a link of another kind leads out of the image.
        ...['--link-mode', 'hardlink'],
        ...['--python-version', input.python, '--python-platform', uvPlatform(input.platform, input.libc)],
        ...['--target', target, '--requirement', list],
    ], INSTALL_TIMEOUT_MS);
    if (result.code !== 0)
        throw installFailure(result, input);
    return target;
}
/** `x86_64-unknown-linux-gnu`. uv knows both processors under Linux's names for them. */
function uvPlatform({ architecture }, libc) {
    const processor = { amd64: 'x86_64', arm64: 'aarch64' };
    const name = processor[architecture];
    if (name !== undefined)
        return `${name}-unknown-linux-${libc === 'musl' ? 'musl' : 'gnu'}`;
    throw new errors/* ConfigError */.xL({
        code: 'IMAGE-PLATFORM-UNKNOWN',
        what: `there are no wheels for ${architecture}`,
        fix: 'Build for amd64 or arm64, or build with your own Dockerfile (`builder: docker`)',
    });
}
async function findUv(tools) {
    for (const uv of [['uv'], ['python3', '-m', 'uv']]) {
        try {
            if ((await run(tools, [...uv, '--version'], install_packages_PROBE_TIMEOUT_MS)).code === 0)
                return uv;
        }
        catch (error) {
            if (!(error instanceof errors/* ProviderError */.mZ && error.problem.code.startsWith('EXEC-')))
                throw error;
        }
    }
    throw new errors/* ConfigError */.xL({
        code: 'IMAGE-UV-MISSING',
        what: 'the packages of the image are installed with uv, which is not on this machine',
        fix: 'Install it (`pip install uv`, or the astral-sh/setup-uv action), or build with your own Dockerfile (`builder: docker`)',
    });
}
function run({ exec, root, env, signal }, argv, timeoutMs) {
    return exec.run({ argv, cwd: root, env, timeoutMs, signal });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/overlaps.js

/** What Python loads: which of two it is decides what is computed. */
const CODE = /\.(?:py|pth|so(?:\.\d+)*)$/;
const SHOWN = 5;
/**
 * The packages that bring another content for a file of somebody else. For a licence or a text at the top, which
 * careless packages share, the last one by name counts, and that of the shared layer before those of others.
 * @throws ConfigError IMAGE-PACKAGES-OVERLAP where it is code: an installer takes either, and so does an image
 */
function overlapping(packages) {
    const brought = new Map();
    for (const { name, paths } of packages) {
        for (const [path, digest] of Object.entries(paths)) {
            const by = brought.get(path) ?? new Map();
            brought.set(path, by.set(name, digest));
        }
    }
    const shared = [...brought].filter(([, by]) => by.size > 1 && differ([...by.values()]));
    (0,errors/* throwIfAny */.MI)(problems(shared.filter(([path]) => CODE.test(path))));
    return new Set(shared.flatMap(([, by]) => [...by.keys()]));
}
/** A file without a digest may be anything. */
function differ(digests) {
    return digests.includes('') || new Set(digests).size > 1;
}
function problems(shared) {
    const byPackages = new Map();
    for (const [path, by] of shared) {
        const names = [...by.keys()].sort().join(' and ');
        byPackages.set(names, [...(byPackages.get(names) ?? []), path]);
    }
    return [...byPackages].sort().map(([names, paths]) => {
        const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
        return {
            code: 'IMAGE-PACKAGES-OVERLAP',
            what: `${names} each bring another content of ${paths.sort().slice(0, SHOWN).join(', ')}${more}`,
            fix: 'Keep one of these packages in the lock file of the project: which of the two would be loaded is left to chance',
        };
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/file-owners.js

/**
 * Which package each file belongs to: those that list it. Installers add to the lists what a wheel forgot in its own.
 * @param listed of each package, the files that it lists
 * @returns of each package its files, in their order; a file that several list is with all of them
 * @throws ConfigError IMAGE-PACKAGE-UNLISTED for a file that none lists: no layer would be sure to have it
 */
function ownersOf(files, listed) {
    const there = new Set(files);
    const known = new Set();
    const owned = [...listed].map(([name, paths]) => {
        const own = paths.filter((path) => there.has(path)).sort();
        for (const path of own)
            known.add(path);
        return [name, own];
    });
    const stray = files.find((file) => !known.has(file));
    if (stray !== undefined)
        throw unlisted(stray);
    return new Map(owned);
}
function unlisted(file) {
    return new errors/* ConfigError */.xL({
        code: 'IMAGE-PACKAGE-UNLISTED',
        what: `${file} was installed for the image, and no package lists it among its files`,
        fix: 'Install a newer uv, use another version of the package that brings it, or build the image with your own Dockerfile (`builder: docker`)',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/package-files.js







/** What an installer leaves that is of it and of this machine. */
const NOISE = /(?:^|\/)__pycache__\/|^bin\/|^\.lock$|^[^/]+\.dist-info\/(?:INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json)$/;
const RECORD = /^([^/]+)\.dist-info\/RECORD$/;
/**
 * The packages of an installed folder, and of each the files that belong into an image: the same on every machine,
 * wherever and by whatever version of the installer they were put there. Programs (`bin/`) name the Python of this
 * machine and are left out; a package's list of its files is told so.
 * @throws ConfigError IMAGE-PACKAGE-UNLISTED
 */
async function installedPackages(dir) {
    const there = (await package_files_collect(dir, '')).filter((path) => !NOISE.test(path)).sort();
    const kept = new Set(there);
    const lists = new Map();
    for (const path of there) {
        const [, distribution] = RECORD.exec(path) ?? [];
        if (distribution !== undefined)
            lists.set(distribution, readRecord(await package_files_text((0,external_node_path_.join)(dir, path)), kept));
    }
    const owners = ownersOf(there, new Map([...lists].map(([name, { paths }]) => [name, [...paths.keys()]])));
    const packages = [];
    for (const [distribution, { lines, paths }] of lists) {
        const own = owners.get(distribution) ?? [];
        const record = `${lines.join('\n')}\n`;
        const files = new Map();
        for (const path of own) {
            const isRecord = path === `${distribution}.dist-info/RECORD`;
            files.set(path, await package_files_layerFile(dir, path, isRecord ? new TextEncoder().encode(record) : undefined));
        }
        packages.push({
            facts: readMetadata(await package_files_text((0,external_node_path_.join)(dir, `${distribution}.dist-info`, 'METADATA')), (0,release_digest/* digestOf */.ol)(record)),
            paths: new Map(own.map((path) => [path, paths.get(path) ?? ''])),
            files,
            bytes: [...files.values()].reduce((sum, { content }) => sum + sizeOf(content), 0),
        });
    }
    const unread = there.filter((path) => /^[^/]+\.pth$/.test(path));
    return { packages: packages.sort((a, b) => (a.facts.name < b.facts.name ? -1 : 1)), unread };
}
/** A package's list without what is not there: installers add files that we leave out. */
function readRecord(content, kept) {
    const lines = content.split(/\r?\n/).filter((line) => kept.has(pathOfLine(line)));
    return { lines: lines.sort(), paths: new Map(lines.map((line) => [pathOfLine(line), digestOfLine(line)])) };
}
function pathOfLine(line) {
    const [, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(line) ?? [];
    return quoted?.replaceAll('""', '"') ?? plain;
}
/** `sha256=…`, or nothing. */
function digestOfLine(line) {
    return /,([^,"]*),[^,]*$/.exec(line)?.[1] ?? '';
}
async function package_files_layerFile(dir, path, bytes) {
    const file = (0,external_node_path_.join)(dir, path);
    const { size, mode } = await onDisk(file, () => (0,promises_.stat)(file));
    const executable = (mode & 0o100) !== 0;
    return { path: `${PACKAGES_DIR}/${path}`, executable, content: bytes ? { bytes } : { file, size } };
}
function sizeOf(content) {
    return 'bytes' in content ? content.bytes.length : content.size;
}
async function package_files_collect(root, below) {
    const found = [];
    const dir = (0,external_node_path_.join)(root, below);
    for (const entry of await onDisk(dir, () => (0,promises_.readdir)(dir, { withFileTypes: true }))) {
        const path = below === '' ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory())
            found.push(...(await package_files_collect(root, path)));
        else if (entry.isFile())
            found.push(path);
        else
            throw new Error(`${path} was installed as a link or a device, which no wheel can hold`);
    }
    return found;
}
async function package_files_text(file) {
    return new TextDecoder().decode(await onDisk(file, () => (0,promises_.readFile)(file)));
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/dependencies/dependency-layers.js










/**
 * A package of more bytes than these, installed, has a layer of its own: in a lock of a pricing service those are a
 * handful with nearly all of the bytes. It is part of the form that keys name, as it decides what is in which layer.
 */
const LARGE_BYTES = 4_000_000;
const LOOK_UPS_AT_ONCE = 8;
const dependency_layers_NOTHING = { packages: [], unread: [] };
/**
 * The layers of a lock that was never built as a whole: large packages that some other lock had are taken from the
 * repository, all others are installed and written.
 * @param dir an empty folder of the caller's, which removes it
 * @throws what {@link installPackages}, {@link installedPackages} and {@link overlapping} throw
 */
async function buildDependencies(tools, input, to, dir) {
    const known = await findLarge(tools, input, to);
    const missing = input.requirements.filter((requirement) => !known.has(requirement));
    const total = input.requirements.length;
    tools.progress(`${total} packages: ${known.size} in the registry, installing ${missing.length}`);
    const [large, small] = divide(await install(tools, { ...input, requirements: missing }, dir, known));
    const own = [];
    for (const [index, each] of large.entries()) {
        const requirement = requirementOf(each.facts.name, missing);
        const layer = await write(tools, [each], (0,external_node_path_.join)(dir, `package-${index}.tar.gz`));
        own.push({ key: packageKey(requirement, input), layers: [layer], paths: Object.fromEntries(each.paths) });
    }
    const shared = small.length === 0 ? [] : [await write(tools, small, (0,external_node_path_.join)(dir, 'packages.tar.gz'))];
    const layers = [...known.values(), ...own].flatMap((artifact) => artifact.layers).sort(byName);
    const all = { key: lockKey(input), layers: [...layers, ...shared] };
    return { all, artifacts: [...own, all] };
}
/** By what layers in the repository are told to be ours. */
function sealingOf({ seal, progress }) {
    return {
        seal,
        notTaken: (tag, why) => progress(`${tag} ${why}: its packages are installed anew`),
    };
}
/** What the repository has of the packages one by one, by requirement. Small ones are never stored so. */
async function findLarge(tools, input, to) {
    const { registry, signal } = tools;
    const sealing = sealingOf(tools);
    const looks = input.requirements.map((requirement) => (call) => findDependencies(registry, to, { key: packageKey(requirement, input), requirements: [requirement] }, sealing, call));
    const found = await inParallel(LOOK_UPS_AT_ONCE, looks, signal);
    return new Map(input.requirements.flatMap((requirement, index) => {
        const artifact = found[index];
        return artifact?.paths && artifact.layers.length === 1 ? [[requirement, artifact]] : [];
    }));
}
/** Installs packages, each as its wheel is: those that share files with others once more, by themselves. */
async function install(tools, input, dir, known) {
    const nothing = input.requirements.length === 0;
    const { packages, unread } = nothing ? dependency_layers_NOTHING : await installedPackages(await installPackages(tools, input, dir));
    if (unread.length > 0)
        tools.progress(`not read in the image: ${unread.join(', ')}`);
    const sharing = overlapping([
        ...[...known].map(([requirement, { paths = {} }]) => ({ name: nameOf(requirement), paths })),
        ...packages.map(({ facts, paths }) => ({ name: facts.name, paths: Object.fromEntries(paths) })),
    ]);
    const alone = [];
    for (const each of packages) {
        if (!sharing.has(each.facts.name)) {
            alone.push(each);
            continue;
        }
        const only = { ...input, requirements: [requirementOf(each.facts.name, input.requirements)] };
        const again = await installPackages(tools, only, (0,external_node_path_.join)(dir, `alone-${alone.length}`));
        alone.push(...(await installedPackages(again)).packages);
    }
    return alone;
}
function divide(installed) {
    const isLarge = ({ bytes }) => bytes > LARGE_BYTES;
    return [installed.filter(isLarge), installed.filter((each) => !isLarge(each))];
}
async function write(tools, packages, file) {
    // Sorted by name: of a file that several bring, that of the last one is there.
    const files = new Map(packages.flatMap((each) => [...each.files]));
    const { diffId, ...written } = await writeLayer([...files.values()], file, tools);
    const layer = { mediaType: OCI_LAYER_GZIP, ...written };
    tools.onLayer(layer, file);
    return { layer, diffId, packages: packages.map(({ facts }) => facts) };
}
function byName(one, other) {
    return nameIn(one) < nameIn(other) ? -1 : 1;
}
function nameIn({ packages }) {
    return packages[0]?.name ?? '';
}
/** Of all layers, sorted by name. */
function packagesOf({ layers }) {
    return layers.flatMap(({ packages }) => packages).sort((a, b) => (a.name < b.name ? -1 : 1));
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/attest/provenance.js


const PROVENANCE_TYPE = 'application/vnd.in-toto+json';
const PROVENANCE_PREDICATE = 'https://slsa.dev/provenance/v1';
const RECIPE = 'https://github.com/haute/deploy/blob/main/docs/images.md#provenance';
/**
 * How the image was made, as an in-toto statement with SLSA's predicate. Not signed: whoever may write into the
 * repository may write this. It has no time, so that the same commit has the same one.
 * @see https://slsa.dev/spec/v1.0/provenance
 */
function provenance(input, base, made) {
    const { origin, pkg, platform, port, to, libc } = input;
    return {
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: describeRepository(to), digest: sha256(made.image) }],
        predicateType: PROVENANCE_PREDICATE,
        predicate: {
            buildDefinition: {
                buildType: RECIPE,
                externalParameters: {
                    ...(origin.source !== undefined && { source: origin.source }),
                    ...(origin.revision !== undefined && { revision: origin.revision }),
                    baseImage: base.reference.text,
                    platform: `${platform.os}/${platform.architecture}`,
                    libc,
                    python: made.python,
                    port,
                },
                resolvedDependencies: [
                    ...sourceOf(input),
                    {
                        name: 'base image',
                        uri: `oci://${describeRepository(base.reference.name)}@${base.digest}`,
                        digest: sha256(base.digest),
                    },
                    { name: 'package', digest: sha256(pkg.digest) },
                    { name: 'requirements', digest: sha256((0,release_digest/* digestOfJson */.Qs)([...pkg.requirements].sort())) },
                    ...made.dependencyLayers.map((layer) => ({ name: 'layer of packages', digest: sha256(layer) })),
                ],
            },
            runDetails: { builder: { id: origin.builder } },
        },
    };
}
function sourceOf({ origin: { source, revision } }) {
    if (revision === undefined)
        return [];
    const uri = source === undefined ? {} : { uri: `git+${source}@${revision}` };
    return [{ name: 'source', ...uri, digest: { gitCommit: revision } }];
}
function sha256(digest) {
    return { sha256: digest.slice('sha256:'.length) };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/attest/referrer.js



const EMPTY = new TextEncoder().encode('{}');
/** What stands for the configuration in a manifest that is no image. */
const EMPTY_DOCUMENT = {
    descriptor: { mediaType: OCI_EMPTY, digest: (0,release_digest/* digestOf */.ol)(EMPTY), size: EMPTY.length },
    bytes: EMPTY,
};
/**
 * A manifest that hangs a document on an image, so that it is found from the image's digest.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage
 */
function referrerManifest(document, subject, annotations = {}) {
    const { mediaType, digest, size } = document.descriptor;
    return jsonDocument(OCI_MANIFEST, {
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        artifactType: mediaType,
        config: plain(EMPTY_DOCUMENT.descriptor),
        layers: [{ mediaType, digest, size }],
        subject: plain(subject),
        ...(Object.keys(annotations).length > 0 && { annotations }),
    });
}
function plain({ mediaType, digest, size }) {
    return { mediaType, digest, size };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/attest/sbom.js

const SBOM_TYPE = 'application/vnd.cyclonedx+json';
/**
 * The list of what is in the image, as CycloneDX 1.6: the packages and the base image, which has lists of its own. It has
 * no serial number and no time, and does not change with the rates: only with what software is in the image.
 * @see https://cyclonedx.org/docs/1.6/json/
 */
function sbom({ origin }, base, packages) {
    const image = { type: 'container', 'bom-ref': 'image', name: origin.title };
    const components = [baseComponent(base), ...packages.map(packageComponent)];
    const references = components.map((component) => component['bom-ref']);
    return {
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        version: 1,
        metadata: { component: image },
        components,
        dependencies: [
            { ref: 'image', dependsOn: [...new Set(references)].sort() },
            ...references.map((ref) => ({ ref })),
        ],
    };
}
function baseComponent({ reference, digest }) {
    return {
        type: 'container',
        'bom-ref': `${describeRepository(reference.name)}@${digest}`,
        name: reference.text,
        version: digest,
        hashes: [{ alg: 'SHA-256', content: digest.slice('sha256:'.length) }],
    };
}
function packageComponent({ name, version, summary, license, homepage, record }) {
    const purl = `pkg:pypi/${name}@${encodeURIComponent(version)}`;
    return {
        type: 'library',
        'bom-ref': purl,
        name,
        version,
        purl,
        ...(summary !== undefined && { description: summary }),
        ...(license && { licenses: 'expression' in license ? [{ ...license }] : [{ license: { ...license } }] }),
        ...(homepage !== undefined && { externalReferences: [{ type: 'website', url: homepage }] }),
        // Digest of the installed list of files, which has the digest of every file.
        properties: [{ name: 'dev.haute:record', value: record }],
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/plan-image.js







/** The whole image, from its parts. Equal parts and inputs give equal digests. */
function planImage(input, parts) {
    const { base, dependencies, application, python } = parts;
    const layers = [
        ...base.layers.map((descriptor) => ({ role: 'base', descriptor })),
        ...dependencies.layers.map(({ layer }) => ({ role: 'dependencies', descriptor: layer })),
        {
            role: 'application',
            descriptor: { mediaType: OCI_LAYER_GZIP, digest: application.digest, size: application.size },
        },
    ];
    const config = jsonDocument(OCI_CONFIG, imageConfig(input, base, { dependencies: dependencies.layers, application }));
    const image = jsonDocument(OCI_MANIFEST, {
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: { ...config.descriptor },
        layers: layers.map(({ descriptor }) => ({ ...descriptor })),
        annotations: imageLabels(input, base),
    });
    const dependencyLayers = dependencies.layers.map(({ layer }) => layer.digest);
    const made = { image: image.descriptor.digest, python, dependencyLayers };
    const bill = jsonDocument(SBOM_TYPE, sbom(input, base, packagesOf(dependencies)));
    const statement = jsonDocument(PROVENANCE_TYPE, provenance(input, base, made));
    const { artifacts } = parts;
    return {
        layers,
        documents: [config, bill, statement, EMPTY_DOCUMENT, ...artifacts.map(({ facts }) => facts)],
        artifacts,
        image,
        sbom: referrerManifest(bill, image.descriptor),
        provenance: referrerManifest(statement, image.descriptor, { 'in-toto.io/predicate-type': PROVENANCE_PREDICATE }),
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/push-image.js



/** Manifests on their way at the same time. */
const AT_ONCE = 4;
/**
 * Stores what a plan says, and of it only what the repository has not: blobs at the same time, then the manifests that
 * name them, then the tags. A push that fails leaves no tag of an image behind, and nothing that the next one could not use.
 */
async function pushImage(registry, { plan, to, tags, uploads }, { signal }) {
    for (const document of plan.documents) {
        uploads.add(document.descriptor.digest, (call) => registry.pushBlob(to, documentBlob(document), call));
    }
    // Layers of packages that were found are not looked for again: the registry refuses the manifest where one is gone.
    const sent = new Map(await uploads.all());
    const blobBytes = [...sent.values()].reduce((sum, each) => sum + each, 0);
    const push = (manifest, tag) => (call) => registry.pushManifest(to, manifest, tag, call);
    await inParallel(AT_ONCE, plan.artifacts.map(({ manifest, tag }) => (call) => push(manifest, tag)(call).catch(unlessImmutable)), signal);
    await push(plan.image)({ signal });
    // One after another: registries without the referrers API have one list for both.
    for (const referrer of [plan.sbom, plan.provenance])
        await push(referrer)({ signal });
    for (const tag of tags)
        await push(plan.image, tag)({ signal });
    const layers = plan.layers.map(({ role, descriptor: { digest, size } }) => {
        const sentBytes = sent.get(digest) ?? 0;
        sent.delete(digest); // An image may have the same layer twice; it is sent once.
        return { role, digest, size, sentBytes };
    });
    const manifests = [...plan.artifacts.map(({ manifest }) => manifest), plan.image, plan.sbom, plan.provenance];
    const named = [...manifests, ...tags.map(() => plan.image)];
    const manifestBytes = named.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
    return { layers, sentBytes: blobBytes + manifestBytes };
}
/** Layers of packages that cannot be found again cost time, and nothing else. */
function unlessImmutable(error) {
    if (!(error instanceof errors/* ConfigError */.xL && error.problems[0].code === 'REGISTRY-TAG-IMMUTABLE'))
        throw error;
}
/** Stores the layers of a base: mounted where its registry is ours, and copied from there otherwise. */
function addBaseLayers(registry, uploads, { reference, layers }, to) {
    const { name } = reference;
    const near = name.registry === to.registry && name.repository !== to.repository;
    for (const layer of layers) {
        uploads.add(layer.digest, (call) => registry.pushBlob(to, remoteBlob(registry, name, layer, call), {
            ...call,
            ...(near && { mountFrom: [name.repository] }),
        }));
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/stopwatch.js
/** Says how long each part of the work took. */
class Stopwatch {
    #clock;
    #progress;
    #since;
    constructor(clock, progress) {
        this.#clock = clock;
        this.#progress = progress;
        this.#since = clock.now();
    }
    /** `base image python:3.11.9-slim (0.21 s)`: what was done since the last call. */
    lap(what) {
        const now = this.#clock.now();
        this.#progress(`${what} (${((now - this.#since) / 1000).toFixed(2)} s)`);
        this.#since = now;
    }
}
/** `812 B`, `14.2 kB`, `138 MB`: for people. */
function sizeText(bytes) {
    const units = ['B', 'kB', 'MB', 'GB'];
    let value = bytes;
    let unit = 0;
    for (; value >= 1000 && unit < units.length - 1; unit++)
        value /= 1000;
    return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/uploads.js
/** Blobs on their way at the same time. */
const uploads_AT_ONCE = 6;
/**
 * Blobs on their way to the registry, while the next ones are being made. Each is sent once. The first that fails
 * ends the others.
 */
class Uploads {
    #stop = new AbortController();
    #signal;
    #queue = [];
    #sent = new Map();
    #known = new Set();
    #running = new Set();
    #failure;
    constructor(signal) {
        this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    }
    /** Ends with the first upload that fails: what is made meanwhile is of no use. */
    get signal() {
        return this.#signal;
    }
    /** Why it failed, where it did. */
    get failure() {
        return this.#failure;
    }
    add(digest, send) {
        if (this.#known.has(digest))
            return;
        this.#known.add(digest);
        this.#queue.push(async () => {
            this.#sent.set(digest, await send({ signal: this.#signal }));
        });
        this.#next();
    }
    /** @returns of each blob the bytes that were sent. @throws what the first upload threw that failed */
    async all() {
        while (this.#running.size > 0)
            await Promise.all(this.#running);
        if (this.#failure)
            throw this.#failure.error;
        return this.#sent;
    }
    /** Ends whatever is still on its way. */
    async close() {
        this.#stop.abort();
        this.#queue.length = 0;
        while (this.#running.size > 0)
            await Promise.all(this.#running);
    }
    #next() {
        while (this.#running.size < uploads_AT_ONCE && !this.#failure) {
            const send = this.#queue.shift();
            if (!send)
                return;
            const running = send().then(() => this.#ended(running), (error) => {
                this.#failure ??= { error };
                this.#stop.abort();
                this.#ended(running);
            });
            this.#running.add(running);
        }
    }
    #ended(running) {
        this.#running.delete(running);
        this.#next();
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/assemble/assemble-image.js














/**
 * Puts an image together and stores it, without a daemon and without running anything of it: the layers of the base as
 * they are, layers of packages, a layer of the application. The same package, base and origin give the same digest on
 * every machine. The packages are looked for in the repository first, so that a build of changed rates sends the
 * application's layer, a configuration and manifests, and reads no wheel. What is ready is on its way while the rest is
 * being made.
 *
 * Everything is stored before the first tag is moved; no file is left on this machine, however it ends.
 *
 * @throws ConfigError what is wrong with the base image, the package or the requirements; GateFailure PACKAGE-CHANGED;
 *   ProviderError of the registry, of the disk, of the package index; Interrupted
 */
async function assembleImage(input, tools) {
    const work = await tools.files.tempDir('haute-image-');
    const watch = new Stopwatch(tools.clock, tools.progress);
    const compressor = new Compressor();
    const uploads = new Uploads(tools.signal);
    try {
        return await assemble(input, { ...tools, signal: uploads.signal, work, watch, compressor, uploads });
    }
    catch (error) {
        // What was being made when an upload failed was only told to stop; what is wrong with it itself counts more.
        throw error instanceof errors/* Interrupted */.j$ ? (uploads.failure?.error ?? error) : error;
    }
    finally {
        await Promise.all([uploads.close(), compressor.close()]);
        await tools.files.remove(work);
    }
}
async function assemble(input, shop) {
    const { registry, seal, signal, uploads, watch } = shop;
    const { to, tags } = input;
    const [application, { base, python, found }] = await bothOf(writeApplication(input, shop), assemble_image_lookUp(input, shop));
    const wanted = { ...input, requirements: input.pkg.requirements, python };
    const built = found ? undefined : await build(wanted, shop);
    const dependencies = built?.all ?? found;
    if (!dependencies)
        throw new Error('packages are found or built');
    // Without a key nobody could tell later that they are ours.
    const artifacts = seal && built ? built.artifacts.map((each) => dependencyArtifact(each, to, seal)) : [];
    const plan = planImage(input, { base, dependencies, artifacts, application, python });
    const pushed = await pushImage(registry, { plan, to, tags, uploads }, { signal });
    const { digest, size: manifestBytes } = plan.image.descriptor;
    const reusedBytes = pushed.layers.reduce((sum, { size, sentBytes }) => (sentBytes === 0 ? sum + size : sum), 0);
    watch.lap(`sent ${sizeText(pushed.sentBytes)}, reused ${sizeText(reusedBytes)}`);
    return {
        digest,
        reference: describeImage(to, digest),
        manifestBytes,
        baseDigest: base.digest,
        python,
        layers: pushed.layers,
        dependencies: built ? 'built' : 'found',
        sentBytes: pushed.sentBytes,
        reusedBytes,
        sbom: plan.sbom.descriptor.digest,
        provenance: plan.provenance.descriptor.digest,
    };
}
async function writeApplication({ pkg, to }, shop) {
    const { registry, uploads, watch, work } = shop;
    const file = (0,external_node_path_.join)(work, 'application.tar.gz');
    const application = await writeApplicationLayer(pkg, file, shop);
    watch.lap(`application: ${sizeText(application.size)}`);
    uploads.add(application.digest, (call) => registry.pushBlob(to, fileBlob(file, application), call));
    return application;
}
/** The base, whose layers are on their way from then on, and the packages where the repository has them. */
async function assemble_image_lookUp(input, shop) {
    const { registry, signal, uploads, watch } = shop;
    const { to, platform, libc, pkg } = input;
    const base = await readBaseImage(registry, input.base, platform, { signal });
    const python = pythonOf(base, input.python);
    watch.lap(`base image ${input.base.text}: ${base.digest}, Python ${python}`);
    addBaseLayers(registry, uploads, base, to);
    const { requirements } = pkg;
    const wanted = { key: lockKey({ requirements, platform, libc, python }), requirements };
    const found = await findDependencies(registry, to, wanted, sealingOf(shop), { signal });
    if (found)
        watch.lap(`${packagesOf(found).length} packages: found in the registry, ${totalSize(found)}`);
    return { base, python, found };
}
async function build(wanted, shop) {
    const { registry, uploads, watch, work } = shop;
    const onLayer = (layer, file) => uploads.add(layer.digest, (call) => registry.pushBlob(wanted.to, fileBlob(file, layer), call));
    const built = await buildDependencies({ ...shop, onLayer }, wanted, wanted.to, work);
    watch.lap(`${wanted.requirements.length} packages: in ${built.all.layers.length} layers, ${totalSize(built.all)}`);
    return built;
}
function totalSize({ layers }) {
    return sizeText(layers.reduce((sum, { layer }) => sum + layer.size, 0));
}
/** Both results, or the first failure once both have ended: files of a build that goes on cannot be removed. */
async function bothOf(one, other) {
    await Promise.allSettled([one, other]);
    return Promise.all([one, other]);
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/builders/oci.js





const WITHOUT_KEY = `${LAYERS_KEY} is not set, so packages are installed and compressed anew in every build. A secret of that name, ` +
    'made with openssl rand -hex 32, lets the next ones find their layers again: ' +
    'https://github.com/haute/deploy/blob/main/docs/images.md#who-decides-what-is-in-a-layer';
/** Our own way: images put together without a daemon; more than one platform gives an index of them. */
class OciBuilder {
    #tools;
    #assemble;
    constructor(tools, assemble = assembleImage) {
        this.#tools = tools;
        this.#assemble = assemble;
    }
    async build(request) {
        const { signal, progress, platforms } = request;
        if (!this.#tools.seal)
            progress(WITHOUT_KEY);
        const images = [];
        for (const platform of platforms) {
            if (platforms.length > 1)
                progress(platformText(platform));
            const input = {
                pkg: request.pkg,
                base: request.base,
                to: request.to,
                // Names are given by whoever called, when everything is there and was looked at.
                tags: [],
                platform,
                libc: libcOf(request.base.text),
                python: undefined,
                port: request.port,
                origin: request.origin,
            };
            images.push(await this.#assemble(input, { ...this.#tools, signal, progress }));
        }
        const [first] = images;
        if (!first)
            throw new Error('an image has at least one platform');
        const sum = (of) => images.reduce((total, each) => total + of(each), 0);
        const done = {
            uploadedBytes: sum((image) => image.sentBytes),
            reusedBytes: sum((image) => image.reusedBytes),
            facts: {
                builder: 'oci',
                baseDigest: first.baseDigest,
                platforms: platforms.map(platformText),
                dependencies: images.map((image) => image.dependencies),
            },
        };
        if (images.length > 1)
            return withIndex(this.#tools.registry, request, images, done);
        const { digest, manifestBytes: size } = first;
        return { ...done, descriptor: { mediaType: OCI_MANIFEST, digest, size } };
    }
}
/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md */
async function withIndex(registry, { to, platforms, signal }, images, done) {
    const manifests = images.map(({ digest, manifestBytes }, index) => ({
        mediaType: OCI_MANIFEST,
        digest,
        size: manifestBytes,
        platform: { ...platforms[index] },
    }));
    const index = jsonDocument(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
    await registry.pushManifest(to, index, undefined, { signal });
    return { ...done, uploadedBytes: done.uploadedBytes + index.descriptor.size, descriptor: index.descriptor };
}
/** Alpine has another C library than everybody else; wheels are built for one of the two. */
function libcOf(base) {
    return /alpine|musl/i.test(base) ? 'musl' : 'glibc';
}

// EXTERNAL MODULE: ./build/compiled/shared/release/codec.js
var codec = __webpack_require__(3610);
;// CONCATENATED MODULE: ./build/compiled/shared/image/attest/release-record.js




const RELEASE_TYPE = 'application/vnd.haute.release.v1+json';
/**
 * Hangs a release on its image, once its id is known: the id contains the image's digest, so the image cannot hold it.
 * The same release is stored once; a later one with more evidence stands beside the earlier.
 * @param image the image's manifest, as the registry has it
 * @returns digest of the manifest that holds the release
 */
async function attachRelease(registry, name, image, release, call) {
    const bytes = new TextEncoder().encode((0,codec/* encodeRelease */.sR)(release));
    const record = { descriptor: { mediaType: RELEASE_TYPE, digest: (0,release_digest/* digestOf */.ol)(bytes), size: bytes.length }, bytes };
    const manifest = referrerManifest(record, image, { 'dev.haute.release': release.id });
    for (const document of [EMPTY_DOCUMENT, record])
        await registry.pushBlob(name, documentBlob(document), call);
    await registry.pushManifest(name, manifest, undefined, call);
    return manifest.descriptor.digest;
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/tags/tags.js


/** Digits of a commit in a tag. */
const COMMIT_DIGITS = 12;
/** Moved by the steps that deploy and promote, and by nothing else. */
const OF_ENVIRONMENTS = ['staging', 'production'];
/** The tag of an environment's record is that of the environment with this behind it. */
const RECORD_SUFFIX = '.haute';
/**
 * The tags of what was built from a commit: the commit, short; the version, where a version tag points to it; and those
 * that were asked for. Files that differ from the commit are not named after it.
 * @throws ConfigError IMAGE-TAG for each that was asked for and cannot be given
 */
function tagsFor(source, wished) {
    (0,errors/* throwIfAny */.MI)(wished.flatMap((tag) => tags_problemOf(tag) ?? []));
    const { version } = source;
    const own = [commitTag(source), ...(version !== undefined && !source.dirty ? [version] : [])];
    const fixed = own.filter((tag) => tag !== undefined);
    return { fixed, moving: [...new Set(wished)].filter((tag) => !fixed.includes(tag)) };
}
/** Undefined where nothing may be named after a commit. */
function commitTag({ commit, dirty }) {
    return commit === null || dirty ? undefined : commit.slice(0, COMMIT_DIGITS);
}
function tags_problemOf(tag) {
    const shown = JSON.stringify(tag.slice(0, 130));
    if (!isTag(tag))
        return problem(`${shown} is no tag`, 'Write up to 128 of letters, digits, _ . and -, not beginning with . or -');
    if (OF_ENVIRONMENTS.includes(tag) || tag.endsWith(RECORD_SUFFIX))
        return problem(`${shown} is a tag of an environment`, 'Leave it out: deploy-staging and approve-promote move it');
    return undefined;
}
function problem(what, fix) {
    return { code: 'IMAGE-TAG', what: `the tags input: ${what}`, fix };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/tags/give-tags.js



/**
 * Names an image: every tag that must not move is read before any is written, and every one is read back. A tag that
 * names this image already is left as it is.
 * @returns the names, written out
 * @throws GateFailure IMAGE-TAG-TAKEN or ConfigError IMAGE-TAG, with nothing written; ProviderError IMAGE-TAG-LOST
 */
async function giveTags(registry, to, image, { fixed, moving }, call) {
    const { digest } = image.descriptor;
    const tags = [...fixed, ...moving];
    const before = new Map();
    for (const tag of tags)
        before.set(tag, await names(registry, to, tag, call));
    for (const tag of fixed) {
        const other = before.get(tag);
        if (other !== undefined && other !== digest)
            throw taken(describeTag(to, tag), other, digest);
    }
    for (const tag of moving) {
        if (await names(registry, to, tag + RECORD_SUFFIX, call))
            throw ofEnvironment(describeTag(to, tag));
    }
    for (const tag of tags) {
        if (before.get(tag) === digest)
            continue;
        await registry.pushManifest(to, image, tag, call);
        const now = await names(registry, to, tag, call);
        if (now !== digest)
            throw lost(describeTag(to, tag), digest, now);
    }
    return tags.map((tag) => describeTag(to, tag));
}
async function names(registry, to, tag, call) {
    return (await registry.manifest(to, tag, call))?.descriptor.digest;
}
function taken(tag, other, digest) {
    return new errors/* GateFailure */.In({
        code: 'IMAGE-TAG-TAKEN',
        what: `${tag} names ${other}, and this build of the same commit or version gave ${digest}`,
        fix: 'Find out what differs: a base image that was published anew under its tag (write its digest), another builder, a version tag that was moved. To keep what is there, run the steps with its release; to replace it, delete the tag first',
    });
}
function ofEnvironment(tag) {
    return new errors/* ConfigError */.xL({
        code: 'IMAGE-TAG',
        what: `the tags input: ${tag} is the tag of an environment, which has releases of its own`,
        fix: 'Leave it out: deploy-staging and approve-promote move it',
    });
}
function lost(tag, digest, now) {
    return new errors/* ProviderError */.mZ({
        code: 'IMAGE-TAG-LOST',
        what: `${tag} was given to ${digest}, and the registry says that it names ${now ?? 'nothing'}`,
        fix: 'Run the step again; if it stays so, look for something else that moves this tag',
    }, { retryable: true });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/store/image-wishes.js



const DEFAULT_PLATFORM = { os: 'linux', architecture: 'amd64' };
/**
 * The repository of the project's image.
 * @throws ConfigError IMAGE-REGISTRY-MISSING, IMAGE-NAME, IMAGE-NAME-UPPER-CASE
 */
function repositoryOf(settings, registry = settings.registry) {
    if (registry === '')
        throw noRegistry();
    return parseImageName(`${registry.replace(/\/+$/, '')}/${settings.repository}`).name;
}
/** @throws ConfigError BASE-IMAGE-NOT-PINNED, IMAGE-NAME */
function baseOf({ baseImage }, wished) {
    const text = wished ?? baseImage;
    if (!(0,base_image/* isPinnedImage */.C)(text))
        throw image_wishes_floating(text);
    const { name, tag, digest } = parseImageName(text);
    return { name, reference: digest ?? tag ?? '', text };
}
/** @throws ConfigError IMAGE-PLATFORM for each that is none */
function platformsOf({ platforms }) {
    const problems = [];
    const found = [...new Set(platforms)].flatMap((text) => {
        const [, architecture] = /^linux\/([a-z0-9]+)(?:\/v8)?$/.exec(text) ?? [];
        if (architecture !== undefined)
            return [{ os: 'linux', architecture }];
        problems.push(noPlatform(text));
        return [];
    });
    (0,errors/* throwIfAny */.MI)(problems);
    const [first = DEFAULT_PLATFORM, ...rest] = found;
    return [first, ...rest];
}
function noRegistry() {
    return new errors/* ConfigError */.xL({
        code: 'IMAGE-REGISTRY-MISSING',
        what: 'nothing says which registry the image belongs to',
        fix: 'Write registry under [deploy.container] in haute.toml, like "eu.example.com/pricing", or use the registry input',
    });
}
function image_wishes_floating(image) {
    return new errors/* ConfigError */.xL({
        code: 'BASE-IMAGE-NOT-PINNED',
        what: `the base image is ${JSON.stringify(image)}, which is another image from one month to the next`,
        fix: 'Name a patch version, like python:3.11.9-slim, or a digest, like python@sha256:…',
    });
}
function noPlatform(text) {
    return {
        code: 'IMAGE-PLATFORM',
        what: `the platforms input: ${JSON.stringify(text)} is no platform that pricing services run on`,
        fix: 'Write linux/amd64, linux/arm64, or both',
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/store/unpack-application.js








/**
 * Unpacks the layer of an application into a folder that is not there yet: files of the application and nothing else.
 * Links, devices and names that lead elsewhere are refused, as the layers that we make have none.
 * @param image for messages
 * @throws GateFailure ARTIFACT-CHANGED for a layer that cannot be read or holds anything else
 */
async function unpackApplication(layer, folder, image, signal) {
    const entries = (0,tar_stream.extract)();
    const seen = new Set();
    let last = Promise.resolve();
    entries.on('entry', (header, entry, next) => {
        last = unpackEntry(header, entry);
        last.then(() => next(), next);
    });
    try {
        await onDisk(folder, async () => {
            (0,external_node_fs_.mkdirSync)(folder, { recursive: true });
            await (0,external_node_stream_promises_.pipeline)((0,external_node_fs_.createReadStream)(layer), (0,external_node_zlib_.createGunzip)(), entries, { signal });
        });
    }
    catch (error) {
        const refused = refusedName(error);
        throw isOurs(error) && refused === undefined ? error : unreadable(image, (0,errors/* messageOf */.bD)(refused ?? error));
    }
    finally {
        // Whoever removes the folder next must not find it written to again.
        await Promise.allSettled([last]);
    }
    async function unpackEntry(header, entry) {
        // A file that ends in the middle is told by the entry too, to whoever listens or to nobody at all.
        entry.on('error', () => undefined);
        const path = pathInPackage(header);
        if (path === undefined || seen.has(path))
            throw unreadable(image, `its layer holds ${header.type} ${JSON.stringify(header.name)}`);
        if (header.type === 'directory') {
            entry.resume();
            return;
        }
        seen.add(path);
        const file = (0,external_node_path_.join)(folder, path);
        // At once: an archive that ends meanwhile would end the entry before anybody listens, and nobody would be told.
        (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(file), { recursive: true });
        await (0,external_node_stream_promises_.pipeline)(entry, (0,external_node_fs_.createWriteStream)(file, { flags: 'wx' }), { signal });
    }
}
/**
 * Undefined for what is neither a file nor a folder of the application. What is in Haute's notes is compared with nothing,
 * and would be believed; a backslash leads elsewhere on Windows.
 */
function pathInPackage({ name, type }) {
    const parts = name.replace(/\/$/, '').split('/');
    const isPlain = parts[0] === APPLICATION_DIR && parts.every((part) => !NOT_PLAIN.test(part));
    if (!isPlain || (type !== 'file' && type !== 'directory'))
        return undefined;
    if (type === 'file' && (parts.length < 2 || parts[1] === ENGINE_CACHE))
        return undefined;
    return parts.slice(1).join('/');
}
const NOT_PLAIN = /^\.{0,2}$|\\/;
/** What the system says of names that cannot be there together, or at all: the layer is wrong, and not the disk. */
const OF_NAMES = ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'];
function refusedName(error) {
    if (!(error instanceof errors/* ProviderError */.mZ) || !(error.cause instanceof Error) || !('code' in error.cause))
        return undefined;
    return OF_NAMES.includes(String(error.cause.code)) ? error.cause : undefined;
}
function unreadable(image, why) {
    return new errors/* GateFailure */.In({
        code: 'ARTIFACT-CHANGED',
        what: `the layer of the application in ${image} cannot be unpacked: ${why}`,
        fix: 'Find out who changed it; then run build-push and the steps after it again',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/store/open-image.js









/**
 * The package in an image, on this machine: the layer of the application alone is fetched, and what was in it is
 * compared with the package's own list and that with the digest. One that was fetched before is taken again.
 * @param image with its digest
 * @throws ConfigError OFFLINE-IMAGE for an image in which no layer is known to be the application's; ProviderError
 *   ARTIFACT-MISSING; GateFailure ARTIFACT-CHANGED
 */
async function openImage(tools, image, packageDigest, signal) {
    const { registry, files, openPackage, packagesDir } = tools;
    const dir = (0,external_node_path_.join)(packagesDir, (0,release_digest/* shortDigest */.VK)(packageDigest));
    const known = (await files.realPath(dir)) !== undefined;
    if (known) {
        const found = await openPackage(dir, packageDigest).catch(notThat);
        if (found)
            return found;
        await files.remove(dir);
    }
    const { name, digest } = parseImageName(image);
    if (digest === undefined)
        throw new Error(`${image} has no digest`);
    const layer = await applicationLayer(registry, image, packageDigest, signal);
    const work = await files.tempDir('haute-image-');
    try {
        const [packed, unpacked] = [(0,external_node_path_.join)(work, 'layer'), (0,external_node_path_.join)(work, 'package')];
        await files.write(packed, registry.pullBlob(name, layer, { signal }));
        await unpackApplication(packed, unpacked, describeImage(name, digest), signal);
        await openPackage(unpacked, packageDigest).catch((error) => {
            throw error instanceof errors/* GateFailure */.In ? open_image_changed(image, error.problem.what) : error;
        });
        await files.copyTree(unpacked, dir);
    }
    finally {
        await files.remove(work);
    }
    return openPackage(dir, packageDigest);
}
/** A copy that somebody changed is none: it is fetched again. */
function notThat(error) {
    if (!(error instanceof errors/* GateFailure */.In))
        throw error;
}
/** The last layer, where the image says that it is the package. All images of an index hold the same one. */
async function applicationLayer(registry, image, packageDigest, signal) {
    const { name, digest } = parseImageName(image);
    const [stored] = await imagesBehind({ registry, signal }, name, digest);
    const manifest = stored && (0,release_digest/* digestOf */.ol)(stored.bytes) === stored.descriptor.digest && readAs(manifestSchema, stored.bytes);
    if (!manifest)
        throw open_image_changed(image, 'it is no image');
    const config = readAs(configSchema, await pullDocument(registry, name, manifest.config, { signal }));
    const layer = manifest.layers.at(-1);
    if (layer && config && endsWithPackage(config, manifest.layers.length, packageDigest))
        return layer;
    throw new errors/* ConfigError */.xL({
        code: 'OFFLINE-IMAGE',
        what: `which layer of ${image} holds the package cannot be told: it was made with a Dockerfile`,
        fix: 'Leave mode out, and the servers of both releases are asked; or build with the builder oci',
    });
}
/** The history of an image has an entry for each layer, beside those that made none. */
function endsWithPackage({ history }, layers, packageDigest) {
    const entries = (history ?? []).filter((entry) => entry.empty_layer !== true);
    return entries.length === layers && entries.at(-1)?.created_by === packageHistory(packageDigest);
}
function open_image_changed(image, what) {
    return new errors/* GateFailure */.In({
        code: 'ARTIFACT-CHANGED',
        what: `${image} does not hold the package that was built: ${what}`,
        fix: 'Find out who changed it; then run build-push and the steps after it again',
    });
}
/** A running release of which the target does not say what image it is. */
function imageUnknown(packageDigest) {
    return new errors/* ProviderError */.mZ({
        code: 'ARTIFACT-MISSING',
        what: `no image is known that holds package ${packageDigest}`,
        fix: 'Deploy that release again with this version, or leave mode out',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/store/verify-image.js









/**
 * Reads an image back by its digest, or each image of an index: manifest, configuration with the package that it says
 * it holds, and whether every layer is there.
 * @returns what the registry has under the digest
 * @throws GateFailure ARTIFACT-CHANGED; ProviderError ARTIFACT-MISSING
 */
async function verifyImage(registry, name, digest, packageDigest, call) {
    const reference = describeImage(name, digest);
    const stored = await registry.manifest(name, digest, call);
    if (!stored)
        throw imageMissing(reference);
    if ((0,release_digest/* digestOf */.ol)(stored.bytes) !== digest)
        throw verify_image_changed(reference, `its manifest is that of ${(0,release_digest/* digestOf */.ol)(stored.bytes)}`);
    if (INDEXES.includes(stored.descriptor.mediaType)) {
        const images = readAs(manifest_schema_indexSchema, stored.bytes)?.manifests ?? [];
        if (images.length === 0)
            throw verify_image_changed(reference, 'its index names no image');
        for (const image of images)
            await verifyImage(registry, name, image.digest, packageDigest, call);
        return stored;
    }
    const manifest = readAs(manifestSchema, stored.bytes);
    if (!manifest)
        throw verify_image_changed(reference, 'it is no image');
    for (const blob of [manifest.config, ...manifest.layers]) {
        if (!(await registry.hasBlob(name, blob.digest, call)))
            throw imageMissing(`${blob.digest} of ${reference}`);
    }
    const labelled = readLabels(await pullDocument(registry, name, manifest.config, call))[PACKAGE_LABEL];
    if (labelled !== packageDigest)
        throw verify_image_changed(reference, `it says that it holds package ${labelled ?? '(none)'}`);
    return stored;
}
function verify_image_changed(reference, what) {
    return new errors/* GateFailure */.In({
        code: 'ARTIFACT-CHANGED',
        what: `${reference} is not what was built: ${what}`,
        fix: 'Find out who changed it; then run build-push and the steps after it again',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/store/image-store.js










/** Reading one image back: manifests, a configuration, and a question for each layer. */
const VERIFY_TIMEOUT_MS = 5 * 60_000;
/** Who builds, for the provenance: this suite, wherever it runs. */
const BUILDER = 'https://github.com/haute/deploy';
/** Images in a registry, by their digests; names come last. */
class ImageStore {
    images = { can: true };
    #options;
    constructor(options) {
        this.#options = options;
    }
    async plan({ image, source, signal }) {
        const { settings } = this.#options;
        const to = repositoryOf(settings, image.registry);
        const base = baseOf(settings, image.baseImage);
        const platforms = platformsOf(image).map(platformText);
        const { fixed, moving } = tagsFor(source, image.tags);
        const { builder, because, ownDockerfile } = await this.#options.choose(image.builder, signal);
        if (ownDockerfile && image.baseImage !== undefined)
            throw unusedBase(image.baseImage);
        if (image.createRepository && !this.#options.repositories.worksAt(to.registry))
            throw makesItself(to.registry);
        const on = ownDockerfile ? 'what the project’s Dockerfile names' : base.text;
        return [
            `an image for ${platforms.join(' and ')} on ${on}, made with ${builder}${because === undefined ? '' : `: ${because}`}`,
            `stored by its digest in ${describeRepository(to)}`,
            ...(image.createRepository ? ['into a repository that is made where it is missing'] : []),
            ...fixed.map((tag) => `named ${describeTag(to, tag)}, for good`),
            ...moving.map((tag) => `named ${describeTag(to, tag)}, which is moved from whatever it names now`),
            ...(fixed.length === 0 ? ['not named after a commit: there is none, or files differ from it'] : []),
        ];
    }
    /** Stored, and then read back as the registry has it: what is not there is not a release. */
    async push(pkg, options) {
        const { registry, settings, repositories } = this.#options;
        const { image, source, signal, progress } = options;
        const to = repositoryOf(settings, image.registry);
        if (image.createRepository && (await repositories.ensure(to, signal)))
            progress(`made ${describeRepository(to)}`);
        const { builder, because } = await this.#options.choose(image.builder, signal);
        progress(`image made with ${builder}${because === undefined ? '' : `: ${because}`}`);
        const making = await this.#options.builder(builder);
        const pushed = await making.build({
            pkg,
            to,
            platforms: platformsOf(image),
            base: baseOf(settings, image.baseImage),
            port: settings.port,
            origin: {
                title: settings.title,
                source: settings.source,
                revision: source.commit ?? undefined,
                // A version tag may come after the commit was built, and must not make another image of it.
                version: undefined,
                createdAt: source.committedAt,
                builder: BUILDER,
            },
            known: commitTag(source),
            signal,
            progress,
        });
        const { digest } = pushed.descriptor;
        await verifyImage(registry, to, digest, pkg.digest, { signal });
        return {
            artifact: { kind: 'image', name: describeRepository(to), digest },
            reference: describeImage(to, digest),
            uploadedBytes: pushed.uploadedBytes,
            reusedBytes: pushed.reusedBytes,
            facts: pushed.facts,
        };
    }
    /** The release's record first, then the tags: whoever comes by a tag finds the record. */
    async publish(release, { image, source, signal, progress }) {
        const { registry } = this.#options;
        const { name, digest } = imageOf(release.core);
        const stored = await registry.manifest(name, digest, { signal });
        if (!stored)
            throw imageMissing(describeImage(name, digest));
        await attachRelease(registry, name, stored.descriptor, release, { signal });
        const names = await giveTags(registry, name, stored, tagsFor(source, image.tags), { signal });
        for (const each of names)
            progress(`named ${each}`);
        return names;
    }
    async verify(core) {
        const { name, digest } = imageOf(core);
        const signal = AbortSignal.timeout(VERIFY_TIMEOUT_MS);
        await verifyImage(this.#options.registry, name, digest, core.packageDigest, { signal });
    }
    async open({ image, packageDigest }, signal) {
        const { registry, opening } = this.#options;
        if (image === undefined)
            throw imageUnknown(packageDigest);
        return openImage({ ...opening, registry }, image, packageDigest, signal);
    }
}
function imageOf({ artifact }) {
    if (artifact.kind === 'image')
        return { name: parseImageName(artifact.name).name, digest: artifact.digest };
    throw new errors/* ConfigError */.xL({
        code: 'IMAGE-ARTIFACT',
        what: `this target runs images, and the release was built as ${artifact.kind}`,
        fix: 'Build it again with build-push for this target',
    });
}
function unusedBase(baseImage) {
    return new errors/* ConfigError */.xL({
        code: 'IMAGE-INPUT',
        what: `the base-image input asks for ${JSON.stringify(baseImage)}, and the project’s own Dockerfile names its base image itself`,
        fix: 'Leave the input out and change the Dockerfile, or use the builder oci',
    });
}
function makesItself(registry) {
    return new errors/* ConfigError */.xL({
        code: 'IMAGE-INPUT',
        what: `the create-repository input is for Amazon ECR, and ${registry} is no registry of it`,
        fix: 'Leave the input out: other registries make a repository when something is pushed, or want it made by hand',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/store/create.js





/** What a project's files say of its image: `[deploy.container]`, and `source` and `repository` of `[targets.container]`. */
function imageSettings({ config, policy }) {
    const { source, repository } = policy.targets.container ?? {};
    const { container, modelName } = config.deploy;
    return {
        registry: container.registry,
        repository: typeof repository === 'string' ? repository : modelName,
        baseImage: container.baseImage,
        port: container.port,
        title: modelName,
        source: typeof source === 'string' ? source : undefined,
    };
}
/** The store of a project's images, with every way there is to make them. */
function createImageStore(project, tools) {
    const { registry, exec, files, env, repositories } = tools;
    const ownDockerfile = (0,external_node_path_.join)(project.root, 'Dockerfile');
    const hasDockerfile = async () => (await files.size(ownDockerfile)) !== undefined;
    return new ImageStore({
        registry,
        settings: imageSettings(project),
        repositories,
        opening: { files, openPackage: tools.openPackage, packagesDir: (0,external_node_path_.join)(project.root, '.haute', 'packages') },
        choose: async (wanted, signal) => chooseBuilder(wanted, await hasDockerfile(), { exec, env, cwd: project.root, signal }),
        async builder(id) {
            if (id === 'oci')
                return new OciBuilder({ ...tools, seal: tools.seal(), root: project.root });
            const dockerfile = (await hasDockerfile()) ? ownDockerfile : undefined;
            return new DockerfileBuilder(id, { exec, files, registry, env, dockerfile });
        },
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/image/store/ecr-repositories.js



/**
 * Repositories of Amazon ECR, with the settings that the account has for new ones.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
class EcrRepositories {
    #tools;
    constructor(tools) {
        this.#tools = tools;
    }
    worksAt(registry) {
        return ecrPlace(registry) !== undefined;
    }
    /** @throws ConfigError ECR-REPOSITORY-REFUSED; ProviderError ECR-UNAVAILABLE */
    async ensure(name, signal) {
        const place = ecrPlace(name.registry);
        if (place === undefined)
            throw new Error(`${name.registry} is none of Amazon's registries`);
        const wanted = { registryId: place.account, repositoryName: name.repository };
        const told = (trouble) => notMade(name, trouble);
        return askEcr(place.region, this.#tools, { signal, told }, async (client, sdk, options) => {
            const asked = { registryId: place.account, repositoryNames: [name.repository] };
            const there = await client.send(new sdk.DescribeRepositoriesCommand(asked), options).then(() => true, (error) => {
                if (error instanceof sdk.RepositoryNotFoundException)
                    return false;
                throw error;
            });
            if (there)
                return false;
            try {
                await client.send(new sdk.CreateRepositoryCommand(wanted), options);
                return true;
            }
            catch (error) {
                // Another job was faster.
                if (error instanceof sdk.RepositoryAlreadyExistsException)
                    return false;
                throw error;
            }
        });
    }
}
function notMade(name, { kind, said, status, cause }) {
    const what = `AWS does not make the repository ${describeRepository(name)}: ${said}`;
    if (kind === 'refused' || kind === 'expired' || kind === 'no-credentials') {
        const isPermission = kind === 'no-credentials' || (cause instanceof Error && NOT_ALLOWED.test(cause.name));
        const fix = kind === 'expired'
            ? RENEW_CREDENTIALS
            : isPermission
                ? ALLOW
                : 'Do what AWS says, or create the repository by hand';
        return new errors/* ConfigError */.xL({ code: 'ECR-REPOSITORY-REFUSED', what, fix });
    }
    const fix = kind === 'busy'
        ? 'Run the step again later; other jobs that ask the same account often may be the cause'
        : 'Check the network of the runner, then run the step again';
    return new errors/* ProviderError */.mZ({ code: 'ECR-UNAVAILABLE', what, fix }, { retryable: true, cause, ...(status && { status }) });
}
/** What AWS refuses because of who asks, and not because of what is asked for. */
const NOT_ALLOWED = /^(?:AccessDenied|NotAuthorized|UnrecognizedClient)/;
const ALLOW = 'Allow ecr:DescribeRepositories and ecr:CreateRepository to the role that this job takes, or create the repository by hand';

// EXTERNAL MODULE: ./build/compiled/shared/project/load-dot-env.js + 1 modules
var load_dot_env = __webpack_require__(4872);
// EXTERNAL MODULE: ./build/compiled/shared/release/policy.js
var release_policy = __webpack_require__(4240);
// EXTERNAL MODULE: ./build/compiled/shared/steps/parts/headers.js
var headers = __webpack_require__(1745);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/credentials.js
var credentials = __webpack_require__(5187);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/policy.js
var aws_ecs_policy = __webpack_require__(5787);
// EXTERNAL MODULE: ./build/compiled/shared/project/units.js
var units = __webpack_require__(7047);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/container/policy.js


/** `source` and `repository` are about the image, and read where it is made. */
const KEYS = ['patience', 'urls', 'insecure', 'source', 'repository'];
const REGISTRY = /^[a-z0-9.-]+(?::\d{1,5})?$/;
const DEFAULT_PATIENCE_MS = 10 * 60_000;
/**
 * Reads `[targets.container]`: `patience = "10m"` and `urls = { uat = "https://uat.example.com" }`.
 * @throws ConfigError CONTAINER-POLICY with everything that is wrong in it
 */
function readContainerPolicy(section = {}) {
    const problems = [];
    for (const key of Object.keys(section).filter((name) => !KEYS.includes(name))) {
        problems.push(policy_problem(`${key} is not a key of the container target`, `Remove it; the keys are ${KEYS.join(', ')}`));
    }
    for (const key of ['source', 'repository'].filter((name) => section[name] !== undefined)) {
        if (typeof section[key] !== 'string' || section[key] === '')
            problems.push(policy_problem(`${key} is ${show(section[key])}, not a text`, 'Write it in quotes'));
    }
    const patienceMs = readPatience(section.patience, problems);
    const urls = readUrls(section.urls, problems);
    const insecure = readInsecure(section.insecure, problems);
    (0,errors/* throwIfAny */.MI)(problems);
    return { patienceMs, urls, insecure };
}
/** Where an environment answers: staging and production by `[ci]` of haute.toml first, any by the policy's `urls`. */
function environmentUrl({ urls }, { stagingUrl, productionUrl }, environment) {
    const known = { staging: stagingUrl, production: productionUrl };
    const own = environment === 'staging' || environment === 'production' ? known[environment] : undefined;
    return own ?? (Object.hasOwn(urls, environment) ? urls[environment] : undefined);
}
function readPatience(value, problems) {
    if (value === undefined)
        return DEFAULT_PATIENCE_MS;
    const parsed = (0,units/* parseDuration */.E9)(typeof value === 'string' ? value : String(value));
    if ('value' in parsed)
        return parsed.value;
    problems.push(policy_problem(`patience ${parsed.problem}`, parsed.fix));
    return DEFAULT_PATIENCE_MS;
}
function readUrls(value, problems) {
    if (value === undefined)
        return {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        problems.push(policy_problem(`urls is ${show(value)}, not a table`, 'Write it like urls = { uat = "https://uat.example.com" }'));
        return {};
    }
    const urls = {};
    for (const [environment, url] of Object.entries(value)) {
        if (isAddress(url))
            urls[environment] = url;
        else
            problems.push(policy_problem(`urls.${environment} is ${show(url)}, not an address`, 'Write a full http:// or https:// address without a password'));
    }
    return urls;
}
function readInsecure(value, problems) {
    if (value === undefined)
        return [];
    const listed = Array.isArray(value) ? value : [value];
    return listed.filter((each) => {
        if (typeof each === 'string' && REGISTRY.test(each))
            return true;
        const fix = 'List hosts with their ports, like insecure = ["registry.internal:5000"]';
        problems.push(policy_problem(`insecure has ${show(each)}, not a registry`, fix));
        return false;
    });
}
function isAddress(value) {
    if (typeof value !== 'string' || !URL.canParse(value))
        return false;
    const { protocol, username, password } = new URL(value);
    return /^https?:$/.test(protocol) && username === '' && password === '';
}
function show(value) {
    return JSON.stringify(value) ?? String(value);
}
function policy_problem(what, fix) {
    return { code: 'CONTAINER-POLICY', what: `[targets.container] ${what}`, fix, place: { file: 'haute.release.toml' } };
}

// EXTERNAL MODULE: ./build/compiled/shared/release/release.js
var release_release = __webpack_require__(205);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/container/errors.js

/** The problems that the container target reports, in one place so that each is worded once. */
function wrongArtifact(kind) {
    return new errors/* ConfigError */.xL({
        code: 'CONTAINER-ARTIFACT',
        what: `the container target serves images, and this release was built as ${kind}`,
        fix: 'Build it for the container target: build-push with target container',
    });
}
function otherRepository(release, own) {
    return new errors/* ConfigError */.xL({
        code: 'CONTAINER-OTHER-REPOSITORY',
        what: `the image of the release is in ${release}, and the tags of this project are in ${own}`,
        fix: 'Set [deploy.container] registry in haute.toml, or build the release for this repository',
    });
}
function errors_imageMissing(reference) {
    return new errors/* ProviderError */.mZ({
        code: 'ARTIFACT-MISSING',
        what: `there is no image ${reference}`,
        fix: 'Run build-push again, and look whether the registry deletes images by itself',
    });
}
function badWeights(why) {
    return new errors/* ConfigError */.xL({
        code: 'CONTAINER-WEIGHTS',
        what: `a tag cannot be moved like this: ${why}`,
        fix: 'Give everything to one deployment: a tag names one image',
    });
}
function unknownDeployment(id) {
    return new errors/* ConfigError */.xL({
        code: 'CONTAINER-UNKNOWN-DEPLOYMENT',
        what: `there is no deployment ${id} in the registry`,
        fix: 'Take an id that the steps show; `rollback` with the dry-run input shows where it would go',
    });
}
function unknownEnvironment(name) {
    return new errors/* ConfigError */.xL({
        code: 'CONTAINER-UNKNOWN-ENVIRONMENT',
        what: `nothing was ever deployed to the environment ${name}`,
        fix: 'Deploy to it first',
    });
}
function inUse(id, environments) {
    return new errors/* ConfigError */.xL({
        code: 'CONTAINER-IN-USE',
        what: `deployment ${id} is in use by ${environments.join(' and ')}, so it cannot be forgotten`,
        fix: 'Promote another deployment there first',
    });
}
/** @param what the capability that is missing, in the words of the ask */
function cannot(what, why) {
    return new errors/* ConfigError */.xL({
        code: 'CONTAINER-CANNOT',
        what: `target container cannot ${what}: ${why}`,
        fix: 'Leave it out, or use a target that starts the servers itself',
    });
}
function notSettled(tag, names) {
    return new errors/* ProviderError */.mZ({
        code: 'CONTAINER-NOT-SETTLED',
        what: `${tag} names ${names}, so the promotion is not over`,
        fix: 'Move the tag there, or back, and settle then',
    });
}
function notMoved(tag, wanted, names) {
    return new errors/* ProviderError */.mZ({
        code: 'CONTAINER-TAG-NOT-MOVED',
        what: `${tag} was moved to ${wanted}, and the registry still says ${names}`,
        fix: 'Look whether the registry lets tags be moved (immutable tags must be off for the tags of environments) and whether something else moves them; then run the step again',
    }, { retryable: true });
}
function brokenRecord(reference, why) {
    return new errors/* ProviderError */.mZ({
        code: 'CONTAINER-RECORD',
        what: `what the registry keeps of the environment at ${reference} cannot be read: ${why}`,
        fix: 'If a newer version of this suite wrote it, use that one. Otherwise delete this tag; the environment then begins anew with its next deployment',
    });
}
function tagMovedByOthers(tag, names, expected) {
    return new errors/* GateFailure */.In({
        code: 'ENVIRONMENT-MOVED',
        what: `${tag} names ${names}, and was left at ${expected}: something else moved it`,
        fix: 'Find out who moves this tag. `rollback` gives it back to the release that was promoted last',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/container/schema.js


const ENVIRONMENT_SCHEMA = 'haute.environment/1';
/** Media type of the record, and type of the artifact that holds it. */
const ENVIRONMENT_TYPE = 'application/vnd.haute.environment.v1+json';
const schema_digest = schemas/* custom */.IeY((value) => typeof value === 'string' && (0,release_digest/* isDigest */.Bc)(value));
const deployment = schemas/* object */.Ikc({
    releaseId: schema_digest,
    packageDigest: schema_digest,
    /** Of the image, or of the index of its images. */
    image: schema_digest,
    createdAt: schemas/* string */.YjP(),
});
const promotion = schemas/* object */.Ikc({
    id: schemas/* string */.YjP(),
    candidate: schemas/* string */.YjP(),
    current: schemas/* string */.YjP().nullable(),
    startedAt: schemas/* string */.YjP(),
    run: schemas/* string */.YjP(),
    paused: schemas/* boolean */.zMY(),
    /** ISO 8601. Whoever has not moved on by then is taken for gone. */
    aliveUntil: schemas/* string */.YjP(),
});
/** What a registry keeps of an environment beside its tag: who was there, who is to come. The tag says what is served. */
const environmentRecord = schemas/* object */.Ikc({
    schema: schemas/* literal */.euz(ENVIRONMENT_SCHEMA),
    environment: schemas/* string */.YjP(),
    /** What the tag named before the first deployment; null where there was no such tag. */
    before: schema_digest.nullable(),
    deployments: schemas/* record */.g1P(schemas/* string */.YjP(), deployment),
    /** Newest first. */
    history: schemas/* array */.YOg(schemas/* object */.Ikc({ deploymentId: schemas/* string */.YjP(), releaseId: schema_digest, settledAt: schemas/* string */.YjP(), evidence: schemas/* string */.YjP() })),
    promotion: promotion.nullable(),
    /** Ids of promotions that another one took over from. */
    superseded: schemas/* array */.YOg(schemas/* string */.YjP()),
});
/** An environment that nothing was deployed to yet. @param before what its tag names all the same */
function emptyRecord(environment, before) {
    return {
        schema: ENVIRONMENT_SCHEMA,
        environment,
        before: before ?? null,
        deployments: {},
        history: [],
        promotion: null,
        superseded: [],
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/container/environments.js




/** Cannot be part of an environment's name, so no environment has the tag of another one's record. */
const environments_RECORD_SUFFIX = '.haute';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const MAX_RECORD_BYTES = 4 * 2 ** 20;
/** What a tag names when nothing may be served under it: pulling it fails, and says so by its type. */
const NOTHING_TYPE = 'application/vnd.haute.nothing.v1+json';
const environments_EMPTY = new TextEncoder().encode('{}');
const EMPTY_CONFIG = {
    mediaType: 'application/vnd.oci.empty.v1+json',
    digest: (0,release_digest/* digestOf */.ol)(environments_EMPTY),
    size: environments_EMPTY.length,
};
/**
 * The tags of environments and the records beside them, in one repository. Registries have no compare-and-swap: what
 * was written last counts, so every write is read back, and every move begins with reading.
 */
class Environments {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /** `registry.example.com/motor-pricing` */
    get name() {
        const { registry, repository } = this.#options.repository();
        return `${registry}/${repository}`;
    }
    /** `registry.example.com/motor-pricing:staging` */
    reference(environment) {
        return `${this.name}:${environment}`;
    }
    /** Every environment that has a record. */
    async names(signal) {
        const { registry, repository } = this.#options;
        const tags = await registry.tags(repository(), { signal });
        return tags.filter((tag) => tag.endsWith(environments_RECORD_SUFFIX)).map((tag) => tag.slice(0, -environments_RECORD_SUFFIX.length));
    }
    /** What the environment's tag names; undefined where there is no such tag, or where it names nothing on purpose. */
    async served(environment, signal) {
        const found = await this.#manifest(environment, signal);
        return found === undefined || typeOf(found) === NOTHING_TYPE ? undefined : found.descriptor.digest;
    }
    /** An image or index by its digest; undefined where the registry has it no more. */
    image(digest, signal) {
        return this.#manifest(digest, signal);
    }
    /** @throws ProviderError CONTAINER-RECORD for something else under this tag, or of a version that is not known */
    async read(environment, signal) {
        const manifest = await this.#manifest(environment + environments_RECORD_SUFFIX, signal);
        if (manifest === undefined)
            return undefined;
        const reference = this.reference(environment + environments_RECORD_SUFFIX);
        const layer = recordLayer(manifest);
        if (layer === undefined)
            throw brokenRecord(reference, 'it is something else');
        const bytes = [];
        const { registry, repository } = this.#options;
        for await (const chunk of registry.pullBlob(repository(), layer, { signal }))
            bytes.push(chunk);
        try {
            return environmentRecord.parse(JSON.parse(Buffer.concat(bytes).toString('utf8')));
        }
        catch (error) {
            throw brokenRecord(reference, (0,errors/* messageOf */.bD)(error).slice(0, 300));
        }
    }
    /** Writes the record: its content first, then the tag that makes it the one in force. */
    async write(record, signal) {
        const bytes = new TextEncoder().encode(JSON.stringify(record));
        const layer = { mediaType: ENVIRONMENT_TYPE, digest: (0,release_digest/* digestOf */.ol)(bytes), size: bytes.length };
        await this.#pushBlob(bytes, signal);
        await this.#tag(record.environment + environments_RECORD_SUFFIX, await this.#artifact(ENVIRONMENT_TYPE, layer, signal), signal);
    }
    /** Moves the environment's tag to an image, and reads it back. Nothing is written where it is there already. */
    async move(environment, image, signal) {
        const now = await this.#manifest(environment, signal);
        if (now?.descriptor.digest !== image.descriptor.digest)
            await this.#tag(environment, image, signal);
    }
    /** Has the environment's tag name nothing that could be served. A tag that is not there stays so. */
    async clear(environment, signal) {
        if ((await this.#manifest(environment, signal)) === undefined)
            return;
        await this.#tag(environment, await this.#artifact(NOTHING_TYPE, EMPTY_CONFIG, signal), signal);
    }
    async #artifact(artifactType, layer, signal) {
        await this.#pushBlob(environments_EMPTY, signal);
        const manifest = { schemaVersion: 2, mediaType: MANIFEST, artifactType, config: EMPTY_CONFIG, layers: [layer] };
        const bytes = new TextEncoder().encode(JSON.stringify(manifest));
        return { descriptor: { mediaType: MANIFEST, digest: (0,release_digest/* digestOf */.ol)(bytes), size: bytes.length, artifactType }, bytes };
    }
    /** A registry may answer from a copy for a moment after a write, so it is asked again before it counts as refused. */
    async #tag(tag, manifest, signal) {
        const { registry, repository, retry } = this.#options;
        await registry.pushManifest(repository(), manifest, tag, { signal });
        await retry(async () => {
            const { digest } = manifest.descriptor;
            const names = (await this.#manifest(tag, signal))?.descriptor.digest;
            if (names !== digest)
                throw notMoved(this.reference(tag), digest, names ?? 'nothing');
        }, { signal });
    }
    #manifest(reference, signal) {
        return this.#options.registry.manifest(this.#options.repository(), reference, { signal });
    }
    #pushBlob(bytes, signal) {
        return this.#options.registry.pushBlob(this.#options.repository(), blobOf(bytes), { signal });
    }
}
function blobOf(bytes) {
    return {
        digest: (0,release_digest/* digestOf */.ol)(bytes),
        size: bytes.length,
        async *open(from) {
            yield bytes.subarray(from);
        },
    };
}
function typeOf({ descriptor, bytes }) {
    return descriptor.artifactType ?? parsed(bytes)?.artifactType;
}
function recordLayer(manifest) {
    if (typeOf(manifest) !== ENVIRONMENT_TYPE)
        return undefined;
    const [layer] = parsed(manifest.bytes)?.layers ?? [];
    return layer?.mediaType === ENVIRONMENT_TYPE && layer.size <= MAX_RECORD_BYTES ? layer : undefined;
}
function parsed(bytes) {
    try {
        return JSON.parse(new TextDecoder().decode(bytes));
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./build/compiled/shared/release/promotion/refusals.js
var refusals = __webpack_require__(6061);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/container/record.js


const KEPT_HISTORY = 100;
const KEPT_SUPERSEDED = 50;
/** Deployments that are neither in the history nor in use. */
const KEPT_OTHERS = 20;
/** A release has one deployment for life: the image is what is deployed, and there is one of it. */
function deploymentId(releaseId) {
    return `d-${releaseId.slice('sha256:'.length, 'sha256:'.length + 16)}`;
}
/** The record with this release known in the environment. */
function withDeployment(record, { id, core }, image, at) {
    const own = deploymentId(id);
    const entry = { releaseId: id, packageDigest: core.packageDigest, image, createdAt: at };
    return withFewer({ ...record, deployments: { ...record.deployments, [own]: record.deployments[own] ?? entry } });
}
/**
 * The record with the promotion marked.
 * @throws GateFailure PROMOTION-ACTIVE when another one holds the environment, ENVIRONMENT-MOVED when none does and what
 *   settled last is not what the mark was decided on
 */
function withMark(record, mark, times) {
    const held = record.promotion;
    checkHolder(record, mark.promotionId, mark.supersede, times.at);
    const serves = record.history[0]?.deploymentId;
    if (held === null && serves !== mark.current)
        throw (0,refusals/* environmentMoved */.Vc)(record.environment, serves, mark.current);
    const isSame = held?.id === mark.promotionId;
    return {
        ...record,
        superseded: held && !isSame ? [...record.superseded, held.id].slice(-KEPT_SUPERSEDED) : record.superseded,
        promotion: {
            id: mark.promotionId,
            candidate: mark.candidate,
            current: mark.current ?? null,
            startedAt: isSame ? held.startedAt : times.at,
            run: mark.run,
            paused: mark.paused,
            aliveUntil: times.aliveUntil,
        },
    };
}
/** The record with the promotion over, and in the history unless it was reverted. @throws GateFailure PROMOTION-ACTIVE */
function withSettled(record, options, at) {
    checkHolder(record, options.promotionId, false, at);
    // A registry keeps whatever was written last: a mark that is gone was overwritten, and another one settled since.
    if (record.promotion === null)
        throw (0,refusals/* promotionSuperseded */._r)(record.environment, options.promotionId);
    const over = { ...record, promotion: null };
    if (options.outcome === 'reverted')
        return over;
    const kept = record.deployments[options.keep];
    if (kept === undefined)
        throw unknownDeployment(options.keep);
    const { keep: id, evidence } = options;
    const entry = { deploymentId: id, releaseId: kept.releaseId, settledAt: at, evidence };
    // What settles again where it is has one line, the latest.
    const older = record.history[0]?.deploymentId === id ? record.history.slice(1) : record.history;
    return withFewer({ ...over, history: [entry, ...older].slice(0, KEPT_HISTORY) });
}
/** Whether whoever holds the promotion is still at it, as far as a registry can tell. */
function ownerOf(promotion, nowMs) {
    if (promotion.paused)
        return 'paused';
    return nowMs > Date.parse(promotion.aliveUntil) ? 'gone' : 'unknown';
}
/** What is neither in use nor in the history is forgotten in time, the oldest first; its image stays in the registry. */
function withFewer(record) {
    const wanted = new Set([
        ...record.history.map((entry) => entry.deploymentId),
        record.promotion?.candidate,
        record.promotion?.current,
    ]);
    const others = Object.keys(record.deployments).filter((id) => !wanted.has(id));
    const forgotten = new Set(others.slice(0, Math.max(0, others.length - KEPT_OTHERS)));
    const kept = Object.entries(record.deployments).filter(([id]) => !forgotten.has(id));
    return { ...record, deployments: Object.fromEntries(kept) };
}
function checkHolder(record, promotionId, supersede, at) {
    const { environment, promotion: held } = record;
    if (record.superseded.includes(promotionId))
        throw (0,refusals/* promotionSuperseded */._r)(environment, promotionId);
    if (held === null || held.id === promotionId || supersede)
        return;
    throw (0,refusals/* promotionActive */.qo)(environment, {
        ...held,
        current: held.current ?? undefined,
        owner: ownerOf(held, Date.parse(at)),
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/container/report.js


/**
 * The environment as its tag and its record say. The tag is what is served, so the traffic is read from it alone. A
 * tag that is not where the record left it, with no promotion to explain it, is told as a move that nobody finished:
 * steps report it, and give it back.
 */
function describeEnvironment(seen) {
    const { record, repository, served, address, noAddress, autoscaling } = seen;
    const { history } = record;
    const astray = strayed(record, served);
    const promotion = astray ?? describePromotion(seen);
    const find = (id) => describeDeployment(record, id, repository);
    return {
        name: record.environment,
        address,
        ...(noAddress !== undefined && { noAddress }),
        ...foreignOf(record, served),
        weights: astray ? { [astray.candidate]: 100 } : weightsOf(record, served),
        current: find(history[0]?.deploymentId),
        candidate: find(promotion?.candidate),
        promotion,
        history,
        deployments: Object.keys(record.deployments).flatMap((id) => find(id) ?? []),
        autoscaling,
    };
}
/** What the tag names that nobody has promoted, before anything was: others pull it, and serve it. */
function foreignOf(record, served) {
    const isFirst = record.history.length === 0 && record.promotion === null;
    return isFirst && served !== undefined && deploymentOf(record, served) === undefined ? { foreign: served } : {};
}
/** @param served what the tag names all the same */
function neverDeployed(name, autoscaling, served) {
    return {
        name,
        ...(served !== undefined && { foreign: served }),
        address: undefined,
        weights: {},
        current: undefined,
        candidate: undefined,
        promotion: undefined,
        history: [],
        deployments: [],
        autoscaling,
    };
}
/** A deployment is an image in the registry: it has no status of its own, and no address. */
function describeDeployment(record, id, repository) {
    const found = id === undefined ? undefined : record.deployments[id];
    if (id === undefined || found === undefined)
        return undefined;
    return {
        id,
        releaseId: found.releaseId,
        packageDigest: found.packageDigest,
        status: 'active',
        rawStatus: 'in the registry',
        address: undefined,
        image: `${repository}@${found.image}`,
        createdAt: found.createdAt,
        replicas: 0,
    };
}
/** What the tag was left at by what settled last, or by a promotion that is under way; undefined where nobody knows. */
function strayed(record, served) {
    const [last] = record.history;
    const expected = last && record.deployments[last.deploymentId]?.image;
    if (!last || record.promotion !== null || served === expected)
        return undefined;
    return {
        id: `unknown-${served ? (0,release_digest/* shortDigest */.VK)(served) : 'nothing'}`,
        candidate: deploymentOf(record, served) ?? served ?? 'nothing',
        current: last.deploymentId,
        startedAt: 'at a time that the registry does not keep',
        run: 'something that is not this suite',
        owner: 'gone',
    };
}
function describePromotion({ record, nowMs }) {
    if (record.promotion === null)
        return undefined;
    const { id, candidate, current, startedAt, run } = record.promotion;
    return { id, candidate, current: current ?? undefined, startedAt, run, owner: ownerOf(record.promotion, nowMs) };
}
function weightsOf(record, served) {
    const id = deploymentOf(record, served);
    return id === undefined ? {} : { [id]: 100 };
}
/** The deployment of an image. Of several with the same image it is the one that the environment speaks of. */
function deploymentOf(record, served) {
    const { deployments, promotion, history } = record;
    const spokenOf = [promotion?.candidate, promotion?.current, ...history.map((entry) => entry.deploymentId)];
    const ids = [...spokenOf, ...Object.keys(deployments)].filter((id) => typeof id === 'string');
    return served === undefined ? undefined : ids.find((id) => deployments[id]?.image === served);
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/container/target.js







const NO_SERVERS = 'it moves tags in a registry; the servers that pull them are started by others';
const ONE_TAG = 'a tag names one image, so all traffic moves at once; write ramp = "0s", or leave the ramp out';
/** The longest that one move of a tag may take, with everything that is read before and after it. */
const CALL_TIMEOUT_MS = 5 * 60_000;
/** What a promotion may take besides waiting for servers: a runner that is silent for longer is taken for gone. */
const SILENCE_MS = 15 * 60_000;
/**
 * Environments that are tags of one repository: a platform of the user's pulls them. Deploying and promoting move a
 * tag by digest; what serves is asked at the addresses that the project's files name.
 */
class ContainerTarget {
    id = 'container';
    supports = {
        weights: { can: false, why: ONE_TAG },
        darkAddress: { can: false, why: NO_SERVERS },
        pause: { can: true },
        deactivate: { can: false, why: NO_SERVERS },
        scaleToZero: { can: false, why: NO_SERVERS },
        nativeRamp: { can: false, why: 'a tag is moved at once' },
        redeploy: { can: false, why: 'a deployment is the image itself, and there is one of it' },
    };
    #options;
    #environments;
    constructor(options) {
        this.#options = options;
        this.#environments = new Environments(options);
    }
    async plan(release, environment) {
        const signal = callSignal();
        const record = await this.#environments.read(environment, signal);
        const served = await this.#environments.served(environment, signal);
        const image = this.#imageOf(release);
        const tag = `tag ${this.#environments.reference(environment)}`;
        const move = { subject: tag, detail: `from ${served ?? 'nothing'} to ${image}, all at once` };
        return [
            record
                ? {
                    action: 'keep',
                    subject: `environment ${environment}`,
                    detail: `its record is in ${this.#environments.name}`,
                }
                : { action: 'create', subject: `environment ${environment}`, detail: 'its record is kept beside its tag' },
            served === image
                ? { action: 'keep', subject: tag, detail: `names ${(0,release_release/* describeRelease */.NC)(release)} already` }
                : { action: served === undefined ? 'create' : 'update', ...move },
        ];
    }
    async deploy(release, environment, options) {
        if (options.signal.aborted)
            throw new errors/* Interrupted */.j$();
        if (options.fresh)
            throw cannot('make another deployment of the same release', 'a deployment is the image itself');
        const { signal } = options;
        const image = this.#imageOf(release);
        await this.#stored(image, signal);
        const known = await this.#environments.read(environment, signal);
        const record = known ?? emptyRecord(environment, await this.#environments.served(environment, signal));
        const next = withDeployment(record, release, image, this.#now());
        const id = deploymentId(release.id);
        if (known?.deployments[id] === undefined)
            await this.#environments.write(next, signal);
        const deployment = describeDeployment(next, id, this.#environments.name);
        if (!deployment)
            throw new Error('the deployment was not recorded');
        return deployment;
    }
    async inspect(environment) {
        const { autoscaling, clock } = this.#options;
        const signal = callSignal();
        const record = await this.#environments.read(environment, signal);
        const served = await this.#environments.served(environment, signal);
        if (record === undefined)
            return neverDeployed(environment, autoscaling(environment), served);
        return describeEnvironment({
            record,
            repository: this.#environments.name,
            served,
            ...this.#address(environment),
            autoscaling: autoscaling(environment),
            nowMs: clock.now(),
        });
    }
    /** The mark is written before the tag is moved: a move that was cut off is always one that somebody can read. */
    async route(environment, weights, mark) {
        const signal = callSignal();
        const record = await this.#record(environment, signal);
        const image = await this.#wanted(record, weights, signal);
        const served = await this.#environments.served(environment, signal);
        const marked = withMark(record, mark, this.#times());
        const astray = strayed(record, served);
        if (astray && !mark.supersede)
            throw this.#moved(record, served);
        await this.#environments.write(marked, signal);
        if (image === undefined)
            await this.#environments.clear(environment, signal);
        else if (image !== 'as it is')
            await this.#environments.move(environment, image, signal);
        // Somebody else may have read the same record at the same time and written after us.
        withMark(await this.#record(environment, signal), { ...mark, supersede: false }, this.#times());
    }
    async settle(environment, options) {
        const signal = callSignal();
        const record = await this.#record(environment, signal);
        const settled = withSettled(record, options, this.#now());
        const served = await this.#environments.served(environment, signal);
        const kept = record.deployments[options.keep]?.image;
        // Only where nothing was ever promoted: later, a tag that is gone is no way back.
        const isFirst = record.history.length === 0;
        const isEmptyAgain = isFirst && options.outcome === 'reverted' && served === (record.before ?? undefined);
        if (served !== kept && !isEmptyAgain)
            throw notSettled(this.#environments.reference(environment), served ?? 'nothing');
        await this.#environments.write(settled, signal);
    }
    async setActive() {
        throw cannot('start or stop servers', NO_SERVERS);
    }
    async remove(deploymentIdToForget) {
        const signal = callSignal();
        const records = await this.#recordsWith(deploymentIdToForget, signal);
        if (records.length === 0)
            throw unknownDeployment(deploymentIdToForget);
        const users = records.filter(({ promotion, history }) => [promotion?.candidate, promotion?.current, history[0]?.deploymentId].includes(deploymentIdToForget));
        if (users.length > 0)
            throw inUse(deploymentIdToForget, users.map((record) => record.environment));
        for (const record of records) {
            const deployments = Object.entries(record.deployments).filter(([id]) => id !== deploymentIdToForget);
            await this.#environments.write({ ...record, deployments: Object.fromEntries(deployments) }, signal);
        }
    }
    async explain(id) {
        const signal = callSignal();
        const [record] = await this.#recordsWith(id, signal);
        const found = record?.deployments[id];
        if (found === undefined)
            throw unknownDeployment(id);
        const reference = `${this.#environments.name}@${found.image}`;
        const isThere = (await this.#environments.image(found.image, signal)) !== undefined;
        return {
            summary: `deployment ${id} is the image ${reference}, ${isThere ? 'which is in the registry' : 'which the registry has no more'}`,
            exitCode: undefined,
            reason: undefined,
            log: [],
            next: `look at the servers that pull ${reference}: this suite did not start them`,
        };
    }
    /** The manifest that the tag is to name: `as it is` where it is not to be touched, undefined where it is to name nothing. */
    async #wanted(record, weights, signal) {
        const id = onlyOne(weights);
        if (id !== undefined) {
            const deployment = record.deployments[id];
            if (deployment === undefined)
                throw unknownDeployment(id);
            return this.#stored(deployment.image, signal);
        }
        const { before } = record;
        const served = await this.#environments.served(record.environment, signal);
        if (served === (before ?? undefined))
            return 'as it is';
        return before === null ? undefined : this.#stored(before, signal);
    }
    async #stored(image, signal) {
        const found = await this.#environments.image(image, signal);
        if (found === undefined)
            throw errors_imageMissing(`${this.#environments.name}@${image}`);
        return found;
    }
    async #record(environment, signal) {
        const record = await this.#environments.read(environment, signal);
        if (record === undefined)
            throw unknownEnvironment(environment);
        return record;
    }
    async #recordsWith(id, signal) {
        const names = await this.#environments.names(signal);
        const records = await Promise.all(names.map((name) => this.#environments.read(name, signal)));
        return records.filter((record) => record?.deployments[id] !== undefined);
    }
    #imageOf({ core }) {
        const { artifact } = core;
        if (artifact.kind !== 'image')
            throw wrongArtifact(artifact.kind);
        if (artifact.name !== this.#environments.name)
            throw otherRepository(artifact.name, this.#environments.name);
        return artifact.digest;
    }
    #address(environment) {
        const { url, headers, policy } = this.#options;
        const found = url(environment);
        const reference = this.#environments.reference(environment);
        if (found !== undefined)
            return {
                address: {
                    url: found,
                    wire: 'haute',
                    headers: headers(environment),
                    pulled: { reference, patienceMs: policy.patienceMs },
                },
                noAddress: undefined,
            };
        const key = environment === 'staging' || environment === 'production'
            ? `[ci.${environment}] endpoint_url in haute.toml`
            : `${environment} under [targets.container] urls in haute.release.toml`;
        return { address: undefined, noAddress: `others serve ${reference}, and ${key} does not say where` };
    }
    #moved(record, served) {
        const last = record.history[0]?.deploymentId ?? '';
        const expected = record.deployments[last]?.image ?? 'nothing';
        return tagMovedByOthers(this.#environments.reference(record.environment), served ?? 'nothing', expected);
    }
    #times() {
        const { clock, policy } = this.#options;
        return { at: this.#now(), aliveUntil: new Date(clock.now() + policy.patienceMs + SILENCE_MS).toISOString() };
    }
    #now() {
        return new Date(this.#options.clock.now()).toISOString();
    }
}
/** The deployment that is to have everything; undefined for none. */
function onlyOne(weights) {
    const entries = Object.entries(weights).filter(([, weight]) => weight !== 0);
    const [first, ...more] = entries;
    if (first === undefined)
        return undefined;
    if (more.length > 0)
        throw badWeights(`it is split between ${entries.map(([id]) => id).join(' and ')}`);
    if (first[1] !== 100)
        throw badWeights(`${first[1]} % is not all of it`);
    return first[0];
}
function callSignal() {
    return AbortSignal.timeout(CALL_TIMEOUT_MS);
}

;// CONCATENATED MODULE: ./build/compiled/shared/compose-images.js





















const ROLE_TIMEOUT_MS = 60_000;
/** Composes what images need: registries with their logins, scanners, and the targets that run images. */
function composeImages(outside) {
    const { exec, files, clock, redactor, host, retry, retryAfterMs, federation, openPackage } = outside;
    const ownEnv = (0,without_job_tokens/* withoutJobTokens */.C)(outside.env);
    const mask = (secret) => host.mask(secret);
    const warned = new Set();
    return {
        async scanner(project) {
            const registry = registryOf(project, await knownEnv(project));
            return new CommandScanner({ registry, exec, files, env: ownEnv });
        },
        async target(project, id) {
            const known = await knownEnv(project);
            const registry = registryOf(project, known);
            const target = id === 'container' ? containerTarget(project, known, registry) : await ecsTarget(project, known);
            return { target, store: storeOf(project, known, registry) };
        },
    };
    /** Settings are those of the environment and of the project's `.env`. */
    async function knownEnv(project) {
        const { env } = await (0,load_dot_env/* loadDotEnv */.X)(project.root, { files, env: outside.env });
        return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    }
    /** Logins are those that the settings hold, and whatever this machine is logged in to. */
    function registryOf(project, known) {
        return createRegistry({
            env: known,
            clock,
            exec,
            files,
            retry,
            retryAfterMs,
            configuredRegistry: project.config.deploy.container.registry || undefined,
            given: registryLogins(outside.env),
            providers: cloudLogins(project, known, { ...outside, fetch: globalThis.fetch }),
            insecure: insecureOf(project),
            mask,
            redact: (text) => redactor.text(text),
            note: (line) => host.log.info(line),
        });
    }
    /** Never silently: whoever is on the line reads the login, and may change what is pulled. */
    function insecureOf(project) {
        const { insecure } = readContainerPolicy(project.policy.targets.container);
        for (const registry of insecure.filter((each) => !warned.has(each))) {
            warned.add(registry);
            host.log.warn(`${registry} is spoken to over plain http ([targets.container] insecure): nothing on that line is secret`);
        }
        return insecure;
    }
    function storeOf(project, known, registry) {
        const repositories = new EcrRepositories({ config: ecrConfig(project, known, outside) });
        const seal = () => sealOf(known, mask);
        return createImageStore(project, { registry, exec, files, clock, repositories, env: ownEnv, seal, openPackage });
    }
    function containerTarget(project, known, registry) {
        const policy = readContainerPolicy(project.policy.targets.container);
        return new ContainerTarget({
            registry,
            repository: () => repositoryOf(imageSettings(project)),
            policy,
            url: (environment) => environmentUrl(policy, project.config.ci, environment),
            headers: (environment) => endpointHeaders(known, environment, mask),
            autoscaling: (environment) => (0,release_policy/* autoscalingOf */.WL)(project.policy, environment),
            clock,
            retry,
        });
    }
    /** The client of AWS is large, and loaded for this target alone. */
    async function ecsTarget(project, known) {
        const { createEcsTarget } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(249), __webpack_require__.e(263), __webpack_require__.e(609)]).then(__webpack_require__.bind(__webpack_require__, 609));
        return createEcsTarget(project, {
            env: known,
            clock,
            random: Math.random,
            redact: (text) => redactor.text(text),
            federation,
            userAgent: `haute-deploy/${version/* VERSION */.x}`,
        });
    }
}
/** The clouds that give a job logins to their own registries, as far as the job can say who it is. */
function cloudLogins(project, known, outside) {
    const { federation, retry, retryAfterMs, host, fetch } = outside;
    const mask = (secret) => host.mask(secret);
    return [
        new EcrLogin({ config: ecrConfig(project, known, outside), mask }),
        new AzureLogin({
            fetch,
            retry,
            retryAfterMs,
            mask,
            token: azureToken(known, federation),
            principal: azurePrincipal(known),
        }),
        new GoogleLogin(googleToken(known, federation)),
    ];
}
/** `HAUTE_PRODUCTION_HEADERS`: what an address of the user's own is asked with, one `Name: value` a line. */
function endpointHeaders(env, environment, mask) {
    const name = `HAUTE_${environment.toUpperCase().replaceAll('-', '_')}_HEADERS`;
    const parsed = (0,headers/* parseHeaders */.Q)([env[name] ?? ''], mask);
    if ('value' in parsed)
        return parsed.value;
    throw new errors/* ConfigError */.xL({ code: 'ENV-BAD-VALUE', what: `${name} ${parsed.problem}`, fix: parsed.fix });
}
/**
 * What Amazon's registries are logged in to with: keys that the run was given, or the role that the job or the project
 * names, by the job's own token; the SDK's own chain where there is neither.
 */
function ecrConfig({ config, policy }, known, { federation, clock }) {
    const { target, awsEcs, modelName } = config.deploy;
    const given = awsConfigOf(known);
    if (given.credentials || !federation || target !== 'aws-ecs')
        return given;
    const { role, roleSessionMs: sessionMs } = (0,aws_ecs_policy/* readEcsPolicy */.O)(policy.targets['aws-ecs']);
    const roleArn = (0,credentials/* roleOf */.kp)(role, known, federation);
    if (roleArn === undefined)
        return given;
    const take = (0,credentials/* roleCredentials */.RI)({ roleArn, region: awsEcs.region, session: modelName, sessionMs, federation, clock });
    return { credentials: () => take(AbortSignal.timeout(ROLE_TIMEOUT_MS)) };
}


/***/ }),

/***/ 5187:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   RI: () => (/* binding */ roleCredentials),
/* harmony export */   kp: () => (/* binding */ roleOf),
/* harmony export */   mE: () => (/* binding */ givenCredentials)
/* harmony export */ });
/* unused harmony export sessionNameOf */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7283);

/** Credentials that end sooner than this are not begun anything with. */
const MARGIN_MS = 5 * 60_000;
/**
 * Credentials of a role, taken by the job's own token; the same for every client, and taken anew before they run out.
 * Where the job gets no second token, they are taken anew once more while it is still good, for a session that is whole.
 */
function roleCredentials(options) {
    const { roleArn, region, session, sessionMs, federation, clock } = options;
    const role = { roleArn, region, sessionName: sessionNameOf(session), durationSeconds: Math.round(sessionMs / 1000) };
    let held;
    let last;
    let useUntil = 0;
    return async (signal) => {
        if (!federation)
            throw withoutToken(roleArn);
        if (!held || clock.now() >= useUntil - MARGIN_MS) {
            held = take(federation, signal);
            useUntil = Number.POSITIVE_INFINITY;
        }
        try {
            last = await held;
            const { accessKeyId, secretAccessKey, sessionToken, expiresAt, tokenEndsAt } = last;
            const isEarly = tokenEndsAt !== undefined && clock.now() < tokenEndsAt - MARGIN_MS;
            useUntil = isEarly ? Math.min(expiresAt, tokenEndsAt) : expiresAt;
            return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(useUntil) };
        }
        catch (error) {
            held = undefined;
            throw error;
        }
    };
    async function take(from, signal) {
        try {
            return await from.aws(role, signal);
        }
        catch (error) {
            if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Interrupted */ .j$)
                throw error;
            // What is still good is used to its end.
            if (last && clock.now() < last.expiresAt - MARGIN_MS)
                return toItsEnd(last);
            if (/MaxSessionDuration/.test((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error)))
                throw sessionTooLong(roleArn, sessionMs);
            throw last ? notRenewed(roleArn, error) : error;
        }
    }
}
function toItsEnd({ tokenEndsAt: _, ...credentials }) {
    return credentials;
}
/**
 * The role to take by the job's own token: the one that this job names, before the policy's, which is for every job. One
 * that comes with a token file or with keys, or to a job without a token, is the SDK's to take or leave.
 */
function roleOf(policy, env, federation) {
    const { AWS_ROLE_ARN: own, AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ACCESS_KEY_ID: key } = env;
    return own && federation && !file && !key ? own : policy;
}
/** Credentials that the run was given as variables; undefined where it was not, and the SDK's own chain looks further. */
function givenCredentials(env) {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
    if (!accessKeyId || !secretAccessKey)
        return undefined;
    return async () => ({ accessKeyId, secretAccessKey, ...(token && { sessionToken: token }) });
}
/** 2 to 64 of the characters that AWS takes. */
function sessionNameOf(text) {
    return `haute-${text.replaceAll(/[^\w+=,.@-]/g, '-')}`.slice(0, 64);
}
function withoutToken(roleArn) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'AWS-ROLE-WITHOUT-TOKEN',
        what: `the role ${roleArn} is to be taken by the job’s own token, and this run has none`,
        fix: 'Leave role out of [targets.aws-ecs] where the credentials come from elsewhere: a profile, or a step before this one',
    });
}
function sessionTooLong(roleArn, sessionMs) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'AWS-ROLE-SESSION',
        what: `the role ${roleArn} gives no sessions of ${sessionMs / 60_000} minutes, which role_session asks for`,
        fix: 'Raise the maximum session duration of the role, or lower role_session under [targets.aws-ecs]',
    });
}
function notRenewed(roleArn, cause) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'AWS-ROLE-NOT-RENEWED',
        what: `the session of the role ${roleArn} is over, and the role cannot be taken again: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(cause)}`,
        fix: 'Give the job a longer timeout, which on GitLab is how long its token is good, or longer sessions with role_session under [targets.aws-ecs]; what AWS is in the middle of goes back by itself after hold_timeout, and at once with rollback and the cancel input',
    }, { cause });
}


/***/ }),

/***/ 5787:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ readEcsPolicy),
/* harmony export */   q: () => (/* binding */ environmentPolicy)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7283);
/* harmony import */ var _project_units_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7047);


const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const KEYS = [
    'container',
    'create',
    'role',
    'role_session',
    'deploy_timeout',
    'hold_timeout',
    'approval_timeout',
    'autoscaling',
    'environments',
];
const ENVIRONMENT_KEYS = ['service', 'url', 'test_url', 'target_group'];
const NONE = { service: undefined, url: undefined, testUrl: undefined, targetGroup: undefined };
/** Reads `[targets.aws-ecs]`. @throws ConfigError ECS-POLICY with everything that is wrong in it */
function readEcsPolicy(section = {}) {
    const read = new Reader('[targets.aws-ecs]', section);
    read.unknown(KEYS);
    const environments = read.table('environments');
    const policy = {
        container: read.text('container'),
        create: read.texts('create'),
        role: read.text('role'),
        // What AWS gives to a role.
        roleSessionMs: read.duration('role_session', 60 * MINUTE, 15 * MINUTE, 12 * 60 * MINUTE),
        deployTimeoutMs: read.duration('deploy_timeout', 30 * MINUTE, MINUTE, DAY),
        // What a pause hook takes.
        holdTimeoutMs: read.duration('hold_timeout', 60 * MINUTE, MINUTE, 14 * DAY),
        approvalTimeoutMs: read.duration('approval_timeout', DAY, MINUTE, 14 * DAY),
        autoscaling: read.flag('autoscaling'),
        environments: Object.fromEntries(Object.keys(environments).map((name) => [name, environment(name)])),
    };
    (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .throwIfAny */ .MI)(read.problems);
    return policy;
    function environment(name) {
        const own = new Reader(`[targets.aws-ecs.environments.${name}]`, asTable(environments[name]), read.problems);
        own.unknown(ENVIRONMENT_KEYS);
        return {
            service: own.text('service'),
            url: own.url('url'),
            testUrl: own.url('test_url'),
            targetGroup: own.text('target_group'),
        };
    }
}
/** What the policy says of an environment; nothing where it does not name it. */
function environmentPolicy(policy, environment) {
    return policy.environments[environment] ?? NONE;
}
/** The values of one table; what is wrong with them is gathered. */
class Reader {
    problems;
    #name;
    #section;
    constructor(name, section, problems = []) {
        this.#name = name;
        this.#section = section;
        this.problems = problems;
    }
    unknown(keys) {
        for (const key of Object.keys(this.#section).filter((name) => !keys.includes(name)))
            this.#report(key, 'is not a key of this table', `Remove it; the keys are ${keys.join(', ')}`);
    }
    text(key) {
        const value = this.#section[key];
        if (value === undefined || (typeof value === 'string' && value.trim() !== ''))
            return value;
        this.#report(key, `is ${JSON.stringify(value)}, not a text`, `Write it like ${key} = "…"`);
        return undefined;
    }
    texts(key) {
        const value = this.#section[key] ?? [];
        if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
            return value;
        this.#report(key, 'is not a list of texts', `Write it like ${key} = ["staging"]`);
        return [];
    }
    flag(key) {
        const value = this.#section[key] ?? false;
        if (typeof value === 'boolean')
            return value;
        this.#report(key, `is ${JSON.stringify(value)}, neither true nor false`, `Write ${key} = true, or leave it out`);
        return false;
    }
    url(key) {
        const value = this.text(key);
        if (value === undefined)
            return undefined;
        if (/^https?:\/\/[^/\s]+/.test(value))
            return value.replace(/\/+$/, '');
        this.#report(key, `is ${value}, not an address`, `Write it like ${key} = "https://quotes.example.com"`);
        return undefined;
    }
    duration(key, fallback, min, max) {
        const value = this.text(key);
        if (value === undefined)
            return fallback;
        const parsed = (0,_project_units_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDuration */ .E9)(value);
        if ('problem' in parsed)
            this.#report(key, parsed.problem, parsed.fix);
        else if (parsed.value >= min && parsed.value <= max)
            return parsed.value;
        else
            this.#report(key, `is ${value}`, `Write a duration from ${min / MINUTE}m to ${max / MINUTE}m`);
        return fallback;
    }
    table(key) {
        const value = this.#section[key] ?? {};
        if (typeof value !== 'object' || Array.isArray(value))
            this.#report(key, 'is not a table', `Write it like [targets.aws-ecs.${key}.staging]`);
        return asTable(value);
    }
    #report(key, what, fix) {
        const place = { file: 'haute.release.toml' };
        this.problems.push({ code: 'ECS-POLICY', what: `${this.#name} ${key} ${what}`, fix, place });
    }
}
function asTable(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}


/***/ })

};
