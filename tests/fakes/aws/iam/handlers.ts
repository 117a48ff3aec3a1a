import { AwsError } from '../aws-error.ts';
import type { Handlers } from '../handler.ts';

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
};
