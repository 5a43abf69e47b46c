terraform {
  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = ">= 2.40, < 3"
    }
  }
}

provider "digitalocean" {
  token = var.do_token
}
