import type { Wire } from '../release/deployment.ts';

/** How one kind of service is spoken to. */
export interface WireShape {
  /** Appended to the address, unless it ends with it already. */
  readonly quotePath: string;
  /** Around the JSON array of rows. */
  readonly before: string;
  readonly after: string;
  /** Whether the service can answer with one JSON object a line. */
  readonly lines: boolean;
  /** Largest body the service takes by default, in bytes. */
  readonly maxBodyBytes: number;
}

const MIB = 1024 * 1024;

/**
 * Haute's container takes 8 MiB unless it was told otherwise.
 * @see https://docs.databricks.com/aws/en/machine-learning/model-serving/model-serving-limits 16 MB a request
 * @see https://docs.baseten.co/inference/errors 100 MB a request
 */
export const WIRE_SHAPES: Readonly<Record<Wire, WireShape>> = {
  haute: { quotePath: '/quote', before: '', after: '', lines: true, maxBodyBytes: 8 * MIB },
  databricks: {
    quotePath: '/invocations',
    before: '{"dataframe_records":',
    after: '}',
    lines: false,
    maxBodyBytes: 16 * 1000 * 1000,
  },
  baseten: { quotePath: '/predict', before: '', after: '', lines: true, maxBodyBytes: 100 * 1000 * 1000 },
};

/** Rows that a Haute container puts at most into a JSON answer; more come only as lines. */
export const ENVELOPE_ROW_LIMIT = 1000;

/** The address of an endpoint's path, whether or not the user wrote the path or a slash already. */
export function pathUnder(base: string, path: string): string {
  const url = new URL(base);
  const folder = url.pathname.replace(/\/+$/, '');
  url.pathname = folder.endsWith(path) ? folder : `${folder}${path}`;
  return url.href;
}
