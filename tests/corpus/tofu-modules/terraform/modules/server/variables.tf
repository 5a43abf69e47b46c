variable "name" { type = string }
variable "size" { type = string }
variable "region" {
  type    = string
  default = "fra1"
}
variable "backups" {
  type    = bool
  default = false
}
variable "ssh_keys" { type = list(string) }
variable "admins" {
  description = "Networks that may reach port 22"
  type        = list(string)
}
