import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { nameOf } from '../aws-error.ts';
import type { AwsClients } from '../clients.ts';
import { shortArn } from '../names.ts';
import { imageOf } from '../task-definition.ts';
import { ecrImage } from './image.ts';
import { neededGroups } from './log-groups.ts';
import { type Finding, NOTHING, orNote, type Subject, together } from './look.ts';
import { roleNotPassed } from './problems.ts';
import { rolesOf } from './roles.ts';
import { referencesOf } from './secret-references.ts';

/** Actions on resources that a role needs, for something that people know. */
interface Need {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/**
 * What IAM's simulation says of two that are about to be used: whether this job may hand the roles on to ECS, and
 * whether the execution role may fetch what a task starts with.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export async function checkRights(subject: Subject): Promise<Finding> {
  const { signal, registers } = subject;
  return together(
    await Promise.all([
      registers
        ? orNote('whether this job may pass the roles', signal, (own) => checkPass({ ...subject, signal: own }))
        : NOTHING,
      orNote('what the execution role may do', signal, (own) => checkExecution({ ...subject, signal: own })),
    ]),
  );
}

/** Roles that the caller may not hand to ECS tasks: AWS would refuse the registration. */
async function checkPass(subject: Subject): Promise<Finding> {
  const { context, signal } = subject;
  const roles = rolesOf(subject)
    .filter(({ taker }) => taker.startsWith('ecs-tasks.'))
    .map(({ role }) => roleArn(role, subject));
  const { Arn: caller = '' } = await context.aws.ask(
    'who this job is',
    (clients, options) => sts(clients).send(new GetCallerIdentityCommand({}), options),
    signal,
  );
  const self = principalOf(caller);
  if (self === undefined || roles.length === 0) return NOTHING;
  const refused = await refusals(
    subject,
    self,
    { actions: ['iam:PassRole'], resources: roles },
    { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  );
  return { problems: refused.map(({ resource }) => roleNotPassed(shortArn(resource), shortArn(self))), notes: [] };
}

/** What is said and stops nothing: a policy of a repository or of a secret may allow what the role's own does not. */
async function checkExecution(subject: Subject): Promise<Finding> {
  const { shape } = subject;
  if (!shape.executionRoleArn) return NOTHING;
  const role = roleArn(shape.executionRoleArn, subject);
  const notes: string[] = [];
  for (const need of needsOf(subject)) {
    for (const { action, resource } of await refusals(subject, role, need, {}))
      notes.push(
        `by IAM’s simulation the execution role ${shortArn(role)} may not do ${action} on ${shortArn(resource)}, and its tasks may not start`,
      );
  }
  return { problems: [], notes };
}

function needsOf(subject: Subject): readonly Need[] {
  const { shape, release, context, service } = subject;
  const { region } = context.place;
  const [, partition = 'aws', , , account = ''] = service.serviceArn?.split(':') ?? [];
  const image = ecrImage(imageOf(release).split('@')[0] ?? '');
  const { secrets, parameters } = referencesOf(shape, region);
  const repository = image && `arn:${partition}:ecr:${image.region}:${image.account}:repository/${image.repository}`;
  const needs: readonly Need[] = [
    { actions: image ? ['ecr:GetAuthorizationToken'] : [], resources: ['*'] },
    { actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: repository ? [repository] : [] },
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [...neededGroups(shape, region)].map(
        (group) => `arn:${partition}:logs:${region}:${account}:log-group:${group}:log-stream:haute`,
      ),
    },
    {
      actions: ['secretsmanager:GetSecretValue'],
      // An ARN that is cut short names what no policy does.
      resources: secrets.map(({ id }) => id).filter((id) => /^arn:.*-\w{6}$/.test(id)),
    },
    {
      actions: ['ssm:GetParameters'],
      resources: parameters.map(
        (each) =>
          `arn:${partition}:ssm:${each.region}:${each.account ?? account}:parameter/${each.names[0]?.replace(/^\//, '')}`,
      ),
    },
  ];
  return needs.filter(({ actions, resources }) => actions.length > 0 && resources.length > 0);
}

/** What the simulation denies for sure: with conditions that it was told nothing of, it knows no better than we do. */
async function refusals(
  { context, signal }: Subject,
  principal: string,
  { actions, resources }: Need,
  conditions: Readonly<Record<string, string>>,
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

/** The role or user that a caller is; undefined for the root of an account and for federated users. */
function principalOf(caller: string): string | undefined {
  const [, head, name] = /^(arn:[^:]+:)sts(?=::)/.test(caller)
    ? (/^(arn:[^:]+:)sts::\d+:assumed-role\/([^/]+)\//.exec(caller) ?? [])
    : [];
  if (head !== undefined) return `${head}iam::${caller.split(':')[4]}:role/${name}`;
  return /^arn:[^:]+:iam::\d+:user\//.test(caller) ? caller : undefined;
}

function sts(clients: AwsClients): STSClient {
  return clients.other('sts', (config) => new STSClient(config));
}

/** A task definition may name a role without its ARN. */
function roleArn(role: string, { service }: Subject): string {
  const [, partition = 'aws', , , account = ''] = service.serviceArn?.split(':') ?? [];
  return role.startsWith('arn:') ? role : `arn:${partition}:iam::${account}:role/${role}`;
}
