/**
 * What outputs are called in the names of their columns. Two that differ in case alone would be one column to SQL and to
 * many readers, so all but the first get a number.
 * @param names in the order of the report
 */
export function namesInRows(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const all = new Set(names.map((name) => name.toLowerCase()));
  const found = new Map<string, string>();
  for (const name of names) {
    let called = name;
    const isTaken = (): boolean =>
      taken.has(called.toLowerCase()) || (called !== name && all.has(called.toLowerCase()));
    for (let again = 2; isTaken(); again++) called = `${name}_${again}`;
    taken.add(called.toLowerCase());
    found.set(name, called);
  }
  return found;
}
