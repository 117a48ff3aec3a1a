import { join } from 'node:path';
import { z } from 'zod';
import { ProviderError } from '../errors.ts';
import type { CommandResult } from '../ports/exec.ts';
import type { EngineTools, Python } from './tools.ts';

const answer = z.object({
  python: z.string(),
  base: z.string(),
  platform: z.string(),
  haute: z.string().nullable(),
});

export type Probe = { readonly python: Python } | { readonly why: string };

/**
 * Asks a Python which version it is and which Haute it has. Does not throw for one that is missing or broken: says why.
 * @param from where it was found, for people
 */
export async function probePython(
  tools: EngineTools,
  argv: readonly [string, ...string[]],
  from: string,
  signal: AbortSignal,
): Promise<Probe> {
  const result = await tryRun(tools, [...argv, join(tools.pythonDir, 'probe.py')], signal);
  if ('why' in result) return result;
  const said = /^haute-probe (.*)$/m.exec(result.stdout)?.[1];
  const parsed = answer.safeParse(said === undefined ? undefined : parseJson(said));
  if (!parsed.success) return { why: lastLine(result.stderr) || 'it does not answer as a Python does' };
  const { python: version, haute, base, platform } = parsed.data;
  return { python: { argv, from, version, haute: haute ?? undefined, base, platform } };
}

/** Runs a small program; one that is missing, fails or hangs is no error, but an answer. */
export async function tryRun(
  tools: EngineTools,
  argv: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<CommandResult | { readonly why: string }> {
  try {
    const result = await tools.exec.run({
      argv,
      cwd: tools.root,
      env: tools.env,
      timeoutMs: tools.timeouts.probe,
      signal,
    });
    if (result.timedOut) return { why: 'it does not end' };
    if (result.code !== 0) return { why: lastLine(result.stderr) || `it ended with exit code ${result.code}` };
    return result;
  } catch (error) {
    if (error instanceof ProviderError && error.problem.code.startsWith('EXEC-')) return { why: error.problem.what };
    throw error;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
