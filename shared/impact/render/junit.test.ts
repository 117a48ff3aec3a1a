import { describe, expect, it } from 'vitest';
import { motorBook, reportOf } from '../../../tests/impact/make-book.ts';
import { renderJunit } from './junit.ts';

describe('the gates as test cases', () => {
  const xml = renderJunit(
    reportOf(
      motorBook(1_000, 1, () => 4),
      { policy: { weight: 'vehicle_value', quotability: { warn: undefined, fail: undefined } } },
    ),
  );

  it('count what fails and what cannot tell', () => {
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites>\n<testsuite name="price impact" tests="5" failures="1" errors="0">/,
    );
  });

  it('say why', () => {
    expect(xml).toContain(
      '<testcase classname="impact" name="Change of total premium"><failure message="The change of the total premium is 4%, beyond the 3% that fails."/></testcase>',
    );
    expect(xml).toContain(
      '<testcase classname="impact" name="Mean change"><system-out>warn: The mean change of the premium (weighted by vehicle_value) is 4%, beyond the 1% that warns.</system-out></testcase>',
    );
  });

  it('are errors where too little was scored', () => {
    const none = renderJunit(reportOf([{ row: { quote_id: 1 }, production: 'no & <no>', staging: 'no' }]));
    expect(none).toMatch(/errors="[1-5]"/);
    expect(none).toContain('<testcase classname="impact" name="Rows scored"><error message="Too little');
  });
});
