import type { ImpactJson } from '../report/impact-json.ts';
import { GATE_TITLES } from './content/gates.ts';
import { html, type Markup, shortText } from './html/markup.ts';

/**
 * The gates as test cases, for hosts that show test results: a gate that fails is a failure, one that cannot tell is an
 * error, a warning is a note of a case that passes.
 * @see https://github.com/testmoapp/junitxml
 */
export function renderJunit({ gates }: ImpactJson): string {
  const failures = gates.filter(({ verdict }) => verdict === 'fail').length;
  const errors = gates.filter(({ verdict }) => verdict === 'inconclusive').length;
  return html`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="price impact" tests="${gates.length}" failures="${failures}" errors="${errors}">
${gates.map(testCase)}</testsuite>
</testsuites>
`.text;
}

function testCase({ name, verdict, reason }: ImpactJson['gates'][number]): Markup {
  const why = shortText(reason, 1_000);
  const open = html`<testcase classname="impact" name="${GATE_TITLES[name]}">`;
  if (verdict === 'fail') return html`${open}<failure message="${why}"/></testcase>\n`;
  if (verdict === 'inconclusive') return html`${open}<error message="${why}"/></testcase>\n`;
  return html`${open}<system-out>${verdict}: ${why}</system-out></testcase>\n`;
}
