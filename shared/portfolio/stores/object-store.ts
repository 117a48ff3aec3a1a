import type { Digest } from '../../release/digest.ts';

/** An object as it was at one moment, told apart from every other content of that name. */
export interface ObjectVersion {
  readonly bytes: number;
  /** What the store is given so that it answers with this content or not at all: an ETag, a generation. */
  readonly pin: string;
  /** Of the content, where the store keeps it. */
  readonly sha256: Digest | undefined;
  /** How the store names the content, for people: checksum, ETag, generation. */
  readonly name: string;
}

export interface ObjectPage {
  readonly keys: readonly string[];
  /** Where the next page starts; undefined after the last. */
  readonly next: string | undefined;
}

/** One bucket of an object store. Each call is one request, tried again while the store is busy, within its own time. */
export interface ObjectStore {
  /** @throws ConfigError PORTFOLIO-BUCKET, PORTFOLIO-DENIED, PORTFOLIO-CREDENTIALS, PORTFOLIO-REGION; ProviderError STORE-… */
  list(prefix: string, from: string | undefined, signal: AbortSignal): Promise<ObjectPage>;
  /** Undefined where there is no such object. */
  look(key: string, signal: AbortSignal): Promise<ObjectVersion | undefined>;
  /**
   * Bytes from start (included) to end (not included) of that version.
   * @returns undefined where the object is not that version any more
   */
  read(key: string, pin: string, start: number, end: number, signal: AbortSignal): Promise<Uint8Array | undefined>;
}
