import { describe, expect, it } from 'vitest';
import { messageOf, ProviderError } from '../../errors.ts';
import { givenCredentials, roleCredentials, roleOf, sessionNameOf } from './credentials.ts';

const MINUTE = 60_000;
const NEVER = new AbortController().signal;

/** @param tokenEndsAt until when the job's only token is good; undefined where it gets others */
function scene(tokenEndsAt?: number) {
  let now = 0;
  let taken = 0;
  let fails = false;
  const get = roleCredentials({
    roleArn: 'arn:aws:iam::123456789012:role/ci',
    region: 'eu-west-1',
    session: 'motor pricing',
    sessionMs: 60 * MINUTE,
    clock: { now: () => now },
    federation: {
      async aws() {
        taken += 1;
        if (fails || now >= (tokenEndsAt ?? now + 1)) throw new Error('denied');
        const keys = { accessKeyId: `key ${taken}`, secretAccessKey: 's', sessionToken: 't' };
        return { ...keys, expiresAt: now + 60 * MINUTE, ...(tokenEndsAt !== undefined && { tokenEndsAt }) };
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

  it('are taken once more before the only token of the job runs out, and then last as long as they can', async () => {
    const { get, pass, taken } = scene(40 * MINUTE);
    expect((await get()).expiration).toEqual(new Date(40 * MINUTE));
    pass(36 * MINUTE);
    expect(await get()).toMatchObject({ accessKeyId: 'key 2', expiration: new Date(96 * MINUTE) });
    pass(54 * MINUTE);
    expect(await get()).toMatchObject({ accessKeyId: 'key 2' });
    expect(taken()).toBe(2);
    pass(5 * MINUTE);
    const over: unknown = await get().catch((error: unknown) => error);
    expect(over).toBeInstanceOf(ProviderError);
    expect(messageOf(over)).toMatch(/cannot be taken again: denied.*AWS-ROLE-NOT-RENEWED.*role_session.*cancel/);
  });

  it('are used to their end when they cannot be taken once more', async () => {
    const { get, pass, fail } = scene(40 * MINUTE);
    await get();
    pass(36 * MINUTE);
    fail(true);
    expect(await get()).toMatchObject({ accessKeyId: 'key 1', expiration: new Date(60 * MINUTE) });
  });

  it('are no longer than the role gives, and say so', async () => {
    const federation = {
      aws: async () => {
        throw new Error('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
      },
    };
    const long = { roleArn: 'r', region: 'e', session: 'm', sessionMs: 240 * MINUTE, clock: { now: () => 0 } };
    const refused: unknown = await roleCredentials({ ...long, federation })(NEVER).catch((error: unknown) => error);
    expect(messageOf(refused)).toMatch(/no sessions of 240 minutes.*AWS-ROLE-SESSION.*role_session/);
  });

  it('cannot be had without a token of the job, and say so', async () => {
    const none = {
      roleArn: 'r',
      region: 'e',
      session: 'm',
      sessionMs: 60 * MINUTE,
      federation: undefined,
      clock: { now: () => 0 },
    };
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
