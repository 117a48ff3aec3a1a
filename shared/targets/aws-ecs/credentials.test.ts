import { describe, expect, it } from 'vitest';
import { messageOf } from '../../errors.ts';
import { givenCredentials, roleCredentials, roleOf, sessionNameOf } from './credentials.ts';

const MINUTE = 60_000;
const NEVER = new AbortController().signal;

function scene() {
  let now = 0;
  let taken = 0;
  let fails = false;
  const get = roleCredentials({
    roleArn: 'arn:aws:iam::123456789012:role/ci',
    region: 'eu-west-1',
    session: 'motor pricing',
    clock: { now: () => now },
    federation: {
      async aws() {
        taken += 1;
        if (fails) throw new Error('denied');
        return { accessKeyId: `key ${taken}`, secretAccessKey: 's', sessionToken: 't', expiresAt: now + 60 * MINUTE };
      },
    },
  });
  return {
    get: () => get(NEVER),
    pass(ms: number) {
      now += ms;
    },
    fail(yes: boolean) {
      fails = yes;
    },
    taken: () => taken,
  };
}

describe('credentials of a role', () => {
  it('are taken once for all clients that ask at the same time', async () => {
    const { get, taken } = scene();
    const all = await Promise.all([get(), get(), get()]);
    expect(new Set(all.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    expect(taken()).toBe(1);
  });

  it('are taken anew before they run out', async () => {
    const { get, pass, taken } = scene();
    await get();
    pass(54 * MINUTE);
    await get();
    expect(taken()).toBe(1);
    pass(2 * MINUTE);
    expect((await get()).accessKeyId).toBe('key 2');
  });

  it('are asked for again after a refusal', async () => {
    const { get, fail, taken } = scene();
    fail(true);
    await expect(get()).rejects.toThrow('denied');
    fail(false);
    await get();
    expect(taken()).toBe(2);
  });

  it('cannot be had without a token of the job, and say so', async () => {
    const none = { roleArn: 'r', region: 'e', session: 'm', federation: undefined, clock: { now: () => 0 } };
    const refused: unknown = await roleCredentials(none)(NEVER).catch((error: unknown) => error);
    expect(messageOf(refused)).toMatch(/AWS-ROLE-WITHOUT-TOKEN/);
  });
});

it.each([
  [
    'both halves',
    { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' },
    { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' },
  ],
  ['no session', { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }, { accessKeyId: 'a', secretAccessKey: 'b' }],
  ['half of them, which are none', { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: '' }, undefined],
])('are taken from variables: %s', async (_what, env, expected) => {
  expect(await givenCredentials(env)?.(NEVER)).toEqual(expected);
});

it.each([
  ['the job, before the policy', 'of-all', { AWS_ROLE_ARN: 'own' }, 'own'],
  ['the policy, where the job names none', 'of-all', { AWS_ROLE_ARN: '' }, 'of-all'],
  ['nobody', undefined, {}, undefined],
  ['the policy, where the job’s comes with a token file', 'of-all', file(), 'of-all'],
  ['nobody, where the job has keys', undefined, { AWS_ROLE_ARN: 'own', AWS_ACCESS_KEY_ID: 'a' }, undefined],
])('the role is the one of %s', (_whose, policy, env, expected) => {
  const federation = { aws: () => Promise.reject(new Error('nobody asks')) };
  expect(roleOf(policy, env as Record<string, string>, federation)).toBe(expected);
});

it('leaves the role that is named to the SDK where there is no token of a job', () => {
  expect(roleOf(undefined, { AWS_ROLE_ARN: 'own' }, undefined)).toBeUndefined();
});

function file(): Readonly<Record<string, string>> {
  return { AWS_ROLE_ARN: 'own', AWS_WEB_IDENTITY_TOKEN_FILE: '/run/token' };
}

it('names a session in characters that AWS takes', () => {
  expect(sessionNameOf(`motor pricing/${'x'.repeat(100)}`)).toMatch(/^[\w+=,.@-]{2,64}$/);
});
