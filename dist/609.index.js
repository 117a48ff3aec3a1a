export const id = 609;
export const ids = [609];
export const modules = {

/***/ 8595:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ni: () => (/* binding */ explainAwsError),
/* harmony export */   Vb: () => (/* binding */ nameOf),
/* harmony export */   _d: () => (/* binding */ isExpired)
/* harmony export */ });
/* unused harmony export missingPermission */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7283);

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const STRANGE = /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch)$/;
const BUSY = /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded)$/;
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT'];
/** True when the credentials are over: new ones may be had. */
function isExpired(error) {
    return EXPIRED.test(nameOf(error));
}
/** The name that AWS gives an error: `ClusterNotFoundException`; empty where it is none of AWS'. */
function nameOf(error) {
    return error?.name ?? '';
}
/**
 * One of our errors for anything that a call to AWS ended with; ours stay as they are.
 * @returns ConfigError for what the user must change, ProviderError for what AWS or the network failed to do
 */
function explainAwsError(error, question) {
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL || error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ || error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Interrupted */ .j$)
        return error;
    const { name = '', $metadata = {} } = error;
    const detail = detailOf(error);
    const { httpStatusCode: status } = $metadata;
    const { what, region } = question;
    const said = `${name}: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error)}`;
    if (DENIED.test(name))
        return denied((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error), what);
    if (EXPIRED.test(name))
        return expired(what, detail);
    if (name === 'CredentialsProviderError' || STRANGE.test(name))
        return withoutCredentials(name, (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error));
    const network = networkCode(error);
    if (network === 'ENOTFOUND' || network === 'EAI_AGAIN')
        return noSuchRegion(region, network);
    if (name === 'TimeoutError')
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({ code: 'AWS-TIMEOUT', what: `AWS did not answer in time when asked for ${what}`, fix: 'Run the step again' }, { ...detail, retryable: true });
    if (network !== undefined)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
            code: 'AWS-UNREACHABLE',
            what: `AWS in ${region} could not be reached for ${what} (${network})`,
            fix: 'Check the network and the proxy of the runner, then run the step again',
        }, { ...detail, retryable: true });
    if (BUSY.test(name) || status === 429)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
            code: 'AWS-BUSY',
            what: `AWS refused ${what} because of too many requests (${said}), every time it was asked`,
            fix: 'Run the step again later; other jobs that ask the same account often may be the cause',
        }, { ...detail, retryable: true });
    if (status !== undefined && status < 500 && name !== 'ServerException')
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
            code: 'AWS-REFUSED',
            what: `AWS refused ${what}: ${said}${suffix($metadata.requestId)}`,
            fix: 'Change what it names; the plan of a dry run shows what is sent',
        });
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'AWS-UNAVAILABLE',
        what: `AWS failed at ${what}: ${said}${suffix($metadata.requestId)}`,
        fix: 'Run the step again; look at the AWS Health Dashboard when it stays',
    }, { ...detail, retryable: true });
}
/** The action and the resource that a refusal names: AWS writes both into its text. */
function missingPermission(text) {
    const [, action, resource] = /perform:? ([\w*-]+:[\w*-]+)(?: on (?:the )?resource:? (\S+))?/.exec(text) ?? [];
    return { action: action ?? 'an action that it does not name', resource: resource?.replace(/[.,]$/, '') };
}
function denied(text, what) {
    const { action, resource } = missingPermission(text);
    const where = resource === undefined ? '' : ` on ${resource}`;
    const pass = action === 'iam:PassRole'
        ? ', with the condition that it is passed to ecs-tasks.amazonaws.com or ecs.amazonaws.com'
        : '';
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'AWS-ACCESS-DENIED',
        what: `the credentials of this job may not do ${action}${where}, which is needed for ${what}`,
        fix: `Allow ${action}${where} in the IAM policy of the role${pass}; docs/aws-ecs.md has the whole policy`,
    });
}
function expired(what, detail) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'AWS-CREDENTIALS-EXPIRED',
        what: `the AWS credentials ran out before ${what} was done, and no new ones can be had`,
        fix: 'Set role under [targets.aws-ecs], which is taken anew when it runs out, or give the session more time; run the step again to take up what AWS goes on with',
    }, detail);
}
function withoutCredentials(name, text) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'AWS-CREDENTIALS-MISSING',
        what: `there are no AWS credentials that are good (${name}: ${text.split('\n')[0]})`,
        fix: 'Set AWS_ROLE_ARN for the job, or role under [targets.aws-ecs], and let the job have an identity token; or give it AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    });
}
function noSuchRegion(region, network) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'AWS-REGION',
        what: `no AWS service is found for the region ${region} (${network})`,
        fix: 'Check region under [deploy.aws-ecs] in haute.toml (eu-west-1, for example), and that the runner can resolve names',
    });
}
function networkCode(error) {
    for (let at = error, depth = 0; at && depth < 5; at = at.cause, depth += 1) {
        if (at.code === 'ENOTFOUND' || at.code === 'EAI_AGAIN' || NETWORK.includes(at.code ?? ''))
            return at.code;
    }
    return undefined;
}
function detailOf({ $metadata }) {
    return {
        ...($metadata?.httpStatusCode !== undefined && { status: $metadata.httpStatusCode }),
        ...($metadata?.requestId !== undefined && { requestId: $metadata.requestId }),
    };
}
function suffix(requestId) {
    return requestId === undefined ? '' : ` (request ${requestId})`;
}


/***/ }),

/***/ 609:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createEcsTarget: () => (/* binding */ createEcsTarget)
});

// EXTERNAL MODULE: ./build/compiled/shared/errors.js
var errors = __webpack_require__(7283);
// EXTERNAL MODULE: ./build/compiled/shared/release/policy.js
var release_policy = __webpack_require__(4240);
// EXTERNAL MODULE: ./build/compiled/shared/release/promotion/plan.js
var plan = __webpack_require__(8843);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-application-auto-scaling/dist-cjs/index.js
var dist_cjs = __webpack_require__(1491);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-cloudwatch-logs/dist-cjs/index.js
var client_cloudwatch_logs_dist_cjs = __webpack_require__(303);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecr/dist-cjs/index.js
var client_ecr_dist_cjs = __webpack_require__(8249);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-cjs/index.js
var client_ecs_dist_cjs = __webpack_require__(212);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-cjs/index.js
var client_elastic_load_balancing_v2_dist_cjs = __webpack_require__(586);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/aws-error.js
var aws_error = __webpack_require__(8595);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/clients.js







/** One attempt; and all attempts of one call, waits included. */
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 180_000;
const MAX_ATTEMPTS = 6;
/** The clients, each made when it is first asked for. */
class AwsClients {
    #config;
    #made = new Map();
    constructor(access) {
        const { region, endpoint, credentials, userAgent, maxAttempts = MAX_ATTEMPTS } = access;
        this.#config = {
            region,
            ...(endpoint !== undefined && { endpoint }),
            ...(credentials && { credentials: () => credentials(AbortSignal.timeout(CALL_TIMEOUT_MS)) }),
            customUserAgent: userAgent,
            retryMode: 'standard',
            maxAttempts,
            requestHandler: {
                requestTimeout: REQUEST_TIMEOUT_MS,
                throwOnRequestTimeout: true,
                connectionTimeout: CONNECTION_TIMEOUT_MS,
            },
        };
    }
    get ecs() {
        return this.#client('ecs', () => new client_ecs_dist_cjs/* ECSClient */.Zgc(this.#config));
    }
    get elb() {
        return this.#client('elb', () => new client_elastic_load_balancing_v2_dist_cjs/* ElasticLoadBalancingV2Client */.MlD(this.#config));
    }
    get logs() {
        return this.#client('logs', () => new client_cloudwatch_logs_dist_cjs/* CloudWatchLogsClient */.TFr(this.#config));
    }
    get scaling() {
        return this.#client('scaling', () => new dist_cjs/* ApplicationAutoScalingClient */.gd(this.#config));
    }
    /** Images may be in another region than the service. */
    ecr(region) {
        return this.#client(`ecr ${region}`, () => new client_ecr_dist_cjs.ECRClient({ ...this.#config, region }));
    }
    /** One that is not made here: its code is loaded by who asks for it, and only then. */
    other(key, make) {
        return this.#client(key, () => make(this.#config));
    }
    destroy() {
        for (const client of this.#made.values())
            client.destroy();
    }
    #client(key, make) {
        const client = this.#made.get(key) ?? make();
        this.#made.set(key, client);
        return client;
    }
}
/** Asks AWS: bounded in time, tried again where AWS asks for it, with credentials that are renewed once they ran out. */
class Aws {
    region;
    #access;
    #clients;
    constructor(access) {
        this.region = access.region;
        this.#access = access;
        this.#clients = new AwsClients(access);
    }
    /**
     * @param what is asked for, for people: `the service motor-pricing`
     * @param call makes the request with one of the clients
     * @throws what explainAwsError makes of it; Interrupted when the signal fires
     */
    async ask(what, call, signal) {
        try {
            return await this.#once(call, signal);
        }
        catch (error) {
            if (signal?.aborted)
                throw new errors/* Interrupted */.j$();
            if (!(0,aws_error/* isExpired */._d)(error))
                throw (0,aws_error/* explainAwsError */.Ni)(error, { what, region: this.region });
        }
        this.#clients.destroy();
        this.#clients = new AwsClients(this.#access);
        try {
            return await this.#once(call, signal);
        }
        catch (error) {
            if (signal?.aborted)
                throw new errors/* Interrupted */.j$();
            throw (0,aws_error/* explainAwsError */.Ni)(error, { what, region: this.region });
        }
    }
    async #once(call, signal) {
        if (signal?.aborted)
            throw new errors/* Interrupted */.j$();
        const deadline = AbortSignal.timeout(CALL_TIMEOUT_MS);
        const abortSignal = signal ? AbortSignal.any([signal, deadline]) : deadline;
        try {
            return await call(this.#clients, { abortSignal });
        }
        catch (error) {
            if (!deadline.aborted || signal?.aborted)
                throw error;
            throw Object.assign(new Error('its time is over', { cause: error }), { name: 'TimeoutError' });
        }
    }
}

// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/credentials.js
var aws_ecs_credentials = __webpack_require__(5187);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/policy.js
var aws_ecs_policy = __webpack_require__(5787);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/names.js
var names = __webpack_require__(4569);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/context.js

function ecsContext(options) {
    return {
        ...options,
        tasks: new Map(),
        revisions: new Map(),
        addresses: new Map(),
        holds: new Map(),
        environments: new Set(),
        told: new Map(),
    };
}
const SILENT = { signal: undefined, progress: () => undefined };
/** Name of an environment's service. */
function serviceName({ place, policy }, environment) {
    return (0,names/* serviceOf */.z5)(place, policy, environment);
}

// EXTERNAL MODULE: ./build/compiled/shared/release/release.js
var release_release = __webpack_require__(205);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/errors.js
var aws_ecs_errors = __webpack_require__(8790);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/addresses.js



/** Ports that an address need not name. */
const USUAL_PORTS = { http: 80, https: 443 };
/**
 * The address of a service: the one in the policy, or that of the load balancer's listener.
 * @throws ConfigError ECS-ADDRESS-UNKNOWN when there is none, or none that can be called by its name
 */
async function addressOf(context, environment, service, side) {
    const { url, testUrl } = (0,aws_ecs_policy/* environmentPolicy */.q)(context.policy, environment);
    const written = side === 'production' ? url : testUrl;
    if (written !== undefined)
        return { url: written, wire: 'haute' };
    const key = `${environment} ${side}`;
    const known = context.addresses.get(key);
    if (known)
        return known;
    const found = { url: await findUrl(context, environment, service, side), wire: 'haute' };
    context.addresses.set(key, found);
    return found;
}
async function findUrl(context, environment, service, side) {
    const { serviceName = '', loadBalancers = [] } = service;
    const unknown = (why) => (0,aws_ecs_errors/* addressUnknown */.VF)(serviceName, environment, why);
    const [balancer] = loadBalancers;
    if (!balancer)
        throw unknown('it has no load balancer');
    const listener = await findListener(context, balancer, side);
    if (!listener)
        throw unknown(`no listener of its load balancer sends ${side} traffic to it`);
    const protocol = (listener.Protocol ?? '').toLowerCase().replace('tcp', 'http').replace('tls', 'https');
    // The certificate is for the name that people use, and the load balancer's own is another.
    if (protocol === 'https')
        throw unknown('its listener speaks HTTPS, with a certificate for a name that AWS does not know');
    if (protocol !== 'http')
        throw unknown(`its listener speaks ${listener.Protocol}`);
    const host = await hostOf(context, listener.LoadBalancerArn ?? '');
    if (host === undefined)
        throw unknown('its load balancer has no name');
    return listener.Port === USUAL_PORTS[protocol] ? `${protocol}://${host}` : `${protocol}://${host}:${listener.Port}`;
}
/** The listener by the rule that the service names, or the first one of its load balancer that forwards to it. */
async function findListener(context, balancer, side) {
    const { productionListenerRule, testListenerRule } = balancer.advancedConfiguration ?? {};
    const named = side === 'production' ? productionListenerRule : testListenerRule;
    if (named !== undefined)
        return (await listeners(context, { ListenerArns: [listenerOf(named)] }))[0];
    if (side === 'test' || balancer.targetGroupArn === undefined)
        return undefined;
    const group = balancer.targetGroupArn;
    const { TargetGroups: groups = [] } = await context.aws.ask('its target group', ({ elb }, options) => elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeTargetGroupsCommand */.sC7({ TargetGroupArns: [group] }), options));
    const [arn] = groups[0]?.LoadBalancerArns ?? [];
    if (arn === undefined)
        return undefined;
    for (const listener of await listeners(context, { LoadBalancerArn: arn })) {
        if (await forwardsTo(context, listener, group))
            return listener;
    }
    return undefined;
}
async function listeners({ aws }, which) {
    const { Listeners: found = [] } = await aws.ask('the listeners of its load balancer', ({ elb }, options) => elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeListenersCommand */.AKE(which), options));
    return found;
}
async function forwardsTo({ aws }, { ListenerArn = '' }, group) {
    let Marker;
    do {
        const page = { ListenerArn, ...(Marker !== undefined && { Marker }) };
        const { Rules: rules = [], NextMarker } = await aws.ask('the rules of its listener', ({ elb }, options) => elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeRulesCommand */.Ggo(page), options));
        if (rules.some((rule) => isTo(rule, group)))
            return true;
        Marker = NextMarker;
    } while (Marker !== undefined);
    return false;
}
function isTo({ Actions: actions = [] }, group) {
    return actions.some(({ TargetGroupArn, ForwardConfig }) => TargetGroupArn === group || ForwardConfig?.TargetGroups?.some((each) => each.TargetGroupArn === group));
}
async function hostOf({ aws }, arn) {
    const { LoadBalancers: found = [] } = await aws.ask('its load balancer', ({ elb }, options) => elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeLoadBalancersCommand */.AZi({ LoadBalancerArns: [arn] }), options));
    return found[0]?.DNSName;
}
/** The ARN of a listener from the ARN of one of its rules; that of a listener (network load balancers) as it is. */
function listenerOf(rule) {
    return rule.includes(':listener-rule/')
        ? rule.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '')
        : rule;
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/pace.js
/**
 * What AWS carries out over minutes. Its limits are for the account and the region: other pipelines ask at the same
 * time, so a long wait asks no oftener than every ten seconds.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const LOOKS = { firstMs: 1_000, mostMs: 10_000 };
/** Looks in a row that may fail before a wait ends, each of them tried several times already. */
const MOST_FAILED_LOOKS = 4;
/** When AWS is out of reach, at once is too soon. */
const LOOKS_AFTER_FAILURE = { firstMs: 10_000, mostMs: 10_000 };
/** What was done already, and is only not to be seen yet. */
const SIGHTINGS = { firstMs: 1_000, mostMs: 4_000 };
/** Looks at that before nobody can say what became of it. */
const MOST_SIGHTINGS = 10;
/** How long AWS may answer as if an update had not been made. */
const CONSISTENCY_MS = 90_000;
/** A pause may be longer by this share of it: runners that began at the same time do not go on asking at the same time. */
const JITTER = 0.25;
/** The pauses of one wait, each twice as long as the one before until they are as long as any. */
class Pauses {
    #context;
    #mostMs;
    #nextMs;
    constructor(context, { firstMs, mostMs }) {
        this.#context = context;
        this.#mostMs = mostMs;
        this.#nextMs = firstMs;
    }
    /** Lets time pass until the next look. @throws Interrupted when the signal fires */
    pass(signal) {
        const ms = Math.round(this.#nextMs * (1 + JITTER * this.#context.random()));
        this.#nextMs = Math.min(this.#mostMs, 2 * this.#nextMs);
        return this.#context.clock.sleep(ms, signal ?? new AbortController().signal);
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/deployments.js





/** The longest that a deployment may wait at a pause, 14 days: older ones are over. */
const LONGEST_MS = 14 * 86_400_000;
/** Pages of a list that are read at most. */
const MOST_PAGES = 20;
const UNDER_WAY = [
    'PENDING',
    'IN_PROGRESS',
    'STOP_REQUESTED',
    'ROLLBACK_REQUESTED',
    'ROLLBACK_IN_PROGRESS',
];
/**
 * ARNs of a service's deployments, newest first; none where AWS, or what stands in for it, keeps no list.
 * @param which those of these statuses, or those that began after a moment; undefined: all that may still matter
 */
async function listDeployments({ aws, place, clock }, name, which, signal) {
    const after = which instanceof Date ? which : new Date(clock.now() - LONGEST_MS);
    const wanted = which && !(which instanceof Date) ? { status: [...which] } : { createdAt: { after } };
    const found = [];
    let nextToken;
    for (let page = 0; page < MOST_PAGES; page += 1) {
        const input = {
            cluster: place.cluster,
            service: name,
            maxResults: 100,
            ...wanted,
            ...(nextToken && { nextToken }),
        };
        const answer = await aws.ask(`the deployments of the service ${name}`, async ({ ecs }, options) => {
            try {
                return await ecs.send(new client_ecs_dist_cjs/* ListServiceDeploymentsCommand */.jz8(input), options);
            }
            catch (error) {
                if (keepsNoList(error))
                    return undefined;
                throw error;
            }
        }, signal);
        found.push(...(answer?.serviceDeployments ?? []));
        nextToken = answer?.nextToken;
        if (nextToken === undefined)
            break;
    }
    return found
        .toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))
        .flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
}
/** A deployment by its ARN, with the definitions it is about; undefined where AWS does not know it (yet). */
async function readCarried(context, arn, signal) {
    const { serviceDeployments } = await context.aws.ask('what becomes of the deployment', ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* DescribeServiceDeploymentsCommand */.A6p({ serviceDeploymentArns: [arn] }), options), signal);
    const deployment = serviceDeployments?.[0];
    if (!deployment)
        return undefined;
    const target = deployment.targetServiceRevision?.arn;
    const source = largest(deployment.sourceServiceRevisions ?? [])?.arn;
    await readRevisions(context, [target, source].filter((each) => each !== undefined), signal);
    const taskOf = (revision) => context.revisions.get(revision ?? '');
    const to = taskOf(target);
    return to === undefined ? undefined : { deployment, arn, to, from: taskOf(source) };
}
/**
 * A deployment that AWS has in its list: what the list has and the description has not is only not to be seen yet, and
 * must not be taken for nothing.
 * @throws ProviderError ECS-DEPLOYMENT-NOT-SEEN
 */
