# seance:1 sha256:c99b16305da81422 · generated: edit seance.toml, run "seance gen"
terraform {
  # The state lies on this machine only; [state] in seance.toml moves it to a bucket.
  backend "local" {
    path = "terraform.tfstate"
  }
}
