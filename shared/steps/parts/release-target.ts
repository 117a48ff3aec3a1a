import { ConfigError } from '../../errors.ts';
import type { Target } from '../../ports/target.ts';
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

/** @throws ConfigError UNSUPPORTED for an ask that the target cannot do, with its reason; nothing is changed */
export function checkSupport(target: Target, power: 'weights' | 'darkAddress' | 'redeploy', ask: string): void {
  const capability = target.supports[power];
  if (capability.can) return;
  throw new ConfigError({
    code: 'UNSUPPORTED',
    what: `target ${target.id} cannot ${ask}: ${capability.why}`,
    fix: 'Change the policy or the input that asks for it',
  });
}