async function readListed(context, arn, signal) {
    const pauses = new Pauses(context, SIGHTINGS);
    for (let look = 1;; look += 1) {
        const carried = await readCarried(context, arn, signal);
        if (carried)
            return carried;
        if (look === MOST_SIGHTINGS)
            throw (0,aws_ecs_errors/* deploymentUnseen */.Ak)((0,names/* shortArn */.k$)(arn));
        await pauses.pass(signal);
    }
}
/** The definitions of revisions, which are for life: each is asked for once. */
async function readRevisions({ aws, revisions }, arns, signal) {
    const missing = arns.filter((arn) => !revisions.has(arn));
    if (missing.length === 0)
        return;
    const { serviceRevisions = [] } = await aws.ask('what the deployment brings', ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* DescribeServiceRevisionsCommand */.oF5({ serviceRevisionArns: missing }), options), signal);
    for (const { serviceRevisionArn = '', taskDefinition } of serviceRevisions)
        if (taskDefinition !== undefined)
            revisions.set(serviceRevisionArn, (0,names/* deploymentId */.dP)(taskDefinition));
}
/** Of several that still run, the one with most of the traffic. */
function largest(sources) {
    const weight = (each) => each.requestedProductionTrafficWeight ?? each.runningTaskCount ?? 0;
    return sources.toSorted((a, b) => weight(b) - weight(a))[0];
}
/** True when AWS does nothing more to a deployment. */
function isOver({ deployment }) {
    return !UNDER_WAY.includes(deployment.status ?? 'PENDING');
}
/** Percent of production traffic that AWS gave to what the deployment brings; 0 where it replaces task by task. */
function percentOf({ targetServiceRevision, deploymentConfiguration }) {
    if ((deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING')
        return 0;
    return Math.round(targetServiceRevision?.requestedProductionTrafficWeight ?? 0);
}
/** Emulators and older partitions have no service deployments; then rollout states must do. */
function keepsNoList(error) {
    return (/^(UnknownOperationException|UnsupportedFeatureException|NotImplemented|InvalidAction)/.test((0,aws_error/* nameOf */.Vb)(error)) ||
        /not (yet )?(been )?implemented/i.test(String(error)));
}

// EXTERNAL MODULE: ./build/compiled/shared/release/digest.js
var digest = __webpack_require__(5394);
// EXTERNAL MODULE: ./build/compiled/shared/release/evidence.js
var evidence = __webpack_require__(7647);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/tags.js


/**
 * What the suite writes to AWS beside what AWS keeps itself: tags. A task definition carries which release it runs, a
 * service what was promoted to it and which promotion holds it. Values have at most 256 of the characters that tags may
 * have.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
 */
const PREFIX = 'haute:';
const LONGEST_VALUE = 256;
const KEPT_HISTORY = 10;
const NOTHING = '-';
/** Tags that a service may have of the suite: the mark, the history, and what is remembered between runs. */
const OWN_TAGS = KEPT_HISTORY + 11;
function tagsOf(list) {
    return Object.fromEntries((list ?? []).map(({ key = '', value = '' }) => [key, value]));
}
function tagList(tags) {
    return Object.entries(tags).map(([key, value]) => ({ key, value: fitting(value) }));
}
/** The tags of a definition that is registered for a release; what it is made from hands its own tags on. */
function releaseTags(release, inherited) {
    const own = Object.entries(inherited).filter(([key]) => !key.startsWith(PREFIX) && !key.startsWith('aws:'));
    return {
        ...Object.fromEntries(own),
        'haute:release': release.id,
        'haute:package': release.core.packageDigest,
        'haute:commit': release.core.commit ?? NOTHING,
        'haute:evidence': (0,evidence/* chainHead */.MF)(release),
    };
}
/** The release that a definition was registered for; undefined where it is none of ours. */
function taggedRelease(tags) {
    const [release, pkg] = [tags['haute:release'] ?? '', tags['haute:package'] ?? ''];
    return (0,digest/* isDigest */.Bc)(release) && (0,digest/* isDigest */.Bc)(pkg) ? { releaseId: release, packageDigest: pkg } : undefined;
}
function readMark(tags) {
    const id = tags['haute:promotion'] ?? NOTHING;
    const candidate = tags['haute:candidate'] ?? NOTHING;
    if (id === NOTHING || candidate === NOTHING)
        return undefined;
    return {
        id,
        candidate,
        current: given(tags['haute:current']),
        before: given(tags['haute:before']),
        startedAt: tags['haute:started'] ?? '',
        run: tags['haute:run'] ?? '',
        paused: tags['haute:state'] === 'paused',
        until: tags['haute:until'] ?? '',
    };
}
function markTags(mark) {
    return {
        'haute:promotion': mark.id,
        'haute:candidate': mark.candidate,
        'haute:current': mark.current ?? NOTHING,
        'haute:before': mark.before ?? NOTHING,
        'haute:started': mark.startedAt,
        'haute:run': mark.run,
        'haute:state': mark.paused ? 'paused' : 'running',
        'haute:until': mark.until,
    };
}
/** No promotion holds the service. */
const NO_MARK = { 'haute:promotion': NOTHING, 'haute:candidate': NOTHING, 'haute:state': 'none' };
/** Who holds a promotion: nobody has seen a process, so it is known by its word to say something in time. */
function ownerOf(mark, nowMs) {
    if (mark.paused)
        return 'paused';
    const untilMs = Date.parse(mark.until);
    if (Number.isNaN(untilMs))
        return 'unknown';
    return nowMs < untilMs ? 'alive' : 'gone';
}
function readHistory(tags) {
    return Array.from({ length: KEPT_HISTORY }, (_, index) => tags[historyKey(index)] ?? '').flatMap((value) => {
        const [deploymentId, settledAt, evidence = ''] = value.split(' ');
        return deploymentId && settledAt ? [{ deploymentId, settledAt, evidence }] : [];
    });
}
/** The history with one more at its front; a deployment that settles again where it is has one line, the latest. */
function historyTags(history, entry) {
    const older = history[0]?.deploymentId === entry.deploymentId ? history.slice(1) : history;
    const entries = [entry, ...older].slice(0, KEPT_HISTORY);
    return Object.fromEntries(entries.map((each, index) => [historyKey(index), historyValue(each)]));
}
/** Promotions that were taken over, the latest last: they must not come back. */
function readSuperseded(tags) {
    return (tags['haute:superseded'] ?? '').split(' ').filter((id) => id !== '');
}
function supersededTag(ids) {
    // Ids have 36 characters.
    return { 'haute:superseded': ids.slice(-6).join(' ') };
}
/** How many tasks a service had before it was turned off. */
function readCount(tags) {
    const count = Number(given(tags['haute:count']) ?? Number.NaN);
    return Number.isInteger(count) && count > 0 ? count : undefined;
}
function countTag(count) {
    return { 'haute:count': count === undefined ? NOTHING : String(count) };
}
/** @param evidence hash; left out where a family has so long a name that both do not fit */
function historyValue({ deploymentId, settledAt, evidence }) {
    const short = `${deploymentId} ${settledAt}`;
    const long = evidence === '' ? short : `${short} ${evidence}`;
    return long.length <= LONGEST_VALUE ? long : short;
}
function historyKey(index) {
    return `haute:history-${String(index + 1).padStart(2, '0')}`;
}
function given(value) {
    return value === undefined || value === NOTHING || value === '' ? undefined : value;
}
/** Letters, digits, spaces and `+ - = . _ : / @`; the rest becomes `_`. */
function fitting(value) {
    return value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_').slice(0, LONGEST_VALUE);
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/snapshot.js







/** Ends of a deployment that may leave what served before and what was to come side by side. */
const HALF_WAY = ['STOPPED', 'ROLLBACK_FAILED'];
/** The environment's service, with what AWS is doing to it; undefined where there is no such service, or no more. */
async function findSnapshot(context, environment, signal) {
    context.environments.add(environment);
    const service = await findService(context, serviceName(context, environment), signal);
    if (!service || service.status === 'INACTIVE')
        return undefined;
    const [newest] = await listDeployments(context, service.serviceName ?? '', UNDER_WAY, signal);
    const underWay = newest === undefined ? undefined : await readListed(context, newest, signal);
    const halted = underWay ? undefined : await findHalted(context, service, signal);
    const primary = primaryOf(service)?.taskDefinition ?? service.taskDefinition;
    const running = primary === undefined ? undefined : (0,names/* deploymentId */.dP)(primary);
    const between = underWay ?? halted;
    const serving = between ? servingBetween(between, running) : running;
    return { environment, service, tags: tagsOf(service.tags), underWay, halted, serving };
}
/**
 * A deployment that somebody stopped half-way, or that AWS failed to roll back. It is over, so that nothing is under
 * way, and the traffic may be split all the same.
 */
async function findHalted(context, service, signal) {
    const running = (service.currentServiceRevisions ?? []).filter(({ runningTaskCount = 0 }) => runningTaskCount > 0);
    if (running.length < 2)
        return undefined;
    const [newest] = await listDeployments(context, service.serviceName ?? '', undefined, signal);
    const last = newest === undefined ? undefined : await readListed(context, newest, signal);
    return last && HALF_WAY.includes(last.deployment.status ?? 'PENDING') ? last : undefined;
}
/**
 * Like {@link findSnapshot}, of a service that can be deployed to.
 * @throws ConfigError ECS-SERVICE-MISSING, ECS-SERVICE-INACTIVE or ECS-CONTROLLER
 */
async function readSnapshot(context, environment, signal) {
    const snapshot = await findSnapshot(context, environment, signal);
    const { cluster } = context.place;
    if (!snapshot)
        throw (0,aws_ecs_errors/* serviceMissing */.WI)(serviceName(context, environment), cluster, environment);
    checkService(snapshot.service);
    return snapshot;
}
/** @throws ConfigError ECS-SERVICE-INACTIVE or ECS-CONTROLLER */
function checkService({ serviceName: name = '', status = '', deploymentController }) {
    if (status !== 'ACTIVE')
        throw (0,aws_ecs_errors/* serviceInactive */.$V)(name, status);
    const controller = deploymentController?.type ?? 'ECS';
    if (controller !== 'ECS')
        throw (0,aws_ecs_errors/* foreignController */.x5)(name, controller);
}
/** A service by its name, whatever its status; undefined where AWS knows none. @throws ConfigError ECS-CLUSTER-MISSING */
async function findService({ aws, place }, name, signal) {
    const answer = await aws.ask(`the service ${name}`, async ({ ecs }, options) => {
        try {
            const input = { cluster: place.cluster, services: [name], include: ['TAGS'] };
            const { services = [], failures = [] } = await ecs.send(new client_ecs_dist_cjs/* DescribeServicesCommand */.H7c(input), options);
            // Only a service that AWS says is missing is missing: what it failed to look up may well be there.
            const failure = services.length === 0 ? failures.find(({ reason }) => reason !== 'MISSING') : undefined;
            if (failure)
                throw Object.assign(new Error(failure.detail ?? 'no details'), { name: failure.reason ?? 'Failure' });
            return services;
        }
        catch (error) {
            if ((0,aws_error/* nameOf */.Vb)(error) === 'ClusterNotFoundException')
                throw (0,aws_ecs_errors/* clusterMissing */.F9)(place.cluster, place.region);
            throw error;
        }
    }, signal);
    return answer[0];
}
/** True when the deployment under way may have callers already. A rolling one has no weights: its first task has them. */
function hasTraffic({ underWay }) {
    if (!underWay)
        return false;
    const { deploymentConfiguration, targetServiceRevision } = underWay.deployment;
    if ((deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING')
        return true;
    return (targetServiceRevision?.requestedProductionTrafficWeight ?? 0) > 0;
}
/** True when callers are split between two, or may be: a stop in the dark leaves them where they were. */
function isSplit({ halted }) {
    if (!halted)
        return false;
    const { deploymentConfiguration, targetServiceRevision } = halted.deployment;
    if ((deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING')
        return true;
    return (targetServiceRevision?.requestedProductionTrafficWeight ?? 0) > 0;
}
function servingBetween({ deployment, to, from }, running) {
    return percentOf(deployment) < 50 ? (from ?? running) : to;
}
/** The deployment that DescribeServices calls primary: what the service is to run. */
function primaryOf(service) {
    return service.deployments?.find(({ status }) => status === 'PRIMARY');
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/outcome.js



/** In the order in which a deployment goes through them. AWS does not list the one before a shift as a stage. */
const STAGES = [
    'RECONCILE_SERVICE',
    'PRE_SCALE_UP',
    'SCALE_UP',
    'POST_SCALE_UP',
    'TEST_TRAFFIC_SHIFT',
    'POST_TEST_TRAFFIC_SHIFT',
    'PRE_PRODUCTION_TRAFFIC_SHIFT',
    'PRODUCTION_TRAFFIC_SHIFT',
    'POST_PRODUCTION_TRAFFIC_SHIFT',
    'BAKE_TIME',
    'CLEAN_UP',
];
/** True when a deployment has come as far as a stage; polls may miss stages. One that is not known has reached nothing. */
function hasReached(stage, wanted) {
    const at = STAGES.indexOf(stage ?? '');
    return at >= 0 && at >= STAGES.indexOf(wanted);
}
/** How our deployment stands by the list of service deployments. @param task id of the definition that it brings */
function judgeDeployment(look, task) {
    const { deployment, newer } = look;
    const why = reasonOf(deployment);
    switch (deployment.status) {
        case 'SUCCESSFUL':
            return judgeSuccess(look, task);
        case 'ROLLBACK_SUCCESSFUL':
            return newer === undefined || newer === task ? failed(`AWS rolled it back${why}`) : overtaken(newer, why);
        case 'ROLLBACK_FAILED':
            return failed(`AWS tried to roll it back and failed${why}; look at the service now`);
        case 'STOPPED':
            return newer === undefined || newer === task ? failed(`AWS stopped it${why}`) : overtaken(newer, why);
        // On its way back: what traffic it still has is no stage that was reached.
        case 'ROLLBACK_REQUESTED':
        case 'ROLLBACK_IN_PROGRESS':
        case 'STOP_REQUESTED':
            return stillGoing(undefined);
        default:
            return going(deployment);
    }
}
/** Success of a deployment is success only when the service runs it: AWS has said so of what was replaced meanwhile. */
function judgeSuccess({ service, deployment, newer }, task) {
    const primary = primaryOf(service);
    const runs = primary?.taskDefinition === undefined ? undefined : (0,names/* deploymentId */.dP)(primary.taskDefinition);
    if (runs !== task)
        return newer === undefined ? stillGoing(deployment) : overtaken(newer, '');
    if (primary?.rolloutState === 'FAILED')
        return failed(`its rollout failed: ${primary.rolloutStateReason ?? ''}`);
    if (primary?.rolloutState === 'IN_PROGRESS')
        return stillGoing(deployment);
    return judgeCounts(service);
}
/**
 * Where AWS lists no service deployments: by the rollout states that DescribeServices gives. A service that goes back to
 * a deployment that was there before was rolled back; one that goes to another was taken over.
 */
function judgeRollout(service, task, known) {
    const ours = service.deployments?.find(({ id }) => id === known.ours);
    const primary = primaryOf(service);
    if (ours?.rolloutState === 'FAILED')
        return failed(`its rollout failed: ${ours.rolloutStateReason ?? 'AWS does not say why'}`);
    const runs = primary?.taskDefinition === undefined ? 'nothing' : (0,names/* deploymentId */.dP)(primary.taskDefinition);
    if (!ours || runs !== task) {
        const isBack = known.older.includes(primary?.id ?? '');
        return isBack ? failed(`AWS rolled it back to ${runs}`) : overtaken(runs, '');
    }
    const complete = ours.status === 'PRIMARY' && ours.rolloutState === 'COMPLETED' && isWhole(service);
    return complete ? judgeCounts(service) : { state: 'going', percent: 0, waitsAt: undefined, isDark: false };
}
/** True when nothing of an older deployment runs any more. */
function isWhole({ deployments = [], desiredCount = 0 }) {
    const others = deployments.filter(({ status, runningCount }) => status !== 'PRIMARY' && (runningCount ?? 0) > 0);
    const running = deployments.find(({ status }) => status === 'PRIMARY')?.runningCount ?? 0;
    return others.length === 0 && running >= desiredCount;
}
function judgeCounts({ desiredCount = 0, runningCount = 0 }) {
    if (desiredCount === 0)
        return failed('it wants 0 tasks, so nothing answers although AWS calls it done');
    if (runningCount === 0)
        return { state: 'going', percent: 100, waitsAt: undefined, isDark: false };
    return { state: 'done' };
}
function going(deployment) {
    const { lifecycleHookDetails = [], lifecycleStage } = deployment;
    const waitsAt = lifecycleHookDetails.find(({ targetType, status }) => targetType === 'PAUSE' && status === 'AWAITING_ACTION');
    return {
        state: 'going',
        percent: percentOf(deployment),
        waitsAt,
        // With callers already it is up all the same: a later run takes it up there.
        isDark: percentOf(deployment) > 0 || (waitsAt !== undefined && hasReached(lifecycleStage, 'POST_TEST_TRAFFIC_SHIFT')),
    };
}
function stillGoing(deployment) {
    return { state: 'going', percent: deployment ? percentOf(deployment) : 0, waitsAt: undefined, isDark: false };
}
function reasonOf({ statusReason, rollback, alarms, deploymentCircuitBreaker: breaker, targetServiceRevision, }) {
    const alarmed = alarms?.triggeredAlarmNames ?? [];
    const reasons = [
        ...new Set([rollback?.reason, statusReason].filter((reason) => reason !== undefined && reason !== '')),
        ...(alarmed.length > 0 ? [`alarm ${alarmed.join(', ')}`] : []),
        ...(breaker?.status === 'TRIGGERED' ? [`${breaker.failureCount} tasks failed to come up`] : []),
    ];
    const weight = targetServiceRevision?.requestedProductionTrafficWeight ?? 0;
    const stood = weight > 0 ? [`with ${Math.round(weight)} % of the traffic on it`] : [];
    const said = [...reasons, ...stood].join('; ');
    return said === '' ? '; AWS does not say why' : `: ${said}`;
}
function failed(why) {
    return { state: 'failed', why };
}
function overtaken(newer, why) {
    return { state: 'overtaken', why: `the service is to run ${newer} now${why}` };
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/progress.js


/** Tells what changed between two looks at a deployment, and nothing that stayed. */
class ProgressReport {
    #progress;
    #events;
    #told;
    /**
     * @param before events that were there already: not news
     * @param told last line of each topic, which it goes on with
     */
    constructor(progress, before, told = new Map()) {
        this.#progress = progress;
        this.#told = told;
        this.#events = new Set((before?.events ?? []).map(({ id = '' }) => id));
    }
    tell(look) {
        for (const { id = '', message = '' } of (look.service.events ?? []).toReversed()) {
            if (this.#events.has(id))
                continue;
            this.#events.add(id);
            this.#progress((0,names/* withoutArns */.Hk)(message));
        }
        for (const [topic, line] of topicsOf(look)) {
            if (line === this.#told.get(topic))
                continue;
            this.#told.set(topic, line);
            if (line !== '')
                this.#progress(line);
        }
    }
}
/** One line for each thing that can change; empty where there is nothing to tell. */
function topicsOf({ service, deployment }) {
    const { desiredCount: wanted = 0, runningCount: running = 0, pendingCount: starting = 0 } = service;
    // Two sets of them beside each other, while traffic moves.
    const counts = running > wanted ? `${running} tasks run, ${wanted} are wanted` : `${running} of ${wanted} tasks run`;
    const failedTasks = (service.deployments ?? []).reduce((sum, each) => sum + (each.failedTasks ?? 0), 0);
    return [
        ['counts', starting > 0 ? `${counts}, ${starting} starting` : counts],
        ['failed', failedTasks > 0 ? `${failedTasks} tasks failed` : ''],
        ...(deployment ? deploymentTopics(deployment) : []),
    ];
}
function deploymentTopics(deployment) {
    const { status = '', statusReason, lifecycleStage, lifecycleHookDetails = [], targetServiceRevision, alarms, } = deployment;
    const waits = lifecycleHookDetails.find(({ status: hook }) => hook === 'AWAITING_ACTION');
    const weight = targetServiceRevision?.requestedProductionTrafficWeight;
    const alarmed = alarms?.triggeredAlarmNames ?? [];
    return [
        ['status', `the deployment is ${status}${statusReason ? `: ${statusReason}` : ''}`],
        ['stage', lifecycleStage ? `stage ${lifecycleStage}` : ''],
        ['weight', weight === undefined ? '' : `${percentOf(deployment)} % of the production traffic on the new tasks`],
        [
            'pause',
            waits?.expiresAt
                ? `AWS waits for the checks, and ${afterwards(waits.timeoutAction)} at ${minute(waits.expiresAt)} if it hears nothing`
                : '',
        ],
        ['alarms', alarmed.length > 0 ? `alarm: ${alarmed.join(', ')}` : ''],
    ];
}
/** What AWS does at a pause when its time is over: as our gates say, or as somebody's own does. */
function afterwards(action) {
    return action === 'CONTINUE' ? 'goes on' : 'gives all traffic back';
}
/** `2026-03-01 12:05 UTC` */
function minute(at) {
    return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/wait.js









/** AWS writes down a service's line and its deployment one after the other. */
const APART_MS = 60_000;
/**
 * What AWS is in the middle of, taken up as ours. Where it is not in AWS' list yet, it is looked for among those that
 * began with the service's own line of it: the same definition may have been deployed, and rolled back, days before.
 * @param task id of the definition that it brings
 */
function takenUp({ service, underWay }, task) {
    const { id: deploymentId = '', createdAt } = primaryOf(service) ?? {};
    const since = createdAt && new Date(createdAt.getTime() - APART_MS);
    const { serviceName = '' } = service;
    return { serviceName, task, older: [], since, deploymentId, arn: underWay?.arn, before: service };
}
/**
 * Waits for this very deployment, letting it go on at pauses on the way, and tells what changes.
 * @returns its ARN where AWS lists it
 * @throws ProviderError ECS-DEPLOY-FAILED, ECS-DEPLOY-OVERTAKEN or ECS-DEPLOY-TIMEOUT; Interrupted
 */
async function waitFor(context, ours, goal, watch) {
    const { clock, policy } = context;
    const startedAt = clock.now();
    const report = new ProgressReport(watch.progress, ours.before, toldOf(context, ours));
    const passed = new Set();
    const pauses = new Pauses(context, LOOKS);
    for (let arn = ours.arn;; await pauses.pass(watch.signal)) {
        const known = arn;
        const { look, carried } = await patiently(context, watch, () => lookAt(context, { ...ours, arn: known }, watch.signal));
        arn = carried?.arn ?? arn;
        report.tell(look);
        const ageMs = clock.now() - startedAt;
        const standing = judge(look, ours, ageMs);
        if (standing.state === 'failed')
            throw (0,aws_ecs_errors/* deployFailed */.dx)(ours.serviceName, standing.why);
        if (standing.state === 'overtaken')
            throw (0,aws_ecs_errors/* deployOvertaken */.jK)(ours.serviceName, standing.why);
        if (isThere(standing, goal))
            return arn;
        if (standing.state === 'going' && standing.waitsAt?.hookId && arn !== undefined && mayPass(standing, goal, passed))
            await letGoOn(context, arn, standing.waitsAt.hookId, passed, watch.signal);
        const timeoutMs = policy.deployTimeoutMs + bakeMs(look);
        if (ageMs >= timeoutMs)
            throw (0,aws_ecs_errors/* deployTimeout */.nv)(ours.serviceName, timeoutMs / 60_000, describe(standing, look));
    }
}
/**
 * Has AWS give all traffic back to what served before a deployment, and waits until it has, or does nothing more.
 * @returns `elsewhere` when it was done before it could be stopped, or was stopped by others where it stood: what serves
 *   now has to be looked at
 * @throws ProviderError ECS-DEPLOY-TIMEOUT while it has not, ECS-DEPLOY-FAILED when it could not
 */
async function rollBack(context, serviceName, arn, watch) {
    const { aws, clock, policy } = context;
    await aws.ask(`the end of the deployment of ${serviceName}`, async ({ ecs }, options) => {
        try {
            await ecs.send(new client_ecs_dist_cjs/* StopServiceDeploymentCommand */.a8L({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }), options);
        }
        catch (error) {
            // It is over, or going back, already: what it came to is looked at below.
            if (!isTooLate(error))
                throw error;
        }
    });
    const giveUpAt = clock.now() + policy.deployTimeoutMs;
    const pauses = new Pauses(context, LOOKS);
    for (let told = '';; await pauses.pass(watch.signal)) {
        const deployment = (await patiently(context, watch, () => readCarried(context, arn)))?.deployment;
        const status = deployment?.status ?? 'unknown';
        if (status !== told)
            watch.progress(`giving traffic back: the deployment is ${status}`);
        told = status;
        if (status === 'ROLLBACK_SUCCESSFUL')
            return 'back';
        if (deployment && status === 'STOPPED')
            return hadNoCallers(deployment) ? 'back' : 'elsewhere';
        if (status === 'SUCCESSFUL')
            return 'elsewhere';
        if (status === 'ROLLBACK_FAILED')
            throw (0,aws_ecs_errors/* deployFailed */.dx)(serviceName, `AWS could not roll it back: ${deployment?.statusReason ?? ''}`);
        if (clock.now() >= giveUpAt)
            throw (0,aws_ecs_errors/* deployTimeout */.nv)(serviceName, policy.deployTimeoutMs / 60_000, `the rollback is ${status}`);
    }
}
/** A deployment without weights has callers from its first task on. */
function hadNoCallers({ deploymentConfiguration, targetServiceRevision }) {
    const strategy = deploymentConfiguration?.strategy ?? 'ROLLING';
    return strategy !== 'ROLLING' && (targetServiceRevision?.requestedProductionTrafficWeight ?? 0) === 0;
}
/**
 * A look in the middle of a wait. AWS may be out of reach for a while, and goes on with what it was told: one look that
 * fails is no reason to give up what it looks at.
 */
async function patiently(context, watch, look) {
    const pauses = new Pauses(context, LOOKS_AFTER_FAILURE);
    for (let failed = 1;; failed += 1) {
        try {
            return await look();
        }
        catch (error) {
            if (!(error instanceof errors/* ProviderError */.mZ) || !error.retryable || failed === MOST_FAILED_LOOKS)
                throw error;
            watch.progress(`${error.problem.what}; it is asked again`);
            await pauses.pass(watch.signal);
        }
    }
}
function toldOf({ told }, { deploymentId }) {
    const known = told.get(deploymentId) ?? new Map();
    if (deploymentId !== '')
        told.set(deploymentId, known);
    return known;
}
async function lookAt(context, ours, signal) {
    const service = (await findService(context, ours.serviceName, signal)) ?? {};
    const known = ours.arn === undefined ? undefined : await readCarried(context, ours.arn, signal);
    // One that goes on was not overtaken: AWS ends it first.
    if (known && !isOver(known))
        return { look: { service, deployment: known.deployment, newer: undefined }, carried: known };
    const listed = await listDeployments(context, ours.serviceName, ours.since, signal);
    const fresh = listed.filter((arn) => !ours.older.includes(arn));
    const carried = known ?? (await oldestOf(context, ours.task, fresh, signal));
    const newest = fresh.find((arn) => arn !== carried?.arn);
    const isNewer = newest !== undefined && (!carried || fresh.indexOf(newest) < fresh.indexOf(carried.arn));
    const newer = isNewer ? (await readCarried(context, newest, signal))?.to : undefined;
    return { look: { service, deployment: carried?.deployment, newer }, carried };
}
/** Ours in AWS' list, whatever has become of it; undefined where it is not listed, or not yet. */
async function findOurs(context, ours, signal) {
    const listed = await listDeployments(context, ours.serviceName, ours.since, signal);
    const fresh = listed.filter((arn) => !ours.older.includes(arn));
    return oldestOf(context, ours.task, fresh, signal);
}
/** The oldest of those that began after ours was asked for and bring our definition. */
async function oldestOf(context, task, fresh, signal) {
    for (const each of fresh.toReversed()) {
        const carried = await readCarried(context, each, signal);
        if (carried?.to === task)
            return carried;
    }
    return undefined;
}
function judge(look, ours, ageMs) {
    const { service, deployment } = look;
    const going = { state: 'going', percent: 0, waitsAt: undefined, isDark: false };
    if (deployment)
        return judgeDeployment({ ...look, deployment }, ours.task);
    const older = (ours.before?.deployments ?? []).flatMap(({ id }) => (id === ours.deploymentId ? [] : (id ?? [])));
    const isSeen = service.deployments?.some(({ id }) => id === ours.deploymentId) ?? false;
    if (!isSeen && ageMs < CONSISTENCY_MS)
        return going;
    if (look.newer !== undefined)
        return { state: 'overtaken', why: `the service is to run ${look.newer} now` };
    // AWS' own list comes a moment after the service itself, and is the better witness.
    return ageMs < CONSISTENCY_MS && isListing(service)
        ? going
        : judgeRollout(service, ours.task, { ours: ours.deploymentId, older });
}
/** Services of AWS name their current deployment; emulators, which have no list, do not. */
function isListing({ currentServiceDeployment }) {
    return currentServiceDeployment !== undefined;
}
function isThere(standing, goal) {
    if (standing.state === 'done')
        return true;
    if (standing.state !== 'going')
        return false;
    if (goal.until === 'dark')
        return standing.isDark;
    return goal.until === 'percent' && standing.percent >= goal.percent;
}
/** How long AWS itself stays at a step: no time that a deployment loses. */
function bakeMs({ deployment }) {
    const { linearConfiguration, canaryConfiguration, bakeTimeInMinutes = 0 } = deployment?.deploymentConfiguration ?? {};
    const step = linearConfiguration?.stepBakeTimeInMinutes ?? canaryConfiguration?.canaryBakeTimeInMinutes ?? 0;
    return (step + bakeTimeInMinutes) * 60_000;
}
/** Before the candidate is up and dark nothing is at stake; after that each pause is passed for one more step. */
function mayPass(standing, goal, passed) {
    if (passed.has(standing.waitsAt?.hookId ?? ''))
        return false;
    return goal.until === 'dark' ? !standing.isDark && standing.percent === 0 : true;
}
async function letGoOn({ aws }, arn, hookId, passed, signal) {
    passed.add(hookId);
    const input = { serviceDeploymentArn: arn, hookId, action: 'CONTINUE' };
    await aws.ask('the next step of the deployment', async ({ ecs }, options) => {
        try {
            await ecs.send(new client_ecs_dist_cjs/* ContinueServiceDeploymentCommand */.LrH(input), options);
        }
        catch (error) {
            // An old answer: the pause is over already. Each pause has an id of its own, so no step is skipped.
            if (!isTooLate(error))
                throw error;
        }
    }, signal);
}
/** What AWS says to a word on a deployment, or a pause of it, that is over. */
function isTooLate(error) {
    return /^(ConflictException|InvalidParameterException|ClientException)$/.test((0,aws_error/* nameOf */.Vb)(error));
}
function describe(standing, { service, deployment }) {
    const stage = deployment?.lifecycleStage ? ` at ${deployment.lifecycleStage}` : '';
    const percent = standing.state === 'going' ? `${standing.percent} % of the traffic` : '';
    return `${deployment?.status ?? 'not listed'}${stage}, ${percent}, ${service.runningCount ?? 0} of ${service.desiredCount ?? 0} tasks run`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/begin.js








/**
 * Begins a deployment of a definition at a service: only what it needs is sent, the rest of the service stays.
 * @param known ARNs of the deployments that there are, where somebody has looked already
 * @throws ConfigError ECS-SCALED-TO-ZERO when nothing would start
 */
async function begin(context, snapshot, task, configuration, { signal, progress } = SILENT, known) {
    const { aws, place } = context;
    const { service } = snapshot;
    const { serviceName = '' } = service;
    const older = known ?? (await listDeployments(context, serviceName, undefined, signal));
    const desiredCount = wantedCount(context, snapshot);
    const isThere = [snapshot.serving, (0,names/* deploymentId */.dP)(primaryOf(service)?.taskDefinition ?? '')].includes(task);
    const answer = await aws.ask(`an update of the service ${serviceName}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* UpdateServiceCommand */.kZr({
        cluster: place.cluster,
        service: serviceName,
        taskDefinition: task,
        deploymentConfiguration: configuration,
        ...(desiredCount !== undefined && { desiredCount }),
        // The definition that is there, for an environment that is to be made anew all the same.
        ...(isThere && { forceNewDeployment: true }),
    }), options), signal);
    progress(`${serviceName} is to run ${task}`);
    const begunId = (answer.service && primaryOf(answer.service)?.id) ?? '';
    return { serviceName, task, older, deploymentId: begunId, arn: undefined, before: service };
}
/** Begins a deployment and waits for it. @returns its ARN where AWS lists it */
async function beginAndWait(context, snapshot, task, configuration, goal, watch) {
    const ours = await begin(context, snapshot, task, configuration, watch);
    return waitFor(context, ours, goal, watch);
}
/**
 * Tasks that a service must be given because it wants none now; undefined where it wants some.
 * @throws ConfigError ECS-SCALED-TO-ZERO when the environment wants none either
 */
function wantedCount(context, { service, environment, tags }) {
    if ((service.desiredCount ?? 0) > 0)
        return undefined;
    const count = readCount(tags) ?? context.autoscaling(environment).min;
    if (count === 0)
        throw (0,aws_ecs_errors/* scaledToZero */.KE)(service.serviceName ?? '');
    return count;
}

// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/task-definition.js
var task_definition = __webpack_require__(2780);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/tasks.js






/** Newest definitions of a family that are looked through for one that says the same. */
const LOOKED_THROUGH = 10;
/** A definition by its id; undefined where there is none of that name. */
async function findTask({ aws, tasks }, id, signal) {
    const known = tasks.get(id);
    if (known)
        return known;
    const answer = await aws.ask(`the task definition ${id}`, async ({ ecs }, options) => {
        try {
            return await ecs.send(new client_ecs_dist_cjs/* DescribeTaskDefinitionCommand */.Zy$({ taskDefinition: id, include: ['TAGS'] }), options);
        }
        catch (error) {
            // AWS has no error of its own for one that is not there.
            if ((0,aws_error/* nameOf */.Vb)(error) === 'ClientException' && /unable to describe/i.test(String(error)))
                return undefined;
            throw error;
        }
    }, signal);
    const { taskDefinition: definition, tags = [] } = answer ?? {};
    if (!definition?.taskDefinitionArn)
        return undefined;
    const task = { definition, tags };
    tasks.set((0,names/* deploymentId */.dP)(definition.taskDefinitionArn), task);
    return task;
}
/** @throws ConfigError ECS-DEPLOYMENT-UNKNOWN */
async function readTask(context, id, signal) {
    const task = await findTask(context, id, signal);
    if (!task)
        throw (0,aws_ecs_errors/* unknownDeployment */.co)(id);
    return task;
}
/**
 * The id of a definition that was registered for this release and says the same; undefined where there is none.
 * @param known ids that are looked at first
 */
async function findSame(context, shape, release, known, signal) {
    const newest = await newestOf(context, shape.family ?? '', signal);
    for (const id of new Set([...known, ...newest])) {
        const task = await findTask(context, id, signal);
        if (task?.definition.status !== 'ACTIVE')
            continue;
        if (taggedRelease(tagsOf(task.tags))?.releaseId !== release.id)
            continue;
        if ((0,task_definition/* isSameTask */.yz)((0,task_definition/* shapeOf */.F5)(task.definition), shape))
            return id;
    }
    return undefined;
}
/** Registers a definition for a release. @returns its id */
async function registerTask(context, shape, release, inherited, signal) {
    const tags = tagList(releaseTags(release, tagsOf(inherited)));
    const { taskDefinition: definition, tags: kept = tags } = await context.aws.ask(`a new revision of the task definition ${shape.family}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* RegisterTaskDefinitionCommand */.$Hl({ ...shape, tags }), options), signal);
    const id = (0,names/* deploymentId */.dP)(definition?.taskDefinitionArn ?? '');
    if (definition)
        context.tasks.set(id, { definition, tags: kept });
    return id;
}
async function newestOf({ aws }, family, signal) {
    const { taskDefinitionArns = [] } = await aws.ask(`the revisions of the task definition ${family}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* ListTaskDefinitionsCommand */.Pse({ familyPrefix: family, sort: 'DESC', maxResults: LOOKED_THROUGH }), options), signal);
    return taskDefinitionArns.map(names/* deploymentId */.dP);
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/explain.js






const SHOWN_TASKS = 5;
const SHOWN_LOG_LINES = 20;
/** Tasks that the scheduler itself ended, to scale or to make room for a newer deployment, say nothing of a release. */
const SCALING = /^Scaling activity initiated/i;
/** Why a deployment is not well: its stopped tasks, newest first, and the last lines of the newest. */
async function explain(context, service, id) {
    const stopped = service ? await orWhyNot(() => stoppedTasks(context, service, id), []) : { value: [], missing: [] };
    const [newest] = stopped.value;
    const log = newest ? await orWhyNot(() => lastLines(context, id, newest), []) : { value: [], missing: [] };
    const health = service ? await orWhyNot(() => unhealthyTargets(context, service), []) : { value: [], missing: [] };
    const failed = newest?.containers?.find(({ exitCode, reason }) => (exitCode ?? 0) !== 0 || reason !== undefined);
    const notes = [...stopped.missing, ...log.missing, ...health.missing];
    const lines = [...stopped.value.map(describeTask), ...health.value];
    const where = service?.serviceName ?? 'no service';
    return {
        summary: [`deployment ${id} at ${where}: ${lines[0] ?? 'no stopped task of it is known any more'}`, ...notes].join('; '),
        exitCode: failed?.exitCode,
        reason: newest && explain_reasonOf(newest),
        log: [...lines, ...log.value],
        next: nextCommand(context, service, newest),
    };
}
/**
 * Tells why tasks of a definition stopped, where AWS says anything of it; what cannot be read is said, and stops nothing.
 * @returns what is known of the newest one that stopped; undefined where there is none
 */
async function tellStopped(context, service, id, progress) {
    const { log, summary, next, reason } = await explain(context, service, id);
    progress(summary);
    for (const line of log.slice(1))
        progress(`  ${line}`);
    progress(`more: ${next}`);
    return reason === undefined ? undefined : log[0];
}
/** An explanation is worth having without its parts: a permission that is missing is named, and the rest is shown. */
async function orWhyNot(read, without) {
    try {
        return { value: await read(), missing: [] };
    }
    catch (error) {
        const problem = error instanceof errors/* ConfigError */.xL ? error.problems[0] : error instanceof errors/* ProviderError */.mZ ? error.problem : undefined;
        if (!problem)
            throw error;
        return { value: without, missing: [`not all of it could be looked at: ${problem.what}`] };
    }
}
async function stoppedTasks({ aws, place }, service, id) {
    const { serviceName = '' } = service;
    const { cluster } = place;
    const { taskArns = [] } = await aws.ask(`the stopped tasks of ${serviceName}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* ListTasksCommand */.MYg({ cluster, serviceName, desiredStatus: 'STOPPED' }), options));
    if (taskArns.length === 0)
        return [];
    const { tasks = [] } = await aws.ask(`the stopped tasks of ${serviceName}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* DescribeTasksCommand */.z8X({ cluster, tasks: taskArns.slice(0, 100) }), options));
    return tasks
        .filter((task) => (0,names/* deploymentId */.dP)(task.taskDefinitionArn ?? '') === id && !SCALING.test(task.stoppedReason ?? ''))
        .toSorted((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0))
        .slice(0, SHOWN_TASKS);
}
/** `task 4f2a…: EssentialContainerExited, …; pricing exited with 1`. */
function describeTask(task) {
    const containers = (task.containers ?? []).flatMap(describeContainer);
    const health = task.healthStatus === 'UNHEALTHY' ? ['its health check failed'] : [];
    const said = [task.stopCode ?? 'stopped', explain_reasonOf(task), ...containers, ...health].filter(Boolean).join('; ');
    return `task ${(0,names/* shortArn */.k$)(task.taskArn ?? '').slice(0, 12)}: ${said}${likelyCause(task)}`;
}
function describeContainer({ name, exitCode, reason }) {
    if (exitCode === undefined && reason === undefined)
        return [];
    const exit = exitCode === undefined ? 'did not start' : `exited with ${exitCode}`;
    return [`container ${name} ${exit}${reason ? ` (${reason})` : ''}`];
}
function explain_reasonOf({ stoppedReason }) {
    return stoppedReason === undefined ? undefined : (0,names/* withoutArns */.Hk)(stoppedReason);
}
/** What AWS' words usually come from. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
const CAUSES = [
    [
        /CannotPull.*(not found|does not exist|manifest unknown)/is,
        'the image is not in the registry: run build-push, and check registry in haute.toml',
    ],
    [
        /CannotPull.*(denied|not authorized|403)/is,
        'the execution role of the task may not pull: allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer',
    ],
    [
        /CannotPull.*(timeout|i\/o|dial|no route)/is,
        'the subnet has no way to the registry: give it a NAT gateway or VPC endpoints of ECR and S3',
    ],
    [/CannotPull.*(no match|platform|descriptor)/is, 'the image is for another architecture than the task'],
    [
        /ResourceInitializationError.*(secret|ssm|parameter)/is,
        'the execution role may not read a secret, or it is not there',
    ],
    [
        /ResourceInitializationError.*(log|cloudwatch)/is,
        'the log group is not there, or the execution role may not write to it',
    ],
    [
        /unable to assume (the )?role/i,
        'the role is not there, or its trust policy does not let ecs-tasks.amazonaws.com take it',
    ],
    [
        /limit on the number of vCPUs/i,
        'the quota of Fargate is used up: ask for more in Service Quotas, or end other tasks',
    ],
    [/Capacity is unavailable/i, 'AWS has no room in these zones now: try again later, or give the service more subnets'],
    [/free addresses|insufficient.*(address|ip)/i, 'the subnet has no addresses left: give the service larger subnets'],
    [/OutOfMemory/i, 'it needs more memory than the task definition gives it'],
    [/exec format error/i, 'the image is for another architecture than the task'],
    [
        /failed (ELB|container) health checks|health checks failed/i,
        'the health check does not reach /health: compare its path and port with the port in haute.toml',
    ],
];
function likelyCause(task) {
    const said = [task.stoppedReason, ...(task.containers ?? []).map(({ reason }) => reason)].join(' ');
    const cause = CAUSES.find(([pattern]) => pattern.test(said))?.[1];
    return cause === undefined ? '' : ` - ${cause}`;
}
/** Targets that the load balancer calls unhealthy, each with its reason. */
async function unhealthyTargets({ aws }, service) {
    const groups = (service.loadBalancers ?? []).flatMap(({ targetGroupArn, advancedConfiguration: more }) => [targetGroupArn, more?.alternateTargetGroupArn].filter((arn) => arn !== undefined));
    const lines = [];
    for (const TargetGroupArn of groups) {
        const { TargetHealthDescriptions: targets = [] } = await aws.ask('the health of its targets', ({ elb }, options) => elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeTargetHealthCommand */.qyg({ TargetGroupArn }), options));
        for (const { Target, TargetHealth } of targets.filter((each) => each.TargetHealth?.State === 'unhealthy'))
            lines.push(`target ${Target?.Id}:${Target?.Port} is unhealthy (${TargetHealth?.Reason}): ${TargetHealth?.Description ?? ''}`);
    }
    return lines.slice(0, SHOWN_TASKS);
}
async function lastLines(context, id, task) {
    const definition = (await findTask(context, id))?.definition;
    const failed = task.containers?.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0) ?? task.containers?.[0];
    const container = definition?.containerDefinitions?.find(({ name }) => name === failed?.name);
    const place = container && logPlace(container, task);
    if (!place)
        return [];
    const { events = [] } = await context.aws.ask('the last log lines of the task', ({ logs }, options) => logs.send(new client_cloudwatch_logs_dist_cjs/* GetLogEventsCommand */.h7S({ ...place, limit: SHOWN_LOG_LINES, startFromHead: false }), options));
    return events.map(({ message = '' }) => context.redact(message.trimEnd()));
}
/** Where awslogs puts a container's lines: `prefix/container/task`. Undefined with another driver. */
function logPlace({ name, logConfiguration }, { taskArn = '' }) {
    const options = logConfiguration?.options ?? {};
    const [group, prefix] = [options['awslogs-group'], options['awslogs-stream-prefix']];
    if (logConfiguration?.logDriver !== 'awslogs' || group === undefined || prefix === undefined)
        return undefined;
    return { logGroupName: group, logStreamName: `${prefix}/${name}/${(0,names/* shortArn */.k$)(taskArn)}` };
}
function nextCommand({ place }, service, task) {
    const where = `--region ${place.region} --cluster ${place.cluster}`;
    if (task?.taskArn)
        return `aws ecs describe-tasks ${where} --tasks ${(0,names/* shortArn */.k$)(task.taskArn)}`;
    return `aws ecs describe-services ${where} --services ${service?.serviceName ?? place.service}`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/traffic.js

/**
 * Before every move of production traffic, the first one included, with the candidate up and all test traffic on it; and
 * after the last one, with what served before still there to go back to.
 */
const GATES = {
    steps: ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
    /** Once, before the candidate has any callers: for the look at it, or for its approval. */
    dark: ['POST_TEST_TRAFFIC_SHIFT'],
};
const STEPPED = ['BLUE_GREEN', 'LINEAR', 'CANARY'];
/** What LINEAR takes: 3 % and more a step. */
const LEAST_STEP_PERCENT = 3;
const MOST_MINUTES = 1_440;
const MOST_HOLD_MINUTES = 20_160;
const MINUTE = 60_000;
/** How the service can be deployed to, and why not in steps where it cannot. */
function mannerOf(service) {
    const strategy = service.deploymentConfiguration?.strategy ?? 'ROLLING';
    const name = service.serviceName ?? '';
    if (!STEPPED.includes(strategy))
        return { kind: 'rolling', why: `the service ${name} has the strategy ${strategy}, which replaces task by task` };
    const loadBalancer = service.loadBalancers?.find(({ advancedConfiguration: each }) => each?.alternateTargetGroupArn);
    const { productionListenerRule, testListenerRule } = loadBalancer?.advancedConfiguration ?? {};
    if (!loadBalancer || !productionListenerRule)
        return {
            kind: 'rolling',
            why: `the service ${name} has no alternate target group with a production listener rule`,
        };
    if (!testListenerRule)
        return {
            kind: 'rolling',
            why: `the service ${name} has no test listener, so that a stage has nothing to be checked at`,
        };
    return { kind: 'stepped', loadBalancer };
}
/**
 * The configuration that carries a plan out: even steps as LINEAR, two as CANARY, one as BLUE_GREEN. ECS waits at our
 * gate before each step, and gives all traffic back by itself when nobody has let it go on in time.
 * @throws ConfigError ECS-WEIGHTS for stages that ECS cannot make
 */
function steppedConfiguration(own, ramp, { holdMs, handOff = false, approvalMs }) {
    const hooks = own.lifecycleHooks ?? [];
    const wanted = [
        ...(handOff || approvalMs !== undefined ? [['dark', approvalMs ?? holdMs]] : []),
        ...(handOff ? [] : [['steps', holdMs]]),
    ];
    const missing = wanted.filter(([kind]) => !hooks.some((hook) => gateOf(hook) === kind));
    return {
        ...withoutStrategy(own),
        ...strategyFor(ramp, handOff),
        lifecycleHooks: [...hooks, ...missing.map(([kind, ms]) => gate(kind, ms))],
    };
}
/** True when ECS waits before each step of a deployment for the word to go on: by itself it goes through none. */
function waitsAtSteps({ lifecycleHooks = [] }) {
    return lifecycleHooks.some((hook) => gateOf(hook) === 'steps');
}
/** All traffic in one move, and no gate of ours: for going back to what was checked before. */
function atOnceConfiguration(own) {
    return { ...withoutStrategy(own), strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 };
}
/** Task by task, stopped and rolled back by the circuit breaker where tasks do not come up. */
function rollingConfiguration(own) {
    const breaker = own.deploymentCircuitBreaker;
    return { ...own, deploymentCircuitBreaker: { ...breaker, enable: true, rollback: true } };
}
/** True when the circuit breaker is on and rolls back. */
function hasBreaker(own) {
    return own?.deploymentCircuitBreaker?.enable === true && own.deploymentCircuitBreaker.rollback === true;
}
/**
 * What of a service's own configuration a promotion changes, as a short text that can be kept in a tag:
 * `LINEAR 0 10 1 dark` is strategy, bake time, percent and minutes of a step, and the gates that it has of its own.
 */
function rememberConfiguration(own) {
    const { strategy = 'ROLLING', bakeTimeInMinutes: bake, linearConfiguration: linear, canaryConfiguration: canary, } = own;
    const percent = linear?.stepPercent ?? canary?.canaryPercent;
    const minutes = linear?.stepBakeTimeInMinutes ?? canary?.canaryBakeTimeInMinutes;
    const gates = new Set((own.lifecycleHooks ?? []).flatMap((hook) => gateOf(hook) ?? []));
    return [strategy, bake ?? '-', percent ?? '-', minutes ?? '-', [...gates].join('+') || '-'].join(' ');
}
/**
 * The configuration as it was before a promotion; undefined where the text is not one, or nothing is to be put back.
 * @param now as the promotion left it
 */
function restoredConfiguration(now, text) {
    const [strategy = '', bake = '', percent = '', minutes = '', gates = ''] = text.split(' ');
    const theirs = gates.split('+');
    if (!STEPPED.includes(strategy))
        return undefined;
    const step = { percent: number(percent), minutes: number(minutes) };
    return {
        ...withoutStrategy(now),
        strategy: strategy,
        ...(number(bake) !== undefined && { bakeTimeInMinutes: number(bake) }),
        ...(strategy === 'LINEAR' && { linearConfiguration: linearOf(step) }),
        ...(strategy === 'CANARY' && { canaryConfiguration: canaryOf(step) }),
        lifecycleHooks: (now.lifecycleHooks ?? []).filter((hook) => {
            const gate = gateOf(hook);
            return gate === undefined || theirs.includes(gate);
        }),
    };
}
function linearOf({ percent, minutes }) {
    return {
        ...(percent !== undefined && { stepPercent: percent }),
        ...(minutes !== undefined && { stepBakeTimeInMinutes: minutes }),
    };
}
function canaryOf({ percent, minutes }) {
    return {
        ...(percent !== undefined && { canaryPercent: percent }),
        ...(minutes !== undefined && { canaryBakeTimeInMinutes: minutes }),
    };
}
/** For people: `LINEAR, 10 % every 1 min`. */
function describeConfiguration(configuration) {
    const { strategy = 'ROLLING', linearConfiguration: linear, canaryConfiguration: canary } = configuration;
    if (linear)
        return `LINEAR, ${linear.stepPercent} % at a time with ${linear.stepBakeTimeInMinutes} min after each`;
    if (canary)
        return `CANARY, ${canary.canaryPercent} % first, the rest after ${canary.canaryBakeTimeInMinutes} min and its checks`;
    return strategy === 'BLUE_GREEN' ? 'BLUE_GREEN, all traffic in one move' : 'ROLLING, task by task';
}
function strategyFor({ stages, soakMs }, handOff) {
    // AWS counts whole minutes; what is left of one is waited for by who lets it go on, or not at all.
    const minutes = Math.min(MOST_MINUTES, (handOff ? Math.ceil : Math.floor)(soakMs / MINUTE));
    const [first] = stages;
    if (stages.length === 1)
        return { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 };
    if (stages.length === 2)
        return {
            strategy: 'CANARY',
            bakeTimeInMinutes: 0,
            canaryConfiguration: { canaryPercent: first, canaryBakeTimeInMinutes: minutes },
        };
    // ECS takes steps of tenths of a percent: a little more than the share, so that there is not one step too many.
    const stepPercent = Math.ceil(Number((1000 / stages.length).toFixed(6))) / 10;
    const linearConfiguration = { stepPercent, stepBakeTimeInMinutes: minutes };
    const steps = stepsOf({ strategy: 'LINEAR', linearConfiguration });
    const fits = steps.length === stages.length && stages.every((percent, index) => stepFor(percent, steps) === steps[index]);
    if (stepPercent < LEAST_STEP_PERCENT || !fits)
        throw (0,aws_ecs_errors/* badWeights */.Bu)(`ECS makes even steps of 3 % and more, which ${stages.length} stages are not; 10 and 20 are`);
    return { strategy: 'LINEAR', bakeTimeInMinutes: 0, linearConfiguration };
}
/** Whole percents that a deployment stops at. */
function stepsOf({ strategy, linearConfiguration, canaryConfiguration, }) {
    if (strategy === 'CANARY')
        return [Math.round(canaryConfiguration?.canaryPercent ?? 5), 100];
    if (strategy !== 'LINEAR')
        return strategy === 'BLUE_GREEN' ? [100] : [];
    const tenths = Math.round((linearConfiguration?.stepPercent ?? 10) * 10);
    const count = Math.ceil(1000 / tenths);
    return Array.from({ length: count }, (_, index) => Math.min(100, Math.round((tenths * (index + 1)) / 10)));
}
/** The step that a stage is: tenths of a percent may make it another whole one. */
function stepFor(percent, steps) {
    return steps.find((step) => Math.abs(step - percent) <= 1);
}
function gate(kind, holdMs) {
    const timeoutInMinutes = Math.min(MOST_HOLD_MINUTES, Math.max(1, Math.ceil(holdMs / MINUTE)));
    return {
        targetType: 'PAUSE',
        lifecycleStages: [...GATES[kind]],
        timeoutConfiguration: { timeoutInMinutes, action: 'ROLLBACK' },
    };
}
/** Which of our gates a hook is, whoever set it; undefined for any other. */
function gateOf({ targetType, lifecycleStages = [], timeoutConfiguration }) {
    const is = (kind) => lifecycleStages.length === GATES[kind].length && GATES[kind].every((stage) => lifecycleStages.includes(stage));
    // A pause that goes on by itself holds nothing, and is none of ours.
    if (targetType !== 'PAUSE' || timeoutConfiguration?.action === 'CONTINUE')
        return undefined;
    return is('steps') ? 'steps' : is('dark') ? 'dark' : undefined;
}
function withoutStrategy(own) {
    const { strategy: _strategy, linearConfiguration: _linear, canaryConfiguration: _canary, ...rest } = own;
    return rest;
}
function number(text) {
    return text === '-' || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/report.js









/** An environment as the target reports it, from one snapshot of its service. */
async function describeEnvironment(context, snapshot) {
    const { environment, service, tags } = snapshot;
    const mark = readMark(tags);
    const settled = readHistory(tags);
    const ids = [...settled.map((each) => each.deploymentId), ...(mark ? [mark.candidate] : [])];
    const deployments = await describeAll(context, snapshot, ids);
    const find = (id) => deployments.find((each) => each.id === id);
    const history = settled.flatMap((each) => {
        const releaseId = find(each.deploymentId)?.releaseId;
        return releaseId === undefined ? [] : [{ ...each, releaseId }];
    });
    const manner = mannerOf(service);
    const foreign = isOff(service) ? undefined : unknownOf(snapshot, ids);
    return {
        name: environment,
        address: ids.length === 0 ? undefined : await addressOf(context, environment, service, 'production'),
        weights: weightsOf(snapshot, ids),
        current: find(settled[0]?.deploymentId),
        ...(foreign !== undefined && { foreign }),
        candidate: find(mark?.candidate),
        promotion: mark && describeMark(mark, snapshot, context.clock.now()),
        history,
        deployments,
        autoscaling: context.autoscaling(environment),
        ...(manner.kind === 'rolling' && { cannot: { weights: manner.why, darkAddress: manner.why } }),
    };
}
/** What serves and was never promoted, by the tags: of others, or of ours after somebody took the tags away. */
function unknownOf({ serving }, known) {
    return serving === undefined || known.includes(serving) ? undefined : serving;
}
function neverDeployed(name, autoscaling) {
    return {
        name,
        address: undefined,
        weights: {},
        current: undefined,
        candidate: undefined,
        promotion: undefined,
        history: [],
        deployments: [],
        autoscaling,
        cannot: { darkAddress: 'its service is made with the release, and serves at once' },
    };
}
/** A deployment: a definition of ours, and what the service makes of it. */
async function describeDeployment(context, snapshot, id, task) {
    const release = taggedRelease(tagsOf(task.tags));
    if (!release)
        return undefined;
    const { status, raw, replicas } = statusOf(snapshot, id, task);
    const image = (0,task_definition/* imageRunBy */.GJ)(task.definition, release.releaseId);
    return {
        id,
        ...release,
        status,
        rawStatus: raw,
        address: await darkAddress(context, snapshot, id),
        ...(image !== undefined && { image }),
        createdAt: (task.definition.registeredAt ?? new Date(0)).toISOString(),
        replicas,
    };
}
/** A deployment of ours as it is now. @throws ConfigError ECS-DEPLOYMENT-UNKNOWN for what is none */
async function readDeployment(context, environment, id, signal) {
    const snapshot = await readSnapshot(context, environment, signal);
    const deployment = await describeDeployment(context, snapshot, id, await readTask(context, id, signal));
    if (!deployment)
        throw (0,aws_ecs_errors/* unknownDeployment */.co)(id);
    return deployment;
}
/**
 * Percent of production traffic by deployment: as AWS asked its load balancer for, or as many tasks as run of each
 * where it has none. What is none of ours is left out.
 */
function weightsOf(snapshot, known) {
    const { service, serving } = snapshot;
    const between = snapshot.underWay ?? (isSplit(snapshot) ? snapshot.halted : undefined);
    const split = between ? splitOf(service, between) : serving === undefined ? {} : { [serving]: 100 };
    const ours = Object.entries(split).filter(([id, weight]) => weight > 0 && known.includes(id));
    return isOff(service) ? {} : Object.fromEntries(ours);
}
function splitOf(service, { deployment, to, from }) {
    const isWeighted = (deployment.deploymentConfiguration?.strategy ?? 'ROLLING') !== 'ROLLING';
    const percent = isWeighted ? percentOf(deployment) : shareOf(service, to);
    if (from === undefined || from === to)
        return { [to]: 100 };
    return { [to]: percent, [from]: 100 - percent };
}
/** Percent of the running tasks that are of a definition. */
function shareOf({ deployments = [] }, id) {
    const running = deployments.map((each) => ({
        count: each.runningCount ?? 0,
        isOf: (0,names/* deploymentId */.dP)(each.taskDefinition ?? '') === id,
    }));
    const all = running.reduce((sum, { count }) => sum + count, 0);
    const ours = running.filter(({ isOf }) => isOf).reduce((sum, { count }) => sum + count, 0);
    return all === 0 ? 0 : Math.round((100 * ours) / all);
}
async function describeAll(context, snapshot, ids) {
    const found = [];
    for (const id of new Set(ids)) {
        const task = await findTask(context, id);
        const deployment = task && (await describeDeployment(context, snapshot, id, task));
        if (deployment)
            found.push(deployment);
    }
    return found;
}
function statusOf({ service, underWay }, id, { definition }) {
    if (underWay?.to === id)
        return underWayStatus(underWay);
    const primary = primaryOf(service);
    const runs = (0,names/* deploymentId */.dP)(primary?.taskDefinition ?? '') === id;
    const replicas = runs ? (primary?.runningCount ?? service.runningCount ?? 0) : 0;
    if (!runs && underWay?.from === id)
        return { status: 'active', raw: 'serves beside its successor', replicas: service.runningCount ?? 0 };
    if (!runs && definition.status !== 'ACTIVE')
        return off(`the task definition is ${definition.status}`);
    if (!runs)
        return off('registered; it runs when traffic is given to it');
    if (isOff(service))
        return off('the service wants 0 tasks');
    const raw = `${service.status} ${primary?.rolloutState ?? ''}`.trim();
    if (primary?.rolloutState === 'FAILED')
        return { status: 'failed', raw, replicas };
    if (primary?.rolloutState === 'IN_PROGRESS')
        return { status: 'deploying', raw, replicas };
    return { status: replicas > 0 ? 'active' : 'unhealthy', raw, replicas };
}
function underWayStatus({ deployment }) {
    const { status = '', lifecycleStage, targetServiceRevision } = deployment;
    const replicas = targetServiceRevision?.runningTaskCount ?? 0;
    const raw = [status, lifecycleStage].filter(Boolean).join(' ');
    if (status.startsWith('ROLLBACK') || status.startsWith('STOP'))
        return { status: 'deactivating', raw, replicas };
    const wanted = targetServiceRevision?.requestedTaskCount ?? 1;
    return { status: replicas >= wanted && wanted > 0 ? 'active' : 'deploying', raw, replicas };
}
function off(raw) {
    return { status: 'inactive', raw, replicas: 0 };
}
function isOff({ desiredCount }) {
    return desiredCount === 0;
}
/** The test listener's, while what is deployed waits behind it. */
async function darkAddress(context, { environment, service, underWay }, id) {
    if (underWay?.to !== id || mannerOf(service).kind !== 'stepped')
        return undefined;
    return addressOf(context, environment, service, 'test');
}
/**
 * A promotion that waits for somebody is given up where AWS took back, meanwhile, what it would go on with. Task by task
 * there is nothing to be taken back before it has traffic.
 */
function describeMark(mark, { underWay, serving, service }, nowMs) {
    const { id, candidate, current, startedAt, run } = mark;
    const isThere = underWay?.to === candidate || serving === candidate || mannerOf(service).kind === 'rolling';
    const owner = ownerOf(mark, nowMs);
    return { id, candidate, current, startedAt, run, owner: owner === 'paused' && !isThere ? 'gone' : owner };
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/verify/capacity.js

/** What AWS says of a service that lacks room: instances, Fargate, addresses in a subnet, or the right to start tasks. */
const LACK = /unable to place|unable to (consistently )?start|failed to launch|unable to assume|insufficient|not enough|no container instance|capacity is unavailable|free addresses|does not exist|was unable to/i;
const STEADY = /has reached a steady state/i;
/** What the service itself says of its tasks before it is deployed to. Nothing stops: it may be why a release is sent. */
function checkCapacity({ service }) {
    const { desiredCount = 0, runningCount = 0 } = service;
    const lacking = lackOf(service);
    return {
        problems: [],
        notes: [
            ...(runningCount < desiredCount ? [`the service runs ${runningCount} of ${desiredCount} tasks now`] : []),
            ...(lacking === undefined ? [] : [`AWS says of the service: ${lacking}`]),
        ],
    };
}
/** The newest event of its kind since the service was last steady. */
function lackOf({ events = [] }) {
    const steadyAt = events.findIndex(({ message = '' }) => STEADY.test(message));
    const since = steadyAt < 0 ? events : events.slice(0, steadyAt);
    const message = since.find(({ message: said = '' }) => LACK.test(said))?.message;
    return message === undefined ? undefined : (0,names/* withoutArns */.Hk)(message);
}

// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/verify/image.js
var verify_image = __webpack_require__(5498);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/verify/log-groups.js
var log_groups = __webpack_require__(2114);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/verify/look.js
var look = __webpack_require__(2676);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/verify/quota-use.js

/** AWS' own codes of the quotas of virtual CPUs that run at once. */
const ON_DEMAND = 'L-3032A538';
const SPOT = 'L-36FBB829';
const UNITS_PER_CPU = 1024;
/** Undefined for a service that is not on Fargate alone, or in one kind of it. */
function fargateUse({ service, shape }) {
    const code = codeOf(service);
    const cpu = cpuOf(shape.cpu);
    if (code === undefined || cpu === undefined)
        return undefined;
    const count = Math.max(service.desiredCount ?? 0, 1);
    const needsPeak = mannerOf(service).kind === 'stepped';
    const percent = needsPeak ? 200 : (service.deploymentConfiguration?.maximumPercent ?? 200);
    return { code, steady: cpu * count, peak: (cpu * count * percent) / 100, needsPeak };
}
function codeOf({ launchType, capacityProviderStrategy: providers = [] }) {
    const kinds = new Set(providers.map(({ capacityProvider }) => capacityProvider));
    if (kinds.size > 1)
        return undefined;
    if (kinds.has('FARGATE_SPOT'))
        return SPOT;
    return kinds.has('FARGATE') || launchType === 'FARGATE' ? ON_DEMAND : undefined;
}
/** `512` and `.5 vCPU` are the same. */
function cpuOf(text) {
    const [, number, unit] = /^\s*(\d*\.?\d+)\s*(vcpu)?\s*$/i.exec(text ?? '') ?? [];
    if (number === undefined)
        return undefined;
    return unit === undefined ? Number(number) / UNITS_PER_CPU : Number(number);
}

// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/verify/secret-references.js
var secret_references = __webpack_require__(1206);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/verify/problems.js
var verify_problems = __webpack_require__(975);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/verify/tag-room.js


/** Tags that AWS lets a resource have; its own do not count. */
const MOST_TAGS = 50;
/** Room for what is kept in the tags of the service: found out in the middle, a promotion could not be settled. */
function checkTagRoom({ service }) {
    const others = Object.keys(tagsOf(service.tags)).filter((key) => !/^(haute|aws):/.test(key)).length;
    const problems = others + OWN_TAGS > MOST_TAGS ? [(0,verify_problems/* tagsFull */.r9)(service.serviceName ?? '', others, MOST_TAGS - OWN_TAGS)] : [];
    return { problems, notes: [] };
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/verify/wiring.js






/**
 * The load balancer sends callers to a container and a port. They may reach the application through another container,
 * which is said; where they reach it directly, the port must be its own.
 */
function checkPorts({ context: { policy, port }, service, shape }) {
    const { name = '', portMappings = [] } = (0,task_definition/* chooseContainer */.d7)(shape, policy.container);
    const ports = portMappings.flatMap(({ containerPort }) => containerPort ?? []);
    const correct = `Let the load balancer send them to port ${port}, or set port in haute.toml to the one that is right`;
    const problems = [];
    const notes = [];
    for (const { containerName, containerPort } of service.loadBalancers ?? []) {
        if (containerName !== name)
            notes.push(`callers come through the container ${containerName}; the release is in ${name}`);
        else if (containerPort !== port)
            problems.push((0,verify_problems/* loadBalancerWrong */.Yb)(`the load balancer sends callers to port ${containerPort}, and the application listens on ${port}`, correct));
    }
    if (ports.length > 0 && !ports.includes(port))
        problems.push((0,verify_problems/* loadBalancerWrong */.Yb)(`the container ${name} opens port ${ports.join(', ')}, and the application listens on ${port}`, 'Map that port in the task definition, or set port in haute.toml to the one that is right'));
    return { problems, notes };
}
/** Target groups that are there, behind a load balancer, and ask for health where the application answers. */
async function checkGroups({ context, service, shape, signal }) {
    const arns = groupsOf(service);
    if (arns.length === 0)
        return look/* NOTHING */.K$;
    const found = await context.aws.ask('its target groups', async ({ elb }, options) => {
        try {
            return await elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeTargetGroupsCommand */.sC7({ TargetGroupArns: [...arns] }), options);
        }
        catch (error) {
            if (/^TargetGroupNotFound(Exception)?$/.test((0,aws_error/* nameOf */.Vb)(error)))
                return undefined;
            throw error;
        }
    }, signal);
    if (!found)
        return { problems: [groupMissing(arns)], notes: [] };
    const problems = [];
    const notes = [];
    for (const { TargetGroupName: name, HealthCheckPath: path, LoadBalancerArns, TargetType } of found.TargetGroups ??
        []) {
        if (LoadBalancerArns?.length === 0)
            notes.push(`the target group ${name} is behind no load balancer now`);
        if (shape.networkMode === 'awsvpc' && TargetType !== undefined && TargetType !== 'ip')
            problems.push((0,verify_problems/* loadBalancerWrong */.Yb)(`the target group ${name} takes targets of type ${TargetType}, and tasks in awsvpc mode are of type ip`, 'Make a target group of type ip, and let the service use it'));
        // A path other than /health may be right, so it is said and stops nothing.
        if (path !== undefined && path !== context.healthPath)
            notes.push(`the health check of target group ${name} asks ${path}; the application answers at ${context.healthPath}`);
    }
    return { problems, notes };
}
/** The rules by which ECS moves traffic: there, and sending callers to this service's target groups alone. */
async function checkRules({ context, service, signal }) {
    const problems = [];
    for (const { targetGroupArn, advancedConfiguration: more } of service.loadBalancers ?? []) {
        const groups = [targetGroupArn, more?.alternateTargetGroupArn];
        for (const [what, arn] of [
            ['production', more?.productionListenerRule],
            ['test', more?.testListenerRule],
        ]) {
            // A network load balancer has listeners and no rules.
            if (!arn?.includes(':listener-rule/'))
                continue;
            const rules = await context.aws.ask(`the ${what} listener rule`, async ({ elb }, options) => {
                try {
                    return (await elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeRulesCommand */.Ggo({ RuleArns: [arn] }), options)).Rules ?? [];
                }
                catch (error) {
                    if (/^RuleNotFound(Exception)?$/.test((0,aws_error/* nameOf */.Vb)(error)))
                        return [];
                    throw error;
                }
            }, signal);
            problems.push(...rulesWrong(what, rules, groups));
        }
        if (more?.testListenerRule !== undefined && more.testListenerRule === more.productionListenerRule)
            problems.push((0,verify_problems/* loadBalancerWrong */.Yb)('the test listener rule is the production listener rule, so that a candidate would have callers at once', 'Give the service a rule of a test listener as testListenerRule'));
    }
    return { problems, notes: [] };
}
function rulesWrong(what, rules, groups) {
    const [rule] = rules;
    const fix = `Let the ${what} listener rule of the service forward to its two target groups, and to nothing else`;
    if (!rule)
        return [(0,verify_problems/* loadBalancerWrong */.Yb)(`the ${what} listener rule of the service is not there`, fix)];
    const to = (rule.Actions ?? []).flatMap(({ TargetGroupArn, ForwardConfig }) => {
        const several = (ForwardConfig?.TargetGroups ?? []).map((each) => each.TargetGroupArn);
        return several.length > 0 ? several : [TargetGroupArn];
    });
    const others = to.filter((arn) => arn !== undefined && !groups.includes(arn));
    if (to.length > 0 && others.length === 0)
        return [];
    const where = others.map((arn) => arn?.split('/').at(-2) ?? (0,names/* shortArn */.k$)(arn ?? '')).join(', ');
    return [
        (0,verify_problems/* loadBalancerWrong */.Yb)(where === ''
            ? `the ${what} listener rule forwards to no target group`
            : `the ${what} listener rule forwards to ${where}, which is none of the service’s target groups`, fix),
    ];
}
function groupsOf({ loadBalancers = [] }) {
    return loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration: more }) => [targetGroupArn, more?.alternateTargetGroupArn].filter((arn) => arn !== undefined));
}
function groupMissing(arns) {
    return (0,verify_problems/* loadBalancerWrong */.Yb)(`of the target groups ${arns.map((arn) => arn.split('/').at(-2)).join(', ')} at least one is not there any more`, 'Create it again, and update the load balancers of the service');
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/verify/verify.js









/**
 * Looks at everything that would keep the tasks of a definition from starting or being reached, before anything is
 * changed. Reads only, and never a secret. The clients of services that are looked at here alone are loaded only when
 * there is something to ask them.
 * @returns what is worth knowing and stops nothing: what could not be looked at, with the permission that is missing
 * @throws ConfigError with everything that is wrong
 */
async function verify(subject) {
    const { signal } = subject;
    const found = await Promise.all([
        checkPorts(subject),
        checkTagRoom(subject),
        checkCapacity(subject),
        (0,look/* orPermission */.H4)('the image', () => (0,verify_image/* checkImage */.cd)(subject)),
        (0,look/* orPermission */.H4)('the log groups', () => (0,log_groups/* checkLogGroups */.f)(subject)),
        (0,look/* orPermission */.H4)('the target groups', () => checkGroups(subject)),
        (0,look/* orPermission */.H4)('the listener rules', () => checkRules(subject)),
        lookAtRoles(subject),
        lookAtSecrets(subject),
        (0,look/* orNote */.G)('the quota of Fargate', signal, (bounded) => lookAtQuota({ ...subject, signal: bounded })),
    ]);
    const { problems, notes } = (0,look/* together */.bs)(found);
    (0,errors/* throwIfAny */.MI)(problems);
    return notes;
}
async function lookAtRoles(subject) {
    const { shape, service } = subject;
    const balancers = (service.loadBalancers ?? []).some(({ advancedConfiguration: each }) => each?.roleArn);
    if (!shape.taskRoleArn && !shape.executionRoleArn && !balancers)
        return look/* NOTHING */.K$;
    const [{ checkRoles }, { checkRights }] = await Promise.all([Promise.all(/* import() */[__webpack_require__.e(764), __webpack_require__.e(829)]).then(__webpack_require__.bind(__webpack_require__, 829)), Promise.all(/* import() */[__webpack_require__.e(764), __webpack_require__.e(76), __webpack_require__.e(68)]).then(__webpack_require__.bind(__webpack_require__, 6068))]);
    return (0,look/* together */.bs)(await Promise.all([checkRoles(subject), checkRights(subject)]));
}
async function lookAtSecrets(subject) {
    const { shape, context } = subject;
    const { secrets, parameters } = (0,secret_references/* referencesOf */.C)(shape, context.place.region);
    const found = await Promise.all([
        secrets.length === 0 ? look/* NOTHING */.K$ : Promise.all(/* import() */[__webpack_require__.e(764), __webpack_require__.e(994), __webpack_require__.e(74)]).then(__webpack_require__.bind(__webpack_require__, 2074)).then(({ checkSecrets }) => checkSecrets(subject, secrets)),
        parameters.length === 0
            ? look/* NOTHING */.K$
            : Promise.all(/* import() */[__webpack_require__.e(764), __webpack_require__.e(736), __webpack_require__.e(311)]).then(__webpack_require__.bind(__webpack_require__, 8311)).then(({ checkParameters }) => checkParameters(subject, parameters)),
    ]);
    return (0,look/* together */.bs)(found);
}
async function lookAtQuota(subject) {
    const use = fargateUse(subject);
    if (!use)
        return look/* NOTHING */.K$;
    const { checkQuota } = await Promise.all(/* import() */[__webpack_require__.e(924), __webpack_require__.e(195)]).then(__webpack_require__.bind(__webpack_require__, 8195));
    return checkQuota(subject, use);
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/create-service.js












/**
 * The service that an environment's would be made from.
 * @throws ConfigError ECS-SERVICE-MISSING where the policy does not allow it, or production has none either
 */
async function modelFor(context, environment, signal) {
    const { policy, place } = context;
    const missing = (0,aws_ecs_errors/* serviceMissing */.WI)(serviceName(context, environment), place.cluster, environment);
    if (environment === 'production' || !policy.create.includes(environment))
        throw missing;
    const service = await findService(context, serviceName(context, 'production'), signal);
    if (!service?.taskDefinition)
        throw missing;
    checkService(service);
    const { url, targetGroup } = (0,aws_ecs_policy/* environmentPolicy */.q)(policy, environment);
    if (url === undefined && targetGroup === undefined)
        throw (0,aws_ecs_errors/* addressUnknown */.VF)(serviceName(context, environment), environment, 'it would be made without a load balancer');
    return { service, task: service.taskDefinition };
}
/**
 * A service in production's shape, with production's network and launch type, and without its load balancer: a target
 * group that two services share would send production's callers to staging.
 */
function serviceLike({ service }, more, balancer) {
    const { capacityProviderStrategy: providers = [], platformVersion, networkConfiguration } = service;
    const { launchType, placementConstraints, placementStrategy, propagateTags, enableECSManagedTags } = service;
    return {
        cluster: more.cluster,
        serviceName: more.name,
        taskDefinition: more.task,
        desiredCount: more.desiredCount,
        deploymentController: { type: 'ECS' },
        deploymentConfiguration: { strategy: 'ROLLING', deploymentCircuitBreaker: { enable: true, rollback: true } },
        ...(providers.length > 0 ? { capacityProviderStrategy: providers } : { launchType }),
        ...(platformVersion !== undefined && launchType === 'FARGATE' && { platformVersion }),
        ...(networkConfiguration && { networkConfiguration }),
        ...(placementConstraints?.length && { placementConstraints }),
        ...(placementStrategy?.length && { placementStrategy }),
        ...(propagateTags && { propagateTags }),
        ...(enableECSManagedTags !== undefined && { enableECSManagedTags }),
        ...(balancer && { loadBalancers: balancer }),
    };
}
/** What {@link verify} finds of a service that is not there, by the one that it would be made from. */
function verifyNew(context, { model, environment, shape, ...more }) {
    const { serviceArn, launchType, capacityProviderStrategy } = model.service;
    const loadBalancers = balancerOf(context, environment, shape) ?? [];
    const service = {
        ...(serviceArn !== undefined && { serviceArn }),
        ...(launchType !== undefined && { launchType }),
        ...(capacityProviderStrategy && { capacityProviderStrategy }),
        loadBalancers,
    };
    return verify({ context, service, shape, ...more });
}
/** Makes the environment's service, with the release as the first that it runs. */
async function createService(context, release, environment, { signal, progress, fresh, autoscaling }) {
    const model = await modelFor(context, environment, signal);
    const running = await readTask(context, model.task, signal);
    const shape = (0,task_definition/* taskFor */.fM)(running.definition, release, context.policy.container);
    const known = fresh ? undefined : await findSame(context, shape, release, [], signal);
    const registers = known === undefined;
    for (const note of await verifyNew(context, { model, environment, shape, release, registers, signal }))
        progress(note);
    const id = known ?? (await registerTask(context, shape, release, running.tags, signal));
    const name = serviceName(context, environment);
    const more = { name, cluster: context.place.cluster, task: id, desiredCount: Math.max(1, autoscaling.min) };
    const answer = await context.aws.ask(`the new service ${name}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* CreateServiceCommand */.JkR(serviceLike(model, more, balancerOf(context, environment, shape))), options), signal);
    progress(`the service ${name} is made for ${(0,release_release/* describeRelease */.NC)(release)}`);
    const deploymentId = (answer.service && primaryOf(answer.service)?.id) ?? '';
    const ours = { serviceName: name, task: id, older: [], deploymentId, arn: undefined, before: undefined };
    try {
        await waitFor(context, ours, { until: 'done' }, { signal, progress });
    }
    catch (error) {
        if (!answer.service || signal.aborted)
            throw error;
        throw (0,aws_ecs_errors/* withCause */.wD)(error, await tellStopped(context, answer.service, id, progress));
    }
    return readDeployment(context, environment, id, signal);
}
/** The definition that a service that is not there would run. */
async function derivedFromModel(context, model, release) {
    const running = await readTask(context, model.task);
    return {
        running: (0,task_definition/* shapeOf */.F5)(running.definition),
        shape: (0,task_definition/* taskFor */.fM)(running.definition, release, context.policy.container),
    };
}
function balancerOf(context, environment, shape) {
    const { targetGroup } = (0,aws_ecs_policy/* environmentPolicy */.q)(context.policy, environment);
    if (targetGroup === undefined)
        return undefined;
    const { name } = (0,task_definition/* chooseContainer */.d7)(shape, context.policy.container);
    return [{ targetGroupArn: targetGroup, containerName: name, containerPort: context.port }];
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/claim.js




/**
 * The tags of the service with this promotion's mark: what route writes before it moves anything.
 * @param holdMs how long nothing may be heard of the promotion before it counts as given up
 * @throws GateFailure PROMOTION-ACTIVE when another promotion holds the service, ENVIRONMENT-MOVED when none does and
 *   it serves something else than the mark says
 */
function claimTags(snapshot, mark, nowMs, holdMs) {
    const { tags, service, serving } = snapshot;
    const name = service.serviceName ?? '';
    const held = readMark(tags);
    const superseded = readSuperseded(tags);
    if (superseded.includes(mark.promotionId))
        throw (0,aws_ecs_errors/* promotionSuperseded */._r)(name, mark.promotionId);
    const isOurs = held?.id === mark.promotionId;
    if (held && !isOurs && !mark.supersede)
        throw (0,aws_ecs_errors/* promotionActive */.qo)(name, held, ownerOf(held, nowMs));
    const serves = readHistory(tags)[0]?.deploymentId;
    if (!held && serves !== mark.current)
        throw (0,aws_ecs_errors/* environmentMoved */.Vc)(name, serves, mark.current);
    const stored = {
        id: mark.promotionId,
        candidate: mark.candidate,
        current: mark.current,
        // What ran when the first of the promotions that hold it began.
        before: held ? held.before : serving === mark.candidate && mark.current === undefined ? undefined : serving,
        startedAt: isOurs ? held.startedAt : iso(nowMs),
        run: mark.run,
        paused: mark.paused,
        until: iso(nowMs + holdMs),
    };
    return { ...markTags(stored), ...(held && !isOurs && supersededTag([...superseded, held.id])) };
}
/**
 * Writes tags to the service, and looks whether the promotion they name is the one that holds it now: of two that write
 * at the same time one sees that it lost.
 * @throws GateFailure PROMOTION-ACTIVE
 */
async function writeClaim(context, snapshot, tags, id) {
    await tagService(context, snapshot, tags);
    const before = readMark(snapshot.tags)?.id;
    const pauses = new Pauses(context, SIGHTINGS);
    for (let look = 1;; look += 1) {
        const held = readMark(await readTags(context, snapshot));
        if (held?.id === id)
            return;
        // AWS may answer with the past for a while: what was there before is no other promotion.
        const isPast = held === undefined || held.id === before;
        if (!isPast)
            throw (0,aws_ecs_errors/* promotionActive */.qo)(snapshot.service.serviceName ?? '', held, ownerOf(held, context.clock.now()));
        if (look === MOST_SIGHTINGS)
            throw (0,aws_ecs_errors/* claimUnseen */.PI)(snapshot.service.serviceName ?? '');
        await pauses.pass(undefined);
    }
}
async function tagService({ aws }, { service }, tags) {
    const { serviceArn: resourceArn = '', serviceName } = service;
    await aws.ask(`the tags of the service ${serviceName}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* TagResourceCommand */.eqU({ resourceArn, tags: tagList(tags) }), options));
}
/** @throws GateFailure PROMOTION-ACTIVE when the service is held by another promotion than this one */
function checkHolder({ tags, service }, promotionId, nowMs) {
    const name = service.serviceName ?? '';
    const held = readMark(tags);
    if (readSuperseded(tags).includes(promotionId))
        throw (0,aws_ecs_errors/* promotionSuperseded */._r)(name, promotionId);
    if (held && held.id !== promotionId)
        throw (0,aws_ecs_errors/* promotionActive */.qo)(name, held, ownerOf(held, nowMs));
}
async function readTags({ aws }, { service }) {
    const { serviceArn: resourceArn = '', serviceName } = service;
    const answer = await aws.ask(`the tags of the service ${serviceName}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* ListTagsForResourceCommand */.a_e({ resourceArn }), options));
    return tagsOf(answer.tags);
}
function iso(ms) {
    return new Date(ms).toISOString();
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/own-configuration.js



const TAG = 'haute:configuration';
const own_configuration_NOTHING = '-';
/** Remembers what a promotion changes of the service's configuration; of several the first, which found it as it is meant. */
async function rememberOwn(context, snapshot) {
    if ((snapshot.tags[TAG] ?? own_configuration_NOTHING) !== own_configuration_NOTHING)
        return;
    const text = rememberConfiguration(snapshot.service.deploymentConfiguration ?? {});
    await tagService(context, snapshot, { [TAG]: text });
}
/** Puts it back. The gates are ours: left at the service they would hold up whoever deploys there next. */
async function restoreOwn(context, snapshot) {
    const { service, tags } = snapshot;
    const text = tags[TAG] ?? own_configuration_NOTHING;
    if (text === own_configuration_NOTHING)
        return;
    const configuration = restoredConfiguration(service.deploymentConfiguration ?? {}, text);
    const { serviceName = '' } = service;
    const { cluster } = context.place;
    if (configuration)
        await context.aws.ask(`the configuration of the service ${serviceName}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* UpdateServiceCommand */.kZr({ cluster, service: serviceName, deploymentConfiguration: configuration }), options));
    await tagService(context, snapshot, { [TAG]: own_configuration_NOTHING });
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/scaling.js


const SERVICE = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' };
const POLICY_NAME = 'haute-cpu';
/**
 * Hands an environment's autoscaling to Application Auto Scaling: the least and most tasks, and a target of CPU
 * utilisation. `concurrency` has no counterpart there: ECS counts no requests in flight.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-ecs.html
 */
async function applyScaling(context, environment, wanted) {
    const ResourceId = resourceOf(context, environment);
    await context.aws.ask(`the autoscaling of ${ResourceId}`, ({ scaling }, options) => scaling.send(new dist_cjs/* RegisterScalableTargetCommand */.Jr({ ...SERVICE, ResourceId, MinCapacity: wanted.min, MaxCapacity: wanted.max }), options));
    await context.aws.ask(`the autoscaling of ${ResourceId}`, ({ scaling }, options) => scaling.send(new dist_cjs/* PutScalingPolicyCommand */.OJ({
        ...SERVICE,
        ResourceId,
        PolicyName: POLICY_NAME,
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: trackingOf(wanted),
    }), options));
}
/** The policy's words as target tracking has them. */
function trackingOf({ utilization, windowMs, scaleDownDelayMs }) {
    return {
        TargetValue: utilization,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        ScaleOutCooldown: Math.round(windowMs / 1000),
        ScaleInCooldown: Math.round(scaleDownDelayMs / 1000),
    };
}
/** Stops autoscaling from starting tasks of a service that is turned off, and lets it do so again. */
async function suspendScaling(context, environment, suspended) {
    const ResourceId = resourceOf(context, environment);
    const { ScalableTargets: found = [] } = await context.aws.ask(`the autoscaling of ${ResourceId}`, ({ scaling }, options) => scaling.send(new dist_cjs/* DescribeScalableTargetsCommand */.sH({ ...SERVICE, ResourceIds: [ResourceId] }), options));
    if (found.length === 0)
        return;
    const SuspendedState = {
        DynamicScalingInSuspended: suspended,
        DynamicScalingOutSuspended: suspended,
        ScheduledScalingSuspended: suspended,
    };
    await context.aws.ask(`the autoscaling of ${ResourceId}`, ({ scaling }, options) => scaling.send(new dist_cjs/* RegisterScalableTargetCommand */.Jr({ ...SERVICE, ResourceId, SuspendedState }), options));
}
function resourceOf(context, environment) {
    return `service/${context.place.cluster.replace(/^.*\//, '')}/${serviceName(context, environment)}`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/take-back.js









/**
 * Leaves the service as it was before a deployment in the dark, and looks that it is.
 * @returns what is to be thrown: why it did not go well with what is known of the cause, or that it could not be taken back
 */
async function takeBack(context, givenUp, { progress }) {
    const { environment, id, cause } = givenUp;
    const quiet = { signal: undefined, progress };
    try {
        const { service } = await readSnapshot(context, environment);
        const known = cause instanceof errors/* Interrupted */.j$ ? undefined : await tellStopped(context, service, id, progress);
        const arn = await findGoing(context, givenUp);
        if (arn !== undefined)
            await rollBack(context, service.serviceName ?? '', arn, quiet);
        const after = await readSnapshot(context, environment);
        checkGone(after, id);
        await restoreOwn(context, after);
        return (0,aws_ecs_errors/* withCause */.wD)(cause, known);
    }
    catch (error) {
        const why = `${(0,errors/* messageOf */.bD)(cause)}; and it could not be taken back: ${(0,errors/* messageOf */.bD)(error)}`;
        return (0,aws_ecs_errors/* deployFailed */.dx)(serviceName(context, environment), why);
    }
}
/**
 * The deployment's ARN while AWS carries it out; undefined once it is over, or where it never began. AWS may not list
 * yet what it began a moment ago: then it is waited for, since what is not found would go on by itself.
 */
async function findGoing(context, { environment, id, begun, cause }) {
    const giveUpAt = context.clock.now() + CONSISTENCY_MS;
    const pauses = new Pauses(context, LOOKS);
    for (;;) {
        const { service, underWay } = await readSnapshot(context, environment);
        if (underWay?.to === id)
            return underWay.arn;
        if (!isListing(service) || (begun === undefined && isRefusal(cause)))
            return undefined;
        const ours = begun && (await findOurs(context, begun));
        if (ours)
            return isOver(ours) ? undefined : ours.arn;
        if (context.clock.now() >= giveUpAt)
            return undefined;
        await pauses.pass(undefined);
    }
}
/** What AWS said no to was not begun. */
function isRefusal(cause) {
    return cause instanceof errors/* ConfigError */.xL || (cause instanceof errors/* ProviderError */.mZ && cause.problem.code === 'AWS-BUSY');
}
/** @throws ProviderError ECS-DEPLOY-FAILED while the candidate is there, or has callers */
function checkGone(snapshot, id) {
    const { underWay, serving, service } = snapshot;
    const { serviceName: name = '' } = service;
    if (underWay?.to === id)
        throw (0,aws_ecs_errors/* deployFailed */.dx)(name, `AWS is still deploying ${id}`);
    if (serving === id)
        throw (0,aws_ecs_errors/* deployFailed */.dx)(name, `it serves ${id} now`);
    if (isSplit(snapshot) && snapshot.halted?.to === id)
        throw (0,aws_ecs_errors/* deployFailed */.dx)(name, `the deployment of ${id} was stopped with callers on it`);
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/deploy.js




















/** For the checks at a stage, over the time that it is soaked and held. */
const MARGIN_MS = 15 * 60_000;
/**
 * A deployment of the release. At a service that moves traffic in steps its tasks are up behind the test listener, with
 * AWS waiting for the word to go on; at any other it is registered, and starts when traffic is given to it.
 */
async function deploy(context, release, environment, options) {
    const { signal, progress } = options;
    if (signal.aborted)
        throw new errors/* Interrupted */.j$();
    const found = await findSnapshot(context, environment, signal);
    if (!found && options.hold)
        throw (0,aws_ecs_errors/* cannotHold */.LU)(serviceName(context, environment));
    if (!found)
        return createService(context, release, environment, options);
    checkService(found.service);
    await checkFree(context, found, release);
    const manner = mannerOf(found.service);
    const { shape, id: known } = await derive(context, found, release, options);
    if (manner.kind === 'rolling')
        checkIdle(found, known);
    const subject = { context, service: found.service, shape, release, registers: known === undefined, signal };
    for (const note of await verify(subject))
        progress(note);
    await addressOf(context, environment, found.service, 'production');
    const id = known ?? (await registerTask(context, shape, release, await inheritedTags(context, found), signal));
    progress(known === undefined
        ? `${id} is registered for ${(0,release_release/* describeRelease */.NC)(release)}`
        : `${known} has ${(0,release_release/* describeRelease */.NC)(release)} already; no new revision is made`);
    // What nobody approved yet changes nothing of what serves.
    if (context.policy.autoscaling && !options.hold)
        await applyScaling(context, environment, options.autoscaling);
    if (manner.kind === 'stepped' && found.serving !== id)
        await darken(context, found, id, options);
    return readDeployment(context, environment, id);
}
/** What would be registered, and the id of a definition that says the same already. */
async function derive(context, snapshot, release, { fresh, signal }) {
    const running = await runningTask(context, snapshot, signal);
    const shape = (0,task_definition/* taskFor */.fM)(running.definition, release, context.policy.container);
    const mark = readMark(snapshot.tags);
    const known = [
        ...(snapshot.serving === undefined ? [] : [snapshot.serving]),
        ...(mark ? [mark.candidate] : []),
        ...readHistory(snapshot.tags).map(({ deploymentId }) => deploymentId),
    ];
    const id = fresh ? undefined : await findSame(context, shape, release, known, signal);
    return { running: (0,task_definition/* shapeOf */.F5)(running.definition), shape, id };
}
function runningTask(context, { serving }, signal) {
    return readTask(context, serving ?? '', signal);
}
async function inheritedTags(context, snapshot) {
    return (await runningTask(context, snapshot)).tags;
}
/** @throws GateFailure PROMOTION-ACTIVE while the service is held for another release */
async function checkFree(context, { tags, service }, release) {
    const mark = readMark(tags);
    const owner = mark && ownerOf(mark, context.clock.now());
    if (!mark || owner === 'gone')
        return;
    const held = await findTask(context, mark.candidate);
    if (held && taggedRelease(tagsOf(held.tags))?.releaseId === release.id)
        return;
    throw (0,aws_ecs_errors/* promotionActive */.qo)(service.serviceName ?? '', mark, owner ?? 'unknown');
}
/** Starts the tasks behind the test listener, or takes up what is there; ended by anything, it is taken back. */
async function darken(context, snapshot, id, options) {
    const { environment, service, underWay } = snapshot;
    const watch = { signal: options.signal, progress: options.progress };
    await addressOf(context, environment, service, 'test');
    if (underWay?.to === id) {
        const isGuarded = waitsAtSteps(underWay.deployment.deploymentConfiguration ?? {});
        if (options.handOff && isGuarded)
            throw (0,aws_ecs_errors/* cannotHandOver */.d6)(id);
        if (!options.handOff && !isGuarded && !hasTraffic(snapshot))
            throw (0,aws_ecs_errors/* stepsUnguarded */.TR)(id);
        options.progress(`AWS is in the middle of deploying ${id}; it is taken up`);
        await waitFor(context, takenUp(snapshot, id), { until: 'dark' }, watch);
        return;
    }
    await checkMayReplace(context, snapshot, options.progress);
    const own = service.deploymentConfiguration ?? {};
    const ramp = options.ramp ?? (0,plan/* rampPlan */._)(0, 1, 0);
    const holdMs = Math.max(context.policy.holdTimeoutMs, ramp.soakMs + ramp.patienceMs + MARGIN_MS);
    context.holds.set(environment, holdMs);
    const { handOff = false, hold = false } = options;
    const approvalMs = hold ? context.policy.approvalTimeoutMs : undefined;
    const configuration = steppedConfiguration(own, ramp, { holdMs, handOff, approvalMs });
    const older = await listDeployments(context, service.serviceName ?? '', undefined, options.signal);
    await rememberOwn(context, snapshot);
    let begun;
    try {
        begun = await begin(context, snapshot, id, configuration, watch, older);
        await waitFor(context, begun, { until: 'dark' }, watch);
    }
    catch (cause) {
        throw await takeBack(context, { environment, id, begun, cause }, watch);
    }
}
/** Task by task there is nothing to take up but our own: the next update would end what somebody else is at. */
function checkIdle({ underWay, service }, id) {
    if (underWay && underWay.to !== id)
        throw (0,aws_ecs_errors/* deploymentActive */.a0)(service.serviceName ?? '', underWay.to);
}
/** Nothing that another one waits for is cut off: only what was left dark and unmarked by a run that is no more. */
async function checkMayReplace(context, snapshot, progress) {
    const { underWay, service, tags } = snapshot;
    if (!underWay)
        return;
    const { serviceName = '' } = service;
    const task = await findTask(context, underWay.to);
    const isOurs = task !== undefined && taggedRelease(tagsOf(task.tags)) !== undefined;
    if (!isOurs || hasTraffic(snapshot) || readMark(tags))
        throw (0,aws_ecs_errors/* deploymentActive */.a0)(serviceName, underWay.to);
    progress(`${underWay.to} was left without traffic by an earlier run; it is replaced`);
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/diff.js

/** Whatever may hold a secret is said to have changed, and not shown. */
const HIDDEN = /(^|\.)(environment|secrets|command|entryPoint|dockerLabels|options|secretOptions|repositoryCredentials|healthCheck|extraHosts)\b/;
const HIDDEN_VALUE = '(hidden)';
const NONE = '(none)';
/** Every field in which two definitions differ, in the order of their names. */
function diffTasks(from, to) {
    const [before, after] = [flat(from), flat(to)];
    const fields = [...new Set([...before.keys(), ...after.keys()])].toSorted();
    return fields.flatMap((field) => {
        const [old, now] = [before.get(field), after.get(field)];
        return old === now ? [] : [{ field, from: shown(field, old), to: shown(field, now) }];
    });
}
/** `containerDefinitions[pricing].image: a -> b`. */
function describeChange({ field, from, to }) {
    return from === HIDDEN_VALUE && to === HIDDEN_VALUE ? `${field} changes (hidden)` : `${field}: ${from} -> ${to}`;
}
function flat(shape) {
    const fields = new Map();
    walk((0,task_definition/* comparable */.Zm)(shape), '', fields);
    return fields;
}
/** Members of a list that have names go by them, so that one more in the middle is one change. */
function walk(value, path, fields) {
    if (typeof value !== 'object' || value === null) {
        fields.set(path, String(value));
        return;
    }
    for (const [key, member] of Object.entries(value)) {
        const name = Array.isArray(value) ? `[${nameOf(member) ?? key}]` : path === '' ? key : `.${key}`;
        walk(member, `${path}${name}`, fields);
    }
}
function nameOf(member) {
    const { name } = (member ?? {});
    return typeof name === 'string' ? name : undefined;
}
function shown(field, value) {
    if (value === undefined)
        return NONE;
    if (field.includes(`[${task_definition/* RELEASE_VARIABLE */.ZF}]`))
        return value;
    return HIDDEN.test(field) ? HIDDEN_VALUE : value;
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/plan.js











/** What deploying the release would change, after everything that can be looked at was looked at. Reads only. */
async function planChanges(context, release, environment) {
    const snapshot = await findSnapshot(context, environment);
    if (!snapshot)
        return planService(context, release, environment);
    const { service } = snapshot;
    checkService(service);
    const { running, shape, id } = await derive(context, snapshot, release, { fresh: false });
    const notes = await verify({ context, service, shape, release, registers: id === undefined, signal: undefined });
    const { url } = await addressOf(context, environment, service, 'production');
    return [
        id === snapshot.serving && id !== undefined
            ? { action: 'keep', subject: subjectOf(snapshot), detail: `serves ${(0,release_release/* describeRelease */.NC)(release)} at ${url} already` }
            : { action: 'update', subject: subjectOf(snapshot), detail: describeMove(context, snapshot) },
        ...planTask(running, shape, id, release),
        ...planCount(context, snapshot),
        ...planScaling(context, environment),
        ...notes.map((detail) => ({ action: 'keep', subject: subjectOf(snapshot), detail })),
    ];
}
async function planService(context, release, environment) {
    const model = await modelFor(context, environment);
    const { running, shape } = await derivedFromModel(context, model, release);
    const name = serviceName(context, environment);
    const notes = await verifyNew(context, { model, environment, shape, release, registers: true, signal: undefined });
    return [
        {
            action: 'create',
            subject: `service ${name}`,
            detail: `in the shape of ${model.service.serviceName}, without its load balancer, for ${(0,release_release/* describeRelease */.NC)(release)}`,
        },
        ...planTask(running, shape, undefined, release),
        ...planScaling(context, environment),
        ...notes.map((detail) => ({ action: 'keep', subject: `service ${name}`, detail })),
    ];
}
function planTask(running, shape, known, release) {
    const changes = diffTasks(running, shape).map(describeChange);
    const differs = changes.length === 0 ? '' : `, which differs from what runs in ${changes.length} fields: ${changes.join('; ')}`;
    return known === undefined
        ? [{ action: 'create', subject: `deployment ${shape.family}:(next)`, detail: `a task definition${differs}` }]
        : [{ action: 'keep', subject: `deployment ${known}`, detail: `has ${(0,release_release/* describeRelease */.NC)(release)} already${differs}` }];
}
/** How traffic gets to the release: said before, so that nobody expects stages where there are none. */
function describeMove(context, { service, environment }) {
    const manner = mannerOf(service);
    const own = service.deploymentConfiguration ?? {};
    if (manner.kind === 'rolling')
        return `all at once, task by task (${manner.why})${hasBreaker(own) ? '' : '; the circuit breaker with rollback is turned on'}`;
    const ramp = environment === 'staging' ? (0,plan/* rampPlan */._)(0, 1, 0) : context.ramp;
    const configuration = steppedConfiguration(own, ramp, { holdMs: context.policy.holdTimeoutMs });
    const minutes = Math.round(context.policy.holdTimeoutMs / 60_000);
    return `by policy as ${describeConfiguration(configuration)}; AWS waits for the checks before each step, and gives all traffic back after ${minutes} min without a word`;
}
function planCount(context, snapshot) {
    const count = wantedCount(context, snapshot);
    if (count === undefined)
        return [];
    return [{ action: 'update', subject: subjectOf(snapshot), detail: `from 0 to ${count} tasks` }];
}
function planScaling({ policy, autoscaling }, environment) {
    if (!policy.autoscaling)
        return [];
    const { min, max, utilization } = autoscaling(environment);
    const detail = `${min} to ${max} tasks at ${utilization} % of their CPU; concurrency has no counterpart in ECS`;
    return [{ action: 'update', subject: `autoscaling of ${environment}`, detail }];
}
function subjectOf({ service }) {
    return `service ${service.serviceName}`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/power.js









/** Ends every task of a service, and remembers how many there were. */
async function turnOff(context, snapshot, watch = SILENT) {
    const { service, environment } = snapshot;
    const { desiredCount = 0 } = service;
    if (desiredCount > 0)
        await tagService(context, snapshot, countTag(desiredCount));
    if (context.policy.autoscaling)
        await suspendScaling(context, environment, true);
    await setCount(context, snapshot, 0, watch);
}
/** Starts as many tasks as there were before the service was turned off, and waits until they run. */
async function turnOn(context, snapshot, watch) {
    const count = wantedCount(context, snapshot);
    if (count === undefined)
        return;
    if (context.policy.autoscaling)
        await suspendScaling(context, snapshot.environment, false);
    await setCount(context, snapshot, count, watch);
    await tagService(context, snapshot, countTag(undefined));
}
async function setCount(context, { service }, desiredCount, watch) {
    const { aws, place, clock, policy } = context;
    const { serviceName = '' } = service;
    await aws.ask(`the number of tasks of ${serviceName}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* UpdateServiceCommand */.kZr({ cluster: place.cluster, service: serviceName, desiredCount }), options));
    const giveUpAt = clock.now() + policy.deployTimeoutMs;
    const pauses = new Pauses(context, LOOKS);
    for (;;) {
        const now = await findService(context, serviceName, watch.signal);
        const running = now?.runningCount ?? 0;
        if (now?.desiredCount === desiredCount && (desiredCount === 0 ? running === 0 : running >= desiredCount))
            return;
        if (clock.now() >= giveUpAt)
            throw (0,aws_ecs_errors/* deployTimeout */.nv)(serviceName, policy.deployTimeoutMs / 60_000, `${running} tasks run, ${desiredCount} are wanted`);
        await pauses.pass(watch.signal);
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/route.js












/** Room for checks, and for a runner that waits its turn, over what AWS itself is told to wait. */
const route_MARGIN_MS = 15 * 60_000;
/** Marks the service as this promotion's, and has its traffic as the weights say. */
async function route(context, environment, weights, mark, watch) {
    await checkWeights(context, weights);
    const snapshot = await readSnapshot(context, environment);
    const { clock, policy, holds } = context;
    const holdMs = (holds.get(environment) ?? policy.holdTimeoutMs) + route_MARGIN_MS;
    try {
        const tags = claimTags(snapshot, mark, clock.now(), holdMs);
        await writeClaim(context, snapshot, tags, mark.promotionId);
        const claimed = { ...snapshot, tags: { ...snapshot.tags, ...tags } };
        if (mark.paused)
            return;
        checkForeign(snapshot, weights, mark);
        await move(context, claimed, weights, watch);
    }
    catch (error) {
        if (isSure(error) || !weights[mark.candidate])
            await dropNeverBegun(context, snapshot, mark, watch);
        throw error;
    }
}
/** True for what says that nothing was begun, or that it is over: after anything else AWS may be at it, not to be seen yet. */
function isSure(error) {
    if (error instanceof errors/* ProviderError */.mZ)
        return error.problem.code === 'ECS-DEPLOY-FAILED';
    return error instanceof errors/* ConfigError */.xL || error instanceof errors/* GateFailure */.In;
}
/**
 * Nobody will settle a promotion that was refused, or whose first word failed before anything was moved: its mark goes
 * now, and what waits in the dark for it, unless another one holds the service. What cannot be dropped ages out.
 * @param before as it was when the route began
 */
async function dropNeverBegun(context, before, mark, watch) {
    if (readMark(before.tags))
        return;
    try {
        const now = await readSnapshot(context, before.environment);
        const held = readMark(now.tags);
        const isOurs = held === undefined || held.id === mark.promotionId;
        if (!isOurs || now.serving !== before.serving || isSplit(now))
            return;
        const { underWay, service } = now;
        if (underWay?.to === mark.candidate) {
            if (hasTraffic(now))
                return;
            const quiet = { ...watch, signal: undefined };
            if ((await rollBack(context, service.serviceName ?? '', underWay.arn, quiet)) !== 'back')
                return;
        }
        await restoreOwn(context, await readSnapshot(context, before.environment));
        if (held)
            await tagService(context, now, NO_MARK);
    }
    catch (error) {
        watch.progress(`what this promotion began could not be dropped, and ends by itself: ${(0,errors/* messageOf */.bD)(error)}`);
    }
}
/**
 * A deployment that somebody else began meanwhile is cut off only to go back: never to hold the service, and never for
 * a release that was not promoted here before.
 */
function checkForeign(snapshot, weights, { candidate, current }) {
    const { underWay, tags, service } = snapshot;
    if (!underWay || underWay.to === candidate)
        return;
    const isFirst = readMark(tags) === undefined;
    const isKept = isFirst && current !== undefined && weights[current] === 100 && candidate !== current;
    const isNew = weights[candidate] === 100 && !readHistory(tags).some(({ deploymentId }) => deploymentId === candidate);
    if (isKept || isNew)
        throw (0,aws_ecs_errors/* deploymentActive */.a0)(service.serviceName ?? '', underWay.to);
}
async function move(context, snapshot, weights, watch) {
    const [[first, percent] = [], ...others] = Object.entries(weights).filter(([, weight]) => weight > 0);
    if (first === undefined)
        return giveBack(context, snapshot, watch);
    if (others.length === 0)
        return moveAll(context, snapshot, first, watch);
    const { underWay } = snapshot;
    const candidate = underWay?.to ?? '';
    const wanted = weights[candidate];
    if (!underWay || wanted === undefined || weights[underWay.from ?? ''] === undefined)
        throw (0,aws_ecs_errors/* badWeights */.Bu)(`AWS is not in the middle of a deployment between ${first} and the other, so ${percent} % cannot be held`);
    const steps = stepsOf(underWay.deployment.deploymentConfiguration ?? {});
    const step = stepFor(wanted, steps);
    if (step === undefined)
        throw (0,aws_ecs_errors/* badWeights */.Bu)(`${wanted} % is none of the steps of this deployment (${steps.join(', ') || 'all at once'})`);
    await lettingGoOn(context, snapshot, candidate, { until: 'percent', percent: step }, watch);
}
/** All traffic to one: let on, taken back or begun, as AWS stands. */
async function moveAll(context, snapshot, id, watch) {
    const { underWay, serving, service } = snapshot;
    const isOff = service.desiredCount === 0;
    // Stepped, it is left at the gate after the last step until the promotion settles: what served before is still there.
    if (underWay?.to === id) {
        const isStepped = mannerOf(service).kind === 'stepped';
        return lettingGoOn(context, snapshot, id, isStepped ? { until: 'percent', percent: 100 } : { until: 'done' }, watch);
    }
    // It has everything, and what else is there waits in the dark.
    if (underWay && serving === id && !hasTraffic(snapshot))
        return;
    if (!underWay && serving === id && !isOff && !isSplit(snapshot)) {
        const { rolloutState } = primaryOf(service) ?? {};
        // Begun a moment ago, and not in AWS' list yet.
        if (rolloutState === 'IN_PROGRESS')
            return lettingGoOn(context, snapshot, id, { until: 'done' }, watch);
        if (rolloutState !== 'FAILED')
            return;
    }
    if (underWay) {
        const rest = await rollBack(context, service.serviceName ?? '', underWay.arn, { ...watch, signal: undefined });
        return finishBack(context, snapshot.environment, id, rest, watch);
    }
    await start(context, snapshot, id, watch);
}
/**
 * After a rollback AWS should run what ran before. Where it came too late, was stopped by others on the way, or ran
 * something else, it is begun anew.
 */
async function finishBack(context, environment, id, rest, watch) {
    const now = await readSnapshot(context, environment);
    if (rest === 'elsewhere' || now.underWay || now.serving !== id || isSplit(now))
        await start(context, now, id, watch);
}
async function start(context, snapshot, id, watch) {
    const own = snapshot.service.deploymentConfiguration ?? {};
    const stepped = mannerOf(snapshot.service).kind === 'stepped';
    if (stepped)
        await rememberOwn(context, snapshot);
    const configuration = stepped ? atOnceConfiguration(own) : rollingConfiguration(own);
    await telling(context, snapshot, id, watch, () => beginAndWait(context, snapshot, id, configuration, { until: 'done' }, watch));
}
async function lettingGoOn(context, snapshot, task, goal, watch) {
    await telling(context, snapshot, task, watch, () => waitFor(context, takenUp(snapshot, task), goal, watch));
}
/** Says why tasks stopped before what went wrong is thrown. */
async function telling(context, { service }, id, watch, work) {
    try {
        await work();
    }
    catch (error) {
        if (error instanceof errors/* Interrupted */.j$)
            throw error;
        throw (0,aws_ecs_errors/* withCause */.wD)(error, await tellStopped(context, service, id, watch.progress));
    }
}
/** As before the first promotion: what ran then, or nothing where nothing did. */
async function giveBack(context, snapshot, watch) {
    const { underWay, serving, environment, service } = snapshot;
    const mark = readMark(snapshot.tags);
    if (!mark)
        return;
    let rest = 'back';
    if (underWay?.to === mark.candidate && hasTraffic(snapshot))
        rest = await rollBack(context, service.serviceName ?? '', underWay.arn, { ...watch, signal: undefined });
    else if (underWay?.to === mark.candidate && serving !== mark.candidate)
        return;
    const now = await readSnapshot(context, environment);
    if (rest === 'back' && now.serving !== mark.candidate && !isSplit(now))
        return;
    if (mark.before === undefined)
        return turnOff(context, now);
    await start(context, now, mark.before, watch);
}
/** @throws ConfigError ECS-WEIGHTS, ECS-DEPLOYMENT-UNKNOWN */
async function checkWeights(context, weights) {
    const given = Object.values(weights);
    if (given.some((weight) => !Number.isInteger(weight) || weight < 0))
        throw (0,aws_ecs_errors/* badWeights */.Bu)('a weight is no whole percent');
    const sum = given.reduce((all, weight) => all + weight, 0);
    if (given.length > 0 && sum !== 100)
        throw (0,aws_ecs_errors/* badWeights */.Bu)(`together they are ${sum}`);
    for (const id of Object.keys(weights)) {
        const task = await findTask(context, id);
        if (!task || !taggedRelease(tagsOf(task.tags)))
            throw (0,aws_ecs_errors/* unknownDeployment */.co)(id);
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/settle.js











/**
 * Ends a promotion: what waits in the dark goes, the service gets its own configuration back, and history, where the
 * promotion made any, and the end of the mark are written in one call.
 * @throws ProviderError ECS-NOT-SETTLED while traffic is elsewhere; GateFailure PROMOTION-ACTIVE
 */
async function settle(context, environment, options) {
    const { keep, outcome, promotionId, evidence } = options;
    const before = await readSnapshot(context, environment);
    checkHolder(before, promotionId, context.clock.now());
    const snapshot = await (outcome === 'reverted' ? withoutCandidate : finished)(context, before);
    checkAll(snapshot, options);
    await restoreOwn(context, snapshot);
    const settledAt = new Date(context.clock.now()).toISOString();
    if (outcome !== 'reverted')
        await tagTask(context, keep, outcome, evidence);
    const history = readHistory(snapshot.tags);
    const written = outcome === 'reverted' ? {} : historyTags(history, { deploymentId: keep, settledAt, evidence });
    await tagService(context, snapshot, { ...written, ...NO_MARK });
}
/** A candidate that never got traffic still has its tasks. */
async function withoutCandidate(context, snapshot) {
    const { underWay, service, environment, tags } = snapshot;
    if (!underWay || underWay.to !== readMark(tags)?.candidate)
        return snapshot;
    await rollBack(context, service.serviceName ?? '', underWay.arn, { signal: undefined, progress: () => undefined });
    return readSnapshot(context, environment);
}
/** With all the traffic on it, AWS is let past the last gate: what served before goes. */
async function finished(context, snapshot) {
    const { underWay, environment } = snapshot;
    if (!underWay || percentOf(underWay.deployment) !== 100)
        return snapshot;
    await waitFor(context, takenUp(snapshot, underWay.to), { until: 'done' }, SILENT);
    return readSnapshot(context, environment);
}
function checkAll(snapshot, { keep, outcome }) {
    const { service, tags, serving } = snapshot;
    const mark = readMark(tags);
    const isEmptyAgain = outcome === 'reverted' && mark?.current === undefined;
    if (isEmptyAgain && (serving !== mark?.candidate || service.desiredCount === 0))
        return;
    const percent = weightsOf(snapshot, [keep])[keep] ?? 0;
    if (percent !== 100 || snapshot.underWay || isSplit(snapshot))
        throw (0,aws_ecs_errors/* notSettled */.TY)(service.serviceName ?? '', keep, percent);
}
async function tagTask(context, id, outcome, evidence) {
    const { definition } = await readTask(context, id);
    const { taskDefinitionArn: resourceArn = '' } = definition;
    const tags = { 'haute:outcome': outcome, ...(evidence !== '' && { 'haute:evidence': evidence }) };
    await context.aws.ask(`the tags of the task definition ${id}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* TagResourceCommand */.eqU({ resourceArn, tags: tagList(tags) }), options));
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/target.js














const YES = { can: true };
/**
 * Releases on Amazon ECS: an environment is a service, a deployment a revision of its task definition. What serves, what
 * served before and who promotes is read from AWS alone: from the service, its deployments and tags.
 */
class EcsTarget {
    id = 'aws-ecs';
    supports = {
        weights: YES,
        darkAddress: YES,
        pause: YES,
        deactivate: YES,
        scaleToZero: { can: false, why: 'a service of ECS that wants no tasks is not woken by a caller' },
        nativeRamp: YES,
        redeploy: YES,
    };
    #context;
    constructor(options) {
        this.#context = ecsContext(options);
    }
    plan(release, environment) {
        return planChanges(this.#context, release, environment);
    }
    deploy(release, environment, options) {
        return deploy(this.#context, release, environment, options);
    }
    async inspect(environment) {
        const snapshot = await findSnapshot(this.#context, environment);
        return snapshot
            ? describeEnvironment(this.#context, snapshot)
            : neverDeployed(environment, this.#context.autoscaling(environment));
    }
    route(environment, weights, mark, watch) {
        const { signal, progress = SILENT.progress } = watch ?? {};
        return route(this.#context, environment, weights, mark, { signal, progress });
    }
    settle(environment, options) {
        return settle(this.#context, environment, options);
    }
    /** A deployment that serves is turned off and on with its service; any other runs nowhere, and starts when it is given traffic. */
    async setActive(deploymentId, active, signal) {
        await this.#known(deploymentId);
        for (const snapshot of await this.#servedBy(deploymentId)) {
            const watch = { signal, progress: SILENT.progress };
            await (active ? turnOn(this.#context, snapshot, watch) : turnOff(this.#context, snapshot, watch));
        }
    }
    async remove(deploymentId) {
        await this.#known(deploymentId);
        const [used] = await this.#usedBy(deploymentId);
        if (used)
            throw (0,aws_ecs_errors/* deploymentInUse */.iW)(deploymentId, `the service ${used.service.serviceName} needs it`);
        await this.#context.aws.ask(`the task definition ${deploymentId}`, ({ ecs }, options) => ecs.send(new client_ecs_dist_cjs/* DeregisterTaskDefinitionCommand */.sjB({ taskDefinition: deploymentId }), options));
        this.#context.tasks.delete(deploymentId);
    }
    async explain(deploymentId) {
        await this.#known(deploymentId);
        const [used] = await this.#usedBy(deploymentId);
        if (used)
            return explain(this.#context, used.service, deploymentId);
        // One that was given up is held by nobody any more, and its tasks are known where it ran.
        for (const { service } of await this.#snapshots()) {
            const explained = await explain(this.#context, service, deploymentId);
            if (explained.reason !== undefined)
                return explained;
        }
        return explain(this.#context, undefined, deploymentId);
    }
    /** @throws ConfigError ECS-DEPLOYMENT-UNKNOWN for what is no deployment of ours */
    async #known(id) {
        const task = (0,names/* isDeploymentId */.Z5)(id) ? await findTask(this.#context, id) : undefined;
        if (!task || !taggedRelease(tagsOf(task.tags)))
            throw (0,aws_ecs_errors/* unknownDeployment */.co)(id);
    }
    async #servedBy(id) {
        return (await this.#snapshots()).filter(({ serving }) => serving === id);
    }
    async #usedBy(id) {
        return (await this.#snapshots()).filter(({ serving, underWay, tags }) => [serving, underWay?.to, readMark(tags)?.candidate].includes(id) || readHistory(tags)[0]?.deploymentId === id);
    }
    /** Of the environments that are known: production, staging, those that the policy names, and those that were looked at. */
    async #snapshots() {
        const { policy, environments } = this.#context;
        const named = [...policy.create, ...Object.keys(policy.environments), ...environments];
        const names = new Set(['production', 'staging', ...named]);
        const found = [];
        for (const name of names) {
            const snapshot = await findSnapshot(this.#context, name);
            if (snapshot)
                found.push(snapshot);
        }
        return found;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/create.js







/** The path that Haute's application answers a health check at. */
const HEALTH_PATH = '/health';
/** The target of a project. Asks nobody anything yet. @throws ConfigError ECS-CONFIG, ECS-POLICY */
function createEcsTarget(project, outside) {
    const { config, policy } = project;
    const { awsEcs, container, modelName } = config.deploy;
    (0,errors/* throwIfAny */.MI)(missing(awsEcs));
    const own = withUrls((0,aws_ecs_policy/* readEcsPolicy */.O)(policy.targets['aws-ecs']), config.ci);
    const { clock, federation, random, redact, userAgent } = outside;
    const { region } = awsEcs;
    const roleArn = (0,aws_ecs_credentials/* roleOf */.kp)(own.role, outside.env, federation);
    const sessionMs = own.roleSessionMs;
    const credentials = roleArn
        ? (0,aws_ecs_credentials/* roleCredentials */.RI)({ roleArn, region, session: modelName, sessionMs, federation, clock })
        : (0,aws_ecs_credentials/* givenCredentials */.mE)(outside.env);
    const { rampMs = release_policy/* DEFAULT_RAMP_MS */.uM, stages, patienceMs } = policy.promotion;
    return new EcsTarget({
        aws: new Aws({ region, endpoint: undefined, credentials, userAgent }),
        place: { ...awsEcs, stagingSuffix: config.ci.stagingSuffix },
        policy: own,
        autoscaling: (environment) => (0,release_policy/* autoscalingOf */.WL)(policy, environment),
        clock,
        random,
        redact,
        healthPath: HEALTH_PATH,
        port: container.port,
        ramp: (0,plan/* rampPlan */._)(rampMs, stages, patienceMs),
    });
}
/** Addresses that haute.toml has already need not be written again. */
function withUrls(policy, urls) {
    const known = { production: urls.productionUrl, staging: urls.stagingUrl };
    const environments = Object.entries(known).map(([name, known]) => {
        const own = (0,aws_ecs_policy/* environmentPolicy */.q)(policy, name);
        return [name, { ...own, url: own.url ?? known?.replace(/\/+$/, '') }];
    });
    return { ...policy, environments: { ...policy.environments, ...Object.fromEntries(environments) } };
}
function missing(place) {
    return ['region', 'cluster', 'service']
        .filter((key) => place[key] === '')
        .map((key) => ({
        code: 'ECS-CONFIG',
        what: `${key} is not set under [deploy.aws-ecs]`,
        fix: `Write the ${key} of the production service there`,
        place: { file: 'haute.toml' },
    }));
}


/***/ }),

/***/ 8790:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $V: () => (/* binding */ serviceInactive),
/* harmony export */   Ak: () => (/* binding */ deploymentUnseen),
/* harmony export */   Bu: () => (/* binding */ badWeights),
/* harmony export */   F9: () => (/* binding */ clusterMissing),
/* harmony export */   KE: () => (/* binding */ scaledToZero),
/* harmony export */   LU: () => (/* binding */ cannotHold),
/* harmony export */   PI: () => (/* binding */ claimUnseen),
/* harmony export */   TR: () => (/* binding */ stepsUnguarded),
/* harmony export */   TY: () => (/* binding */ notSettled),
/* harmony export */   VF: () => (/* binding */ addressUnknown),
/* harmony export */   Vc: () => (/* binding */ environmentMoved),
/* harmony export */   WI: () => (/* binding */ serviceMissing),
/* harmony export */   WY: () => (/* binding */ containerUnclear),
/* harmony export */   _r: () => (/* binding */ promotionSuperseded),
/* harmony export */   a0: () => (/* binding */ deploymentActive),
/* harmony export */   co: () => (/* binding */ unknownDeployment),
/* harmony export */   d6: () => (/* binding */ cannotHandOver),
/* harmony export */   dx: () => (/* binding */ deployFailed),
/* harmony export */   iW: () => (/* binding */ deploymentInUse),
/* harmony export */   jK: () => (/* binding */ deployOvertaken),
/* harmony export */   m6: () => (/* binding */ containerMissing),
/* harmony export */   nv: () => (/* binding */ deployTimeout),
/* harmony export */   qo: () => (/* binding */ promotionActive),
/* harmony export */   s$: () => (/* binding */ wrongArtifact),
/* harmony export */   wD: () => (/* binding */ withCause),
/* harmony export */   x5: () => (/* binding */ foreignController)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7283);

/** The problems that the ECS target reports, in one place so that each is worded once. */
function wrongArtifact(kind) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-ARTIFACT',
        what: `ECS runs images, and this release was built as ${kind}`,
        fix: 'Build it for this target: build-push with target aws-ecs',
    });
}
function containerUnclear(family, names) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-CONTAINER-UNCLEAR',
        what: `the task definition ${family} has ${names.length} containers (${names.join(', ')}), and nothing says which one prices quotes`,
        fix: 'Name it as container under [targets.aws-ecs] in haute.release.toml',
    });
}
function containerMissing(family, name, names) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-CONTAINER-MISSING',
        what: `the task definition ${family} has no container ${name}; it has ${names.join(', ') || 'none'}`,
        fix: 'Correct container under [targets.aws-ecs] in haute.release.toml',
    });
}
function clusterMissing(cluster, region) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-CLUSTER-MISSING',
        what: `there is no cluster ${cluster} in ${region}, or it is not active`,
        fix: 'Correct cluster and region under [deploy.aws-ecs] in haute.toml, and look whether the credentials are of the right account',
    });
}
function serviceMissing(service, cluster, environment) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-SERVICE-MISSING',
        what: `there is no service ${service} in the cluster ${cluster} for the environment ${environment}`,
        fix: `Create it, name another one as service under [targets.aws-ecs.environments.${environment}], or let it be made from production's shape with create = ["${environment}"] under [targets.aws-ecs]`,
    });
}
function serviceInactive(service, status) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-SERVICE-INACTIVE',
        what: `the service ${service} is ${status}: it was deleted, or is being deleted`,
        fix: 'Create it again, or name another one in haute.toml or haute.release.toml',
    });
}
function foreignController(service, controller) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-CONTROLLER',
        what: `the service ${service} is deployed by ${controller}, not by ECS itself`,
        fix: 'Give it the deployment controller ECS (BLUE_GREEN, LINEAR and CANARY are strategies of it), or keep deploying it with what does it now',
    });
}
function scaledToZero(service) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-SCALED-TO-ZERO',
        what: `the service ${service} wants 0 tasks, so a deployment would succeed with nothing that answers`,
        fix: 'Set its desired count to 1 or more, or min in the autoscaling of the environment',
    });
}
function badWeights(why) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-WEIGHTS',
        what: `traffic cannot be split like this: ${why}`,
        fix: 'Give whole percents that add up to 100, in the steps that the promotion began with',
    });
}
function unknownDeployment(id) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-DEPLOYMENT-UNKNOWN',
        what: `${id} is no task definition that was registered for a release`,
        fix: 'Take an id that the history of the environment shows: family:revision',
    });
}
function deploymentInUse(id, why) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-DEPLOYMENT-IN-USE',
        what: `deployment ${id} cannot be deleted: ${why}`,
        fix: 'Promote another release there first',
    });
}
function addressUnknown(service, environment, why) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-ADDRESS-UNKNOWN',
        what: `nobody knows where the service ${service} answers: ${why}`,
        fix: `Write the address that callers use as url under [targets.aws-ecs.environments.${environment}] in haute.release.toml`,
    });
}
function promotionActive(service, mark, owner) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .GateFailure */ .In({
        code: 'PROMOTION-ACTIVE',
        what: `${service} is held by promotion ${mark.id} of ${mark.candidate} (${owner}), begun ${mark.startedAt} by ${mark.run}`,
        fix: 'Wait for it, end it with rollback and the cancel input, or take its place with the supersede input',
    });
}
function promotionSuperseded(service, id) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .GateFailure */ .In({
        code: 'PROMOTION-ACTIVE',
        what: `promotion ${id} of ${service} was taken over by another one, and ends here`,
        fix: 'Look at the run that took it over; nothing is to be done for this one',
    });
}
function environmentMoved(service, serves, expected) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .GateFailure */ .In({
        code: 'ENVIRONMENT-MOVED',
        what: `${service} serves ${serves ?? 'nothing that was promoted'}, not ${expected ?? 'nothing'} as when this promotion began`,
        fix: 'Look at what was promoted meanwhile, then run the step again',
    });
}
function deploymentActive(service, who) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .GateFailure */ .In({
        code: 'ECS-DEPLOYMENT-ACTIVE',
        what: `AWS is in the middle of another deployment of ${service} (${who}), which a second one would cut off`,
        fix: 'Wait until it is over, or end it with rollback and the cancel input',
    });
}
function deployFailed(service, why) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'ECS-DEPLOY-FAILED',
        what: `${service} was not moved: ${why}`,
        fix: 'Mend what is named here; the log of the step has the stopped tasks and their last lines',
    });
}
/** A failure with the first thing that is known of its cause; anything else as it is. */
function withCause(error, cause) {
    if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ) || cause === undefined)
        return error;
    const { problem } = error;
    if (problem.code !== 'ECS-DEPLOY-FAILED' && problem.code !== 'ECS-DEPLOY-TIMEOUT')
        return error;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({ ...problem, what: `${problem.what}; ${cause}` }, { cause: error });
}
function deployOvertaken(service, why) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'ECS-DEPLOY-OVERTAKEN',
        what: `another deployment took the place of this one at ${service}: ${why}`,
        fix: 'Find out who deploys there beside this pipeline (the CloudTrail event UpdateService says who), then run the step again',
    });
}
function deployTimeout(service, minutes, stands) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'ECS-DEPLOY-TIMEOUT',
        what: `${service} was not done within ${minutes} minutes: ${stands}`,
        fix: 'Look at the stopped tasks in the log of the step; give it more time with deploy_timeout under [targets.aws-ecs] if it only is slow',
    });
}
function claimUnseen(service) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'ECS-TAGS-NOT-SEEN',
        what: `the tags of ${service} were written, and AWS does not show them, so nobody knows who holds it`,
        fix: 'Run the step again in a minute',
    }, { retryable: true });
}
function deploymentUnseen(deployment) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'ECS-DEPLOYMENT-NOT-SEEN',
        what: `AWS lists the deployment ${deployment} and does not tell of it, so nobody knows what it is about to run`,
        fix: 'Run the step again in a minute',
    }, { retryable: true });
}
function notSettled(service, keep, percent) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ({
        code: 'ECS-NOT-SETTLED',
        what: `${keep} has ${percent} % of the traffic of ${service}, not all of it, so the promotion is not over`,
        fix: 'Run rollback, which gives all traffic back to what served before',
    });
}
function cannotHandOver(id) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-STEPS-GUARDED',
        what: `the deployment of ${id} that is under way waits before each of its steps, so AWS does not go through them by itself`,
        fix: 'Leave wait at true; the candidate is taken back, and the next run begins anew',
    });
}
function stepsUnguarded(id) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'ECS-STEPS-UNGUARDED',
        what: `the deployment of ${id} that is under way was begun to go through its steps by itself, so AWS would not wait for the checks between them`,
        fix: 'Set wait to false, or begin again without it; the candidate is taken back',
    });
}
function cannotHold(service) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL({
        code: 'UNSUPPORTED',
        what: `the service ${service} is not there yet: it is made with the release, and serves at once`,
        fix: 'Have the release approved before its first promotion to this environment',
    });
}


