output "registry" {
  description = "For `registry` in [deploy.container] of haute.toml"
  value       = split("/", aws_ecr_repository.this.repository_url)[0]
}

output "production_url" {
  value = "https://${aws_lb.this.dns_name}"
}

output "test_url" {
  description = "Where a candidate answers before it has traffic"
  value       = "https://${aws_lb.this.dns_name}:${local.ports.test}"
}

output "staging_url" {
  value = "https://${aws_lb.this.dns_name}:${local.ports.staging}"
}

output "role_arns" {
  description = "A role for each kind of job"
  value       = { for role, resource in aws_iam_role.pipeline : role => resource.arn }
}
