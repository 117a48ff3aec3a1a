import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, Interrupted } from '../errors.ts';
import type { Command } from '../ports/exec.ts';
import { NodeExec } from './node-exec.ts';
import { Redactor } from './redact.ts';

const ENV = { PATH: process.env.PATH ?? '' };
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'haute-exec-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function exec(redactor = new Redactor()): NodeExec {
  return new NodeExec(redactor, { graceMs: 200 });
}

function command(argv: Command['argv'], over: Partial<Command> = {}): Command {
  return { argv, cwd: dir, env: ENV, timeoutMs: 30_000, signal: new AbortController().signal, ...over };
}

/** A shell as the program, with the script as one argument: only tests need one. */
function script(text: string, over: Partial<Command> = {}): Command {
  return command(['sh', '-c', text], over);
}

/** A Node program that is not this one. */
function program(text: string, over: Partial<Command> = {}): Command {
  return command([process.execPath, '-e', text], over);
}

/** True for a process that runs; one that has ended and was not collected yet does not. */
function alive(pid: number): boolean {
  return /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    if (tries > 500) throw new Error('it never happened');
    await delay(10);
  }
}

describe('a command', () => {
  it('gives its exit code and both outputs, apart', async () => {
    const result = await exec().run(script('echo out; echo err >&2; exit 3'));
    expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n', timedOut: false });
  });

  it('gets its arguments as they are, never through a shell', async () => {
    const args = ['$HOME', '`id`', '; exit 9', 'a b', '*', '', '"'] as const;
    const result = await exec().run(
      command([process.execPath, '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...args]),
    );
    expect(JSON.parse(result.stdout)).toEqual(args);
  });

  it('gets the environment it is given and nothing else', async () => {
    const result = await exec().run(command(['env'], { env: { ...ENV, ONLY: 'this' } }));
    expect(result.stdout.trim().split('\n').sort()).toEqual(['ONLY=this', `PATH=${ENV.PATH}`]);
  });

  it('runs in its folder and reads its standard input', async () => {
    expect((await exec().run(script('pwd; cat', { stdin: 'quote' }))).stdout).toBe(`${dir}\nquote`);
  });

  it('has an empty standard input where none is given', async () => {
    expect(
      await exec()
        .run(command(['cat']))
        .then((result) => result.code),
    ).toBe(0);
  });

  it('may end without reading its input', async () => {
    expect(await exec().run(script('exit 4', { stdin: 'x'.repeat(1_000_000) }))).toMatchObject({ code: 4 });
  });

  it('gives no exit code when a signal ended it', async () => {
    expect(await exec().run(script('kill -9 $$'))).toMatchObject({ code: null, timedOut: false });
  });

  it('keeps head and tail of an output over its bound, and says how much is missing', async () => {
    const result = await exec().run(
      program('process.stdout.write("a".repeat(500_000) + "z".repeat(500_000))', { maxOutputBytes: 1_000 }),
    );
    expect(result.stdoutOmittedBytes).toBe(999_000);
    expect(result.stdout).toBe(`${'a'.repeat(500)}\n… 999000 bytes left out …\n${'z'.repeat(500)}`);
  });

  it('tells its lines as they come, redacted, wherever the secret is cut into chunks', async () => {
    const redactor = new Redactor();
    redactor.add('secret-token');
    const lines: string[] = [];
    const onLine: Command['onLine'] = (line, stream) => lines.push(`${stream}: ${line}`);
    const text = `
      const wait = () => new Promise((done) => setTimeout(done, 30));
      process.stdout.write('a secret-'); await wait();
      process.stdout.write('token b\\nlast'); process.stderr.write('secret-token\\n');`;
    const result = await exec(redactor).run(command([process.execPath, '--input-type=module', '-e', text], { onLine }));
    expect(lines.sort()).toEqual(['stderr: ***', 'stdout: a *** b', 'stdout: last']);
    expect(result.stdout).toBe('a secret-token b\nlast');
  });

  it('shows no part of a secret where a line is too long to be shown whole', async () => {
    const redactor = new Redactor();
    redactor.add('secret-token');
    const lines: string[] = [];
    const long = 'process.stdout.write("x".repeat(64 * 1024 - 6) + "secret-token" + "y".repeat(100_000))';
    await exec(redactor).run(program(long, { onLine: (line) => lines.push(line) }));
    expect(lines).toEqual([`${'x'.repeat(64 * 1024 - 6)}***`]);
  });
});

describe('a command that does not start', () => {
  it.each<[string, string, () => Command]>([
    ['a program that is not there', 'EXEC-NOT-FOUND', () => command(['no-such-program-here'])],
    ['a path that is not there', 'EXEC-NOT-FOUND', () => command([join(dir, 'nothing')])],
    [
      'a program in a folder that is not there',
      'EXEC-NO-FOLDER',
      () => command(['true'], { cwd: join(dir, 'nowhere') }),
    ],
    ['a file that is no program', 'EXEC-DENIED', () => command([plainFile()])],
    ['an argument that no system takes', 'EXEC-FAILED', () => command(['true', 'a\0b'])],
  ])('%s is %s', async (_, code, make) => {
    await expect(exec().run(make())).rejects.toMatchObject({ name: 'ProviderError', problem: { code } });
    await expect(exec().detach(make(), join(dir, 'log'))).rejects.toMatchObject({
      name: 'ProviderError',
      problem: { code },
    });
  });

  it('names the program, never its arguments', async () => {
    const failure = exec().run(command(['no-such-program-here', '--password=hunter2']));
    await expect(failure).rejects.toThrow(/no-such-program-here/);
    await expect(failure).rejects.not.toThrow(/hunter2/);
  });

  function plainFile(): string {
    const path = join(dir, 'plain');
    writeFileSync(path, 'text');
    chmodSync(path, 0o644);
    return path;
  }
});

describe('a command that takes too long', () => {
  it('is asked to end, and has no exit code even when it then exits with 0', async () => {
    const polite =
      'process.on("SIGTERM", () => { console.log("bye"); process.exit(0) }); console.log("up"); setInterval(() => {}, 1000)';
    expect(await exec().run(program(polite, { timeoutMs: 700 }))).toEqual({
      code: null,
      stdout: 'up\nbye\n',
      stderr: '',
      timedOut: true,
    });
  });

  it('is killed with all it started when it does not listen', async () => {
    const stubborn = `trap "" TERM; sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' & echo $$; wait; while :; do sleep 0.05; done`;
    const result = await exec().run(script(stubborn, { timeoutMs: 500 }));
    const pids = result.stdout.trim().split('\n').map(Number);
    expect(result.timedOut).toBe(true);
    expect(pids).toHaveLength(2);
    await until(() => !pids.some(alive));
  });

  it('may take longer than the longest timer', async () => {
    expect(await exec().run(script('exit 0', { timeoutMs: 40 * 86_400_000 }))).toMatchObject({
      code: 0,
      timedOut: false,
    });
  });
});

describe('a command that leaves a process behind', () => {
  it('ends all the same, and the process with it', async () => {
    const result = await exec().run(script('sleep 60 & echo $!; exit 5'));
    expect(result.code).toBe(5);
    await until(() => !alive(Number(result.stdout)));
  });

  it('is killed when this process exits in the middle of it', async () => {
    const url = (name: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, name)).href);
    const parent = `
      const { NodeExec } = await import(${url('node-exec.ts')});
      const { Redactor } = await import(${url('redact.ts')});
      const onLine = (pid) => { console.log(pid); process.exit(0); };
      const rest = { cwd: '/', env: process.env, timeoutMs: 60_000, signal: new AbortController().signal };
      await new NodeExec(new Redactor()).run({ argv: ['sh', '-c', 'echo $$; sleep 60'], onLine, ...rest });`;
    const result = await exec().run(command([process.execPath, '--input-type=module', '-e', parent]));
    expect(Number(result.stdout)).toBeGreaterThan(1);
    await until(() => !alive(Number(result.stdout)));
  });
});