/***/ }),

/***/ 4569:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Hk: () => (/* binding */ withoutArns),
/* harmony export */   Z5: () => (/* binding */ isDeploymentId),
/* harmony export */   dP: () => (/* binding */ deploymentId),
/* harmony export */   k$: () => (/* binding */ shortArn),
/* harmony export */   z5: () => (/* binding */ serviceOf)
/* harmony export */ });
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5787);

/** Name of an environment's service: production's own, staging's with the suffix, any other with its own name. */
function serviceOf(place, policy, environment) {
    const named = (0,_policy_js__WEBPACK_IMPORTED_MODULE_0__/* .environmentPolicy */ .q)(policy, environment).service;
    if (named !== undefined)
        return named;
    if (environment === 'production')
        return place.service;
    return environment === 'staging' ? `${place.service}${place.stagingSuffix}` : `${place.service}-${environment}`;
}
/**
 * The id of a deployment: `family:revision`, which AWS never gives out twice. Without account and region, so that no
 * host masks it.
 * @param taskDefinition ARN, or the id itself
 */
function deploymentId(taskDefinition) {
    return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1);
}
function isDeploymentId(text) {
    return /^[\w-]{1,255}:[1-9]\d*$/.test(text);
}
/** A text of AWS without the account ids that its ARNs hold: hosts mask those, and a masked line says little. */
function withoutArns(text) {
    return text.replaceAll(/arn:aws[\w-]*:[^\s)]*[/:]([^\s/:)]+)/g, '$1');
}
/** The last part of an ARN, for people. */
function shortArn(arn) {
    return arn.slice(arn.lastIndexOf('/') + 1);
}


