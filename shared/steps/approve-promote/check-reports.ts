import { join } from 'node:path';
import { GateFailure } from '../../errors.ts';
import type { Project } from '../../project/project.ts';
import type { Evidence } from '../../release/evidence.ts';
import type { StepContext } from '../context.ts';

/**
 * Checks that what an approver reads is what the evidence was made of: the impact report's files byte for byte, and
 * the policy that judged it.
 * @throws GateFailure REPORT-CHANGED, REPORT-MISSING or POLICY-CHANGED saying which
 */
export async function checkReports(context: StepContext, project: Project, impact: Evidence): Promise<void> {
  for (const [path, digest] of Object.entries((impact.facts.files ?? {}) as Readonly<Record<string, string>>)) {
    const found = await context.files.digest(join(project.root, path));
    if (!found) throw refuse('REPORT-MISSING', `${path} is not there, and the approval would be given on it`, path);
    checkDigest(path, found.digest, digest);
  }
  if (impact.facts.policyDigest !== project.policyDigest) {
    throw refuse('POLICY-CHANGED', 'the policy was changed after the impact was judged by it', 'haute.release.toml');
  }
}

/**
 * @param path in the project, of a file of the impact report
 * @throws GateFailure REPORT-CHANGED where its digest is not the one in the evidence
 */
export function checkDigest(path: string, found: string | undefined, expected: string | undefined): void {
  if (found !== expected)
    throw refuse('REPORT-CHANGED', `${path} is not the file that impact-report wrote: it was edited`, path);
}

function refuse(code: string, what: string, file: string): GateFailure {
  return new GateFailure({ code, what, fix: 'Run impact-report again', place: { file } });
}
