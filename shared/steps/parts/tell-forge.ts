import { ConfigError, messageOf, ProviderError } from '../../errors.ts';
import type { DeploymentRecord, Forge, ForgeOutcome } from '../../ports/forge.ts';
import type { Project } from '../../project/project.ts';
import type { Release } from '../../release/release.ts';
import type { StepContext } from '../context.ts';

const TELL_TIMEOUT_MS = 60_000;

/** What the forge is told of a release that reached, or did not reach, an environment. */
export type DeploymentNews = Pick<DeploymentRecord, 'environment' | 'status' | 'url' | 'description'>;

/**
 * Records on the forge what became of a release in an environment. The forge only shows it: where it cannot, a warning
 * says why, and the outcome of the step stays what it is.
 */
export function recordOnForge(
  context: StepContext,
  project: Project,
  { id, core }: Pick<Release, 'id' | 'core'>,
  news: DeploymentNews,
): Promise<void> {
  const { commit } = core;
  if (commit === null) return Promise.resolve();
  return tell(context, project, 'the deployment is not recorded', (forge, signal) =>
    forge.recordDeployment({ ...news, releaseId: id, commit, production: news.environment === 'production', signal }),
  );
}

/**
 * Writes a comment on the change request of the release's commit, or updates the one with the same key.
 * @param body Markdown; shortened to what the forge takes
 */
export function commentOnForge(
  context: StepContext,
  project: Project,
  { core: { commit } }: Pick<Release, 'core'>,
  key: string,
  body: string,
): Promise<void> {
  if (commit === null) return Promise.resolve();
  return tell(context, project, 'the change request has no comment', (forge, signal) =>
    forge.comment({ key, commit, body, signal }),
  );
}

async function tell(
  context: StepContext,
  project: Project,
  without: string,
  message: (forge: Forge, signal: AbortSignal) => Promise<ForgeOutcome>,
): Promise<void> {
  const { host } = context;
  try {
    // A time of its own: what happened is worth telling even when the step was interrupted.
    const outcome = await message(await context.forge(project), AbortSignal.timeout(TELL_TIMEOUT_MS));
    host.log.debug(outcome.done ? `the forge shows it at ${outcome.url ?? 'its own page'}` : outcome.why);
  } catch (error) {
    const problem =
      error instanceof ConfigError ? error.problems[0] : error instanceof ProviderError ? error.problem : undefined;
    if (!problem && !isTimeout(error)) throw error;
    const why = problem ? `${problem.what}. ${problem.fix}` : messageOf(error);
    host.annotate({ level: 'warning', title: problem?.code ?? 'FORGE-TIMEOUT', message: `${without}: ${why}` });
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'Interrupted');
}
