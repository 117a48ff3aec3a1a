import { ConfigError } from '../../errors.ts';
import { type Digest, digestOfJson } from '../../release/digest.ts';
import type { BaseImage } from '../assemble/base-image.ts';
import type { Libc, Platform } from '../assemble/image-input.ts';

/** What decides which packages are installed. */
export interface DependencyInput {
  /** `name==version` each, complete. */
  readonly requirements: readonly string[];
  readonly platform: Platform;
  readonly libc: Libc;
  /** Full version of the image's Python. */
  readonly python: string;
}

/** Changes when the same packages are divided, laid out or compressed in another way: layers of both ways never mix. */
const FORMAT = 2;

/** Names all layers of these packages together: the same wherever and whenever they are made. */
export function lockKey(input: DependencyInput): Digest {
  return keyOf('lock', input.requirements, input);
}

/** Names the layer that a large package has of its own, whatever stands beside it in a lock. */
export function packageKey(requirement: string, input: Omit<DependencyInput, 'requirements'>): Digest {
  return keyOf('package', [requirement], input);
}

function keyOf(
  of: 'lock' | 'package',
  requirements: readonly string[],
  { platform, libc, python }: Omit<DependencyInput, 'requirements'>,
): Digest {
  return digestOfJson({
    format: FORMAT,
    of,
    requirements: [...requirements].sort(),
    platform: { ...platform },
    libc,
    python,
  });
}

/**
 * The version of Python that is in a base image: as the image says, or as the project does where the image is silent.
 * @param configured the project's setting
 * @throws ConfigError IMAGE-PYTHON-UNKNOWN, IMAGE-PYTHON-DIFFERS
 */
export function pythonOf({ config, reference }: BaseImage, configured: string | undefined): string {
  const variable = config.config?.Env?.find((line) => line.startsWith('PYTHON_VERSION='));
  const said = /^PYTHON_VERSION=(3\.\d+\.\d+)/.exec(variable ?? '')?.[1];
  if (configured !== undefined && said !== undefined && configured !== said) {
    throw new ConfigError({
      code: 'IMAGE-PYTHON-DIFFERS',
      what: `the base image ${reference.text} has Python ${said}, and the setting says ${configured}`,
      fix: 'Leave the setting out: it is for base images that do not say which Python they have',
    });
  }
  const python = configured ?? said;
  if (python !== undefined && /^3\.\d+\.\d+$/.test(python)) return python;
  throw new ConfigError({
    code: 'IMAGE-PYTHON-UNKNOWN',
    what:
      python === undefined
        ? `the base image ${reference.text} does not say which Python it has (PYTHON_VERSION)`
        : `${JSON.stringify(python)} is no version of Python to choose packages for`,
    fix: 'Use an image of Python, like "python:3.11.9-slim", or set the version of its Python, like 3.11.9',
  });
}
