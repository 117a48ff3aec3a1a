/** Where the tasks of a role run. */
export interface TrustPlace {
  /** Service that takes the role: `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  readonly account: string;
  readonly region: string;
}

/** What a trust policy says of a service: conditions that cannot be judged from here are named. */
export type Trust =
  | { readonly trusts: true; readonly unjudged: readonly string[] }
  | { readonly trusts: false; readonly why: string };

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Whether a role lets a service take it, by the document that IAM gives. @param document JSON, not URL-encoded */
export function judgeTrust(document: string, place: TrustPlace): Trust {
  const { Statement } = JSON.parse(document) as { readonly Statement?: Statement | readonly Statement[] };
  const named = list(Statement).filter((each) => names(each, place.service));
  const [refused] = named.filter(({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined);
  if (refused) return { trusts: false, why: `its trust policy denies ${place.service}` };
  const allowed = named.filter(({ Effect }) => Effect === 'Allow');
  if (allowed.length === 0) return { trusts: false, why: `its trust policy does not name ${place.service}` };
  const judged = allowed.map(({ Condition = {} }) => judgeConditions(Condition, place));
  const fitting = judged.flatMap((each) => (each.fits ? [each.unjudged] : []));
  const [first] = fitting.toSorted((a, b) => a.length - b.length);
  if (first) return { trusts: true, unjudged: first };
  const why = judged.flatMap((each) => (each.fits ? [] : [each.why])).join('; ');
  return { trusts: false, why: `its trust policy trusts ${place.service} only where ${why}` };
}

function names({ Principal, Action }: Statement, service: string): boolean {
  const actions = list(Action).map(String);
  if (!actions.some((action) => /^(sts:AssumeRole|sts:\*|\*)$/i.test(action))) return false;
  if (Principal === '*') return true;
  const { Service = [] } = (Principal ?? {}) as { readonly Service?: unknown };
  return list(Service).some((each) => each === service || each === `${service}.cn`);
}

type Judged =
  | { readonly fits: true; readonly unjudged: readonly string[] }
  | { readonly fits: false; readonly why: string };

/** The two conditions that ECS documents for its roles are judged; ECS gives both with every task. */
function judgeConditions(conditions: NonNullable<Statement['Condition']>, place: TrustPlace): Judged {
  const unjudged: string[] = [];
  for (const [operator, keys] of Object.entries(conditions)) {
    for (const [key, wanted] of Object.entries(keys)) {
      const fits = judge(operator, key.toLowerCase(), list(wanted).map(String), place);
      if (fits === undefined) unjudged.push(key);
      else if (!fits) return { fits: false, why: `${key} is ${list(wanted).join(' or ')}` };
    }
  }
  return { fits: true, unjudged };
}

function judge(operator: string, key: string, wanted: readonly string[], place: TrustPlace): boolean | undefined {
  if (!/^(String(Equals|Like)|Arn(Equals|Like))(IfExists)?$/.test(operator)) return undefined;
  if (key === 'aws:sourceaccount') return wanted.some((pattern) => like(place.account, pattern));
  if (key !== 'aws:sourcearn') return undefined;
  // Of the ARN, which ECS makes, service, region and account are known.
  return wanted.some((pattern) => {
    const [, , service = '*', region = '*', account = '*'] = pattern.split(':');
    return like('ecs', service) && like(place.region, region) && like(place.account, account);
  });
}

function like(value: string, pattern: string): boolean {
  const escaped = pattern
    .replaceAll(/[.+^$()|{}[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`).test(value);
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