/***/ }),

/***/ 2780:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F5: () => (/* binding */ shapeOf),
/* harmony export */   GJ: () => (/* binding */ imageRunBy),
/* harmony export */   ZF: () => (/* binding */ RELEASE_VARIABLE),
/* harmony export */   Zm: () => (/* binding */ comparable),
/* harmony export */   d7: () => (/* binding */ chooseContainer),
/* harmony export */   dT: () => (/* binding */ imageOf),
/* harmony export */   fM: () => (/* binding */ taskFor),
/* harmony export */   yz: () => (/* binding */ isSameTask)
/* harmony export */ });
/* harmony import */ var _release_canonical_json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1809);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8790);


/** A key that RegisterTaskDefinition takes and that is not listed here does not compile. */
const ACCEPTED = {
    family: true,
    taskRoleArn: true,
    executionRoleArn: true,
    networkMode: true,
    containerDefinitions: true,
    volumes: true,
    placementConstraints: true,
    requiresCompatibilities: true,
    cpu: true,
    memory: true,
    pidMode: true,
    ipcMode: true,
    proxyConfiguration: true,
    inferenceAccelerators: true,
    ephemeralStorage: true,
    runtimePlatform: true,
    enableFaultInjection: true,
};
/** Read by the application in the package: what it says of itself on every answer. */
const RELEASE_VARIABLE = 'HAUTE_RELEASE_ID';
/**
 * What is registered for a release: the definition that runs, with the release's image by digest in one container, and
 * the name of the release for the application to say. Everything else stays, empty texts and lists included.
 * @param container name of the container; undefined where there is only one
 * @throws ConfigError ECS-CONTAINER-UNCLEAR, ECS-CONTAINER-MISSING, ECS-ARTIFACT
 */
