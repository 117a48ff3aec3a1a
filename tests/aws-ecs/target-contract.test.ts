import { EcsTarget } from '../../shared/targets/aws-ecs/target.ts';
import { targetContract } from '../contracts/target-contract.ts';
import { STEADY, startBench } from './target-bench.ts';

const ENVIRONMENTS = [
  ...[
    'planned',
    'dark',
    'moves',
    'back',
    'split',
    'busy',
    'moved',
    'taken',
    'paused',
    'reverted',
    'first',
    'unsettled',
  ],
  ...['reuse-staging', 'reuse-production', 'switch', 'delete', 'explained', 'cancelled', 'odd'],
];

/** What services that replace task by task can do, which is what those that the target makes are. */
class RollingEcsTarget extends EcsTarget {
  override readonly supports = {
    weights: { can: false, why: 'task by task' },
    darkAddress: { can: false, why: 'task by task' },
    pause: { can: true },
    deactivate: { can: false, why: 'a candidate runs nowhere' },
    scaleToZero: { can: false, why: 'not woken by a caller' },
    nativeRamp: { can: false, why: 'task by task' },
    redeploy: { can: true },
  } as const;
}

targetContract('ECS, task by task', async () => {
  const bench = await startBench({
    Target: RollingEcsTarget,
    policy: {
      create: ENVIRONMENTS,
      environments: Object.fromEntries(ENVIRONMENTS.map((name) => [name, { url: `http://${name}.example` }])),
    },
  });
  return {
    target: bench.target,
    autoscaling: STEADY,
    release: async () => bench.release(),
    async ask({ url }) {
      const environment = new URL(url).hostname.replace('.example', '');
      const release = bench.servedBy(`motor-pricing-${environment}`);
      return { status: release === undefined ? 503 : 200, release };
    },
    close: bench.stop,
  };
});
