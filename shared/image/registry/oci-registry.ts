import { z } from 'zod';
import type {
  BlobPush,
  BlobSource,
  Descriptor,
  Registry,
  RegistryCall,
  RepositoryName,
  StoredManifest,
} from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';
import { pullManifest } from './manifests.ts';
import { readPages } from './pages.ts';
import { pullBlob } from './pull-blob.ts';
import { pushBlob } from './push-blob.ts';
import { listReferrers, pushReferring } from './referrers.ts';
import { badAnswer } from './refusal.ts';
import type { RegistryTools } from './registry-tools.ts';
import { type Need, Session } from './session.ts';
import { isStored, retryNote, type UploadKit } from './upload-session.ts';

const NO_REPOSITORY: ReadonlySet<number> = new Set([404]);
const tagsSchema = z.object({ tags: z.array(z.string()).nullish() });

/** Registries by the API of the Open Container Initiative. Any number of calls may be under way at a time. */
export class OciRegistry implements Registry {
  readonly #tools: RegistryTools;
  readonly #session: Session;

  constructor(tools: RegistryTools) {
    this.#tools = tools;
    this.#session = new Session(tools);
  }

  manifest(name: RepositoryName, reference: string, call: RegistryCall): Promise<StoredManifest | undefined> {
    return pullManifest(this.#kit({ name, action: 'pull' }, call), reference);
  }

  pushManifest(
    name: RepositoryName,
    manifest: StoredManifest,
    tag: string | undefined,
    call: RegistryCall,
  ): Promise<void> {
    return pushReferring(this.#kit({ name, action: 'push', tag }, call), manifest, tag);
  }

  hasBlob(name: RepositoryName, digest: Digest, call: RegistryCall): Promise<boolean> {
    const kit = this.#kit({ name, action: 'pull' }, call);
    return this.#tools.retry(() => isStored(kit, { digest }), { signal: call.signal, onRetry: retryNote(kit) });
  }

  pushBlob(name: RepositoryName, blob: BlobSource, push: BlobPush): Promise<number> {
    return pushBlob(this.#kit({ name, action: 'push' }, push), blob, push);
  }

  pullBlob(
    name: RepositoryName,
    blob: Pick<Descriptor, 'digest' | 'size'>,
    call: RegistryCall,
  ): AsyncIterable<Uint8Array> {
    return pullBlob(this.#kit({ name, action: 'pull' }, call), blob);
  }

  referrers(
    name: RepositoryName,
    subject: Digest,
    artifactType: string | undefined,
    call: RegistryCall,
  ): Promise<readonly Descriptor[]> {
    return listReferrers(this.#kit({ name, action: 'pull' }, call), subject, artifactType);
  }

  async tags(name: RepositoryName, call: RegistryCall): Promise<readonly string[]> {
    const kit = this.#kit({ name, action: 'pull' }, call);
    // Without a size of pages: not every registry that cuts a list for one says that it goes on.
    const url = this.#session.url(kit.need, 'tags/list');
    const pages = (await readPages(kit, url, 'application/json', NO_REPOSITORY)) ?? [];
    return pages.flatMap(({ json, answer }) => {
      const read = tagsSchema.safeParse(json);
      if (!read.success) throw badAnswer(answer.url.host, 'gave a list of tags that is none');
      return read.data.tags ?? [];
    });
  }

  #kit(need: Need, { signal }: RegistryCall): UploadKit {
    return { session: this.#session, tools: this.#tools, need, signal };
  }
}
