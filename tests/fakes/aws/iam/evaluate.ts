/** A policy document as IAM reads it. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

type OneOrMore = string | readonly string[];

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

/** What a policy is asked. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  /** Condition keys and their values; a key that is not here is absent. */
  readonly context: Readonly<Record<string, OneOrMore>>;
}

/**
 * What a policy says: a Deny beats every Allow, and what no statement allows is denied.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(policy: PolicyDocument, question: Question): 'allow' | 'deny' | 'explicit-deny' {
  const statements = list(policy.Statement).filter((statement) => applies(statement, question));
  if (statements.some(({ Effect }) => Effect === 'Deny')) return 'explicit-deny';
  return statements.some(({ Effect }) => Effect === 'Allow') ? 'allow' : 'deny';
}

function applies(statement: Statement, { action, resource, context }: Question): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  if (Action !== undefined && !list(Action).some((pattern) => like(action, pattern, false))) return false;
  if (NotAction !== undefined && list(NotAction).some((pattern) => like(action, pattern, false))) return false;
  if (Resource !== undefined && !list(Resource).some((pattern) => like(resource, pattern, true))) return false;
  if (NotResource !== undefined && list(NotResource).some((pattern) => like(resource, pattern, true))) return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, contextValue(context, key), list(wanted))),
  );
}

function contextValue(context: Question['context'], key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : list(found[1]);
}

function holds(operator: string, given: readonly string[] | undefined, wanted: readonly string[]): boolean {
  const [, quantifier, base, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (base === 'Null') return wanted.includes('true') === (given === undefined);
  if (given === undefined)
    return ifExists !== undefined || quantifier === 'ForAllValues' || base?.includes('Not') === true;
  const one = (value: string) => wanted.some((pattern) => matches(base ?? '', value, pattern));
  const negative = base?.includes('Not') === true;
  if (quantifier === 'ForAllValues') return given.every((value) => (negative ? !one(value) : one(value)));
  return given.some((value) => (negative ? !one(value) : one(value)));
}

function matches(base: string, value: string, pattern: string): boolean {
  switch (base) {
    case 'StringEquals':
    case 'StringNotEquals':
    case 'Bool':
      return value === pattern;
    case 'StringEqualsIgnoreCase':
      return value.toLowerCase() === pattern.toLowerCase();
    case 'StringLike':
    case 'StringNotLike':
    case 'ArnLike':
    case 'ArnEquals':
    case 'ArnNotLike':
      return like(value, pattern, true);
    default:
      throw new Error(`The condition ${base} is not known to this fake.`);
  }
}

function like(value: string, pattern: string, caseMatters: boolean): boolean {
  const escaped = pattern
    .replaceAll(/[.+^$()|{}[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, caseMatters ? 's' : 'is').test(value);
}

function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
