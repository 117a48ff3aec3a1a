import type { EnginePackage, ServePlan } from '../ports/engine.ts';
import type { Environment } from './environment.ts';
import { bytecodeDir } from './tools.ts';

/**
 * How a package is served: by the start program that it carries, in its own folder, with an environment of its pinned
 * requirements. Nothing of the project is named; `{port}` may be 0 for any free one, which the first line it prints
 * then names. It answers requests of one row and of many as root and as any other user, and outlives who starts it.
 */
export function servePlan(environment: Environment, pkg: EnginePackage, cacheDir: string): ServePlan {
  return {
    argv: [environment.python, 'haute_release_serve.py', '--host', '127.0.0.1', '--port', '{port}'],
    env: packagedEnv(cacheDir),
    cwd: pkg.dir,
  };
}

/** Environment of a packaged application. */
export function packagedEnv(cacheDir: string): Readonly<Record<string, string>> {
  return {
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
    PYTHONNOUSERSITE: '1',
    PYTHONPYCACHEPREFIX: bytecodeDir(cacheDir),
  };
}
