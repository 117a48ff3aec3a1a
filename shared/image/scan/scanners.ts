import { z } from 'zod';
import type { ScannerId } from '../../ports/image-scanner.ts';
import { type ScanFinding, SEVERITIES, type Severity } from '../../release/scan.ts';

/** A scanner as data: how it is called, and how its report is read. */
export interface Scanner {
  readonly install: string;
  /**
   * @param layout folder of an OCI layout that holds one image
   * @param report file for the report, in JSON
   */
  argv(layout: string, report: string): readonly [string, ...string[]];
  /** @throws Error saying what is wrong with a report, never an empty answer for one that is none */
  read(report: unknown): { readonly version: string | undefined; readonly findings: readonly ScanFinding[] };
}

const text = z.string().nullish();

/** @see https://trivy.dev/latest/docs/configuration/reporting/#json */
const trivyReport = z.object({
  SchemaVersion: z.literal(2),
  Trivy: z.object({ Version: text }).nullish(),
  Results: z
    .array(
      z.object({
        Vulnerabilities: z
          .array(
            z.object({
              VulnerabilityID: z.string(),
              PkgName: z.string(),
              InstalledVersion: z.string(),
              FixedVersion: text,
              Severity: z.string(),
              Title: text,
              PrimaryURL: text,
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

/** @see https://github.com/anchore/grype#output-formats */
const grypeReport = z.object({
  descriptor: z.object({ name: z.literal('grype'), version: text }),
  matches: z.array(
    z.object({
      vulnerability: z.object({
        id: z.string(),
        severity: z.string(),
        dataSource: text,
        description: text,
        fix: z.object({ versions: z.array(z.string()).nullish() }).nullish(),
      }),
      artifact: z.object({ name: z.string(), version: z.string() }),
    }),
  ),
});

export const SCANNERS: Readonly<Record<ScannerId, Scanner>> = {
  trivy: {
    install: 'https://trivy.dev/latest/getting-started/installation/',
    argv: (layout, report) => [
      ...(['trivy', 'image', '--quiet', '--scanners', 'vuln', '--format', 'json'] as const),
      ...['--exit-code', '0', '--output', report, '--input', layout],
    ],
    read(report) {
      const { Results, Trivy } = trivyReport.parse(report);
      // A result is there for everything that was looked at, with or without findings.
      if (!Results || Results.length === 0)
        throw new Error('it found nothing in the image that it knows how to look at');
      const findings = Results.flatMap((result) => result.Vulnerabilities ?? []).map((each) => ({
        id: each.VulnerabilityID,
        severity: severityOf(each.Severity),
        package: each.PkgName,
        installed: each.InstalledVersion,
        fixed: each.FixedVersion || undefined,
        title: shortened(each.Title),
        url: each.PrimaryURL || undefined,
      }));
      return { version: Trivy?.Version ?? undefined, findings };
    },
  },
  grype: {
    install: 'https://github.com/anchore/grype#installation',
    argv: (layout, report) => ['grype', `oci-dir:${layout}`, '--quiet', '--output', 'json', '--file', report],
    read(report) {
      const { descriptor, matches } = grypeReport.parse(report);
      const findings = matches.map(({ vulnerability, artifact }) => ({
        id: vulnerability.id,
        severity: severityOf(vulnerability.severity),
        package: artifact.name,
        installed: artifact.version,
        fixed: vulnerability.fix?.versions?.join(', ') || undefined,
        title: shortened(vulnerability.description),
        url: vulnerability.dataSource || undefined,
      }));
      return { version: descriptor.version ?? undefined, findings };
    },
  },
};

/** A word that is not known is no reason to take a finding lightly, nor to stop: it is told as what it is. */
function severityOf(word: string): Severity {
  return SEVERITIES.find((severity) => severity === word.toLowerCase()) ?? 'unknown';
}

const LONGEST_TITLE = 160;

function shortened(title: string | null | undefined): string {
  const line = (title ?? '').replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_TITLE ? `${line.slice(0, LONGEST_TITLE)}…` : line;
}
