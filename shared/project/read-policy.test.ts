import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_AUTOSCALING } from '../release/policy.ts';
import { digestOfPolicy, readPolicy } from './read-policy.ts';
import { emptyDocument, parseToml } from './toml/parse-toml.ts';

const EVERY_KEY = readFileSync(
  new URL('../../tests/fixtures/projects/every-key/haute.release.toml', import.meta.url),
  'utf8',
);
const MINUTE = 60_000;

function read(text: string, minApprovers = 2) {
  const parsed = parseToml(text, 'haute.release.toml');
  if ('problem' in parsed) throw new Error(parsed.problem.what);
  return readPolicy(parsed.document, minApprovers);
}

function problems(text: string): string[] {
  return read(text).problems.map(({ place, code, what, fix }) => `${place?.line} ${code} ${what} → ${fix}`);
}

/** The page of the defaults, as the guide prints it. */
const PRINTED_DEFAULTS = `
[environments.production]
autoscaling = { min = 1, max = 4, concurrency = 8, window = "60s", scale_down_delay = "15m", utilization = 70 }
[promotion]
stages = 10
patience = "10m"
previous = "scale-to-zero"
rollback_window = "24h"
redeploy = false
paired_quotes = 5
[gates.smoke]
p95_latency = "500ms"
tolerance = 0.0
[gates.impact]
weight = "premium"
mean_change = { warn = "1%", fail = "5%" }
premium_change = { warn = "1%", fail = "3%" }
rows_over = { change = "25%", fail = "0.5%" }
quotability = { fail = "0.1%" }
min_scored = 0.995
on_fail = "block"
[gates.scan]
warn = "high"
fail = "critical"
fail_unfixed = false
[approval]
min = 2
distinct_from_author = true
sources = ["environment", "review", "deployment", "comment"]
`;

