import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Problem } from '../../../errors.ts';
import { nameOf } from '../aws-error.ts';
import { type Finding, orNote, type Subject, together } from './look.ts';
import { secretMissing } from './problems.ts';
import { checkKey } from './secret-keys.ts';
import type { SecretReference } from './secret-references.ts';

const CURRENT = 'AWSCURRENT';

/** Secrets that are not there, or have no value, so that no task would start. Their values are not read. */
export async function checkSecrets(subject: Subject, secrets: readonly SecretReference[]): Promise<Finding> {
  const found = secrets.map((secret) =>
    orNote(`the secret ${nameIn(secret.id)}`, subject.signal, (signal) => checkSecret({ ...subject, signal }, secret)),
  );
  return together(await Promise.all(found));
}

async function checkSecret(subject: Subject, { id, region, stage }: SecretReference): Promise<Finding> {
  const { context, signal } = subject;
  const name = nameIn(id);
  const found = await context.aws.ask(
    `the secret ${name}`,
    async (clients, options) => {
      const client = clients.other(`secrets ${region}`, (config) => new SecretsManagerClient({ ...config, region }));
      try {
        return await client.send(new DescribeSecretCommand({ SecretId: id }), options);
      } catch (error) {
        if (nameOf(error) === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },
    signal,
  );
  const stages = Object.values(found?.VersionIdsToStages ?? {}).flat();
  const wanted = stage ?? CURRENT;
  if (!found) return wrong(secretMissing(`the secret ${name} is not there in ${region}`));
  if (found.DeletedDate) return wrong(secretMissing(`the secret ${name} is being deleted`));
  if (!stages.includes(wanted))
    return wrong(
      secretMissing(`the secret ${name} has no value${stage === undefined ? '' : ` in the stage ${stage}`}`),
    );
  const account = (found.ARN ?? id).split(':')[4] ?? '';
  const encrypted = {
    what: `the secret ${name}`,
    key: found.KmsKeyId,
    region,
    account,
    via: 'secretsmanager',
  } as const;
  return checkKey(subject, encrypted);
}

function wrong(problem: Problem): Finding {
  return { problems: [problem], notes: [] };
}

/** Without account, and without the characters that AWS adds: hosts mask the one, people do not know the other. */
function nameIn(id: string): string {
  const [, name] = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id) ?? [];
  return name?.replace(/-\w{6}$/, '') ?? id;
}
