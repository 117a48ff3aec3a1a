import { z } from 'zod';
import { type Digest, isDigest } from '../../release/digest.ts';

/** Bump the number when a field changes its meaning or goes; new fields may come without. */
export const IMPACT_SCHEMA = 'haute.impact/1';
/** Where the schema is published, for editors and for other programs. */
export const IMPACT_SCHEMA_URL =
  'https://raw.githubusercontent.com/haute/deploy/main/docs/schemas/haute.impact-1.schema.json';

const count = z.int().min(0);
const figure = z.number();
/** Null where there is nothing to divide by, or nothing to measure. */
const perhaps = z.number().nullable();
const interval = z.tuple([z.number(), z.number()]).nullable();
const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'is not a sha256 digest');
const state = z.enum(['quoted', 'declined', 'error']);
const states = z.strictObject({ quoted: count, declined: count, error: count });

const spread = {
  median_change_pct: perhaps,
  p1: perhaps,
  p5: perhaps,
  p25: perhaps,
  p75: perhaps,
  p95: perhaps,
  p99: perhaps,
};

const extremeRow = z
  .strictObject({ row: z.string(), change_pct: figure, production: figure, staging: figure })
  .nullable();

const address = z.strictObject({
  url: z.string(),
  /** As the address itself says; null where it does not. */
  release_id: z.string().nullable(),
  package_digest: z.string().nullable(),
});

const output = z.strictObject({
  name: z.string(),
  rows: count,
  changed: count,
  increased: count,
  decreased: count,
  mean_change_pct: perhaps,
  ...spread,
  max_increase_pct: perhaps,
  max_decrease_pct: perhaps,
  highest: extremeRow,
  lowest: extremeRow,
  staging_mean: perhaps,
  production_mean: perhaps,
  staging_total: perhaps,
  production_total: perhaps,
  total_change: perhaps,
  total_change_pct: perhaps,
  zero_baseline: count,
  zero_baseline_changed: count,
  only_staging: count,
  only_production: count,
  weighted: z.array(z.strictObject({ by: z.string(), mean_change_pct: perhaps, ...spread })),
  intervals: z.strictObject({ mean_change_pct: interval, total_change_pct: interval }).nullable(),
});

const band = z.strictObject({
  kind: z.enum(['decrease', 'unchanged', 'increase', 'zero-baseline']),
  from_pct: perhaps,
  to_pct: perhaps,
  rows: count,
  share_pct: figure,
  production_total: figure,
  premium_share_pct: perhaps,
  staging_total: figure,
});

const value = z.union([z.string(), z.number(), z.null()]);
/** `low` and `high` are both included; `open` says that there is no such bound. */
const condition = z.strictObject({
  column: z.string(),
  low: value,
  high: value,
  open_low: z.boolean(),
  open_high: z.boolean(),
});

const groupFigures = {
  rows: count,
  rows_share_pct: figure,
  premium_share_pct: perhaps,
  mean_change_pct: perhaps,
  total_change: figure,
  total_change_pct: perhaps,
  production_mean: figure,
  staging_mean: figure,
};

const segment = z.strictObject({
  direction: z.enum(['increase', 'decrease']),
  conditions: z.array(condition),
  score: figure,
  ...groupFigures,
  parent: z.strictObject({ conditions: z.array(condition), ...groupFigures }).nullable(),
});

const gate = z.strictObject({
  name: z.enum(['baseline', 'min_scored', 'mean_change', 'premium_change', 'rows_over', 'quotability']),
  verdict: z.enum(['pass', 'warn', 'fail', 'inconclusive']),
  /** In percent, as the limits are. */
  value: perhaps,
  limit: perhaps,
  warn: perhaps,
  fail: perhaps,
  interval,
  reason: z.string(),
  rows: z.array(
    z.strictObject({
      row: z.string(),
      change_pct: perhaps,
      production: perhaps,
      staging: perhaps,
      what: z.string().nullable(),
    }),
  ),
});

