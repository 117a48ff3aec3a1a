import { emitAwsIam } from './aws-iam.ts';
import { emitAzure } from './azure.ts';
import { emitDocs } from './docs.ts';
import { emitGithub } from './github.ts';
import { emitGitlab } from './gitlab.ts';
import { emitSchemas } from './schemas.ts';
import type { GeneratedFile, Suite } from './suite.ts';

/** Every file that is written from the definitions. */
export function emitAll(suite: Suite): readonly GeneratedFile[] {
  return [
    ...emitGithub(suite),
    ...emitGitlab(suite),
    ...emitAzure(suite),
    ...emitDocs(suite),
    ...emitSchemas(),
    ...emitAwsIam(),
  ];
}
