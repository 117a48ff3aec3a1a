import { messageOf, ProviderError } from '../errors.ts';

interface Explained {
  readonly code: string;
  /** Follows `cannot <action> <path>: `. */
  readonly why: string;
  readonly fix: string;
}

const FULL: Explained = {
  code: 'DISK-FULL',
  why: 'the disk is full',
  fix: 'Free some space on that disk (old deployments and engine environments are under .haute), then run the step again',
};
const DENIED: Explained = {
  code: 'DISK-DENIED',
  why: 'permission denied',
  fix: 'Give this user access to the path, or run the step as a user that has it',
};
const NOT_A_FILE: Explained = {
  code: 'DISK-WRONG-KIND',
  why: 'a folder is where a file should be, or a file where a folder should be',
  fix: 'Check what is at that path and move it away',
};
const TOO_MANY: Explained = {
  code: 'DISK-TOO-MANY-OPEN',
  why: 'too many files are open',
  fix: 'Raise the limit of open files (`ulimit -n`), or close other programs',
};

/** By errno name: https://nodejs.org/api/errors.html#common-system-errors */
const EXPLAINED: Readonly<Record<string, Explained>> = {
  ENOSPC: FULL,
  EDQUOT: { ...FULL, why: 'the disk quota is used up' },
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: {
    code: 'DISK-READ-ONLY',
    why: 'the file system is read-only',
    fix: 'Mount it writable, or use a folder on another one',
  },
  ENAMETOOLONG: {
    code: 'DISK-NAME-TOO-LONG',
    why: 'the name is too long',
    fix: 'Use a shorter name or a less deep folder',
  },
  EISDIR: NOT_A_FILE,
  ENOTDIR: NOT_A_FILE,
  ENOTEMPTY: { code: 'DISK-EXISTS', why: 'the folder is not empty', fix: 'Empty the folder, or use another one' },
  EEXIST: { code: 'DISK-EXISTS', why: 'something is there already', fix: 'Remove it, or use another path' },
  ELOOP: {
    code: 'DISK-LINK',
    why: 'it is, or goes through, a symbolic link that cannot be followed',
    fix: 'Replace the link by a real file or folder',
  },
  ENOENT: { code: 'DISK-MISSING', why: 'there is no such file or folder', fix: 'Check the path' },
  EMFILE: TOO_MANY,
  ENFILE: TOO_MANY,
};

/**
 * What the disk refused, as a ProviderError that names the path and what to do.
 *
 * @param action a verb for people: `write`, `read`.
 */
export function diskError(error: unknown, action: string, path: string): ProviderError {
  const errno = errnoOf(error);
  const { code, why, fix } = EXPLAINED[errno ?? ''] ?? {
    code: 'DISK-ERROR',
    why: messageOf(error),
    fix: 'Check the health of the disk or of the network drive',
  };
  return new ProviderError({ code, what: `cannot ${action} ${path}: ${why}`, fix }, { cause: error });
}

/** `ENOENT` and the like; undefined for errors that do not come from the system. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
