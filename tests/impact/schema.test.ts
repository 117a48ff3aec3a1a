import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { encodeImpact } from '../../shared/impact/report/codec.ts';
import { withoutExpectedBaseline } from '../../shared/impact/report/require-baseline.ts';
import { analysisOf, answer, motorBook, reportOf } from './make-book.ts';

const file = resolve(import.meta.dirname, '../../docs/schemas/haute.impact-1.schema.json');
const schema = JSON.parse(readFileSync(file, 'utf8')) as { readonly $id: string };
const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

const book = motorBook(2_000, 3, ({ region }) => (region === 'Wales' ? 9 : 1));
const rows = [{ quote_id: 1 }, { quote_id: 2 }];
const compared = reportOf(book);
const alone = analysisOf([{ rows, staging: rows.map((row) => answer(row, 250)), production: undefined }]);

describe('the published schema', () => {
  it.each([
    ['a comparison', compared],
    ['a sample', reportOf(book, { sampledFrom: 50_000 })],
    ['weights', reportOf(book, { policy: { weight: 'vehicle_value' } })],
    ['no baseline', alone],
    ['a baseline that is missing', withoutExpectedBaseline(alone, 'It answers 404.')],
    ['failures', reportOf(book.map((quote, id) => (id % 9 ? quote : { ...quote, staging: '422 no' })))],
    ['nothing', reportOf([])],
  ])('takes the report of %s', (_, report) => {
    validate(JSON.parse(encodeImpact(report)));
    expect(validate.errors).toBeNull();
  });

  it('is the one that a report names', () => {
    expect(compared.$schema).toBe(schema.$id);
  });

  it.each<[string, object]>([
    ['a field that it does not know', { ...compared, premuim: 'x' }],
    ['a report without its rows', { ...compared, rows: undefined }],
    ['another version', { ...compared, schema: 'haute.impact/2' }],
    ['a digest that is none', withDigest('sha256:1')],
  ])('refuses %s', (_, report) => {
    expect(validate(JSON.parse(JSON.stringify(report)))).toBe(false);
  });

  function withDigest(digest: string): object {
    const dataset = { path: 'p', files: [{ path: 'p', bytes: 1, digest }] };
    return { ...compared, subject: { ...compared.subject, dataset } };
  }
});
