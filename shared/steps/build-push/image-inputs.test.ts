import { describe, expect, it } from 'vitest';
import { RecordingHost } from '../../../tests/fakes/recording-host.ts';
import { ConfigError } from '../../errors.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import { readInputs } from '../read-inputs.ts';
import { definition } from './definition.ts';
import { imageWishes, scannerOf } from './image-inputs.ts';

const IMAGES = { images: { can: true } } as ArtifactStore;
const PACKAGES = { images: { can: false, why: 'it runs packages' } } as ArtifactStore;

describe('the inputs of build-push that are about images', () => {
  it('are handed on as they are', () => {
    const inputs = read({ builder: 'buildah', platforms: 'linux/amd64, linux/arm64', tags: 'latest', scan: 'grype' });
    expect(imageWishes(inputs, IMAGES, 'container', new RecordingHost())).toEqual({
      registry: undefined,
      builder: 'buildah',
      platforms: ['linux/amd64', 'linux/arm64'],
      baseImage: undefined,
      tags: ['latest'],
      createRepository: false,
    });
    expect(scannerOf(inputs)).toBe('grype');
  });

  it('ask for nothing by default, whatever the target', () => {
    expect(() => imageWishes(read({}), PACKAGES, 'local', new RecordingHost())).not.toThrow();
    expect(scannerOf(read({}))).toBeUndefined();
  });

  it('are refused, each of them, by a target without images: they would change nothing', () => {
    const given = {
      registry: 'r',
      builder: 'docker',
      platforms: 'linux/amd64',
      'base-image': 'b:1.2.3',
      'create-repository': 'true',
      tags: 't',
      scan: 'trivy',
    };
    try {
      imageWishes(read(given), PACKAGES, 'local', new RecordingHost());
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      const named = (error as ConfigError).problems.map(({ code, what }) => `${code} ${what.split(' ')[0]}`);
      expect(named.toSorted()).toEqual(
        Object.keys(given)
          .map((name) => `IMAGE-INPUT --${name}`)
          .toSorted(),
      );
    }
  });
});

function read(inputs: Readonly<Record<string, string>>) {
  return readInputs(definition.inputs, new RecordingHost(inputs));
}
