import { targetContract } from '../contracts/target-contract.ts';
import { ask, makeBench, STEADY } from './bench.ts';

targetContract('one machine', async () => {
  const bench = await makeBench();
  let premium = 0;
  return {
    target: bench.target,
    autoscaling: STEADY,
    release() {
      premium += 1;
      return bench.release({ premium });
    },
    async ask({ url }) {
      const { status, release } = await ask(url);
      return { status, release };
    },
    close: bench.stop,
  };
});
