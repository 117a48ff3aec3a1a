import { ProviderError } from '../../errors.ts';
import type { QuoteEndpoint } from '../../ports/quote-endpoint.ts';
import type { Project } from '../../project/project.ts';
import type { EnvironmentState, ServingAddress } from '../../release/deployment.ts';
import type { StepContext, TargetKit } from '../context.ts';
import { addressOf, namedAddress } from '../parts/addresses.ts';
import { proveServing } from '../parts/prove-serving.ts';
import { type OpenRelease, openRelease, openReleaseIfAny } from '../parts/release-file.ts';
import { checkTarget } from '../parts/release-target.ts';
import { reportAmiss } from '../promotion/settled-environment.ts';
import { offlineSides } from './offline-sides.ts';
import type { Inputs } from './run.ts';

const PROOF_PATIENCE_MS = 30_000;
const ASK_TIMEOUT_MS = 10_000;

/** One side of the comparison: where it answers, and which release that is known to be. */
export interface ComparedSide {
  readonly address: ServingAddress;
  /** As the address itself says; undefined where it does not. */
  readonly releaseId: string | undefined;
  readonly packageDigest: string | undefined;
  /** What answers, where that is not found by the address: a package that is loaded here. */
  readonly endpoint?: () => Promise<QuoteEndpoint>;
}

interface Baseline {
  readonly side?: ComparedSide;
  readonly foreign?: string | undefined;
}

export interface ComparedSides {
  readonly staging: ComparedSide;
  /** Undefined where nothing serves the baseline yet. */
  readonly production: ComparedSide | undefined;
  /** What serves the baseline although no release does yet: nothing is known of its address. */
  readonly foreign?: string | undefined;
  /** True where the target was asked what serves the baseline; otherwise somebody named an address, or nobody did. */
  readonly asked: boolean;
  /** The release under test; undefined where its address was named by hand. */
  readonly open: OpenRelease | undefined;
}

/** The two addresses to compare: named by hand, or of environments, each proven to answer with the release it should. */
export async function findSides(inputs: Inputs, context: StepContext, project: Project): Promise<ComparedSides> {
  if (inputs.mode === 'offline') return offlineSides(inputs, context, project);
  const inspect = inspector(inputs, context, project);
  const open = inputs['staging-url'] === undefined ? await openRelease(context, project, inputs.release) : undefined;
  if (open) await checkBuiltFor(open);
  const staging = open ? await stagingOf(open) : await byHand(inputs['staging-url'] ?? '');
  const named = inputs['production-url'];
  // With staging named by hand and no release in the project there is no target to ask for a baseline.
  const asked =
    named === undefined && (open ?? (await openReleaseIfAny(context, project, inputs.release))) !== undefined;
  const baseline = named === undefined ? await (asked ? baselineOf() : undefined) : { side: await byHand(named) };
  return { staging, production: baseline?.side, foreign: baseline?.foreign, asked, open };

  async function byHand(url: string): Promise<ComparedSide> {
    const address = namedAddress(url, inputs.headers);
    return { address, ...(await whatItSays(context, address)) };
  }

  async function checkBuiltFor({ release }: OpenRelease): Promise<void> {
    checkTarget(release, (await inspect.kit()).target);
  }

  async function stagingOf({ release }: OpenRelease): Promise<ComparedSide> {
    const state = await inspect.environment(inputs.environment);
    const address = addressOf(state);
    const expected = { releaseId: release.id, packageDigest: release.core.packageDigest };
    await proveServing(context, address, expected, PROOF_PATIENCE_MS);
    return { address, ...expected };
  }

  async function baselineOf(): Promise<Baseline> {
    const state = await inspect.environment(inputs.baseline);
    if (!state.current) return { foreign: state.foreign };
    // Something serves: without an address it cannot be compared, which is not the same as having nothing to compare.
    const address = addressOf(state);
    await proveServing(context, address, state.current, PROOF_PATIENCE_MS);
    const { releaseId, packageDigest } = state.current;
    return { side: { address, releaseId, packageDigest } };
  }
}

function inspector(inputs: Inputs, context: StepContext, project: Project) {
  const kit = async (): Promise<TargetKit> => context.target(project, context.engine(project, inputs.python));
  return {
    kit,
    async environment(name: string): Promise<EnvironmentState> {
      const { target } = await kit();
      const state = await target.inspect(name);
      reportAmiss(context, state);
      return state;
    },
  };
}

/** A server that is not ours may say nothing of itself, or not know the question: it is known by its address only. */
async function whatItSays(
  context: StepContext,
  address: ServingAddress,
): Promise<Pick<ComparedSide, 'releaseId' | 'packageDigest'>> {
  const endpoint = context.endpoints.open(address);
  try {
    return await endpoint.identify({ signal: context.signal, timeoutMs: ASK_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { releaseId: undefined, packageDigest: undefined };
  } finally {
    await endpoint.close();
  }
}
