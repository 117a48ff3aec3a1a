export const id = 74;
export const ids = [74];
export const modules = {

/***/ 2074:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checkSecrets: () => (/* binding */ checkSecrets)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_secrets_manager__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2994);
/* harmony import */ var _aws_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8595);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2676);
/* harmony import */ var _problems_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(975);




const CURRENT = 'AWSCURRENT';
/** Secrets that are not there, or have no value, so that no task would start. Their values are not read. */
async function checkSecrets(subject, secrets) {
    const found = secrets.map((secret) => (0,_look_js__WEBPACK_IMPORTED_MODULE_1__/* .orNote */ .G)(`the secret ${nameIn(secret.id)}`, subject.signal, (signal) => checkSecret({ ...subject, signal }, secret)));
    return (0,_look_js__WEBPACK_IMPORTED_MODULE_1__/* .together */ .bs)(await Promise.all(found));
}
async function checkSecret({ context, signal }, { id, region, stage }) {
    const name = nameIn(id);
    const found = await context.aws.ask(`the secret ${name}`, async (clients, options) => {
        const client = clients.other(`secrets ${region}`, (config) => new _aws_sdk_client_secrets_manager__WEBPACK_IMPORTED_MODULE_2__/* .SecretsManagerClient */ ._H({ ...config, region }));
        try {
            return await client.send(new _aws_sdk_client_secrets_manager__WEBPACK_IMPORTED_MODULE_2__/* .DescribeSecretCommand */ .X5({ SecretId: id }), options);
        }
        catch (error) {
            if ((0,_aws_error_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(error) === 'ResourceNotFoundException')
                return undefined;
            throw error;
        }
    }, signal);
    const stages = Object.values(found?.VersionIdsToStages ?? {}).flat();
    const wanted = stage ?? CURRENT;
    if (!found)
        return wrong((0,_problems_js__WEBPACK_IMPORTED_MODULE_3__/* .secretMissing */ .zy)(`the secret ${name} is not there in ${region}`));
    if (found.DeletedDate)
        return wrong((0,_problems_js__WEBPACK_IMPORTED_MODULE_3__/* .secretMissing */ .zy)(`the secret ${name} is being deleted`));
    if (!stages.includes(wanted))
        return wrong((0,_problems_js__WEBPACK_IMPORTED_MODULE_3__/* .secretMissing */ .zy)(`the secret ${name} has no value${stage === undefined ? '' : ` in the stage ${stage}`}`));
    return _look_js__WEBPACK_IMPORTED_MODULE_1__/* .NOTHING */ .K$;
}
function wrong(problem) {
    return { problems: [problem], notes: [] };
}
/** Without account, and without the characters that AWS adds: hosts mask the one, people do not know the other. */
function nameIn(id) {
    const [, name] = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id) ?? [];
    return name?.replace(/-\w{6}$/, '') ?? id;
}


/***/ })

};
