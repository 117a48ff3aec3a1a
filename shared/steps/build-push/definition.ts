import { commonInputs } from '../common-inputs.ts';
import { defineData } from '../define.ts';

export const definition = defineData({
  id: 'build-push',
  title: 'Haute build and push',
  summary: 'Package the pipeline reproducibly, prove that the package answers the test quotes, and store it by digest.',
  needs: { checkout: true, python: true, platform: true, environment: undefined, forge: false },
  azureTaskId: '54756dde-6f69-45ea-bdfa-65df4b3672c7',
  inputs: {
    ...commonInputs,
    quotes: { type: 'path', help: 'Folder of test quotes. Default: [test_quotes] dir of haute.toml, or tests/quotes.' },
    registry: {
      type: 'string',
      help: 'Registry and path that the image’s name is put below. Overrides [deploy.container] registry of haute.toml.',
    },
    builder: {
      type: 'choice',
      options: ['auto', 'oci', 'docker', 'buildx', 'podman', 'buildah'],
      default: 'auto',
      help: 'What makes the image. oci needs no daemon; auto is oci, unless the project has a Dockerfile of its own.',
    },
    platforms: {
      type: 'list',
      help: 'Platforms of the image, like linux/amd64. More than one makes an index. Default: linux/amd64.',
    },
    'base-image': {
      type: 'string',
      help: 'Image to build on, by patch version or digest. Overrides [deploy.container] base_image of haute.toml.',
    },
    tags: {
      type: 'list',
      help: 'Tags for the image besides the short commit and, where a version tag points to the commit, the version.',
    },
    'create-repository': {
      type: 'boolean',
      default: 'false',
      help: 'Make the repository at Amazon ECR where it is missing. Needs ecr:CreateRepository.',
    },
    scan: {
      type: 'choice',
      options: ['none', 'trivy', 'grype'],
      default: 'none',
      help: 'Scanner that looks at the image before it gets a tag; it has to be installed. [gates.scan] judges.',
    },
    push: { type: 'boolean', default: 'true', help: 'Store the artifact where the target finds it.' },
    'allow-dirty': {
      type: 'boolean',
      default: 'false',
      help: 'Build although files differ from the commit. The release then cannot be traced to its source.',
    },
  },
  outputs: {
    image: { help: 'What was stored, by digest: name@sha256:… for images, a path on the local target.' },
    digest: { help: 'Digest of what was stored.' },
    'model-version': { help: 'Registered model version, on targets that have one.' },
    'uploaded-bytes': { help: 'Bytes that had to be stored.' },
    'reused-bytes': { help: 'Bytes that were there already.' },
  },
});
