/**
 * The least that any program must do: read the rows, post them to both addresses, take the answers in. Nothing is
 * parsed, paired or worked out. Usage: node run-bare.ts <portfolio> <staging> <production> <rows a request>
 */
import { basename, dirname } from 'node:path';
import { Pool } from 'undici';
import { FilePortfolios } from '../../../shared/portfolio/file-portfolios.ts';
import { RowEncoder } from '../../../shared/scoring/row-encoder.ts';
import { RowSource } from '../../../shared/scoring/row-source.ts';
import { peakMb } from './peak-mb.ts';

const [portfolioPath = '', staging = '', production = '', size = '2500'] = process.argv.slice(2);
const { signal } = new AbortController();
const startedMs = performance.now();
const request = { root: dirname(portfolioPath), dataset: basename(portfolioPath), key: 'quote_id' };
const portfolio = await new FilePortfolios().open(request, signal);
const source = new RowSource(portfolio.rows({ signal }));
const encoder = new RowEncoder();
const pools = [staging, production].map((url) => new Pool(url, { headersTimeout: 0, bodyTimeout: 0 }));
const headers = { 'content-type': 'application/json', accept: 'application/x-ndjson, application/json;q=0.5' };
let rows = 0;

async function post(): Promise<void> {
  for (;;) {
    const batch = await source.take(Number(size));
    if (batch.length === 0) return;
    rows += batch.length;
    const body = encoder.encode(batch, { before: '', after: '' });
    await Promise.all(
      pools.map(async (pool) => {
        const answer = await pool.request({ path: '/quote', method: 'POST', headers, body });
        if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}`);
        await answer.body.arrayBuffer();
      }),
    );
  }
}

await post();
for (const pool of pools) await pool.close();
const seconds = (performance.now() - startedMs) / 1000;
const { user, system } = process.cpuUsage();
process.stdout.write(`${JSON.stringify({ rows, seconds, cpuSeconds: (user + system) / 1e6, peakMb: peakMb() })}\n`);
