# seance:1 sha256:cffba2d83e184e41 · generated: edit seance.toml, run "seance gen"
terraform {
  # Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only: what is written here
  # ends up under .terraform.
  backend "s3" {
    bucket                      = "shared-state"
    key                         = "shared/terraform.tfstate"
    region                      = "us-east-1"
    endpoints                   = { s3 = "https://fra1.digitaloceanspaces.com" }
    use_lockfile                = false
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_s3_checksum            = true
  }
}
