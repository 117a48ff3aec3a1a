import type { Problem } from '../../../errors.ts';

/** What keeps a release from being deployed, each worded once. */

export function imageMissing(image: string, where: string): Problem {
  return {
    code: 'ECS-IMAGE-MISSING',
    what: `the image ${image} is not in ${where}`,
    fix: 'Run build-push for this release, and look whether registry in haute.toml has the account and the region that the service pulls from',
  };
}

export function wrongArchitecture(image: string, wanted: string, has: readonly string[]): Problem {
  return {
    code: 'ECS-IMAGE-ARCHITECTURE',
    what: `the image ${image} is for ${has.join(', ') || 'no platform that is known'}, and the task runs on ${wanted}`,
    fix: `Build it for ${wanted}: the platforms input of build-push`,
  };
}

export function loadBalancerWrong(what: string, fix: string): Problem {
  return { code: 'ECS-LOAD-BALANCER', what, fix };
}

export function logGroupMissing(group: string, region: string): Problem {
  return {
    code: 'ECS-LOG-GROUP-MISSING',
    what: `the log group ${group}, which the task definition names, is not there in ${region}: no task would start`,
    fix: 'Create it, or set awslogs-create-group in the log options of the container',
  };
}

export function secretMissing(what: string): Problem {
  return {
    code: 'ECS-SECRET-MISSING',
    what: `${what}, and the task definition refers to it: no task would start`,
    fix: 'Create it or give it a value, or correct the reference in the task definition that the service runs',
  };
}

export function roleMissing(what: string): Problem {
  return {
    code: 'ECS-ROLE-MISSING',
    what: `${what}, so that AWS cannot take it`,
    fix: 'Create it in the account of the service, or name another one in the task definition that the service runs',
  };
}

export function roleUntrusted(role: string, taker: string, why: string): Problem {
  return {
    code: 'ECS-ROLE-UNTRUSTED',
    what: `the ${role} cannot be taken by ${taker}: ${why}`,
    fix: `Let the trust policy of the role allow sts:AssumeRole to ${taker}`,
  };
}

export function roleNotPassed(role: string, self: string): Problem {
  return {
    code: 'ECS-ROLE-NOT-PASSED',
    what: `${self} may not pass the role ${role} to ECS tasks, by IAM’s own simulation, so that AWS would refuse the task definition`,
    fix: `Allow iam:PassRole on ${role} in the IAM policy of ${self}, with the condition that it is passed to ecs-tasks.amazonaws.com; docs/aws-ecs.md has the whole policy`,
  };
}

export function quotaExceeded(needed: number, most: number): Problem {
  return {
    code: 'ECS-QUOTA',
    what: `the account may run ${most} vCPUs of Fargate at once, and a deployment of this service alone needs ${needed}`,
    fix: 'Ask for a higher quota in Service Quotas (AWS Fargate), or give the service fewer or smaller tasks',
  };
}

export function tagsFull(service: string, others: number, room: number): Problem {
  return {
    code: 'ECS-TAGS-FULL',
    what: `the service ${service} has ${others} tags of others, and AWS takes 50 in all: what is promoted and who promotes is kept in tags`,
    fix: `Leave at most ${room} tags of your own at the service`,
  };
}