describe('haute.release.toml', () => {
  it('has every default where it says nothing, or is not there', () => {
    const { policy, problems: none } = readPolicy(emptyDocument('haute.release.toml'), 2);
    expect(none).toEqual([]);
    expect(policy).toEqual({
      target: undefined,
      environments: { production: { autoscaling: DEFAULT_AUTOSCALING } },
      promotion: {
        rampMs: undefined,
        stages: 10,
        patienceMs: 10 * MINUTE,
        previous: 'scale-to-zero',
        rollbackWindowMs: 24 * 60 * MINUTE,
        redeploy: false,
        pairedQuotes: 5,
      },
      gates: {
        smoke: { p95LatencyMs: 500, tolerance: 0 },
        scan: { warn: 'high', fail: 'critical', failUnfixed: false },
        impact: {
          key: undefined,
          outputs: [],
          weight: 'premium',
          meanChange: { warn: 0.01, fail: 0.05 },
          premiumChange: { warn: 0.01, fail: 0.03 },
          rowsOver: { change: 0.25, warn: undefined, fail: 0.005 },
          quotability: { warn: undefined, fail: 0.001 },
          minScored: 0.995,
          onFail: 'block',
        },
      },
      approval: {
        min: 2,
        distinctFromAuthor: true,
        approvers: [],
        sources: ['environment', 'review', 'deployment', 'comment'],
      },
      targets: {},
    });
    expect(read('').policy).toEqual(policy);
  });

  it('says the same when the defaults are written out', () => {
    expect(read(PRINTED_DEFAULTS)).toEqual(read(''));
    expect(digestOfPolicy(read(PRINTED_DEFAULTS).policy)).toBe(digestOfPolicy(read('').policy));
  });

  it('is read with every key', () => {
    const { policy, problems: none } = read(EVERY_KEY);
    expect(none).toEqual([]);
    expect(policy).toEqual({
      target: 'local',
      environments: {
        production: {
          autoscaling: {
            min: 2,
            max: 9,
            concurrency: 4,
            windowMs: 30_000,
            scaleDownDelayMs: 5 * MINUTE,
            utilization: 60,
          },
          takeOver: 'motor-pricing:1',
        },
        'canary-emea': { autoscaling: { ...DEFAULT_AUTOSCALING, max: 2 } },
      },
      promotion: {
        rampMs: 30 * MINUTE,
        stages: 5,
        patienceMs: 5 * MINUTE,
        previous: 'keep',
        rollbackWindowMs: 48 * 60 * MINUTE,
        redeploy: true,
        pairedQuotes: 20,
      },
      gates: {
        smoke: { p95LatencyMs: 250, tolerance: 0.001 },
        scan: { warn: undefined, fail: 'medium', failUnfixed: true },
        impact: {
          key: 'policy_id',
          outputs: ['premium', 'ipt'],
          weight: 'exposure',
          meanChange: { warn: 0.005, fail: 0.02 },
          premiumChange: { warn: 0.005, fail: 0.02 },
          rowsOver: { change: 0.1, warn: 0.001, fail: 0.01 },
          quotability: { warn: 0.0001, fail: undefined },
          minScored: 0.99,
          onFail: 'approve',
        },
      },
      approval: {
        min: 1,
        distinctFromAuthor: false,
        approvers: ['@pricing-leads', 'ada@example.org'],
        sources: ['deployment'],
      },
      targets: {
        baseten: { model: 'motor-pricing', since: '2026-01-01', limits: { cpu: 2, memory: '4Gi' } },
      },
    });
  });

  it('asks for as many approvers as haute.toml, unless it says how many', () => {
    expect(read('', 3).policy.approval.min).toBe(3);
    expect(read('[approval]\nmin = 1', 3).policy.approval.min).toBe(1);
  });

  it.each<[string, string, unknown]>([
    ['a limit that is left out keeps its default', 'mean_change = { warn = "2%" }', { warn: 0.02, fail: 0.05 }],
    [
      'a default warning that could never be reached is dropped',
      'mean_change = { fail = "0.5%" }',
      { warn: undefined, fail: 0.005 },
    ],
    ['a default warning at the limit stays', 'mean_change = { fail = "1%" }', { warn: 0.01, fail: 0.01 }],
    ['only "none" removes a limit', 'mean_change = { fail = "none" }', { warn: 0.01, fail: undefined }],
    ['an empty table removes none', 'mean_change = {}', { warn: 0.01, fail: 0.05 }],
    [
      'a premium may double where that is wanted',
      'mean_change = { fail = "100%", warn = "50%" }',
      { warn: 0.5, fail: 1 },
    ],
    ['or more', 'mean_change = { fail = "250%" }', { warn: 0.01, fail: 2.5 }],
  ])('keeps its gates: %s', (_, line, limits) => {
    expect(read(`[gates.impact]\n${line}`)).toMatchObject({
      problems: [],
      policy: { gates: { impact: { meanChange: limits } } },
    });
  });

  it.each<[string, string, string[]]>([
    [
      'a key with a slip',
      '[promotion]\nrampp = "1m"',
      ["2 TOML-UNKNOWN-KEY unknown key 'rampp' in [promotion] → Did you mean 'ramp'?"],
    ],
    [
      'a gate with a slip',
      '[gates.impct]\nkey = "x"',
      ["1 TOML-UNKNOWN-KEY unknown key 'impct' in [gates] → Did you mean 'impact'?"],
    ],
    [
      'a key of haute.toml',
      '[safety.approval]\nmin_approvers = 1',
      [
        "1 TOML-UNKNOWN-KEY unknown key 'safety' → Remove it. Known here: gates, target, environments, promotion, approval, targets",
      ],
    ],
    [
      'a limit with a slip',
      '[gates.impact]\nmean_change = { fial = "1%" }',
      ["2 TOML-UNKNOWN-KEY unknown key 'fial' in [gates.impact.mean_change] → Did you mean 'fail'?"],
    ],
    [
      'a limit without its table',
      '[gates.impact]\nmean_change = "5%"',
      [
        "2 TOML-BAD-VALUE 'mean_change' in [gates.impact] is not a table → Write [gates.impact.mean_change] on a line of its own, once, and its keys below it",
      ],
    ],
    [
      'a percentage as a number',
      '[gates.impact]\nmean_change = { fail = 5 }',
      [
        '2 TOML-BAD-VALUE \'fail\' in [gates.impact.mean_change] is 5, not a fraction from 0 to 1 → Write "5%" if that is what you mean',
      ],
    ],
    [
      'a percentage below none',
      '[gates.impact]\nmean_change = { fail = -0.1 }',
      [
        '2 TOML-BAD-VALUE \'fail\' in [gates.impact.mean_change] is -0.1, not a fraction from 0 to 1 → Write a percentage in quotes, like "5%"',
      ],
    ],
    [
      'no number',
      '[gates.smoke]\ntolerance = nan',
      [
        '2 TOML-BAD-VALUE \'tolerance\' in [gates.smoke] is nan, not a fraction from 0 to 1 → Write a percentage in quotes, like "5%"',
      ],
    ],
    [
      'more than every row',
      '[gates.impact]\nrows_over = { fail = "101%" }',
      ['2 TOML-BAD-VALUE \'fail\' in [gates.impact.rows_over] is "101%" → Write a percentage from 0% to 100%'],
    ],
    [
      'a warning above its failure',
      '[gates.impact]\nmean_change = { warn = "6%", fail = "2%" }',
      ["2 TOML-BAD-VALUE 'warn' in [gates.impact.mean_change] is above fail, which is 2% → Raise fail or lower warn"],
    ],
    [
      'a warning above the default failure',
      '[gates.impact]\nmean_change = { warn = "7%" }',
      [
        "2 TOML-BAD-VALUE 'warn' in [gates.impact.mean_change] is above fail, which is 5%, its default → Raise fail or lower warn",
      ],
    ],
    [
      'a duration without a unit',
      '[promotion]\nramp = "10"',
      [
        '2 TOML-BAD-VALUE \'ramp\' in [promotion] is "10", not a duration → Write a whole number and a unit, like 500ms, 90s, 15m, 2h or 1d',
      ],
    ],
    [
      'a duration as a number',
      '[promotion]\nramp = 10',
      ['2 TOML-BAD-VALUE \'ramp\' in [promotion] is 10 → Write a duration in quotes, like "90s" or "15m"'],
    ],
    [
      'a latency of nothing',
      '[gates.smoke]\np95_latency = "0ms"',
      ['2 TOML-BAD-VALUE \'p95_latency\' in [gates.smoke] is "0ms" → Write at least 1ms'],
    ],
    [
      'no stage',
      '[promotion]\nstages = 0',
      ["2 TOML-BAD-VALUE 'stages' in [promotion] is 0 → Write a whole number from 1 to 100, without quotes"],
    ],
    [
      'a fate that there is not',
      '[promotion]\nprevious = "delete"',
      ['2 TOML-BAD-VALUE \'previous\' in [promotion] is "delete" → Write one of keep, scale-to-zero, deactivate'],
    ],
    [
      'no source of approvals',
      '[approval]\nsources = []',
      ["2 TOML-BAD-VALUE 'sources' in [approval] is an empty list → Fill it in, or remove the line"],
    ],
    [
      'a source with a slip',
      '[approval]\nsources = ["reviews"]',
      ["2 TOML-BAD-VALUE 'sources' in [approval] is \"reviews\" (number 1 of the list) → Did you mean 'review'?"],
    ],
    [
      'the terminal as a source',
      '[approval]\nsources = ["terminal"]',
      [
        '2 TOML-BAD-VALUE \'sources\' in [approval] is "terminal" (number 1 of the list) → Write one of environment, review, deployment, comment',
      ],
    ],
    [
      'an approver twice',
      '[approval]\napprovers = ["ada", "ada"]',
      ['2 TOML-BAD-VALUE \'approvers\' in [approval] names "ada" twice → Remove one of them'],
    ],
    [
      'fewer replicas at most than at least',
      '[environments.production]\nautoscaling = { min = 5, max = 2 }',
      [
        "2 TOML-BAD-VALUE 'max' in [environments.production.autoscaling] is 2, below min, which is 5 → Raise max or lower min",
      ],
    ],
    [
      'an environment that no platform could name',
      '[environments.Production]\nautoscaling = {}',
      [
        "1 POLICY-ENVIRONMENT 'Production' in [environments] is not a name for an environment → Use at most 40 lower-case letters, digits and -, beginning with a letter",
      ],
    ],
    [
      'a target that there is not',
      'target = "lcoal"',
      ["1 TOML-BAD-VALUE 'target' is \"lcoal\" → Did you mean 'local'?"],
    ],
    [
      'settings of a target that there is not',
      '[targets.basetn]\nmodel = "x"',
      ["1 TOML-UNKNOWN-KEY unknown key 'basetn' in [targets] → Did you mean 'baseten'?"],
    ],
    [
      'a number that JSON cannot hold',
      '[targets.local]\nlimits = { ports = [1, inf] }',
      ["2 TOML-BAD-VALUE 'limits' in [targets.local] is Infinity → Write a number"],
    ],
    [
      'most rows unscored',
      '[gates.impact]\nmin_scored = 0',
      [
        '2 TOML-BAD-VALUE \'min_scored\' in [gates.impact] is 0, not a fraction from 0 to 1 → Write a percentage in quotes, like "5%"',
      ],
    ],
  ])('says what is wrong, where, and what to do: %s', (_, text, found) => {
    expect(problems(text)).toEqual(found);
  });

  it('raises the most replicas with the least, where only the least is written', () => {
    const { policy, problems: none } = read('[environments.staging]\nautoscaling = { min = 6 }');
    expect(none).toEqual([]);
    expect(policy.environments.staging?.autoscaling).toMatchObject({ min: 6, max: 6 });
  });
});

describe('the digest of a policy', () => {
  it('is the same for any order, spacing and spelling of the same wishes', () => {
    const digest = digestOfPolicy(
      read('[promotion]\nramp = "1h"\nstages = 4\n[gates.impact]\nmean_change = { fail = 0.02 }').policy,
    );
    expect(
      digestOfPolicy(read('gates.impact.mean_change.fail = "2%" # two\n[promotion]\nstages=4\nramp="60m"').policy),
    ).toBe(digest);
  });

  it('is another for any other wish', () => {
    const lines = EVERY_KEY.split('\n').filter((line) => line.includes('='));
    const digest = digestOfPolicy(read(EVERY_KEY).policy);
    fc.assert(
      fc.property(fc.constantFrom(...lines), (line) => {
        const without = read(EVERY_KEY.replace(line, ''));
        expect(without.problems).toEqual([]);
        expect(digestOfPolicy(without.policy)).not.toBe(digest);
      }),
    );
    expect(digestOfPolicy(read('', 3).policy)).not.toBe(digestOfPolicy(read('', 2).policy));
  });
});
