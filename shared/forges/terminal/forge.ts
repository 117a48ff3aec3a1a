import type { ApprovalQuery, Forge, ForgeOutcome } from '../../ports/forge.ts';
import type { SourceControl } from '../../ports/source-control.ts';
import type { ApprovalRecord } from '../../release/approval.ts';

export interface TerminalForgeOptions {
  readonly projectDir: string;
  readonly source: SourceControl;
  /** Names given on the command line. */
  readonly named: readonly string[];
  /** Asks the person at the terminal a question; undefined where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly now: () => number;
}

/**
 * Approvals on one's own machine: the names that were given with the command, or that are typed when asked. Nothing
 * here checks who typed them, and the record says so: their strength is `asserted`.
 */
export class TerminalForge implements Forge {
  readonly #options: TerminalForgeOptions;
  #typed: readonly string[] | undefined;

  constructor(options: TerminalForgeOptions) {
    this.#options = options;
  }

  authors(commit: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#options.source.authors(this.#options.projectDir, commit, signal);
  }

  async approvals(query: ApprovalQuery): Promise<readonly ApprovalRecord[]> {
    const { named, now } = this.#options;
    const people = named.length > 0 ? named : await this.#typedNames(query);
    return people.map((person) => ({
      person,
      aliases: [],
      source: 'terminal',
      strength: 'asserted',
      word: 'approve',
      at: new Date(now()).toISOString(),
      comment: '',
      refusal: listed(person, query.approvers) ? undefined : 'is not on the list of approvers',
    }));
  }

  async recordDeployment(): Promise<ForgeOutcome> {
    return { done: false, why: 'a terminal keeps no deployment records; the target does' };
  }

  async comment(): Promise<ForgeOutcome> {
    return { done: false, why: 'a terminal has no change request to comment on' };
  }

  async putArtifact(): Promise<ForgeOutcome> {
    return { done: false, why: 'the files are on this machine already' };
  }

  async getArtifact(): Promise<undefined> {
    return undefined;
  }

  /** Asked once: a step that waits for approvals does not ask again and again. */
  async #typedNames({ question, needed, signal }: ApprovalQuery): Promise<readonly string[]> {
    this.#typed ??= await this.#askNames(question, needed, signal);
    return this.#typed;
  }

  async #askNames(question: string, needed: number, signal: AbortSignal): Promise<readonly string[]> {
    const { ask } = this.#options;
    const names: string[] = [];
    while (ask && names.length < needed && !signal.aborted) {
      const name = (
        await ask(`${question} Approver ${names.length + 1} of ${needed} (name, or empty to stop): `)
      ).trim();
      if (name === '') break;
      names.push(name);
    }
    return names;
  }
}

/** Users are compared by name; whether somebody is in a team cannot be known here, so a list with a team admits anyone. */
function listed(person: string, approvers: readonly string[]): boolean {
  const bare = (name: string): string => name.trim().replace(/^@/, '').toLowerCase();
  return (
    approvers.length === 0 ||
    approvers.some((name) => name.startsWith('@')) ||
    approvers.some((name) => bare(name) === bare(person))
  );
}
