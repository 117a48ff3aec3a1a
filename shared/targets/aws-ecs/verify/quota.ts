import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { nameOf } from '../aws-error.ts';
import { type Finding, NOTHING, type Subject } from './look.ts';
import { quotaExceeded } from './problems.ts';
import type { FargateUse } from './quota-use.ts';

/** Whether the account may run as many virtual CPUs of Fargate as a deployment of this service alone needs. */
export async function checkQuota({ context, signal }: Subject, use: FargateUse): Promise<Finding> {
  const answer = await context.aws.ask(
    'the quota of Fargate',
    async (clients, options) => {
      const client = clients.other('quotas', (config) => new ServiceQuotasClient(config));
      try {
        const input = { ServiceCode: 'fargate', QuotaCode: use.code };
        return await client.send(new GetServiceQuotaCommand(input), options);
      } catch (error) {
        // Not every region has a value of its own.
        if (nameOf(error) === 'NoSuchResourceException') return undefined;
        throw error;
      }
    },
    signal,
  );
  const most = answer?.Quota?.Value;
  if (most === undefined) return NOTHING;
  if (use.steady > most || (use.needsPeak && use.peak > most))
    return { problems: [quotaExceeded(Math.max(use.steady, use.needsPeak ? use.peak : 0), most)], notes: [] };
  if (use.peak <= most) return NOTHING;
  const what = `the account may run ${most} vCPUs of Fargate at once, and ${use.peak} are wanted in the middle of a deployment`;
  return { problems: [], notes: [`${what}: it goes on as tasks end`] };
}