function taskFor(running, release, container) {
    const shape = shapeOf(running);
    const chosen = chooseContainer(shape, container);
    const image = imageOf(release);
    return {
        ...shape,
        containerDefinitions: (shape.containerDefinitions ?? []).map((each) => each === chosen ? withRelease(each, image, release.id) : each),
    };
}
/** The part of a registered definition that can be registered again. */
function shapeOf(definition) {
    const entries = Object.entries(definition).filter(([key, value]) => key in ACCEPTED && value !== undefined);
    return Object.fromEntries(entries);
}
/** The container that the release's image goes into. */
function chooseContainer(shape, name) {
    const all = shape.containerDefinitions ?? [];
    const names = all.map((each) => each.name ?? '');
    const [only, ...others] = name === undefined ? all : all.filter((each) => each.name === name);
    if (!only)
        throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .containerMissing */ .m6)(shape.family ?? '', name ?? '', names);
    if (others.length > 0)
        throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .containerUnclear */ .WY)(shape.family ?? '', names);
    return only;
}
/** The image by digest: `registry/name@sha256:…`. */
function imageOf({ core: { artifact } }) {
    if (artifact.kind !== 'image')
        throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .wrongArtifact */ .s$)(artifact.kind);
    return `${artifact.name}@${artifact.digest}`;
}
/** The image of the container that was given this release; undefined where none was. */
function imageRunBy({ containerDefinitions }, releaseId) {
    const isOurs = ({ environment }) => environment?.some(({ name, value }) => name === RELEASE_VARIABLE && value === releaseId) ?? false;
    return containerDefinitions?.find(isOurs)?.image;
}
/** True when both run the same: the order of variables, and lists that are empty or not there, make no difference. */
function isSameTask(a, b) {
    return (0,_release_canonical_json_js__WEBPACK_IMPORTED_MODULE_1__/* .canonicalJson */ .d)(comparable(a)) === (0,_release_canonical_json_js__WEBPACK_IMPORTED_MODULE_1__/* .canonicalJson */ .d)(comparable(b));
}
/** A definition as data that can be compared: lists whose order has no meaning sorted, what is empty left out. */
function comparable(value, key = '') {
    if (Array.isArray(value)) {
        const list = value.map((each) => comparable(each));
        return UNORDERED.has(key) ? list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : list;
    }
    if (typeof value !== 'object' || value === null)
        return value;
    const entries = Object.entries(value)
        .map(([name, member]) => [name, comparable(member, name)])
        .filter(([, member]) => !isNothing(member));
    return Object.fromEntries(entries);
}
const UNORDERED = new Set(['environment', 'secrets', 'portMappings', 'requiresCompatibilities', 'systemControls']);
/** An empty text is a value: a variable that is set to nothing. */
function isNothing(value) {
    if (value === undefined || value === null)
        return true;
    return typeof value === 'object' && Object.keys(value).length === 0;
}
function withRelease(container, image, releaseId) {
    const environment = (container.environment ?? []).filter(({ name }) => name !== RELEASE_VARIABLE);
    const secrets = container.secrets?.filter(({ name }) => name !== RELEASE_VARIABLE);
    return {
        ...container,
        image,
        environment: [...environment, { name: RELEASE_VARIABLE, value: releaseId }],
        ...(secrets && { secrets }),
    };
}


