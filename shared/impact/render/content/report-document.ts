import type { ImpactJson } from '../../report/impact-json.ts';
import type { Document, Section } from '../document.ts';
import { bandsSection, chartSection } from './bands.ts';
import { failuresSection, notesSection } from './data.ts';
import { driftSection } from './drift.ts';
import { figuresSection, filingSection } from './figures.ts';
import { gatesSection } from './gates.ts';
import { gistOf, subjectOf } from './gist.ts';
import { methodSection } from './method.ts';
import { quotabilitySection } from './quotability.ts';
import { breakdownsSection, segmentsSection } from './segments.ts';

/** What the report says, from the most important to the least; how it is written down is decided elsewhere. */
export function reportDocument(report: ImpactJson): Document {
  const sections: readonly (Section | undefined)[] = [
    gatesSection(report),
    segmentsSection(report),
    chartSection(report),
    figuresSection(report),
    bandsSection(report),
    quotabilitySection(report),
    notesSection(report),
    failuresSection(report),
    filingSection(report),
    driftSection(report),
    breakdownsSection(report),
    methodSection(report),
  ];
  return {
    title: 'Price impact',
    verdict: report.verdict,
    subject: subjectOf(report),
    gist: gistOf(report),
    sections: sections.filter((section) => section !== undefined),
  };
}
