"""Asks an AWS that is not AWS the same questions as another one, and prints the answers as JSON.

Arguments: its address; as JSON, where the load balancer is; nothing: a new account, which is furnished first."""

import json
import sys

import boto3

KEYS = dict(aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY")


def client(name):
    return boto3.client(name, endpoint_url=sys.argv[1], region_name="eu-west-1", **KEYS)


ecr, elb, ecs, logs, iam, sts = (client(name) for name in ("ecr", "elbv2", "ecs", "logs", "iam", "sts"))
scaling = client("application-autoscaling")
secrets, ssm = client("secretsmanager"), client("ssm")
SERVICE = dict(
    ServiceNamespace="ecs",
    ResourceId="service/pricing/motor-pricing",
    ScalableDimension="ecs:service:DesiredCount",
)


def furnish():
    subnets = client("ec2").describe_subnets()["Subnets"]
    ecs.create_cluster(clusterName="pricing")
    ecr.create_repository(repositoryName="pricing/motor")
    logs.create_log_group(logGroupName="/ecs/motor-pricing")
    secrets.create_secret(Name="motor/postcode", SecretString="x")
    ssm.put_parameter(Name="/motor/table-key", Value="x", Type="SecureString")
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName="pricing-task", AssumeRolePolicyDocument=document)
    balancer = elb.create_load_balancer(Name="pricing", Subnets=[s["SubnetId"] for s in subnets[:2]])["LoadBalancers"][0]
    http = dict(Protocol="HTTP", Port=8080, VpcId=subnets[0]["VpcId"], TargetType="ip")
    groups = [
        elb.create_target_group(Name=name, **http)["TargetGroups"][0]["TargetGroupArn"] for name in ("blue", "green")
    ]
    to_blue = [{"Type": "forward", "TargetGroupArn": groups[0]}]
    listener = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=to_blue
    )["Listeners"][0]["ListenerArn"]
    everything = [{"Field": "path-pattern", "Values": ["/*"]}]
    rule = elb.create_rule(ListenerArn=listener, Priority=10, Conditions=everything, Actions=to_blue)["Rules"][0]
    return dict(balancer=balancer["LoadBalancerArn"], listener=listener, rule=rule["RuleArn"], groups=groups)


def code(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
        return "ok"
    except Exception as error:
        return getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)


def weigh(rule, groups, weight):
    shares = [{"TargetGroupArn": groups[0], "Weight": 70}, {"TargetGroupArn": groups[1], "Weight": weight}]
    return code(elb.modify_rule, RuleArn=rule, Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}])


def weights(rule):
    (action,) = elb.describe_rules(RuleArns=[rule])["Rules"][0]["Actions"]
    return [group["Weight"] for group in action["ForwardConfig"]["TargetGroups"]]


def parameters(*names):
    asked = [{"Key": "Name", "Option": "Equals", "Values": list(names)}]
    return [found["Name"] for found in ssm.describe_parameters(ParameterFilters=asked)["Parameters"]]


def secret(name):
    found = secrets.describe_secret(SecretId=name)
    whole = secrets.describe_secret(SecretId=found["ARN"])
    return [found["Name"], whole["Name"], sorted(sum(found["VersionIdsToStages"].values(), []))]


def other(arn):
    return arn[:-4] + "ffff"


def answers(balancer, listener, rule, groups):
    none = [{"imageTag": "none"}]
    tracking = dict(
        TargetValue=70,
        PredefinedMetricSpecification={"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
    )
    fargate = dict(requiresCompatibilities=["FARGATE"], networkMode="awsvpc", cpu="256")
    return {
        "weights": weigh(rule, groups, 30),
        "weights read back": weights(rule),
        "weight over 999": weigh(rule, groups, 1000),
        "rule gone": code(elb.describe_rules, RuleArns=[other(rule)]),
        "listener gone": code(elb.describe_listeners, ListenerArns=[other(listener)]),
        "balancer gone": code(elb.describe_load_balancers, LoadBalancerArns=[other(balancer)]),
        "target group gone": code(elb.describe_target_groups, TargetGroupArns=[other(groups[0])]),
        "health of a target group gone": code(elb.describe_target_health, TargetGroupArn=other(groups[0])),
        "repository twice": code(ecr.create_repository, repositoryName="pricing/motor"),
        "repository gone": code(ecr.describe_repositories, repositoryNames=["none"]),
        "image gone": code(ecr.describe_images, repositoryName="pricing/motor", imageIds=none),
        "image of a repository gone": code(ecr.describe_images, repositoryName="none", imageIds=none),
        "image not in a batch": [
            failure["failureCode"]
            for failure in ecr.batch_get_image(repositoryName="pricing/motor", imageIds=none)["failures"]
        ],
        "cluster gone": code(ecs.describe_services, cluster="none", services=["x"]),
        "cluster not described": [f["reason"] for f in ecs.describe_clusters(clusters=["none"])["failures"]],
        "service gone": [
            failure["reason"] for failure in ecs.describe_services(cluster="pricing", services=["none"])["failures"]
        ],
        "update of a service gone": code(ecs.update_service, cluster="pricing", service="none", desiredCount=1),
        "task definition gone": code(ecs.describe_task_definition, taskDefinition="none:1"),
        "deregistration of no revision": code(ecs.deregister_task_definition, taskDefinition="none"),
        "Fargate without memory": code(
            ecs.register_task_definition,
            family="m",
            containerDefinitions=[{"name": "a", "image": "x", "memory": 128}],
            **fargate,
        ),
        "log stream gone": code(logs.get_log_events, logGroupName="/ecs/motor-pricing", logStreamName="none"),
        "log group gone": code(logs.get_log_events, logGroupName="/ecs/none", logStreamName="none"),
        "scaling policy without a target": code(
            scaling.put_scaling_policy,
            PolicyName="p",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=tracking,
            **SERVICE,
        ),
        "secret": secret("motor/postcode"),
        "secret gone": code(secrets.describe_secret, SecretId="none"),
        "parameters": parameters("/motor/table-key", "/motor/none"),
        "trust of a role": iam.get_role(RoleName="pricing-task")["Role"]["AssumeRolePolicyDocument"],
        "role gone": code(iam.get_role, RoleName="none"),
        "identity": sorted(key for key in sts.get_caller_identity() if key != "ResponseMetadata"),
    }


place = json.loads(sys.argv[2]) if len(sys.argv) > 2 else furnish()
print(json.dumps(answers(**place)))
