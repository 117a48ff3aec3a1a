import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const { env } = process;
const artifacts = env.HAUTE_TEST_ARTIFACTS;
const target = resolve(env.GITHUB_WORKSPACE, env.INPUT_PATH);

// The real one puts one that is named into the folder itself, and those of a pattern into folders of their own.
if (env.INPUT_NAME) {
  if (!existsSync(join(artifacts, env.INPUT_NAME))) throw new Error(`there is no artifact ${env.INPUT_NAME}`);
  cpSync(join(artifacts, env.INPUT_NAME), target, { recursive: true });
} else {
  const [start, end] = env.INPUT_PATTERN.split('*');
  const found = existsSync(artifacts) ? readdirSync(artifacts) : [];
  for (const name of found.filter((each) => each.startsWith(start) && each.endsWith(end))) {
    cpSync(join(artifacts, name), join(target, name), { recursive: true });
  }
}
