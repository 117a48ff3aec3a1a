import { type Problem, throwIfAny } from '../../errors.ts';

export interface LockedPackage {
  readonly version: string;
  /** Names of the packages that it cannot do without. */
  readonly needs: readonly string[];
}

/** Versions that were chosen together, by package name. */
export interface RuntimeLock {
  /** Where the versions come from, for people: `uv.lock`, or the list for one version of the engine. */
  readonly source: string;
  readonly packages: ReadonlyMap<string, LockedPackage>;
}

/** What every pricing service of Haute imports. The rest depends on its artifacts, and Haute says which. */
export const SCORING_RUNTIME = [
  'fastapi',
  'haute',
  'joblib',
  'msgspec',
  'numpy',
  'orjson',
  'packaging',
  'polars',
  'price-contour',
  'psutil',
  'pyarrow',
  'pydantic',
  'python-dotenv',
  'structlog',
  'uvicorn',
  'xxhash',
] as const;

/**
 * The packages by these names and all that they need, as `name==version`, sorted by name. Haute's own dependencies are
 * left out: they hold the editor and the training stacks, and a service needs neither.
 * @throws ConfigError LOCK-INCOMPLETE naming every package that the lock does not have
 */
export function requirementsOf(lock: RuntimeLock, names: readonly string[]): readonly string[] {
  const found = new Map<string, string>();
  const missing: string[] = [];
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    const locked = lock.packages.get(name);
    if (!locked) missing.push(name);
    found.set(name, locked?.version ?? '');
    if (name !== 'haute') open.push(...(locked?.needs ?? []));
  }
  throwIfAny(missing.sort().map((name) => incomplete(lock, name)));
  return [...found].map(([name, version]) => `${name}==${version}`).sort();
}

function incomplete({ source }: RuntimeLock, name: string): Problem {
  return {
    code: 'LOCK-INCOMPLETE',
    what: `the pricing service needs ${name}, which ${source} does not have`,
    fix: `Add it to the project's dependencies (\`uv add ${name}\`), so that the same version runs everywhere`,
  };
}
