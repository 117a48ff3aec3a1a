export const id = 311;
export const ids = [311];
export const modules = {

/***/ 8311:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checkParameters: () => (/* binding */ checkParameters)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4736);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2676);
/* harmony import */ var _problems_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(975);



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
async function checkRegion({ context, signal }, region, parameters) {
    const names = parameters.flatMap((each) => each.names);
    const known = new Set();
    for (let from = 0; from < names.length; from += MOST_NAMES) {
        const Values = names.slice(from, from + MOST_NAMES);
        let NextToken;
        do {
            const answer = await context.aws.ask('the parameters of the task definition', (clients, options) => {
                const client = clients.other(`ssm ${region}`, (config) => new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_1__/* .SSMClient */ .jBj({ ...config, region }));
                const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values }];
                const input = { ParameterFilters, MaxResults: MOST_NAMES, ...(NextToken && { NextToken }) };
                return client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_1__/* .DescribeParametersCommand */ .$hz(input), options);
            }, signal);
            for (const { Name = '' } of answer.Parameters ?? [])
                known.add(Name);
            NextToken = answer.NextToken;
        } while (NextToken !== undefined);
    }
    const missing = parameters.filter((each) => !each.names.some((name) => known.has(name)));
    if (missing.length === 0)
        return _look_js__WEBPACK_IMPORTED_MODULE_0__/* .NOTHING */ .K$;
    return {
        problems: missing.map(({ names: [name] }) => (0,_problems_js__WEBPACK_IMPORTED_MODULE_2__/* .secretMissing */ .zy)(`the parameter ${name} is not there in ${region}`)),
        notes: [],
    };
}
function split(all, test) {
    return [all.filter(test), all.filter((each) => !test(each))];
}


/***/ })

};
