import { describe, expect, it } from 'vitest';
import { coAuthors, namesOf } from './git-people.ts';

describe('people in a commit', () => {
  it.each<[string, string, readonly string[]]>([
    ['one', 'Fix\n\nCo-authored-by: Ann Archer <ann@example.com>', ['Ann Archer', 'ann@example.com']],
    ['in any case and with carriage returns', 'Fix\r\n\r\nCO-AUTHORED-BY: Ann <a@x>\r\n', ['Ann', 'a@x']],
    [
      'with a no-reply address',
      'x\n\nCo-authored-by: A <12+ann@users.noreply.github.com>',
      ['A', '12+ann@users.noreply.github.com', 'ann'],
    ],
    ['without a name', 'x\n\nCo-authored-by: <a@x>', ['a@x']],
    ['two', 'x\n\nCo-authored-by: A <a@x>\nCo-authored-by: B <b@x>', ['A', 'a@x', 'B', 'b@x']],
    ['none', 'x\n\nReviewed-by: A <a@x>', []],
    ['in the middle of a line', 'x co-authored-by: A <a@x>', []],
  ])('co-authors: %s', (_, message, people) => {
    expect(coAuthors(message)).toEqual(people);
  });

  it.each<[Parameters<typeof namesOf>[0], readonly string[]]>([
    [{ name: 'A', email: 'ann@users.noreply.github.com' }, ['A', 'ann@users.noreply.github.com', 'ann']],
    [{ name: 'A', email: '9-ann@users.noreply.gitlab.com' }, ['A', '9-ann@users.noreply.gitlab.com', 'ann']],
    [{ name: ' ', email: null }, []],
    [null, []],
  ])('%j has the names %j', (person, names) => {
    expect(namesOf(person)).toEqual(names);
  });
});
