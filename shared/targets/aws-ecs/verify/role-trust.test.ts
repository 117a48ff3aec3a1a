import { describe, expect, it } from 'vitest';
import { judgeTrust } from './role-trust.ts';

const PLACE = { service: 'ecs-tasks.amazonaws.com', account: '123456789012', region: 'eu-west-1' };
const TASKS = { Service: PLACE.service };

function judge(...statements: readonly object[]): string {
  const trust = judgeTrust(JSON.stringify({ Version: '2012-10-17', Statement: statements }), PLACE);
  return trust.trusts ? `trusts ${trust.unjudged.join(' ')}`.trim() : trust.why;
}

function allow(more: object = {}): object {
  return { Effect: 'Allow', Principal: TASKS, Action: 'sts:AssumeRole', ...more };
}

describe('a trust policy', () => {
  it.each<[string, object, string]>([
    ['names the service', {}, 'trusts'],
    ['names it among others', { Principal: { Service: ['ec2.amazonaws.com', PLACE.service] } }, 'trusts'],
    ['names it as China does', { Principal: { Service: `${PLACE.service}.cn` } }, 'trusts'],
    ['names everybody', { Principal: '*' }, 'trusts'],
    ['allows every action of STS', { Action: ['sts:TagSession', 'sts:*'] }, 'trusts'],
    [
      'names another service',
      { Principal: { Service: 'ecs.amazonaws.com' } },
      'its trust policy does not name ecs-tasks.amazonaws.com',
    ],
    [
      'names an account',
      { Principal: { AWS: '123456789012' } },
      'its trust policy does not name ecs-tasks.amazonaws.com',
    ],
    ['allows another action', { Action: 'sts:TagSession' }, 'its trust policy does not name ecs-tasks.amazonaws.com'],
    ['is for this account', { Condition: { StringEquals: { 'aws:SourceAccount': PLACE.account } } }, 'trusts'],
    [
      'is for what runs here',
      { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:eu-west-1:123456789012:*' } } },
      'trusts',
    ],
    [
      'is for another region',
      { Condition: { ArnLike: { 'AWS:SourceArn': ['arn:aws:ecs:us-east-1:123456789012:*'] } } },
      'its trust policy trusts ecs-tasks.amazonaws.com only where AWS:SourceArn is arn:aws:ecs:us-east-1:123456789012:*',
    ],
    [
      'has a condition that is not known here',
      { Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
      'trusts aws:SecureTransport',
    ],
    [
      'says otherwise than equal',
      { Condition: { StringNotEquals: { 'aws:SourceAccount': '1' } } },
      'trusts aws:SourceAccount',
    ],
  ])('that %s', (_what, more, expected) => {
    expect(judge(allow(more))).toBe(expected);
  });

  it('is judged by the statement that fits best', () => {
    const strange = allow({ Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } });
    expect(judge(strange, allow())).toBe('trusts');
  });

  it('denies what it allows elsewhere', () => {
    expect(judge(allow(), { ...allow(), Effect: 'Deny' })).toBe('its trust policy denies ecs-tasks.amazonaws.com');
  });
});
