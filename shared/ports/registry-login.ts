/** A login to a registry that comes with a job: read from its environment by its host, and good for that registry alone. */
export interface RegistryLogin {
  /** Host, with the port where it is not the usual one. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
  /** For people: `the token of this job`. */
  readonly from: string;
}
