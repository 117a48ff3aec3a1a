export const id = 68;
export const ids = [68,829];
export const modules = {

/***/ 6068:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checkRights: () => (/* binding */ checkRights)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_sts__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(1695);
/* harmony import */ var _names_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4569);
/* harmony import */ var _task_definition_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2780);
/* harmony import */ var _image_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5498);
/* harmony import */ var _log_groups_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(2114);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2676);
/* harmony import */ var _problems_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(975);
/* harmony import */ var _roles_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(829);
/* harmony import */ var _secret_references_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(1206);
/* harmony import */ var _simulate_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(7993);










/**
 * What IAM's simulation says of two that are about to be used: whether this job may hand the roles on to ECS, and
 * whether the execution role may fetch what a task starts with.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
async function checkRights(subject) {
    const { signal, registers } = subject;
    return (0,_look_js__WEBPACK_IMPORTED_MODULE_3__/* .together */ .bs)(await Promise.all([
        registers
            ? (0,_look_js__WEBPACK_IMPORTED_MODULE_3__/* .orNote */ .G)('whether this job may pass the roles', signal, (own) => checkPass({ ...subject, signal: own }))
            : _look_js__WEBPACK_IMPORTED_MODULE_3__/* .NOTHING */ .K$,
        (0,_look_js__WEBPACK_IMPORTED_MODULE_3__/* .orNote */ .G)('what the execution role may do', signal, (own) => checkExecution({ ...subject, signal: own })),
    ]));
}
/** Roles that the caller may not hand to ECS tasks: AWS would refuse the registration. */
async function checkPass(subject) {
    const { context, signal } = subject;
    const roles = (0,_roles_js__WEBPACK_IMPORTED_MODULE_4__.rolesOf)(subject)
        .filter(({ taker }) => taker.startsWith('ecs-tasks.'))
        .map(({ role }) => (0,_simulate_js__WEBPACK_IMPORTED_MODULE_5__/* .roleArn */ .w3)(role, subject));
    const { Arn: caller = '' } = await context.aws.ask('who this job is', (clients, options) => sts(clients).send(new _aws_sdk_client_sts__WEBPACK_IMPORTED_MODULE_6__/* .GetCallerIdentityCommand */ .zI({}), options), signal);
    const self = principalOf(caller);
    if (self === undefined || roles.length === 0)
        return _look_js__WEBPACK_IMPORTED_MODULE_3__/* .NOTHING */ .K$;
    const refused = await (0,_simulate_js__WEBPACK_IMPORTED_MODULE_5__/* .refusals */ .Ke)(subject, self, {
        actions: ['iam:PassRole'],
        resources: roles,
        conditions: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    });
    return { problems: refused.map(({ resource }) => (0,_problems_js__WEBPACK_IMPORTED_MODULE_7__/* .roleNotPassed */ .oA)((0,_names_js__WEBPACK_IMPORTED_MODULE_0__/* .shortArn */ .k$)(resource), (0,_names_js__WEBPACK_IMPORTED_MODULE_0__/* .shortArn */ .k$)(self))), notes: [] };
}
async function checkExecution(subject) {
    const role = (0,_simulate_js__WEBPACK_IMPORTED_MODULE_5__/* .executionRoleOf */ .mu)(subject);
    if (role === undefined)
        return _look_js__WEBPACK_IMPORTED_MODULE_3__/* .NOTHING */ .K$;
    const found = await Promise.all(needsOf(subject).map((need) => (0,_simulate_js__WEBPACK_IMPORTED_MODULE_5__/* .deniedToExecutionRole */ .rI)(subject, role, need)));
    return (0,_look_js__WEBPACK_IMPORTED_MODULE_3__/* .together */ .bs)(found);
}
function needsOf(subject) {
    const { shape, release, context, service } = subject;
    const { region } = context.place;
    const [, partition = 'aws', , , account = ''] = service.serviceArn?.split(':') ?? [];
    const image = (0,_image_js__WEBPACK_IMPORTED_MODULE_2__/* .ecrImage */ .sy)((0,_task_definition_js__WEBPACK_IMPORTED_MODULE_1__/* .imageOf */ .dT)(release).split('@')[0] ?? '');
    const { secrets, parameters } = (0,_secret_references_js__WEBPACK_IMPORTED_MODULE_8__/* .referencesOf */ .C)(shape, region);
    const repository = image && `arn:${partition}:ecr:${image.region}:${image.account}:repository/${image.repository}`;
    const needs = [
        { actions: image ? ['ecr:GetAuthorizationToken'] : [], resources: ['*'] },
        { actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: repository ? [repository] : [] },
        {
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [...(0,_log_groups_js__WEBPACK_IMPORTED_MODULE_9__/* .neededGroups */ .K)(shape, region)].map((group) => `arn:${partition}:logs:${region}:${account}:log-group:${group}:log-stream:haute`),
        },
        {
            actions: ['secretsmanager:GetSecretValue'],
            // An ARN that is cut short names what no policy does.
            resources: secrets.map(({ id }) => id).filter((id) => /^arn:.*-\w{6}$/.test(id)),
        },
        {
            actions: ['ssm:GetParameters'],
            resources: parameters.map((each) => `arn:${partition}:ssm:${each.region}:${each.account ?? account}:parameter/${each.names[0]?.replace(/^\//, '')}`),
        },
        { actions: ['s3:GetObject'], resources: environmentFilesOf(shape) },
        { actions: ['s3:GetBucketLocation'], resources: [...new Set(environmentFilesOf(shape).map(bucketOf))] },
    ];
    return needs.filter(({ actions, resources }) => actions.length > 0 && resources.length > 0);
}
/** The role or user that a caller is; undefined for the root of an account and for federated users. */
function principalOf(caller) {
    const [, head, name] = /^(arn:[^:]+:)sts(?=::)/.test(caller)
        ? (/^(arn:[^:]+:)sts::\d+:assumed-role\/([^/]+)\//.exec(caller) ?? [])
        : [];
    if (head !== undefined)
        return `${head}iam::${caller.split(':')[4]}:role/${name}`;
    return /^arn:[^:]+:iam::\d+:user\//.test(caller) ? caller : undefined;
}
function sts(clients) {
    return clients.other('sts', (config) => new _aws_sdk_client_sts__WEBPACK_IMPORTED_MODULE_6__/* .STSClient */ .iM(config));
}
/** Files of variables that ECS fetches before it starts a container: `arn:aws:s3:::bucket/path/to.env`. */
function environmentFilesOf({ containerDefinitions = [] }) {
    const files = containerDefinitions.flatMap(({ environmentFiles = [] }) => environmentFiles);
    return [...new Set(files.flatMap(({ value }) => value ?? []))];
}
function bucketOf(object) {
    return object.split('/')[0] ?? object;
}


/***/ }),

