import { throwIfAny } from '../../../errors.ts';
import { checkCapacity } from './capacity.ts';
import { checkImage } from './image.ts';
import { checkLogGroups } from './log-groups.ts';
import { type Finding, NOTHING, orNote, orPermission, type Subject, together } from './look.ts';
import { fargateUse } from './quota-use.ts';
import { referencesOf } from './secret-references.ts';
import { checkTagRoom } from './tag-room.ts';
import { checkGroups, checkPorts, checkRules } from './wiring.ts';

/**
 * Looks at everything that would keep the tasks of a definition from starting or being reached, before anything is
 * changed. Reads only, and never a secret. The clients of services that are looked at here alone are loaded only when
 * there is something to ask them.
 * @returns what is worth knowing and stops nothing: what could not be looked at, with the permission that is missing
 * @throws ConfigError with everything that is wrong
 */
export async function verify(subject: Subject): Promise<readonly string[]> {
  const { signal } = subject;
  const found = await Promise.all([
    checkPorts(subject),
    checkTagRoom(subject),
    checkCapacity(subject),
    orPermission('the image', () => checkImage(subject)),
    orPermission('the log groups', () => checkLogGroups(subject)),
    orPermission('the target groups', () => checkGroups(subject)),
    orPermission('the listener rules', () => checkRules(subject)),
    lookAtRoles(subject),
    lookAtSecrets(subject),
    orNote('the quota of Fargate', signal, (bounded) => lookAtQuota({ ...subject, signal: bounded })),
  ]);
  const { problems, notes } = together(found);
  throwIfAny(problems);
  return notes;
}

async function lookAtRoles(subject: Subject): Promise<Finding> {
  const { shape, service } = subject;
  const balancers = (service.loadBalancers ?? []).some(({ advancedConfiguration: each }) => each?.roleArn);
  if (!shape.taskRoleArn && !shape.executionRoleArn && !balancers) return NOTHING;
  const [{ checkRoles }, { checkRights }] = await Promise.all([import('./roles.ts'), import('./rights.ts')]);
  return together(await Promise.all([checkRoles(subject), checkRights(subject)]));
}

async function lookAtSecrets(subject: Subject): Promise<Finding> {
  const { shape, context } = subject;
  const { secrets, parameters } = referencesOf(shape, context.place.region);
  const found = await Promise.all([
    secrets.length === 0 ? NOTHING : import('./secrets.ts').then(({ checkSecrets }) => checkSecrets(subject, secrets)),
    parameters.length === 0
      ? NOTHING
      : import('./parameters.ts').then(({ checkParameters }) => checkParameters(subject, parameters)),
  ]);
  return together(found);
}

async function lookAtQuota(subject: Subject): Promise<Finding> {
  const use = fargateUse(subject);
  if (!use) return NOTHING;
  const { checkQuota } = await import('./quota.ts');
  return checkQuota(subject, use);
}
