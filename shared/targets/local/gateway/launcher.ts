import { randomBytes } from 'node:crypto';
import { messageOf } from '../../../errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Engine } from '../../../ports/engine.ts';
import type { Exec } from '../../../ports/exec.ts';
import type { Files } from '../../../ports/files.ts';
import { expectedOf, healthProblem } from '../identity.ts';
import { logFile, PLACE_MARK, placeMark, REPLICA_MARK } from '../paths.ts';
import { HOST, serverPort } from '../ports.ts';
import type { Processes } from '../process/processes.ts';
import type { DeploymentRecord } from '../state/schema.ts';
import { type Ended, Replica } from './replica.ts';
import { RunFolders } from './run-folders.ts';

const LOOK_EVERY_MS = 100;
const ONE_LOOK_MS = 10_000;

export interface LauncherDeps {
  readonly stateDir: string;
  readonly exec: Exec;
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly openPackage: Engine['open'];
}

/** Starts servers of packages. */
export class Launcher {
  readonly #deps: LauncherDeps;
  readonly #ports = new Set<number>();
  readonly #folders: RunFolders;

  constructor(deps: LauncherDeps) {
    this.#deps = deps;
    this.#folders = new RunFolders(deps);
  }

  /**
   * A new server process of the deployment, after its package was read and found to be what was deployed: a server
   * never starts from files that changed.
   * @param onEnd told when the process ends
   */
  async start(deploymentId: string, deployment: DeploymentRecord, onEnd: (ended: Ended) => void): Promise<Replica> {
    const { exec, processes, openPackage, stateDir } = this.#deps;
    await openPackage(deployment.packageDir, deployment.packageDigest);
    const id = randomBytes(6).toString('hex');
    const port = await serverPort(this.#ports);
    this.#ports.add(port);
    const release = () => {
      this.#ports.delete(port);
      // What cannot be removed now is removed when the next gateway begins.
      this.#folders.drop(id).catch(() => undefined);
    };
    try {
      const cwd = await this.#folders.make(id, deployment.packageDir, deployment.serve.cwd);
      const [program = '', ...args] = deployment.serve.argv.map((arg) => arg.replaceAll('{port}', String(port)));
      const env = {
        ...deployment.serve.env,
        HAUTE_RELEASE_ID: deployment.release.id,
        HAUTE_DEPLOYMENT_ID: deploymentId,
        [PLACE_MARK]: placeMark(stateDir),
        [REPLICA_MARK]: id,
      };
      let early: Ended | undefined;
      let tell = (ended: Ended) => {
        early = ended;
      };
      const command = { argv: [program, ...args] as const, cwd, env };
      const pid = await exec.detach(command, logFile(stateDir, deploymentId), (code, signal) => {
        release();
        tell({ code, signal });
      });
      const start = (await processes.startOf(pid)) ?? 'ended';
      const replica = new Replica({ id, pid, port, start }, true);
      replica.ended = early;
      tell = (ended) => {
        replica.ended = ended;
        onEnd(ended);
      };
      return replica;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Removes what servers left behind that ended while no gateway looked. */
  tidy(running: ReadonlySet<string>): Promise<void> {
    return this.#folders.dropAllBut(running);
  }

  /**
   * Waits until the replica answers as the release it should be.
   * @returns undefined when it does; else why not, once its process has ended or its time is over
   */
  async untilReady(replica: Replica, deploymentId: string, deployment: DeploymentRecord): Promise<string | undefined> {
    const { clock, processes } = this.#deps;
    const expected = expectedOf(deploymentId, deployment);
    const url = `http://${HOST}:${replica.record.port}`;
    const never = new AbortController().signal;
    for (const giveUpAt = clock.now() + deployment.startupTimeoutMs; ; ) {
      const problem = await healthProblem(url, expected, ONE_LOOK_MS);
      // Another program may hold the port and answer well: only while our process lives can the answer be its own.
      if (!(await this.#isAlive(replica, processes))) return 'its process ended';
      if (problem === undefined) return undefined;
      if (clock.now() >= giveUpAt)
        return `it did not answer within ${deployment.startupTimeoutMs / 1000} s: ${problem}`;
      await clock.sleep(LOOK_EVERY_MS, never);
    }
  }

  async #isAlive(replica: Replica, processes: Processes): Promise<boolean> {
    return replica.ended === undefined && (await processes.isAlive(replica.record));
  }
}

/** Why a server could not even be started, as a phrase. */
export function startProblem(error: unknown): string {
  return `it could not be started: ${messageOf(error)}`;
}
