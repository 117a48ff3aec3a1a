import { ConfigError, ProviderError } from '../../errors.ts';
import type { RepositoryName } from '../../ports/registry.ts';
import { askEcr, type EcrTools, type EcrTrouble, ecrPlace, RENEW_CREDENTIALS } from '../login/ecr-call.ts';
import { describeRepository } from '../registry/name.ts';

/** Makes repositories at registries that make none by themselves when something is pushed. */
export interface RepositoryMaker {
  /** Whether it can make repositories at this registry. */
  worksAt(registry: string): boolean;
  /** Makes the repository unless it is there. @returns true when it was made */
  ensure(name: RepositoryName, signal: AbortSignal): Promise<boolean>;
}

/**
 * Repositories of Amazon ECR, with the settings that the account has for new ones.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export class EcrRepositories implements RepositoryMaker {
  readonly #tools: EcrTools;

  constructor(tools: EcrTools) {
    this.#tools = tools;
  }

  worksAt(registry: string): boolean {
    return ecrPlace(registry) !== undefined;
  }

  /** @throws ConfigError ECR-REPOSITORY-REFUSED; ProviderError ECR-UNAVAILABLE */
  async ensure(name: RepositoryName, signal: AbortSignal): Promise<boolean> {
    const place = ecrPlace(name.registry);
    if (place === undefined) throw new Error(`${name.registry} is none of Amazon's registries`);
    const wanted = { registryId: place.account, repositoryName: name.repository };
    const told = (trouble: EcrTrouble): Error => notMade(name, trouble);
    return askEcr(place.region, this.#tools, { signal, told }, async (client, sdk, options) => {
      const asked = { registryId: place.account, repositoryNames: [name.repository] };
      const there = await client.send(new sdk.DescribeRepositoriesCommand(asked), options).then(
        () => true,
        (error: unknown) => {
          if (error instanceof sdk.RepositoryNotFoundException) return false;
          throw error;
        },
      );
      if (there) return false;
      try {
        await client.send(new sdk.CreateRepositoryCommand(wanted), options);
        return true;
      } catch (error) {
        // Another job was faster.
        if (error instanceof sdk.RepositoryAlreadyExistsException) return false;
        throw error;
      }
    });
  }
}

function notMade(name: RepositoryName, { kind, said, status, cause }: EcrTrouble): ConfigError | ProviderError {
  const what = `AWS does not make the repository ${describeRepository(name)}: ${said}`;
  if (kind === 'refused' || kind === 'expired' || kind === 'no-credentials') {
    const isPermission = kind === 'no-credentials' || (cause instanceof Error && NOT_ALLOWED.test(cause.name));
    const fix =
      kind === 'expired'
        ? RENEW_CREDENTIALS
        : isPermission
          ? ALLOW
          : 'Do what AWS says, or create the repository by hand';
    return new ConfigError({ code: 'ECR-REPOSITORY-REFUSED', what, fix });
  }
  const fix =
    kind === 'busy'
      ? 'Run the step again later; other jobs that ask the same account often may be the cause'
      : 'Check the network of the runner, then run the step again';
  return new ProviderError(
    { code: 'ECR-UNAVAILABLE', what, fix },
    { retryable: true, cause, ...(status && { status }) },
  );
}

/** What AWS refuses because of who asks, and not because of what is asked for. */
const NOT_ALLOWED = /^(?:AccessDenied|NotAuthorized|UnrecognizedClient)/;
const ALLOW =
  'Allow ecr:DescribeRepositories and ecr:CreateRepository to the role that this job takes, or create the repository by hand';
