import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Problem } from '../../../errors.ts';
import type { TaskShape } from '../task-definition.ts';
import type { Finding, Subject } from './look.ts';
import { logGroupMissing } from './problems.ts';

/** Log groups that are not there although tasks need them to start. */
export async function checkLogGroups({ context, shape, signal }: Subject): Promise<Finding> {
  const problems: Problem[] = [];
  for (const group of neededGroups(shape, context.place.region)) {
    const { logGroups = [] } = await context.aws.ask(
      `the log group ${group}`,
      ({ logs }, options) => logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group, limit: 50 }), options),
      signal,
    );
    if (!logGroups.some(({ logGroupName }) => logGroupName === group))
      problems.push(logGroupMissing(group, context.place.region));
  }
  return { problems, notes: [] };
}

/** Groups of the region that no task makes for itself. */
export function neededGroups(shape: TaskShape, region: string): ReadonlySet<string> {
  return new Set(
    (shape.containerDefinitions ?? []).flatMap(({ logConfiguration }) => {
      const options = logConfiguration?.options ?? {};
      const isElsewhere = options['awslogs-region'] !== undefined && options['awslogs-region'] !== region;
      if (logConfiguration?.logDriver !== 'awslogs' || isElsewhere) return [];
      return options['awslogs-create-group'] === 'true' ? [] : (options['awslogs-group'] ?? []);
    }),
  );
}
