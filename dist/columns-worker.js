import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:worker_threads"
const external_node_worker_threads_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");
;// CONCATENATED MODULE: ./build/compiled/shared/impact/drift/distribution.js
/** Parts that a column of numbers is cut into, each with about as many rows. */
const MOST_BANDS = 10;
/** Categories that are told apart; the rest are counted together. */
const MOST_CATEGORIES = 20;
/** The columns that segments are made of. */
function countColumns(columns) {
    return columns
        .filter(({ dropped }) => dropped === undefined)
        .map((column) => {
        const { values } = column;
        const byCode = column.rowsByCode();
        const met = values.flatMap((value, code) => byCode[code] === 0 ? [] : [[value, byCode[code]]]);
        return { column, counts: new Map(met) };
    });
}
/** The distribution of each column over all rows of the book. */
function distributionsOf(columns) {
    return columns.map(({ column, counts }) => {
        const empty = counts.get(null) ?? 0;
        const values = [...counts].filter(([value]) => value !== null);
        if (column.isNumeric) {
            const bins = bands(values);
            return { column: column.name, kind: 'numbers', empty, other: 0, bins };
        }
        const all = values.reduce((sum, [, rows]) => sum + rows, 0);
        const bins = categories(values);
        const other = all - bins.reduce((sum, { rows }) => sum + rows, 0);
        return { column: column.name, kind: 'texts', empty, other, bins };
    });
}
/** Neighbouring values together until a band holds its share of the rows. */
function bands(counts) {
    const sorted = counts.toSorted(([a], [b]) => a - b);
    const total = sorted.reduce((sum, [, rows]) => sum + rows, 0);
    const bins = [];
    let before = 0;
    let closed = true;
    for (const [value, rows] of sorted) {
        const last = bins.at(-1);
        if (closed || last === undefined)
            bins.push({ low: value, high: value, rows });
        else
            Object.assign(last, { high: value, rows: last.rows + rows });
        before += rows;
        closed = before * MOST_BANDS >= bins.length * total;
    }
    return bins;
}
function categories(counts) {
    return counts
        .toSorted(([a, rowsA], [b, rowsB]) => rowsB - rowsA || (a < b ? -1 : 1))
        .slice(0, MOST_CATEGORIES)
        .map(([value, rows]) => ({ low: value, high: value, rows }));
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/drift/drift.js
/** Least share of rows that a bin is taken to have: the logarithm of nothing is not a number. */
const LEAST_SHARE = 0.0001;
/** Every column of either run, those that moved most first. */
function driftOf(columns, before) {
    const now = columns.map(({ column: { name, isNumeric }, counts }) => {
        const earlier = before.find(({ column }) => column === name);
        if (earlier === undefined)
            return { column: name, psi: undefined, what: 'new' };
        if ((earlier.kind === 'numbers') !== isNumeric)
            return { column: name, psi: undefined, what: 'other-kind' };
        return { column: name, psi: psi(rowsOf(earlier), binned(counts, earlier)), what: 'compared' };
    });
    const gone = before
        .filter(({ column: gone }) => !columns.some(({ column }) => column.name === gone))
        .map(({ column }) => ({ column, psi: undefined, what: 'gone' }));
    return [...now, ...gone].sort((a, b) => (b.psi ?? Number.POSITIVE_INFINITY) - (a.psi ?? Number.POSITIVE_INFINITY) || (a.column < b.column ? -1 : 1));
}
/**
 * Population stability index: the sum over bins of (now - before) x ln(now / before), of shares of rows. 0 is no
 * change; over 0.1 is usually called a shift, over 0.25 a large one. A share below 0.01 % counts as 0.01 %.
 * @see N. Siddiqi, Credit Risk Scorecards, Wiley 2006, chapter 9
 * @param before rows by bin
 * @param now rows of the other run in the same bins
 */
function psi(before, now) {
    const totals = [before, now].map((rows) => rows.reduce((sum, each) => sum + each, 0));
    return before.reduce((sum, rows, bin) => {
        const [was, is] = [rows / (totals[0] || 1), (now[bin] ?? 0) / (totals[1] || 1)].map((share) => Math.max(share, LEAST_SHARE));
        return sum + (is - was) * Math.log(is / was);
    }, 0);
}
function rowsOf({ bins, empty, other }) {
    return [...bins.map(({ rows }) => rows), empty, other];
}
/** Rows of a column in the bins of an earlier run; what lies beyond these is in the outermost, or among the others. */
function binned(counts, { bins, kind }) {
    const counted = Array.from({ length: bins.length + 2 }, () => 0);
    for (const [value, count] of counts) {
        const at = value === null ? bins.length : binOf(value);
        counted[at] = counted[at] + count;
    }
    return counted;
    function binOf(value) {
        const found = bins.findIndex(({ low, high }) => (kind === 'numbers' ? value <= high : value === low));
        if (found >= 0)
            return found;
        return kind === 'numbers' && bins.length > 0 ? bins.length - 1 : bins.length + 1;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/figures/changes.js
/** Two values closer than this are the same, in the unit of the column: no currency has so small a coin. */
const SAME = 1e-6;
/** Two values closer than this share of the larger one are the same: what rounding in another order of steps may do. */
const SAME_SHARE = 1e-9;
/** Rows of the book that a part of the changes is of, or fewer at its end. Pages hold whole parts. */
const PART_ROWS = 16_384;
/**
 * Change in percent: 100 x (new - old) / |old|. A premium of 100 that becomes 95 has changed by -5 %; the sign is that
 * of the difference also where the old value is negative.
 * @returns NaN for an old value of 0 (or so near to it that the result is no number): a zero baseline has no percentage
 */
function changePct(oldValue, newValue) {
    const pct = (100 * (newValue - oldValue)) / Math.abs(oldValue) + 0;
    return Number.isFinite(pct) ? pct : Number.NaN;
}
/** True where two values differ by more than rounding: by over 1e-6 and by over 1e-9 of the larger one. */
function isChanged(oldValue, newValue) {
    const difference = Math.abs(newValue - oldValue);
    return difference > SAME && difference > SAME_SHARE * Math.max(Math.abs(oldValue), Math.abs(newValue));
}
/**
 * @param scored rows that both sides answered
 * @param bookRows rows of the book
 * @param readers are shown all changes while these are counted, which saves reading the book again
 */
function changesOf(column, scored, bookRows, readers = []) {
    const parts = () => partsOf(column, scored, bookRows, { staging: 0, production: 0 });
    const only = { staging: 0, production: 0 };
    let [count, measured] = [0, 0];
    for (const part of partsOf(column, scored, bookRows, only)) {
        count += part.rows.length;
        measured += part.measured;
        for (const reader of readers)
            reader.read(part);
    }
    return { column, count, measured, onlyStaging: only.staging, onlyProduction: only.production, parts };
}
/** @param only counts scored rows that have a number on one side only */
function* partsOf({ staging, production }, scored, bookRows, only) {
    const rows = new Uint32Array(PART_ROWS);
    const [before, after, pct] = [0, 1, 2].map(() => new Float64Array(PART_ROWS));
    for (let first = 0; first < bookRows; first += PART_ROWS) {
        const length = Math.min(PART_ROWS, bookRows - first);
        production.read(first, before.subarray(0, length));
        staging.read(first, after.subarray(0, length));
        let count = 0;
        let measured = 0;
        for (let index = 0; index < length; index++) {
            if (!scored.has(first + index))
                continue;
            const old = before[index];
            const now = after[index];
            const isPair = Number.isFinite(old) && Number.isFinite(now);
            if (!isPair) {
                if (Number.isFinite(now))
                    only.staging += 1;
                if (Number.isFinite(old))
                    only.production += 1;
                continue;
            }
            const change = changePct(old, now);
            if (!Number.isNaN(change))
                measured += 1;
            rows[count] = first + index;
            before[count] = old;
            after[count] = now;
            pct[count++] = change;
        }
        yield {
            rows: rows.subarray(0, count),
            before: before.subarray(0, count),
            after: after.subarray(0, count),
            pct: pct.subarray(0, count),
            measured,
        };
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/book/book.js
/** How a row went on one side. Two bits of its status. */
const ANSWERED = 0;
const FAILED = 1;
/** No answer carried the row's key. */
const NO_ANSWER = 2;
/** Bits of a row's status beside those of its two sides. */
const NO_KEY = (/* unused pure expression or super */ null && (1 << 4));
const REPEATED_KEY = (/* unused pure expression or super */ null && (1 << 5));
const SHIFT = { staging: 0, production: 2 };
function sideStatus(status, side) {
    return (status >> SHIFT[side]) & 3;
}
function statusOf(staging, production, more = 0) {
    return (staging << SHIFT.staging) | (production << SHIFT.production) | more;
}
/** How a row is named to people: by its key, or by its number from 1 where there is none. */
function rowName(book, row) {
    return book.keys?.at(row) ?? `#${row + 1}`;
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/numbers/exact-sum.js
/**
 * A sum of doubles that is the exact sum rounded once: the same whatever the order of the values, so that shards, batch
 * sizes and the order of answers cannot show in a figure. Holds the running sum as a few doubles that do not overlap;
 * three are enough for nearly all values, and what is left beyond them goes into a list.
 * @see J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates, Discrete &
 *   Computational Geometry 18 (1997), 305-363; https://people.eecs.berkeley.edu/~jrs/papers/robustr.pdf
 */
class ExactSum {
    /** The largest part first. */
    #front = new Float64Array(3);
    #rest = [];
    add(value) {
        const front = this.#front;
        const a = front[0];
        const sum = a + value;
        const lost = errorOf(a, value, sum);
        if (lost !== 0) {
            const b = front[1];
            const sum2 = b + lost;
            const lost2 = errorOf(b, lost, sum2);
            if (lost2 !== 0) {
                const c = front[2];
                const sum3 = c + lost2;
                const lost3 = errorOf(c, lost2, sum3);
                if (lost3 !== 0)
                    addTo(this.#rest, lost3);
                front[2] = sum3;
            }
            front[1] = sum2;
        }
        front[0] = sum;
    }
    /** The sum, rounded to the nearest double, ties to even. Zero for nothing. */
    get value() {
        const parts = [...this.#rest];
        for (const value of this.#front)
            addTo(parts, value);
        let at = parts.length - 1;
        let sum = parts[at] ?? 0;
        let rest = 0;
        while (at > 0 && rest === 0) {
            const part = parts[--at];
            const before = sum;
            sum = before + part;
            rest = part - (sum - before);
        }
        return tieToEven(sum, rest, parts[at - 1] ?? 0);
    }
}
/** What rounding took from a sum of two, exactly. */
function errorOf(a, b, sum) {
    const part = sum - a;
    return a - (sum - part) + (b - part);
}
/** Adds a value to parts that do not overlap, the smallest first. */
function addTo(parts, value) {
    let sum = value;
    let kept = 0;
    for (const part of parts) {
        const next = sum + part;
        const rest = errorOf(sum, part, next);
        sum = next;
        if (rest !== 0)
            parts[kept++] = rest;
    }
    parts[kept++] = sum;
    parts.length = kept;
}
/** What lies below half a unit in the last place decides which way an exact half goes. */
function tieToEven(sum, rest, below) {
    if (rest * below <= 0)
        return sum;
    const double = rest * 2;
    const up = sum + double;
    return up - sum === double ? up : sum;
}
/** The exact sum of the values. */
function exactSum(values) {
    const sum = new ExactSum();
    for (const value of values)
        sum.add(value);
    return sum.value;
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/figures/output-figures.js



/** What the changes that it reads add up to. */
class ChangeTotals {
    #pct = new ExactSum();
    #staging = new ExactSum();
    #production = new ExactSum();
    #extremes = new Extremes();
    #changed = 0;
    #increased = 0;
    #zeroBaseline = 0;
    #zeroBaselineChanged = 0;
    read({ rows, before, after, pct }) {
        for (let index = 0; index < rows.length; index++) {
            const old = before[index];
            const now = after[index];
            const value = pct[index];
            this.#production.add(old);
            this.#staging.add(now);
            const isZero = Number.isNaN(value);
            if (isZero)
                this.#zeroBaseline += 1;
            else {
                this.#pct.add(value);
                this.#extremes.look(rows[index], value, old, now);
            }
            if (!isChanged(old, now))
                continue;
            this.#changed += 1;
            if (isZero)
                this.#zeroBaselineChanged += 1;
            if (now > old)
                this.#increased += 1;
        }
    }
    /** What segments are seen against. */
    whole({ measured }) {
        const meanChangePct = measured === 0 ? undefined : this.#pct.value / measured;
        return { meanChangePct, productionTotal: this.#production.value };
    }
    figures(book, changes, spread) {
        const { column, count, onlyStaging, onlyProduction } = changes;
        return {
            name: column.name,
            rows: count,
            changed: this.#changed,
            increased: this.#increased,
            decreased: this.#changed - this.#increased,
            zeroBaseline: this.#zeroBaseline,
            zeroBaselineChanged: this.#zeroBaselineChanged,
            ...this.whole(changes),
            spread,
            ...this.#extremes.named(book),
            ...totals(this.#staging.value, this.#production.value, count),
            onlyStaging,
            onlyProduction,
        };
    }
}
function totals(staging, production, rows) {
    const pct = changePct(production, staging);
    return {
        stagingMean: rows === 0 ? undefined : staging / rows,
        productionMean: rows === 0 ? undefined : production / rows,
        stagingTotal: staging,
        productionTotal: production,
        totalChange: staging - production,
        totalChangePct: Number.isNaN(pct) ? undefined : pct,
    };
}
/** The largest and the smallest change of the rows that were shown to it; of equal ones the first. */
class Extremes {
    #highest;
    #lowest;
    #most = Number.NEGATIVE_INFINITY;
    #least = Number.POSITIVE_INFINITY;
    look(row, pct, production, staging) {
        if (pct > this.#most) {
            this.#most = pct;
            this.#highest = { row, pct, production, staging };
        }
        if (pct < this.#least) {
            this.#least = pct;
            this.#lowest = { row, pct, production, staging };
        }
    }
    named(book) {
        const name = (edge) => edge && { ...edge, row: rowName(book, edge.row) };
        return { highest: name(this.#highest), lowest: name(this.#lowest) };
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/errors.js
/**
 * The four ways a run can end badly. Every error carries a code (a heading of docs/errors.md), what happened, and
 * what to do. One place (`shared/steps/run-step.ts`) turns them into the host's failure and exit code.
 */
/** The user's file or input is wrong. All problems found are carried together. Exit code 2. */
class errors_ConfigError extends Error {
    name = 'ConfigError';
    problems;
    constructor(problem, ...more) {
        super([problem, ...more].map(describeProblem).join('\n'));
        this.problems = [problem, ...more];
    }
}
/** The product worked and said no: a failed quote, a gate, a refused approval. Exit code 1. */
class GateFailure extends Error {
    name = 'GateFailure';
    problem;
    constructor(problem) {
        super(describeProblem(problem));
        this.problem = problem;
    }
}
/** A provider (engine, platform, registry, forge, network, disk) failed us. Exit code 3. */
class ProviderError extends Error {
    name = 'ProviderError';
    problem;
    /** HTTP status, where the provider speaks HTTP. */
    status;
    requestId;
    /** True when the same call may succeed later. */
    retryable;
    /** Milliseconds the provider asked to wait before the next call (`Retry-After`); undefined where it did not say. */
    retryAfterMs;
    constructor(problem, detail = {}) {
        super(describeProblem(problem), { cause: detail.cause });
        this.problem = problem;
        this.status = detail.status;
        this.requestId = detail.requestId;
        this.retryable = detail.retryable ?? false;
        this.retryAfterMs = detail.retryAfterMs;
    }
}
/** The run was cancelled by SIGINT, SIGTERM or the caller's signal. Exit code 130. */
class Interrupted extends Error {
    name = 'Interrupted';
    constructor(what = 'interrupted') {
        super(what);
    }
}
/** `place: what [CODE]. fix` on one line. */
function describeProblem(problem) {
    const at = problem.place ? `${describePlace(problem.place)}: ` : '';
    return `${at}${problem.what} [${problem.code}]. ${problem.fix}`;
}
/** `file`, `file:line` or `file:line:column`. */
function describePlace(place) {
    return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}
const ERRORS_PAGE = 'https://github.com/haute/deploy/blob/main/docs/errors.md';
/** Address of what docs/errors.md says about a code; of the whole page where none is given. */
function explanationOf(code) {
    return code === undefined ? ERRORS_PAGE : `${ERRORS_PAGE}#${code.toLowerCase()}`;
}
/** The one line that ends the problems of a run: where to read what their codes mean. */
function whereToRead(problems) {
    const codes = new Set(problems.map(({ code }) => code));
    const [only] = codes;
    return `See ${explanationOf(codes.size === 1 ? only : undefined)}`;
}
/** Throws one ConfigError that carries all problems; returns when there are none. */
function throwIfAny(problems) {
    const [first, ...rest] = problems;
    if (first)
        throw new errors_ConfigError(first, ...rest);
}
/** The message of anything thrown, never empty. */
function messageOf(error) {
    if (error instanceof Error && error.message !== '')
        return error.message;
    return String(error);
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/figures/choose-outputs.js

/** Words of a column's name that say it names a row and measures nothing. */
const ID_WORDS = new Set(['id', 'ids', 'key', 'uuid', 'guid', 'ref', 'reference']);
/**
 * Chooses the outputs to compare: those that the policy names, or every number of the answers that is not a key, not an
 * id and not a column of the portfolio handed back. The premium is the first that is named; else the column called
 * premium, else price; else one with such a word in its name; else the only one there is.
 * @returns undefined where no row was answered at all, so that there is nothing to choose from
 * @throws ConfigError IMPACT-OUTPUT-MISSING, IMPACT-NO-PREMIUM
 */
function chooseOutputs(book, choice) {
    if (book.outputs.length === 0)
        return undefined;
    return choice.named.length > 0 ? namedOutputs(book, choice.named) : foundOutputs(book, choice.key);
}
/** True for `quote_id`, `IDpol`, `policyRef`, and for no measure. */
function isIdName(name) {
    const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);
    return /^ID(?=[a-z])/.test(name) || words.some((word) => ID_WORDS.has(word.toLowerCase()));
}
function namedOutputs(book, names) {
    const missing = names.filter((name, index) => !isPresent(book, name, index === 0));
    if (missing.length > 0)
        throw outputMissing(book, missing);
    const columns = names.flatMap((name) => book.outputs.find((column) => column.name === name) ?? []);
    const both = columns.filter((column, index) => index === 0 || !book.compared || column.present.production > 0);
    const onlyInStaging = columns.filter((column) => !both.includes(column)).map(({ name }) => name);
    const [premium, ...others] = both;
    return { premium, others, onlyInStaging, premiumBy: 'policy' };
}
/** Staging must have every column; production, older, must have the premium. A side that answered no row says nothing. */
function isPresent(book, name, premium) {
    const column = book.outputs.find((output) => output.name === name);
    if (column === undefined)
        return false;
    const lacks = (side) => column.present[side] === 0 && hasAnswers(book, side);
    return !lacks('staging') && !(premium && lacks('production'));
}
function hasAnswers(book, side) {
    return book.outputs.some((column) => column.present[side] > 0);
}
function foundOutputs(book, key) {
    const portfolio = new Set(book.segments.map(({ name }) => name));
    const candidates = book.outputs.filter((column) => column.name !== key &&
        !isIdName(column.name) &&
        (isPriceName(column.name) ? isNumberOrNull(column) : isNumber(column) && !portfolio.has(column.name)));
    const byName = candidates.find(({ name }) => /^premium$/i.test(name)) ??
        candidates.find(({ name }) => /^price$/i.test(name)) ??
        candidates.find(({ name }) => /premium/i.test(name)) ??
        candidates.find(({ name }) => /price/i.test(name));
    const premium = byName ?? (candidates.length === 1 ? candidates[0] : undefined);
    if (premium === undefined)
        throw noPremium(book, candidates);
    const others = candidates.filter((column) => column !== premium);
    const both = others.filter((column) => !book.compared || (column.present.production > 0 && column.present.staging > 0));
    return {
        premium,
        others: both.filter(isNumber),
        onlyInStaging: others
            .filter((column) => !both.includes(column) && column.present.staging > 0)
            .map(({ name }) => name),
        premiumBy: byName ? 'name' : 'only-number',
    };
}
function isPriceName(name) {
    return /premium|price/i.test(name);
}
/** Numbers, and more of them than of anything else that is not null. */
function isNumber(column) {
    const { numbers, others } = column;
    return numbers.staging + numbers.production > others.staging + others.production;
}
/** A premium that is null everywhere is still the premium: everything was declined. */
function isNumberOrNull(column) {
    return isNumber(column) || column.others.staging + column.others.production === 0;
}
function outputMissing(book, missing) {
    const has = (side) => book.outputs
        .filter((column) => column.present[side] > 0)
        .map(({ name }) => name)
        .join(', ') || 'none';
    const production = book.compared ? `; production has ${has('production')}` : '';
    return new ConfigError({
        code: 'IMPACT-OUTPUT-MISSING',
        what: `the answers do not have ${missing.join(', ')}: staging has ${has('staging')}${production}`,
        fix: 'Name columns of the answers in outputs of [gates.impact], the premium first',
    });
}
function noPremium(book, candidates) {
    const names = (candidates.length > 0 ? candidates : book.outputs).map(({ name }) => name).join(', ');
    return new ConfigError({
        code: 'IMPACT-NO-PREMIUM',
        what: `none of the answers’ columns is known to be the premium: ${names}`,
        fix: 'Name it first in outputs of [gates.impact] in haute.release.toml, for example outputs = ["gross"]',
    });
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/numbers/random.js
/**
 * Random numbers that are the same for the same seed on every machine: xoshiro128**, seeded by splitmix32.
 * @see D. Blackman, S. Vigna, Scrambled Linear Pseudorandom Number Generators (2021), https://prng.di.unimi.it/
 */
class SeededRandom {
    #state = new Uint32Array(4);
    constructor(seed) {
        let mixed = seed >>> 0;
        for (let i = 0; i < 4; i++) {
            mixed = (mixed + 0x9e37_79b9) >>> 0;
            let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad);
            word = Math.imul(word ^ (word >>> 15), 0x735a_2d97);
            this.#state[i] = word ^ (word >>> 15);
        }
    }
    /** A whole number from 0 to below `bound`, which is at most 2^32. */
    below(bound) {
        return Math.floor((this.#next() / 2 ** 32) * bound);
    }
    #next() {
        const state = this.#state;
        const [a, b, c, d] = state;
        const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
        const shifted = b << 9;
        const c1 = c ^ a;
        const d1 = d ^ b;
        state[1] = b ^ c1;
        state[0] = a ^ d1;
        state[2] = c1 ^ shifted;
        state[3] = rotate(d1, 11);
        return result;
    }
}
function rotate(word, bits) {
    return (word << bits) | (word >>> (32 - bits));
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/numbers/sampled-row.js

/**
 * Rows of a block, about. Blocks are cut between two rows, so some have a row more, and each row of those a smaller chance:
 * of a thousand that is nothing; of two against three it would make one row of five as likely as two others.
 */
const BLOCK_ROWS = 1_000;
/**
 * The part of a portfolio that a row is in, with its rows of the sample: of each block of a thousand rows as many as come
 * to it, at places that are drawn with a fixed seed, and of a sample that has fewer than one of a thousand one of each of
 * as many equal blocks. Every tenth row of a portfolio that lists ten regions in turn would all be of one.
 * @see W. G. Cochran, Sampling Techniques (1977), chapter 5: stratified random sampling, the blocks being the strata
 */
function sampledBlock(row, size) {
    let block = Math.floor((row * size.rows) / size.of / placesOf(size));
    // A product of large numbers is not exact.
    while (startOf(block, size) > row)
        block -= 1;
    while (startOf(block + 1, size) <= row)
        block += 1;
    return drawn(block, size);
}
/** The row of the portfolio that a sample has at a place, from 0. */
function sampledRow(place, size) {
    const { rows, place: first } = drawn(Math.floor(place / placesOf(size)), size);
    return rows[place - first];
}
/** All rows of the sample, ascending; of as many as there are all of them. */
function* sampledRows(size) {
    if (size.rows >= size.of)
        for (let row = 0; row < size.of; row++)
            yield row;
    else
        for (let start = 0; start < size.of;) {
            const { rows, end } = sampledBlock(start, size);
            yield* rows;
            start = end;
        }
}
/** Rows of the sample in each block; the last may have fewer. */
function placesOf({ rows, of }) {
    return Math.ceil((BLOCK_ROWS * rows) / of);
}
/** Rows before a block: the same share of the portfolio as the sample has places before it, exactly. */
function startOf(block, size) {
    const places = Math.min(block * placesOf(size), size.rows);
    const [all, rows] = [BigInt(places) * BigInt(size.of), BigInt(size.rows)];
    return Number((all + rows - 1n) / rows);
}
/** @see R. W. Floyd, in J. Bentley, Programming Pearls: A Sample of Brilliance, CACM 30 (1987), 754-757 */
function drawn(block, size) {
    const place = block * placesOf(size);
    const [start, end] = [startOf(block, size), startOf(block + 1, size)];
    const wanted = Math.min(placesOf(size), size.rows - place);
    const random = new SeededRandom(block);
    const rows = new Set();
    for (let last = end - wanted; last < end; last++) {
        const row = start + random.below(last + 1 - start);
        rows.add(rows.has(row) ? last : row);
    }
    return { start, end, rows: [...rows].sort((a, b) => a - b), place };
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/segments/feature.js
/** A row that belongs to no bin of a feature: its category is too rare. */
const NO_BIN = 65_535;
/** @param rows rows to look at */
function codedColumn(column, rows) {
    const codes = new Uint16Array(rows.length);
    const counts = new Uint32Array(column.values.length);
    column.reader([...column.values.keys()])(rows, codes);
    for (let index = 0; index < codes.length; index++)
        counts[codes[index]] += 1;
    return { column, codes, counts };
}
/**
 * @param leastRows bins with fewer rows are left out (categories) or made part of a neighbour (numbers)
 * @param bands how to cut a column of many numbers
 * @returns undefined for a column that says nothing, with one value only
 */
function featureOf({ column, codes, counts }, leastRows, bands) {
    const groups = column.isNumeric
        ? bandsOf(column.values, counts, bands)
        : categoriesOf(column.values, counts, leastRows);
    const missing = counts[0] >= leastRows ? [[0]] : [];
    const all = [...groups, ...missing];
    if (all.length < 2)
        return undefined;
    const lookup = new Uint16Array(column.values.length).fill(NO_BIN);
    all.forEach((group, bin) => {
        for (const code of group)
            lookup[code] = bin;
    });
    const value = (code) => column.values[code ?? 0] ?? null;
    const feature = {
        column: column.name,
        numeric: column.isNumeric,
        bins: all.map((group) => ({ low: value(group[0]), high: value(group.at(-1)) })),
        ordered: groups.length,
        binsOf: column.reader(lookup),
    };
    return { feature, bins: () => codes.map((code) => lookup[code]) };
}
/** Codes of each band, ascending by value. */
function bandsOf(values, counts, { exact, bands: most }) {
    const codes = [...values.keys()].filter((code) => code > 0 && counts[code] > 0);
    codes.sort((a, b) => values[a] - values[b]);
    if (codes.length <= exact)
        return codes.map((code) => [code]);
    const total = codes.reduce((sum, code) => sum + counts[code], 0);
    const bands = [];
    let before = 0;
    let current = -1;
    for (const code of codes) {
        const band = Math.floor((before * most) / total);
        if (band !== current)
            bands.push([]);
        current = band;
        bands.at(-1)?.push(code);
        before += counts[code];
    }
    return bands;
}
function categoriesOf(values, counts, leastRows) {
    const codes = [...values.keys()].filter((code) => code > 0 && counts[code] >= leastRows);
    return codes.sort((a, b) => compareText(String(values[a]), String(values[b]))).map((code) => [code]);
}
/** By code unit, which is the same everywhere; a locale's order is not. */
function compareText(a, b) {
    if (a === b)
        return 0;
    return a < b ? -1 : 1;
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/segments/segment.js


/** Sums over the rows of a group, exact whatever their order. */
class GroupSums {
    #pct = new ExactSum();
    #before = new ExactSum();
    #after = new ExactSum();
    #rows = 0;
    #measured = 0;
    /** @param pct NaN for a zero baseline */
    add(before, after, pct) {
        this.#rows += 1;
        this.#before.add(before);
        this.#after.add(after);
        if (Number.isNaN(pct))
            return;
        this.#measured += 1;
        this.#pct.add(pct);
    }
    figures(allRows, allPremium) {
        const before = this.#before.value;
        const after = this.#after.value;
        const totalPct = changePct(before, after);
        return {
            rows: this.#rows,
            rowsSharePct: allRows === 0 ? 0 : (100 * this.#rows) / allRows,
            premiumSharePct: allPremium === 0 ? undefined : (100 * before) / allPremium,
            meanChangePct: this.#measured === 0 ? undefined : this.#pct.value / this.#measured,
            totalChange: after - before,
            totalChangePct: Number.isNaN(totalPct) ? undefined : totalPct,
            productionMean: this.#rows === 0 ? 0 : before / this.#rows,
            stagingMean: this.#rows === 0 ? 0 : after / this.#rows,
        };
    }
}
/** Figures of groups of rows, all from one reading of the book. @param groups the conditions of each */
function figuresOfAll(changes, groups, allPremium) {
    const sums = groups.map(() => new GroupSums());
    const bins = new Map(groups.flat().map(({ feature }) => [feature, new Uint16Array(PART_ROWS)]));
    const places = new Uint16Array(PART_ROWS);
    for (const { rows, before, after, pct } of changes.parts()) {
        for (const [feature, into] of bins)
            feature.binsOf(rows, into);
        groups.forEach((conditions, group) => {
            const sum = sums[group];
            const count = placesWhere(conditions, bins, rows.length, places);
            for (let at = 0; at < count; at++) {
                const index = places[at];
                sum.add(before[index], after[index], pct[index]);
            }
        });
    }
    return sums.map((sum) => sum.figures(changes.count, allPremium));
}
/** Finds the places of the rows that meet all conditions. @returns how many there are */
function placesWhere(conditions, binsOf, rows, places) {
    for (let index = 0; index < rows; index++)
        places[index] = index;
    let left = rows;
    for (const { feature, from, to } of conditions) {
        const bins = binsOf.get(feature);
        let kept = 0;
        for (let at = 0; at < left; at++) {
            const place = places[at];
            const bin = bins[place];
            if (bin >= from && bin <= to)
                places[kept++] = place;
        }
        left = kept;
    }
    return left;
}
/** Ranges at the end of a column are open: nobody is younger than the youngest band. */
function conditionOf({ feature, from, to }) {
    const { low } = feature.bins[from];
    const { high } = feature.bins[to];
    const open = feature.numeric && low !== null && !(from === to && low === high);
    return {
        column: feature.column,
        low: open && from === 0 ? undefined : low,
        high: open && to === feature.ordered - 1 ? undefined : high,
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/segments/scored-ranges.js
const FIRST_ROOM = 1_024;
/**
 * Ranges of bins with their scores. There are thousands for each feature in each parent, so they are no objects, and the
 * room for them is used again.
 */
class ScoredRanges {
    #ends = new Uint16Array(FIRST_ROOM * 2);
    #scores = new Float64Array(FIRST_ROOM);
    length = 0;
    clear() {
        this.length = 0;
    }
    add(from, to, score) {
        if (this.length === this.#scores.length)
            this.#grow();
        this.#ends[this.length * 2] = from;
        this.#ends[this.length * 2 + 1] = to;
        this.#scores[this.length++] = score;
    }
    /** The one with the highest score, the highest of those that have no part of it, and so on. Of equal ones the first. */
    best(most) {
        const kept = [];
        while (kept.length < most) {
            const next = this.#first();
            if (next === undefined)
                break;
            kept.push(next);
            if (kept.length < most)
                this.#dropPartsOf(next);
        }
        return kept;
    }
    #first() {
        if (this.length === 0)
            return undefined;
        const scores = this.#scores;
        let best = 0;
        for (let at = 1; at < this.length; at++)
            if (scores[at] > scores[best])
                best = at;
        return {
            from: this.#ends[best * 2],
            to: this.#ends[best * 2 + 1],
            score: scores[best],
        };
    }
    #dropPartsOf({ from, to }) {
        const [ends, scores] = [this.#ends, this.#scores];
        let kept = 0;
        for (let at = 0; at < this.length; at++) {
            const [start, end] = [ends[at * 2], ends[at * 2 + 1]];
            if (start <= to && from <= end)
                continue;
            ends[kept * 2] = start;
            ends[kept * 2 + 1] = end;
            scores[kept++] = scores[at];
        }
        this.length = kept;
    }
    #grow() {
        const [ends, scores] = [new Uint16Array(this.#ends.length * 2), new Float64Array(this.#scores.length * 2)];
        ends.set(this.#ends);
        scores.set(this.#scores);
        [this.#ends, this.#scores] = [ends, scores];
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/numbers/typed.js
/** 0, 1, 2, … below `count`. A loop: `Uint32Array.from` with a function goes through an iterator, ten times slower. */
function upTo(count) {
    const values = new Uint32Array(count);
    for (let index = 0; index < count; index++)
        values[index] = index;
    return values;
}
/** A number for each of the values. */
function floatsOf(values, float) {
    const floats = new Float64Array(values.length);
    for (let index = 0; index < values.length; index++)
        floats[index] = float(values[index], index);
    return floats;
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/segments/slice.js


/** @param binsOf of each feature the bins of the rows that are searched @param excess of each of these rows */
function searchSpace(binsOf, excess, leastRows) {
    const features = [...binsOf.keys()];
    const all = upTo(excess.length);
    const beyond = all.filter((row) => excess[row] > 0);
    const members = {
        within: all.filter((row) => excess[row] === 0),
        beyond,
        excess: floatsOf(beyond, (row) => excess[row]),
    };
    return { features, binsOf, excess, members, whole: measureAll(members), leastRows };
}
/** The space without the rows of a slice. */
function without(space, { conditions }) {
    const inside = new Uint8Array(space.excess.length);
    const taken = membersOf(space, conditions);
    for (const rows of [taken.within, taken.beyond])
        for (const row of rows)
            inside[row] = 1;
    const members = membersWhere(space, space.members, (rows) => rows.filter((row) => inside[row] === 0));
    return { ...space, members, whole: measureAll(members) };
}
/** The members that meet all conditions. */
function membersOf(space, conditions, members = space.members) {
    if (conditions.length === 0)
        return members;
    const keep = (rows) => conditions.reduce((left, { feature, from, to }) => {
        return rowsInBins(left, space.binsOf.get(feature), from, to);
    }, rows);
    return membersWhere(space, members, keep);
}
function membersWhere({ excess }, { within, beyond }, keep) {
    const kept = keep(beyond);
    return { within: keep(within), beyond: kept, excess: floatsOf(kept, (row) => excess[row]) };
}
function rowsInBins(rows, bins, from, to) {
    const kept = new Uint32Array(rows.length);
    let count = 0;
    for (let at = 0; at < rows.length; at++) {
        const row = rows[at];
        const bin = bins[row];
        kept[count] = row;
        if (bin >= from && bin <= to)
            count += 1;
    }
    return kept.slice(0, count);
}
function slice_rowsOf({ within, beyond }) {
    return within.length + beyond.length;
}
/** The measure of each bin of a feature over some members. */
function measureBins(space, feature, { within, beyond, excess }) {
    const bins = space.binsOf.get(feature);
    const count = feature.bins.length;
    const [rows, sum, max] = Array.from({ length: 3 }, () => new Float64Array(count));
    for (let at = 0; at < within.length; at++) {
        const bin = bins[within[at]];
        if (bin !== NO_BIN)
            rows[bin] = rows[bin] + 1;
    }
    for (let at = 0; at < beyond.length; at++) {
        const bin = bins[beyond[at]];
        if (bin === NO_BIN)
            continue;
        const value = excess[at];
        rows[bin] = rows[bin] + 1;
        sum[bin] = sum[bin] + value;
        if (value > max[bin])
            max[bin] = value;
    }
    return { rows, sum, max };
}
/** The measure of bins `from` to `to` together. */
function together({ rows, sum, max }, from, to) {
    const all = { rows: 0, sum: 0, max: 0 };
    for (let bin = from; bin <= to; bin++) {
        all.rows += rows[bin];
        all.sum += sum[bin];
        all.max = Math.max(all.max, max[bin]);
    }
    return all;
}
/** Weight of effect against size, as SliceLine has it by default. */
const ALPHA = 0.95;
/**
 * How much rows stand out: alpha x (their mean excess / the book's - 1) - (1 - alpha) x (rows of the book / rows - 1).
 * Zero for the whole book; positive where the effect outweighs the smallness.
 * @see S. Sagadeeva, M. Boehm, SliceLine: Fast, Linear-Algebra-based Slice Finding for ML Model Debugging, SIGMOD 2021, eq. 2
 */
function scoreOf(rows, sum, whole) {
    if (rows === 0 || whole.sum === 0)
        return Number.NEGATIVE_INFINITY;
    const effect = sum / rows / (whole.sum / whole.rows);
    return ALPHA * (effect - 1) - (1 - ALPHA) * (whole.rows / rows - 1);
}
/**
 * No slice inside one with these figures can score higher: it has at most these rows, at least the smallest number
 * allowed, at most this excess in all, and at most the largest for each row.
 * @see SliceLine, section 3.2
 */
function scoreBound({ rows, sum, max }, space) {
    const { leastRows } = space;
    if (rows < leastRows)
        return Number.NEGATIVE_INFINITY;
    const turning = max > 0 ? Math.min(rows, Math.max(leastRows, sum / max)) : leastRows;
    return Math.max(...[leastRows, turning, rows].map((size) => scoreOf(size, Math.min(sum, size * max), space.whole)));
}
function measureAll(members) {
    let [sum, squares, max] = [0, 0, 0];
    for (const value of members.excess) {
        sum += value;
        squares += value * value;
        max = Math.max(max, value);
    }
    return { rows: slice_rowsOf(members), sum, squares, max };
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/segments/search.js


/** Conditions that a slice may have. */
const LEVELS = 3;
/** Slices of a level that are looked into. */
const BEAM = 24;
/** Slices of one feature inside one parent that are kept. */
const PER_FEATURE = 3;
/** Slices whose scores decide whether others are still worth looking into. */
const KEPT = 20;
/**
 * Searches conjunctions of up to three features, level by level: every single condition, then the best of them with
 * one more, and once more. What cannot hold a better slice than those found is not looked into.
 */
function searchSlices(space) {
    const search = new Search(space);
    let found = search.split(undefined, space.members);
    let known = new Map();
    for (let level = 2; level <= LEVELS; level++) {
        const members = new Map();
        found = search.worthLookingInto(found).flatMap((slice) => {
            const rows = membersOf(space, slice.conditions.slice(-1), slice.parent && known.get(slice.parent));
            if (level < LEVELS)
                members.set(slice, rows);
            return search.split(slice, rows);
        });
        known = members;
    }
    return { slices: search.best, tried: search.tried };
}
class Search {
    #space;
    #seen = new Set();
    #ranges = new ScoredRanges();
    best = [];
    tried = 0;
    constructor(space) {
        this.#space = space;
    }
    /** The slices of a parent that have one condition more. @param members its rows */
    split(parent, members) {
        const used = new Set(parent?.conditions.map(({ feature }) => feature));
        const children = this.#space.features
            .filter((feature) => !used.has(feature))
            .flatMap((feature) => this.#splitBy(feature, parent, members));
        this.best = [...this.best, ...children.filter(({ score }) => score > 0)].sort(byScore).slice(0, KEPT);
        return children;
    }
    worthLookingInto(slices) {
        const bar = this.best.length < KEPT ? 0 : (this.best.at(-1)?.score ?? 0);
        return slices
            .filter((slice) => scoreBound(slice, this.#space) > bar)
            .sort(byScore)
            .slice(0, BEAM);
    }
    #splitBy(feature, parent, members) {
        const bins = measureBins(this.#space, feature, members);
        const ranges = this.#ranges;
        scoreRanges(ranges, feature, bins, this.#space, slice_rowsOf(members));
        this.tried += ranges.length;
        return ranges
            .best(PER_FEATURE)
            .map(({ from, to, score }) => {
            const conditions = [...(parent?.conditions ?? []), { feature, from, to }];
            return { conditions, ...together(bins, from, to), score, parent };
        })
            .filter(({ conditions }) => this.#isNew(conditions));
    }
    /** `a and b` is `b and a`. */
    #isNew(conditions) {
        const id = conditions
            .map(({ feature, from, to }) => `${this.#space.features.indexOf(feature)}:${from}-${to}`)
            .sort()
            .join(' ');
        if (this.#seen.has(id))
            return false;
        this.#seen.add(id);
        return true;
    }
}
/** Every range of a feature that has enough of the members and not all of them. */
function scoreRanges(ranges, feature, { rows: rowsOf, sum: sumOf }, { whole, leastRows }, members) {
    ranges.clear();
    for (let from = 0; from < rowsOf.length; from++) {
        let [rows, sum] = [0, 0];
        const end = lastOf(feature, from);
        for (let to = from; to < end; to++) {
            rows += rowsOf[to];
            sum += sumOf[to];
            if (rows < leastRows || rows === members)
                continue;
            if (to - from === feature.ordered - 1 && feature.ordered > 1)
                continue;
            ranges.add(from, to, scoreOf(rows, sum, whole));
        }
    }
}
/** Bands of numbers that follow each other may be taken together; a category, and rows without a value, stand alone. */
function lastOf({ numeric, ordered }, from) {
    return numeric && from < ordered ? ordered : from + 1;
}
/** The highest first; of equal ones the one with fewer conditions, then the one that was found first (sorting is stable). */
function byScore(a, b) {
    return b.score - a.score || a.conditions.length - b.conditions.length;
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/segments/select.js


/** Chance that any of the segments found, in either direction, is one of chance. */
const FALSE_ALARM = 0.01;
const DIRECTIONS = 2;
/** How much stronger than the book's the excess of a segment must be to be worth a reader's time. */
const LEAST_EFFECT = 1.25;
/** Percentage points by which a segment must go beyond the book: less is what rounding to the smallest coin does. */
const LEAST_POINTS = 0.1;
/** Share of the best score at which a simpler slice is the better one to tell. */
const NEARLY = 0.8;
/**
 * The slices worth showing, one after the other: the best one is taken, and the search goes on among the rows that are
 * in none so far. So a slice never repeats what one before it tells, and a strong one does not hide the others.
 * @param goesBeyond whether rows go beyond the book on average, those included that go the other way: a slice must, or a
 * narrower one inside it that does would not be seen
 */
function selectSlices(all, most, goesBeyond) {
    const leastMean = Math.max(LEAST_POINTS, (LEAST_EFFECT * all.whole.sum) / all.whole.rows);
    const numbers = numbersOfSlices(all);
    const borne = ({ conditions }) => FALSE_ALARM / (DIRECTIONS * most * LEVELS * numbers[conditions.length]);
    const slices = [];
    let tried = 0;
    for (let space = all; slices.length < most && space.whole.sum > 0;) {
        const found = searchSlices(space);
        tried += found.tried;
        const good = withParents(found.slices).filter((slice) => slice.sum / slice.rows >= leastMean &&
            !isByChance(slice, space, borne(slice)) &&
            goesBeyond(membersOf(all, slice.conditions)));
        const best = simplest(good);
        if (best === undefined)
            break;
        slices.push(best);
        space = without(space, best);
    }
    return { slices, tried };
}
/** The slices and all wider ones that they refine, the best first: those may score too low to be among the best. */
function withParents(slices) {
    const all = new Set();
    for (const slice of slices)
        for (let each = slice; each; each = each.parent)
            all.add(each);
    return [...all].sort((a, b) => b.score - a.score);
}
/** Of the slices that score nearly as high as the best the one with the fewest conditions. @param slices the best first */
function simplest(slices) {
    const near = slices.filter(({ score }) => score >= NEARLY * (slices[0]?.score ?? 0));
    return near.toSorted((a, b) => a.conditions.length - b.conditions.length)[0];
}
/** Slices of one feature, of two and of three that there are, whether they were looked at or not. */
function numbersOfSlices({ features }) {
    const numbers = [1, ...Array.from({ length: LEVELS }, () => 0)];
    for (const feature of features) {
        const ranges = rangesOf(feature);
        for (let size = LEVELS; size > 0; size--)
            numbers[size] = numbers[size] + ranges * numbers[size - 1];
    }
    return numbers;
}
function rangesOf({ numeric, ordered, bins }) {
    return numeric ? (ordered * (ordered + 1)) / 2 + bins.length - ordered : bins.length;
}
/**
 * Whether as many rows drawn from the whole at random may go so far beyond it. The bound on that chance holds for any
 * spread of the changes and for few rows (Bennett's inequality, as for drawing without replacement), and it is seen
 * against all the slices of as many conditions that there are (Bonferroni): the search looks at those first that look
 * best, so to count only what it looked at would be too few.
 * @see G. Bennett, Probability Inequalities for the Sum of Independent Random Variables, JASA 57 (1962), 33-45
 * @see W. Hoeffding, Probability Inequalities for Sums of Bounded Random Variables, JASA 58 (1963), section 6
 * @see O. J. Dunn, Multiple Comparisons among Means, JASA 56 (1961), 52-64
 * @param most chance that is borne
 */
function isByChance({ rows, sum }, { whole }, most) {
    const mean = whole.sum / whole.rows;
    const variance = whole.squares / whole.rows - mean ** 2;
    const farthest = whole.max - mean;
    const beyond = sum / rows - mean;
    if (!(beyond > 0 && variance > 0 && farthest > 0))
        return true;
    const far = (farthest * beyond) / variance;
    return Math.exp((-rows * variance * ((1 + far) * Math.log1p(far) - far)) / farthest ** 2) > most;
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/segments/find-segments.js







const MOST_SEARCHED = 200_000;
const LEAST_ROWS = 30;
const find_segments_LEAST_SHARE = 0.005;
/** Of the rows of the smallest segment, so many in the whole book are outliers. */
const OUTLIERS = 0.2;
const MOST_SEGMENTS = 6;
const MOST_BREAKDOWNS = 4;
const MOST_GROUPS = 16;
/** How numbers are cut: narrowly to find the edge of a change, widely to be read. */
const BANDS = { search: { exact: 128, bands: 64 }, breakdown: { exact: 16, bands: 8 } };
/** Percent of the spread below which a column says nothing about the change. */
const LEAST_EXPLAINED_PCT = 1;
/** Where in the portfolio the premium changes more than in the whole of it. */
function findSegments(columns, changes, whole) {
    const mean = whole.meanChangePct ?? 0;
    const searched = rowsToSearch(changes);
    const leastRows = Math.max(LEAST_ROWS, Math.ceil(searched.rows.length * find_segments_LEAST_SHARE));
    const { binsOf, wide } = featuresOf(columns, searched.rows, leastRows);
    const directions = ['increase', 'decrease'].map((direction) => {
        const excess = capped(searched.pct.map((value) => excessOf(value, mean, direction)), Math.floor(leastRows * OUTLIERS));
        const goesBeyond = (rows) => excessOf(meanOf(searched.pct, rows), mean, direction) > 0;
        const { slices, tried } = selectSlices(searchSpace(binsOf, excess, leastRows), MOST_SEGMENTS, goesBeyond);
        return { tried, found: slices.map((slice) => ({ slice, direction })) };
    });
    return {
        segments: describe(directions.flatMap(({ found }) => found), changes, whole.productionTotal).filter((segment) => isBeyond(segment, mean)),
        breakdowns: breakdownsOf(wide, changes, whole.productionTotal, mean),
        tried: directions.reduce((sum, { tried }) => sum + tried, 0),
        searchedRows: searched.rows.length,
    };
}
/** Columns cut narrowly, each with the bins of the rows to search, and columns cut widely. Each is read once for both. */
function featuresOf(columns, rows, leastRows) {
    const binsOf = new Map();
    const wide = [];
    for (const column of columns) {
        if (isIdName(column.name) || column.dropped !== undefined)
            continue;
        const coded = codedColumn(column, rows);
        const narrow = featureOf(coded, leastRows, BANDS.search);
        if (narrow)
            binsOf.set(narrow.feature, narrow.bins());
        const broad = featureOf(coded, leastRows, BANDS.breakdown);
        if (broad)
            wide.push(broad.feature);
    }
    return { binsOf, wide };
}
/** Rows that have a percentage: of a very large book a sample, drawn as that of a portfolio is. */
function rowsToSearch(changes) {
    const count = Math.min(changes.measured, MOST_SEARCHED);
    const drawn = sampledRows({ rows: count, of: changes.measured });
    let [next, taken] = [drawn.next().value, 0];
    const searched = { rows: new Uint32Array(count), pct: new Float64Array(count) };
    let measured = 0;
    for (const { rows, pct } of changes.parts()) {
        for (let index = 0; index < rows.length; index++) {
            const value = pct[index];
            if (Number.isNaN(value))
                continue;
            if (measured === next) {
                searched.rows[taken] = rows[index];
                searched.pct[taken++] = value;
                next = drawn.next().value;
            }
            measured += 1;
        }
    }
    return searched;
}
/** How far a change goes beyond the book's own mean change, in percent; 0 where it does not, or goes the other way. */
function excessOf(pct, mean, direction) {
    return direction === 'increase' ? Math.max(0, pct - Math.max(mean, 0)) : Math.max(0, Math.min(mean, 0) - pct);
}
/**
 * A few rows that go very far, such as those with hardly any old premium, would make the rest look alike: so many count as
 * if they went only as far as the next one.
 */
function capped(excess, outliers) {
    const farthest = excess.toSorted()[excess.length - 1 - outliers] ?? 0;
    return farthest > 0 ? excess.map((value) => Math.min(value, farthest)) : excess;
}
function meanOf(pct, { within, beyond }) {
    let sum = 0;
    for (const rows of [within, beyond])
        for (const row of rows)
            sum += pct[row];
    return sum / (within.length + beyond.length);
}
/** Rows of which many fall may rise on average for the sake of a few others: that is no fall to tell of. */
function isBeyond({ direction, meanChangePct = 0 }, mean) {
    return excessOf(meanChangePct, mean, direction) > 0;
}
/** The segments with their figures and those of their parents; those that change the total most first. */
function describe(found, changes, premium) {
    const shown = found.flatMap(({ slice }) => (slice.parent ? [slice, slice.parent] : [slice]));
    const all = figuresOfAll(changes, shown.map(({ conditions }) => conditions), premium);
    const described = (slice) => ({
        conditions: slice.conditions.map(conditionOf),
        ...all[shown.indexOf(slice)],
    });
    return found
        .map(({ slice, direction }) => ({
        direction,
        score: slice.score,
        ...described(slice),
        parent: slice.parent && described(slice.parent),
    }))
        .sort((a, b) => Math.abs(b.totalChange) - Math.abs(a.totalChange));
}
function breakdownsOf(features, changes, premium, mean) {
    const explained = explainedPcts(features, changes, mean);
    const telling = features
        .map((feature, index) => ({ feature, explainedPct: explained[index] }))
        .filter(({ explainedPct }) => explainedPct >= LEAST_EXPLAINED_PCT)
        .sort((a, b) => b.explainedPct - a.explainedPct)
        .slice(0, MOST_BREAKDOWNS);
    const sums = sumsOfBins(telling.map(({ feature }) => feature), changes);
    return telling.map(({ feature, explainedPct }, index) => ({
        column: feature.column,
        explainedPct,
        groups: groupsOf(feature, sums[index], changes, premium),
    }));
}
/** For each feature the share of the spread that lies between its bins, all from one reading of the book. */
function explainedPcts(features, changes, mean) {
    const all = features.map(({ bins }) => ({
        sums: new Float64Array(bins.length),
        counts: new Uint32Array(bins.length),
    }));
    const bins = new Uint16Array(PART_ROWS);
    let total = 0;
    for (const { rows, pct } of changes.parts()) {
        for (let index = 0; index < pct.length; index++) {
            const beyond = pct[index] - mean;
            if (!Number.isNaN(beyond))
                total += beyond * beyond;
        }
        features.forEach((feature, at) => {
            const { sums, counts } = all[at];
            feature.binsOf(rows, bins);
            addUp(pct, mean, bins, sums, counts);
        });
    }
    return all.map(({ sums, counts }) => {
        const between = sums.reduce((sum, of, bin) => sum + (counts[bin] === 0 ? 0 : of ** 2 / counts[bin]), 0);
        return total === 0 ? 0 : (100 * between) / total;
    });
}
function addUp(pct, mean, bins, sums, counts) {
    for (let index = 0; index < pct.length; index++) {
        const value = pct[index];
        const bin = bins[index];
        if (bin === NO_BIN || Number.isNaN(value))
            continue;
        sums[bin] = sums[bin] + value - mean;
        counts[bin] = counts[bin] + 1;
    }
}
/** For each feature the sums of its bins, all from one reading of the book. */
function sumsOfBins(features, changes) {
    const all = features.map(({ bins }) => bins.map(() => new GroupSums()));
    const bins = new Uint16Array(PART_ROWS);
    for (const { rows, before, after, pct } of changes.parts()) {
        features.forEach((feature, at) => {
            const sums = all[at];
            feature.binsOf(rows, bins);
            for (let index = 0; index < rows.length; index++) {
                const sum = sums[bins[index]];
                sum?.add(before[index], after[index], pct[index]);
            }
        });
    }
    return all;
}
/** The groups with most rows, in the order of the feature. */
function groupsOf(feature, sums, changes, premium) {
    const groups = sums.map((sum, bin) => ({
        ...conditionOf({ feature, from: bin, to: bin }),
        ...sum.figures(changes.count, premium),
    }));
    const kept = new Set([...groups].sort((a, b) => b.rows - a.rows).slice(0, MOST_GROUPS));
    return groups.filter((group) => kept.has(group));
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/columns/study-columns.js





function studyColumns({ rows, columns, premium, scored, earlier }) {
    const counted = countColumns(columns);
    return {
        inputs: distributionsOf(counted),
        drift: earlier && driftOf(counted, earlier),
        segments: premium && segmentsOf(rows, columns, premium, scored),
    };
}
function segmentsOf(rows, columns, premium, scored) {
    const totals = new ChangeTotals();
    const changes = changesOf(premium, scored, rows, [totals]);
    return findSegments(columns, changes, totals.whole(changes));
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/pages/paged.js
const paged_SHIFT = 16;
/** Values of a page. */
const PAGE_VALUES = 1 << paged_SHIFT;
const MASK = PAGE_VALUES - 1;
const FIRST_VALUES = 1_024;
/**
 * A column of numbers that grows at its end and is kept in pages. Values are read some at a time, or one by one, and
 * quickly when they follow each other: the page of the last one read is at hand, and no other is.
 */
class Paged {
    #type;
    #store;
    #pages = [];
    #tail;
    #length = 0;
    /** As long as all values are the same one, only it is kept. */
    #uniform = true;
    #value = 0;
    #open;
    #openPage = 0;
    #room;
    constructor(type, store) {
        this.#type = type;
        this.#store = store;
        this.#tail = new type(0);
        this.#open = this.#tail;
    }
    /** A column that was made in another thread, for reading. @param store where its pages are */
    static restored(type, store, snapshot) {
        const column = new Paged(type, store);
        column.#length = snapshot.length;
        column.#pages.push(...snapshot.pages);
        column.#tail = snapshot.tail;
        column.#uniform = snapshot.uniform !== undefined;
        column.#value = snapshot.uniform ?? 0;
        column.#openPage = -1;
        return column;
    }
    get length() {
        return this.#length;
    }
    get snapshot() {
        return {
            length: this.#length,
            pages: this.#pages,
            tail: this.#tail,
            uniform: this.#uniform ? this.#value : undefined,
        };
    }
    push(value) {
        if (this.#uniform) {
            if (this.#length === 0)
                this.#value = value;
            if (Object.is(value, this.#value)) {
                this.#length += 1;
                return;
            }
            this.#writeOut();
        }
        this.#write(value);
    }
    #writeOut() {
        const count = this.#length;
        this.#uniform = false;
        this.#length = 0;
        for (let left = count; left > 0; left--)
            this.#write(this.#value);
    }
    #write(value) {
        const at = this.#length & MASK;
        if (at === this.#tail.length || (at === 0 && this.#length > 0))
            this.#makeRoom(at);
        this.#tail[at] = value;
        this.#length += 1;
    }
    /** Adds the same value many times. */
    pushMany(value, count) {
        if (this.#uniform && this.#length > 0 && Object.is(value, this.#value)) {
            this.#length += count;
            return;
        }
        for (let left = count; left > 0; left--)
            this.push(value);
    }
    /** Adds all of these values. */
    pushAll(values) {
        let from = 0;
        if (this.#uniform) {
            if (this.#length === 0 && values.length > 0)
                this.#value = values[0];
            const value = this.#value;
            while (from < values.length && Object.is(values[from], value))
                from += 1;
            this.#length += from;
            if (from < values.length)
                this.#writeOut();
        }
        while (from < values.length) {
            const at = this.#length & MASK;
            if (at === this.#tail.length || (at === 0 && this.#length > 0))
                this.#makeRoom(at);
            const count = Math.min(this.#tail.length - at, values.length - from);
            this.#tail.set(values.subarray(from, from + count), at);
            this.#length += count;
            from += count;
        }
    }
    at(index) {
        if (this.#uniform)
            return this.#value;
        const page = index >>> paged_SHIFT;
        if (page !== this.#openPage)
            this.#load(page);
        return this.#open[index & MASK];
    }
    read(from, into) {
        if (this.#uniform) {
            into.fill(this.#value);
            return;
        }
        for (let done = 0; done < into.length;) {
            const page = (from + done) >>> paged_SHIFT;
            if (page !== this.#openPage)
                this.#load(page);
            const at = (from + done) & MASK;
            const count = Math.min(into.length - done, PAGE_VALUES - at);
            into.set(this.#open.subarray(at, at + count), done);
            done += count;
        }
    }
    gather(rows, into) {
        const [first = 0] = rows;
        if (rows.at(-1) === first + rows.length - 1) {
            this.read(first, into.length === rows.length ? into : into.subarray(0, rows.length));
            return;
        }
        for (let index = 0; index < rows.length; index++)
            into[index] = this.at(rows[index]);
    }
    #makeRoom(at) {
        const last = this.#length >>> paged_SHIFT;
        if (at === 0 && this.#length > 0) {
            const { buffer, byteOffset, byteLength } = this.#tail;
            this.#pages.push(this.#store.keep(new Uint8Array(buffer, byteOffset, byteLength)));
            this.#tail = new this.#type(PAGE_VALUES);
        }
        else {
            const grown = new this.#type(Math.min(PAGE_VALUES, Math.max(FIRST_VALUES, at * 2)));
            grown.set(this.#tail);
            this.#tail = grown;
        }
        this.#open = this.#tail;
        this.#openPage = last;
    }
    #load(page) {
        this.#openPage = page;
        const kept = this.#pages[page];
        if (kept === undefined) {
            this.#open = this.#tail;
            return;
        }
        const bytes = this.#store.load(kept, () => this.#roomForPage());
        this.#open = new this.#type(bytes.buffer, bytes.byteOffset, PAGE_VALUES);
    }
    #roomForPage() {
        this.#room ??= new Uint8Array(PAGE_VALUES * this.#type.BYTES_PER_ELEMENT);
        return this.#room;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/book/input-column.js

/** One column of the portfolio, for reading: the code of each row, and what each code stands for. */
class InputColumn {
    name;
    /** The value of each code; code 0 is null, for rows without a value. */
    values;
    isNumeric;
    /** Why the column is of no use for segments; undefined where it is. */
    dropped;
    #meaning;
    #written;
    /** @param written what stands for the code of each row */
    constructor({ name, values, isNumeric, dropped, meaning }, written) {
        this.name = name;
        this.values = values;
        this.isNumeric = isNumeric;
        this.dropped = dropped;
        this.#meaning = meaning;
        this.#written = written;
    }
    /** A column that was made in another thread. @param store where its pages are */
    static restored(snapshot, store) {
        return new InputColumn(snapshot, Paged.restored(Uint16Array, store, snapshot.written));
    }
    get snapshot() {
        const { name, values, isNumeric, dropped } = this;
        return { name, values, isNumeric, dropped, meaning: this.#meaning, written: this.#written.snapshot };
    }
    /** The value of a row. */
    at(row) {
        return this.values[this.#meaning[this.#written.at(row)]] ?? null;
    }
    /**
     * Reads for some rows at a time what is known of their codes.
     * @param byCode of each code
     * @returns fills `into` for rows, ascending
     */
    reader(byCode) {
        const byWritten = this.#meaning.map((code) => byCode[code]);
        return (rows, into) => {
            this.#written.gather(rows, into);
            for (let index = 0; index < rows.length; index++)
                into[index] = byWritten[into[index]];
        };
    }
    /** Of each code the rows that have it. */
    rowsByCode() {
        const byWritten = new Uint32Array(this.#meaning.length);
        const page = new Uint16Array(PAGE_VALUES);
        for (let from = 0; from < this.#written.length; from += PAGE_VALUES) {
            const some = page.subarray(0, Math.min(PAGE_VALUES, this.#written.length - from));
            this.#written.read(from, some);
            for (let index = 0; index < some.length; index++)
                byWritten[some[index]] += 1;
        }
        const byCode = new Uint32Array(this.values.length);
        this.#meaning.forEach((code, written) => {
            byCode[code] += byWritten[written];
        });
        return byCode;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/pages/row-set.js
/** Some of the rows of a book, one bit each. */
class RowSet {
    #bits = new Uint32Array(64);
    #size = 0;
    static restored({ bits, size }) {
        const set = new RowSet();
        set.#bits = bits;
        set.#size = size;
        return set;
    }
    get snapshot() {
        return { bits: this.#bits, size: this.#size };
    }
    /** Rows in it. */
    get size() {
        return this.#size;
    }
    add(row) {
        const word = row >>> 5;
        if (word >= this.#bits.length) {
            const grown = new Uint32Array(Math.max(word + 1, this.#bits.length * 2));
            grown.set(this.#bits);
            this.#bits = grown;
        }
        const before = this.#bits[word];
        const after = (before | (1 << (row & 31))) >>> 0;
        if (after === before)
            return;
        this.#bits[word] = after;
        this.#size += 1;
    }
    has(row) {
        return (((this.#bits[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/columns/task-snapshot.js



function snapshotOf({ rows, columns, premium, scored, earlier }) {
    return {
        rows,
        columns: columns.map(({ snapshot }) => snapshot),
        premium: premium && {
            name: premium.name,
            staging: premium.staging.snapshot,
            production: premium.production.snapshot,
        },
        scored: scored.snapshot,
        earlier,
    };
}
/** @param store where the pages are that the task is only told the place of */
function restoredTask({ columns, premium, scored, ...task }, store) {
    return {
        ...task,
        columns: columns.map((column) => InputColumn.restored(column, store)),
        premium: premium && {
            name: premium.name,
            staging: Paged.restored(Float64Array, store, premium.staging),
            production: Paged.restored(Float64Array, store, premium.production),
        },
        scored: RowSet.restored(scored),
    };
}

;// CONCATENATED MODULE: ./build/compiled/shared/impact/pages/page-store.js
/** Keeps all pages in memory. */
class MemoryPages {
    keep(page) {
        return page;
    }
    load(page) {
        if (typeof page === 'number')
            throw new Error('a page in a file was asked of a store without one');
        return page;
    }
}
/** What a book may take up in memory before its pages go to the disk: some ten thousand rows. */
const MEMORY_BYTES = (/* unused pure expression or super */ null && (4 * 1024 * 1024));
/** Keeps pages in memory as long as they are no more than some bytes, and the others in a file. */
class SpilledPages {
    #file;
    #left;
    /** @param memoryBytes that all pages in memory may take together */
    constructor(file, memoryBytes = MEMORY_BYTES) {
        this.#file = file;
        this.#left = memoryBytes;
    }
    keep(page) {
        const fits = page.length <= this.#left;
        if (fits)
            this.#left -= page.length;
        return fits ? page : this.#file.append(page);
    }
    load(page, room) {
        return loadPage(this.#file, page, room);
    }
}
/** Pages that another store has kept. */
class KeptPages {
    #file;
    /** @param file those that are not in memory are in */
    constructor(file) {
        this.#file = file;
    }
    keep() {
        throw new Error('nothing is added to pages that another store has kept');
    }
    load(page, room) {
        return loadPage(this.#file, page, room);
    }
}
function loadPage(file, page, room) {
    if (typeof page !== 'number')
        return page;
    const into = room();
    file.read(page, into);
    return into;
}

;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: ./build/compiled/shared/io/read-fully.js

/** Fills `into` with the bytes of an open file from there on. @throws where the file is shorter */
function readFully(file, at, into) {
    for (let done = 0; done < into.length;) {
        const read = (0,external_node_fs_namespaceObject.readSync)(file, into, done, into.length - done, at + done);
        if (read === 0)
            throw new Error('the file is shorter than what was written into it');
        done += read;
    }
}

;// CONCATENATED MODULE: ./build/compiled/shared/io/columns-thread/columns-worker.js





/** A thread that studies the columns of a portfolio. What it throws ends it, and who started it is told. */
external_node_worker_threads_namespaceObject.parentPort?.on('message', ({ task, descriptor }) => {
    const file = {
        read: (at, into) => {
            if (descriptor === undefined)
                throw new Error('a page is in a file that there is not');
            readFully(descriptor, at, into);
        },
    };
    external_node_worker_threads_namespaceObject.parentPort?.postMessage(studyColumns(restoredTask(task, new KeptPages(file))));
});

