import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsClients } from '../clients.ts';
import { shortArn } from '../names.ts';
import { imageOf, type TaskShape } from '../task-definition.ts';
import { ecrImage } from './image.ts';
import { neededGroups } from './log-groups.ts';
import { type Finding, NOTHING, orNote, type Subject, together } from './look.ts';
import { roleNotPassed } from './problems.ts';
import { rolesOf } from './roles.ts';
import { referencesOf } from './secret-references.ts';
import { deniedToExecutionRole, executionRoleOf, type Need, refusals, roleArn } from './simulate.ts';

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
  const refused = await refusals(subject, self, {
    actions: ['iam:PassRole'],
    resources: roles,
    conditions: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  });
  return { problems: refused.map(({ resource }) => roleNotPassed(shortArn(resource), shortArn(self))), notes: [] };
}

async function checkExecution(subject: Subject): Promise<Finding> {
  const role = executionRoleOf(subject);
  if (role === undefined) return NOTHING;
  const found = await Promise.all(needsOf(subject).map((need) => deniedToExecutionRole(subject, role, need)));
  return together(found);
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
    { actions: ['s3:GetObject'], resources: environmentFilesOf(shape) },
    { actions: ['s3:GetBucketLocation'], resources: [...new Set(environmentFilesOf(shape).map(bucketOf))] },
  ];
  return needs.filter(({ actions, resources }) => actions.length > 0 && resources.length > 0);
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

/** Files of variables that ECS fetches before it starts a container: `arn:aws:s3:::bucket/path/to.env`. */
function environmentFilesOf({ containerDefinitions = [] }: TaskShape): readonly string[] {
  const files = containerDefinitions.flatMap(({ environmentFiles = [] }) => environmentFiles);
  return [...new Set(files.flatMap(({ value }) => value ?? []))];
}

function bucketOf(object: string): string {
  return object.split('/')[0] ?? object;
}
