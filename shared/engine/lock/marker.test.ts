import { describe, expect, it } from 'vitest';
import { markerHolds, servingEnvironment } from './marker.ts';

const environment = servingEnvironment('3.11.0');

describe('a dependency marker, where services run', () => {
  it.each([
    ["sys_platform == 'win32'", false],
    ["sys_platform != 'win32'", true],
    ["python_full_version < '3.12'", true],
    ["python_full_version >= '3.12'", false],
    ["python_full_version == '3.11.*'", true],
    ["python_version in '3.10 3.11'", true],
    ["'linux' in sys_platform", true],
    ["platform_machine not in 'aarch64 arm64'", true],
    ["platform_python_implementation != 'PyPy' and sys_platform != 'cygwin' and sys_platform != 'win32'", true],
    ["sys_platform == 'darwin' or platform_system == 'Linux'", true],
    ["(python_version < '3.8' or extra == 'x') and os_name == 'posix'", false],
    ['os_name == "posix"', true],
    ["sys_platform == 'win32' or sys_platform == 'darwin' and python_version >= '3'", false],
  ])('%s: %s', (marker, holds) => {
    expect(markerHolds(marker, environment)).toBe(holds);
  });

  it.each([
    '',
    'sys_platform ==',
    "sys_platform 'x'",
    "shoe_size > '3'",
    "(os_name == 'posix'",
    "os_name == 'posix' x",
    '§',
  ])('is refused when it is none: %s', (marker) => {
    expect(() => markerHolds(marker, environment)).toThrow(SyntaxError);
  });
});
