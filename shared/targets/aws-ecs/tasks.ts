import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { Release } from '../../release/release.ts';
import { nameOf } from './aws-error.ts';
import type { EcsContext, RegisteredTask } from './context.ts';
import { unknownDeployment } from './errors.ts';
import { deploymentId } from './names.ts';
import { releaseTags, taggedRelease, tagList, tagsOf } from './tags.ts';
import { isSameTask, shapeOf, type TaskShape } from './task-definition.ts';

/** Newest definitions of a family that are looked through for one that says the same. */
const LOOKED_THROUGH = 10;

/** A definition by its id; undefined where there is none of that name. */
export async function findTask(
  { aws, tasks }: Pick<EcsContext, 'aws' | 'tasks'>,
  id: string,
  signal?: AbortSignal,
): Promise<RegisteredTask | undefined> {
  const known = tasks.get(id);
  if (known) return known;
  const answer = await aws.ask(
    `the task definition ${id}`,
    async ({ ecs }, options) => {
      try {
        return await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: id, include: ['TAGS'] }), options);
      } catch (error) {
        // AWS has no error of its own for one that is not there.
        if (nameOf(error) === 'ClientException' && /unable to describe/i.test(String(error))) return undefined;
        throw error;
      }
    },
    signal,
  );
  const { taskDefinition: definition, tags = [] } = answer ?? {};
  if (!definition?.taskDefinitionArn) return undefined;
  const task = { definition, tags };
  tasks.set(deploymentId(definition.taskDefinitionArn), task);
  return task;
}

/** @throws ConfigError ECS-DEPLOYMENT-UNKNOWN */
export async function readTask(context: EcsContext, id: string, signal?: AbortSignal): Promise<RegisteredTask> {
  const task = await findTask(context, id, signal);
  if (!task) throw unknownDeployment(id);
  return task;
}

/**
 * The id of a definition that was registered for this release and says the same; undefined where there is none.
 * @param known ids that are looked at first
 */
export async function findSame(
  context: EcsContext,
  shape: TaskShape,
  release: Release,
  known: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  const newest = await newestOf(context, shape.family ?? '', signal);
  for (const id of new Set([...known, ...newest])) {
    const task = await findTask(context, id, signal);
    if (task?.definition.status !== 'ACTIVE') continue;
    if (taggedRelease(tagsOf(task.tags))?.releaseId !== release.id) continue;
    if (isSameTask(shapeOf(task.definition), shape)) return id;
  }
  return undefined;
}

/** Registers a definition for a release. @returns its id */
export async function registerTask(
  context: EcsContext,
  shape: TaskShape,
  release: Release,
  inherited: RegisteredTask['tags'],
  signal?: AbortSignal,
): Promise<string> {
  const tags = tagList(releaseTags(release, tagsOf(inherited)));
  const { taskDefinition: definition, tags: kept = tags } = await context.aws.ask(
    `a new revision of the task definition ${shape.family}`,
    ({ ecs }, options) => ecs.send(new RegisterTaskDefinitionCommand({ ...shape, tags }), options),
    signal,
  );
  const id = deploymentId(definition?.taskDefinitionArn ?? '');
  if (definition) context.tasks.set(id, { definition, tags: kept });
  return id;
}

async function newestOf({ aws }: EcsContext, family: string, signal?: AbortSignal): Promise<readonly string[]> {
  const { taskDefinitionArns = [] } = await aws.ask(
    `the revisions of the task definition ${family}`,
    ({ ecs }, options) =>
      ecs.send(
        new ListTaskDefinitionsCommand({ familyPrefix: family, sort: 'DESC', maxResults: LOOKED_THROUGH }),
        options,
      ),
    signal,
  );
  return taskDefinitionArns.map(deploymentId);
}
