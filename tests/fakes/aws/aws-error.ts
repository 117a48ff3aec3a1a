/** A refusal in AWS' own words. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  /** @param code the shape of the error in the published model, or one of the errors that all services have */
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
