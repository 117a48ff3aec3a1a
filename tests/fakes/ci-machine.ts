import type { CiHostOptions } from '../../shared/hosts/ci-host.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { secretForms } from '../../shared/io/secret-forms.ts';

/** The machine of a CI job in memory: standard output, files, and a clock that stands still. */
export interface CiMachine {
  readonly options: CiHostOptions;
  readonly files: Map<string, string>;
  /** Standard output so far. */
  stdout(): string;
  /** Everything that a person may get to see: standard output and the files written. */
  seen(): string;
}

export function ciMachine(env: Readonly<Record<string, string>>): CiMachine {
  const files = new Map<string, string>();
  let stdout = '';
  let ids = 0;
  const options: CiHostOptions = {
    env,
    stdout: { write: (text) => (stdout += text) },
    files: {
      read: async (path) => {
        const text = files.get(path);
        return text === undefined ? undefined : new TextEncoder().encode(text);
      },
      write: async (path, content) => {
        files.set(path, typeof content === 'string' ? content : new TextDecoder().decode(content as Uint8Array));
      },
    },
    append: async (path, text) => {
      files.set(path, (files.get(path) ?? '') + text);
    },
    clock: { now: () => Date.parse('2026-11-21T09:00:00Z') },
    redactor: new Redactor(),
    secretForms,
    randomId: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    },
    cwd: '/build/pricing',
  };
  return { options, files, stdout: () => stdout, seen: () => [stdout, ...files.values()].join('\n') };
}
