import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, Interrupted, ProviderError } from '../../shared/errors.ts';
import type { ApprovalQuery, DeploymentRecord, Forge, StickyComment } from '../../shared/ports/forge.ts';
import { type ApprovalJudgement, judgeApprovals } from '../../shared/release/approval.ts';
import type { FakeServer, Fault } from '../fakes/fake-server.ts';

/** A release of a change on a fake forge, and what people and machines may do about it. */
export interface ForgeScene {
  readonly forge: Forge;
  readonly server: FakeServer;
  /** Routes of the fake that a failure is planned for. */
  readonly routes: Readonly<Record<'changeRequests' | 'comments' | 'newComment', string>>;
  /** Where the fake answered otherwise than its published document. */
  readonly faults: readonly string[];
  readonly commit: string;
  /** Source of the forge's own gate. */
  readonly gateSource: 'environment' | 'deployment';
  /** A group with ann and bo in it, as the policy names it; and one that is not there. */
  readonly group: string;
  readonly unknownGroup: string;
  /** How the forge calls a person. */
  person(login: string): string;
  review(login: string, word: Word, when?: When): void;
  say(login: string, body: string, when?: When): void;
  gate(login: string, word: Word, when?: When): void;
  /** The change comes from sam's fork. */
  fork(): void;
  /** The account is deleted. */
  leave(login: string): void;
  /** Comments of anybody, as they are now. */
  comments(): readonly string[];
  /** Deployment records in an environment; undefined where the forge has none of ours. */
  deployments(environment: string): readonly string[] | undefined;
  /** The token expires, or loses what it needs to read reviews. */
  expire(): void;
  deny(): void;
  stop(): Promise<void>;
}

export type Word = 'approve' | 'reject';

export interface When {
  /** ISO 8601; a while after the impact report where it is not given. */
  readonly at?: string;
  readonly editedAt?: string;
  /** True for the commit before the last. */
  readonly earlier?: boolean;
}

export const RELEASE = `sha256:${'4f2a9c01d2e3'.padEnd(64, '7')}`;
export const EVIDENCE_AT = '2026-03-01T12:00:00.000Z';
export const BEFORE = '2026-03-01T11:30:00.000Z';
export const AFTER = '2026-03-01T13:00:00.000Z';
export const LATER = '2026-03-01T14:00:00.000Z';
const ID = RELEASE.slice(7, 19);

