import { join, resolve } from 'node:path';
import type { Command } from './cli.ts';
import type { Parts } from './compose.ts';
import { ConfigError } from './errors.ts';
import type { CommandLine } from './hosts/terminal/arguments.ts';
import { decodeRelease } from './release/codec.ts';
import { describeRelease, type Release } from './release/release.ts';

/** `haute-ci release show | verify`: the release file of a project. */
export function releaseCommands(
  { files, cwd }: Pick<Parts, 'files' | 'cwd'>,
  print: (text: string) => void,
): readonly Command[] {
  return [
    {
      words: 'release show',
      flags: ['project', 'release'],
      async run(line) {
        const release = await read(line);
        print(line.flags.has('json') ? `${JSON.stringify(release)}\n` : show(release));
        return 0;
      },
    },
    {
      words: 'release verify',
      flags: ['project', 'release'],
      async run(line) {
        const { id, evidence } = await read(line);
        print(`release ${id}: the id matches the core, and all ${evidence.length} pieces of evidence hold\n`);
        return 0;
      },
    },
  ];

  async function read(line: CommandLine): Promise<Release> {
    const project = line.flags.get('project')?.at(-1) ?? '.';
    const named = line.flags.get('release')?.at(-1);
    const file = named === undefined ? join(resolve(cwd, project), '.haute', 'release.json') : resolve(cwd, named);
    const bytes = await files.read(file);
    if (bytes) return decodeRelease(new TextDecoder().decode(bytes), file);
    throw new ConfigError({
      code: 'RELEASE-MISSING',
      what: `there is no release file ${file}`,
      fix: 'Run build-push first, or name the file with --release',
    });
  }
}

function show(release: Release): string {
  const { core } = release;
  const facts = [
    ['release', release.id],
    ['commit', core.commit ?? 'not a git checkout'],
    ['target', core.target],
    ['package', core.packageDigest],
    ['engine', `${core.engine.name} ${core.engine.version}`],
  ];
  const evidence = release.evidence.map(
    ({ at, kind, verdict, facts: figures }) =>
      `  ${at}  ${kind.padEnd(12)} ${verdict.padEnd(12)} ${JSON.stringify(figures)}`,
  );
  return [
    describeRelease(release),
    ...facts.map(([name = '', value]) => `  ${name.padEnd(10)}${value}`),
    'evidence:',
    ...evidence,
    '',
  ].join('\n');
}
