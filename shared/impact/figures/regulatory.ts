import type { ExtremeRow, OutputFigures } from './output-figures.ts';

/**
 * The fields that rate filings in the United States ask for, over the rows with a premium on both sides. The rows of
 * the portfolio stand for policyholders; premiums stand for written premium.
 * @see 50 Ill. Adm. Code 2902.50(b), company rate information in SERFF: overall percentage rate impact, written premium
 *   change, policyholders affected, written premium, maximum and minimum percentage change
 */
export interface Regulatory {
  /** 100 x (new total - old total) / |old total|. */
  readonly overallChangePct: number | undefined;
  /** New total less old total. */
  readonly writtenPremiumChange: number;
  /** Old total. */
  readonly writtenPremium: number;
  readonly policyholders: number;
  /** Rows whose premium differs by more than rounding. */
  readonly policyholdersAffected: number;
  /** The largest and the smallest change of a row; the smallest is negative where any premium falls. */
  readonly maximumChange: ExtremeRow | undefined;
  readonly minimumChange: ExtremeRow | undefined;
}

export function regulatory(premium: OutputFigures): Regulatory {
  return {
    overallChangePct: premium.totalChangePct,
    writtenPremiumChange: premium.totalChange,
    writtenPremium: premium.productionTotal,
    policyholders: premium.rows,
    policyholdersAffected: premium.changed,
    maximumChange: premium.highest,
    minimumChange: premium.lowest,
  };
}
