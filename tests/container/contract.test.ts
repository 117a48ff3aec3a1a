import { DEFAULT_AUTOSCALING } from '../../shared/release/policy.ts';
import { targetContract } from '../contracts/target-contract.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import { ContainerBench } from './bench.ts';

targetContract('the tags of a registry', async () => {
  const bench = new ContainerBench(new MemoryRegistry(), { registry: 'memory', repository: 'motor' });
  return {
    target: bench.target,
    autoscaling: DEFAULT_AUTOSCALING,
    release: () => bench.release(),
    async ask({ url }) {
      const release = await bench.serves(new URL(url).pathname.slice(1));
      return { status: release ? 200 : 404, release: release?.id };
    },
    close: async () => undefined,
  };
});
