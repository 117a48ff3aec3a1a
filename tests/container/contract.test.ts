import type { Registry, RepositoryName } from '../../shared/ports/registry.ts';
import { DEFAULT_AUTOSCALING } from '../../shared/release/policy.ts';
import { type TargetBench, targetContract } from '../contracts/target-contract.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import { registryClient } from '../image/processes.ts';
import { startDebianRegistry } from '../registry/programs.ts';
import { toolOrSkip } from '../tools/install.ts';
import { ContainerBench } from './bench.ts';

const debian = toolOrSkip('docker-registry');

targetContract('the tags of a registry in memory', async () =>
  benchOn(new MemoryRegistry(), { registry: 'memory', repository: 'motor' }, async () => undefined),
);

if (debian !== undefined) {
  targetContract('the tags of Docker’s registry', async () => {
    const program = await startDebianRegistry(debian);
    return benchOn(registryClient(), { registry: program.host, repository: 'team/motor' }, () => program.stop());
  });
}

function benchOn(registry: Registry, name: RepositoryName, close: () => Promise<void>): TargetBench {
  const bench = new ContainerBench(registry, name);
  return {
    target: bench.target,
    autoscaling: DEFAULT_AUTOSCALING,
    release: () => bench.release(),
    async ask({ url }) {
      const release = await bench.serves(new URL(url).pathname.slice(1));
      return { status: release ? 200 : 404, release: release?.id };
    },
    close,
  };
}
