import { expect, it } from 'vitest';
import { messageOf } from '../../errors.ts';
import { refusalError } from './refusal.ts';

it.each([
  [
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    /Allow what a push needs on team\/motor in the IAM policy.*aws-ecs-iam/,
  ],
  ['ghcr.io', /Give it the permission to push team\/motor/],
])('a push that %s denies without a word is told with what to allow', (registry, says) => {
  const refusal = { status: 403, said: { codes: [], text: '' }, login: 'AWS', isKnown: true } as const;
  const wish = { name: { registry, repository: 'team/motor' }, action: 'push' } as const;
  const error = refusalError({ ...refusal, ...wish, requestId: undefined, retryAfterMs: undefined } as never);
  expect(messageOf(error)).toMatch(says);
});
