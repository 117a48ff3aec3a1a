import { configSchema, readAs } from '../assemble/manifest-schema.ts';

/** Labels of an image, from its configuration; none where it has none or is none. */
export function readLabels(config: Uint8Array): Readonly<Record<string, string>> {
  return readAs(configSchema, config)?.config?.Labels ?? {};
}
