type Env = Readonly<Record<string, string>>;

/** Variables in which a CI system hands a job its own tokens and inputs: nothing that the job starts needs them. */
const OF_THE_JOB: readonly RegExp[] = [
  /^(?:HAUTE_)?INPUT_/,
  /^(?:GITHUB|GH|HAUTE_GITLAB|HAUTE_AZURE_DEVOPS|GITLAB|CI_JOB|CI_DEPLOY|HAUTE_ID)_(?:TOKEN|PASSWORD)/,
  /^HAUTE_LAYERS_KEY$/,
  /^ACTIONS_(?:ID_TOKEN_REQUEST|RUNTIME|RESULTS|CACHE)_/,
  /^CI_(?:REGISTRY|DEPENDENCY_PROXY|DEPLOY)_PASSWORD$/,
  /^CI_REPOSITORY_URL$/,
  /^(?:SYSTEM_ACCESSTOKEN|SYSTEM_OIDCREQUESTURI)$/,
  /^(?:ENDPOINT_AUTH|SECUREFILE|SECRET|VSTS_SECRET_VARIABLES)/,
  /^GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$/,
];

/**
 * The environment for programs that run the project's own code: without the tokens of the job, and without the files
 * through which a program could hand outputs to later steps. Credentials of targets stay.
 */
export function withoutJobTokens(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_THE_JOB.some((pattern) => pattern.test(name))));
}