/***/ }),

/***/ 5498:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   cd: () => (/* binding */ checkImage),
/* harmony export */   sy: () => (/* binding */ ecrImage)
/* harmony export */ });
/* unused harmony exports platformOf, platformsOf */
/* harmony import */ var _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8249);
/* harmony import */ var _aws_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8595);
/* harmony import */ var _task_definition_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2780);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2676);
/* harmony import */ var _problems_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(975);





const INDEX_TYPES = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
];
const MANIFEST_TYPES = [
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v2+json',
];
/** The parts of `<account>.dkr.ecr.<region>.amazonaws.com/<repository>`; undefined for another registry. */
function ecrImage(name) {
    const [, account, region, repository] = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/(.+)$/.exec(name) ?? [];
    return account && region && repository ? { account, region, repository } : undefined;
}
/** What is wrong with the release's image for this task: not in the registry, or not for its architecture. */
async function checkImage({ context: { aws }, shape, release, signal }) {
    const { artifact } = release.core;
    const place = artifact.kind === 'image' ? ecrImage(artifact.name) : undefined;
    if (artifact.kind !== 'image' || !place)
        return _look_js__WEBPACK_IMPORTED_MODULE_2__/* .NOTHING */ .K$;
    const image = (0,_task_definition_js__WEBPACK_IMPORTED_MODULE_1__/* .imageOf */ .dT)(release);
    const where = `the repository ${place.repository} of account ${place.account} in ${place.region}`;
    const answer = await aws.ask(`the image ${image}`, async (clients, options) => {
        try {
            const command = new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__.BatchGetImageCommand({
                registryId: place.account,
                repositoryName: place.repository,
                imageIds: [{ imageDigest: artifact.digest }],
                acceptedMediaTypes: [...INDEX_TYPES, ...MANIFEST_TYPES],
            });
            return await clients.ecr(place.region).send(command, options);
        }
        catch (error) {
            if (/^(RepositoryNotFoundException|ImageNotFoundException)$/.test((0,_aws_error_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(error)))
                return undefined;
            throw error;
        }
    }, signal);
    const [found] = answer?.images ?? [];
    // A key that may not be used, an upstream that does not answer: nothing is known of the image then.
    const failure = answer?.failures?.find(({ failureCode }) => failureCode !== 'ImageNotFound');
    if (!found && failure)
        return {
            problems: [],
            notes: [`the image could not be looked at: ${failure.failureReason ?? failure.failureCode}`],
        };
    if (!found)
        return { problems: [(0,_problems_js__WEBPACK_IMPORTED_MODULE_4__/* .imageMissing */ .IS)(image, where)], notes: [] };
    const has = platformsOf(found.imageManifest ?? '');
    const wanted = platformOf(shape);
    const problems = has === undefined || has.includes(wanted) ? [] : [(0,_problems_js__WEBPACK_IMPORTED_MODULE_4__/* .wrongArchitecture */ .j7)(image, wanted, has)];
    return { problems, notes: [] };
}
/** `linux/amd64`: what the task runs on; AWS takes that where nothing is said. */
function platformOf({ runtimePlatform }) {
    const os = /^WINDOWS/.test(runtimePlatform?.operatingSystemFamily ?? '') ? 'windows' : 'linux';
    return `${os}/${runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64'}`;
}
/** The platforms of an index; undefined for an image of one platform, whose manifest does not name it. */
function platformsOf(manifest) {
    const { manifests } = (manifest === '' ? {} : JSON.parse(manifest));
    return manifests?.flatMap(({ platform }) => platform?.os && platform.os !== 'unknown' ? [`${platform.os}/${platform.architecture}`] : []);
}


/***/ }),

