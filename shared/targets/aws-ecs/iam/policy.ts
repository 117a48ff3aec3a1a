import type { PolicyDocument, Statement } from './document.ts';
import { GRANTS, type Grant } from './grants.ts';
import type { IamRequest } from './place.ts';

/** The grants that a role needs for its steps and features, in the order of the table. */
export function grantsFor({ steps, features = {} }: Pick<IamRequest, 'steps' | 'features'>): readonly Grant[] {
  return GRANTS.filter((grant) => grant.steps.some((step) => steps.includes(step))).filter(
    ({ feature }) => feature === undefined || features[feature] === true,
  );
}

/**
 * The IAM policy of least privilege for exactly these steps: a role for staging alone cannot touch production, and one
 * that only looks changes nothing.
 */
export function iamPolicy(request: IamRequest): PolicyDocument {
  return { Version: '2012-10-17', Statement: grantsFor(request).map((grant) => statementOf(grant, request)) };
}

function statementOf({ sid, actions, resources, condition }: Grant, request: IamRequest): Statement {
  const found = [...new Set(resources(request))];
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: found.length === 1 ? (found[0] ?? '') : found,
    ...(condition && { Condition: condition(request) }),
  };
}
