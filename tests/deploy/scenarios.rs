//! Small modules before and after a change, for the recorded plans.

/// Something that happens between the apply of the first module and the plan of the second.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outside {
    /// Nothing.
    Nothing,
    /// The engine is called with these arguments.
    Engine(&'static [&'static str]),
    /// Somebody destroys the droplet.
    Gone,
    /// Somebody renames the droplet.
    Renamed,
    /// An older object of the first resource is left over.
    Deposed,
}

/// One plan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scenario {
    /// Name of the file with the recorded plan.
    pub(crate) name: &'static str,
    /// What is applied first; nothing when empty.
    pub(crate) before: &'static str,
    /// What happens then.
    pub(crate) outside: Outside,
    /// What is planned.
    pub(crate) after: &'static str,
    /// Further arguments of the plan.
    pub(crate) options: &'static [&'static str],
    /// The module in the folder `inner`, for those that call it.
    pub(crate) inner: &'static str,
}

/// The beginning of every module.
pub(crate) const REQUIRED: &str = r#"
terraform {
  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = "2.99.1"
    }
    cloudflare = {
      source = "cloudflare/cloudflare"
    }
  }
}
"#;
/// The beginning of the outer module.
pub(crate) const PROVIDERS: &str = REQUIRED;

/// A droplet with further arguments, and with other values in the place of the usual ones.
macro_rules! droplet {
    ($label:literal $(, $more:literal)* ; $name:literal, $region:literal, $size:literal) => {
        concat!(
            "resource \"digitalocean_droplet\" \"", $label, "\" {\n",
            "  name        = \"", $name, "\"\n",
            "  region      = \"", $region, "\"\n",
            "  size        = \"", $size, "\"\n",
            "  image       = \"ubuntu-24-04-x64\"\n",
            $("  ", $more, "\n",)*
            "}\n"
        )
    };
    ($label:literal $(, $more:literal)*) => {
        droplet!($label $(, $more)* ; "web", "fra1", "s-1vcpu-1gb")
    };
}

macro_rules! scenario {
    ($name:literal, $before:expr => $after:expr $(, $field:ident: $value:expr)*) => {
        Scenario {
            name: $name,
            before: $before,
            after: $after,
            $($field: $value,)*
            ..USUAL
        }
    };
}

const USUAL: Scenario = Scenario {
    name: "",
    before: "",
    outside: Outside::Nothing,
    after: "",
    options: &[],
    inner: "",
};

const DROPLET: &str = droplet!("server", "resize_disk = false");
const LARGER: &str = droplet!("server", "resize_disk = false"; "web", "fra1", "s-2vcpu-2gb");
const PROTECTED: &str = droplet!("server", "lifecycle {", "prevent_destroy = true", "}");
const TWO: &str = droplet!("server", "count = 2"; "web-${count.index}", "fra1", "s-1vcpu-1gb");
const ONE: &str = droplet!("server", "count = 1"; "web-${count.index}", "fra1", "s-1vcpu-1gb");
const CALL: &str = "module \"inner\" {\n  source = \"./inner\"\n}\n";

const FIREWALL: &str = r#"
resource "digitalocean_firewall" "server" {
  name = "web"
  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = ["0.0.0.0/0"]
  }
}
"#;
const FIREWALL_MORE: &str = r#"
resource "digitalocean_firewall" "server" {
  name = "web"
  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = ["0.0.0.0/0"]
  }
  inbound_rule {
    protocol         = "tcp"
    port_range       = "443"
    source_addresses = ["0.0.0.0/0"]
  }
}
"#;
const KEY: &str = r#"
resource "digitalocean_ssh_key" "deploy" {
  name       = "web"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDnd6T1MNN8McxPdImHzYEtuKzlsX8OXo8ENs61IYiLq a"
}
"#;
const KEY_OTHER: &str = r#"
resource "digitalocean_ssh_key" "deploy" {
  name       = "web"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ b"
}
"#;
const ADDRESS: &str =
    "resource \"digitalocean_reserved_ip\" \"server\" {\n  region = \"fra1\"\n}\n";
const ADDRESS_MOVED: &str =
    "resource \"digitalocean_reserved_ip\" \"server\" {\n  region = \"ams3\"\n}\n";
