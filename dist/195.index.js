export const id = 195;
export const ids = [195];
export const modules = {

/***/ 8195:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checkQuota: () => (/* binding */ checkQuota)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_service_quotas__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2924);
/* harmony import */ var _aws_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8595);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2676);
/* harmony import */ var _problems_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(975);




/** Whether the account may run as many virtual CPUs of Fargate as a deployment of this service alone needs. */
async function checkQuota({ context, signal }, use) {
    const answer = await context.aws.ask('the quota of Fargate', async (clients, options) => {
        const client = clients.other('quotas', (config) => new _aws_sdk_client_service_quotas__WEBPACK_IMPORTED_MODULE_2__/* .ServiceQuotasClient */ .iVb(config));
        try {
            const input = { ServiceCode: 'fargate', QuotaCode: use.code };
            return await client.send(new _aws_sdk_client_service_quotas__WEBPACK_IMPORTED_MODULE_2__/* .GetServiceQuotaCommand */ .HSc(input), options);
        }
        catch (error) {
            // Not every region has a value of its own.
            if ((0,_aws_error_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(error) === 'NoSuchResourceException')
                return undefined;
            throw error;
        }
    }, signal);
    const most = answer?.Quota?.Value;
    if (most === undefined)
        return _look_js__WEBPACK_IMPORTED_MODULE_1__/* .NOTHING */ .K$;
    if (use.steady > most || (use.needsPeak && use.peak > most))
        return { problems: [(0,_problems_js__WEBPACK_IMPORTED_MODULE_3__/* .quotaExceeded */ .Q)(Math.max(use.steady, use.needsPeak ? use.peak : 0), most)], notes: [] };
    if (use.peak <= most)
        return _look_js__WEBPACK_IMPORTED_MODULE_1__/* .NOTHING */ .K$;
    const what = `the account may run ${most} vCPUs of Fargate at once, and ${use.peak} are wanted in the middle of a deployment`;
    return { problems: [], notes: [`${what}: it goes on as tasks end`] };
}


/***/ })

};
