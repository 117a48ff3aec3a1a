locals {
  # Roles of the tasks and of ECS itself, and the service that may take each.
  service_roles = {
    task          = "ecs-tasks.amazonaws.com"
    execution     = "ecs-tasks.amazonaws.com"
    load_balancer = "ecs.amazonaws.com"
  }
}

data "aws_iam_policy_document" "taken_by" {
  for_each = local.service_roles

  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

# What the application itself may do: nothing.
resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  assume_role_policy = data.aws_iam_policy_document.taken_by["task"].json
}

# Pulls the image and writes the log.
resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  assume_role_policy = data.aws_iam_policy_document.taken_by["execution"].json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

# Lets ECS move the weights of the listeners.
resource "aws_iam_role" "load_balancer" {
  name               = "${var.name}-load-balancer"
  assume_role_policy = data.aws_iam_policy_document.taken_by["load_balancer"].json
}

resource "aws_iam_role_policy_attachment" "load_balancer" {
  role       = aws_iam_role.load_balancer.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}
