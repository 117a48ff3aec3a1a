import type { ImpactJson } from '../../report/impact-json.ts';
import type { Block, Phrase, Section } from '../document.ts';
import { between, changePct, limitPct, money, pct } from '../format.ts';

type Gate = ImpactJson['gates'][number];

export const GATE_TITLES: Readonly<Record<Gate['name'], string>> = {
  baseline: 'Baseline',
  min_scored: 'Rows scored',
  mean_change: 'Mean change',
  premium_change: 'Change of total premium',
  rows_over: 'Rows that change much',
  quotability: 'Quotes won or lost',
};

/** What the policy makes of a failed gate. */
const ON_FAIL: Readonly<Record<ImpactJson['on_fail'], string | undefined>> = {
  block: undefined,
  approve: 'The policy lets an approver accept a failed gate.',
  warn: 'The policy makes a failed gate a warning.',
};

const SHOWN_ROWS = 5;

/** Every gate with its figure and its limits, and what broke it. */
export function gatesSection({ gates, on_fail: onFail }: ImpactJson): Section {
  const rows = gates.map((gate) => [
    GATE_TITLES[gate.name],
    gate.limit === null && gate.value === null && gate.verdict === 'pass' ? 'no baseline' : { verdict: gate.verdict },
    figureOf(gate),
    limitsOf(gate),
  ]);
  const broken = gates.filter(({ verdict }) => verdict !== 'pass').flatMap(brokenGate);
  const policy = gates.some(({ verdict }) => verdict === 'fail') ? ON_FAIL[onFail] : undefined;
  return {
    title: 'Gates',
    blocks: [
      { table: { head: ['Gate', 'Verdict', 'Value', 'Limit'], align: 'llrl', rows } },
      ...broken,
      ...(policy === undefined ? [] : [{ text: policy }]),
    ],
  };
}

function figureOf({ name, value, limit, warn, fail, interval }: Gate): string {
  const write = name === 'mean_change' || name === 'premium_change' ? changePct : pct;
  const limits = [limit, warn, fail].filter((each) => each !== null);
  const show = (figure: number | null): string => write(figure, [100, ...limits]);
  return interval === null ? show(value) : `${show(value)} (${between(interval, show)})`;
}

export function limitsOf({ name, limit, warn, fail }: Gate): string {
  if (name === 'min_scored') return `at least ${limitPct(limit)}`;
  const parts = [
    warn === null ? '' : `warn over ${limitPct(warn)}`,
    fail === null ? '' : `fail over ${limitPct(fail)}`,
  ];
  return parts.filter((part) => part !== '').join(', ') || 'none';
}

function brokenGate(gate: Gate): readonly Block[] {
  const why: Phrase = [{ strong: `${gate.verdict}:` }, ' ', { sentence: gate.reason }];
  if (gate.rows.length === 0) return [{ text: why }];
  const shown = gate.rows.slice(0, SHOWN_ROWS).map((row): Phrase => {
    const moved = `: ${changePct(row.change_pct)}, from ${money(row.production)} to ${money(row.staging)}`;
    const quote = { quote: row.row, longest: 40 };
    return row.what === null ? [quote, moved] : [quote, ': ', { sentence: row.what }];
  });
  return [{ text: [...why, ' For example:'] }, { list: shown }];
}
