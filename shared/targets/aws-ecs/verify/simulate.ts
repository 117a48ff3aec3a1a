import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { nameOf } from '../aws-error.ts';
import { shortArn } from '../names.ts';
import type { Finding, Subject } from './look.ts';

/** Actions on resources that a role needs, for something that people know. */
export interface Need {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What the resources are, where their names do not say it. */
  readonly known?: string;
  /** What the simulation is told of the call, by condition key. */
  readonly conditions?: Readonly<Record<string, string>>;
}

/** What the simulation denies for sure: with conditions that it was told nothing of, it knows no better than we do. */
export async function refusals(
  { context, signal }: Subject,
  principal: string,
  { actions, resources, conditions = {} }: Need,
): Promise<readonly { readonly action: string; readonly resource: string }[]> {
  const { EvaluationResults: results = [] } = await context.aws.ask(
    `the rights of ${shortArn(principal)}`,
    async (clients, options) => {
      const client = clients.other('iam', (config) => new IAMClient(config));
      const ContextEntries = Object.entries(conditions).map(([ContextKeyName, value]) => ({
        ContextKeyName,
        ContextKeyValues: [value],
        ContextKeyType: 'string' as const,
      }));
      const asked = { PolicySourceArn: principal, ActionNames: [...actions], ResourceArns: [...resources] };
      try {
        return await client.send(new SimulatePrincipalPolicyCommand({ ...asked, ContextEntries }), options);
      } catch (error) {
        // The session of a role with a path does not say the path; a role that is missing is told elsewhere.
        if (/^NoSuchEntity(Exception)?$/.test(nameOf(error))) return { EvaluationResults: [] };
        throw error;
      }
    },
    signal,
  );
  return results.flatMap(({ EvalActionName: action = '', EvalResourceName, EvalDecision, ...more }) => {
    const single = [{ resource: EvalResourceName ?? '*', decision: EvalDecision, missing: more.MissingContextValues }];
    const several = (more.ResourceSpecificResults ?? []).map((each) => ({
      resource: each.EvalResourceName ?? '*',
      decision: each.EvalResourceDecision,
      missing: each.MissingContextValues,
    }));
    return (several.length > 0 ? several : single)
      .filter(({ decision, missing = [] }) => decision !== 'allowed' && missing.length === 0)
      .map(({ resource }) => ({ action, resource }));
  });
}

/** The role by which ECS fetches what a task starts with; undefined where the definition names none. */
export function executionRoleOf(subject: Subject): string | undefined {
  const { executionRoleArn } = subject.shape;
  return executionRoleArn ? roleArn(executionRoleArn, subject) : undefined;
}

/**
 * What the execution role is denied of what it needs. Said, and stops nothing: a policy of a repository, a secret or a
 * key may allow what the role's own does not.
 */
export async function deniedToExecutionRole(subject: Subject, role: string, need: Need): Promise<Finding> {
  const known = need.known === undefined ? '' : `, ${need.known}`;
  const notes = (await refusals(subject, role, need)).map(
    ({ action, resource }) =>
      `by IAM’s simulation the execution role ${shortArn(role)} may not do ${action} on ${shortArn(resource)}${known}, and its tasks may not start`,
  );
  return { problems: [], notes };
}

/** A task definition may name a role without its ARN. */
export function roleArn(role: string, { service }: Subject): string {
  const [, partition = 'aws', , , account = ''] = service.serviceArn?.split(':') ?? [];
  return role.startsWith('arn:') ? role : `arn:${partition}:iam::${account}:role/${role}`;
}