const VOLUME: &str = r#"
resource "digitalocean_volume" "data" {
  name   = "data"
  region = "fra1"
  size   = 10
}
"#;
const VOLUME_LARGER: &str = r#"
resource "digitalocean_volume" "data" {
  name   = "data"
  region = "fra1"
  size   = 20
}
"#;
const VOLUME_MOVED: &str = r#"
resource "digitalocean_volume" "data" {
  name   = "data"
  region = "ams3"
  size   = 10
}
"#;
const RECORD: &str = r#"
resource "cloudflare_dns_record" "ipv4" {
  zone_id = "@ZONE@"
  name    = "www.example.org"
  type    = "A"
  content = "192.0.2.1"
  ttl     = 300
}
"#;
const RECORD_CHANGED: &str = r#"
resource "cloudflare_dns_record" "ipv4" {
  zone_id = "@ZONE@"
  name    = "www.example.org"
  type    = "A"
  content = "192.0.2.2"
  ttl     = 300
}
"#;
const RECORDS: &str = r#"
resource "cloudflare_dns_record" "ipv4" {
  for_each = toset(["a.example.org", "b.example.org"])
  zone_id  = "@ZONE@"
  name     = each.value
  type     = "A"
  content  = "192.0.2.1"
  ttl      = 300
}
"#;
const RECORDS_OTHERS: &str = r#"
resource "cloudflare_dns_record" "ipv4" {
  for_each = toset(["b.example.org", "c.example.org"])
  zone_id  = "@ZONE@"
  name     = each.value
  type     = "A"
  content  = "192.0.2.1"
  ttl      = 300
}
"#;
const INSTALLED: &str = concat!(
    droplet!("server"),
    r#"
resource "terraform_data" "install" {
  triggers_replace = digitalocean_droplet.server.id
}
resource "terraform_data" "system" {
  triggers_replace = [terraform_data.install.id, "one"]
}
"#
);
const INSTALLED_ANEW: &str = concat!(
    droplet!("server"),
    r#"
resource "terraform_data" "install" {
  triggers_replace = "${digitalocean_droplet.server.id} again"
}
resource "terraform_data" "system" {
  triggers_replace = [terraform_data.install.id, "one"]
}
"#
);
const SWITCHED: &str = concat!(
    droplet!("server"),
    r#"
resource "terraform_data" "install" {
  triggers_replace = digitalocean_droplet.server.id
}
resource "terraform_data" "system" {
  triggers_replace = [terraform_data.install.id, "two"]
}
"#
);
const SEVERAL: &str = concat!(
    droplet!("server"; "web", "fra1", "s-2vcpu-4gb"),
    r#"
resource "terraform_data" "install" {
  triggers_replace = digitalocean_droplet.server.id
}
resource "terraform_data" "system" {
  triggers_replace = [terraform_data.install.id, "two"]
}
resource "cloudflare_dns_record" "ipv4" {
  zone_id = "@ZONE@"
  name    = "www.example.org"
  type    = "A"
  content = digitalocean_droplet.server.ipv4_address
  ttl     = 300
}
"#
);
const REPLACED_ALL: &str = concat!(
    droplet!("server"; "web", "ams3", "s-1vcpu-1gb"),
    r#"
resource "terraform_data" "install" {
  triggers_replace = digitalocean_droplet.server.id
}
resource "terraform_data" "system" {
  triggers_replace = [terraform_data.install.id, "one"]
}
"#
);
const ASSIGNED: &str = concat!(
    droplet!("server"),
    droplet!("other"; "other", "fra1", "s-1vcpu-1gb"),
    r#"
resource "digitalocean_reserved_ip" "server" {
  region = "fra1"
}
resource "digitalocean_reserved_ip_assignment" "server" {
  ip_address = digitalocean_reserved_ip.server.ip_address
  droplet_id = digitalocean_droplet.server.id
}
"#
);
const ASSIGNED_OTHER: &str = concat!(
    droplet!("server"),
    droplet!("other"; "other", "fra1", "s-1vcpu-1gb"),
    r#"
resource "digitalocean_reserved_ip" "server" {
  region = "fra1"
}
resource "digitalocean_reserved_ip_assignment" "server" {
  ip_address = digitalocean_reserved_ip.server.ip_address
  droplet_id = digitalocean_droplet.other.id
}
"#
);
const FOLLOWED: &str = r#"
resource "terraform_data" "version" {
  input = "one"
}
resource "terraform_data" "install" {
  lifecycle {
    replace_triggered_by = [terraform_data.version]
  }
}
"#;
const FOLLOWED_CHANGED: &str = r#"
resource "terraform_data" "version" {
  input = "two"
}
resource "terraform_data" "install" {
  lifecycle {
    replace_triggered_by = [terraform_data.version]
  }
}
"#;
const READ_LATER: &str = concat!(
    droplet!("server"),
    r#"
data "cloudflare_zone" "by_name" {
  filter = {
    name = "example.org"
  }
  depends_on = [digitalocean_droplet.server]
}
"#
);

