import type { Verdict } from '../../release/verdict.ts';
import type { ExtremeRow } from '../figures/output-figures.ts';

export type GateName = 'baseline' | 'min_scored' | 'mean_change' | 'premium_change' | 'rows_over' | 'quotability';

/** One rule of the policy, judged. Values and limits are in percent. */
export interface Gate {
  readonly name: GateName;
  readonly verdict: Exclude<Verdict, 'error'>;
  /** The figure that is judged; undefined where there is none to judge. */
  readonly value: number | undefined;
  /** The limit that was broken, or else the one that would be broken first; undefined where the policy sets none. */
  readonly limit: number | undefined;
  readonly warn: number | undefined;
  readonly fail: number | undefined;
  /** Bounds of the figure for the whole book, where only a sample was scored. */
  readonly interval: readonly [number, number] | undefined;
  /** One sentence for the reader: what was measured and why it is judged so. */
  readonly reason: string;
  /** Rows that broke it, the worst first. */
  readonly rows: readonly (ExtremeRow | { readonly row: string; readonly what: string })[];
}
