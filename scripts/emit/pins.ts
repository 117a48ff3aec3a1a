import type { Scalar } from 'yaml';
import { commented } from './yaml.ts';

/** Actions of others that generated workflows use, each pinned to the commit of a release. */
const PINS = {
  'actions/checkout': ['de0fac2e4500dabe0009e67214ff5f5447ce83dd', 'v6.0.2'],
  'actions/upload-artifact': ['b7c566a772e6b6bfb58ed0dc250532a479d7789f', 'v6.0.0'],
  'actions/download-artifact': ['37930b1c2abaa49bbe596cd826c3c89aef350131', 'v7.0.0'],
  'astral-sh/setup-uv': ['61cb8a9741eeb8a550a1b8544337180c0fc8476b', 'v7.2.0'],
} as const;

/** The value of a `uses`: the action by its commit, and the release as a comment. */
export function pinned(action: keyof typeof PINS): Scalar<string> {
  const [commit, release] = PINS[action];
  return commented(`${action}@${commit}`, release);
}
