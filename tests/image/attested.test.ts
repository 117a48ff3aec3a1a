import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import type { AssembledImage } from '../../shared/image/assemble/image-input.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import { toolOrSkip } from '../tools/install.ts';
import * as bench from './workbench.ts';

const cyclonedx = toolOrSkip('cyclonedx-11.12.0');
const inToto = toolOrSkip('in-toto-attestation-0.9.3');

/** Each reads documents and says of each what is wrong with it, or nothing. */
const CHECK_SBOM = `
import json, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
errors = [JsonStrictValidator(SchemaVersion.V1_6).validate_str(each) for each in json.load(sys.stdin)]
print(json.dumps(["" if error is None else str(error) for error in errors]))
`;
const CHECK_PROVENANCE = `
import json, sys
from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1.provenance_pb2 import Provenance
from in_toto_attestation.v1.statement import Statement
import in_toto_attestation.v1.statement_pb2 as pb
def check(text):
    try:
        statement = json_format.Parse(text, pb.Statement(), ignore_unknown_fields=False)
        Statement.copy_from_pb(statement).validate()
        json_format.ParseDict(json_format.MessageToDict(statement.predicate), Provenance(), ignore_unknown_fields=False)
    except Exception as error:
        return str(error)
    return ""
print(json.dumps([check(each) for each in json.load(sys.stdin)]))
`;

describe('what is attached to an image', () => {
  const folders = new bench.Folders();
  const registry = new MemoryRegistry();
  let image: AssembledImage;

  beforeAll(async () => {
    await bench.storeBase(registry);
    const root = bench.projectWithWheels(folders.empty());
    const pkg = bench.packageIn(folders.empty(), bench.FILES);
    image = await assembleImage(bench.inputFor(pkg), bench.toolsIn(registry, root, folders.empty()));
  });
  afterAll(() => folders.remove());

  async function attached(type: string): Promise<string> {
    const [found, ...more] = await registry.referrers(bench.APP, image.digest, type);
    expect(more).toEqual([]);
    const { manifest, pull } = await bench.readImage(registry, bench.APP, found?.digest ?? '');
    expect(manifest.subject?.digest).toBe(image.digest);
    return (await pull(manifest.layers[0] as never)).toString();
  }

  /** What a program of others says of documents: nothing of those that are right. */
  function judge(program: string, library: string | undefined, ...documents: readonly string[]): readonly string[] {
    const pythonPath = dirname(dirname(library ?? ''));
    const out = execFileSync('python3', ['-c', program], {
      input: JSON.stringify(documents),
      env: { ...bench.env, PYTHONPATH: pythonPath },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return JSON.parse(out.toString());
  }

  it('lists the packages with their licences, and the base image', async () => {
    const sbom = JSON.parse(await attached('application/vnd.cyclonedx+json'));
    expect(sbom.components).toMatchObject([
      { type: 'container', name: 'python:3.11.9-slim', version: image.baseDigest },
      {
        type: 'library',
        purl: 'pkg:pypi/greeter@1.0',
        licenses: [{ expression: 'MIT' }],
        externalReferences: [{ type: 'website', url: 'https://example.com/greeter' }],
      },
    ]);
  });

  it.skipIf(cyclonedx === undefined)('lists them as CycloneDX asks for', async () => {
    const sbom = await attached('application/vnd.cyclonedx+json');
    const [right, wrong] = judge(CHECK_SBOM, cyclonedx, sbom, sbom.replace('"library"', '"book"'));
    expect([right, wrong]).toEqual(['', expect.stringContaining('book')]);
  });

  it('says what the image was made of', async () => {
    const { subject, predicate } = JSON.parse(await attached('application/vnd.in-toto+json'));
    const hex = (digest: string) => digest.slice('sha256:'.length);
    expect(subject).toEqual([{ name: 'registry.example/team/motor', digest: { sha256: hex(image.digest) } }]);
    expect(predicate.runDetails.builder.id).toBe('https://github.com/acme/motor/actions');
    expect(predicate.buildDefinition.resolvedDependencies).toMatchObject([
      { uri: `git+https://github.com/acme/motor@${'a'.repeat(40)}`, digest: { gitCommit: 'a'.repeat(40) } },
      { name: 'base image', digest: { sha256: hex(image.baseDigest) } },
      { name: 'package' },
      { name: 'requirements' },
      { name: 'layer of packages', digest: { sha256: hex(image.layers[2]?.digest ?? '') } },
    ]);
  });

  it.skipIf(inToto === undefined)('says it as in-toto and SLSA ask for', async () => {
    const statement = await attached('application/vnd.in-toto+json');
    const [right, wrong] = judge(CHECK_PROVENANCE, inToto, statement, statement.replace('"runDetails"', '"ran"'));
    expect([right, wrong]).toEqual(['', expect.stringContaining('ran')]);
  });
});
