import { Interrupted, ProviderError } from '../../shared/errors.ts';
import type { Command, CommandResult, Exec } from '../../shared/ports/exec.ts';

export type Program = (command: Command) => Partial<CommandResult> | Promise<Partial<CommandResult>>;

/** Programs that a test writes itself, by name or by whole command line; the longest that fits is run. */
export class FakeExec implements Exec {
  readonly programs = new Map<string, Program>();
  readonly commands: string[] = [];

  async run(command: Command): Promise<CommandResult> {
    if (command.signal.aborted) throw new Interrupted();
    const line = command.argv.join(' ');
    this.commands.push(line);
    const name = [...this.programs.keys()].filter((each) => line === each || line.startsWith(`${each} `));
    const program = this.programs.get(name.toSorted((a, b) => b.length - a.length)[0] ?? '');
    if (!program)
      throw new ProviderError({ code: 'EXEC-NOT-FOUND', what: `the program ${command.argv[0]} is not here`, fix: '' });
    return { code: 0, stdout: '', stderr: '', timedOut: false, ...(await program(command)) };
  }

  detach(): Promise<number> {
    throw new Error('nothing is left running by the engine');
  }
}

/** A Python as it answers when it is asked who it is. */
export function python(version: string, haute?: string): Program {
  const base = `/usr/bin/python${version}`;
  const said = { python: version, executable: base, base, platform: 'linux-x86_64', haute: haute ?? null };
  return () => ({ stdout: `haute-probe ${JSON.stringify(said)}\n` });
}
