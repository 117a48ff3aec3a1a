import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import { FILES, inputFor, packageIn, projectWithWheels, storeBase, toolsIn } from './workbench.ts';

/**
 * Puts the same image together as a process of its own, in folders that it is given, and tells its digests.
 *
 *     node assemble-once.js PROJECT PACKAGE TEMP
 */
const [root = '', dir = '', temp = ''] = process.argv.slice(2);
const registry = new MemoryRegistry();
await storeBase(registry);
// What compresses well, what does not, and more than is compressed at once.
const noise = Uint8Array.from({ length: 70_000 }, (_, n) => (Math.imul(n * n + 7, 0x9e3779b1) >>> 13) & 255);
const rates = Array.from({ length: 120_000 }, (_, n) => `${n},${(n * 7919) % 9973}\n`).join('');
// More than is compressed without threads.
const large = Buffer.alloc(11 * 1024 * 1024, rates);
const pkg = packageIn(dir, {
  ...FILES,
  'artifacts/model.bin': noise,
  'artifacts/rates.csv': rates,
  'artifacts/large.bin': large,
});
const { digest, layers, sbom, provenance } = await assembleImage(
  inputFor(pkg),
  toolsIn(registry, projectWithWheels(root), temp),
);
const maxRssBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(
  `${JSON.stringify({ node: process.version, maxRssBytes, same: { digest, layers, sbom, provenance } })}\n`,
);
