variable "name" {
  description = "Name of the service, of its task definitions and of its load balancer"
  type        = string
  default     = "motor-pricing"
}

variable "cluster_name" {
  description = "Name of the ECS cluster"
  type        = string
  default     = "pricing"
}

variable "repository_name" {
  description = "Name of the ECR repository: `model_name` of haute.toml"
  type        = string
  default     = "motor-pricing"
}

variable "secret_prefix" {
  description = "What the names of the secrets begin with that the task definition refers to: only that they are there is looked at"
  type        = string
  default     = "motor-pricing"
}

variable "vpc_id" {
  description = "VPC of the load balancer and the tasks"
  type        = string
}

variable "public_subnet_ids" {
  description = "Subnets of the load balancer, in two availability zones at least"
  type        = list(string)
}

variable "private_subnet_ids" {
  description = "Subnets of the tasks; they need a way to ECR and to CloudWatch Logs"
  type        = list(string)
}

variable "certificate_arn" {
  description = "Certificate of the production and the test listener"
  type        = string
}

variable "test_cidr_blocks" {
  description = "Addresses that may reach the test listener and staging: those of the runners"
  type        = list(string)
}

variable "first_image" {
  description = "Image that the services start with: anything that listens on the container's port and answers /health"
  type        = string
}

variable "container_port" {
  description = "Port that the application listens on"
  type        = number
  default     = 8080
}

variable "desired_count" {
  description = "Tasks of production"
  type        = number
  default     = 2
}

# Who may take the roles of the pipeline: give one of the three.

variable "github" {
  description = "The repository on GitHub. The ids are in `gh api repos/OWNER/REPO --jq '.owner.id, .id'`"
  type = object({
    owner         = string
    repository    = string
    owner_id      = number
    repository_id = number
    branch        = optional(string, "main")
  })
  default = null
}

variable "gitlab" {
  description = "The project on GitLab; host without https://"
  type = object({
    host    = optional(string, "gitlab.com")
    project = string
    branch  = optional(string, "main")
  })
  default = null
}

variable "azure_devops" {
  description = "The organization (its id too), the project and a service connection for each role"
  type = object({
    organization_id = string
    organization    = string
    project         = string
    connections     = object({ build = string, staging = string, production = string })
  })
  default = null
}
