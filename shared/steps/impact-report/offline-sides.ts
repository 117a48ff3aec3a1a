import { ConfigError } from '../../errors.ts';
import type { WantedPackage } from '../../ports/artifact-store.ts';
import type { QuoteEndpoint } from '../../ports/quote-endpoint.ts';
import type { Project } from '../../project/project.ts';
import type { ReleaseCore } from '../../release/release.ts';
import type { StepContext } from '../context.ts';
import { openRelease } from '../parts/release-file.ts';
import { checkTarget } from '../parts/release-target.ts';
import { reportAmiss } from '../promotion/settled-environment.ts';
import type { ComparedSide, ComparedSides } from './find-sides.ts';
import type { Inputs } from './run.ts';

/**
 * The packages of the release and of what serves the baseline, each to be loaded in a process of its own when rows are
 * scored: nothing has to be deployed, and no server is asked.
 * @throws ConfigError OFFLINE-ADDRESS; what reading the release and its package throws
 */
export async function offlineSides(inputs: Inputs, context: StepContext, project: Project): Promise<ComparedSides> {
  if (inputs['staging-url'] !== undefined || inputs['production-url'] !== undefined) throw addressNamed();
  const open = await openRelease(context, project, inputs.release);
  const engine = context.engine(project, inputs.python);
  const { target, store } = await context.target(project, engine);
  checkTarget(open.release, target);
  const { id, core } = open.release;
  const staging = await side({ packageDigest: core.packageDigest, image: imageOf(core) }, id);
  const state = await target.inspect(inputs.baseline);
  reportAmiss(context, state);
  const { current } = state;
  const production =
    current && (await side({ packageDigest: current.packageDigest, image: current.image }, current.releaseId));
  return { staging, production, foreign: current ? undefined : state.foreign, asked: true, open };

  async function side(wanted: WantedPackage, releaseId: string): Promise<ComparedSide> {
    const { packageDigest } = wanted;
    const pkg = await store.open(wanted, context.signal);
    const options = { signal: context.signal, progress: (line: string) => context.host.log.debug(line) };
    const endpoint = async (): Promise<QuoteEndpoint> => context.packageEndpoint(await engine.load(pkg, options));
    return { address: { url: `package:${packageDigest}`, wire: 'haute' }, releaseId, packageDigest, endpoint };
  }
}

/** Opens both sides, served or offline, and closes what was opened when one of them cannot be. */
export async function openSides(
  context: StepContext,
  { staging, production }: ComparedSides,
): Promise<{ readonly staging: QuoteEndpoint; readonly production: QuoteEndpoint | undefined }> {
  const open = async (side: ComparedSide): Promise<QuoteEndpoint> =>
    side.endpoint ? side.endpoint() : context.endpoints.open(side.address);
  const opening = [open(staging), production && open(production)] as const;
  try {
    const [first, second] = await Promise.all(opening);
    return { staging: first, production: second };
  } catch (error) {
    for (const each of await Promise.allSettled(opening)) if (each.status === 'fulfilled') await each.value?.close();
    throw error;
  }
}

function addressNamed(): ConfigError {
  return new ConfigError({
    code: 'OFFLINE-ADDRESS',
    what: 'mode is offline, where packages are compared and no server is asked, and an address is given',
    fix: 'Leave staging-url and production-url out, or mode',
  });
}

function imageOf({ artifact }: ReleaseCore): string | undefined {
  return artifact.kind === 'image' ? `${artifact.name}@${artifact.digest}` : undefined;
}
