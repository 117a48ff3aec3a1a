import { z } from 'zod';
import { IMPACT_SCHEMA, IMPACT_SCHEMA_URL, impactJson } from '../../shared/impact/report/impact-json.ts';
import type { GeneratedFile } from './suite.ts';

/** The published JSON schema of `impact.json`: what the step checks every report against before it is written. */
export function emitSchemas(): readonly GeneratedFile[] {
  const { $schema, ...rest } = z.toJSONSchema(impactJson, {
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      // The only kind of value that JSON schema has no word for.
      if (zodSchema._zod.def.type === 'custom')
        Object.assign(jsonSchema, { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' });
    },
  });
  const about = {
    $schema,
    $id: IMPACT_SCHEMA_URL,
    title: IMPACT_SCHEMA,
    description:
      'What a change of rates does to a portfolio, as impact-report writes it. Percentages are 100 x (new - old) / |old|. New fields may come within a version; a field that changes its meaning or goes makes a new one.',
  };
  const content = `${JSON.stringify({ ...about, ...rest }, undefined, 2)}\n`;
  return [{ path: 'docs/schemas/haute.impact-1.schema.json', content }];
}
