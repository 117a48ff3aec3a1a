import { expect, it } from 'vitest';
import { digestOf } from '../../release/digest.ts';
import type { AssembledImage } from '../assemble/image-input.ts';
import { LayersSeal } from '../dependencies/layers-seal.ts';
import type { ImageRequest } from './builder.ts';
import { type AssemblerTools, OciBuilder } from './oci.ts';

const BOTH = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux' as const, architecture }));

async function saidBy(seal: LayersSeal | undefined): Promise<readonly string[]> {
  const said: string[] = [];
  const tools = { seal, registry: { pushManifest: async () => undefined } } as unknown as AssemblerTools;
  const image = { digest: digestOf('image'), baseDigest: digestOf('base'), manifestBytes: 1 } as AssembledImage;
  const builder = new OciBuilder(tools, async () => image);
  const base = { text: 'python:3.11.9-slim' };
  await builder.build({
    platforms: BOTH,
    base,
    progress: (line: string) => said.push(line),
  } as unknown as ImageRequest);
  return said;
}

it('says once, however many platforms there are, that layers are not found again without a key, and how they are', async () => {
  const [first, ...others] = await saidBy(undefined);
  expect(first).toMatch(/^HAUTE_LAYERS_KEY is not set, .*openssl rand -hex 32.*docs\/images\.md#who-decides/);
  expect(others).toEqual(['linux/amd64', 'linux/arm64']);
  expect(await saidBy(new LayersSeal('k'.repeat(32)))).toEqual(['linux/amd64', 'linux/arm64']);
});
