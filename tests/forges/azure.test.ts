import { forgeContract } from '../contracts/forge-contract.ts';
import { azureScene } from './azure-scene.ts';

forgeContract('Azure DevOps', azureScene);
