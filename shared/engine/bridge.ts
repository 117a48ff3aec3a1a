import { join } from 'node:path';
import { z } from 'zod';
import type { EngineOptions } from '../ports/engine.ts';
import { type Digest, isDigest } from '../release/digest.ts';
import type { JsonObject } from '../release/json.ts';
import { bridgeError, crashError } from './bridge-errors.ts';
import { bytecodeDir, type EngineTools, type Python } from './tools.ts';

const place = { file: z.string().nullable(), line: z.number().nullable(), column: z.number().nullable() };
const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));
const columns = z.record(z.string(), z.string());
const row = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;

/** What the bridge says, one JSON object a line. */
const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('warning'), text: z.string() }),
  z.object({ type: z.literal('needs'), distributions: z.array(z.string()) }),
  z.object({
    type: z.literal('resolved'),
    engine: z.object({ name: z.string(), version: z.string(), python: z.string() }),
    nodesKept: z.array(z.string()),
    nodesSkipped: z.array(z.string()),
    outputNode: z.string(),
    inputSchema: columns,
    outputSchema: columns,
    artifacts: z.array(z.object({ name: z.string(), bytes: z.number(), digest })),
  }),
  z.discriminatedUnion('ok', [
    z.object({ type: z.literal('answer'), ok: z.literal(true), row, ms: z.number() }),
    z.object({ type: z.literal('answer'), ok: z.literal(false), error: z.string(), ms: z.number() }),
  ]),
  z.object({
    type: z.literal('packaged'),
    version: z.string(),
    runtime: z.array(z.object({ name: z.string(), version: z.string(), here: z.string(), pinned: z.boolean() })),
  }),
  z.object({
    type: z.literal('error'),
    problems: z.array(z.object({ code: z.string(), what: z.string(), ...place })).min(1),
    traceback: z.string(),
  }),
]);

export type BridgeMessage = z.infer<typeof message>;
export type Message<T extends BridgeMessage['type']> = Extract<BridgeMessage, { type: T }>;

export interface BridgeRequest {
  readonly command: 'resolve' | 'score' | 'package';
  /** The environment is ours: when it lacks what loads an artifact, the answer is `needs`, and nothing else is done. */
  readonly ours: boolean;
  readonly root: string;
  readonly pipeline: string;
  readonly model: string;
  readonly outputFields: readonly string[] | null;
}

/**
 * Asks Haute one thing, in a process of its own, and returns all that the bridge said. `more`: the command's own arguments. What is printed on the way goes
 * to `progress` and is never read as an answer.
 * @throws ConfigError and ProviderError as `bridge-errors.ts` names them; Interrupted on the signal
 */
export async function askBridge(
  tools: EngineTools,
  python: Python,
  request: BridgeRequest,
  more: JsonObject,
  { signal, progress }: EngineOptions,
): Promise<readonly BridgeMessage[]> {
  const { exec, files, pythonDir, cacheDir, timeouts } = tools;
  const work = await files.tempDir('haute-engine-');
  const log: string[] = [];
  try {
    const replyFile = join(work, 'reply.jsonl');
    const result = await exec.run({
      argv: [...python.argv, join(pythonDir, 'bridge.py'), replyFile],
      cwd: request.root,
      env: { ...tools.env, ...BRIDGE_ENV, PYTHONPYCACHEPREFIX: bytecodeDir(cacheDir) },
      stdin: JSON.stringify({ ...request, ...more }),
      timeoutMs: timeouts.bridge,
      signal,
      onLine: (line) => {
        log.push(line);
        progress(line);
      },
    });
    const messages = readMessages(await files.read(replyFile));
    const error = messages?.find((each): each is Message<'error'> => each.type === 'error');
    if (error) throw bridgeError(error.problems, error.traceback);
    if (result.code !== 0 || messages === undefined) throw crashError(result.code, result.timedOut, log);
    return messages;
  } finally {
    await files.remove(work);
  }
}

/** Sets in the same order on every machine; compiled code is kept, even for a user who keeps none; no colours. */
const BRIDGE_ENV = {
  PYTHONHASHSEED: '0',
  PYTHONDONTWRITEBYTECODE: '',
  PYTHONUNBUFFERED: '1',
  PYTHONUTF8: '1',
  NO_COLOR: '1',
};

/** Undefined where the file is missing or not whole: the process ended before it could say everything. */
function readMessages(content: Uint8Array | undefined): readonly BridgeMessage[] | undefined {
  if (content === undefined) return undefined;
  try {
    const lines = new TextDecoder().decode(content).split('\n').filter(Boolean);
    return lines.map((line) => message.parse(JSON.parse(line)));
  } catch {
    return undefined;
  }
}

/** All messages of one kind. */
export function messagesOf<T extends BridgeMessage['type']>(
  messages: readonly BridgeMessage[],
  type: T,
): readonly Message<T>[] {
  return messages.filter((each): each is Message<T> => each.type === type);
}

/** The one message that a command ends with. */
export function resultOf<T extends BridgeMessage['type']>(messages: readonly BridgeMessage[], type: T): Message<T> {
  const [result] = messagesOf(messages, type);
  if (!result) throw crashError(0, false, []);
  return result;
}
