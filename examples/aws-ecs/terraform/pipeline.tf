# The roles of the pipeline: one to build, one to stage, one to promote. None can do what another is for.

locals {
  # A repository made after 15 July 2026 has its ids in the subject, an older one has not: both are trusted.
  github_repositories = var.github == null ? [] : [
    "repo:${var.github.owner}/${var.github.repository}",
    "repo:${var.github.owner}@${var.github.owner_id}/${var.github.repository}@${var.github.repository_id}",
  ]
  github_jobs = var.github == null ? {} : {
    build      = "ref:refs/heads/${var.github.branch}"
    staging    = "environment:staging"
    production = "environment:production"
  }
  github_trust = var.github == null ? null : {
    issuer   = "token.actions.githubusercontent.com"
    audience = "sts.amazonaws.com"
    subjects = { for role, job in local.github_jobs : role => [for repository in local.github_repositories : "${repository}:${job}"] }
  }

  # GitLab's subject has the branch and no environment: protect the branch.
  gitlab_trust = var.gitlab == null ? null : {
    issuer   = var.gitlab.host
    audience = "sts.amazonaws.com"
    subjects = {
      for role in ["build", "staging", "production"] :
      role => ["project_path:${var.gitlab.project}:ref_type:branch:ref:${var.gitlab.branch}"]
    }
  }

  azure_trust = var.azure_devops == null ? null : {
    issuer   = "vstoken.dev.azure.com/${var.azure_devops.organization_id}"
    audience = "api://AzureADTokenExchange"
    subjects = {
      for role, connection in var.azure_devops.connections :
      role => ["sc://${var.azure_devops.organization}/${var.azure_devops.project}/${connection}"]
    }
  }

  trust = [for trust in [local.github_trust, local.gitlab_trust, local.azure_trust] : trust if trust != null][0]
}

resource "aws_iam_openid_connect_provider" "pipeline" {
  url            = "https://${local.trust.issuer}"
  client_id_list = [local.trust.audience]
}

data "aws_iam_policy_document" "pipeline" {
  for_each = local.trust.subjects

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.pipeline.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.trust.issuer}:aud"
      values   = [local.trust.audience]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.trust.issuer}:sub"
      values   = each.value
    }
  }
}

resource "aws_iam_role" "pipeline" {
  for_each = local.trust.subjects

  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.pipeline[each.key].json
}

# Written by `npm run generate`: the least that the steps of each role need.
resource "aws_iam_role_policy" "pipeline" {
  for_each = local.trust.subjects

  name = "haute-${each.key}"
  role = aws_iam_role.pipeline[each.key].id
  policy = templatefile("${path.module}/../iam/${each.key}.json", {
    account        = data.aws_caller_identity.current.account_id
    region         = data.aws_region.current.region
    cluster        = var.cluster_name
    production     = aws_ecs_service.production.name
    staging        = aws_ecs_service.staging.name
    family         = var.name
    repository     = var.repository_name
    log_group      = aws_cloudwatch_log_group.this.name
    task_role      = aws_iam_role.task.name
    execution_role = aws_iam_role.execution.name
    balancer_role  = aws_iam_role.load_balancer.name
    secret_prefix  = var.secret_prefix
    role           = aws_iam_role.pipeline[each.key].name
  })
}
