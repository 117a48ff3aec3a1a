import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../errors.ts';
import { digestOf } from '../../release/digest.ts';
import { newRelease } from '../../release/release.ts';
import { describeChange, diffTasks } from './diff.ts';
import { isSameTask, shapeOf, taskFor } from './task-definition.ts';

const digest = digestOf('image');
const release = newRelease({
  schema: 'haute.release/1',
  project: 'motor',
  model: 'motor',
  commit: null,
  target: 'aws-ecs',
  artifact: { kind: 'image', name: 'registry.example/motor', digest },
  packageDigest: digest,
  manifestDigest: digest,
  engine: { name: 'haute', version: '0.6.0' },
});

const running: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/motor:7',
  family: 'motor',
  revision: 7,
  status: 'ACTIVE',
  compatibilities: ['FARGATE'],
  requiresAttributes: [{ name: 'x' }],
  registeredAt: new Date(0),
  registeredBy: 'arn:aws:iam::123456789012:user/it',
  cpu: '256',
  volumes: [],
  proxyConfiguration: {
    type: 'APPMESH',
    containerName: 'envoy',
    properties: [{ name: 'EgressIgnoredIPs', value: '' }],
  },
  containerDefinitions: [
    {
      name: 'app',
      image: 'registry.example/motor:old',
      essential: true,
      environment: [
        { name: 'EMPTY', value: '' },
        { name: 'API_TOKEN', value: 'secret-token' },
      ],
      secrets: [{ name: 'KEY', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/key' }],
    },
    { name: 'envoy', image: 'envoy:1' },
  ],
};

describe('what is registered for a release', () => {
  const task = taskFor(running, release, 'app');
  const [app, envoy] = task.containerDefinitions ?? [];

  it('is what runs, with the image by digest in the named container', () => {
    expect(app?.image).toBe(`registry.example/motor@${digest}`);
    expect(envoy).toEqual(running.containerDefinitions?.[1]);
    expect(task.cpu).toBe('256');
  });

  it('has none of what AWS writes and does not take', () => {
    const written = [
      'taskDefinitionArn',
      'revision',
      'status',
      'compatibilities',
      'requiresAttributes',
      'registeredAt',
    ];
    for (const key of [...written, 'registeredBy']) expect(task).not.toHaveProperty(key);
  });

  it('keeps what is empty on purpose', () => {
    expect(app?.environment).toContainEqual({ name: 'EMPTY', value: '' });
    expect(task.proxyConfiguration?.properties).toEqual([{ name: 'EgressIgnoredIPs', value: '' }]);
  });

  it('names the release once, whatever named it before', () => {
    const again = taskFor({ ...running, ...task }, release, 'app');
    const names = again.containerDefinitions?.[0]?.environment?.map(({ name }) => name);
    expect(names).toEqual(['EMPTY', 'API_TOKEN', 'HAUTE_RELEASE_ID']);
    expect(isSameTask(again, task)).toBe(true);
  });

  it.each([
    ['no container is named', undefined, /2 containers \(app, envoy\)/],
    ['another one is named', 'pricing', /no container pricing; it has app, envoy/],
  ])('is refused when %s', (_what, container, says) => {
    let refused: unknown;
    try {
      taskFor(running, release, container);
    } catch (error) {
      refused = error;
    }
    expect(messageOf(refused)).toMatch(says);
  });
});

describe('two definitions', () => {
  const shape = shapeOf(running);
  const [app, envoy] = shape.containerDefinitions ?? [];

  it('are the same whatever the order of variables, and with empty lists or none', () => {
    const { volumes: _none, ...without } = shape;
    const turned = { ...app, environment: app?.environment?.toReversed() };
    expect(isSameTask(shape, { ...without, containerDefinitions: [turned, envoy ?? {}] })).toBe(true);
  });

  it('are different in a value that is emptied', () => {
    const emptied = {
      ...app,
      environment: [
        { name: 'EMPTY', value: '' },
        { name: 'API_TOKEN', value: '' },
      ],
    };
    expect(isSameTask(shape, { ...shape, containerDefinitions: [emptied, envoy ?? {}] })).toBe(false);
  });

  it('are told apart field by field, and no value of a variable is shown', () => {
    const changed = taskFor(running, release, 'app');
    const [first] = changed.containerDefinitions ?? [];
    const environment = (first?.environment ?? []).map((each) =>
      each.name === 'API_TOKEN' ? { ...each, value: 'another-token' } : each,
    );
    const lines = diffTasks(shape, { ...changed, containerDefinitions: [{ ...first, environment }, envoy ?? {}] }).map(
      describeChange,
    );
    expect(lines).toContain(
      `containerDefinitions[app].image: registry.example/motor:old -> registry.example/motor@${digest}`,
    );
    expect(lines).toContain('containerDefinitions[app].environment[API_TOKEN].value changes (hidden)');
    expect(lines).toContain(`containerDefinitions[app].environment[HAUTE_RELEASE_ID].value: (none) -> ${release.id}`);
    expect(lines.join('\n')).not.toMatch(/secret-token|another-token/);
  });
});
