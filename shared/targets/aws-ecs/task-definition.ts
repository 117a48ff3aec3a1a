import type { ContainerDefinition, RegisterTaskDefinitionRequest, TaskDefinition } from '@aws-sdk/client-ecs';
import { canonicalJson } from '../../release/canonical-json.ts';
import type { Json } from '../../release/json.ts';
import type { Release } from '../../release/release.ts';
import { containerMissing, containerUnclear, wrongArtifact } from './errors.ts';

/** What a task definition says, without what AWS wrote to it: exactly what RegisterTaskDefinition takes, but tags. */
export type TaskShape = Omit<RegisterTaskDefinitionRequest, 'tags'>;

/** A key that RegisterTaskDefinition takes and that is not listed here does not compile. */
const ACCEPTED: Readonly<Record<keyof TaskShape, true>> = {
  family: true,
  taskRoleArn: true,
  executionRoleArn: true,
  networkMode: true,
  containerDefinitions: true,
  volumes: true,
  placementConstraints: true,
  requiresCompatibilities: true,
  cpu: true,
  memory: true,
  pidMode: true,
  ipcMode: true,
  proxyConfiguration: true,
  inferenceAccelerators: true,
  ephemeralStorage: true,
  runtimePlatform: true,
  enableFaultInjection: true,
};

/** Read by the application in the package: what it says of itself on every answer. */
export const RELEASE_VARIABLE = 'HAUTE_RELEASE_ID';

/**
 * What is registered for a release: the definition that runs, with the release's image by digest in one container, and
 * the name of the release for the application to say. Everything else stays, empty texts and lists included.
 * @param container name of the container; undefined where there is only one
 * @throws ConfigError ECS-CONTAINER-UNCLEAR, ECS-CONTAINER-MISSING, ECS-ARTIFACT
 */
export function taskFor(running: TaskDefinition, release: Release, container: string | undefined): TaskShape {
  const shape = shapeOf(running);
  const chosen = chooseContainer(shape, container);
  const image = imageOf(release);
  return {
    ...shape,
    containerDefinitions: (shape.containerDefinitions ?? []).map((each) =>
      each === chosen ? withRelease(each, image, release.id) : each,
    ),
  };
}

/** The part of a registered definition that can be registered again. */
export function shapeOf(definition: TaskDefinition): TaskShape {
  const entries = Object.entries(definition).filter(([key, value]) => key in ACCEPTED && value !== undefined);
  return Object.fromEntries(entries) as unknown as TaskShape;
}

/** The container that the release's image goes into. */
export function chooseContainer(shape: TaskShape, name: string | undefined): ContainerDefinition {
  const all = shape.containerDefinitions ?? [];
  const names = all.map((each) => each.name ?? '');
  const [only, ...others] = name === undefined ? all : all.filter((each) => each.name === name);
  if (!only) throw containerMissing(shape.family ?? '', name ?? '', names);
  if (others.length > 0) throw containerUnclear(shape.family ?? '', names);
  return only;
}

/** The image by digest: `registry/name@sha256:…`. */
export function imageOf({ core: { artifact } }: Pick<Release, 'core'>): string {
  if (artifact.kind !== 'image') throw wrongArtifact(artifact.kind);
  return `${artifact.name}@${artifact.digest}`;
}

/** The image of the container that was given this release; undefined where none was. */
export function imageRunBy({ containerDefinitions }: TaskDefinition, releaseId: string): string | undefined {
  const isOurs = ({ environment }: ContainerDefinition): boolean =>
    environment?.some(({ name, value }) => name === RELEASE_VARIABLE && value === releaseId) ?? false;
  return containerDefinitions?.find(isOurs)?.image;
}

/** True when both run the same: the order of variables, and lists that are empty or not there, make no difference. */
export function isSameTask(a: TaskShape, b: TaskShape): boolean {
  return canonicalJson(comparable(a) as Json) === canonicalJson(comparable(b) as Json);
}

/** A definition as data that can be compared: lists whose order has no meaning sorted, what is empty left out. */
export function comparable(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const list = value.map((each) => comparable(each));
    return UNORDERED.has(key) ? list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([name, member]) => [name, comparable(member, name)] as const)
    .filter(([, member]) => !isNothing(member));
  return Object.fromEntries(entries);
}

const UNORDERED = new Set(['environment', 'secrets', 'portMappings', 'requiresCompatibilities', 'systemControls']);

/** An empty text is a value: a variable that is set to nothing. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function withRelease(container: ContainerDefinition, image: string, releaseId: string): ContainerDefinition {
  const environment = (container.environment ?? []).filter(({ name }) => name !== RELEASE_VARIABLE);
  const secrets = container.secrets?.filter(({ name }) => name !== RELEASE_VARIABLE);
  return {
    ...container,
    image,
    environment: [...environment, { name: RELEASE_VARIABLE, value: releaseId }],
    ...(secrets && { secrets }),
  };
}
