import type { LockedPackage, RuntimeLock } from './runtime-lock.ts';

const LINE = /^([\w.-]+)==(\S+)(?:\s+# via (.+))?$/;

/**
 * Reads what `uv pip compile --annotation-style line` writes: `anyio==4.9.0  # via starlette, watchfiles`. What was asked
 * for by name has no `via`.
 * @param source where the text is from, for people
 */
export function parseCompiledLock(text: string, source: string): RuntimeLock {
  const packages = new Map<string, LockedPackage & { readonly needs: string[] }>();
  const parentsOf = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [, name, version, parents = ''] = LINE.exec(line) ?? [];
    if (name === undefined || version === undefined) continue;
    packages.set(name, { version, needs: [] });
    parentsOf.set(name, parents.split(', '));
  }
  for (const [name, parents] of parentsOf) {
    for (const parent of parents) packages.get(parent)?.needs.push(name);
  }
  return { source, packages };
}
