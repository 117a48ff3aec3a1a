import { type IncomingHttpHeaders, request } from 'node:http';
import { messageOf } from '../../errors.ts';
import type { Digest } from '../../release/digest.ts';

/** Put on every answer by the application that the engine packs: which release and which package speaks. */
const RELEASE_HEADER = 'x-haute-release';
const PACKAGE_HEADER = 'x-haute-package';
/** Which deployment speaks: put on by the application too, and by the gateway on what the application did not answer itself. */
export const DEPLOYMENT_HEADER = 'x-haute-deployment';

export interface Expected {
  readonly deploymentId: string;
  readonly releaseId: Digest;
  readonly packageDigest: Digest;
}

/** What every answer of a deployment must say of itself. */
export function expectedOf(
  deploymentId: string,
  { release, packageDigest }: { readonly release: { readonly id: Digest }; readonly packageDigest: Digest },
): Expected {
  return { deploymentId, releaseId: release.id, packageDigest };
}

/** What is wrong with who answered, or undefined when it is the expected release. */
export function strangerness(headers: IncomingHttpHeaders, expected: Expected): string | undefined {
  const release = headers[RELEASE_HEADER];
  const pkg = headers[PACKAGE_HEADER];
  if (release === undefined && pkg === undefined)
    return `the server does not say which release it is (no ${RELEASE_HEADER})`;
  if (release !== expected.releaseId) return `release ${release ?? 'without a name'} answers`;
  if (pkg !== expected.packageDigest) return `package ${pkg ?? 'without a name'} answers`;
  // The same release may well be served twice on one machine.
  const deployment = headers[DEPLOYMENT_HEADER] ?? expected.deploymentId;
  if (deployment !== expected.deploymentId) return `deployment ${deployment} answers`;
  return undefined;
}

/** True when an answer carries the name of a release, or of a package: ours or not. */
export function namesItself(headers: IncomingHttpHeaders): boolean {
  return headers[RELEASE_HEADER] !== undefined || headers[PACKAGE_HEADER] !== undefined;
}

/**
 * Asks `<url>/health` and checks that the expected release answers with status 200.
 * @param timeoutMs for the whole answer
 * @returns undefined when it does; else what happened instead, as a phrase
 */
export function healthProblem(url: string, expected: Expected, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error: Error) =>
      resolve(signal.aborted ? `no answer from /health within ${timeoutMs} ms` : messageOf(error));
    // A connection of its own: the answer is about now, not about a connection that was kept.
    const asked = request(`${url}/health`, { agent: false, signal }, (answer) => {
      answer.resume();
      answer.once('error', fail);
      answer.once('end', () => {
        const stranger = strangerness(answer.headers, expected);
        resolve(stranger ?? (answer.statusCode === 200 ? undefined : `/health answers ${answer.statusCode}`));
      });
    });
    asked.once('error', fail);
    asked.end();
  });
}
