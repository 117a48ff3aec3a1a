import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Finding, orNote, type Subject, together } from './look.ts';
import { secretMissing } from './problems.ts';
import { checkKey } from './secret-keys.ts';
import type { ParameterReference } from './secret-references.ts';

/** Names that one question of AWS may have. */
const MOST_NAMES = 50;

/** Parameters that are not there, so that no task would start. What they are is described, and no value is read. */
export async function checkParameters(subject: Subject, parameters: readonly ParameterReference[]): Promise<Finding> {
  const own = subject.service.serviceArn?.split(':')[4];
  const [foreign, ours] = split(parameters, ({ account }) => account !== undefined && account !== own);
  const regions = [...new Set(ours.map(({ region }) => region))];
  const found = regions.map((region) =>
    orNote('the parameters of Systems Manager', subject.signal, (signal) =>
      checkRegion(
        { ...subject, signal },
        region,
        ours.filter((each) => each.region === region),
      ),
    ),
  );
  const notes = foreign.map(({ names: [name] }) => `the parameter ${name} is another account’s, and is not looked at`);
  return together([{ problems: [], notes }, ...(await Promise.all(found))]);
}

async function checkRegion(
  subject: Subject,
  region: string,
  parameters: readonly ParameterReference[],
): Promise<Finding> {
  const { context, service, signal } = subject;
  const names = parameters.flatMap((each) => each.names);
  const known = new Map<string, string | undefined>();
  for (let from = 0; from < names.length; from += MOST_NAMES) {
    const Values = names.slice(from, from + MOST_NAMES);
    let NextToken: string | undefined;
    do {
      const answer = await context.aws.ask(
        'the parameters of the task definition',
        (clients, options) => {
          const client = clients.other(`ssm ${region}`, (config) => new SSMClient({ ...config, region }));
          const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values }];
          const input = { ParameterFilters, MaxResults: MOST_NAMES, ...(NextToken && { NextToken }) };
          return client.send(new DescribeParametersCommand(input), options);
        },
        signal,
      );
      for (const { Name = '', KeyId } of answer.Parameters ?? []) known.set(Name, KeyId);
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
  }
  const missing = parameters.filter((each) => !each.names.some((name) => known.has(name)));
  const account = service.serviceArn?.split(':')[4] ?? '';
  const keys = [...known].map(([name, key]) =>
    checkKey(subject, { what: `the parameter ${name}`, key, region, account, via: 'ssm' }),
  );
  const problems = missing.map(({ names: [name] }) => secretMissing(`the parameter ${name} is not there in ${region}`));
  return together([{ problems, notes: [] }, ...(await Promise.all(keys))]);
}

function split<T>(all: readonly T[], test: (each: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(test), all.filter((each) => !test(each))];
}