/***/ 2114:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ neededGroups),
/* harmony export */   f: () => (/* binding */ checkLogGroups)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_cloudwatch_logs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(303);
/* harmony import */ var _problems_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(975);


/** Log groups that are not there although tasks need them to start. */
async function checkLogGroups({ context, shape, signal }) {
    const problems = [];
    for (const group of neededGroups(shape, context.place.region)) {
        const { logGroups = [] } = await context.aws.ask(`the log group ${group}`, ({ logs }, options) => logs.send(new _aws_sdk_client_cloudwatch_logs__WEBPACK_IMPORTED_MODULE_0__/* .DescribeLogGroupsCommand */ .VlF({ logGroupNamePrefix: group, limit: 50 }), options), signal);
        if (!logGroups.some(({ logGroupName }) => logGroupName === group))
            problems.push((0,_problems_js__WEBPACK_IMPORTED_MODULE_1__/* .logGroupMissing */ .O4)(group, context.place.region));
    }
    return { problems, notes: [] };
}
/** Groups of the region that no task makes for itself. */
function neededGroups(shape, region) {
    return new Set((shape.containerDefinitions ?? []).flatMap(({ logConfiguration }) => {
        const options = logConfiguration?.options ?? {};
        const isElsewhere = options['awslogs-region'] !== undefined && options['awslogs-region'] !== region;
        if (logConfiguration?.logDriver !== 'awslogs' || isElsewhere)
            return [];
        return options['awslogs-create-group'] === 'true' ? [] : (options['awslogs-group'] ?? []);
    }));
}


