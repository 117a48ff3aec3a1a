/** The people of a fake forge: what they may do, and what they are. */
export interface Person {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly access: 'write' | 'read' | 'none';
  readonly kind: 'person' | 'bot';
}

export const PEOPLE: readonly Person[] = [
  { login: 'ann', name: 'Ann Archer', email: 'ann@example.com', access: 'write', kind: 'person' },
  { login: 'bo', name: 'Bo Baker', email: 'bo@example.com', access: 'write', kind: 'person' },
  { login: 'cy', name: 'Cy Cooper', email: 'cy@example.com', access: 'write', kind: 'person' },
  { login: 'eve', name: 'Eve Author', email: 'eve@example.com', access: 'write', kind: 'person' },
  { login: 'ron', name: 'Ron Reader', email: 'ron@example.com', access: 'read', kind: 'person' },
  { login: 'sam', name: 'Sam Stranger', email: 'sam@example.com', access: 'none', kind: 'person' },
  { login: 'robot', name: 'Robot', email: 'robot@example.com', access: 'write', kind: 'bot' },
];
