import { stat } from 'node:fs/promises';
import { messageOf, ProviderError } from '../errors.ts';
import { errnoOf } from './disk-error.ts';

/** Why a program did not start, as a ProviderError. Names the program and never its arguments, which may be private. */
export async function startError(error: unknown, program: string, cwd: string): Promise<ProviderError> {
  const errno = errnoOf(error);
  if (errno === 'ENOENT' || errno === 'ENOTDIR')
    return (await isFolder(cwd)) ? notFound(error, program) : noFolder(error, program, cwd);
  if (errno === 'EACCES' || errno === 'EPERM') {
    return new ProviderError(
      {
        code: 'EXEC-DENIED',
        what: `${program} may not be run by this user`,
        fix: 'Check the permissions of the file and of its folders',
      },
      { cause: error },
    );
  }
  return new ProviderError(
    {
      code: 'EXEC-FAILED',
      what: `${program} could not be started: ${messageOf(error)}`,
      fix: 'Check that the machine has memory and processes to spare',
    },
    { cause: error, retryable: errno === 'EAGAIN' || errno === 'ENOMEM' || errno === 'EMFILE' },
  );
}

function notFound(error: unknown, program: string): ProviderError {
  return new ProviderError(
    {
      code: 'EXEC-NOT-FOUND',
      what: `the program ${program} is not on this machine`,
      fix: `Install ${program}, or put the folder it is in on PATH`,
    },
    { cause: error },
  );
}

function noFolder(error: unknown, program: string, cwd: string): ProviderError {
  return new ProviderError(
    {
      code: 'EXEC-NO-FOLDER',
      what: `${program} cannot be run in ${cwd}: there is no such folder`,
      fix: 'Check the path of the folder',
    },
    { cause: error },
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
