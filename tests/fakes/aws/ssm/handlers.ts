import type { Handlers } from '../handler.ts';

export const ssmHandlers: Handlers = {
  DescribeParameters(world, { ParameterFilters = [] }) {
    const filters = ParameterFilters as readonly { Key: string; Option?: string; Values?: readonly string[] }[];
    const found = [...world.parameters].filter(([name]) =>
      filters.every(({ Key, Values = [] }) => Key !== 'Name' || Values.includes(name)),
    );
    return {
      Parameters: found.map(([Name, KeyId]) => ({ Name, KeyId, Type: 'SecureString', Tier: 'Standard', Version: 1 })),
    };
  },
};
