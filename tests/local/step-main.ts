/**
 * A step that is killed in the middle. Arguments: the project folder, what to do, and what with (JSON). It says `there`
 * on standard output once it is in the middle, and then stays.
 */
import { join } from 'node:path';
import { SystemProcesses } from '../../shared/targets/local/process/processes.ts';
import { withLock } from '../../shared/targets/local/state/lock.ts';
import { LocalTarget } from '../../shared/targets/local/target.ts';
import { benchOptions, deployOptions, mark } from './bench.ts';

const [, , root = '', what = '', json = '{}'] = process.argv;
const options = benchOptions(root);
const target = new LocalTarget(options);
const given = JSON.parse(json);
const stay = () => new Promise<never>(() => setInterval(() => {}, 60_000));

switch (what) {
  case 'route':
    await target.route('production', given.weights, mark(given.promotionId, given.candidate, given.current));
    console.log('there');
    await stay();
    break;
  case 'deploy':
    await target.deploy(given.release, 'production', deployOptions({ progress: () => console.log('there') }));
    break;
  case 'lock':
    await withLock(
      join(options.stateDir, 'lock'),
      { processes: new SystemProcesses(options.exec), clock: options.clock },
      () => {
        console.log('there');
        return stay();
      },
    );
    break;
  case 'inspect':
    console.log(JSON.stringify(await target.inspect('production')));
    break;
}
