import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type ExtractEvents, extract, type Header } from 'tar-stream';
import { ConfigError, GateFailure, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import { APPLICATION_DIR } from '../assemble/application-layer.ts';
import { onDisk } from '../assemble/on-disk.ts';

/**
 * Unpacks the layer of an application into a folder that is not there yet: files of the application and nothing else.
 * Links, devices and names that lead elsewhere are refused, as the layers that we make have none.
 * @param image for messages
 * @throws GateFailure ARTIFACT-CHANGED for a layer that cannot be read or holds anything else
 */
export async function unpackApplication(
  layer: string,
  folder: string,
  image: string,
  signal: AbortSignal,
): Promise<void> {
  const entries = extract();
  const seen = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  entries.on('entry', (header, entry, next) => {
    last = unpackEntry(header, entry);
    last.then(() => next(), next);
  });
  try {
    await onDisk(folder, async () => {
      mkdirSync(folder, { recursive: true });
      await pipeline(createReadStream(layer), createGunzip(), entries, { signal });
    });
  } catch (error) {
    throw isOurs(error) && !isUnreadable(error) ? error : unreadable(image, messageOf(causeOf(error)));
  } finally {
    // Whoever removes the folder next must not find it written to again.
    await Promise.allSettled([last]);
  }

  async function unpackEntry(header: Header, entry: ExtractEvents['entry'][1]): Promise<void> {
    // A file that ends in the middle is told by the entry too, to whoever listens or to nobody at all.
    entry.on('error', () => undefined);
    const path = pathInPackage(header);
    if (path === undefined || seen.has(path))
      throw unreadable(image, `its layer holds ${header.type} ${JSON.stringify(header.name)}`);
    if (header.type === 'directory') {
      entry.resume();
      return;
    }
    seen.add(path);
    const file = join(folder, path);
    // At once: an archive that ends meanwhile would end the entry before anybody listens, and nobody would be told.
    mkdirSync(dirname(file), { recursive: true });
    await pipeline(entry as AsyncIterable<Uint8Array>, createWriteStream(file, { flags: 'wx' }), { signal });
  }
}

/** Undefined for what is neither a file nor a folder of the application. */
function pathInPackage({ name, type }: Header): string | undefined {
  const parts = name.replace(/\/$/, '').split('/');
  const isPlain = parts[0] === APPLICATION_DIR && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isPlain || (type !== 'file' && type !== 'directory')) return undefined;
  return type === 'file' && parts.length < 2 ? undefined : parts.slice(1).join('/');
}

function isOurs(error: unknown): boolean {
  return [ConfigError, GateFailure, Interrupted, ProviderError].some((kind) => error instanceof kind);
}

/** What is wrong with the bytes and not with the disk: errors of the disk carry the number of the system's call. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  const cause = causeOf(error);
  return !(cause instanceof Error && 'errno' in cause && 'syscall' in cause);
}

function causeOf(error: unknown): unknown {
  return error instanceof ProviderError ? (error.cause ?? error) : error;
}

function unreadable(image: string, why: string): GateFailure {
  return new GateFailure({
    code: 'ARTIFACT-CHANGED',
    what: `the layer of the application in ${image} cannot be unpacked: ${why}`,
    fix: 'Find out who changed it; then run build-push and the steps after it again',
  });
}
