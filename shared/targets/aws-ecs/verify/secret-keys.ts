import { type Finding, NOTHING, orNote, type Subject } from './look.ts';
import { deniedToExecutionRole, executionRoleOf } from './simulate.ts';

/** Something secret, and the key of KMS that it is encrypted with. */
export interface Encrypted {
  /** For people: `the secret motor/postcode`. */
  readonly what: string;
  /** As AWS tells it: an ARN, an id, or an alias; undefined for the key that AWS keeps for the service itself. */
  readonly key: string | undefined;
  readonly region: string;
  /** Account whose key it is where the ARN does not say. */
  readonly account: string;
  /** Who decrypts it in the name of the role. */
  readonly via: 'secretsmanager' | 'ssm';
}

/**
 * Whether the execution role may decrypt a secret, by its own policies: with a key of the customer's it takes a right
 * of its own. AWS' own keys take none.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export async function checkKey(subject: Subject, encrypted: Encrypted): Promise<Finding> {
  const { what, key, region, via } = encrypted;
  const role = executionRoleOf(subject);
  if (role === undefined || key === undefined || isOfAws(key)) return NOTHING;
  const resource = keyArn(subject, encrypted, key);
  if (resource === undefined)
    return {
      problems: [],
      notes: [`whether ${what} can be decrypted is not looked at: ${key} is an alias of its key`],
    };
  const conditions = { 'kms:ViaService': `${via}.${region}.amazonaws.com` };
  return orNote(`whether ${what} can be decrypted`, subject.signal, (signal) =>
    deniedToExecutionRole({ ...subject, signal }, role, {
      actions: ['kms:Decrypt'],
      resources: [resource],
      known: `the key of ${what}`,
      conditions,
    }),
  );
}

/** The key that AWS keeps in the account for one of its services. */
function isOfAws(key: string): boolean {
  return /(?:^|:)alias\/aws\//.test(key);
}

/** Undefined for an alias: which key it stands for can change, and only KMS knows. */
function keyArn({ service }: Subject, { region, account }: Encrypted, key: string): string | undefined {
  if (/(?:^|:)alias\//.test(key)) return undefined;
  const [, partition = 'aws'] = service.serviceArn?.split(':') ?? [];
  return key.startsWith('arn:') ? key : `arn:${partition}:kms:${region}:${account}:key/${key}`;
}
