import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { requirementsOf } from './runtime-lock.ts';
import { parseUvLock } from './uv-lock.ts';

const LOCK = `
version = 1
requires-python = ">=3.11"

[[package]]
name = "mine"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "haute" }]

[[package]]
name = "haute"
version = "0.6.0"
source = { registry = "https://index" }
dependencies = [{ name = "openai" }, { name = "uvicorn", extra = ["standard"] }]

[[package]]
name = "uvicorn"
version = "0.40.0"
source = { registry = "https://index" }
dependencies = [{ name = "click" }]

[package.optional-dependencies]
standard = [
  { name = "colorama", marker = "sys_platform == 'win32'" },
  { name = "uvloop", marker = "sys_platform != 'win32'" },
]

[[package]]
name = "click"
version = "8.5.1"
source = { registry = "https://index" }

[[package]]
name = "uvloop"
version = "0.23.0"
source = { registry = "https://index" }
dependencies = [{ name = "numpy" }]

[[package]]
name = "numpy"
version = "2.3.5"
source = { registry = "https://index" }
resolution-markers = ["python_full_version < '3.12'"]

[[package]]
name = "numpy"
version = "2.4.6"
source = { registry = "https://index" }
resolution-markers = ["python_full_version >= '3.13'", "python_full_version == '3.12.*'"]

[[package]]
name = "private"
version = "1.0"
source = { git = "https://somewhere" }
`;

describe('the versions that a project has locked with uv', () => {
  it('are those for where services run, with the extras that are wanted and without what Haute needs for its editor', () => {
    expect(requirementsOf(parseUvLock(LOCK), ['haute', 'uvicorn'])).toEqual([
      'click==8.5.1',
      'haute==0.6.0',
      'numpy==2.3.5',
      'uvicorn==0.40.0',
      'uvloop==0.23.0',
    ]);
  });

  it('are those of the oldest Python that the project allows', () => {
    const newer = parseUvLock(LOCK.replace('>=3.11', '>=3.12.4, <4'));
    expect(newer.packages.get('numpy')?.version).toBe('2.4.6');
  });

  it('do not hold what cannot be had by name and version', () => {
    expect(() => requirementsOf(parseUvLock(LOCK), ['private', 'mine'])).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({ code: 'LOCK-INCOMPLETE', what: expect.stringContaining('needs mine') }),
          expect.objectContaining({ code: 'LOCK-INCOMPLETE', what: expect.stringContaining('needs private') }),
        ],
      }),
    );
  });

  it.each([
    ['no TOML', '[[package'],
    ['no lock', 'package = 1'],
    ['a marker that is none', LOCK.replace("sys_platform == 'win32'", 'sys_platform ==')],
  ])('are refused where the file is %s', (_, text) => {
    expect(() => parseUvLock(text)).toThrow(ConfigError);
    expect(() => parseUvLock(text)).toThrow(/LOCK-BROKEN/);
  });
});
