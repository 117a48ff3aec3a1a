import { createHash } from 'node:crypto';
import { createReadStream, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { packageList } from '../../shared/engine/package-digest.ts';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import { FILES, inputFor, packageIn, projectWithWheels, storeBase, toolsIn } from './workbench.ts';

/**
 * Puts an image together whose package has a file of so many bytes, nearly all of them zero, as a process of its own,
 * and tells what that took.
 *
 *     node assemble-large.ts PROJECT PACKAGE TEMP BYTES
 */
const [root = '', dir = '', temp = '', bytes = ''] = process.argv.slice(2);
const path = 'artifacts/model.bin';
const small = packageIn(dir, FILES);
const file = join(dir, path);
writeFileSync(file, 'begin');
truncateSync(file, Number(bytes));
writeSync(openSync(file, 'r+'), 'end', Number(bytes) - 3);
const hash = createHash('sha256');
for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece);
const digest = `sha256:${hash.digest('hex')}` as const;
const listed = small.files.map((each) => ({ mode: '0644', ...each }));
const files = [...listed, { path, mode: '0644', digest, bytes: Number(bytes) }];
writeFileSync(join(dir, 'package-files.json'), packageList(files));
const pkg = { ...small, files, digest: digestOf(readFileSync(join(dir, 'package-files.json'))) };

const registry = new MemoryRegistry();
await storeBase(registry);
const { layers } = await assembleImage(inputFor(pkg), toolsIn(registry, projectWithWheels(root), temp));
const megabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ megabytes, application: layers.at(-1) }));
