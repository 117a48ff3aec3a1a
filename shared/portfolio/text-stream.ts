import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { streamFile } from './file-source.ts';
import { portfolioError } from './portfolio-errors.ts';
import type { NamedFile } from './portfolio-file.ts';

/** The bytes of a text file, unpacked where its name ends with `.gz`. Errors come out of the stream. */
export function textStream(named: NamedFile, signal: AbortSignal): Readable {
  const file = streamFile(named, signal);
  if (!/\.gz$/i.test(named.path)) return file;
  const unpacked = createGunzip({ chunkSize: 1 << 18 });
  pipeline(file, unpacked, () => undefined);
  return unpacked;
}

/** UTF-8 as text. @throws ConfigError PORTFOLIO-NOT-UTF8, as another character set would quietly make other names */
export async function* utf8Text(stream: AsyncIterable<Uint8Array>, file: string): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw portfolioError('PORTFOLIO-NOT-UTF8', 'the file is not UTF-8 text', 'Save the file as UTF-8', { file });
    }
  };
  for await (const chunk of stream) yield decode(chunk);
  yield decode();
}

/** Whole lines without their ends, in groups as they come. */
export async function* linesOf(text: AsyncIterable<string>): AsyncIterable<readonly string[]> {
  let rest = '';
  for await (const part of text) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [rest];
}
