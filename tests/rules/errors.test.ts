import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Notes of the impact report carry their whole explanation, and stop nothing. */
const NOTES = 'shared/impact/report/notes.ts';
const sources = globSync(['shared/**/*.ts', 'shared/**/*.py'], { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.endsWith('.test.ts') && path !== NOTES)
  .map((path) => ({ path, text: read(path) }));

/** Upper case with a dash, and no code. */
const OTHER_WORDS = ['SHA-256', 'UTF-8', 'L-3032A538', 'L-36FBB829'];
/** What a step would do, in its summary: whole sentences, and no error. */
const PLAN = /Nothing was \w+\.$/;
const CODE = '[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+';
const CLASSES = {
  ConfigError: 'Configuration (exit code 2)',
  GateFailure: 'The product said no (exit code 1)',
  ProviderError: 'A provider failed (exit code 3)',
} as const;

interface Entry {
  readonly code: string;
  readonly section: string;
  readonly body: string;
}

const entries = readEntries(read('docs/errors.md'));

function readEntries(page: string): readonly Entry[] {
  return page.split(/^## /m).flatMap((part) => {
    const [section = '', ...rest] = part.split('\n');
    const [, ...chapters] = rest.join('\n').split(/^### /m);
    return chapters.map((chapter) => {
      const [code = '', ...body] = chapter.split('\n');
      return { code, section, body: body.join('\n').trim() };
    });
  });
}

/** Every code that the source can tell. Each is spelt in full there, so that it is found by searching for it. */
function codesInSource(): readonly string[] {
  const literals = new RegExp(`(['"\`])(${CODE})\\1`, 'g');
  const found = sources.flatMap(({ text }) => [
    ...[...text.matchAll(literals)].map(([, , code = '']) => code),
    ...[...text.matchAll(/\bcode: '([A-Z0-9]+)'/g)].map(([, code = '']) => code),
  ]);
  return [...new Set([...found, ...gateTitles()])].filter((code) => !OTHER_WORDS.includes(code)).toSorted();
}

/** The gates of the impact report are told by their names. */
function gateTitles(): readonly string[] {
  const names = /type GateName = ([^;]+);/.exec(read('shared/impact/gates/gate.ts'))?.[1] ?? '';
  return [...names.matchAll(/'(\w+)'/g)].map(([, name = '']) => `IMPACT-${name.toUpperCase().replaceAll('_', '-')}`);
}

/** The exit class of a code, where the source throws it in one expression. */
function thrown(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const pattern = new RegExp(`new (${Object.keys(CLASSES).join('|')})\\(\\s*\\{\\s*code: '(${CODE}|[A-Z]+)'`, 'g');
  for (const { text } of sources) {
    for (const [, kind = '', code = ''] of text.matchAll(pattern)) {
      found.set(code, (found.get(code) ?? new Set()).add(kind));
    }
  }
  return found;
}

/** Texts that say what is wrong and what to do: of a `what` or `fix`, or handed to a helper that makes a problem. */
function messagesIn(text: string): readonly string[] {
  const assigned = text.matchAll(
    /\b(?:what|fix)(?:: | = | =>\s)((?:[^;`'\n]|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\n {4,})*)/g,
  );
  const handed = text.matchAll(
    /\b(?:tell|bad|problem|refuse|silence|report|\w+Error)\(((?:[^;`']|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)*?)\);/g,
  );
  return [...assigned, ...handed].flatMap(([, expression = '']) =>
    [...expression.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(
      ([, plain, template]) => plain ?? template ?? '',
    ),
  );
}

describe('docs/errors.md', () => {
  it('has a heading for every code that can be told, and for no other', () => {
    const headings = entries.map(({ code }) => code);
    expect(headings.toSorted()).toEqual(codesInSource());
  });

  it('says of every code what it means and what to do', () => {
    const silent = entries.filter(({ body }) => !/^\S[\s\S]*[.)`]\n\n\*\*Do:\*\* \S[\s\S]*[.`:)?]$/m.test(body));
    expect(silent.map(({ code }) => code)).toEqual([]);
  });

  it('is in the order of the alphabet within each exit code', () => {
    for (const section of new Set(entries.map((entry) => entry.section))) {
      const codes = entries.filter((entry) => entry.section === section).map(({ code }) => code);
      expect(codes, section).toEqual(codes.toSorted());
    }
  });

  it('links to headings and files that exist', () => {
    const page = read('docs/errors.md');
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...page.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^https:/.test(link));
    const files = globSync('docs/*.md', { cwd: root }).map((path) => path.slice('docs/'.length));
    expect(
      links.filter((link) => !(link.startsWith('#') ? anchors.includes(link.slice(1)) : files.includes(link))),
    ).toEqual([]);
  });
});

describe('the codes of the source', () => {
  const classes = [...thrown()];

  it('are found by the pattern that looks for them', () => {
    expect(classes.length).toBeGreaterThan(80);
  });

  it.each(classes)('%s has one exit code, the one that its heading says', (code, kinds) => {
    const sections = [...kinds].map((kind) => CLASSES[kind as keyof typeof CLASSES]);
    expect(sections).toEqual([entries.find((entry) => entry.code === code)?.section]);
  });
});

describe('the texts of errors', () => {
  it('end without a full stop: whatever shows them puts it', () => {
    const stopped = sources.flatMap(({ path, text }) =>
      messagesIn(text)
        .filter((message) => /[^.…]\.$/.test(message) && !PLAN.test(message))
        .map((message) => `${path}: ${message}`),
    );
    expect(stopped).toEqual([]);
  });

  it('are found by the pattern that looks for them', () => {
    expect(messagesIn("{ what: 'it is', fix: `Do this.` }")).toEqual(['it is', 'Do this.']);
    expect(messagesIn("tell('QUOTES-INPUT', what, 'Write it.');")).toEqual(['QUOTES-INPUT', 'Write it.']);
    expect(sources.flatMap(({ text }) => messagesIn(text)).length).toBeGreaterThan(300);
  });
});
