import { ConfigError } from '../../errors.ts';
import type { Speaker } from '../speaker.ts';
import { type Identity, type IdentityRef, identity } from './answers.ts';
import type { AzureApi } from './api.ts';
import { PERMISSION } from './permissions.ts';

/** `gate`: Azure DevOps itself let them decide, by the approvers of a check. */
type Occasion = 'gate' | undefined;

/** Groups of every project whose members can push. @see https://learn.microsoft.com/azure/devops/organizations/security/default-git-permissions */
const WRITERS = ['Contributors', 'Project Administrators'] as const;

/** Kinds of accounts that people have, by the beginning of their descriptor; services, builds and groups have others. */
const PEOPLE: ReadonlySet<string> = new Set(['aad', 'msa', 'win', 'acs']);

/** Who somebody is, and whether they may approve. Asks once for each person and group. */
export class Approvers {
  readonly #api: AzureApi;
  readonly #list: readonly string[];
  readonly #once = new Map<string, Promise<unknown>>();

  /** @param list e-mail addresses of people, `@group` of the project, or `@[scope]\group`; empty: anyone who can push */
  constructor(api: AzureApi, list: readonly string[]) {
    this.#api = api;
    this.#list = list;
  }

  async speaker(user: IdentityRef | null | undefined, signal: AbortSignal, occasion?: Occasion): Promise<Speaker> {
    if (!user) return refused('a deleted account', 'has no account any more');
    const shown = user.uniqueName ?? user.displayName ?? user.id;
    const asked = { what: `who ${shown} is`, permission: PERMISSION.identity };
    const [found] = await this.#remember(`identity ${user.id}`, () =>
      this.#api.identities({ identityIds: user.id, queryMembership: 'expandedUp' }, asked, identity.nullable(), signal),
    );
    if (!found) return refused(shown, 'has no account any more');
    if (found.isContainer === true || !PEOPLE.has(kindOf(found)))
      return refused(shown, 'is no person but a group or a service');
    if (found.isActive !== true) return refused(shown, 'is not active any more');
    const person = found.properties?.Account?.$value ?? shown;
    const others = [
      found.id,
      found.providerDisplayName,
      found.customDisplayName,
      found.properties?.Mail?.$value,
      user.uniqueName,
    ];
    const aliases = [...new Set(others)].filter(
      (name) => typeof name === 'string' && name !== '' && name !== person,
    ) as string[];
    return { person, aliases, refusal: await this.#whyNot(found, [person, ...aliases], signal, occasion) };
  }

  async #whyNot(
    found: Identity,
    names: readonly string[],
    signal: AbortSignal,
    occasion: Occasion,
  ): Promise<string | undefined> {
    if (this.#list.length === 0) {
      return occasion === 'gate' || (await this.#canPush(found, signal))
        ? undefined
        : `is neither in ${WRITERS.join(' nor in ')}`;
    }
    for (const entry of this.#list) if (await this.#matches(entry.trim(), found, names, signal)) return undefined;
    return `is not among the approvers (${this.#list.join(', ')})`;
  }

  async #matches(entry: string, found: Identity, names: readonly string[], signal: AbortSignal): Promise<boolean> {
    if (!entry.startsWith('@')) return names.some((name) => same(name, entry));
    const group = await this.#group(entry.slice(1), signal);
    if (!group) throw unknownGroup(entry);
    return isIn(found, group);
  }

  async #canPush(found: Identity, signal: AbortSignal): Promise<boolean> {
    const groups = await Promise.all(WRITERS.map((name) => this.#group(name, signal)));
    const seen = groups.filter((group) => group !== undefined);
    if (seen.length === 0) throw unknownGroup(`@${WRITERS[0]}`);
    return seen.some((group) => isIn(found, group));
  }

  /** Undefined where the token sees no group of this name. */
  #group(name: string, signal: AbortSignal): Promise<Identity | undefined> {
    const full = name.startsWith('[') ? name : `[${this.#api.access.project}]\\${name}`;
    const asked = { what: `the group ${full}`, permission: PERMISSION.identity };
    return this.#remember(`group ${full}`, async () => {
      const query = { searchFilter: 'General', filterValue: full, queryMembership: 'none' };
      const found = await this.#api.identities(query, asked, identity.nullable(), signal);
      return found.find((one) => one?.isContainer === true && same(one.providerDisplayName ?? '', full)) ?? undefined;
    });
  }

  #remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = (this.#once.get(key) as Promise<T> | undefined) ?? ask();
    this.#once.set(key, known);
    return known;
  }
}

function kindOf({ subjectDescriptor }: Identity): string {
  return subjectDescriptor?.split('.')[0] ?? '';
}

/** Membership through other groups counts: it was asked for expanded. */
function isIn(found: Identity, group: Identity): boolean {
  return (found.memberOf ?? []).some((one) => same(one, group.descriptor));
}

function refused(person: string, refusal: string): Speaker {
  return { person, aliases: [], refusal };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function unknownGroup(entry: string): ConfigError {
  return new ConfigError({
    code: 'APPROVER-UNKNOWN',
    what: `the group ${entry} is none that the token sees`,
    fix: `Correct [approval] approvers, or let the pipeline's identity see the group: it needs ${PERMISSION.identity}`,
    place: { file: 'haute.release.toml' },
  });
}
