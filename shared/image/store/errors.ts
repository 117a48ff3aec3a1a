import { ProviderError } from '../../errors.ts';

/** @param what what of which image: `its manifest of eu.example.com/motor@sha256:…` */
export function imageMissing(what: string): ProviderError {
  return new ProviderError({
    code: 'ARTIFACT-MISSING',
    what: `${what} is not in the registry`,
    fix: 'Run build-push again, and look whether the registry deletes images by itself',
  });
}
