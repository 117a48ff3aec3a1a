import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const { env } = process;
const artifact = join(env.HAUTE_TEST_ARTIFACTS, env.INPUT_NAME);
if (!existsSync(artifact)) throw new Error(`there is no artifact ${env.INPUT_NAME}`);
cpSync(artifact, resolve(env.GITHUB_WORKSPACE, env.INPUT_PATH), { recursive: true });
