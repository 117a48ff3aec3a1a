/**
 * The demo: a motor pricing team's rate changes on this machine, from commit to production and back.
 * `npm run demo` tells the story; `npm run demo -- --down` ends what it left running and removes its folder.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Seen, underLoad } from './load.ts';
import { runStep, type StepRun, type Watcher } from './run-step.ts';
import {
  applyVersion,
  bundle,
  head,
  makeWorkplace,
  project,
  removeWorkplace,
  restore,
  workplaceExists,
} from './workplace.ts';

const APPROVERS = ['--approve', 'head-of-pricing', '--approve', 'lead-actuary'];

function down(): void {
  if (!workplaceExists()) {
    say('Nothing of the demo is here.');
    return;
  }
  const stop = spawnSync(process.execPath, [bundle, 'local', 'stop', '--project', project, '--purge'], {
    stdio: 'inherit',
  });
  if (stop.status !== 0) throw new Error('not everything could be ended; see above');
  removeWorkplace();
  say('Ended and removed.');
}

async function demo(): Promise<void> {
  if (workplaceExists()) down();
  makeWorkplace();
  chapter("Set-up: last year's rates are validated, in a scoring runtime of their own that is made first");
  const setUp = await expectStep('validate', 0);
  say(`Set up in ${setUp.seconds.toFixed(0)} s.`);
  const startedAt = performance.now();

  chapter("Last year's rates, to production for the first time");
  const url = await firstRelease();

  chapter("This year's rates: a canary that is cancelled half-way, then promoted");
  const lastYear = head();
  applyVersion('v2', 'rates of this year');
  await upToImpact();
  const cancelled = await underLoad(url, () =>
    expectStep('approve-promote', 130, [...APPROVERS, '--ramp', '8s'], cancelAt(40)),
  );
  tell('while the canary was cancelled', cancelled.seen);
  const promoted = await underLoad(url, () => expectStep('approve-promote', 0, [...APPROVERS, '--ramp', '5s']));
  tell('during the promotion', promoted.seen);

  chapter('A version with right premiums that answers too slowly: the smoke test stops it');
  applyVersion('broken', 'join the postcode file in Python');
  for (const step of ['validate', 'build-push', 'deploy-staging']) await expectStep(step, 0);
  await expectStep('smoke-test', 1);

  chapter('A rate change beyond what was agreed: the impact gate stops it');
  restore(lastYear, "start again from last year's rates");
  applyVersion('too-dear', 'all rates up');
  for (const step of ['validate', 'build-push', 'deploy-staging', 'smoke-test']) await expectStep(step, 0);
  await expectStep('impact-report', 1);
  await expectStep('approve-promote', 1, APPROVERS);

  chapter("Rollback, under load: back to last year's rates");
  const back = await underLoad(url, () => expectStep('rollback', 0, ['--reason', 'the market did not follow']));
  tell('during the rollback', back.seen);

  chapter('The end');
  say(`Told in ${((performance.now() - startedAt) / 1000).toFixed(0)} s after set-up.`);
  say(`Reports:        ${join(project, '.haute', 'impact')}`);
  say(`Summaries:      ${join(project, '.haute', 'summary')}`);
  say(`Production:     ${url}`);
  spawnSync(process.execPath, [bundle, 'local', 'status', '--project', project], { stdio: 'inherit' });
  say('These servers go on running. To end them: npm run demo -- --down');
}

async function firstRelease(): Promise<string> {
  for (const step of ['build-push', 'deploy-staging', 'smoke-test', 'impact-report']) await expectStep(step, 0);
  const promoted = await expectStep('approve-promote', 0, APPROVERS);
  const url = promoted.outputs.url;
  if (!url) throw new Error('approve-promote named no address');
  return url;
}

async function upToImpact(): Promise<void> {
  for (const step of ['validate', 'build-push', 'deploy-staging', 'smoke-test', 'impact-report'])
    await expectStep(step, 0);
}

/** Runs a step and stops the demo when it does not end as the story says. */
async function expectStep(
  step: string,
  code: number,
  flags: readonly string[] = [],
  watch?: Watcher,
): Promise<StepRun> {
  process.stdout.write(`\n  $ haute-ci ${[step, ...flags].join(' ')}\n`);
  const run = await runStep(step, flags, watch);
  process.stdout.write(`  = ${run.result}, exit ${run.code}, ${run.seconds.toFixed(1)} s\n`);
  if (run.code !== code) throw new Error(`${step} ended with exit code ${run.code}, and the story wants ${code}`);
  return run;
}

/** Sends SIGINT when the traffic of the candidate has reached this percent. */
function cancelAt(percent: number): Watcher {
  return (line, kill) => {
    if (line.includes(`on the candidate: ${percent} %`)) kill('SIGINT');
  };
}

function tell(when: string, seen: Seen): void {
  const shares = Object.entries(seen.byRelease).map(([release, count]) => `${count} by ${release}`);
  say(`Callers ${when}: ${seen.answers} answers (${shares.join(', ')}), ${seen.failures.length} failures.`);
  if (seen.failures.length > 0) throw new Error(`production failed its callers: ${seen.failures[0]}`);
}

function chapter(title: string): void {
  process.stdout.write(`\n━━ ${title} ${'━'.repeat(Math.max(0, 100 - title.length))}\n`);
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}

try {
  if (process.argv.includes('--down')) down();
  else await demo();
} catch (error) {
  say(`The demo stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
