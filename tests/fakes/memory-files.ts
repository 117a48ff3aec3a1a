import { join } from 'node:path';
import type { FileDigest, FileDigests, Files } from '../../shared/ports/files.ts';
import { digestOf } from '../../shared/release/digest.ts';

/** A disk in memory, for tests that are about something else. */
export class MemoryFiles implements Files, FileDigests {
  readonly content = new Map<string, Uint8Array>();
  #temps = 0;

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.content.get(path);
  }
  async digest(path: string): Promise<FileDigest | undefined> {
    const bytes = await this.read(path);
    return bytes && { digest: digestOf(bytes), bytes: bytes.length };
  }
  async write(path: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    this.content.set(path, await bytesOf(content));
  }
  async list(dir: string): Promise<readonly string[]> {
    const below = [...this.content.keys()].filter((path) => path.startsWith(`${dir}/`));
    return below.map((path) => path.slice(dir.length + 1)).toSorted();
  }
  async copyTree(from: string, to: string): Promise<void> {
    for (const path of await this.list(from)) {
      const bytes = this.content.get(join(from, path));
      if (bytes) this.content.set(join(to, path), bytes);
    }
  }
  async remove(path: string): Promise<void> {
    for (const each of [...this.content.keys()])
      if (each === path || each.startsWith(`${path}/`)) this.content.delete(each);
  }
  async tempDir(prefix: string): Promise<string> {
    this.#temps += 1;
    return `/temp/${prefix}${this.#temps}`;
  }
  async size(path: string): Promise<number | undefined> {
    return this.content.get(path)?.length;
  }
  async realPath(path: string): Promise<string | undefined> {
    return (await this.list(path)).length > 0 || this.content.has(path) ? path : undefined;
  }
  text(path: string): string {
    return new TextDecoder().decode(this.content.get(path));
  }
}

async function bytesOf(content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  if (content instanceof Uint8Array) return content;
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}
