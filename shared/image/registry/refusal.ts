import { ConfigError, type Problem, ProviderError } from '../../errors.ts';
import type { RepositoryName } from '../../ports/registry.ts';
import { type Digest, isDigest } from '../../release/digest.ts';
import { describeRepository, describeTag } from './name.ts';
import type { Said } from './said.ts';
import type { WireAnswer } from './wire.ts';

/** What was to be done when the registry said no. */
export interface Wish {
  readonly name: RepositoryName;
  readonly action: 'pull' | 'push';
  /** Where a tag was to be set. */
  readonly tag?: string | undefined;
}

export interface Refusal extends Wish {
  readonly status: number;
  /** Who said it, where it is not the registry itself: the host of its token service. */
  readonly host?: string;
  readonly said: Said;
  /** Where the login came from, for people; undefined where there was none. */
  readonly login: string | undefined;
  /** The login itself was taken, and what it asked for was not. */
  readonly isKnown: boolean;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Statuses that another try, later, may change. */
const BUSY: ReadonlySet<number> = new Set([408, 425, 500, 502, 503, 504]);
const QUOTA =
  /quota|storage limit|exceed\w* the (?:configured )?(?:upper )?limit|no space left|insufficient storage|disk (?:is )?full/i;
const AMAZON = /^\d{12}\.dkr[.-]ecr\b/;
const READ_ONLY = /read[- ]?only|maintenance mode/i;
const IMMUTABLE =
  /immutable|ImageTagAlreadyExists|tag\b.*already exists|cannot be overwritten|manifest is locked|is locked/i;

/** A refusal as the error that it is: the user's to mend, or the registry's. */
export function refusalError(refusal: Refusal): ConfigError | ProviderError {
  return loginProblem(refusal) ?? nameProblem(refusal) ?? failure(refusal);
}

function loginProblem(refusal: Refusal): ConfigError | undefined {
  const { status, name, action, login, said, isKnown } = refusal;
  if (status !== 401 && (status !== 403 || isFull(refusal) || READ_ONLY.test(said.text))) return undefined;
  if (refusal.tag !== undefined && IMMUTABLE.test(said.text)) return undefined;
  if (login === undefined) {
    return new ConfigError({
      code: 'REGISTRY-NOT-LOGGED-IN',
      what: `${answered(refusal)}; nobody is logged in to ${name.registry}, which would need to ${action} ${name.repository}`,
      fix: `Log in to ${name.registry} before this step: docker login, DOCKER_USERNAME and DOCKER_PASSWORD, or the login of your cloud`,
    });
  }
  if (status === 403 || isKnown) {
    return new ConfigError({
      code: 'REGISTRY-DENIED',
      what: `${answered(refusal)}; the login of ${login} may not ${action} ${describeRepository(name)}`,
      fix: permissionFix(refusal),
    });
  }
  return new ConfigError({
    code: 'REGISTRY-LOGIN-REFUSED',
    what: `${answered(refusal)}; the login of ${login} is not accepted for ${name.registry}`,
    fix: 'Check its user name and password, or log in again: it may have expired',
  });
}

/** Amazon's registry names the permission, where the answer has a text at all. */
function permissionFix({ name, action, said }: Refusal): string {
  const [, permission] = /\bperform: ([\w-]+:\w+)/.exec(said.text) ?? [];
  if (permission === undefined && !AMAZON.test(name.registry))
    return `Give it the permission to ${action} ${name.repository}, or create the repository where the registry wants it to be there first`;
  const wanted = permission ?? `what a ${action} needs`;
  return `Allow ${wanted} on ${name.repository} in the IAM policy of the role that this job takes, as docs/reference/aws-ecs-iam.md has it`;
}

function nameProblem(refusal: Refusal): ConfigError | undefined {
  const { status, name, tag, said, action } = refusal;
  if (said.codes.includes('NAME_INVALID')) {
    const fix = 'Use a name that this registry takes; some want a project or a namespace before it';
    return new ConfigError({ code: 'IMAGE-NAME', what: answered(refusal), fix });
  }
  if (tag !== undefined && (status === 409 || (status < 500 && IMMUTABLE.test(said.text)))) {
    return new ConfigError({
      code: 'REGISTRY-TAG-IMMUTABLE',
      what: `${answered(refusal)}; the tag ${describeTag(name, tag)} is there, and the registry lets nobody move it`,
      fix: 'Use another tag, or let the registry move tags of this repository',
    });
  }
  if (status === 404 && action === 'push') {
    return new ConfigError({
      code: 'REGISTRY-NO-REPOSITORY',
      what: `${answered(refusal)}; it has no repository ${name.repository}, and makes none`,
      fix: 'Create the repository (at Amazon ECR the create-repository input does so), or correct its name',
    });
  }
  return undefined;
}

function failure(refusal: Refusal): ProviderError {
  const { status, requestId, retryAfterMs, said } = refusal;
  const full = isFull(refusal);
  return new ProviderError(problemOf(refusal, full), {
    status,
    retryable: status === 429 || (BUSY.has(status) && !full && !READ_ONLY.test(said.text)),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function problemOf(refusal: Refusal, full: boolean): Problem {
  const { status, said, action, name, retryAfterMs } = refusal;
  const what = answered(refusal);
  if (full) return { code: 'REGISTRY-FULL', what, fix: 'Delete images that nothing uses, or raise the quota' };
  if (status === 413) {
    return { code: 'REGISTRY-TOO-LARGE', what, fix: 'Raise the limit of a request in the proxy or the registry' };
  }
  if (status === 429) {
    const wait = retryAfterMs === undefined ? '' : `, and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
    return { code: 'REGISTRY-RATE-LIMITED', what: `${what}${wait}`, fix: 'Log in, or run the step again later' };
  }
  if (READ_ONLY.test(said.text) || (status === 405 && action === 'push')) {
    const fix = 'Wait until its maintenance is over, or push to the registry that this one mirrors';
    return { code: 'REGISTRY-READ-ONLY', what: `${what}; ${name.registry} takes no pushes now`, fix };
  }
  if (BUSY.has(status)) {
    return { code: 'REGISTRY-UNAVAILABLE', what, fix: 'Look at the status of the registry, then run the step again' };
  }
  return { code: 'REGISTRY-REFUSED', what, fix: 'Look at the log of the registry' };
}

function isFull({ status, said }: Refusal): boolean {
  return status === 507 || QUOTA.test(said.text);
}

/** `eu.example.com answered 403 DENIED: requested access to the resource is denied`. */
function answered({ host, name, status, said }: Refusal): string {
  const text = said.text.replace(/[.;\s]+$/, '');
  return `${host ?? name.registry} answered ${status}${text === '' ? '' : ` ${text}`}`;
}

/** An answer that is not what the specification says. */
export function badAnswer(host: string, why: string, retryable = false): ProviderError {
  return new ProviderError(
    {
      code: 'REGISTRY-BAD-ANSWER',
      what: `${host} ${why}`,
      fix: 'Check that it is a registry of container images; something between here and there may change its answers',
    },
    { retryable },
  );
}

/** Bytes that are not those of their digest. */
export function wrongDigest(host: string, what: string): ProviderError {
  return new ProviderError({
    code: 'REGISTRY-DIGEST',
    what: `${host} ${what}`,
    fix: 'Do not use it: look into the storage of the registry, and into the proxies in front of it',
  });
}

/**
 * What an answer says the digest of its content is must be what was sent or asked for.
 * @throws ProviderError REGISTRY-DIGEST
 */
export function checkNamedDigest(answer: Pick<WireAnswer, 'header' | 'url'>, expected: Digest): void {
  const named = answer.header('docker-content-digest');
  if (named === undefined || !isDigest(named) || named === expected) return;
  throw wrongDigest(answer.url.host, `says that the content of ${expected} has the digest ${named}`);
}