describe('a command that is cancelled', () => {
  it('does not start when it is cancelled already', async () => {
    const marker = join(dir, 'ran');
    await expect(exec().run(script(`touch ${marker}`, { signal: AbortSignal.abort() }))).rejects.toThrow(Interrupted);
    expect(() => statSync(marker)).toThrow();
  });

  it('is ended with all it started, and the caller told', async () => {
    const stop = new AbortController();
    let pid = 0;
    const onLine = (line: string) => {
      pid = Number(line);
      stop.abort();
    };
    const running = exec().run(script('sh -c "echo \\$\\$; sleep 60"; true', { signal: stop.signal, onLine }));
    await expect(running).rejects.toThrow(Interrupted);
    await until(() => !alive(pid));
  });
});

describe('a detached process', () => {
  const started: number[] = [];
  afterEach(() => {
    for (const pid of started.splice(0)) if (alive(pid)) process.kill(pid, 'SIGKILL');
  });

  it('writes both outputs to a log that only its owner reads, has no input, and a session of its own', async () => {
    const log = join(dir, 'logs', 'server.log');
    const text = 'ps -o pid=,sid= -p $$; cat; echo err >&2';
    const pid = await exec().detach({ argv: ['sh', '-c', text], cwd: dir, env: ENV }, log);
    await until(() => !alive(pid));
    expect(readFileSync(log, 'utf8').trim().split(/\s+/)).toEqual([String(pid), String(pid), 'err']);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('adds to a log that is there, and closes it to others', async () => {
    const log = join(dir, 'server.log');
    writeFileSync(log, 'old\n', { mode: 0o644 });
    const pid = await exec().detach({ argv: ['echo', 'new'], cwd: dir, env: ENV }, log);
    await until(() => !alive(pid));
    expect(readFileSync(log, 'utf8')).toBe('old\nnew\n');
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('outlives the process that started it, even one that is killed', async () => {
    const url = (name: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, name)).href);
    const parent = `
      const { NodeExec } = await import(${url('node-exec.ts')});
      const { Redactor } = await import(${url('redact.ts')});
      const command = { argv: ['sleep', '60'], cwd: '/', env: process.env };
      console.log(await new NodeExec(new Redactor()).detach(command, ${JSON.stringify(join(dir, 'log'))}));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', parent], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    started.push(pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(alive(pid)).toBe(true);
  });

  it('does not write its log through a symbolic link', async () => {
    const elsewhere = join(dir, 'elsewhere');
    writeFileSync(elsewhere, 'precious');
    symlinkSync(elsewhere, join(dir, 'log'));
    const start = exec().detach({ argv: ['echo', 'x'], cwd: dir, env: ENV }, join(dir, 'log'));
    await expect(start).rejects.toMatchObject({ problem: { code: 'DISK-LINK' } });
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
  });

  it('does not start when its log cannot be written', async () => {
    mkdirSync(join(dir, 'log'));
    const start = exec().detach({ argv: ['touch', join(dir, 'ran')], cwd: dir, env: ENV }, join(dir, 'log'));
    await expect(start).rejects.toMatchObject({ problem: { code: 'DISK-WRONG-KIND' } });
    await expect(start).rejects.not.toThrow(ConfigError);
    expect(() => statSync(join(dir, 'ran'))).toThrow();
  });
});
