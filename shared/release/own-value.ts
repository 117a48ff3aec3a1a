import type { Json, JsonObject } from './json.ts';

/**
 * What an object has under a name that data gave, undefined where it has nothing: never what every object has, such as
 * under `constructor`.
 */
export function ownValue(object: JsonObject, name: string): Json | undefined {
  const value: unknown = object[name];
  // Objects inherit functions, and an object under `__proto__`; so texts, numbers and flags need no second look.
  const isInherited = (typeof value === 'object' || typeof value === 'function') && !Object.hasOwn(object, name);
  return isInherited ? undefined : (value as Json | undefined);
}

/** Gives an object that is being made a value under a name that data gave: `__proto__` is one like any other. */
export function setOwnValue(object: Record<string, Json>, name: string, value: Json): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
