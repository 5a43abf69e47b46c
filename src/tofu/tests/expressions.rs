//! Each construct and each function by itself.

use super::super::Configuration;
use super::shown;

/// What an expression evaluates to beside a few declarations.
pub(super) fn evaluated(expression: &str) -> String {
    let text = format!("{DECLARATIONS}\nlocals {{\n  result = {expression}\n}}\n");
    let files = [("main.tf".to_owned(), text)].into();
    let configuration = Configuration::new(&files);
    let module = configuration
        .modules
        .first()
        .unwrap_or_else(|| panic!("{expression} does not parse"));
    shown(&module.locals()["result"])
}

pub(super) const DECLARATIONS: &str = r#"
variable "unset" { type = string }
variable "size" { default = "s-1vcpu-2gb" }
variable "none" { default = null }
locals {
  ports   = [22, 80]
  rules   = [{ port = 22, open = true }, { port = 80, open = false }]
  partial = concat([1], var.unset)
  cycle_a = local.cycle_b
  cycle_b = local.cycle_a
}
resource "droplet" "one" {}
resource "droplet" "two" { count = 2 }
resource "droplet" "none" { count = 0 }
resource "droplet" "each" { for_each = toset(["b", "a"]) }
resource "droplet" "some" { count = var.unset }
"#;

#[test]
fn expressions_are_evaluated() {
    for (expression, expected) in [
        ("\"a${1 + 2}-${var.size}\"", "\"a3-s-1vcpu-2gb\""),
        ("\"${local.ports}\"", "[22, 80]"),
        ("\"x${var.unset}\"", "?"),
        ("<<-EOT\n    a ${1}\n    b\n  EOT\n", "\"a 1\\nb\\n\""),
        ("var.size == \"s-1vcpu-2gb\" ? 1 : 2", "1"),
        ("var.unset == null ? 1 : 2", "?"),
        ("var.none == null && !false", "true"),
        ("false && var.unset", "false"),
        ("var.unset || true", "true"),
        ("-(7 % 4) * 2 / 4 >= -1.5", "true"),
        ("1 / 0", "!"),
        ("local.rules[1].port", "80"),
        ("local.rules[*].port", "[22, 80]"),
        ("local.rules.*.port", "[22, 80]"),
        ("local.rules.0.port", "22"),
        ("var.none[*].x", "[]"),
        ("local.ports[7]", "!"),
        ("local.partial", "[1, …]"),
        ("local.partial[0]", "?"),
        ("[for r in local.rules : r.port if r.open]", "[22]"),
        ("{ for i, p in local.ports : p => i }", "{22: 0, 80: 1}"),
        ("[for k, v in { a = 1 } : \"${k}${v}\"]", "[\"a1\"]"),
        ("[for p in local.ports : p if var.unset]", "[…]"),
        ("{ a = 1, (var.size) = 2 }", "{a: 1, s-1vcpu-2gb: 2}"),
        ("{ a = 1, (var.unset) = 2, b = 3 }", "{b: 3, …}"),
        ("[for k, v in toset([\"a\"]) : \"${k}${v}\"]", "[\"aa\"]"),
        ("toset([\"a\"])[0]", "!"),
        ("tolist(toset([\"a\"]))[0]", "\"a\""),
        ("local.cycle_a", "?"),
        ("local.absent", "!"),
        ("each.value", "?"),
        ("path.module", "\".\""),
        ("terraform.workspace", "?"),
    ] {
        assert_eq!(evaluated(expression), expected, "{expression}");
    }
}

