import { Agent, type Dispatcher } from 'undici';
import type { Credential } from '../../shared/image/login/credentials.ts';
import { parseImageName } from '../../shared/image/registry/name.ts';
import { OciRegistry } from '../../shared/image/registry/oci-registry.ts';
import type { RegistryLimits } from '../../shared/image/registry/registry-tools.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { DEFAULT_RETRY, parseRetryAfter, retry } from '../../shared/io/retry.ts';
import type { BlobSource, StoredManifest } from '../../shared/ports/registry.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

export const signal = new AbortController().signal;

export interface TestClient {
  readonly registry: OciRegistry;
  readonly clock: FakeClock;
  /** Lines of the log. */
  readonly notes: string[];
  /** Waits between tries, in milliseconds. */
  readonly waits: number[];
  readonly masked: string[];
}

export interface ClientOptions {
  readonly login?: { readonly username: string; readonly password: string } | Credential;
  readonly limits?: Partial<RegistryLimits>;
  readonly insecure?: readonly string[];
  readonly dispatcher?: Dispatcher;
}

/** Small parts, so that small blobs have several. */
const LIMITS: RegistryLimits = { idleMs: 60_000, requestMs: 60_000, wholeBytes: 50_000, chunkBytes: 100_000 };

/** Our client, on a clock that does not wait. */
export function clientOf({
  login,
  limits = {},
  insecure = [],
  dispatcher = new Agent(),
}: ClientOptions = {}): TestClient {
  const clock = new FakeClock();
  const notes: string[] = [];
  const waits: number[] = [];
  const masked: string[] = [];
  const redactor = new Redactor();
  clock.onSleep = (_, ms) => void waits.push(ms);
  const credential: Credential | undefined =
    login === undefined ? undefined : 'kind' in login ? login : { kind: 'password', from: 'the test', ...login };
  const registry = new OciRegistry({
    dispatcher,
    credentials: { find: async () => credential },
    retry: (call, tools) => retry(DEFAULT_RETRY, { clock, random: () => 0.5, ...tools }, call),
    clock,
    retryAfterMs: (header) => parseRetryAfter(header, clock.now()),
    mask: (secret) => {
      masked.push(secret);
      redactor.add(secret);
    },
    redact: (text) => redactor.text(text),
    note: (line) => void notes.push(line),
    insecure,
    limits: { ...LIMITS, ...limits },
  });
  return { registry, clock, notes, waits, masked };
}

export function nameIn(host: string, repository = 'team/motor') {
  return parseImageName(`${host}/${repository}`).name;
}

/** Pushes an image whole. @returns bytes that were sent */
export async function pushImage(
  { registry }: Pick<TestClient, 'registry'>,
  name: ReturnType<typeof nameIn>,
  image: { readonly manifest: StoredManifest; readonly blobs: readonly BlobSource[] },
  tag?: string,
): Promise<number> {
  const sent = await Promise.all(image.blobs.map((blob) => registry.pushBlob(name, blob, { signal })));
  await registry.pushManifest(name, image.manifest, tag, { signal });
  return sent.reduce((sum, each) => sum + each, 0);
}
