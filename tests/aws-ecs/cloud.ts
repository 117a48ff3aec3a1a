import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, type AccountOptions, addStaging, furnish } from '../fakes/aws/account.ts';
import { putRepository, registryHost } from '../fakes/aws/ecr/handlers.ts';
import { RegistryFront } from '../fakes/aws/ecr/registry-front.ts';
import { FakeAws } from '../fakes/aws/fake-aws.ts';
import { Traffic } from '../fakes/aws/traffic.ts';
import { OutboundProxy } from '../fakes/outbound-proxy.ts';
import { registryClient } from '../image/processes.ts';
import { pythonHere, storePythonBase } from '../image/python-base.ts';
import { makeCertificate } from '../registry/certificate.ts';
import { type Program, startDebianRegistry } from '../registry/programs.ts';
import { ImageTasks } from './image-tasks.ts';

/** How much faster than here time goes by in the account. */
const SPEED = 30;
/** Time that each call takes there: whoever asks often sees things happen soon. */
const PASS_PER_CALL_MS = 5_000;

export interface CloudOptions extends AccountOptions {
  readonly account: string;
  /** Repository of the images. */
  readonly repository: string;
  readonly tools: { readonly registry: string; readonly openssl: string };
}

/**
 * An AWS account for programs that know nothing of a test: its API by the variables that every SDK knows, a registry of
 * Docker at the name of Amazon's, and behind its load balancers the programs of the images that were pushed.
 */
export class Cloud {
  readonly fake: FakeAws;
  readonly account: Account;
  readonly production: Traffic;
  readonly staging: Traffic;
  /** For every program that is to find all of this, without any credentials. */
  readonly env: Readonly<Record<string, string>>;
  readonly #stop: () => Promise<void>;

  private constructor(
    parts: Pick<Cloud, 'fake' | 'account' | 'production' | 'staging' | 'env'>,
    stop: () => Promise<void>,
  ) {
    this.fake = parts.fake;
    this.account = parts.account;
    this.production = parts.production;
    this.staging = parts.staging;
    this.env = parts.env;
    this.#stop = stop;
  }

  static async start(options: CloudOptions): Promise<Cloud> {
    const ends: (() => Promise<void> | void)[] = [];
    const stop = async (): Promise<void> => {
      for (const end of ends.splice(0).reverse()) await end();
    };
    try {
      return await Cloud.#start(options, ends, stop);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  static async #start(
    { account: number, repository, tools, ...options }: CloudOptions,
    ends: (() => Promise<void> | void)[],
    stop: () => Promise<void>,
  ): Promise<Cloud> {
    const using = <T extends { stop(): Promise<void> }>(started: T): T => {
      ends.push(() => started.stop());
      return started;
    };
    const startedAt = Date.now();
    const fake = using(new FakeAws({ account: number, now: () => startedAt + (Date.now() - startedAt) * SPEED }));
    fake.passPerCallMs = PASS_PER_CALL_MS;
    await fake.start();
    const behind = using(await startDebianRegistry(tools.registry));
    const tasks = using(new ImageTasks(behind.host));
    const open = async (): Promise<Traffic> => {
      const traffic = await Traffic.open((definition) => tasks.start(definition));
      ends.push(() => traffic.close());
      return traffic;
    };
    const [production, staging] = [await open(), await open()];
    const account = furnish(fake.world, { ...options, address: production.address });
    production.serve(fake.world, account);
    staging.serve(fake.world, addStaging(fake.world, account, staging.address));
    putRepository(fake.world, repository);
    await putBase(fake, behind, `${repository}-base`);
    const host = registryHost(fake.world);
    const tls = makeCertificate(tools.openssl, host);
    const front = using(await RegistryFront.start(fake.world, behind.host, tls));
    // A task that is started has its image at hand, as a platform's nodes have.
    front.onImage = (name, digest) => void (name === repository && tasks.pull({ repository: name }, digest));
    const proxy = using(await OutboundProxy.start(new Map([[host, front.port]])));
    const folder = mkdtempSync(join(tmpdir(), 'haute-cloud-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const env = {
      AWS_ENDPOINT_URL: fake.url,
      AWS_EC2_METADATA_DISABLED: 'true',
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: trusting(tls.certificate, folder),
    };
    return new Cloud({ fake, account, production, staging, env }, stop);
  }

  /** `111122223333.dkr.ecr.eu-west-1.amazonaws.com` */
  get registry(): string {
    return registryHost(this.fake.world);
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}

/** The base image of this machine's Python, in a repository of its own. */
async function putBase({ world }: FakeAws, behind: Program, repository: string): Promise<void> {
  putRepository(world, repository);
  await storePythonBase(registryClient(), { registry: behind.host, repository }, baseTag());
}

export function baseTag(): string {
  return `${pythonHere()}-slim`;
}

/** A file of the certificates that this machine trusts, and of one more. */
function trusting(certificate: string, folder: string): string {
  const file = join(folder, 'ca.pem');
  const known = process.env.NODE_EXTRA_CA_CERTS;
  writeFileSync(file, `${known === undefined ? '' : readFileSync(known, 'utf8')}\n${certificate}`);
  return file;
}
