import { forgeContract } from '../contracts/forge-contract.ts';
import { githubScene } from './github-scene.ts';

forgeContract('GitHub', githubScene);
