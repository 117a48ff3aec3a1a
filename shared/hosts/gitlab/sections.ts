/**
 * Lines that fold a part of the log. The carriage return hides the marker itself.
 * @param name letters, digits, `_`, `.` and `-`; unique in the job
 * @param at seconds since the epoch
 * @see https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
 */
export function sectionStart(name: string, at: number, title: string): string {
  return `\u001b[0Ksection_start:${at}:${name}\r\u001b[0K${title}`;
}

export function sectionEnd(name: string, at: number): string {
  return `\u001b[0Ksection_end:${at}:${name}\r\u001b[0K`;
}
