region    = "fra1"
web_count = 3
