terraform {
  required_version = ">= 1.6"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first that knows the strategy LINEAR.
      version = ">= 6.20"
    }
  }
}