/** The impact report as data: `impact.json`. Percentages are 100 x (new - old) / |old|. */
export const impactJson = z.strictObject({
  $schema: z.literal(IMPACT_SCHEMA_URL),
  schema: z.literal(IMPACT_SCHEMA),
  verdict: z.enum(['pass', 'warn', 'fail', 'inconclusive', 'error']),
  /** What the policy makes of a failed gate: `warn` has made the verdict a warning, `approve` lets an approver accept it. */
  on_fail: z.enum(['block', 'approve', 'warn']),
  /** `none`: no release serves production yet, and staging alone is described. */
  baseline: z.enum(['production', 'none']),
  subject: z.strictObject({
    project: z.string(),
    dataset: z.strictObject({
      path: z.string(),
      /** `version`: how an object store names the content; `digest` is of these words then, not of the content. */
      files: z.array(z.strictObject({ path: z.string(), bytes: count, digest, version: z.string().optional() })),
    }),
    /** Null where rows are paired by position. */
    key: z.string().nullable(),
    staging: address,
    production: address.nullable(),
  }),
  /** Null where every row of the portfolio was scored. */
  sample: z.strictObject({ rows: count, of: count, confidence_pct: figure, seed: count }).nullable(),
  rows: z.strictObject({
    total: count,
    scored: count,
    failed: count,
    unpaired: count,
    failed_staging: count,
    failed_production: count,
    without_key: count,
    repeated_key: count,
    without_answer: count,
    extra_answers_staging: count,
    extra_answers_production: count,
  }),
  /** Name of the first output; null where no row was answered. */
  premium: z.string().nullable(),
  outputs: z.array(output),
  /** Of the premium; empty without a baseline. */
  bands: z.array(band),
  quotability: z.strictObject({
    rows: count,
    changed: count.nullable(),
    changed_pct: perhaps,
    staging: states,
    production: states.nullable(),
    /** Nine cells; empty without a baseline. */
    transitions: z.array(
      z.strictObject({
        production: state,
        staging: state,
        rows: count,
        share_pct: figure,
        examples: z.array(z.string()),
      }),
    ),
  }),
  /** Null without a baseline. */
  regulatory: z
    .strictObject({
      overall_change_pct: perhaps,
      written_premium_change: figure,
      written_premium: figure,
      policyholders: count,
      policyholders_affected: count,
      maximum_change_pct: perhaps,
      maximum_change_row: z.string().nullable(),
      minimum_change_pct: perhaps,
      minimum_change_row: z.string().nullable(),
    })
    .nullable(),
  segments: z.array(segment),
  breakdowns: z.array(
    z.strictObject({
      column: z.string(),
      explained_pct: figure,
      groups: z.array(z.strictObject({ ...condition.shape, ...groupFigures })),
    }),
  ),
  /** How the segments were found. */
  search: z.strictObject({ tried: count, searched_rows: count }).nullable(),
  /** How the columns of the portfolio are spread, for a later run to compare its own with. */
  inputs: z.array(
    z.strictObject({
      column: z.string(),
      kind: z.enum(['numbers', 'texts']),
      empty: count,
      /** Rows with a category that is not among the bins. */
      other: count,
      bins: z.array(
        z.strictObject({
          low: z.union([z.string(), z.number()]),
          high: z.union([z.string(), z.number()]),
          rows: count,
        }),
      ),
    }),
  ),
  /** How far they have moved since an earlier run; null where none was named. */
  drift: z
    .strictObject({
      /** The portfolio of that run. */
      since: z.strictObject({ dataset: z.string(), rows: count }),
      /** Null where there is nothing to compare: the column is new, gone, or of another kind. */
      columns: z.array(
        z.strictObject({
          column: z.string(),
          psi: perhaps,
          what: z.enum(['compared', 'new', 'gone', 'other-kind']),
        }),
      ),
    })
    .nullable(),
  gates: z.array(gate),
  failures: z.array(
    z.strictObject({
      side: z.enum(['staging', 'production']),
      error: z.string(),
      status: z.int().nullable(),
      rows: count,
      examples: z.array(z.string()),
    }),
  ),
  notes: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  /** What the charts are drawn from. Null without a baseline. */
  chart: z
    .strictObject({
      /** Rows with a percentage that do not change; they are not in the histogram. */
      unchanged: count,
      /** Rows by change in percent; the first and the last hold all that is beyond. */
      histogram: z.array(z.strictObject({ from_pct: figure, to_pct: figure, rows: count })),
      /** Old premium and change in percent of rows spread evenly over the portfolio. */
      scatter: z.array(z.tuple([z.number(), z.number()])),
    })
    .nullable(),
});

export type ImpactJson = z.infer<typeof impactJson>;
