variable "region" {
  type    = string
  default = "nyc3"
}

variable "web_count" {
  type    = number
  default = 2
}
