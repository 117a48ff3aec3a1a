import { AwsError } from '../aws-error.ts';
import type { Wire } from '../ecs/state.ts';
import type { Handlers } from '../handler.ts';
import type { World } from '../world.ts';
import { decide, type PolicyDocument, type Question } from './evaluate.ts';

export const iamHandlers: Handlers = {
  GetRole(world, { RoleName: name }) {
    const role = world.roles.find((candidate) => candidate.name === name);
    if (!role) throw new AwsError('NoSuchEntityException', `The role with name ${name} cannot be found.`, 404);
    return {
      Role: {
        Path: '/',
        RoleName: role.name,
        RoleId: 'AROA0000000000EXAMPLE',
        Arn: role.arn,
        CreateDate: 1_700_000_000,
        AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
        MaxSessionDuration: role.maxSessionSeconds ?? 3600,
      },
    };
  },
  SimulatePrincipalPolicy(world, { PolicySourceArn, ActionNames, ResourceArns = ['*'], ContextEntries = [] }) {
    const policy = policyOf(world, String(PolicySourceArn));
    const entries = ContextEntries as readonly { ContextKeyName: string; ContextKeyValues: readonly string[] }[];
    const context = Object.fromEntries(
      entries.map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName, ContextKeyValues]),
    );
    const results = (ActionNames as readonly string[]).flatMap((action) =>
      (ResourceArns as readonly string[]).map((resource) => simulated(policy, { action, resource, context })),
    );
    return { EvaluationResults: results, IsTruncated: false };
  },
};

function simulated(policy: PolicyDocument | undefined, question: Question): Wire {
  const decision = policy ? decide(policy, question) : 'allow';
  return {
    EvalActionName: question.action,
    EvalResourceName: question.resource,
    EvalDecision: { allow: 'allowed', deny: 'implicitDeny', 'explicit-deny': 'explicitDeny' }[decision],
    MissingContextValues: policy ? missingOf(policy, question) : [],
  };
}

/** Condition keys of the policy that the simulation was told nothing of. */
function missingOf({ Statement }: PolicyDocument, { context }: Question): readonly string[] {
  const keys = [Statement].flat().flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys));
  return [...new Set(keys)].filter((key) => !(key in context));
}

/** What a principal may do; undefined: everything. @throws AwsError for one that there is not */
function policyOf(world: World, arn: string): PolicyDocument | undefined {
  const role = world.roles.find((candidate) => candidate.arn === arn);
  if (role) return role.policy as PolicyDocument | undefined;
  const user = [...world.credentials.values()].find((candidate) => candidate.arn === arn);
  if (user) return user.policy;
  throw new AwsError('NoSuchEntityException', `The principal ${arn} cannot be found.`, 404);
}
