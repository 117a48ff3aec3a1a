import { beforeEach, describe, expect, it } from 'vitest';
import { FakeExec, type Program } from '../../tests/engine/fake-exec.ts';
import { MemoryFiles } from '../../tests/fakes/memory-files.ts';
import { ConfigError, Interrupted, ProviderError } from '../errors.ts';
import { askBridge, type BridgeRequest } from './bridge.ts';
import { DEFAULT_TIMEOUTS, type EngineTools, type Python } from './tools.ts';

const PYTHON: Python = {
  argv: ['python3'],
  from: 'python3',
  version: '3.11.2',
  haute: '0.6.0',
  base: '/usr/bin/python3',
  platform: 'linux-x86_64',
};
const REQUEST: BridgeRequest = {
  command: 'resolve',
  ours: false,
  root: '/p',
  pipeline: 'main.py',
  model: 'm',
  outputFields: null,
};

let exec: FakeExec;
let files: MemoryFiles;
let said: string[];

beforeEach(() => {
  exec = new FakeExec();
  files = new MemoryFiles();
  said = [];
});

/** An engine that writes this as its reply, and then ends as the program says. */
function ask(reply: string | undefined, program: Program = () => ({}), signal = new AbortController().signal) {
  exec.programs.set('python3', async (command) => {
    const [file] = command.argv.slice(-1);
    if (reply !== undefined && file !== undefined) await files.write(file, reply);
    return program(command);
  });
  const tools: EngineTools = {
    exec,
    files,
    root: '/p',
    env: { PATH: '/bin', TOKEN: 't' },
    pythonDir: '/suite',
    cacheDir: '/cache',
    timeouts: DEFAULT_TIMEOUTS,
  };
  return askBridge(tools, PYTHON, REQUEST, { quotes: [1] }, { signal, progress: (line) => said.push(line) });
}

const WARNING = '{"type":"warning","text":"careful"}\n';

function errorReply(...problems: readonly object[]): string {
  const all = problems.map((each) => ({ file: null, line: null, column: null, ...each }));
  return `${WARNING}${JSON.stringify({ type: 'error', problems: all, traceback: 'Traceback: boom' })}\n`;
}

describe('a question to the engine', () => {
  it('is answered by what the bridge writes, and by nothing that is printed', async () => {
    const answer = ask(WARNING, ({ onLine }) => {
      onLine?.('{"type":"warning","text":"printed"}', 'stdout');
      return { stdout: '{"type":"warning","text":"printed"}' };
    });
    expect(await answer).toEqual([{ type: 'warning', text: 'careful' }]);
    expect(said).toEqual(['{"type":"warning","text":"printed"}']);
  });

  it('is asked in the project, with the same order of everything on every machine and no bytecode beside the code', async () => {
    let seen: Parameters<Program>[0] | undefined;
    await ask(WARNING, (command) => {
      seen = command;
      return {};
    });
    expect(seen).toMatchObject({
      cwd: '/p',
      env: { TOKEN: 't', PYTHONHASHSEED: '0', PYTHONPYCACHEPREFIX: '/cache/bytecode', PYTHONDONTWRITEBYTECODE: '' },
      stdin: JSON.stringify({ ...REQUEST, quotes: [1] }),
    });
    expect(seen?.argv.slice(0, 2)).toEqual(['python3', '/suite/bridge.py']);
  });

  it('leaves nothing behind', async () => {
    await ask(WARNING);
    expect([...files.content.keys()]).toEqual([]);
  });

  it('that the user must correct says everything that is wrong, and where', async () => {
    const reply = errorReply(
      { code: 'PIPELINE-INVALID', what: 'it is not Python', file: 'main.py', line: 24, column: 10 },
      { code: 'PIPELINE-NOT-DEPLOYABLE', what: 'no output' },
    );
    const error = await ask(reply, () => ({ code: 1 })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toEqual([
      {
        code: 'PIPELINE-INVALID',
        what: 'it is not Python',
        fix: expect.any(String),
        place: { file: 'main.py', line: 24, column: 10 },
      },
      { code: 'PIPELINE-NOT-DEPLOYABLE', what: 'no output', fix: expect.any(String) },
    ]);
  });

  it.each([
    ['DISK-FULL', 'DISK-FULL', /cannot write/],
    ['ENGINE-OUT-OF-MEMORY', 'ENGINE-OUT-OF-MEMORY', /cannot write/],
    ['ENGINE-FAILED', 'ENGINE-FAILED', /the engine failed: cannot write\nTraceback: boom/],
    ['A-NEW-CODE', 'A-NEW-CODE', /cannot write/],
  ])('that fails for %s is no fault of the user', async (sent, code, what) => {
    const error = await ask(errorReply({ code: sent, what: 'cannot write' }), () => ({ code: 1 })).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).problem).toMatchObject({ code, what: expect.stringMatching(what), fix: /./ });
  });

  it.each<[string, string, string | undefined, Partial<{ code: number | null; timedOut: boolean }>, RegExp]>([
    ['was killed', 'ENGINE-KILLED', WARNING, { code: null }, /was killed; it last said:\nlast words/],
    ['hangs', 'ENGINE-TIMEOUT', undefined, { code: null, timedOut: true }, /did not end in time/],
    ['ends before it says a word', 'ENGINE-NO-ANSWER', undefined, { code: 2 }, /exit code 2 and no answer/],
    ['says half a word', 'ENGINE-NO-ANSWER', '{"type":"warn', { code: 0 }, /no answer/],
    ['says what nobody knows', 'ENGINE-NO-ANSWER', '{"type":"surprise"}', { code: 0 }, /no answer/],
  ])('to an engine that %s is a failure with its last words', async (_, code, reply, result, what) => {
    const ended = ask(reply, ({ onLine }) => {
      onLine?.('last words', 'stderr');
      return result;
    });
    const error = await ended.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).problem).toMatchObject({ code, what: expect.stringMatching(what) });
    expect([...files.content.keys()]).toEqual([]);
  });

  it('ends with the one who asked', async () => {
    await expect(ask(WARNING, () => ({}), AbortSignal.abort())).rejects.toBeInstanceOf(Interrupted);
  });
});
