import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GitHubForge } from '../../shared/forges/github/forge.ts';
import type { DeploymentRecord } from '../../shared/ports/forge.ts';
import { RELEASE } from '../contracts/forge-contract.ts';
import { zipOf } from '../fakes/zip.ts';
import { testTools } from './forge-tools.ts';
import { COMMIT, type GitHubScene, githubScene, RUN } from './github-scene.ts';

const signal = new AbortController().signal;
let scene: GitHubScene;

beforeEach(async () => {
  scene = await githubScene();
});
afterEach(async () => {
  await scene.stop();
  expect(scene.faults).toEqual([]);
});

function record(change: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    environment: 'production',
    releaseId: RELEASE,
    commit: COMMIT,
    status: 'success',
    url: 'https://motor.example.com',
    description: 'motor 4f2a9c01d2e3',
    production: true,
    signal,
    ...change,
  };
}

describe('deployment records on GitHub', () => {
  it('take the deployment that GitHub made for the job instead of making a second one', async () => {
    const own = scene.github.gate(RUN, 'production', COMMIT, '2026-03-01T13:00:00Z');
    await scene.forge.recordDeployment(record());
    expect(scene.github.deployments).toEqual([own]);
    expect(scene.github.statuses.get(own.id)?.at(-1)).toMatchObject({
      state: 'success',
      environment_url: 'https://motor.example.com',
      log_url: `https://github.com/acme/motor/actions/runs/${RUN}`,
    });
  });

  it('of two runs, of two releases and of two environments are two', async () => {
    await scene.forge.recordDeployment(record());
    await scene.forge.recordDeployment(record({ releaseId: `sha256:${'e'.repeat(64)}` }));
    await scene.forge.recordDeployment(record({ environment: 'staging', production: false }));
    const again = new GitHubForge(
      {
        kind: 'github',
        apiUrl: scene.server.url,
        repository: scene.github.repository,
        token: scene.github.token,
        run: { id: '78', url: 'https://github.com/acme/motor/actions/runs/78' },
        workflowFile: undefined,
      },
      testTools(),
    );
    await again.recordDeployment(record());
    expect(scene.github.deployments).toHaveLength(4);
  });

  it('are not made twice when the answer to the first was lost', async () => {
    scene.server.fail('POST /repos/{owner}/{repo}/deployments', 'lost');
    scene.server.fail('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', 'lost');
    await scene.forge.recordDeployment(record());
    expect(scene.deployments('production')).toEqual(['success']);
    expect([...scene.github.statuses.values()].flat()).toHaveLength(1);
  });

  it('are described in as many characters as GitHub takes', async () => {
    await scene.forge.recordDeployment(record({ description: 'x'.repeat(500) }));
    const sent = scene.server.requests
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => body as { description: string });
    expect(sent.every(({ description }) => description.length === 140)).toBe(true);
  });

  it('say what the token lacks', async () => {
    scene.github.lacking.add('deployments');
    await expect(scene.forge.recordDeployment(record())).rejects.toThrow(/FORGE-PERMISSION.*"deployments: /s);
  });
});

describe('comments on GitHub', () => {
  it('on a fork’s pull request say that its token only reads', async () => {
    scene.github.lacking.add('comments');
    const comment = { key: 'impact', commit: COMMIT, body: 'x', signal };
    await expect(scene.forge.comment(comment)).rejects.toThrow(/"pull-requests: write".*fork/s);
  });
});

describe('artifacts on GitHub', () => {
  function artifact(content: string, change: { expired?: boolean; run?: number } = {}): void {
    const zip = zipOf({ 'release.json': content });
    scene.github.artifacts.push({
      id: scene.github.nextId(),
      name: 'haute-release',
      run: RUN,
      expired: false,
      zip,
      ...change,
    });
  }

  it('are the newest of the run under their name', async () => {
    artifact('old');
    artifact('new');
    artifact('of another run', { run: 78 });
    const found = await scene.forge.getArtifact({ name: 'haute-release', signal });
    expect(found?.files.map((file) => [file.path, new TextDecoder().decode(file.bytes)])).toEqual([
      ['release.json', 'new'],
    ]);
    const other = await scene.forge.getArtifact({ name: 'haute-release', run: '78', signal });
    expect(new TextDecoder().decode(other?.files[0]?.bytes)).toBe('of another run');
  });

  it('that were never there are none', async () => {
    expect(await scene.forge.getArtifact({ name: 'haute-release', signal })).toBeUndefined();
  });

  it('that are expired are an error', async () => {
    artifact('old', { expired: true });
    await expect(scene.forge.getArtifact({ name: 'haute-release', signal })).rejects.toThrow('FORGE-ARTIFACT-EXPIRED');
  });

  it('that arrive cut off are asked for again', async () => {
    artifact('x'.repeat(5_000));
    scene.server.fail('GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/zip', 'lost');
    expect((await scene.forge.getArtifact({ name: 'haute-release', signal }))?.files).toHaveLength(1);
  });

  it('are uploaded by a step of the workflow, and the outcome says so', async () => {
    const outcome = await scene.forge.putArtifact({ name: 'haute-release', files: [] }, signal);
    expect(outcome).toMatchObject({ done: false, why: expect.stringContaining('actions/upload-artifact') });
  });
});
