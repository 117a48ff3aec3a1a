import { defineConfig } from 'vitest/config';

const tests = (...folders: readonly string[]): string[] => folders.map((folder) => `tests/${folder}.test.ts`);

/** Those that run engines, containers, browsers and emulators for minutes: `npm run test:all` has them too. */
const LONG = tests(
  'container/{flow,docker,buildah}',
  'image/serves',
  'offline/**/*',
  'consumers/shards',
  'portfolio/**/*',
  'impact/browser',
  'registry/clouds',
  'aws-ecs/{examples,fake-peers}',
);

/** Those that run real servers, engines and CI tools. */
const REAL = tests(
  ...['pipeline', 'consumers', 'engine', 'local', 'bundle', 'registry', 'image', 'container', 'aws-ecs', 'impact'].map(
    (folder) => `${folder}/**/*`,
  ),
);

const limits = { testTimeout: 60_000, hookTimeout: 180_000 };

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
      // A machine that is busy elsewhere may starve a real server for once: such a test is tried again, and vitest says so.
      { test: { ...limits, name: 'real', include: REAL, exclude: LONG, retry: 1 } },
      { test: { ...limits, name: 'long', include: LONG, retry: 1 } },
    ],
  },
});
