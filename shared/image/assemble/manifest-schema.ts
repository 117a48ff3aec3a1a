import { z } from 'zod';
import type { Descriptor } from '../../ports/registry.ts';
import { type Digest, isDigest } from '../../release/digest.ts';

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'is not a sha256 digest');
const platform = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });
const descriptor = z.object({
  mediaType: z.string(),
  digest,
  size: z.int().min(0),
  annotations: z.record(z.string(), z.string()).optional(),
  platform: platform.optional(),
}) as unknown as z.ZodType<Descriptor>;

export const indexSchema = z.object({ manifests: z.array(descriptor) });
export const manifestSchema = z.object({
  artifactType: z.string().optional(),
  config: descriptor,
  layers: z.array(descriptor),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** What the new image takes over of a base's configuration. How the base is started is none of it. */
export const configSchema = z.object({
  architecture: z.string(),
  os: z.string(),
  variant: z.string().optional(),
  'os.version': z.string().optional(),
  config: z
    .object({
      Env: z.array(z.string()).nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
  rootfs: z.object({ diff_ids: z.array(digest) }),
  history: z.array(z.record(z.string(), z.json())).nullish(),
});
export type BaseConfig = z.infer<typeof configSchema>;

/** The value of a JSON document, or undefined where it is not of that shape. */
export function readAs<T>(schema: z.ZodType<T>, bytes: Uint8Array): T | undefined {
  try {
    return schema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data;
  } catch {
    return undefined;
  }
}
