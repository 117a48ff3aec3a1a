import { describe, expect, it } from 'vitest';
import { installFailure } from './install-errors.ts';

const INPUT = {
  requirements: ['polars==1.0.0'],
  platform: { os: 'linux', architecture: 'amd64' },
  libc: 'glibc',
  python: '3.11.9',
} as const;

describe('an installation that failed', () => {
  it.each([
    ['https://team:hidden-word@index.example/simple/polars/', 'https://***@index.example/simple/polars/'],
    ['https://hidden-word@index.example/simple/', 'https://***@index.example/simple/'],
    ['https://index.example/simple/@scope', 'https://index.example/simple/@scope'],
  ])('shows %s as %s', (address, shown) => {
    const stderr = `error: Failed to fetch: \`${address}\`\n  Caused by: connection refused\n`;
    const { message } = installFailure({ stderr, timedOut: false }, INPUT);
    expect(message).toContain(`\`${shown}\``);
    expect(message).not.toContain('hidden-word');
  });
});
