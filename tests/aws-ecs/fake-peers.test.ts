import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { furnish } from '../fakes/aws/account.ts';
import { FakeAws } from '../fakes/aws/fake-aws.ts';
import { OPERATIONS, readModel, type ServiceId } from '../fakes/aws/models/model.ts';
import { extractOf } from '../fakes/aws/models/write.ts';
import { startMoto } from '../portfolio/emulators.ts';
import { toolOrSkip } from '../tools/install.ts';

const boto3 = toolOrSkip('boto3-1.44.5');
const moto = toolOrSkip('moto-5.2.5');

describe.skipIf(boto3 === undefined)('beside what AWS publishes for Python', { timeout: 240_000 }, () => {
  test.each(Object.keys(OPERATIONS) as ServiceId[])('the model of %s is the one that is kept here', (service) => {
    expect(readModel(service)).toEqual(JSON.parse(JSON.stringify(extractOf(service, boto3 ?? ''))));
  });

  test('boto3 and its waiter understand the fake as they understand AWS', async () => {
    const aws = new FakeAws();
    aws.passPerCallMs = 20_000;
    await aws.start();
    const { taskDefinition, balancer } = furnish(aws.world);
    const script = [
      'import boto3, json',
      'ecs, elb, sts = (boto3.client(name) for name in ("ecs", "elbv2", "sts"))',
      'where = dict(cluster="pricing", service="motor-pricing")',
      `ecs.update_service(**where, taskDefinition=${JSON.stringify(taskDefinition.arn)}, forceNewDeployment=True)`,
      'wait = dict(Delay=0, MaxAttempts=40)',
      'ecs.get_waiter("services_stable").wait(cluster="pricing", services=["motor-pricing"], WaiterConfig=wait)',
      'newest = ecs.list_service_deployments(**where)["serviceDeployments"][0]["serviceDeploymentArn"]',
      'deployment = ecs.describe_service_deployments(serviceDeploymentArns=[newest])["serviceDeployments"][0]',
      `rules = elb.describe_rules(ListenerArn=${JSON.stringify(balancer.production.arn)})["Rules"]`,
      'try: ecs.describe_services(cluster="none", services=["motor-pricing"])',
      'except ecs.exceptions.ClusterNotFoundException as error: refused = error.response["Error"]["Code"]',
      'found = dict(status=deployment["status"], priorities=[rule["Priority"] for rule in rules])',
      'print(json.dumps(dict(found, refused=refused, account=sts.get_caller_identity()["Account"])))',
    ].join('\n');
    const env = { ...process.env, ...aws.env, PYTHONPATH: dirname(dirname(boto3 ?? '')) };
    const { stdout } = await promisify(execFile)('python3', ['-c', script], { env, timeout: 120_000 });
    await aws.stop();
    expect(JSON.parse(stdout)).toEqual({
      status: 'SUCCESSFUL',
      priorities: ['10', 'default'],
      refused: 'ClusterNotFoundException',
      account: '123456789012',
    });
    expect(aws.violations).toEqual([]);
  });

  /** What AWS refuses and moto takes. */
  const STRICT = {
    'weight over 999': 'ValidationError',
    'Fargate without memory': 'ClientException',
    'scaling policy without a target': 'ObjectNotFoundException',
  };

  test.skipIf(moto === undefined)('moto answers as the fake does where it answers as AWS', async () => {
    const emulator = await startMoto(moto ?? '');
    const aws = new FakeAws();
    await aws.start();
    try {
      const { arn: balancer, production, productionRule, blue, green } = furnish(aws.world).balancer;
      const place = { balancer, listener: production.arn, rule: productionRule.arn, groups: [blue.arn, green.arn] };
      const theirs = await opinion(emulator.url);
      expect(await opinion(aws.url, JSON.stringify(place))).toEqual({ ...theirs, ...STRICT });
      expect(aws.violations).toEqual([]);
    } finally {
      await emulator.stop();
      await aws.stop();
    }
  });

  async function opinion(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const env = { ...process.env, PYTHONPATH: dirname(dirname(boto3 ?? '')) };
    const script = join(import.meta.dirname, 'second-opinion.py');
    const { stdout } = await promisify(execFile)('python3', [script, ...args], { env, timeout: 120_000 });
    return JSON.parse(stdout);
  }
});
