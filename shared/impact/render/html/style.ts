/** Everything the page looks like: one column on a phone, quiet colours by day and by night, black on white in print. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6576; --line: #d9dee7; --paper: #fff; --panel: #f5f7fa;
  --up: #c2410c; --down: #0f766e; --none: #94a3b8; --pass: #15803d; --warn: #a16207; --fail: #b91c1c; --open: #475569; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6eaf1; --soft: #9aa5b8; --line: #333c4b; --paper: #12161d;
  --panel: #1a202a; --up: #fb923c; --down: #2dd4bf; --none: #64748b; --pass: #4ade80; --warn: #facc15; --fail: #f87171;
  --open: #94a3b8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p { margin: .4rem 0; }
.soft { color: var(--soft); }
.gist { font-size: 1.1rem; }
.verdict { display: inline-block; border-radius: .3rem; padding: 0 .5rem; color: var(--paper); }
.pass { background: var(--pass); } .warn { background: var(--warn); } .fail, .error { background: var(--fail); }
.inconclusive, .none { background: var(--open); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .6rem; margin: 1.2rem 0 0; padding: 0; }
.facts div { background: var(--panel); border-radius: .4rem; padding: .6rem .8rem; }
.facts dt { color: var(--soft); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.3rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.facts dd.same { color: inherit; }
.facts dd.soft { font-size: .85rem; font-weight: 400; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } tbody th { color: inherit; font-weight: 400; }
table.narrow { max-width: 40rem; }
td { min-width: 3.5rem; } tbody th { min-width: 9rem; }
td.number, th.number { text-align: right; }
td.number, .verdict { white-space: nowrap; }
tbody tr:last-child td, tbody tr:last-child th { border-bottom: 0; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
figure { margin: 0; } figcaption { color: var(--soft); font-size: .85rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.up { fill: var(--up); color: var(--up); } .down { fill: var(--down); color: var(--down); } .same { fill: var(--none); color: var(--none); }
.axis { stroke: var(--line); } .zero { stroke: var(--soft); }
.dot { fill-opacity: .45; } svg .title { font-size: 12px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1.5rem; }
.track { background: var(--panel); height: .7rem; min-width: 4rem; margin-top: .35rem; border-radius: .2rem; }
.bar { height: 100%; border-radius: .2rem; background: currentColor; }
li { margin: .2rem 0; }
@media (max-width: 40rem) { main { padding-top: 1rem; } .gist { font-size: 1rem; } table { font-size: .85rem; }
  th, td { padding: .3rem .4rem; } tbody th { min-width: 8rem; } td.text { min-width: 4.5rem; } .track { min-width: 2.5rem; }
  .facts { grid-template-columns: 1fr 1fr; } .facts dd { font-size: 1.1rem; } .charts { grid-template-columns: 1fr; } }
@media print { :root { color-scheme: light; } body { font-size: 10pt; } main { max-width: none; padding: 0; }
  .scroll { overflow: visible; } table { font-size: 8pt; } th, td { padding: .15rem .3rem; } td, tbody th { min-width: 0; }
  .track { min-width: 2rem; } .facts { grid-template-columns: repeat(3, 1fr); } .facts dd { font-size: 1.1rem; }
  h2 { break-after: avoid; } table, figure, .facts { break-inside: avoid; } tr { break-inside: avoid; }
  .verdict, .bar, svg, .facts div, .track { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
