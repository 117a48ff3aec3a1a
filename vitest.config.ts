import { defineConfig } from 'vitest/config';

const tests = (...folders: readonly string[]): string[] => folders.map((folder) => `tests/${folder}.test.ts`);

/** Those that run engines, containers, browsers and emulators for minutes: `npm run test:all` has them too. */
const LONG = tests(
  'container/flow',
  'image/{serves,large-artifact}',
  'offline/**/*',
  'consumers/shards',
  'portfolio/**/*',
  'impact/browser',
  'aws-ecs/{examples,fake-peers}',
  'consumers/aws-ecs',
);

/** Those that run real servers, engines and CI tools. */
const REAL = tests(
  ...['pipeline', 'consumers', 'engine', 'local', 'bundle', 'registry', 'image', 'container', 'aws-ecs', 'impact'].map(
    (folder) => `${folder}/**/*`,
  ),
);

/** A machine that is busy elsewhere may starve a test for once: it is tried again, and vitest says so (`retry x1`). */
const limits = { testTimeout: 60_000, hookTimeout: 180_000, retry: 1 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...limits,
          name: 'code',
          include: ['{shared,scripts,tests}/**/*.test.ts'],
          exclude: [...REAL, ...LONG, '**/node_modules/**'],
        },
      },
      { test: { ...limits, name: 'real', include: REAL, exclude: LONG } },
      { test: { ...limits, name: 'long', include: LONG } },
    ],
  },
});
