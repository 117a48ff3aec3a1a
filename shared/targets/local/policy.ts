import { type Problem, throwIfAny } from '../../errors.ts';

/** `[targets.local]` of haute.release.toml. */
export interface LocalPolicy {
  /** Port of an environment's address, by environment; one that is not named has a port chosen once and kept. */
  readonly ports: Readonly<Record<string, number>>;
  /** Port of the deployments' own addresses; undefined: chosen once and kept. */
  readonly deploymentsPort: number | undefined;
}

const KEYS = ['ports', 'deployments_port'];
const PORT_FIX = 'Write a whole number from 1 to 65535';

/**
 * Reads `[targets.local]`: `ports = { production = 8080 }` and `deployments_port = 8090`.
 * @throws ConfigError LOCAL-POLICY with everything that is wrong in it
 */
export function readLocalPolicy(section: Readonly<Record<string, unknown>> = {}): LocalPolicy {
  const problems: Problem[] = [];
  for (const key of Object.keys(section).filter((name) => !KEYS.includes(name))) {
    problems.push(
      problem(
        `[targets.local] ${key} is not a key of the local target`,
        `Remove it; the keys are ${KEYS.join(' and ')}`,
      ),
    );
  }
  const ports = readPorts(section.ports, problems);
  const own = section.deployments_port;
  if (own !== undefined && !isPort(own))
    problems.push(problem(`[targets.local] deployments_port is ${show(own)}, not a port`, PORT_FIX));
  const deploymentsPort = isPort(own) ? own : undefined;
  problems.push(...doubles({ ...ports, ...(deploymentsPort !== undefined && { deployments_port: deploymentsPort }) }));
  throwIfAny(problems);
  return { ports, deploymentsPort };
}

function readPorts(value: unknown, problems: Problem[]): Readonly<Record<string, number>> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(
      problem(`[targets.local] ports is ${show(value)}, not a table`, 'Write it like ports = { production = 8080 }'),
    );
    return {};
  }
  const ports: Record<string, number> = {};
  for (const [environment, port] of Object.entries(value)) {
    if (isPort(port)) ports[environment] = port;
    else problems.push(problem(`[targets.local] ports.${environment} is ${show(port)}, not a port`, PORT_FIX));
  }
  return ports;
}

function doubles(ports: Readonly<Record<string, number>>): readonly Problem[] {
  const names = Object.keys(ports);
  return names.flatMap((name, index) => {
    const twin = names.slice(0, index).find((other) => ports[other] === ports[name]);
    return twin === undefined
      ? []
      : [
          problem(
            `[targets.local] ${twin} and ${name} have the same port ${ports[name]}`,
            'Give each a port of its own',
          ),
        ];
  });
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function problem(what: string, fix: string): Problem {
  return { code: 'LOCAL-POLICY', what, fix, place: { file: 'haute.release.toml' } };
}
