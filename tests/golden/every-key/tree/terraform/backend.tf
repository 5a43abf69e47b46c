# seance:1 sha256:da1d1a09ed098c55 · generated: edit seance.toml, run "seance gen"
terraform {
  # Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only: what is written here
  # ends up under .terraform.
  backend "s3" {
    bucket                      = "every-key-state"
    key                         = "every-key/terraform.tfstate"
    region                      = "us-east-1"
    endpoints                   = { s3 = "https://ams3.digitaloceanspaces.com" }
    use_lockfile                = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_s3_checksum            = true
  }
}
