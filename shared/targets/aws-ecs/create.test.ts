import { expect, it } from 'vitest';
import { FakeClock } from '../../../tests/fakes/fake-clock.ts';
import { ConfigError } from '../../errors.ts';
import type { Project } from '../../project/project.ts';
import { readPolicy } from '../../project/read-policy.ts';
import { emptyDocument } from '../../project/toml/parse-toml.ts';
import { createEcsTarget } from './create.ts';

const OUTSIDE = {
  env: {},
  clock: new FakeClock(),
  random: () => 0,
  redact: (text: string) => text,
  federation: undefined,
  userAgent: 'haute-deploy/test',
};

function problemsOf(awsEcs: Project['config']['deploy']['awsEcs']): readonly string[] {
  const { policy } = readPolicy(emptyDocument('haute.release.toml'), 0);
  const deploy = { awsEcs, container: { port: 8080 }, modelName: 'motor' };
  const config = { deploy, ci: { stagingSuffix: '-staging' } } as unknown as Project['config'];
  try {
    createEcsTarget({ config, policy }, OUTSIDE);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ code, what, place }) => `${code} ${place?.file}: ${what}`);
  }
}

it('tells everything that haute.toml does not say of the place at once', () => {
  expect(problemsOf({ region: '', cluster: 'pricing', service: '' })).toEqual([
    'ECS-CONFIG haute.toml: region is not set under [deploy.aws-ecs]',
    'ECS-CONFIG haute.toml: service is not set under [deploy.aws-ecs]',
  ]);
  expect(problemsOf({ region: 'eu-west-1', cluster: 'pricing', service: 'motor' })).toEqual([]);
});
