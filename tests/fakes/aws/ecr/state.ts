export interface FakeImage {
  readonly digest: string;
  readonly mediaType: string;
  readonly manifest: string;
  readonly pushedAt: number;
  /** `linux/amd64` and the like that it can run on. */
  readonly platforms: readonly string[];
  tags: readonly string[];
}

export interface FakeRepository {
  readonly arn: string;
  readonly name: string;
  readonly uri: string;
  readonly createdAt: number;
  readonly tagMutability: 'MUTABLE' | 'IMMUTABLE';
  readonly images: FakeImage[];
  /** Small blobs (configurations) that can be fetched, by digest. */
  readonly blobs: Map<string, Uint8Array>;
}

export interface EcrState {
  readonly repositories: FakeRepository[];
}
