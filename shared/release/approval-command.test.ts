import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readApprovalCommands } from './approval-command.ts';

const ID = '4f2a9c01d2e3';

describe('commands in a comment', () => {
  it.each<[string, string, readonly string[]]>([
    ['an approval', `/approve ${ID}`, [`approve ${ID} `]],
    ['a whole digest', `/approve sha256:${ID}`, [`approve sha256:${ID} `]],
    ['as code, the way it was copied', `/approve \`${ID}\``, [`approve ${ID} `]],
    [
      'with a reason',
      `/reject ${ID} the young drivers are too cheap`,
      [`reject ${ID} the young drivers are too cheap`],
    ],
    ['with a capital, as telephones write', `/Approve ${ID}`, [`approve ${ID} `]],
    ['for forges with a command of this name', `/haute approve ${ID}`, [`approve ${ID} `]],
    ['between other lines', `Looks right.\r\n\r\n/approve ${ID}\r\nThanks`, [`approve ${ID} `]],
    ['two of them', `/approve ${ID}\n/reject ${ID}`, [`approve ${ID} `, `reject ${ID} `]],
    ['without a release', '/approve', ['approve  ']],
    ['without a release, with words', '/reject this is wrong', ['reject  this is wrong']],
    ['a quotation', `> /approve ${ID}`, []],
    ['a quotation in a quotation', `> > /approve ${ID}`, []],
    ['in the middle of a line', `please /approve ${ID}`, []],
    ['fenced code', `\`\`\`\n/approve ${ID}\n\`\`\``, []],
    ['fenced code that is not closed', `~~~~\n/approve ${ID}\n~~~`, []],
    ['after fenced code', `\`\`\`sh\nx\n\`\`\`\n/approve ${ID}`, [`approve ${ID} `]],
    ['indented code', `    /approve ${ID}`, []],
    ['a tab', `\t/approve ${ID}`, []],
    ['an HTML comment', `<!--\n/approve ${ID}\n-->`, []],
    ['an HTML comment that is not closed', `<!--\n/approve ${ID}`, []],
    ['after an HTML comment', `<!-- hint -->\n/approve ${ID}`, [`approve ${ID} `]],
    ['an approval in doubt', `see <!--\n/approve ${ID}\n-->`, []],
    ['an approval after the doubt', `see <!--\n-->\n/approve ${ID}`, [`approve ${ID} `]],
    ['a rejection in doubt', `I saw \`<!--\`\n/reject ${ID}`, [`reject ${ID} `]],
    ['a rejection after code with a comment', `\`\`\`\n<!--\n\`\`\`\n/reject ${ID}`, [`reject ${ID} `]],
    ['a list', `- /approve ${ID}`, []],
    ['another word', `/approved ${ID}`, []],
    ['a path', `/approve/${ID}`, []],
  ])('%s', (_, body, expected) => {
    const found = readApprovalCommands(body).map(({ word, release, note }) => `${word} ${release} ${note}`);
    expect(found).toEqual(expected);
  });

  it('reads any text without an exception, and never a word from a quotation', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        const quoted = lines.map((line) => `> /approve ${ID} ${line.replaceAll(/[\r\n]/g, '')}`).join('\n');
        expect(readApprovalCommands(quoted)).toEqual([]);
        readApprovalCommands(lines.join('\n'));
      }),
    );
  });
});