/***/ 829:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  checkRoles: () => (/* binding */ checkRoles),
  rolesOf: () => (/* binding */ rolesOf)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-iam/dist-cjs/index.js
var dist_cjs = __webpack_require__(6764);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/aws-error.js
var aws_error = __webpack_require__(8595);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/names.js
var names = __webpack_require__(4569);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/verify/look.js
var look = __webpack_require__(2676);
// EXTERNAL MODULE: ./build/compiled/shared/targets/aws-ecs/verify/problems.js
var problems = __webpack_require__(975);
;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/verify/role-trust.js
/** Whether a role lets a service take it, by the document that IAM gives. @param document JSON, not URL-encoded */
function judgeTrust(document, place) {
    const { Statement } = JSON.parse(document);
    const named = list(Statement).filter((each) => role_trust_names(each, place.service));
    const [refused] = named.filter(({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined);
    if (refused)
        return { trusts: false, why: `its trust policy denies ${place.service}` };
    const allowed = named.filter(({ Effect }) => Effect === 'Allow');
    if (allowed.length === 0)
        return { trusts: false, why: `its trust policy does not name ${place.service}` };
    const judged = allowed.map(({ Condition = {} }) => judgeConditions(Condition, place));
    const fitting = judged.flatMap((each) => (each.fits ? [each.unjudged] : []));
    const [first] = fitting.toSorted((a, b) => a.length - b.length);
    if (first)
        return { trusts: true, unjudged: first };
    const why = judged.flatMap((each) => (each.fits ? [] : [each.why])).join('; ');
    return { trusts: false, why: `its trust policy trusts ${place.service} only where ${why}` };
}
function role_trust_names({ Principal, Action }, service) {
    const actions = list(Action).map(String);
    if (!actions.some((action) => /^(sts:AssumeRole|sts:\*|\*)$/i.test(action)))
        return false;
    if (Principal === '*')
        return true;
    const { Service = [] } = (Principal ?? {});
    return list(Service).some((each) => each === service || each === `${service}.cn`);
}
/** The two conditions that ECS documents for its roles are judged; ECS gives both with every task. */
function judgeConditions(conditions, place) {
    const unjudged = [];
    for (const [operator, keys] of Object.entries(conditions)) {
        for (const [key, wanted] of Object.entries(keys)) {
            const fits = judge(operator, key.toLowerCase(), list(wanted).map(String), place);
            if (fits === undefined)
                unjudged.push(key);
            else if (!fits)
                return { fits: false, why: `${key} is ${list(wanted).join(' or ')}` };
        }
    }
    return { fits: true, unjudged };
}
function judge(operator, key, wanted, place) {
    if (!/^(String(Equals|Like)|Arn(Equals|Like))(IfExists)?$/.test(operator))
        return undefined;
    if (key === 'aws:sourceaccount')
        return wanted.some((pattern) => like(place.account, pattern));
    if (key !== 'aws:sourcearn')
        return undefined;
    // Of the ARN, which ECS makes, service, region and account are known.
    return wanted.some((pattern) => {
        const [, , service = '*', region = '*', account = '*'] = pattern.split(':');
        return like('ecs', service) && like(place.region, region) && like(place.account, account);
    });
}
function like(value, pattern) {
    const escaped = pattern
        .replaceAll(/[.+^$()|{}[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.');
    return new RegExp(`^${escaped}$`).test(value);
}
function list(value) {
    if (value === undefined)
        return [];
    return Array.isArray(value) ? value : [value];
}

;// CONCATENATED MODULE: ./build/compiled/shared/targets/aws-ecs/verify/roles.js






const TASKS = 'ecs-tasks.amazonaws.com';
const ECS = 'ecs.amazonaws.com';
/** Roles that are not there, or that AWS may not take: no task would start, or no traffic be moved. */
async function checkRoles(subject) {
    const found = rolesOf(subject).map((each) => (0,look/* orNote */.G)(`the ${each.what} ${(0,names/* shortArn */.k$)(each.role)}`, subject.signal, (signal) => checkRole({ ...subject, signal }, each)));
    return (0,look/* together */.bs)(await Promise.all(found));
}
/** Each role once. */
function rolesOf({ shape, service }) {
    const all = [
        { what: 'execution role', role: shape.executionRoleArn, taker: TASKS },
        { what: 'task role', role: shape.taskRoleArn, taker: TASKS },
        ...(service.loadBalancers ?? []).map(({ advancedConfiguration: each }) => ({
            what: 'role for the load balancer',
            role: each?.roleArn,
            taker: ECS,
        })),
    ].flatMap(({ role, ...more }) => (role ? [{ ...more, role }] : []));
    return [...new Map(all.map((each) => [`${each.role} ${each.taker}`, each])).values()];
}
async function checkRole({ context, service, signal }, { what, role, taker }) {
    const [, , , , account = ''] = service.serviceArn?.split(':') ?? [];
    const name = (0,names/* shortArn */.k$)(role);
    const of = role.split(':')[4];
    if (of !== undefined && account !== '' && of !== account)
        return wrong((0,problems/* roleMissing */.RP)(`the ${what} ${name} is of another account than the service`));
    const found = await context.aws.ask(`the ${what} ${name}`, async (clients, options) => {
        const client = clients.other('iam', (config) => new dist_cjs/* IAMClient */.h8v(config));
        try {
            return await client.send(new dist_cjs/* GetRoleCommand */.kbp({ RoleName: name }), options);
        }
        catch (error) {
            if (/^NoSuchEntity(Exception)?$/.test((0,aws_error/* nameOf */.Vb)(error)))
                return undefined;
            throw error;
        }
    }, signal);
    if (!found?.Role)
        return wrong((0,problems/* roleMissing */.RP)(`the ${what} ${name} is not there`));
    const document = decodeURIComponent(found.Role.AssumeRolePolicyDocument ?? '');
    if (document === '')
        return { problems: [], notes: [`the trust of the ${what} ${name} is not told by AWS`] };
    const trust = judgeTrust(document, { service: taker, account, region: context.place.region });
    if (!trust.trusts)
        return wrong((0,problems/* roleUntrusted */.fl)(`${what} ${name}`, taker, trust.why));
    const notes = trust.unjudged.length === 0
        ? []
        : [`the ${what} ${name} is trusted under conditions that are not looked at: ${trust.unjudged.join(', ')}`];
    return { problems: [], notes };
}
function wrong(problem) {
    return { problems: [problem], notes: [] };
}


/***/ }),

/***/ 7993:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ke: () => (/* binding */ refusals),
/* harmony export */   mu: () => (/* binding */ executionRoleOf),
/* harmony export */   rI: () => (/* binding */ deniedToExecutionRole),
/* harmony export */   w3: () => (/* binding */ roleArn)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_iam__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6764);
/* harmony import */ var _aws_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8595);
/* harmony import */ var _names_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4569);



