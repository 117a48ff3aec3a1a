import { ConfigError, GateFailure, ProviderError } from '../../errors.ts';
import { type Digest, shortDigest } from '../../release/digest.ts';

/** The problems that the local target reports, in one place so that each is worded once. */

export function unknownEnvironment(name: string): ConfigError {
  return new ConfigError({
    code: 'LOCAL-UNKNOWN-ENVIRONMENT',
    what: `nothing was ever deployed to the environment ${name}`,
    fix: 'Deploy to it first, or check its name with `haute-ci local status`',
  });
}

export function unknownDeployment(id: string): ConfigError {
  return new ConfigError({
    code: 'LOCAL-UNKNOWN-DEPLOYMENT',
    what: `there is no deployment ${id}`,
    fix: 'Take an id that `haute-ci local status` shows',
  });
}

export function inactiveDeployment(id: string): ConfigError {
  return new ConfigError({
    code: 'LOCAL-INACTIVE',
    what: `deployment ${id} is turned off, so no traffic can be sent to it`,
    fix: 'Turn it on first, and wait until it answers',
  });
}

export function badWeights(why: string): ConfigError {
  return new ConfigError({
    code: 'LOCAL-WEIGHTS',
    what: `traffic cannot be split like this: ${why}`,
    fix: 'Give whole percents that add up to 100',
  });
}

export function inUse(id: string, environments: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'LOCAL-IN-USE',
    what: `deployment ${id} is in use by ${environments.join(' and ')}, so it cannot be deleted`,
    fix: 'Promote another deployment there first',
  });
}

export function wrongArtifact(kind: string): ConfigError {
  return new ConfigError({
    code: 'LOCAL-ARTIFACT',
    what: `the local target runs packages, and this release was built as ${kind}`,
    fix: 'Build it for the local target: build-push with target local',
  });
}

/** @param errno the system's name for what went wrong */
export function portTrouble(subject: string, port: number, errno: string): ConfigError {
  if (errno === 'EADDRINUSE') {
    return new ConfigError({
      code: 'LOCAL-PORT-IN-USE',
      what: `port ${port} on 127.0.0.1, the address of ${subject}, is in use by another program`,
      fix: `End the program that listens there (\`lsof -i :${port}\` names it), or set another port under [targets.local] in haute.release.toml`,
    });
  }
  return new ConfigError({
    code: 'LOCAL-PORT-DENIED',
    what: `port ${port} on 127.0.0.1, the address of ${subject}, cannot be listened on (${errno})`,
    fix: 'Set a port above 1023 under [targets.local] in haute.release.toml',
  });
}

export function notSettled(environment: string, keep: string, percent: number): ProviderError {
  return new ProviderError({
    code: 'LOCAL-NOT-SETTLED',
    what: `${environment} sends ${percent} % of its traffic to ${keep}, not all of it, so the promotion is not over`,
    fix: 'Send all traffic there, or back, and settle then',
  });
}

export function artifactMissing(digest: Digest, dir: string): ProviderError {
  return new ProviderError({
    code: 'ARTIFACT-MISSING',
    what: `package ${shortDigest(digest)} is not in the local store (${dir})`,
    fix: 'Run build-push on this machine, in this project',
  });
}

export function artifactChanged(what: string): GateFailure {
  return new GateFailure({
    code: 'ARTIFACT-CHANGED',
    what: `the stored package is not what was built: ${what}`,
    fix: 'Find out who changed it; then run build-push and the steps after it again',
  });
}

export function deployFailed(id: string, why: string, log: readonly string[], retryable: boolean): ProviderError {
  const last = log.length > 0 ? `; the last of its log:\n${log.join('\n')}\n` : '; it logged nothing';
  return new ProviderError(
    {
      code: 'LOCAL-DEPLOY-FAILED',
      what: `deployment ${id} did not come up: ${why}${last}`,
      fix: `Mend what the log names and deploy again. \`haute-ci local logs --deployment ${id}\` shows all of it`,
    },
    { retryable },
  );
}

export function notStopped(id: string): ProviderError {
  return new ProviderError(
    {
      code: 'LOCAL-NOT-STOPPED',
      what: `the servers of deployment ${id} are still ending`,
      fix: 'Look at them with `haute-ci local status`; `haute-ci local stop` ends everything',
    },
    { retryable: true },
  );
}

export function gatewayDown(why: string, log: readonly string[]): ProviderError {
  const last = log.length > 0 ? `; the last of its log:\n${log.join('\n')}\n` : '';
  return new ProviderError(
    {
      code: 'LOCAL-GATEWAY-DOWN',
      what: `the gateway of the local target ${why}${last}`,
      fix: 'Run `haute-ci local stop` and then the step again; `haute-ci local logs` shows what it said',
    },
    { retryable: true },
  );
}
