export interface FakeLoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
}

export interface WeightedGroup {
  readonly targetGroupArn: string;
  readonly weight: number;
}

export interface FakeListener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
}

export interface RuleCondition {
  readonly field: 'path-pattern' | 'host-header' | 'http-header';
  readonly values: readonly string[];
  /** Name of the header, for `http-header`. */
  readonly header?: string;
}

export interface FakeRule {
  readonly arn: string;
  readonly listenerArn: string;
  /** `default` is asked last. */
  readonly priority: number | 'default';
  readonly conditions: readonly RuleCondition[];
  forward: readonly WeightedGroup[];
}

export interface FakeTargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly healthCheckPath: string;
}

export interface ElbState {
  readonly loadBalancers: FakeLoadBalancer[];
  readonly listeners: FakeListener[];
  readonly rules: FakeRule[];
  readonly targetGroups: FakeTargetGroup[];
}

/** Points a rule at two target groups; 0 is written too, as AWS does it. */
export function forward(elb: ElbState, ruleArn: string, weights: readonly WeightedGroup[]): void {
  const rule = elb.rules.find((candidate) => candidate.arn === ruleArn);
  if (rule) rule.forward = weights;
}

/** Share of each target group of a rule, in per cent. */
export function shares(rule: FakeRule): ReadonlyMap<string, number> {
  const total = rule.forward.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(
    rule.forward.map(({ targetGroupArn, weight }) => [targetGroupArn, total === 0 ? 0 : (100 * weight) / total]),
  );
}
