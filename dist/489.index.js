export const id = 489;
export const ids = [489];
export const modules = {

/***/ 7489:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   gzipMember: () => (/* binding */ gzipMember)
/* harmony export */ });
/* harmony import */ var libdeflate__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4230);

/** Of libdeflate's scale, 1 to 12: smaller than zlib's own at 6, in a third of its time. */
const LEVEL = 5;
/** What its module listens to from its first use on. */
const EVENTS = ['uncaughtException', 'unhandledRejection'];
let isStarted = false;
/** One member of a gzip file. Equal bytes give equal bytes: the compressor is WebAssembly, of one pinned version. */
function gzipMember(piece, level = LEVEL) {
    if (!isStarted)
        start();
    // It copies what it gives out of the memory of WebAssembly.
    return (0,libdeflate__WEBPACK_IMPORTED_MODULE_0__/* .gzip */ .ZI)(piece, level);
}
/** Its listeners would decide how this process ends when something else fails: they are taken away again. */
function start() {
    const before = EVENTS.map((event) => process.rawListeners(event));
    (0,libdeflate__WEBPACK_IMPORTED_MODULE_0__/* .gzip */ .ZI)(new Uint8Array(0), LEVEL);
    for (const [index, event] of EVENTS.entries()) {
        for (const listener of process.rawListeners(event)) {
            if (!before[index]?.includes(listener))
                process.off(event, listener);
        }
    }
    isStarted = true;
}


/***/ })

};
