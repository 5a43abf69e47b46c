use super::*;
use crate::preflight::testing::files;

mod expressions;
mod repository;
mod robustness;

/// A value in a short notation: `<…>` is a reference, `?` unknown, `!` an error, `…` stands for
/// what may be missing.
fn shown(value: &Value) -> String {
    let more = |complete: bool, shown: &mut Vec<String>| {
        if !complete {
            shown.push("…".to_owned());
        }
    };
    match &value.content {
        Content::Null => "null".to_owned(),
        Content::Text(text) => format!("{text:?}"),
        Content::Bool(_) | Content::Number(_) => value.text().unwrap(),
        Content::Reference(reference) => format!("<{reference}>"),
        Content::Unknown => "?".to_owned(),
        Content::Invalid => "!".to_owned(),
        Content::List(list) => {
            let mut items: Vec<String> = list.items.iter().map(shown).collect();
            more(list.complete, &mut items);
            format!("[{}]", items.join(", "))
        }
        Content::Object(object) => {
            let entries = object.entries.iter();
            let mut entries: Vec<String> = entries
                .map(|(key, value)| format!("{key}: {}", shown(value)))
                .collect();
            more(object.complete, &mut entries);
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// The first module of a project.
fn module(project: &str) -> Module {
    let configuration = Configuration::new(&files(project));
    configuration.modules.into_iter().next().expect("a module")
}

/// A variable of a project whose variables.tf declares it.
fn variable(declaration: &str, others: &str) -> String {
    let project = format!("-- variables.tf --\n{declaration}\n{others}");
    shown(&module(&project).variables()["a"].value)
}

#[test]
fn the_last_tfvars_file_wins_and_optional_ones_cast_doubt() {
    let declared = "variable \"a\" {\n default = 1\n}";
    let terraform = "-- terraform.tfvars --\na = 2\n";
    let auto = "-- z.auto.tfvars --\na = 3\n";
    assert_eq!(variable(declared, ""), "1");
    assert_eq!(variable("variable \"a\" {}", ""), "?");
    assert_eq!(variable(declared, terraform), "2");
    assert_eq!(variable(declared, &format!("{auto}{terraform}")), "3");
    let json = format!("{terraform}-- terraform.tfvars.json --\n{{ \"a\": [4] }}\n");
    assert_eq!(variable(declared, &json), "[4]");
    assert_eq!(variable(declared, "-- envs/prod.tfvars --\na = 4\n"), "?");
    assert_eq!(variable(declared, "-- envs/prod.tfvars --\nb = 4\n"), "1");
}

#[test]
fn types_shape_values() {
    let typed = |kind: &str, value: &str| {
        let declaration = format!("variable \"a\" {{\n type = {kind}\n default = {value}\n}}");
        variable(&declaration, "")
    };
    assert_eq!(typed("string", "22"), "\"22\"");
    assert_eq!(typed("number", "\"22\""), "22");
    assert_eq!(
        typed("set(string)", "[\"b\", \"a\", \"b\"]"),
        "[\"a\", \"b\"]"
    );
    let object = "list(object({ port = number, from = optional(list(string), [\"all\"]), x = optional(bool) }))";
    assert_eq!(
        typed(
            object,
            "[{ port = 22 }, { port = 80, from = [], gone = 1 }]"
        ),
        "[{from: [\"all\"], port: 22, x: null}, {from: [], port: 80, x: null}]"
    );
    let declaration = "variable \"a\" {\n nullable = false\n default = 1\n}";
    assert_eq!(
        variable(declaration, "-- terraform.tfvars --\na = null\n"),
        "1"
    );
}

#[test]
fn instances_are_expanded() {
    let module = module(
        "-- main.tf --
variable \"unset\" {}
resource \"r\" \"none\" { count = 0 }
resource \"r\" \"two\" {
  count = 2
  name = \"n${count.index}\"
}
resource \"r\" \"each\" {
  for_each = { a = 1, b = 2 }
  name = \"${each.key}${each.value}\"
}
resource \"r\" \"maybe\" {
  count = var.unset
  name = \"m\"
}
",
    );
    let names: Vec<(String, bool)> = module
        .resources("r")
        .map(|it| (it.body().text("name").value().unwrap().clone(), it.certain))
        .collect();
    let certain = |name: &str| (name.to_owned(), true);
    let expected = [
        certain("n0"),
        certain("n1"),
        certain("a1"),
        certain("b2"),
        ("m".to_owned(), false),
    ];
    assert_eq!(names, expected);
}

