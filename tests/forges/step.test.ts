import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeRelease } from '../../shared/release/codec.ts';
import type { EvidenceKind } from '../../shared/release/evidence.ts';
import { describeRelease, type Release } from '../../shared/release/release.ts';
import { approvePromote } from '../../shared/steps/approve-promote/step.ts';
import { AFTER, type ForgeScene, LATER } from '../contracts/forge-contract.ts';
import { ROOT, StepBench } from '../fakes/step-bench.ts';
import { azureScene } from './azure-scene.ts';
import { githubScene } from './github-scene.ts';
import { gitlabScene } from './gitlab-scene.ts';

const ALL: readonly EvidenceKind[] = ['validated', 'built', 'staged', 'smoked', 'impact'];
const scenes = { GitHub: githubScene, GitLab: gitlabScene, 'Azure DevOps': azureScene };

describe.each(Object.entries(scenes))('the promotion of a release whose change is on %s', (_, open) => {
  let scene: ForgeScene;
  let bench: StepBench;
  let release: Release;

  beforeEach(async () => {
    scene = await open();
    bench = new StepBench();
    bench.forge = scene.forge;
    release = await bench.release(scene.commit, ALL);
    const { approval } = bench.policy;
    bench.policy = {
      ...bench.policy,
      approval: { ...approval, sources: ['environment', 'review', 'deployment', 'comment'] },
    };
  });
  afterEach(async () => {
    await scene.stop();
    expect(scene.faults).toEqual([]);
  });

  const id = (): string => describeRelease(release).split(' ')[1] ?? '';
  const codes = async (inputs: Readonly<Record<string, string>> = {}): Promise<readonly string[]> =>
    (await bench.run(approvePromote, inputs)).annotations.map(({ title }) => title);

  it('sees approvals that are given while it waits, and keeps who gave them as evidence', async () => {
    const give = [
      () => scene.review('ann', 'approve', { at: AFTER }),
      () => scene.say('eve', `/haute approve ${id()}`, { at: AFTER }),
      () => scene.say('bo', `/haute approve ${id()}`, { at: LATER }),
    ];
    bench.clock.onSleep = () => give.shift()?.();
    const { end } = await bench.run(approvePromote, { 'wait-for-approval': '1h' });
    expect(end).toMatchObject({ result: 'pass' });
    expect(end?.outputs.approvers).toBe(`${scene.person('ann')}, ${scene.person('bo')}`);
    const { evidence } = decodeRelease(bench.files.text(`${ROOT}/.haute/release.json`), 'release.json');
    expect(evidence.find(({ kind }) => kind === 'approved')?.facts.approvals).toEqual([
      expect.objectContaining({ person: scene.person('ann'), source: 'review', strength: 'authenticated', at: AFTER }),
      expect.objectContaining({ person: scene.person('bo'), source: 'comment', strength: 'authenticated', at: LATER }),
    ]);
  });

  it('is refused without them, and when somebody rejects', async () => {
    scene.review('ann', 'approve');
    scene.say('eve', `/haute approve ${id()}`);
    expect(await codes()).toEqual(['APPROVAL-MISSING']);
    scene.say('bo', `/haute reject ${id()}`);
    expect(await codes()).toEqual(['APPROVAL-REJECTED']);
    expect(bench.target.deployments.size).toBe(0);
  });

  it('fails as an error, not as a denial, where the forge does not answer', async () => {
    scene.review('ann', 'approve');
    scene.review('bo', 'approve');
    scene.server.fail(scene.routes.changeRequests, { status: 500, body: {} }, 99);
    const { end } = await bench.run(approvePromote);
    expect(end?.exitCode).toBe(3);
    expect(bench.target.deployments.size).toBe(0);
  });

  it('fails as a configuration error where the token may not ask', async () => {
    scene.review('ann', 'approve');
    scene.deny();
    expect((await bench.run(approvePromote)).end?.exitCode).toBe(2);
  });
});
