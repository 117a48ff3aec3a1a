import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * A file of a problem as the pages of a host find it: relative to the repository's root, with `/`.
 * @param file relative to the project, or absolute
 * @param root absolute folder of the checkout
 * @param project the `project` input: relative to the checkout, or absolute
 * @returns undefined where the file is not inside the checkout: no page can show it
 */
export function repositoryPath(file: string, root: string, project: string): string | undefined {
  const inside = relative(root, resolve(root, project, file));
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return undefined;
  return inside.split(sep).join('/');
}