#[test]
fn dynamic_blocks_are_expanded() {
    let module = module(
        "-- main.tf --
variable \"unset\" {}
resource \"r\" \"known\" {
  dynamic \"rule\" {
    for_each = [22, 80]
    iterator = it
    content {
      port = it.value + it.key
    }
  }
  rule {
    port = 1
  }
}
resource \"r\" \"partly\" {
  dynamic \"rule\" {
    for_each = concat([22], var.unset)
    content {
      port = rule.value
    }
  }
}
",
    );
    let ports = |name: &str| {
        let resource = module.resources("r").find(|it| it.name == name).unwrap();
        let blocks = resource.body().blocks("rule");
        let ports = blocks.known.iter().map(|it| it.body.number("port"));
        let ports: Vec<f64> = ports.map(|it| *it.value().unwrap()).collect();
        (ports, blocks.complete)
    };
    assert_eq!(ports("known"), (vec![22.0, 81.0, 1.0], true));
    assert_eq!(ports("partly"), (vec![22.0], false));
}

#[test]
fn values_know_where_they_are_written() {
    let project = files(
        "-- main.tf --\nvariable \"size\" {}\nresource \"r\" \"a\" {\n  size = var.size\n}\n\
         -- terraform.tfvars --\nsize = \"small\"\n",
    );
    let configuration = Configuration::new(&project);
    let (_, resource) = configuration.resources("r").next().unwrap();
    let read = resource.body().text("size");
    let place = read.place().unwrap();
    assert_eq!(&project[&*place.file][place.range()], "\"small\"");
    let used = &resource.body().attribute("size").unwrap();
    assert_eq!(&project[&*used.place.file][used.place.range()], "var.size");
    assert!(used.mentions.contains("var.size"));
    let header = &resource.block.header;
    assert_eq!(
        &project[&*header.file][header.range()],
        "resource \"r\" \"a\""
    );
}

#[test]
fn modules_are_called_with_their_arguments() {
    let configuration = Configuration::new(&files(
        "-- terraform/main.tf --
module \"web\" {
  source   = \"./web\"
  for_each = toset([\"a\", \"b\"])
  name     = each.key
  key      = key.k.id
}
module \"far\" { source = \"github.com/a/b\" }
module \"self\" { source = \"./\" }
locals {
  names = values(module.web)[*].name
  id    = module.web[\"a\"].id
  far   = module.far.result
}
resource \"key\" \"k\" {}
-- terraform/web/main.tf --
variable \"name\" {}
variable \"key\" {}
variable \"size\" { default = 1 }
resource \"r\" \"x\" {
  name = var.name
  key  = var.key
  size = var.size
}
output \"name\" { value = \"${var.name}!\" }
output \"id\" { value = r.x.id }
",
    ));
    let addresses: Vec<&str> = configuration
        .modules
        .iter()
        .map(|it| &*it.address)
        .collect();
    assert_eq!(addresses, ["", "module.web[\"a\"]", "module.web[\"b\"]"]);
    let locals = configuration.modules[0].locals();
    assert_eq!(shown(&locals["names"]), "[\"a!\", \"b!\"]");
    assert_eq!(shown(&locals["id"]), "<r.x.id>");
    assert_eq!(
        &*locals["id"].reference().unwrap().module,
        "module.web[\"a\"]"
    );
    assert_eq!(shown(&locals["far"]), "<module.far.result>");
    let resource = configuration.resources("r").next().unwrap().1;
    let values: Vec<String> = ["name", "key", "size"]
        .iter()
        .map(|name| shown(&resource.body().attribute(name).unwrap().value))
        .collect();
    assert_eq!(values, ["\"a\"", "<key.k.id>", "1"]);
}

#[test]
fn override_and_tofu_files_win() {
    let module = module(
        "-- main.tf --
resource \"r\" \"a\" {
  x = 1
  y = 1
  rule {}
  lifecycle {
    prevent_destroy = true
    ignore_changes = [image]
  }
}
-- seance_override.tf --
resource \"r\" \"a\" {
  y = 2
  lifecycle {
    prevent_destroy = false
  }
}
-- other.tf --
resource \"r\" \"old\" {}
-- other.tofu --
resource \"r\" \"new\" {}
",
    );
    let names: Vec<&str> = module.resources("r").map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["a", "new"]);
    let a = module.resources("r").next().unwrap();
    assert!(a.body().number("x").is(&1.0) && a.body().number("y").is(&2.0));
    assert_eq!(a.body().blocks("rule").known.len(), 1);
    let lifecycle = a.body().block("lifecycle").unwrap();
    assert!(lifecycle.body.boolean("prevent_destroy").is(&false));
    assert!(a.ignores("image").is(&true) && a.ignores("region").is(&false));
}

#[test]
fn a_folder_that_does_not_parse_is_left_out() {
    let configuration = Configuration::new(&files(
        "-- a/main.tf --\nresource \"r\" \"a\" {}\n-- a/broken.tf --\nresource {{\n\
         -- b/main.tf --\nresource \"r\" \"b\" {}\n-- .terraform/modules/x/main.tf --\na = 1\n",
    ));
    let folders: Vec<&str> = configuration
        .modules
        .iter()
        .map(|it| it.folder.as_str())
        .collect();
    assert_eq!(folders, ["b"]);
}
