import { join } from 'node:path';
import { type Digest, digestOf } from '../../release/digest.ts';

/**
 * Environment variable that every process of ours is started with, so that it can be found whatever became of the
 * state. Its value is `placeMark` of the state folder.
 */
export const PLACE_MARK = 'HAUTE_LOCAL';
/** Environment variable that names one server process, and is handed down to the workers it starts. */
export const REPLICA_MARK = 'HAUTE_LOCAL_REPLICA';

/** The state folder as one word: where only `ps` shows the environment, a path with a space could not be told. */
export function placeMark(stateDir: string): string {
  return digestOf(stateDir).slice('sha256:'.length, 'sha256:'.length + 32);
}

/** The content-addressed folder of a package. */
export function packageDir(stateDir: string, digest: Digest): string {
  return join(packagesDir(stateDir), digest.slice('sha256:'.length));
}

export function packagesDir(stateDir: string): string {
  return join(stateDir, 'packages');
}

/** Folders that servers run in, one for each. */
export function runsDir(stateDir: string): string {
  return join(stateDir, 'run');
}

export function logsDir(stateDir: string): string {
  return join(stateDir, 'logs');
}

/** One log for all servers of a deployment. */
export function logFile(stateDir: string, deploymentId: string): string {
  return join(logsDir(stateDir), `${deploymentId}.log`);
}

export function gatewayLogFile(stateDir: string): string {
  return logFile(stateDir, 'gateway');
}
