/** What a condition may look at. */
export interface ConditionFacts {
  readonly variables: Readonly<Record<string, string>>;
  readonly succeeded: boolean;
}

/**
 * Decides a condition of a stage: `and`, `not`, `eq`, `ne`, `succeeded()`, `variables['x']` and text.
 * @see https://learn.microsoft.com/azure/devops/pipelines/process/expressions
 * @throws Error for anything else
 */
export function conditionHolds(condition: string, facts: ConditionFacts): boolean {
  const tokens = condition.match(/'(?:[^']|'')*'|[\w.]+|[()[\],]/g) ?? [];
  let at = 0;
  const take = (expected?: string): string => {
    const token = tokens[at] ?? '';
    if (expected !== undefined && token !== expected) throw new Error(`cannot read the condition ${condition}`);
    at += 1;
    return token;
  };

  const term = (): string | boolean => {
    const word = take();
    if (word.startsWith("'")) return word.slice(1, -1).replaceAll("''", "'");
    if (word === 'variables') {
      take('[');
      const name = String(term());
      take(']');
      return facts.variables[name] ?? '';
    }
    return call(word, argumentsOf());
  };

  const argumentsOf = (): readonly (string | boolean)[] => {
    const given: (string | boolean)[] = [];
    take('(');
    while (tokens[at] !== ')') {
      given.push(term());
      if (tokens[at] === ',') take(',');
    }
    take(')');
    return given;
  };

  const call = (name: string, [first, second, ...rest]: readonly (string | boolean)[]): boolean => {
    const same = String(first).toLowerCase() === String(second).toLowerCase();
    if (name === 'succeeded') return facts.succeeded;
    if (name === 'eq') return same;
    if (name === 'ne') return !same;
    if (name === 'not') return !first;
    if (name === 'and') return [first, second, ...rest].every((each) => each !== false);
    throw new Error(`there is no function ${name} in ${condition}`);
  };

  const holds = term();
  if (at !== tokens.length) throw new Error(`cannot read the end of the condition ${condition}`);
  return holds === true;
}
