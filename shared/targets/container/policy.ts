import { type Problem, throwIfAny } from '../../errors.ts';
import type { HauteConfig } from '../../project/haute-config.ts';
import { parseDuration } from '../../project/units.ts';

/** `[targets.container]` of haute.release.toml. */
export interface ContainerPolicy {
  /** How long the servers behind a tag may take to pull what it was moved to, in milliseconds. */
  readonly patienceMs: number;
  /** Address of an environment, by its name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Registries, with their ports, that are spoken to over plain http though they are not this machine. */
  readonly insecure: readonly string[];
}

/** `source` and `repository` are about the image, and read where it is made. */
const KEYS = ['patience', 'urls', 'insecure', 'source', 'repository'];
const REGISTRY = /^[a-z0-9.-]+(?::\d{1,5})?$/;
const DEFAULT_PATIENCE_MS = 10 * 60_000;

/**
 * Reads `[targets.container]`: `patience = "10m"` and `urls = { uat = "https://uat.example.com" }`.
 * @throws ConfigError CONTAINER-POLICY with everything that is wrong in it
 */
export function readContainerPolicy(section: Readonly<Record<string, unknown>> = {}): ContainerPolicy {
  const problems: Problem[] = [];
  for (const key of Object.keys(section).filter((name) => !KEYS.includes(name))) {
    problems.push(problem(`${key} is not a key of the container target`, `Remove it; the keys are ${KEYS.join(', ')}`));
  }
  for (const key of ['source', 'repository'].filter((name) => section[name] !== undefined)) {
    if (typeof section[key] !== 'string' || section[key] === '')
      problems.push(problem(`${key} is ${show(section[key])}, not a text`, 'Write it in quotes'));
  }
  const patienceMs = readPatience(section.patience, problems);
  const urls = readUrls(section.urls, problems);
  const insecure = readInsecure(section.insecure, problems);
  throwIfAny(problems);
  return { patienceMs, urls, insecure };
}

/** Where an environment answers: staging and production by `[ci]` of haute.toml first, any by the policy's `urls`. */
export function environmentUrl(
  { urls }: Pick<ContainerPolicy, 'urls'>,
  { stagingUrl, productionUrl }: Pick<HauteConfig['ci'], 'stagingUrl' | 'productionUrl'>,
  environment: string,
): string | undefined {
  const known = { staging: stagingUrl, production: productionUrl };
  const own = environment === 'staging' || environment === 'production' ? known[environment] : undefined;
  return own ?? (Object.hasOwn(urls, environment) ? urls[environment] : undefined);
}

function readPatience(value: unknown, problems: Problem[]): number {
  if (value === undefined) return DEFAULT_PATIENCE_MS;
  const parsed = parseDuration(typeof value === 'string' ? value : String(value));
  if ('value' in parsed) return parsed.value;
  problems.push(problem(`patience ${parsed.problem}`, parsed.fix));
  return DEFAULT_PATIENCE_MS;
}

function readUrls(value: unknown, problems: Problem[]): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(
      problem(`urls is ${show(value)}, not a table`, 'Write it like urls = { uat = "https://uat.example.com" }'),
    );
    return {};
  }
  const urls: Record<string, string> = {};
  for (const [environment, url] of Object.entries(value)) {
    if (isAddress(url)) urls[environment] = url;
    else
      problems.push(
        problem(
          `urls.${environment} is ${show(url)}, not an address`,
          'Write a full http:// or https:// address without a password',
        ),
      );
  }
  return urls;
}

function readInsecure(value: unknown, problems: Problem[]): readonly string[] {
  if (value === undefined) return [];
  const listed = Array.isArray(value) ? value : [value];
  return listed.filter((each): each is string => {
    if (typeof each === 'string' && REGISTRY.test(each)) return true;
    const fix = 'List hosts with their ports, like insecure = ["registry.internal:5000"]';
    problems.push(problem(`insecure has ${show(each)}, not a registry`, fix));
    return false;
  });
}

function isAddress(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function problem(what: string, fix: string): Problem {
  return { code: 'CONTAINER-POLICY', what: `[targets.container] ${what}`, fix, place: { file: 'haute.release.toml' } };
}
