import type { Problem } from '../errors.ts';
import type { Autoscaling } from '../release/deployment.ts';
import { digestOfJson } from '../release/digest.ts';
import type { Json } from '../release/json.ts';
import { DEFAULT_AUTOSCALING, type EnvironmentPolicy, type Policy } from '../release/policy.ts';
import { SEVERITIES } from '../release/scan.ts';
import { TARGET_IDS } from './haute-config.ts';
import { readLimits } from './read-limits.ts';
import { readTargetTables } from './read-target-tables.ts';
import type { TomlDocument } from './toml/parse-toml.ts';
import { TableReader } from './toml/table-reader.ts';
import { boolean, choice, duration, integer, percentage, text, textList } from './toml/values.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Environments have addresses and names on platforms made from theirs. */
const ENVIRONMENT = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Ten times what it was is the largest change that a limit on a change may allow. */
const ANY_CHANGE = { max: 10 };

/**
 * haute.release.toml with every default filled in, and every problem found; with problems, the policy is not to be
 * used. No document: the defaults.
 *
 * @param minApprovers from haute.toml, the default of `approval.min`
 */
export function readPolicy(
  document: TomlDocument,
  minApprovers: number,
): { readonly policy: Policy; readonly problems: readonly Problem[] } {
  const file = new TableReader(document);
  const gates = file.table('gates');
  const policy: Policy = {
    target: file.read('target', choice(...TARGET_IDS), undefined),
    environments: readEnvironments(file.table('environments')),
    promotion: readPromotion(file.table('promotion')),
    gates: {
      smoke: readSmoke(gates.table('smoke')),
      scan: readScan(gates.table('scan')),
      impact: readImpact(gates.table('impact')),
    },
    approval: readApproval(file.table('approval'), minApprovers),
    targets: readTargetTables(file.table('targets')),
  };
  file.unknownKeys();
  return { policy, problems: file.problems };
}

/** Digest of the policy in force: equal for two files that ask for the same, however they are written. */
export function digestOfPolicy(policy: Policy): string {
  return digestOfJson(JSON.parse(JSON.stringify(policy)) as Json);
}

function readEnvironments(table: TableReader): Policy['environments'] {
  const environments: Record<string, EnvironmentPolicy> = {
    production: { autoscaling: DEFAULT_AUTOSCALING },
  };
  for (const name of table.keys) {
    const environment = table.table(name);
    if (!ENVIRONMENT.test(name)) {
      table.report(
        'POLICY-ENVIRONMENT',
        name,
        'is not a name for an environment',
        'Use at most 40 lower-case letters, digits and -, beginning with a letter',
      );
    }
    const takeOver = environment.read('take_over', text(), undefined);
    environments[name] = {
      autoscaling: readAutoscaling(environment.table('autoscaling')),
      ...(takeOver !== undefined && { takeOver }),
    };
  }
  return environments;
}

function readAutoscaling(table: TableReader): Autoscaling {
  const defaults = DEFAULT_AUTOSCALING;
  const min = table.read('min', integer({ min: 0, max: 1_000 }), defaults.min);
  const max = table.read('max', integer({ min: 1, max: 1_000 }), Math.max(min, defaults.max));
  if (max < min)
    table.report('TOML-BAD-VALUE', 'max', `is ${max}, below min, which is ${min}`, 'Raise max or lower min');
  return {
    min,
    max,
    concurrency: table.read('concurrency', integer({ min: 1, max: 10_000 }), defaults.concurrency),
    windowMs: table.read('window', duration({ min: SECOND }), defaults.windowMs),
    scaleDownDelayMs: table.read('scale_down_delay', duration(), defaults.scaleDownDelayMs),
    utilization: table.read('utilization', integer({ min: 1, max: 100 }), defaults.utilization),
  };
}

function readPromotion(table: TableReader): Policy['promotion'] {
  return {
    rampMs: table.read('ramp', duration(), undefined),
    stages: table.read('stages', integer({ min: 1, max: 100 }), 10),
    patienceMs: table.read('patience', duration(), 10 * MINUTE),
    previous: table.read('previous', choice('keep', 'scale-to-zero', 'deactivate'), 'scale-to-zero'),
    rollbackWindowMs: table.read('rollback_window', duration(), 24 * HOUR),
    redeploy: table.read('redeploy', boolean, false),
    pairedQuotes: table.read('paired_quotes', integer({ min: 0, max: 1_000 }), 5),
  };
}

function readSmoke(table: TableReader): Policy['gates']['smoke'] {
  return {
    p95LatencyMs: table.read('p95_latency', duration({ min: 1 }), 500),
    tolerance: table.read('tolerance', percentage(), 0),
  };
}

/** `"none"` switches a limit off; leaving it out does not. */
function readScan(table: TableReader): Policy['gates']['scan'] {
  const severity = choice(...SEVERITIES, 'none');
  const warn = table.read('warn', severity, 'high');
  const fail = table.read('fail', severity, 'critical');
  return {
    warn: warn === 'none' ? undefined : warn,
    fail: fail === 'none' ? undefined : fail,
    failUnfixed: table.read('fail_unfixed', boolean, false),
  };
}

function readImpact(table: TableReader): Policy['gates']['impact'] {
  const rowsOver = table.table('rows_over');
  return {
    key: table.read('key', text(), undefined),
    outputs: table.read('outputs', textList(text()), []),
    weight: table.read('weight', text(), 'premium'),
    meanChange: readLimits(table.table('mean_change'), { warn: 0.01, fail: 0.05 }, ANY_CHANGE),
    premiumChange: readLimits(table.table('premium_change'), { warn: 0.01, fail: 0.03 }, ANY_CHANGE),
    rowsOver: {
      change: rowsOver.read('change', percentage(ANY_CHANGE), 0.25),
      ...readLimits(rowsOver, { warn: undefined, fail: 0.005 }),
    },
    quotability: readLimits(table.table('quotability'), { warn: undefined, fail: 0.001 }),
    minScored: table.read('min_scored', percentage({ min: 0.01 }), 0.995),
    onFail: table.read('on_fail', choice('block', 'approve', 'warn'), 'block'),
  };
}

function readApproval(table: TableReader, minApprovers: number): Policy['approval'] {
  const source = choice('environment', 'review', 'deployment', 'comment');
  return {
    min: table.read('min', integer({ min: 0, max: 100 }), minApprovers),
    distinctFromAuthor: table.read('distinct_from_author', boolean, true),
    approvers: table.read('approvers', textList(text(), { mayBeEmpty: true }), []),
    sources: table.read('sources', textList(source), ['environment', 'review', 'deployment', 'comment']),
  };
}
