import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import type { ArtifactQuery, ForgeArtifact } from '../../ports/forge.ts';
import { readZip } from '../zip.ts';
import { artifacts } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { PERMISSION } from './permissions.ts';

const archive = z.instanceof(ArrayBuffer);

/** The newest artifact of a name that a run has uploaded. */
export async function getArtifact(api: GitHubApi, query: ArtifactQuery): Promise<ForgeArtifact | undefined> {
  const runId = query.run ?? api.access.run?.id;
  if (runId === undefined) return undefined;
  const { name, signal } = query;
  const asked = { what: `the artifact ${name} of run ${runId}`, permission: PERMISSION.actions };
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts';
  const found = await api.all(route, { run_id: runId, name }, asked, artifacts, (page) => page.artifacts, signal);
  const named = found.filter((one) => one.name === name).toSorted((a, b) => b.id - a.id);
  const [newest] = named.filter((one) => !one.expired);
  if (!newest) return named.length === 0 ? undefined : expired(name, runId);
  const download = 'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}';
  const parameters = { artifact_id: newest.id, archive_format: 'zip' };
  const bytes = await api.get(download, parameters, asked, archive, signal);
  return { name, files: readZip(new Uint8Array(bytes), `the artifact ${name}`) };
}

function expired(name: string, runId: string): never {
  throw new ConfigError({
    code: 'FORGE-ARTIFACT-EXPIRED',
    what: `the artifact ${name} of run ${runId} is there no more: its time is over`,
    fix: 'Build again, or keep artifacts longer (retention-days)',
  });
}
