import { ConfigError, messageOf } from '../../errors.ts';
import { IMPACT_SCHEMA, type ImpactJson, impactJson } from './impact-json.ts';

/** The text of `impact.json`: indented for people, the same bytes for the same report. */
export function encodeImpact(report: ImpactJson): string {
  return `${JSON.stringify(impactJson.parse(report), undefined, 2)}\n`;
}

/** @throws ConfigError IMPACT-BROKEN when the text is no impact report of this version */
export function decodeImpact(text: string, file: string): ImpactJson {
  const parsed = impactJson.safeParse(parse(text, file));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw broken(file, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(file, messageOf(error));
  }
}

function broken(file: string, why: string): ConfigError {
  return new ConfigError({
    code: 'IMPACT-BROKEN',
    what: `this is not an impact report (${IMPACT_SCHEMA}): ${why}`,
    fix: 'Run impact-report again and do not edit its files',
    place: { file },
  });
}
