import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { taskName } from '../../scripts/emit/azure.ts';
import { packAzure } from '../../scripts/package-azure.ts';
import { definitions } from '../../shared/steps/definitions.ts';
import type { FakeAzure } from '../fakes/azure/fake-azure.ts';
import { AUTHOR, commitAll } from '../tools/git.ts';
import { root } from './pricing-project.ts';

/** Packs the extension and installs each task by itself, as an agent does. @returns folder of a task by its name */
export function installExtension(tfx: string, scratch: string): (name: string) => string {
  const file = packAzure(root, join(scratch, 'packed'), [tfx]);
  execFileSync('python3', ['-m', 'zipfile', '-e', file, join(scratch, 'extension')], { timeout: 60_000 });
  mkdirSync(join(scratch, 'tasks'));
  for (const { id } of definitions) {
    const name = taskName(id);
    mkdirSync(join(scratch, 'tasks', name));
    renameSync(join(scratch, 'extension', id), join(scratch, 'tasks', name, '1.0.0'));
  }
  rmSync(join(scratch, 'extension'), { recursive: true });
  return (name) => join(scratch, 'tasks', name, '1.0.0');
}

/** What the service says of a run of the branch main. */
export function azureVariables(azure: FakeAzure, commit: string): Readonly<Record<string, string>> {
  return {
    'Build.Reason': 'IndividualCI',
    'Build.SourceBranch': 'refs/heads/main',
    'Build.SourceVersion': commit,
    'Build.BuildId': '77',
    'Build.Repository.Name': 'pricing',
    'Build.Repository.Provider': 'TfsGit',
    'Build.Repository.Id': azure.guid('repository'),
    'System.CollectionUri': `${azure.collectionUrl}/`,
    'System.TeamProject': azure.project,
    'System.AccessToken': azure.token,
  };
}

/** Merges a pull request of the author: what it brought is the head of main. @returns the commit */
export function mergeOnAzure(azure: FakeAzure, project: string, before: string, title: string): string {
  const base = before === '' ? '0'.repeat(40) : before;
  const commit = commitAll(project, title);
  azure.commits.set(commit, {
    commitId: commit,
    comment: title,
    author: AUTHOR,
    committer: AUTHOR,
    parents: [base],
    pushedBy: 'eve',
  });
  azure.pulls.push({
    id: azure.pulls.length + 1,
    author: 'eve',
    commits: [commit],
    status: 'completed',
    head: commit,
    merge: commit,
  });
  azure.builds.set('77', commit);
  azure.timeline.splice(0);
  azure.approvals.splice(0);
  return commit;
}

/** The stage before an environment waits until these people have approved. */
export function approveOnAzure(
  azure: FakeAzure,
  commit: string,
  ...logins: readonly string[]
): (environment: string) => void {
  return (environment) => {
    if (environment !== 'production') return;
    const [stage = '', checkpoint = '', approval = ''] = ['stage', 'checkpoint', 'approval'].map((name) =>
      azure.guid(`${name} ${commit}`),
    );
    if (azure.approvals.length === 0) {
      azure.timeline.push(
        { id: stage, type: 'Stage', identifier: environment, name: 'Production' },
        { id: checkpoint, parentId: stage, type: 'Checkpoint' },
        { id: approval, parentId: checkpoint, type: 'Checkpoint.Approval' },
      );
      azure.approvals.push({ id: approval, steps: [] });
    }
    const at = new Date().toISOString();
    azure.approvals[0]?.steps.push(...logins.map((login) => ({ login, status: 'approved', at, comment: '' })));
  };
}
