import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ciHostIds } from '../../shared/hosts/index.ts';
import { definitions } from '../../shared/steps/definitions.ts';
import { steps } from '../../shared/steps/index.ts';

const folder = resolve(import.meta.dirname, '../../shared/steps');
const withSteps = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(resolve(folder, entry.name, 'step.ts')))
  .map((entry) => entry.name);

describe('the registry of CI hosts', () => {
  it('is the folders that hold a host, but for the terminal', () => {
    const hosts = readdirSync(resolve(folder, '../hosts'), { withFileTypes: true }).filter((one) => one.isDirectory());
    expect([...ciHostIds, 'terminal'].toSorted()).toEqual(hosts.map(({ name }) => name).toSorted());
  });
});

describe('the registry of steps', () => {
  it('is the folders that hold a step', () => {
    expect(steps.map((step) => step.id).toSorted()).toEqual(withSteps.toSorted());
  });

  it('lists the same steps as data and as runs, in the same order', () => {
    expect(definitions.map(({ id }) => id)).toEqual(steps.map(({ id }) => id));
  });

  it.each(steps.flatMap((step) => Object.keys({ ...step.inputs, ...step.outputs }).map((name) => [step.id, name])))(
    '%s: %s is a name that every host can write',
    (_, name) => {
      expect(name).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    },
  );

  it.each(steps)('$id: every default is one that its reader accepts', async (step) => {
    const { readInputs } = await import('../../shared/steps/read-inputs.ts');
    const host = { input: () => undefined, spell: (name: string) => name, mask: () => undefined };
    expect(() => readInputs(step.inputs, host)).not.toThrow();
  });
});
