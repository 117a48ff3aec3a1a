/** 0, 1, 2, … below `count`. A loop: `Uint32Array.from` with a function goes through an iterator, ten times slower. */
export function upTo(count: number): Uint32Array<ArrayBuffer> {
  const values = new Uint32Array(count);
  for (let index = 0; index < count; index++) values[index] = index;
  return values;
}

/** A number for each of the values. */
export function floatsOf(
  values: Uint32Array,
  float: (value: number, index: number) => number,
): Float64Array<ArrayBuffer> {
  const floats = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) floats[index] = float(values[index] as number, index);
  return floats;
}
