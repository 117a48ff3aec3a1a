import type { Command } from './cli.ts';
import type { Parts } from './compose.ts';
import { ConfigError } from './errors.ts';
import type { CommandLine } from './hosts/terminal/arguments.ts';
import { formatLocalStatus } from './targets/local/admin/format-status.ts';
import { formatLocalLogs, localLogs } from './targets/local/admin/logs.ts';
import { localStatus } from './targets/local/admin/status.ts';
import { formatStopped, localStop } from './targets/local/admin/stop.ts';

const DEFAULT_LINES = 50;

/** `haute-ci local status | logs | stop`: what runs on this machine for a project. */
export function localCommands(parts: Parts, print: (text: string) => void): readonly Command[] {
  const stateDir = (line: CommandLine): Promise<string> => parts.stateDir(line.flags.get('project')?.at(-1) ?? '.');
  const { exec, files, clock, redactor } = parts;
  return [
    {
      words: 'local status',
      flags: ['project'],
      async run(line) {
        const status = await localStatus({ stateDir: await stateDir(line), exec, files, clock });
        print(line.flags.has('json') ? `${JSON.stringify(status)}\n` : formatLocalStatus(status));
        return 0;
      },
    },
    {
      words: 'local logs',
      flags: ['project', 'deployment', 'lines'],
      async run(line) {
        const deployment = line.flags.get('deployment')?.at(-1);
        const redact = (text: string): string => redactor.text(text);
        print(
          formatLocalLogs(
            await localLogs({ stateDir: await stateDir(line), deployment, lines: lineCount(line), redact }),
          ),
        );
        return 0;
      },
    },
    {
      words: 'local stop',
      flags: ['project', 'purge'],
      async run(line) {
        const purge = line.flags.has('purge');
        print(formatStopped(await localStop({ stateDir: await stateDir(line), exec, files, clock, purge })));
        return 0;
      },
    },
  ];
}

function lineCount(line: CommandLine): number {
  const text = line.flags.get('lines')?.at(-1);
  if (text === undefined) return DEFAULT_LINES;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new ConfigError({
    code: 'INPUT-INVALID',
    what: `--lines is ${JSON.stringify(text)}`,
    fix: 'Give a whole number from 1 to 999999',
  });
}
