import { join } from 'node:path';
import { ConfigError, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import type { Exec } from '../../ports/exec.ts';
import type { ImageScanner, ScannerId, ScanReport } from '../../ports/image-scanner.ts';
import { parseImageName } from '../registry/name.ts';
import { imagesBehind, type LayoutTools, writeLayout } from './image-layout.ts';
import { SCANNERS } from './scanners.ts';

/** The first scan of a machine fetches a database of hundreds of megabytes. */
const TIMEOUT_MS = 20 * 60_000;
const SHOWN_CHARS = 600;

export interface ScannerTools extends Omit<LayoutTools, 'signal'> {
  readonly exec: Exec;
  /** The scanner's environment: where its database is, which proxy it uses. */
  readonly env: Readonly<Record<string, string>>;
}

/** Scans with the program of the user's choice, every platform of the image. */
export class CommandScanner implements ImageScanner {
  readonly #tools: ScannerTools;

  constructor(tools: ScannerTools) {
    this.#tools = tools;
  }

  async scan(...[id, image, { signal, progress }]: Parameters<ImageScanner['scan']>): Promise<ScanReport> {
    const { name } = parseImageName(image.name);
    const images = await imagesBehind({ ...this.#tools, signal }, name, image.digest);
    if (images.length === 0) throw failed(id, `${image.digest} is an index that names no image`);
    let version: string | undefined;
    const findings = [];
    for (const manifest of images) {
      const work = await this.#tools.files.tempDir('haute-scan-');
      try {
        const layout = join(work, 'image');
        await writeLayout({ ...this.#tools, signal }, name, manifest, layout);
        progress(`${id} looks at ${manifest.descriptor.digest}`);
        const report = await this.#run(id, layout, work, signal);
        version = report.version;
        findings.push(...report.findings);
      } finally {
        await this.#tools.files.remove(work);
      }
    }
    return { scanner: id, version, findings };
  }

  async #run(id: ScannerId, layout: string, work: string, signal: AbortSignal) {
    const { exec, files, env } = this.#tools;
    const scanner = SCANNERS[id];
    const file = join(work, 'report.json');
    let ended: Awaited<ReturnType<Exec['run']>>;
    try {
      ended = await exec.run({ argv: scanner.argv(layout, file), cwd: work, env, timeoutMs: TIMEOUT_MS, signal });
    } catch (error) {
      if (error instanceof ProviderError && error.problem.code === 'EXEC-NOT-FOUND') throw toolMissing(id);
      throw error;
    }
    if (signal.aborted) throw new Interrupted();
    if (ended.timedOut) throw failed(id, `it did not end within ${TIMEOUT_MS / 60_000} minutes`);
    if (ended.code !== 0)
      throw failed(id, `it ended with code ${ended.code}: ${ended.stderr.trim().slice(-SHOWN_CHARS)}`);
    const bytes = await files.read(file);
    if (bytes === undefined) throw failed(id, 'it wrote no report');
    try {
      return scanner.read(JSON.parse(new TextDecoder().decode(bytes)));
    } catch (error) {
      throw failed(id, `its report cannot be read: ${messageOf(error).replaceAll(/\s+/g, ' ').slice(0, SHOWN_CHARS)}`);
    }
  }
}

function toolMissing(id: ScannerId): ConfigError {
  return new ConfigError({
    code: 'SCAN-TOOL-MISSING',
    what: `the scan input asks for ${id}, which is not on this machine`,
    fix: `Install it (${SCANNERS[id].install}) before the step, or set scan to none`,
  });
}

function failed(id: ScannerId, why: string): ProviderError {
  return new ProviderError({
    code: 'SCAN-FAILED',
    what: `the image was not scanned with ${id}: ${why}`,
    fix: 'Run the scanner by hand on this machine to see what it needs, such as its database; then run the step again',
  });
}
