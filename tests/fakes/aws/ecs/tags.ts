import { AwsError } from '../aws-error.ts';
import type { Handlers } from '../handler.ts';
import type { World } from '../world.ts';
import type { Tag } from './state.ts';

export const tagHandlers: Handlers = {
  TagResource(world, { resourceArn, tags }) {
    const given = tags as readonly Tag[];
    if (given.some(({ key }) => key.toLowerCase().startsWith('aws:'))) {
      throw new AwsError('InvalidParameterException', 'Tag keys cannot start with aws:.');
    }
    change(world, resourceArn, (before) => [
      ...before.filter(({ key }) => !given.some((tag) => tag.key === key)),
      ...given,
    ]);
    return {};
  },
  UntagResource(world, { resourceArn, tagKeys }) {
    const gone = tagKeys as readonly string[];
    change(world, resourceArn, (before) => before.filter(({ key }) => !gone.includes(key)));
    return {};
  },
  ListTagsForResource(world, { resourceArn }) {
    return { tags: [...change(world, resourceArn, (before) => before)] };
  },
};

function change(world: World, arn: unknown, by: (before: readonly Tag[]) => readonly Tag[]): readonly Tag[] {
  const name = String(arn);
  const definition = world.taskDefinitionTags.get(name);
  const services = world.clusters.flatMap((cluster) => cluster.services);
  const owner =
    services.find((service) => service.arn === name && service.status !== 'INACTIVE') ??
    world.clusters.find((cluster) => cluster.arn === name);
  if (!definition && !owner) {
    throw new AwsError('InvalidParameterException', 'The specified resource is not found or is INACTIVE.');
  }
  const after = [...by(definition ?? owner?.tags ?? [])];
  if (after.length > 50) throw new AwsError('InvalidParameterException', 'Too many tags.');
  if (definition) world.taskDefinitionTags.set(name, after);
  else if (owner) owner.tags = after;
  return after;
}
