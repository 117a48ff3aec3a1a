import { setTimeout as pause } from 'node:timers/promises';

const BETWEEN_QUOTES_MS = 150;

/** What callers of production saw while something happened behind it. */
export interface Seen {
  readonly answers: number;
  readonly failures: readonly string[];
  /** Answers by the first 12 digits of the release that gave them. */
  readonly byRelease: Readonly<Record<string, number>>;
}

const QUOTE = {
  quote_id: 'demo',
  driver_age: 42,
  licence_years: 20,
  ncd_years: 9,
  claims_5y: 0,
  annual_mileage: 9000,
  vehicle_brand: 'Ford',
  vehicle_power: 90,
  vehicle_age: 5,
  vehicle_value: 12000,
  area: 'C',
  fuel: 'petrol',
  region: 'North West',
};

/** Asks an address for quotes, one after another, until the body is done; counts what came back. */
export async function underLoad<T>(url: string, body: () => Promise<T>): Promise<{ value: T; seen: Seen }> {
  let running = true;
  const failures: string[] = [];
  const byRelease: Record<string, number> = {};
  const caller = async (): Promise<void> => {
    while (running) {
      const outcome = await ask(url);
      if (outcome.startsWith('!')) failures.push(outcome.slice(1));
      else byRelease[outcome] = (byRelease[outcome] ?? 0) + 1;
      await pause(BETWEEN_QUOTES_MS);
    }
  };
  const callers = [caller()];
  try {
    const value = await body();
    return { value, seen: await finish() };
  } finally {
    await finish();
  }

  async function finish(): Promise<Seen> {
    running = false;
    await Promise.all(callers);
    const answers = Object.values(byRelease).reduce((sum, count) => sum + count, 0);
    return { answers, failures, byRelease };
  }
}

/** The release that answered, or `!` and what went wrong. */
async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/quote`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(QUOTE),
      signal: AbortSignal.timeout(20_000),
    });
    await response.arrayBuffer();
    if (response.status !== 200) return `!status ${response.status}`;
    return response.headers.get('x-haute-release')?.slice(7, 19) ?? '!no release named';
  } catch (error) {
    return `!${error instanceof Error ? error.message : String(error)}`;
  }
}
