import { AwsError } from '../aws-error.ts';
import type { Handlers } from '../handler.ts';

export const quotaHandlers: Handlers = {
  GetServiceQuota(world, { ServiceCode, QuotaCode }) {
    const value = world.quotas.get(`${ServiceCode}/${QuotaCode}`);
    if (value === undefined) throw new AwsError('NoSuchResourceException', 'The specified resource does not exist.');
    return {
      Quota: { ServiceCode, QuotaCode, Value: value, Unit: 'None', Adjustable: true, GlobalQuota: false },
    };
  },
};
