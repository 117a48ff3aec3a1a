export const id = 829;
export const ids = [829];
export const modules = {

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


/***/ })

};
