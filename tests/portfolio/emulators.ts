import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname } from 'node:path';

const START_MS = 60_000;

/** An emulator of an object store that somebody else wrote, on this machine. */
export interface Emulator {
  readonly url: string;
  stop(): Promise<void>;
}

interface Plan {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Finds its address in what it prints. */
  readonly said: RegExp;
}

/** Amazon S3 by moto, with pages of three names. @param server moto's own program, among its packages */
export async function startMoto(server: string): Promise<Emulator> {
  const packages = dirname(dirname(server));
  return start({
    argv: ['python3', '-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'],
    env: { PYTHONPATH: packages, PYTHONUNBUFFERED: '1', MOTO_S3_DEFAULT_MAX_KEYS: '3' },
    said: /Running on (http:\/\/127\.0\.0\.1:\d+)/,
  });
}

/** Google Cloud Storage by fake-gcs-server, which cannot say which port it took. */
export async function startFakeGcs(program: string): Promise<Emulator> {
  const port = String(await freePort());
  const local = ['-scheme', 'http', '-host', '127.0.0.1', '-port', port, '-public-host', `127.0.0.1:${port}`];
  return start({ argv: [program, '-backend', 'memory', ...local], said: /server started at (http:\/\/[\d.:]+)/ });
}

/** Azure Blob Storage by Microsoft's own Azurite. */
export async function startAzurite(program: string): Promise<Emulator> {
  const local = ['--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence'];
  return start({
    argv: [process.execPath, program, ...local, '--skipApiVersionCheck', '--disableTelemetry'],
    said: /listens on (http:\/\/127\.0\.0\.1:\d+)/,
  });
}

async function start({ argv: [program, ...args], env, said }: Plan): Promise<Emulator> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    return { url: await addressOf(child, program, said), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function addressOf(child: ChildProcess, program: string, said: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const late = setTimeout(() => reject(new Error(`${program} does not start: ${text}`)), START_MS);
    const listen = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = said.exec(text)?.[1];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`${program} ended with ${code}: ${text}`));
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
