import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../pipeline/cli.ts';

describe('the bundle', () => {
  it('goes on to its own end when nobody reads its output any more', async () => {
    const args = [join(REPOSITORY, 'dist', 'index.js'), 'validate', '--project', '/nowhere', '--verbose'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    child.stderr.destroy();
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    expect(code).toBe(2);
  });
});
