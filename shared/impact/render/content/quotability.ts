import type { ImpactJson } from '../../report/impact-json.ts';
import { type Inline, type Phrase, quotes, type Section } from '../document.ts';
import { count } from '../format.ts';

const STATES = ['quoted', 'declined', 'error'] as const;

/** Who gets a quote, before and now. */
export function quotabilitySection({ quotability, baseline }: ImpactJson): Section | undefined {
  if (baseline === 'none') return undefined;
  const { transitions } = quotability;
  const cell = (before: string, now: string): string =>
    count(transitions.find(({ production, staging }) => production === before && staging === now)?.rows ?? 0);
  const rows = STATES.map((before): readonly Phrase[] => [
    `${before} before`,
    ...STATES.map((now) => cell(before, now)),
  ]);
  const moved = transitions
    .filter(({ production, staging, rows: moving }) => production !== staging && moving > 0)
    .map(({ production, staging, rows: moving, examples }): readonly Inline[] => [
      `${count(moving)} ${production} before, ${staging} now: `,
      ...quotes(examples),
      ...(moving > examples.length ? [', …'] : []),
    ]);
  const head = ['', ...STATES.map((state) => `${state} now`)];
  return {
    title: 'Who gets a quote',
    blocks: [{ table: { head, align: 'lrrr', rows } }, ...(moved.length > 0 ? [{ list: moved }] : [])],
  };
}
