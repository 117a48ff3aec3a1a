import type { ZodType, z } from 'zod';
import { ConfigError, GateFailure, Interrupted, messageOf, ProviderError } from '../errors.ts';
import type { ForgeTools } from './forge-tools.ts';
import { type Asked, shorten } from './refusal.ts';

/** A request on its way: what is asked for, of whom, and until when. */
export interface Question {
  readonly forge: string;
  readonly asked: Asked;
  readonly signal: AbortSignal;
}

/**
 * Asks until there is an answer or asking again makes no sense.
 * @param call makes the request; told the signal that ends it
 * @param explain turns what the client throws into one of our errors; undefined where nobody answered at all
 * @throws what `explain` made of it; ProviderError FORGE-TIMEOUT or FORGE-UNREACHABLE; Interrupted
 */
export function ask<T>(
  tools: ForgeTools,
  question: Question,
  call: (signal: AbortSignal) => Promise<T>,
  explain: (error: unknown) => Error | undefined,
): Promise<T> {
  return persist(tools, question.signal, () => askOnce(tools, question, call, explain));
}

/** Does something again until it succeeds, where it may be done again: an error says whether. */
export function persist<T>(tools: ForgeTools, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  return tools.retry(act, {
    signal,
    onRetry: (error, waitMs) => tools.note(`${error.problem.what}; asking again in ${Math.ceil(waitMs / 1000)} s`),
  });
}

/** One request, with its time limit. For what must not be done twice, behind a look whether it was done. */
export async function askOnce<T>(
  tools: ForgeTools,
  { forge, asked, signal }: Question,
  call: (signal: AbortSignal) => Promise<T>,
  explain: (error: unknown) => Error | undefined,
): Promise<T> {
  if (signal.aborted) throw new Interrupted();
  const deadline = AbortSignal.timeout(tools.timeoutMs);
  const either = AbortSignal.any([signal, deadline]);
  try {
    return await orAborted(call(either), either);
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    if (isOurs(error)) throw error;
    if (deadline.aborted)
      throw silence('FORGE-TIMEOUT', `${forge} took over ${tools.timeoutMs} ms when asked for ${asked.what}`, error);
    throw (
      explain(error) ??
      silence('FORGE-UNREACHABLE', `${forge} could not be asked for ${asked.what}: ${shorten(causeOf(error))}`, error)
    );
  }
}

/**
 * An answer as our type, or an error: what cannot be read is no answer.
 * @throws ProviderError FORGE-BAD-ANSWER, which asking again may cure: an answer can be cut off on its way
 */
export function readAnswer<S extends ZodType>(schema: S, data: unknown, forge: string, asked: Asked): z.output<S> {
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
  const problem = {
    code: 'FORGE-BAD-ANSWER',
    what: `the answer of ${forge} for ${asked.what} is cut off or not as its API says${where}: ${issue?.message ?? 'unreadable'}`,
    fix: 'Run the step again; if it stays, something between here and there changes the answers',
  };
  throw new ProviderError(problem, { retryable: true });
}

function isOurs(error: unknown): boolean {
  return [ConfigError, ProviderError, GateFailure, Interrupted].some((kind) => error instanceof kind);
}

/** A client that does not listen to the signal is left behind: what it does later is nobody's concern. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

function silence(code: string, what: string, cause: unknown): ProviderError {
  const fix = 'Check the network between the runner and the forge, then run the step again';
  return new ProviderError({ code, what, fix }, { retryable: true, cause });
}

/** The deepest message: clients wrap "fetch failed" around what happened. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? causeOf(cause) : messageOf(error);
}
