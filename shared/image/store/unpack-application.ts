import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type ExtractEvents, extract, type Header } from 'tar-stream';
import { GateFailure, messageOf, ProviderError } from '../../errors.ts';
import { APPLICATION_DIR, ENGINE_CACHE } from '../assemble/application-layer.ts';
import { isOurs, onDisk } from '../assemble/on-disk.ts';

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
    const refused = refusedName(error);
    throw isOurs(error) && refused === undefined ? error : unreadable(image, messageOf(refused ?? error));
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

/**
 * Undefined for what is neither a file nor a folder of the application. What is in Haute's notes is compared with nothing,
 * and would be believed; a backslash leads elsewhere on Windows.
 */
function pathInPackage({ name, type }: Header): string | undefined {
  const parts = name.replace(/\/$/, '').split('/');
  const isPlain = parts[0] === APPLICATION_DIR && parts.every((part) => !NOT_PLAIN.test(part));
  if (!isPlain || (type !== 'file' && type !== 'directory')) return undefined;
  if (type === 'file' && (parts.length < 2 || parts[1] === ENGINE_CACHE)) return undefined;
  return parts.slice(1).join('/');
}

const NOT_PLAIN = /^\.{0,2}$|\\/;

/** What the system says of names that cannot be there together, or at all: the layer is wrong, and not the disk. */
const OF_NAMES = ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'];

function refusedName(error: unknown): Error | undefined {
  if (!(error instanceof ProviderError) || !(error.cause instanceof Error) || !('code' in error.cause))
    return undefined;
  return OF_NAMES.includes(String(error.cause.code)) ? error.cause : undefined;
}

function unreadable(image: string, why: string): GateFailure {
  return new GateFailure({
    code: 'ARTIFACT-CHANGED',
    what: `the layer of the application in ${image} cannot be unpacked: ${why}`,
    fix: 'Find out who changed it; then run build-push and the steps after it again',
  });
}
