import type { Limits } from '../release/policy.ts';
import type { TableReader, ValueReader } from './toml/table-reader.ts';
import { percentage } from './toml/values.ts';
import { formatPercentage, type Range } from './units.ts';

/** What switches a limit off: a limit is never lost by leaving it out. */
const NONE = 'none';

/**
 * `{ warn = "1%", fail = "5%" }` of a gate. A limit that is left out keeps its default, so that writing the one does
 * not quietly remove the other; `"none"` removes it. A default warning above a limit that was written is dropped: it
 * could never be reached.
 */
export function readLimits(table: TableReader, defaults: Limits, range: Range = {}): Limits {
  const limit = limitReader(range);
  const warn = table.read('warn', limit, { limit: defaults.warn }).limit;
  const fail = table.read('fail', limit, { limit: defaults.fail }).limit;
  if (warn === undefined || fail === undefined || warn <= fail) return { warn, fail };
  if (!table.has('warn')) return { warn: undefined, fail };
  const why = table.has('fail') ? '' : ', its default';
  table.report(
    'TOML-BAD-VALUE',
    'warn',
    `is above fail, which is ${formatPercentage(fail)}${why}`,
    'Raise fail or lower warn',
  );
  return { warn, fail };
}

function limitReader(range: Range): ValueReader<{ readonly limit: number | undefined }> {
  const percent = percentage(range);
  return (value, bare) => {
    if (value === NONE) return { value: { limit: undefined } };
    const parsed = percent(value, bare);
    return 'value' in parsed ? { value: { limit: parsed.value } } : parsed;
  };
}
