import { AwsError } from '../aws-error.ts';
import { seconds } from '../ecs/answers.ts';
import type { Handlers } from '../handler.ts';
import type { World } from '../world.ts';
import type { FakeSecret } from './state.ts';

export const secretsHandlers: Handlers = {
  DescribeSecret(world, { SecretId: id }) {
    const secret = findSecret(world, String(id));
    if (!secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    const { arn, name, stages, deletedAt, key } = secret;
    return {
      ARN: arn,
      Name: name,
      CreatedDate: 0,
      ...(key !== undefined && { KmsKeyId: key }),
      ...(deletedAt !== undefined && { DeletedDate: seconds(deletedAt) }),
      ...(stages.length > 0 && { VersionIdsToStages: { '0a1b2c3d-0000-4000-8000-000000000000': stages } }),
    };
  },
};

/** By its ARN, by its ARN without the six characters, or by its name. */
export function findSecret({ secrets }: World, id: string): FakeSecret | undefined {
  return secrets.find(({ arn, name }) => [arn, arn.replace(/-\w{6}$/, ''), name].includes(id));
}
