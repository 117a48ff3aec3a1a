import { ProviderError } from '../errors.ts';
import type { Answer, Answers } from '../release/answers.ts';
import type { JsonObject } from '../release/json.ts';
import type { QuoteRows } from '../release/quote-rows.ts';
import type { PatientSender } from './patient-sender.ts';

export interface LaneTools {
  readonly sender: Pick<PatientSender, 'send'>;
  readonly warn: (line: string) => void;
  /** Told that so many rows were too many for one request. */
  readonly tooMany: (rows: number) => void;
}

/** Groups as small as this are asked row by row: one row is cheap for a server, a batch has a fixed cost. */
const SINGLES = 8;
/** Failed batches that may be searched at one address for the rows that cause it. */
const SEARCHES = 1_000;
/**
 * Times that a part of a failed batch is sent before it is split: enough for a moment. A server that is gone for longer is
 * waited for once, with a row that it can price, and not again with each part.
 */
const TRIES_OF_A_PART = 3;
/** Rows that fail one by one before an address that never answered any is given up. */
const HOPELESS = 64;

/** Failures that say nothing about the rows: the caller, the address, or a server that is gone. */
const NOT_ABOUT_ROWS: ReadonlySet<string> = new Set(['ENDPOINT-DENIED', 'ENDPOINT-NOT-FOUND', 'ENDPOINT-UNREACHABLE']);
/** Failures of size, not of a row. */
const TOO_MANY: ReadonlySet<string> = new Set(['ENDPOINT-TOO-LARGE', 'ENDPOINT-TRUNCATED', 'ENDPOINT-TIMEOUT']);

/** One address of a comparison: gets the answers to a batch, down to the single rows that it cannot price. */
export class AddressLane {
  readonly #tools: LaneTools;
  #goodRow: JsonObject | undefined;
  #failures = 0;
  #searches = 0;

  constructor(tools: LaneTools) {
    this.#tools = tools;
  }

  /** One answer for each row, in their order. @throws ProviderError when the address cannot be worked with at all */
  async answers(rows: QuoteRows): Promise<Answers> {
    try {
      return await this.#send(rows);
    } catch (error) {
      return await this.#without(rows, await this.#aboutRows(rows, error));
    }
  }

  /** Of a part of a batch that failed. What is left when it comes down to one row is tried again after a server came back. */
  async #answersOfPart(rows: QuoteRows): Promise<Answers> {
    try {
      return await this.#send(rows, this.#goodRow && TRIES_OF_A_PART);
    } catch (failed) {
      const error = await this.#aboutRows(rows, failed);
      if (rows.length > 1 || !mayPass(error)) return await this.#without(rows, error);
    }
    try {
      return await this.#send(rows, TRIES_OF_A_PART);
    } catch (failed) {
      return await this.#without(rows, await this.#aboutRows(rows, failed));
    }
  }

  async #send(rows: QuoteRows, tries?: number): Promise<Answers> {
    const answers = await this.#tools.sender.send(rows, tries);
    this.#countAll(answers, rows);
    return answers;
  }

  /** The failure if the rows may be to blame. @throws it, if not */
  async #aboutRows(rows: QuoteRows, error: unknown): Promise<ProviderError> {
    if (!(error instanceof ProviderError) || NOT_ABOUT_ROWS.has(error.problem.code)) throw error;
    if (mayPass(error)) await this.#checkAlive(rows, error);
    return error;
  }

  async #without(rows: QuoteRows, error: ProviderError): Promise<Answers> {
    return rows.length === 1 ? [this.#failed(rows, error)] : await this.#search(rows, error);
  }

  async #search(rows: QuoteRows, error: ProviderError): Promise<Answers> {
    this.#searches += 1;
    if (this.#searches > SEARCHES) return rows.map(() => notSingledOut(error, rows.length));
    const tooMany = TOO_MANY.has(error.problem.code);
    if (tooMany) this.#tools.tooMany(rows.length);
    this.#tools.warn(`${rows.length} rows failed together and are split: ${error.problem.what}`);
    const size = rows.length <= SINGLES && !tooMany ? 1 : Math.ceil(rows.length / 2);
    const answers: Answer[] = [];
    for (let at = 0; at < rows.length; at += size) {
      for (const answer of await this.#answersOfPart(rows.slice(at, at + size))) answers.push(answer);
    }
    return answers;
  }

  /** Whether the rows are to blame or the server is just not there: it must still answer another row. */
  async #checkAlive(rows: QuoteRows, error: ProviderError): Promise<void> {
    const first = rows.at(0);
    const others = this.#goodRow ? [this.#goodRow] : [first, rows.at(rows.length / 2), rows.at(-1)];
    for (const row of others) {
      if (row === undefined || (rows.length === 1 && row === first)) continue;
      try {
        for (const answer of await this.#tools.sender.send([row])) if (answer.ok) this.#goodRow ??= row;
        return;
      } catch (other) {
        if (!(other instanceof ProviderError)) throw other;
      }
    }
    throw error;
  }

  #failed(rows: QuoteRows, error: ProviderError): Answer {
    const answer = { ok: false, error: error.problem.what, status: error.status } as const;
    this.#count(answer, rows, 0);
    return answer;
  }

  #countAll(answers: Answers, rows: QuoteRows): void {
    if (answers.columns) {
      this.#goodRow ??= rows.at(0);
      return;
    }
    let index = 0;
    for (const answer of answers) this.#count(answer, rows, index++);
  }

  #count(answer: Answer, rows: QuoteRows, index: number): void {
    if (answer.ok) {
      this.#goodRow ??= rows.at(index);
      return;
    }
    this.#failures += 1;
    if (this.#goodRow === undefined && this.#failures >= HOPELESS) throw hopeless(answer.error);
  }
}

/** Failures of a moment. A timeout is none: the same rows would take as long. */
function mayPass(error: ProviderError): boolean {
  return error.retryable && error.problem.code !== 'ENDPOINT-TIMEOUT';
}

function notSingledOut(error: ProviderError, together: number): Answer {
  const what = `one of ${together} rows that failed together and were not looked into any further: ${error.problem.what}`;
  return { ok: false, error: what, status: error.status };
}

function hopeless(error: string): ProviderError {
  return new ProviderError({
    code: 'ENDPOINT-PRICES-NOTHING',
    what: `an address priced none of the first ${HOPELESS} rows; the last one failed with: ${error}`,
    fix: 'Check that the portfolio has the columns that this release expects, and look at the log of the service',
  });
}