/** What every forge must hold to. */
export function forgeContract(name: string, open: () => Promise<ForgeScene>): void {
  describe(`${name}: a forge`, () => {
    let scene: ForgeScene;
    const stop = new AbortController();

    beforeEach(async () => {
      scene = await open();
    });
    afterEach(async () => {
      await scene.stop();
      expect(scene.faults).toEqual([]);
    });

    function query(change: Partial<ApprovalQuery> = {}): ApprovalQuery {
      return {
        releaseId: RELEASE,
        commit: scene.commit,
        environment: 'production',
        evidenceAt: EVIDENCE_AT,
        sources: ['environment', 'review', 'deployment', 'comment'],
        approvers: [],
        needed: 1,
        question: '',
        signal: stop.signal,
        ...change,
      };
    }

    async function judge(change: Partial<ApprovalQuery> = {}): Promise<ApprovalJudgement> {
      const asked = query(change);
      const rules = {
        min: asked.needed,
        distinctFromAuthor: true,
        approvers: asked.approvers,
        sources: query().sources,
      };
      const authors = await scene.forge.authors(scene.commit, stop.signal);
      return judgeApprovals(await scene.forge.approvals(asked), rules as never, authors, asked.needed, asked);
    }

    describe('approvals that count', () => {
      it.each<[string, (forge: ForgeScene) => void, number, boolean]>([
        ['nobody', () => undefined, 1, false],
        ['a review of the commit', (forge) => forge.review('ann', 'approve'), 1, true],
        ['a comment with the id', (forge) => forge.say('ann', `/haute approve ${RELEASE}`), 1, true],
        ['a comment with twelve digits', (forge) => forge.say('ann', `/haute approve ${ID}`), 1, true],
        ['the gate of the host', (forge) => forge.gate('ann', 'approve'), 1, true],
        [
          'two people in two places',
          (forge) => {
            forge.review('ann', 'approve');
            forge.say('bo', `/haute approve ${ID}`);
          },
          2,
          true,
        ],
        [
          'three people in three places',
          (forge) => {
            forge.review('ann', 'approve');
            forge.say('bo', `/haute approve ${ID}`);
            forge.gate('cy', 'approve');
          },
          3,
          true,
        ],
        [
          'one person in two places',
          (forge) => {
            forge.review('ann', 'approve');
            forge.say('ann', `/haute approve ${ID}`);
          },
          2,
          false,
        ],
        [
          'one person in three places',
          (forge) => {
            forge.review('ann', 'approve');
            forge.say('ann', `/haute approve ${ID}`);
            forge.gate('ann', 'approve');
          },
          2,
          false,
        ],
      ])('%s', async (_, act, needed, enough) => {
        act(scene);
        const judgement = await judge({ needed });
        expect(judgement.ignored.map(({ why }) => why)).toEqual([]);
        expect(judgement.enough).toBe(enough);
      });

      it('keeps who said it, where, how sure that is, and a link', async () => {
        scene.review('ann', 'approve');
        scene.say('bo', `/haute approve ${ID} looks right`);
        scene.gate('cy', 'approve');
        const { counted } = await judge();
        const seen = counted.map(({ person, source, strength }) => [person, source, strength]).toSorted();
        const expected = [
          ['ann', 'review'],
          ['bo', 'comment'],
          ['cy', scene.gateSource],
        ];
        expect(seen).toEqual(
          expected.map(([login = '', source]) => [scene.person(login), source, 'authenticated']).toSorted(),
        );
        expect(counted.every((record) => record.url?.startsWith('http'))).toBe(true);
        expect(counted.find((record) => record.source === 'comment')?.comment).toBe('looks right');
      });
    });

    describe('approvals that do not count', () => {
      it.each<[string, (forge: ForgeScene) => void, RegExp]>([
        [
          'a review of an earlier commit',
          (forge) => forge.review('ann', 'approve', { earlier: true }),
          /approved commit .* and the release is of/,
        ],
        [
          'a review before the impact report',
          (forge) => forge.review('ann', 'approve', { at: BEFORE }),
          /before the impact report/,
        ],
        [
          'a comment before the impact report',
          (forge) => forge.say('ann', `/haute approve ${ID}`, { at: BEFORE }),
          /before the impact report/,
        ],
        [
          'a comment for another release',
          (forge) => forge.say('ann', `/haute approve ${'f'.repeat(12)}`),
          /named another release/,
        ],
        ['a comment with too few digits', (forge) => forge.say('ann', '/haute approve 4f2a9c0'), /named no release/],
        ['a comment without a release', (forge) => forge.say('ann', '/haute approve'), /named no release/],
        [
          'a comment that was edited',
          (forge) => forge.say('ann', `/haute approve ${ID}`, { editedAt: LATER }),
          /changed the comment/,
        ],
        ['a bot', (forge) => forge.say('robot', `/haute approve ${ID}`), /is no person|is a bot|is a service/],
        [
          'somebody who only reads',
          (forge) => forge.say('ron', `/haute approve ${ID}`),
          /no write access|is neither in/,
        ],
        ['a stranger', (forge) => forge.say('sam', `/haute approve ${ID}`), /no write access|is neither in|no account/],
        [
          'a stranger who reviews',
          (forge) => forge.review('sam', 'approve'),
          /no write access|is neither in|no account/,
        ],
        ['the author who comments', (forge) => forge.say('eve', `/haute approve ${ID}`), /author of the change/],
        ['the author at the gate', (forge) => forge.gate('eve', 'approve'), /author of the change/],
      ])('%s', async (_, act, why) => {
        act(scene);
        const judgement = await judge();
        expect(judgement.enough).toBe(false);
        expect(judgement.ignored.map((one) => one.why).join('; ')).toMatch(why);
      });

      it.each<[string, string]>([
        ['a quotation', `> /haute approve ${ID}`],
        ['code', `\`\`\`\n/haute approve ${ID}\n\`\`\``],
        ['a sentence', `Somebody should /haute approve ${ID}`],
      ])('%s', async (_, body) => {
        scene.say('ann', body);
        expect((await judge()).enough).toBe(false);
      });

      it.each<[string, (forge: ForgeScene) => void]>([
        ['commented', (forge) => forge.say('ann', `/haute approve ${ID}`)],
        ['reviewed', (forge) => forge.review('ann', 'approve')],
      ])('somebody who %s and left', async (_, act) => {
        act(scene);
        scene.leave('ann');
        const judgement = await judge();
        expect(judgement.enough).toBe(false);
      });

      it('asks only the sources that the policy accepts', async () => {
        scene.review('ann', 'approve');
        scene.say('bo', `/haute approve ${ID}`);
        scene.gate('cy', 'approve');
        const records = await scene.forge.approvals(query({ sources: ['comment'] }));
        expect(records.map((record) => record.source)).toEqual(['comment']);
      });
    });

    describe('rejections', () => {
      it.each<[string, (forge: ForgeScene) => void]>([
        ['a review', (forge) => forge.review('bo', 'reject')],
        ['a review of an earlier commit', (forge) => forge.review('bo', 'reject', { earlier: true, at: BEFORE })],
        ['a comment', (forge) => forge.say('bo', `/haute reject ${ID} too cheap`)],
        ['a comment that names no release', (forge) => forge.say('bo', '/haute reject this is wrong')],
        ['a comment that was edited into one', (forge) => forge.say('bo', `/haute reject ${ID}`, { editedAt: LATER })],
        ['the gate', (forge) => forge.gate('bo', 'reject')],
        ['the author', (forge) => forge.say('eve', `/haute reject ${ID} I made a mistake`)],
      ])('%s outweighs approvals', async (_, act) => {
        scene.review('ann', 'approve');
        scene.say('cy', `/haute approve ${ID}`);
        act(scene);
        const judgement = await judge();
        expect(judgement.rejected).toHaveLength(1);
        expect(judgement.enough).toBe(false);
      });

      it('ends when the same person approves, and only then', async () => {
        scene.say('ann', `/haute reject ${ID}`, { at: AFTER });
        scene.say('bo', `/haute approve ${ID}`, { at: LATER });
        expect((await judge()).enough).toBe(false);
        scene.say('ann', `/haute approve ${ID}`, { at: LATER });
        expect((await judge({ needed: 2 })).enough).toBe(true);
      });

      it('is as young as the last change of its comment', async () => {
        scene.say('ann', `/haute reject ${ID}`, { at: BEFORE, editedAt: LATER });
        scene.say('ann', `/haute approve ${ID}`, { at: AFTER });
        expect((await judge()).enough).toBe(false);
      });

      it('counts for nothing from somebody who may not approve, or for another release, or of an older report', async () => {
        scene.say('sam', `/haute reject ${ID}`);
        scene.say('bo', `/haute reject ${'f'.repeat(12)}`);
        scene.say('cy', '/haute reject', { at: BEFORE });
        scene.review('ann', 'approve');
        expect((await judge()).enough).toBe(true);
      });
    });

    it('a change from a fork is approved by people of this project, never by who made it', async () => {
      scene.fork();
      scene.say('sam', `/haute approve ${ID}`);
      scene.review('ann', 'approve');
      const judgement = await judge({ needed: 2 });
      expect(judgement.counted.map((record) => record.person)).toEqual([scene.person('ann')]);
      const authors = await scene.forge.authors(scene.commit, stop.signal);
      expect(authors).toContain(scene.person('sam'));
    });

    describe('approvers by name', () => {
      it('takes those on the list and nobody else', async () => {
        scene.say('ann', `/haute approve ${ID}`);
        scene.say('cy', `/haute approve ${ID}`);
        const judgement = await judge({ approvers: [scene.person('ann')], needed: 2 });
        expect(judgement.counted.map((record) => record.person)).toEqual([scene.person('ann')]);
        expect(judgement.ignored[0]?.why).toMatch(/not among the approvers/);
      });

      it('takes the members of a group', async () => {
        scene.say('ann', `/haute approve ${ID}`);
        scene.say('cy', `/haute approve ${ID}`);
        const { counted } = await judge({ approvers: [scene.group] });
        expect(counted.map((record) => record.person)).toEqual([scene.person('ann')]);
      });

      it('takes a group that is not there for an error, not for a denial', async () => {
        scene.say('ann', `/haute approve ${ID}`);
        await expect(judge({ approvers: [scene.unknownGroup] })).rejects.toBeInstanceOf(ConfigError);
      });
    });

    describe('who made the change', () => {
      it('names the author, by name and e-mail address, and not who merged or approved', async () => {
        const authors = await scene.forge.authors(scene.commit, stop.signal);
        expect(authors).toEqual(expect.arrayContaining(['Eve Author', 'eve@example.com']));
        expect(authors).not.toContain('ann@example.com');
      });
    });

    describe('long lists', () => {
      it('reads a hundred pages: the one rejection on the last of them stands', { timeout: 120_000 }, async () => {
        scene.review('ann', 'approve');
        for (let index = 0; index < 9_999; index++) scene.say('cy', `thought ${index}`);
        expect((await judge()).enough).toBe(true);
        scene.say('bo', `/haute reject ${ID}`);
        expect((await judge()).enough).toBe(false);
      });
    });

    describe('what goes wrong while asking', () => {
      const gone: Fault = { status: 404, body: { message: '404 Not Found' } };
      const busy: Fault = { status: 429, headers: { 'retry-after': '7' }, body: { message: 'slow down' } };
      const down: Fault = { status: 503, body: { message: 'unavailable' } };
      const page: Fault = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' };

      it.each<[string, Fault, string]>([
        ['401', { status: 401, body: { message: '401 Unauthorized' } }, 'FORGE-TOKEN'],
        ['403', { status: 403, body: { message: 'forbidden' } }, 'FORGE-PERMISSION'],
        ['404', gone, 'FORGE-NOT-FOUND'],
        ['422', { status: 422, body: { message: 'No commit found' } }, 'FORGE-REFUSED'],
        ['429 that does not end', busy, 'FORGE-BUSY'],
        ['500 that does not end', { status: 500, body: { message: 'oops' } }, 'FORGE-UNAVAILABLE'],
        ['503 that does not end', down, 'FORGE-UNAVAILABLE'],
        ['answers that are always cut off', 'cut', 'FORGE-BAD-ANSWER'],
        ['connections that always break', 'lost', 'FORGE-UNREACHABLE'],
        ['a page of a login form', page, 'FORGE-BAD-ANSWER'],
      ])('%s is an error, never an answer', async (_, fault, code) => {
        scene.review('ann', 'approve');
        scene.server.fail(scene.routes.changeRequests, fault, 99);
        const error = await scene.forge.approvals(query()).catch((thrown: unknown) => thrown);
        expect(codeOf(error)).toBe(code);
        await expect(scene.forge.authors(scene.commit, stop.signal)).rejects.toThrow(code);
      });

      it.each<[string, Fault]>([
        ['429', busy],
        ['503', down],
        ['an answer that was cut off', 'cut'],
        ['a connection that broke', 'lost'],
        ['a page of a proxy', page],
      ])('%s once is asked again', async (_, fault) => {
        scene.say('ann', `/haute approve ${ID}`);
        scene.server.fail(scene.routes.comments, fault);
        expect((await judge()).enough).toBe(true);
      });

      it('an expired token is said to be one', async () => {
        scene.expire();
        await expect(scene.forge.approvals(query())).rejects.toThrow(/FORGE-TOKEN.*expired/s);
      });

      it('a permission that is missing is named, with where to add it', async () => {
        scene.deny();
        const error = await scene.forge.approvals(query()).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ConfigError);
        expect(codeOf(error)).toMatch(/FORGE-PERMISSION|FORGE-NOT-FOUND/);
        expect((error as ConfigError).message).toMatch(/read/i);
      });

      it('silence ends after its time', async () => {
        scene.server.fail(scene.routes.changeRequests, 'silent', 99);
        await expect(scene.forge.approvals(query())).rejects.toThrow('FORGE-TIMEOUT');
      });

      it('stops when it is cancelled', async () => {
        await expect(scene.forge.approvals(query({ signal: AbortSignal.abort() }))).rejects.toBeInstanceOf(Interrupted);
        const controller = new AbortController();
        scene.server.fail(scene.routes.changeRequests, 'silent', 99);
        const asked = scene.forge.approvals(query({ signal: controller.signal }));
        setTimeout(() => controller.abort(), 20);
        await expect(asked).rejects.toBeInstanceOf(Interrupted);
      });
    });

    describe('a comment of ours', () => {
      const comment = (body: string): StickyComment => ({
        key: 'impact-report',
        commit: scene.commit,
        body,
        signal: stop.signal,
      });
      const ours = (): readonly string[] =>
        scene.comments().filter((body) => body.startsWith('<!-- haute-deploy: impact-report -->'));

      it('is written once and then changed where it stands', async () => {
        expect(await scene.forge.comment(comment('premiums +1 %'))).toMatchObject({ done: true });
        expect(await scene.forge.comment(comment('premiums +2 %'))).toMatchObject({ done: true });
        expect(ours()).toHaveLength(1);
        expect(ours()[0]).toContain('premiums +2 %');
      });

      it('is not written again when nothing changed', async () => {
        await scene.forge.comment(comment('same'));
        const writes = scene.server.requests.filter(({ method }) => method !== 'GET').length;
        await scene.forge.comment(comment('same'));
        expect(
          scene.server.requests.filter(({ method, route }) => method !== 'GET' && !/query/i.test(route)),
        ).toHaveLength(writes - queriesOf(scene));
      });

      it('is not written twice when the answer to the first was lost', async () => {
        scene.server.fail(scene.routes.newComment, 'lost');
        expect(await scene.forge.comment(comment('once'))).toMatchObject({ done: true });
        expect(ours()).toHaveLength(1);
      });

      it('leaves a comment alone that only quotes it', async () => {
        scene.say('ann', 'they wrote\n<!-- haute-deploy: impact-report -->');
        await scene.forge.comment(comment('mine'));
        expect(scene.comments()).toHaveLength(2);
      });

      it('is shortened to what the forge takes', async () => {
        expect(await scene.forge.comment(comment('a line of the report\n'.repeat(100_000)))).toMatchObject({
          done: true,
        });
        expect(ours()[0]).toContain('Cut here');
      });

      it('says why not where there is no change request', async () => {
        const outcome = await scene.forge.comment({ ...comment('x'), commit: 'd'.repeat(40) });
        expect(outcome).toMatchObject({ done: false, why: expect.stringMatching(/no (?:pull|merge) request/) });
      });
    });

    describe('deployment records', () => {
      const record = (
        status: DeploymentRecord['status'],
        change: Partial<DeploymentRecord> = {},
      ): DeploymentRecord => ({
        environment: 'production',
        releaseId: RELEASE,
        commit: scene.commit,
        status,
        url: 'https://motor.example.com',
        description: 'motor 4f2a9c01d2e3',
        production: true,
        signal: stop.signal,
        ...change,
      });

      it('are made once and updated', async () => {
        if (scene.deployments('production') === undefined) {
          expect(await scene.forge.recordDeployment(record('success'))).toMatchObject({ done: false });
          return;
        }
        await scene.forge.recordDeployment(record('in-progress'));
        await scene.forge.recordDeployment(record('in-progress'));
        expect(await scene.forge.recordDeployment(record('success'))).toMatchObject({ done: true });
        expect(scene.deployments('production')).toEqual(['success']);
      });
    });
  });
}

/** Questions that a forge asks by POST. */
function queriesOf(scene: ForgeScene): number {
  return scene.server.requests.filter(({ method, route }) => method !== 'GET' && /query/i.test(route)).length / 2;
}

function codeOf(error: unknown): string {
  if (error instanceof ConfigError) return error.problems[0].code;
  return error instanceof ProviderError ? error.problem.code : String(error);
}
