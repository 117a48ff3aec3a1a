import { ConfigError } from '../../errors.ts';
import type { ArtifactQuery, DeploymentRecord, ForgeArtifact, ForgeOutcome } from '../../ports/forge.ts';
import { readZip } from '../zip.ts';
import { artifact, environment, environmentRecord } from './answers.ts';
import type { AzureApi } from './api.ts';
import { PERMISSION } from './permissions.ts';

/** Azure DevOps writes its deployment records itself; this looks whether it has written this run's. */
export async function findDeployment(api: AzureApi, record: DeploymentRecord): Promise<ForgeOutcome> {
  const { run } = api.access;
  const why = 'Azure DevOps keeps records for deployment jobs alone: give the job "deployment:" and "environment:"';
  if (!run) return { done: false, why };
  const asked = { what: `the environment ${record.environment}`, permission: PERMISSION.environment };
  const path = 'pipelines/environments';
  const named = await api.list(path, { name: record.environment }, asked, environment, record.signal);
  const found = named.find(({ name }) => name.toLowerCase() === record.environment.toLowerCase());
  if (!found) return { done: false, why: `there is no environment ${record.environment}: ${why}` };
  const newest = { top: 100 };
  const records = await api.list(
    `${path}/${found.id}/environmentdeploymentrecords`,
    newest,
    asked,
    environmentRecord,
    record.signal,
  );
  if (!records.some(({ owner }) => String(owner?.id) === run.id)) return { done: false, why };
  const { collectionUrl, project } = api.access;
  return {
    done: true,
    url: `${collectionUrl.replace(/\/$/, '')}/${encodeURIComponent(project)}/_environments/${found.id}`,
  };
}

/** An artifact that a run has published. */
export async function getArtifact(api: AzureApi, query: ArtifactQuery): Promise<ForgeArtifact | undefined> {
  const runId = query.run ?? api.access.run?.id;
  if (runId === undefined) return undefined;
  const { name, signal } = query;
  const asked = { what: `the artifact ${name} of run ${runId}`, permission: PERMISSION.build };
  const all = await api.list(`build/builds/${encodeURIComponent(runId)}/artifacts`, {}, asked, artifact, signal);
  const found = all.find((one) => one.name === name);
  if (!found) return undefined;
  const url = found.resource?.downloadUrl;
  if (!url) throw nowhere(name, runId);
  const bytes = await api.persist(signal, () => api.download(url, asked, signal));
  const files = readZip(bytes, `the artifact ${name}`);
  // All files lie in a folder of the artifact's name.
  return {
    name,
    files: files.map((file) => ({ ...file, path: file.path.replace(new RegExp(`^${escaped(name)}/`), '') })),
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function nowhere(name: string, runId: string): ConfigError {
  return new ConfigError({
    code: 'FORGE-ARTIFACT-EXPIRED',
    what: `the artifact ${name} of run ${runId} is there no more`,
    fix: 'Build again, or keep runs longer (Settings, Pipelines, Settings, Retention policy)',
  });
}
