/**
 * Runs calls, so many at the same time. The first that fails ends the others, and is thrown once they have ended.
 * @returns what each gave, in order
 */
export async function inParallel<T>(
  atOnce: number,
  calls: readonly ((call: { readonly signal: AbortSignal }) => Promise<T>)[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const results = new Map<number, T>();
  const errors: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < calls.length && errors.length === 0) {
      const index = next++;
      try {
        const call = calls[index];
        if (call) results.set(index, await call({ signal: both }));
      } catch (error) {
        errors.push(error);
        failed.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, calls.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return calls.map((_, index) => results.get(index) as T);
}
