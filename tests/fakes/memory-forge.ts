import type { Forge, ForgeArtifact, ForgeOutcome, StickyComment } from '../../shared/ports/forge.ts';
import type { ApprovalRecord } from '../../shared/release/approval.ts';

/** A forge in memory: who made the change and who approved it is what a test says. */
export class MemoryForge implements Forge {
  made: readonly string[] = [];
  given: readonly ApprovalRecord[] = [];
  readonly comments = new Map<string, StickyComment>();
  readonly artifacts = new Map<string, ForgeArtifact>();

  async authors(): Promise<readonly string[]> {
    return this.made;
  }

  async approvals(): Promise<readonly ApprovalRecord[]> {
    return this.given;
  }

  async recordDeployment(): Promise<ForgeOutcome> {
    return { done: true, url: undefined };
  }

  async comment(comment: StickyComment): Promise<ForgeOutcome> {
    this.comments.set(comment.key, comment);
    return { done: true, url: undefined };
  }

  async putArtifact(artifact: ForgeArtifact): Promise<ForgeOutcome> {
    this.artifacts.set(artifact.name, artifact);
    return { done: true, url: undefined };
  }

  async getArtifact({ name }: { readonly name: string }): Promise<ForgeArtifact | undefined> {
    return this.artifacts.get(name);
  }
}

/** What somebody says on a terminal. @param at ISO 8601 */
export function approvalBy(person: string, at: string): ApprovalRecord {
  return {
    person,
    aliases: [],
    source: 'terminal',
    strength: 'asserted',
    word: 'approve',
    at,
    comment: '',
    refusal: undefined,
  };
}
