import { ConfigError } from '../../errors.ts';
import type { Capabilities, Target } from '../../ports/target.ts';
import type { EnvironmentState } from '../../release/deployment.ts';
import type { Release } from '../../release/release.ts';

/** @throws ConfigError RELEASE-OTHER-TARGET when the release was built for another target: its artifact is not there */
export function checkTarget(release: Release, target: Target): void {
  if (release.core.target === target.id) return;
  throw new ConfigError({
    code: 'RELEASE-OTHER-TARGET',
    what: `the release was built for target ${release.core.target}, not for ${target.id}`,
    fix: `Build it again with target ${target.id}, or set the target input to ${release.core.target}`,
  });
}

/** What a target can do in an environment: there may be less that it can there than elsewhere. */
export function supportsIn({ supports }: Target, { cannot = {} }: Pick<EnvironmentState, 'cannot'>): Capabilities {
  const { weights, darkAddress } = cannot;
  return {
    ...supports,
    ...(weights !== undefined && {
      weights: { can: false, why: weights },
      nativeRamp: { can: false, why: weights },
    }),
    ...(darkAddress !== undefined && { darkAddress: { can: false, why: darkAddress } }),
  };
}

/** @throws ConfigError UNSUPPORTED for an ask that the target cannot do, with its reason; nothing is changed */
export function checkSupport(
  target: Pick<Target, 'id' | 'supports'>,
  power: 'weights' | 'darkAddress' | 'redeploy' | 'nativeRamp',
  ask: string,
): void {
  const capability = target.supports[power];
  if (capability.can) return;
  throw new ConfigError({
    code: 'UNSUPPORTED',
    what: `target ${target.id} cannot ${ask}: ${capability.why}`,
    fix: 'Change the policy or the input that asks for it',
  });
}
