import { createHash } from 'node:crypto';
import type { Annotation, StepEnd } from '../../ports/host.ts';
import { describeFinding } from '../annotation-budget.ts';

/** Folder of the reports, in the checkout: the components hand it on as artifacts. */
export const REPORT_FOLDER = '.haute/reports';

/** A finding with its file as GitLab's pages know it. */
export interface Finding extends Annotation {
  /** Relative to the repository's root; undefined where the finding has no place inside it. */
  readonly path: string | undefined;
}

/**
 * Findings with a place, for the changes page of a merge request.
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function codeQualityReport(findings: readonly Finding[]): string {
  const severity = { error: 'critical', warning: 'minor', notice: 'info' } as const;
  const entries = findings.flatMap((finding) =>
    finding.path === undefined
      ? []
      : [
          {
            description: finding.message,
            check_name: finding.title,
            fingerprint: createHash('sha256')
              .update(JSON.stringify([finding.title, finding.path, finding.place?.line ?? 1, finding.message]))
              .digest('hex'),
            severity: severity[finding.level],
            location: { path: finding.path, lines: { begin: finding.place?.line ?? 1 } },
          },
        ],
  );
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

/**
 * The step as a test suite, for the tests page and the widget of a merge request: one case for the step, one for each
 * error.
 */
export function junitReport(end: StepEnd, findings: readonly Finding[], seconds: number): string {
  const errors = findings.filter(({ level }) => level === 'error');
  const failed = end.exitCode !== 0;
  const cases = [
    testCase(end.step, end.step, failed ? `${end.step}: ${end.result}` : undefined, seconds),
    ...errors.map((error, index) => testCase(end.step, `${error.title} ${index + 1}`, describeFinding(error), 0)),
  ];
  const failures = errors.length + (failed ? 1 : 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="haute ${escapeXml(end.step)}" tests="${cases.length}" failures="${failures}" errors="0" time="${seconds.toFixed(3)}">`,
    ...cases,
    '</testsuite></testsuites>',
    '',
  ].join('\n');
}

function testCase(suite: string, name: string, failure: string | undefined, seconds: number): string {
  const opening = `<testcase classname="haute.${escapeXml(suite)}" name="${escapeXml(name)}" time="${seconds.toFixed(3)}"`;
  if (failure === undefined) return `${opening}/>`;
  const text = escapeXml(failure);
  return `${opening}><failure message="${text.slice(0, 1000).replace(/&[^;]*$/, '')}">${text}</failure></testcase>`;
}

/**
 * Links on the job's page.
 * @see https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsannotations
 */
export function annotationsReport(links: readonly { readonly label: string; readonly url: string }[]): string {
  return `${JSON.stringify({ haute: links.map((link) => ({ external_link: link })) }, undefined, 2)}\n`;
}

/** Text of XML 1.0: the five entities, and no character that the standard does not allow. */
function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
    '\n': '&#10;',
  };
  return text
    .toWellFormed()
    .replace(/(?![\t\n])[\p{Cc}\uFFFE\uFFFF]/gu, '')
    .replace(/[&<>"'\n]/g, (char) => entities[char] ?? char);
}
