/** Every target that haute.toml or the `target` input may name. */
export const TARGET_IDS = [
  'databricks',
  'container',
  'azure-container-apps',
  'aws-ecs',
  'gcp-run',
  'baseten',
  'local',
] as const;
export type TargetId = (typeof TARGET_IDS)[number];

/** haute.toml with every default filled in: the keys that Haute 0.6.0 accepts. */
export interface HauteConfig {
  readonly project: { readonly name: string; readonly pipeline: string };
  readonly deploy: {
    readonly target: TargetId;
    readonly modelName: string;
    readonly endpointName: string | undefined;
    readonly outputFields: readonly string[] | undefined;
    readonly databricks: {
      readonly experimentName: string;
      readonly catalog: string;
      readonly schema: string;
      readonly servingWorkloadSize: string;
      readonly servingScaleToZero: boolean;
    };
    readonly container: { readonly registry: string; readonly port: number; readonly baseImage: string };
    readonly azureContainerApps: {
      readonly resourceGroup: string;
      readonly containerAppName: string;
      readonly environmentName: string;
    };
    readonly awsEcs: { readonly region: string; readonly cluster: string; readonly service: string };
    readonly gcpRun: { readonly project: string; readonly region: string; readonly service: string };
  };
  /** Folder of test quotes, relative to the project; undefined where haute.toml names none. */
  readonly testQuotesDir: string | undefined;
  /** Portfolio file or glob, relative to the project; undefined where haute.toml names none. */
  readonly impactDataset: string | undefined;
  readonly minApprovers: number;
  readonly ci: {
    readonly provider: string;
    readonly stagingSuffix: string;
    readonly stagingUrl: string | undefined;
    readonly productionUrl: string | undefined;
  };
}
