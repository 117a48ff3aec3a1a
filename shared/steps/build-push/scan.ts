import type { ScannerId } from '../../ports/image-scanner.ts';
import type { Project } from '../../project/project.ts';
import type { JsonObject } from '../../release/json.ts';
import type { Artifact } from '../../release/release.ts';
import { describeFinding, judgeScan, type ScanFinding, type ScanJudgement } from '../../release/scan.ts';
import type { StepContext } from '../context.ts';
import { bullets, page } from '../parts/markdown.ts';

/** Findings that are annotated, of each kind; all of them are counted. */
const MOST_ANNOTATIONS = 10;

export interface Scanned extends ScanJudgement {
  readonly scanner: ScannerId;
  readonly version: string | undefined;
}

/** Scans what was stored and judges it by `[gates.scan]`; what is judged is annotated. */
export async function scanImage(
  context: StepContext,
  project: Project,
  scanner: ScannerId,
  artifact: Artifact,
): Promise<Scanned> {
  if (artifact.kind !== 'image') throw new Error(`${artifact.kind} is no image`);
  const { log } = context.host;
  const tool = await context.scanner(project);
  const report = await log.group(`Scanning with ${scanner}`, () =>
    tool.scan(scanner, artifact, { signal: context.signal, progress: (line) => log.info(line) }),
  );
  const judgement = judgeScan(report.findings, project.policy.gates.scan);
  annotate(context, 'error', judgement.failing);
  annotate(context, 'warning', judgement.warning);
  log.info(`${scanner}: ${countsText(judgement)}`);
  return { ...judgement, scanner, version: report.version };
}

/** For the evidence `built`. */
export function scanFacts({ scanner, version, verdict, counts }: Scanned): JsonObject {
  return { scanner, version: version ?? null, verdict, counts: { ...counts } };
}

/** For the summary. */
export function describeScan(scanned: Scanned | undefined): string {
  if (scanned === undefined) return '';
  const { scanner, failing, warning } = scanned;
  return page(
    `### ${scanner}: ${countsText(scanned)}`,
    failing.length > 0 ? `Over the limit:\n\n${bullets(failing.map(describeFinding))}` : '',
    warning.length > 0 ? `Worth a look:\n\n${bullets(warning.map(describeFinding))}` : '',
  ).trimEnd();
}

function countsText({ counts }: Pick<ScanJudgement, 'counts'>): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return found.length === 0 ? 'nothing was found' : found.map(([severity, count]) => `${count} ${severity}`).join(', ');
}

function annotate(context: StepContext, level: 'error' | 'warning', findings: readonly ScanFinding[]): void {
  for (const finding of findings.slice(0, MOST_ANNOTATIONS)) {
    const message = `${describeFinding(finding)}${finding.url === undefined ? '' : ` (${finding.url})`}`;
    context.host.annotate({ level, title: 'SCAN-FINDING', message });
  }
  const more = findings.length - MOST_ANNOTATIONS;
  if (more > 0) context.host.annotate({ level, title: 'SCAN-FINDING', message: `… and ${more} more; see the summary` });
}
