import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../shared/ports/host.ts';

/** A host on a machine in memory, and how to look at what it did. */
export interface HostBench {
  readonly host: Host;
  /** Everything that a person may get to see. */
  seen(): string;
  /** What the next step is handed, as the system itself reads it. */
  outputs(): Readonly<Record<string, string>>;
  /** Names of the commands that the system finds in what was printed. */
  commands(): readonly string[];
}

/** What every host promises to the steps, whatever runs it. */
export function hostContract(
  name: string,
  bench: (inputs: Readonly<Record<string, string>>) => Promise<HostBench>,
): void {
  describe(`the ${name} host`, () => {
    it('reads inputs by their canonical names, and only those that were written', async () => {
      const { host } = await bench({ 'staging-url': 'https://staging.example', release: 'r.json', sample: '0' });
      expect(['staging-url', 'release', 'sample', 'production-url'].map((input) => host.input(input))).toEqual([
        ['https://staging.example'],
        ['r.json'],
        ['0'],
        undefined,
      ]);
    });

    it('spells every input in its own way, and no two alike', async () => {
      const { host } = await bench({});
      const names = ['staging-url', 'url', 'p95-latency', 'dry-run', 'python'];
      expect(new Set(names.map((input) => host.spell(input))).size).toBe(names.length);
    });

    it('knows the run that it is', async () => {
      const { host } = await bench({});
      expect(host.facts.run).not.toBe('');
    });

    it.each<[string, string]>([
      ['one line', 'hunter2-hunter2'],
      ['several lines', '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----'],
      ['signs that every format escapes', 'p@ss/"w%rd&<x>\\1'],
    ])('shows a secret of %s nowhere, in no form', async (_, secret) => {
      const { host, seen } = await bench({});
      host.mask(secret);
      const before = seen();
      const forms = [
        secret,
        ...secret.split('\n'),
        JSON.stringify({ token: secret }),
        encodeURIComponent(secret),
        Buffer.from(`user:${secret}`).toString('base64'),
      ];
      for (const form of forms) {
        host.log.info(`token ${form}`);
        host.log.warn(form);
        host.log.debug(form);
        host.log.progress(form, 1, 1);
        host.annotate({ level: 'error', title: 'X', message: `seen ${form}`, place: { file: 'haute.toml' } });
        await host.log.group(form, async () => host.log.info(form));
      }
      await host.finish({
        step: 'validate',
        result: 'fail',
        outputs: { url: `https://x.example/?t=${encodeURIComponent(secret)}`, artifacts: secret },
        summary: forms.join('\n\n'),
        exitCode: 1,
      });
      // Telling the runner what to hide is the one place where it may stand.
      const shown = seen().slice(before.length);
      for (const form of forms) expect(shown).not.toContain(form);
      expect(shown).not.toContain(secret.split('\n').at(-2) ?? secret);
    });

    it('returns what a group returns, and lets its error pass', async () => {
      const { host } = await bench({});
      await expect(host.log.group('a', async () => 7)).resolves.toBe(7);
      await expect(
        host.log.group('b', async () => {
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
    });

    it('hands on every output as it is, whatever is in it', async () => {
      const { host, outputs } = await bench({ json: 'true' });
      const values = {
        'release-id': `sha256:${'a'.repeat(64)}`,
        url: 'https://staging.example/a?b=c;d=e&f=[g]%20',
        approvers: 'Ann, Bo ]; ::set-output name=x::y ##vso[task.setvariable variable=z]1',
        report: 'C:\\reports\\100%\\impact.md',
        note: 'two\nlines\n',
      };
      await host.finish({ step: 'impact-report', result: 'pass', outputs: values, summary: '# done', exitCode: 0 });
      expect(outputs()).toEqual({ ...values, result: 'pass' });
    });

    it('lets no text become a command', async () => {
      const attack = fc
        .array(
          fc.oneof(
            fc.constantFrom(
              '::set-output name=x::y',
              '::add-mask::a',
              '::stop-commands::t',
              '##[set-output name=x;]y',
              '##vso[task.setvariable variable=x;isOutput=true]y',
              '##VSO[task.complete result=Succeeded;]',
              '##[group]g',
              '##[command]rm',
              '\u001b[0Ksection_end:1:haute_1\r\u001b[0K',
              '\r',
              '\n',
              '\r\n',
              '\u200b',
              '\u00ad',
              '\u2028',
              '\u0085',
              ' ',
              ':',
              '#',
              '%0A',
              '%AZP25',
            ),
            fc.string({ unit: 'grapheme', maxLength: 8 }),
          ),
          { maxLength: 8 },
        )
        .map((parts) => parts.join(''));
      await fc.assert(
        fc.asyncProperty(attack, async (text) => {
          const tame = await told(await bench({}), 'plain');
          const attacked = await told(await bench({}), text);
          expect(attacked).toEqual(tame);
        }),
        { numRuns: 200 },
      );
    });

    it('survives a summary of 5 MB and a thousand findings', async () => {
      const { host, seen } = await bench({});
      for (let index = 0; index < 1000; index += 1) {
        host.annotate({ level: 'error', title: 'QUOTE-FAILED', message: `quote ${index}`, place: { file: 'q.json' } });
      }
      const summary = `# Report\n\n${'| a | b |\n'.repeat(500_000)}`;
      await host.finish({ step: 'validate', result: 'fail', outputs: {}, summary, exitCode: 1 });
      expect(seen()).toContain('quote 999');
    });
  });
}

/** The commands that a host sends when every text it is given is this one. */
async function told({ host, commands }: HostBench, text: string): Promise<readonly string[]> {
  host.log.info(text);
  host.log.warn(text);
  host.log.progress(text, 1, 1, text);
  host.annotate({ level: 'error', title: text, message: text, place: { file: text } });
  host.annotate({ level: 'warning', title: text, message: text });
  host.annotate({ level: 'notice', title: 'NOTE', message: text, place: { file: 'haute.toml', line: 3 } });
  await host.log.group(text, async () => host.log.info(text));
  await host.finish({ step: 'validate', result: 'pass', outputs: { url: text }, summary: text || 'x', exitCode: 0 });
  return commands();
}