#[test]
fn resources_stay_references() {
    for (expression, expected) in [
        ("droplet.one.id", "<droplet.one.id>"),
        ("\"${droplet.one.id}\"", "<droplet.one.id>"),
        ("tostring(droplet.one.id)", "<droplet.one.id>"),
        ("droplet.one[*].id", "[<droplet.one.id>]"),
        ("droplet.two[1].id", "<droplet.two[1].id>"),
        (
            "droplet.two[*].id",
            "[<droplet.two[0].id>, <droplet.two[1].id>]",
        ),
        ("one(droplet.none[*].id)", "null"),
        ("droplet.each[\"a\"].id", "<droplet.each[\"a\"].id>"),
        (
            "values(droplet.each)[*].id",
            "[<droplet.each[\"a\"].id>, <droplet.each[\"b\"].id>]",
        ),
        ("droplet.some[0].id", "<droplet.some[0].id>"),
        ("droplet.some[*].id", "[…]"),
        ("data.image.nixos.id", "<data.image.nixos.id>"),
        ("droplet.one.id == null", "?"),
    ] {
        assert_eq!(evaluated(expression), expected, "{expression}");
    }
}

#[test]
fn functions_are_evaluated() {
    for (expression, expected) in [
        ("concat([1], [], [2, 3])", "[1, 2, 3]"),
        ("merge({ a = 1, b = 1 }, null, { b = 2 })", "{a: 1, b: 2}"),
        ("merge({ a = 1 }, var.unset, { b = 2 })", "{b: 2, …}"),
        ("toset([\"b\", \"a\", \"b\"])", "[\"a\", \"b\"]"),
        ("distinct([1, 1, 2])", "[1, 2]"),
        ("flatten([[1, [2]], [], 3])", "[1, 2, 3]"),
        ("flatten([[1], var.unset])", "[1, …]"),
        ("compact([\"a\", \"\", null])", "[\"a\"]"),
        ("keys({ b = 1, a = 2 })", "[\"a\", \"b\"]"),
        ("values({ b = 1, a = 2 })", "[2, 1]"),
        ("zipmap([\"a\"], [1])", "{a: 1}"),
        ("lookup({ a = 1 }, \"b\", 2)", "2"),
        ("lookup({ a = 1 }, \"a\", 2)", "1"),
        ("length(local.ports) + length(\"abc\")", "5"),
        ("contains(local.ports, 80)", "true"),
        ("contains(local.partial, 2)", "?"),
        ("element(local.ports, 3)", "80"),
        ("slice(local.ports, 1, 2)", "[80]"),
        ("setsubtract([1, 2], [2])", "[1]"),
        ("sort(reverse([\"b\", \"a\"]))", "[\"a\", \"b\"]"),
        ("join(\"-\", split(\".\", \"a.b\"))", "\"a-b\""),
        ("format(\"%s:%d%%\", \"a\", 22)", "\"a:22%\""),
        (
            "formatlist(\"%s/32\", [\"a\", \"b\"])",
            "[\"a/32\", \"b/32\"]",
        ),
        ("upper(trimspace(\" a \"))", "\"A\""),
        ("replace(\"a.b\", \".\", \"-\")", "\"a-b\""),
        ("replace(\"a.b\", \"/./\", \"-\")", "?"),
        ("startswith(\"abc\", \"ab\")", "true"),
        ("substr(\"abc\", 1, -1)", "\"bc\""),
        ("tonumber(\"22\") + tonumber(22)", "44"),
        ("tostring(22)", "\"22\""),
        ("one([])", "null"),
        ("one([7])", "7"),
        ("coalesce(null, \"\", \"a\")", "\"a\""),
        ("coalesce(var.unset, \"a\")", "?"),
        ("coalescelist([], [1])", "[1]"),
        ("try(local.rules[0].absent, 5)", "5"),
        ("try(var.unset, 5)", "?"),
        ("can(local.rules[0].absent)", "false"),
        ("max(local.ports...)", "80"),
        ("alltrue([true, var.unset])", "?"),
        ("anytrue([true, var.unset])", "true"),
        ("file(\"a\")", "?"),
        ("jsonencode({})", "?"),
        ("cidrhost(\"10.0.0.0/8\", 1)", "?"),
    ] {
        assert_eq!(evaluated(expression), expected, "{expression}");
    }
}