/// Every one of them.
pub(crate) const SCENARIOS: &[Scenario] = &[
    scenario!("droplet-made", "" => DROPLET),
    scenario!("droplet-as-it-is", DROPLET => DROPLET),
    scenario!("droplet-destroyed", DROPLET => ""),
    scenario!("droplet-destroyed-on-request", DROPLET => DROPLET, options: &["-destroy"]),
    scenario!("droplet-resized", DROPLET => LARGER),
    scenario!(
        "droplet-resized-with-its-disk",
        DROPLET => droplet!("server", "resize_disk = true"; "web", "fra1", "s-2vcpu-2gb")
    ),
    scenario!(
        "droplet-renamed",
        DROPLET => droplet!("server", "resize_disk = false"; "other", "fra1", "s-1vcpu-1gb")
    ),
    scenario!(
        "droplet-in-another-region",
        DROPLET => droplet!("server", "resize_disk = false"; "web", "ams3", "s-1vcpu-1gb")
    ),
    scenario!(
        "droplet-made-before-the-old-one-goes",
        DROPLET => droplet!("server", "lifecycle {", "create_before_destroy = true", "}"; "web", "ams3", "s-1vcpu-1gb")
    ),
    scenario!("droplet-with-user-data", DROPLET => droplet!("server", "user_data = \"#!/bin/sh\"")),
    scenario!("droplet-with-monitoring", DROPLET => droplet!("server", "monitoring = true")),
    scenario!("droplet-with-ipv6", droplet!("server") => droplet!("server", "ipv6 = true")),
    scenario!("droplet-without-ipv6", droplet!("server", "ipv6 = true") => droplet!("server", "ipv6 = false")),
    scenario!("droplet-with-backups", droplet!("server") => droplet!("server", "backups = true")),
    scenario!("droplet-with-a-tag", droplet!("server") => droplet!("server", "tags = [\"web\"]")),
    scenario!(
        "droplet-protected-in-another-region",
        PROTECTED => droplet!("server", "lifecycle {", "prevent_destroy = true", "}"; "web", "ams3", "s-1vcpu-1gb")
    ),
    scenario!("droplet-protected-and-destroyed", PROTECTED => PROTECTED, options: &["-destroy"]),
    scenario!("droplet-protected-and-gone-from-the-module", PROTECTED => ""),
    scenario!(
        "droplet-tainted", DROPLET => DROPLET,
        outside: Outside::Engine(&["taint", "digitalocean_droplet.server"])
    ),
    scenario!(
        "droplet-replaced-on-request", DROPLET => DROPLET,
        options: &["-replace=digitalocean_droplet.server"]
    ),
    scenario!(
        "droplet-forgotten",
        DROPLET => "removed {\n  from = digitalocean_droplet.server\n  lifecycle {\n    destroy = false\n  }\n}\n"
    ),
    scenario!(
        "droplet-forgotten-and-made",
        droplet!("server", "lifecycle {", "destroy = false", "}")
            => droplet!("server", "lifecycle {", "destroy = false", "}"; "web", "ams3", "s-1vcpu-1gb")
    ),
    scenario!(
        "droplet-taken-over",
        DROPLET => concat!(droplet!("server", "resize_disk = true"), "import {\n  to = digitalocean_droplet.server\n  id = \"@DROPLET@\"\n}\n"),
        outside: Outside::Engine(&["state", "rm", "digitalocean_droplet.server"])
    ),
    scenario!(
        "droplet-taken-over-and-resized",
        DROPLET => concat!(
            droplet!("server", "resize_disk = false"; "web", "fra1", "s-2vcpu-2gb"),
            "import {\n  to = digitalocean_droplet.server\n  id = \"@DROPLET@\"\n}\n"
        ),
        outside: Outside::Engine(&["state", "rm", "digitalocean_droplet.server"])
    ),
    scenario!(
        "droplet-moved",
        DROPLET => concat!(
            droplet!("web", "resize_disk = false"),
            "moved {\n  from = digitalocean_droplet.server\n  to = digitalocean_droplet.web\n}\n"
        )
    ),
    scenario!(
        "droplet-moved-and-resized",
        DROPLET => concat!(
            droplet!("web", "resize_disk = false"; "web", "fra1", "s-2vcpu-2gb"),
            "moved {\n  from = digitalocean_droplet.server\n  to = digitalocean_droplet.web\n}\n"
        )
    ),
    scenario!("droplets-one-less", TWO => ONE),
    scenario!("droplets-one-more", ONE => TWO),
    scenario!(
        "droplet-counted-now", droplet!("server"; "web-0", "fra1", "s-1vcpu-1gb") => ONE
    ),
    scenario!("droplet-switched-off", DROPLET => droplet!("server", "lifecycle {", "enabled = false", "}")),
    scenario!("droplet-in-a-module", "" => CALL, inner: droplet!("server")),
    scenario!("module-with-a-droplet-gone", CALL => "", inner: droplet!("server")),
    scenario!(
        "droplet-moved-into-a-module",
        droplet!("server")
            => concat!(
                "module \"inner\" {\n  source = \"./inner\"\n}\n",
                "moved {\n  from = digitalocean_droplet.server\n  to = module.inner.digitalocean_droplet.server\n}\n"
            ),
        inner: droplet!("server")
    ),
    scenario!("droplet-destroyed-outside", DROPLET => DROPLET, outside: Outside::Gone),
    scenario!("droplet-renamed-outside", DROPLET => DROPLET, outside: Outside::Renamed),
    scenario!("droplet-left-over", DROPLET => DROPLET, outside: Outside::Deposed),
    scenario!("firewall-made", "" => FIREWALL),
    scenario!("firewall-with-a-port-more", FIREWALL => FIREWALL_MORE),
    scenario!("firewall-destroyed", FIREWALL => ""),
    scenario!("key-replaced", KEY => KEY_OTHER),
    scenario!("address-reserved", "" => ADDRESS),
    scenario!("address-given-back", ADDRESS => ""),
    scenario!("address-in-another-region", ADDRESS => ADDRESS_MOVED),
    scenario!("address-assigned-to-another", ASSIGNED => ASSIGNED_OTHER),
    scenario!("volume-grown", VOLUME => VOLUME_LARGER),
    scenario!("volume-in-another-region", VOLUME => VOLUME_MOVED),
    scenario!("volume-destroyed", VOLUME => ""),
    scenario!("record-made", "" => RECORD),
    scenario!("record-changed", RECORD => RECORD_CHANGED),
    scenario!("record-destroyed", RECORD => ""),
    scenario!("records-with-other-keys", RECORDS => RECORDS_OTHERS),
    scenario!("installed", "" => INSTALLED),
    scenario!("installed-anew", INSTALLED => INSTALLED_ANEW),
    scenario!(
        "installation-tainted", INSTALLED => INSTALLED,
        outside: Outside::Engine(&["taint", "terraform_data.install"])
    ),
    scenario!("installation-gone-from-the-module", INSTALLED => droplet!("server")),
    scenario!("system-switched", INSTALLED => SWITCHED),
    scenario!("several-at-once", INSTALLED => SEVERAL),
    scenario!("all-replaced", INSTALLED => REPLACED_ALL),
    scenario!("replaced-with-what-it-follows", FOLLOWED => FOLLOWED_CHANGED),
    scenario!("data-read-later", "" => READ_LATER),
];
