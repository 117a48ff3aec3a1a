/** A gateway as the composition root starts it, with the stand-in's packages. Argument: the state folder. */
import { DiskFiles } from '../../shared/io/disk-files.ts';
import { NodeExec } from '../../shared/io/node-exec.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import { runGateway } from '../../shared/targets/local/gateway/run.ts';
import { openStandIn } from './stand-in-package.ts';

const [, , stateDir = ''] = process.argv;
const end = new AbortController();
process.on('SIGTERM', () => end.abort());
await runGateway({
  stateDir,
  exec: new NodeExec(new Redactor()),
  files: new DiskFiles(),
  clock: new SystemClock(),
  openPackage: openStandIn,
  note: (line) => console.log(`${new Date().toISOString()} ${line}`),
  signal: end.signal,
});