/***/ }),

/***/ 2676:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ orNote),
/* harmony export */   H4: () => (/* binding */ orPermission),
/* harmony export */   K$: () => (/* binding */ NOTHING),
/* harmony export */   bs: () => (/* binding */ together)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7283);

const NOTHING = { problems: [], notes: [] };
/** Longest time for a look at what a deployment could do without. */
const LOOK_MS = 20_000;
function together(findings) {
    return {
        problems: findings.flatMap(({ problems }) => problems),
        notes: findings.flatMap(({ notes }) => notes),
    };
}
/** A look whose lack of a permission is said, and stops nothing. What else goes wrong with it ends the run. */
async function orPermission(what, look) {
    try {
        return await look();
    }
    catch (error) {
        if (!isDenied(error))
            throw error;
        return unseen(what, error.problems[0].what);
    }
}
/**
 * A look at a service of AWS that the deployment itself has no need of: whatever keeps it from being made is said, and
 * stops nothing.
 * @param look given a signal of its own, which also ends what takes too long
 */
async function orNote(what, signal, look) {
    const deadline = AbortSignal.timeout(LOOK_MS);
    try {
        return await look(signal ? AbortSignal.any([signal, deadline]) : deadline);
    }
    catch (error) {
        if (signal?.aborted)
            throw error;
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL)
            return unseen(what, error.problems[0].what);
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ProviderError */ .mZ)
            return unseen(what, error.problem.what);
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Interrupted */ .j$)
            return unseen(what, 'AWS did not answer in time');
        throw error;
    }
}
function isDenied(error) {
    return error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigError */ .xL && error.problems[0].code === 'AWS-ACCESS-DENIED';
}
function unseen(what, why) {
    return { problems: [], notes: [`${what} could not be looked at: ${why}`] };
}


/***/ }),

/***/ 975:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   IS: () => (/* binding */ imageMissing),
/* harmony export */   O4: () => (/* binding */ logGroupMissing),
/* harmony export */   Q: () => (/* binding */ quotaExceeded),
/* harmony export */   RP: () => (/* binding */ roleMissing),
/* harmony export */   Yb: () => (/* binding */ loadBalancerWrong),
/* harmony export */   fl: () => (/* binding */ roleUntrusted),
/* harmony export */   j7: () => (/* binding */ wrongArchitecture),
/* harmony export */   oA: () => (/* binding */ roleNotPassed),
/* harmony export */   r9: () => (/* binding */ tagsFull),
/* harmony export */   zy: () => (/* binding */ secretMissing)
/* harmony export */ });
/** What keeps a release from being deployed, each worded once. */
function imageMissing(image, where) {
    return {
        code: 'ECS-IMAGE-MISSING',
        what: `the image ${image} is not in ${where}`,
        fix: 'Run build-push for this release, and look whether registry in haute.toml has the account and the region that the service pulls from',
    };
}
function wrongArchitecture(image, wanted, has) {
    return {
        code: 'ECS-IMAGE-ARCHITECTURE',
        what: `the image ${image} is for ${has.join(', ') || 'no platform that is known'}, and the task runs on ${wanted}`,
        fix: `Build it for ${wanted}: the platforms input of build-push`,
    };
}
function loadBalancerWrong(what, fix) {
    return { code: 'ECS-LOAD-BALANCER', what, fix };
}
function logGroupMissing(group, region) {
    return {
        code: 'ECS-LOG-GROUP-MISSING',
        what: `the log group ${group}, which the task definition names, is not there in ${region}: no task would start`,
        fix: 'Create it, or set awslogs-create-group in the log options of the container',
    };
}
function secretMissing(what) {
    return {
        code: 'ECS-SECRET-MISSING',
        what: `${what}, and the task definition refers to it: no task would start`,
        fix: 'Create it or give it a value, or correct the reference in the task definition that the service runs',
    };
}
function roleMissing(what) {
    return {
        code: 'ECS-ROLE-MISSING',
        what: `${what}, so that AWS cannot take it`,
        fix: 'Create it in the account of the service, or name another one in the task definition that the service runs',
    };
}
function roleUntrusted(role, taker, why) {
    return {
        code: 'ECS-ROLE-UNTRUSTED',
        what: `the ${role} cannot be taken by ${taker}: ${why}`,
        fix: `Let the trust policy of the role allow sts:AssumeRole to ${taker}`,
    };
}
function roleNotPassed(role, self) {
    return {
        code: 'ECS-ROLE-NOT-PASSED',
        what: `${self} may not pass the role ${role} to ECS tasks, by IAM’s own simulation, so that AWS would refuse the task definition`,
        fix: `Allow iam:PassRole on ${role} in the IAM policy of ${self}, with the condition that it is passed to ecs-tasks.amazonaws.com; docs/aws-ecs.md has the whole policy`,
    };
}
function quotaExceeded(needed, most) {
    return {
        code: 'ECS-QUOTA',
        what: `the account may run ${most} vCPUs of Fargate at once, and a deployment of this service alone needs ${needed}`,
        fix: 'Ask for a higher quota in Service Quotas (AWS Fargate), or give the service fewer or smaller tasks',
    };
}
function tagsFull(service, others, room) {
    return {
        code: 'ECS-TAGS-FULL',
        what: `the service ${service} has ${others} tags of others, and AWS takes 50 in all: what is promoted and who promotes is kept in tags`,
        fix: `Leave at most ${room} tags of your own at the service`,
    };
}


/***/ }),

/***/ 1206:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C: () => (/* binding */ referencesOf)
/* harmony export */ });
/**
 * Everything secret that a task definition refers to: variables, log options and the login at a registry. References,
 * and no values.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
function referencesOf(shape, region) {
    const containers = shape.containerDefinitions ?? [];
    const values = containers.flatMap(({ secrets = [], logConfiguration }) => [...secrets, ...(logConfiguration?.secretOptions ?? [])].flatMap(({ valueFrom }) => valueFrom ?? []));
    const logins = containers.flatMap(({ repositoryCredentials }) => repositoryCredentials?.credentialsParameter ?? []);
    const all = [...new Set(values)];
    const secrets = [
        ...all.filter(isSecret).map((text) => secretOf(text, region)),
        ...[...new Set(logins)].map((text) => secretOf(text, region)),
    ];
    return {
        secrets: unlike(secrets),
        parameters: all.filter((text) => !isSecret(text)).map((text) => parameterOf(text, region)),
    };
}
function isSecret(text) {
    return /^arn:[^:]+:secretsmanager:/.test(text);
}
/** `arn:aws:secretsmanager:region:account:secret:name-AbCdEf:key:stage:version`; a login may be a bare name. */
function secretOf(text, region) {
    if (!isSecret(text))
        return { id: text, region, stage: undefined };
    const parts = text.split(':');
    return { id: parts.slice(0, 7).join(':'), region: parts[3] || region, stage: parts[8] || undefined };
}
function parameterOf(text, region) {
    const [, place, account, name = ''] = /^arn:[^:]+:ssm:([^:]*):([^:]*):parameter\/(.+)$/.exec(text) ?? [];
    if (place === undefined)
        return { names: [text], region, account: undefined };
    return { names: name.includes('/') ? [`/${name}`] : [name, `/${name}`], region: place || region, account };
}
/** Two keys of one secret are one secret. */
function unlike(secrets) {
    return [...new Map(secrets.map((each) => [JSON.stringify(each), each])).values()];
}


/***/ })

};
