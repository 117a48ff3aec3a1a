import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { nameOf } from '../aws-error.ts';
import { shortArn } from '../names.ts';
import { type Finding, orNote, type Subject, together } from './look.ts';
import { roleMissing, roleUntrusted } from './problems.ts';
import { judgeTrust } from './role-trust.ts';

/** A role that AWS takes for the service, and who takes it. */
export interface TakenRole {
  readonly what: string;
  /** ARN, or the name alone, as a task definition may have it. */
  readonly role: string;
  readonly taker: string;
}

const TASKS = 'ecs-tasks.amazonaws.com';
const ECS = 'ecs.amazonaws.com';

/** Roles that are not there, or that AWS may not take: no task would start, or no traffic be moved. */
export async function checkRoles(subject: Subject): Promise<Finding> {
  const found = rolesOf(subject).map((each) =>
    orNote(`the ${each.what} ${shortArn(each.role)}`, subject.signal, (signal) =>
      checkRole({ ...subject, signal }, each),
    ),
  );
  return together(await Promise.all(found));
}

/** Each role once. */
export function rolesOf({ shape, service }: Pick<Subject, 'shape' | 'service'>): readonly TakenRole[] {
  const all = [
    { what: 'execution role', role: shape.executionRoleArn, taker: TASKS },
    { what: 'task role', role: shape.taskRoleArn, taker: TASKS },
    ...(service.loadBalancers ?? []).map(({ advancedConfiguration: each }) => ({
      what: 'role for the load balancer',
      role: each?.roleArn,
      taker: ECS,
    })),
  ].flatMap(({ role, ...more }) => (role ? [{ ...more, role }] : []));
  return [...new Map(all.map((each) => [`${each.role} ${each.taker}`, each])).values()];
}

async function checkRole({ context, service, signal }: Subject, { what, role, taker }: TakenRole): Promise<Finding> {
  const [, , , , account = ''] = service.serviceArn?.split(':') ?? [];
  const name = shortArn(role);
  const of = role.split(':')[4];
  if (of !== undefined && account !== '' && of !== account)
    return wrong(roleMissing(`the ${what} ${name} is of another account than the service`));
  const found = await context.aws.ask(
    `the ${what} ${name}`,
    async (clients, options) => {
      const client = clients.other('iam', (config) => new IAMClient(config));
      try {
        return await client.send(new GetRoleCommand({ RoleName: name }), options);
      } catch (error) {
        if (/^NoSuchEntity(Exception)?$/.test(nameOf(error))) return undefined;
        throw error;
      }
    },
    signal,
  );
  if (!found?.Role) return wrong(roleMissing(`the ${what} ${name} is not there`));
  const document = decodeURIComponent(found.Role.AssumeRolePolicyDocument ?? '');
  if (document === '') return { problems: [], notes: [`the trust of the ${what} ${name} is not told by AWS`] };
  const trust = judgeTrust(document, { service: taker, account, region: context.place.region });
  if (!trust.trusts) return wrong(roleUntrusted(`${what} ${name}`, taker, trust.why));
  const notes =
    trust.unjudged.length === 0
      ? []
      : [`the ${what} ${name} is trusted under conditions that are not looked at: ${trust.unjudged.join(', ')}`];
  return { problems: [], notes };
}

function wrong(problem: Finding['problems'][number]): Finding {
  return { problems: [problem], notes: [] };
}
