import { defineConfig } from 'vitest/config';

/** Folders of tests that run real servers, engines and CI tools. */
const REAL = [
  'pipeline',
  'consumers',
  'engine',
  'local',
  'bundle',
  'registry',
  'image',
  'container',
  'aws-ecs',
  'portfolio',
  'offline',
  'impact',
].map((folder) => `tests/${folder}/**/*.test.ts`);

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
          exclude: [...REAL, '**/node_modules/**'],
        },
      },
      // A machine that is busy elsewhere may starve a real server for once: such a test is tried again, and vitest says so.
      { test: { ...limits, name: 'real', include: REAL, retry: 1 } },
    ],
  },
});
