import type { ServerResponse } from 'node:http';

/** An answer that the gateway gives itself. */
export interface Refusal {
  readonly status: number;
  /** As the engine's own error bodies carry it. */
  readonly errorCode: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

export const NOT_FOUND: Refusal = {
  status: 404,
  errorCode: 'NOT_FOUND',
  detail: 'There is no such deployment here. Its address is /deployments/<id>.',
};

export function notDeployed(environment: string): Refusal {
  return {
    status: 404,
    errorCode: 'ENVIRONMENT_NOT_DEPLOYED',
    detail: `Nothing serves the environment ${environment} yet.`,
  };
}

export function inactive(deploymentId: string): Refusal {
  return { status: 404, errorCode: 'DEPLOYMENT_INACTIVE', detail: `The deployment ${deploymentId} is turned off.` };
}

export function notReady(deploymentId: string): Refusal {
  return {
    status: 503,
    errorCode: 'DEPLOYMENT_NOT_READY',
    detail: `The deployment ${deploymentId} does not start. Its log says why.`,
    retryAfterSeconds: 5,
  };
}

export function lost(deploymentId: string, why: string): Refusal {
  return {
    status: 502,
    errorCode: 'DEPLOYMENT_LOST_REQUEST',
    detail: `The deployment ${deploymentId} did not answer: ${why}.`,
  };
}

export function silent(deploymentId: string): Refusal {
  return {
    status: 504,
    errorCode: 'DEPLOYMENT_TIMEOUT',
    detail: `The deployment ${deploymentId} took too long to answer.`,
  };
}

export function refuse(answer: ServerResponse, refusal: Refusal): void {
  if (answer.headersSent || answer.destroyed) return;
  const body = JSON.stringify({ error_code: refusal.errorCode, detail: refusal.detail });
  answer.writeHead(refusal.status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...(refusal.retryAfterSeconds !== undefined && { 'retry-after': String(refusal.retryAfterSeconds) }),
  });
  answer.end(body);
}
