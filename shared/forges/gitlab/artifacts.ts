import { z } from 'zod';
import type { ArtifactQuery, ForgeArtifact, ForgeOutcome } from '../../ports/forge.ts';
import { readAnswer } from '../ask.ts';
import type { GitLabApi } from './api.ts';
import { FORGE, SCOPE } from './permissions.ts';

/** The one file of a package: all files of an artifact, which have folders that a package has not. */
const FILE = 'files.json';
const packed = z.object({ files: z.array(z.object({ path: z.string(), base64: z.base64() })) });

/**
 * Keeps files in the generic package registry, under the pipeline that made them: a job's own token may do both, and
 * the newest of a name is what comes back. @see https://docs.gitlab.com/user/packages/generic_packages/
 */
export async function putArtifact(api: GitLabApi, artifact: ForgeArtifact, signal: AbortSignal): Promise<ForgeOutcome> {
  const { job, projectUrl } = api.access;
  if (!job) return { done: false, why: 'outside of a pipeline there is nothing to keep files under' };
  const files = artifact.files.map(({ path, bytes }) => ({ path, base64: Buffer.from(bytes).toString('base64') }));
  const asked = { what: `to keep the artifact ${artifact.name}`, permission: SCOPE.job };
  const content = new TextEncoder().encode(JSON.stringify({ files }));
  await api.persistently(signal, () => api.file(asked, signal, 'PUT', pathOf(artifact.name, job.pipelineId), content));
  return { done: true, url: `${projectUrl}/-/packages` };
}

export async function getArtifact(api: GitLabApi, query: ArtifactQuery): Promise<ForgeArtifact | undefined> {
  const run = query.run ?? api.access.job?.pipelineId;
  if (run === undefined) return undefined;
  const asked = { what: `the artifact ${query.name} of pipeline ${run}`, permission: SCOPE.job };
  return api.persistently(query.signal, async () => {
    const found = await api.file(asked, query.signal, 'GET', pathOf(query.name, run));
    if (!found) return undefined;
    const { files } = readAnswer(packed, jsonOf(found.body), FORGE, asked);
    return {
      name: query.name,
      files: files.map(({ path, base64 }) => ({ path, bytes: new Uint8Array(Buffer.from(base64, 'base64')) })),
    };
  });
}

function pathOf(name: string, run: string): string {
  return `packages/generic/${encodeURIComponent(name)}/run-${encodeURIComponent(run)}/${FILE}`;
}

function jsonOf(body: unknown): unknown {
  if (!(body instanceof ArrayBuffer)) return body;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
