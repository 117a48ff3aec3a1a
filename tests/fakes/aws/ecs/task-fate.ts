import type { FakeRepository } from '../ecr/state.ts';
import { findSecret } from '../secretsmanager/handlers.ts';
import type { World } from '../world.ts';
import type { ContainerDefinition, TaskDefinition, TaskFate, Wire } from './state.ts';

/** What becomes of a task: as the test says, else as the images and log groups of the account let it. */
export function fateOf(world: World, { given, family, revision }: TaskDefinition): TaskFate {
  const planned = world.fates.get(`${family}:${revision}`);
  if (planned) return planned;
  const roles = roleFate(world, given);
  if (roles) return roles;
  for (const container of given.containerDefinitions) {
    const digest = container.image.split('@')[1];
    const fate =
      world.fates.get(container.image) ??
      (digest === undefined ? undefined : world.fates.get(digest)) ??
      secretFate(world, container) ??
      imageFate(world, container.image, platformOf(given.runtimePlatform)) ??
      logFate(world, container);
    if (fate) return fate;
  }
  return { kind: 'runs' };
}

function imageFate(world: World, image: string, platform: string): TaskFate | undefined {
  const registry = `${world.account}.dkr.ecr.${world.region}.amazonaws.com/`;
  if (!image.startsWith(registry)) return undefined;
  const { name, reference } = splitImage(image.slice(registry.length));
  const repository = world.ecr.repositories.find((candidate) => candidate.name === name);
  const found = repository && imageIn(repository, reference);
  const pull = 'CannotPullContainerError: pull image manifest has been retried';
  if (!found) return { kind: 'cannot-pull', reason: `${pull} 1 time(s): failed to resolve ref ${image}: not found` };
  if (found.platforms.includes(platform)) return undefined;
  if (found.platforms.length > 1) {
    const reason = `${pull} 7 time(s): image Manifest does not contain descriptor matching platform '${platform}'`;
    return { kind: 'cannot-pull', reason };
  }
  return { kind: 'exits', code: 255, log: ['exec /usr/local/bin/uvicorn: exec format error'] };
}

/** The image of a repository that a tag or a digest names. */
export function imageIn(repository: FakeRepository, reference: string): FakeRepository['images'][number] | undefined {
  return repository.images.find((image) => image.digest === reference || image.tags.includes(reference));
}

/** `team/motor@sha256:…` or `team/motor:tag` in its parts. */
export function splitImage(image: string): { readonly name: string; readonly reference: string } {
  const [beforeDigest = '', digest] = image.split('@');
  const colon = beforeDigest.lastIndexOf(':');
  const name = colon > beforeDigest.lastIndexOf('/') ? beforeDigest.slice(0, colon) : beforeDigest;
  return { name, reference: digest ?? (name === beforeDigest ? 'latest' : beforeDigest.slice(colon + 1)) };
}

function platformOf(runtimePlatform: unknown): string {
  const { cpuArchitecture = 'X86_64' } = (runtimePlatform ?? {}) as { cpuArchitecture?: string };
  return cpuArchitecture === 'ARM64' ? 'linux/arm64' : 'linux/amd64';
}

/** The roles are taken before anything else is done. */
function roleFate(world: World, { executionRoleArn, taskRoleArn }: Wire): TaskFate | undefined {
  for (const arn of [executionRoleArn, taskRoleArn]) {
    if (arn === undefined) continue;
    const role = world.roles.find((candidate) => [candidate.arn, candidate.name].includes(String(arn)));
    if (role && JSON.stringify(role.trust).includes('"ecs-tasks.amazonaws.com"')) continue;
    const reason =
      `ECS was unable to assume the role '${arn}' that was provided for this task. Please verify that the role being ` +
      'passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.';
    return { kind: 'cannot-start', reason };
  }
  return undefined;
}

/** A task fetches its secrets before it pulls its image. */
function secretFate(world: World, { secrets = [] }: ContainerDefinition): TaskFate | undefined {
  for (const { valueFrom } of secrets as readonly { readonly valueFrom: string }[]) {
    if (!valueFrom.includes(':secretsmanager:')) continue;
    const arn = valueFrom.split(':').slice(0, 7).join(':');
    if (findSecret(world, arn)) continue;
    const reason =
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ' +
      'unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ' +
      `${arn} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`;
    return { kind: 'cannot-start', reason };
  }
  return undefined;
}

function logFate(world: World, { logConfiguration }: ContainerDefinition): TaskFate | undefined {
  if (logConfiguration?.logDriver !== 'awslogs') return undefined;
  const { 'awslogs-group': group = '', 'awslogs-create-group': create } = logConfiguration.options ?? {};
  if (world.logs.groups.has(group) || create === 'true') return undefined;
  const reason =
    'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to ' +
    'create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1';
  return { kind: 'cannot-start', reason };
}
