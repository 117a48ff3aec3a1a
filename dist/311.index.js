export const id = 311;
export const ids = [311];
export const modules = {

/***/ 8311:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checkParameters: () => (/* binding */ checkParameters)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4736);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2676);
/* harmony import */ var _problems_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(975);
/* harmony import */ var _secret_keys_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6284);




/** Names that one question of AWS may have. */
const MOST_NAMES = 50;
/** Parameters that are not there, so that no task would start. What they are is described, and no value is read. */
async function checkParameters(subject, parameters) {
    const own = subject.service.serviceArn?.split(':')[4];
    const [foreign, ours] = split(parameters, ({ account }) => account !== undefined && account !== own);
    const regions = [...new Set(ours.map(({ region }) => region))];
    const found = regions.map((region) => (0,_look_js__WEBPACK_IMPORTED_MODULE_0__/* .orNote */ .G)('the parameters of Systems Manager', subject.signal, (signal) => checkRegion({ ...subject, signal }, region, ours.filter((each) => each.region === region))));
    const notes = foreign.map(({ names: [name] }) => `the parameter ${name} is another account’s, and is not looked at`);
    return (0,_look_js__WEBPACK_IMPORTED_MODULE_0__/* .together */ .bs)([{ problems: [], notes }, ...(await Promise.all(found))]);
}
async function checkRegion(subject, region, parameters) {
    const { context, service, signal } = subject;
    const names = parameters.flatMap((each) => each.names);
    const known = new Map();
    for (let from = 0; from < names.length; from += MOST_NAMES) {
        const Values = names.slice(from, from + MOST_NAMES);
        let NextToken;
        do {
            const answer = await context.aws.ask('the parameters of the task definition', (clients, options) => {
                const client = clients.other(`ssm ${region}`, (config) => new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_2__/* .SSMClient */ .jBj({ ...config, region }));
                const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values }];
                const input = { ParameterFilters, MaxResults: MOST_NAMES, ...(NextToken && { NextToken }) };
                return client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_2__/* .DescribeParametersCommand */ .$hz(input), options);
            }, signal);
            for (const { Name = '', KeyId } of answer.Parameters ?? [])
                known.set(Name, KeyId);
            NextToken = answer.NextToken;
        } while (NextToken !== undefined);
    }
    const missing = parameters.filter((each) => !each.names.some((name) => known.has(name)));
    const account = service.serviceArn?.split(':')[4] ?? '';
    const keys = [...known].map(([name, key]) => (0,_secret_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .checkKey */ .y)(subject, { what: `the parameter ${name}`, key, region, account, via: 'ssm' }));
    const problems = missing.map(({ names: [name] }) => (0,_problems_js__WEBPACK_IMPORTED_MODULE_3__/* .secretMissing */ .zy)(`the parameter ${name} is not there in ${region}`));
    return (0,_look_js__WEBPACK_IMPORTED_MODULE_0__/* .together */ .bs)([{ problems, notes: [] }, ...(await Promise.all(keys))]);
}
function split(all, test) {
    return [all.filter(test), all.filter((each) => !test(each))];
}


/***/ }),

/***/ 6284:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   y: () => (/* binding */ checkKey)
/* harmony export */ });
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2676);
/* harmony import */ var _simulate_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7993);


/**
 * Whether the execution role may decrypt a secret, by its own policies: with a key of the customer's it takes a right
 * of its own. AWS' own keys take none.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
async function checkKey(subject, encrypted) {
    const { what, key, region, via } = encrypted;
    const role = (0,_simulate_js__WEBPACK_IMPORTED_MODULE_1__/* .executionRoleOf */ .mu)(subject);
    if (role === undefined || key === undefined || isOfAws(key))
        return _look_js__WEBPACK_IMPORTED_MODULE_0__/* .NOTHING */ .K$;
    const resource = keyArn(subject, encrypted, key);
    if (resource === undefined)
        return {
            problems: [],
            notes: [`whether ${what} can be decrypted is not looked at: ${key} is an alias of its key`],
        };
    const conditions = { 'kms:ViaService': `${via}.${region}.amazonaws.com` };
    return (0,_look_js__WEBPACK_IMPORTED_MODULE_0__/* .orNote */ .G)(`whether ${what} can be decrypted`, subject.signal, (signal) => (0,_simulate_js__WEBPACK_IMPORTED_MODULE_1__/* .deniedToExecutionRole */ .rI)({ ...subject, signal }, role, {
        actions: ['kms:Decrypt'],
        resources: [resource],
        known: `the key of ${what}`,
        conditions,
    }));
}
/** The key that AWS keeps in the account for one of its services. */
function isOfAws(key) {
    return /(?:^|:)alias\/aws\//.test(key);
}
/** Undefined for an alias: which key it stands for can change, and only KMS knows. */
function keyArn({ service }, { region, account }, key) {
    if (/(?:^|:)alias\//.test(key))
        return undefined;
    const [, partition = 'aws'] = service.serviceArn?.split(':') ?? [];
    return key.startsWith('arn:') ? key : `arn:${partition}:kms:${region}:${account}:key/${key}`;
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
