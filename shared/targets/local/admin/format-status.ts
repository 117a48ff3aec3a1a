import type { LocalDeploymentStatus, LocalEnvironmentStatus, LocalStatus } from './status.ts';

/** The status as lines for people. */
export function formatLocalStatus({ gateway, environments, deployments }: LocalStatus): string {
  if (environments.length + deployments.length === 0) return 'Nothing was deployed here.\n';
  const head =
    gateway === undefined
      ? 'Stopped. The next step that needs it brings everything back.'
      : `Running, gateway ${gateway}.`;
  return `${[head, '', ...environments.flatMap(environmentLines), '', ...deployments.flatMap(deploymentLines)].join('\n')}\n`;
}

function environmentLines(environment: LocalEnvironmentStatus): readonly string[] {
  const { name, url, weights, current, promotion, listenError } = environment;
  const shares = Object.entries(weights).filter(([, weight]) => weight > 0);
  const traffic = shares.length > 0 ? shares.map(([id, weight]) => `${weight} % ${id}`).join(', ') : 'no traffic';
  return [
    `${name}  ${url}`,
    `  ${traffic}${current === undefined ? '' : `  (settled: ${current})`}`,
    ...(promotion ? [`  promotion ${promotion.id} is not over; its process is ${promotion.owner}`] : []),
    ...(listenError ? [`  its port cannot be listened on: ${listenError}`] : []),
  ];
}

function deploymentLines(deployment: LocalDeploymentStatus): readonly string[] {
  const { id, release, status, detail, url, pids, usedBy, requests } = deployment;
  return [
    `${id}  ${release}  ${status}  (${detail})`,
    ...(url === undefined ? [] : [`  ${url}`]),
    `  ${[`${requests} requests`, pids.length > 0 ? `pid ${pids.join(', ')}` : 'no process', usedBy.length > 0 ? `used by ${usedBy.join(', ')}` : 'used by nobody'].join(', ')}`,
  ];
}