/** What the simulation denies for sure: with conditions that it was told nothing of, it knows no better than we do. */
async function refusals({ context, signal }, principal, { actions, resources, conditions = {} }) {
    const { EvaluationResults: results = [] } = await context.aws.ask(`the rights of ${(0,_names_js__WEBPACK_IMPORTED_MODULE_1__/* .shortArn */ .k$)(principal)}`, async (clients, options) => {
        const client = clients.other('iam', (config) => new _aws_sdk_client_iam__WEBPACK_IMPORTED_MODULE_2__/* .IAMClient */ .h8v(config));
        const ContextEntries = Object.entries(conditions).map(([ContextKeyName, value]) => ({
            ContextKeyName,
            ContextKeyValues: [value],
            ContextKeyType: 'string',
        }));
        const asked = { PolicySourceArn: principal, ActionNames: [...actions], ResourceArns: [...resources] };
        try {
            return await client.send(new _aws_sdk_client_iam__WEBPACK_IMPORTED_MODULE_2__/* .SimulatePrincipalPolicyCommand */ .kUw({ ...asked, ContextEntries }), options);
        }
        catch (error) {
            // The session of a role with a path does not say the path; a role that is missing is told elsewhere.
            if (/^NoSuchEntity(Exception)?$/.test((0,_aws_error_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(error)))
                return { EvaluationResults: [] };
            throw error;
        }
    }, signal);
    return results.flatMap(({ EvalActionName: action = '', EvalResourceName, EvalDecision, ...more }) => {
        const single = [{ resource: EvalResourceName ?? '*', decision: EvalDecision, missing: more.MissingContextValues }];
        const several = (more.ResourceSpecificResults ?? []).map((each) => ({
            resource: each.EvalResourceName ?? '*',
            decision: each.EvalResourceDecision,
            missing: each.MissingContextValues,
        }));
        return (several.length > 0 ? several : single)
            .filter(({ decision, missing = [] }) => decision !== 'allowed' && missing.length === 0)
            .map(({ resource }) => ({ action, resource }));
    });
}
/** The role by which ECS fetches what a task starts with; undefined where the definition names none. */
function executionRoleOf(subject) {
    const { executionRoleArn } = subject.shape;
    return executionRoleArn ? roleArn(executionRoleArn, subject) : undefined;
}
/**
 * What the execution role is denied of what it needs. Said, and stops nothing: a policy of a repository, a secret or a
 * key may allow what the role's own does not.
 */
async function deniedToExecutionRole(subject, role, need) {
    const known = need.known === undefined ? '' : `, ${need.known}`;
    const notes = (await refusals(subject, role, need)).map(({ action, resource }) => `by IAM’s simulation the execution role ${(0,_names_js__WEBPACK_IMPORTED_MODULE_1__/* .shortArn */ .k$)(role)} may not do ${action} on ${(0,_names_js__WEBPACK_IMPORTED_MODULE_1__/* .shortArn */ .k$)(resource)}${known}, and its tasks may not start`);
    return { problems: [], notes };
}
/** A task definition may name a role without its ARN. */
function roleArn(role, { service }) {
    const [, partition = 'aws', , , account = ''] = service.serviceArn?.split(':') ?? [];
    return role.startsWith('arn:') ? role : `arn:${partition}:iam::${account}:role/${role}`;
}


/***/ })

};
