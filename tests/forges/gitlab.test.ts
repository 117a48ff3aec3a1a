import { forgeContract } from '../contracts/forge-contract.ts';
import { gitlabScene } from './gitlab-scene.ts';

forgeContract('GitLab', gitlabScene);
