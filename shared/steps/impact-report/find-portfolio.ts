import { ConfigError } from '../../errors.ts';
import type { Portfolio } from '../../ports/portfolio.ts';
import type { Project } from '../../project/project.ts';
import { digestOf } from '../../release/digest.ts';
import type { JsonObject } from '../../release/json.ts';
import type { StepContext } from '../context.ts';
import type { Inputs } from './run.ts';

export interface NamedPortfolio {
  /** As the user wrote it. */
  readonly name: string;
  readonly portfolio: Portfolio;
}

/**
 * The portfolio to score. A project's first release has nothing to be compared with: where its portfolio is not there
 * yet, staging is described on the test quotes, and a warning says so. A comparison never makes do with less than was named.
 * @throws ConfigError PORTFOLIO-NOT-NAMED, PORTFOLIO-MISSING and what else is wrong with it
 */
export async function findPortfolio(
  inputs: Inputs,
  context: StepContext,
  project: Project,
  key: string | undefined,
  hasBaseline: boolean,
): Promise<NamedPortfolio> {
  const dataset = inputs.dataset ?? project.config.impactDataset;
  try {
    if (dataset === undefined) throw notNamed();
    const portfolio = await context.portfolios.open(
      { root: project.root, dataset, key, reader: READERS.find((reader) => reader === inputs.reader) },
      context.signal,
    );
    return { name: dataset, portfolio };
  } catch (error) {
    const missing = error instanceof ConfigError && MISSING.includes(error.problems[0].code);
    if (!missing || hasBaseline || inputs.dataset !== undefined || project.quotes.length === 0) throw error;
    const [problem] = error.problems;
    context.host.annotate({
      level: 'warning',
      title: problem.code,
      message: `${problem.what}. There is no baseline to compare with yet, so staging is described on the ${project.quotes.length} test quotes. ${problem.fix}`,
    });
    return { name: 'the test quotes', portfolio: quotesAsPortfolio(project) };
  }
}

/** The options of the input. */
const READERS = ['auto', 'duckdb', 'built-in'] as const;
const MISSING = ['PORTFOLIO-NOT-NAMED', 'PORTFOLIO-MISSING'];

function quotesAsPortfolio(project: Project): Portfolio {
  const rows: readonly JsonObject[] = project.quotes.map(({ input }) => input);
  const text = JSON.stringify(rows);
  return {
    files: [{ path: 'test quotes', bytes: Buffer.byteLength(text), digest: digestOf(text) }],
    count: async () => rows.length,
    async *rows({ take = () => true }) {
      yield rows.filter((_, row) => take(row));
    },
    close: async () => undefined,
  };
}

function notNamed(): ConfigError {
  return new ConfigError({
    code: 'PORTFOLIO-NOT-NAMED',
    what: 'no portfolio is named',
    fix: 'Set [safety] impact_dataset in haute.toml, or the dataset input',
    place: { file: 'haute.toml' },
  });
}
