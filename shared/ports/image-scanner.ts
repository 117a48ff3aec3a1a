import type { Artifact } from '../release/release.ts';
import type { ScanFinding } from '../release/scan.ts';

export const SCANNER_IDS = ['trivy', 'grype'] as const;
export type ScannerId = (typeof SCANNER_IDS)[number];

export interface ScanReport {
  readonly scanner: ScannerId;
  /** As it says itself; undefined where it does not. */
  readonly version: string | undefined;
  readonly findings: readonly ScanFinding[];
}

/** Looks for known weaknesses in stored images, with a program that the user has. */
export interface ImageScanner {
  /**
   * @throws ConfigError SCAN-TOOL-MISSING when the program is not there; ProviderError SCAN-FAILED when it ends with an
   *   error or writes something else than its report. Never "no findings" for something that was not scanned.
   */
  scan(
    scanner: ScannerId,
    image: Extract<Artifact, { kind: 'image' }>,
    options: { readonly signal: AbortSignal; readonly progress: (line: string) => void },
  ): Promise<ScanReport>;
}
