variable "region" {
  type    = string
  default = "nyc3"
  validation {
    condition     = contains(["nyc3", "ams3"], var.region)
    error_message = "only where our other things are"
  }
}

variable "ssh_key_ids" {
  type = list(string)
}

variable "do_token" {
  type      = string
  sensitive = true
}
