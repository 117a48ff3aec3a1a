import { describe, expect, it } from 'vitest';
import { builderCommands, type DockerfileBuild, type DockerfileBuilderId } from './commands.ts';

const build: DockerfileBuild = {
  context: '/package',
  dockerfile: '/work/Dockerfile',
  platforms: ['linux/amd64'],
  labels: { 'dev.haute.package': 'sha256:1', title: 'a b; $(c)' },
  epochSeconds: 1700000000,
  work: '/work',
  scratch: 'haute-1',
};
const LABELS = ['--label', 'dev.haute.package=sha256:1', '--label', 'title=a b; $(c)'];
const COMMON = ['--file', '/work/Dockerfile', ...LABELS, '--platform', 'linux/amd64'];

describe('how builders are told to build', () => {
  it.each<[DockerfileBuilderId, readonly (readonly string[])[]]>([
    [
      'docker',
      [
        ['docker', 'build', ...COMMON, '--iidfile', '/work/id', '/package'],
        ['docker', 'image', 'save', '--output', '/work/image.tar', '{id}'],
      ],
    ],
    [
      'buildx',
      [
        [
          ...['docker', 'buildx', 'build', ...COMMON, '--provenance=false', '--sbom=false'],
          ...['--metadata-file', '/work/metadata.json'],
          ...['--output', 'type=oci,dest=/work/image.tar,rewrite-timestamp=true', '/package'],
        ],
      ],
    ],
    ...(['podman', 'buildah'] as const).map((program): [DockerfileBuilderId, readonly (readonly string[])[]] => [
      program,
      [
        [
          program,
          'build',
          '--format',
          'oci',
          '--timestamp',
          '1700000000',
          ...COMMON,
          '--iidfile',
          '/work/id',
          '/package',
        ],
        [program, 'push', '--quiet', '--digestfile', '/work/digest', '{id}', 'oci:/work/image'],
      ],
    ]),
  ])('%s, for one platform', (builder, argvs) => {
    expect(builderCommands(builder, build).argvs).toEqual(argvs);
  });

  it.each(['podman', 'buildah'] as const)('%s, for several: a list of its own, which is removed again', (program) => {
    const { argvs, cleanUp } = builderCommands(program, { ...build, platforms: ['linux/amd64', 'linux/arm64'] });
    expect(argvs[0]).toEqual(
      expect.arrayContaining(['--platform', 'linux/amd64,linux/arm64', '--manifest', 'haute-1']),
    );
    expect(argvs[1]).toEqual([
      program,
      'manifest',
      'push',
      '--all',
      '--quiet',
      '--digestfile',
      '/work/digest',
      'haute-1',
      'oci:/work/image',
    ]);
    expect(cleanUp).toEqual([[program, 'manifest', 'rm', 'haute-1']]);
  });

  it('pushes nowhere: no builder is told a registry, and so none a credential', () => {
    for (const builder of ['docker', 'buildx', 'podman', 'buildah'] as const) {
      const words = builderCommands(builder, build).argvs.flat().join(' ');
      expect(words).not.toMatch(/docker:\/\/|--creds|--authfile|login|password/);
    }
  });
});
