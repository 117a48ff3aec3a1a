import { Agent, request } from 'node:http';

export interface Seen {
  /** When the answer was complete, on the clock of `performance.now()`. */
  readonly at: number;
  readonly startedAt: number;
  readonly status: number;
  /** Deployment that answered; the error where there was no answer. */
  readonly by: string;
}

/** Callers that ask for a quote again and again, each over a connection that it keeps, until they are told to stop. */
export class Load {
  readonly seen: Seen[] = [];
  readonly #url: string;
  readonly #agent: Agent;
  readonly #callers: Promise<void>[];
  #isOver = false;

  constructor(url: string, callers: number, path = '/quote') {
    this.#url = `${url}${path}`;
    this.#agent = new Agent({ keepAlive: true, maxSockets: callers });
    this.#callers = Array.from({ length: callers }, () => this.#call());
  }

  async stop(): Promise<readonly Seen[]> {
    this.#isOver = true;
    await Promise.all(this.#callers);
    this.#agent.destroy();
    return this.seen;
  }

  /** Resolves when so many more answers have come. */
  async more(answers: number): Promise<void> {
    const goal = this.seen.length + answers;
    while (this.seen.length < goal) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async #call(): Promise<void> {
    while (!this.#isOver) {
      const startedAt = performance.now();
      const { status, by } = await post(this.#url, '{"area":"A"}', this.#agent);
      this.seen.push({ startedAt, at: performance.now(), status, by });
    }
  }
}

/** Answers that were not 200, or none. */
export function failed(seen: readonly Seen[]): readonly Seen[] {
  return seen.filter(({ status }) => status !== 200);
}

function post(url: string, body: string, agent: Agent): Promise<Pick<Seen, 'status' | 'by'>> {
  return new Promise((resolve) => {
    const asked = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (answer) => {
      answer.resume();
      answer.once('error', (error) => resolve({ status: 0, by: error.message }));
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, by: String(answer.headers['x-haute-deployment']) }),
      );
    });
    asked.once('error', (error) => resolve({ status: 0, by: error.message }));
    asked.end(body);
  });
}
