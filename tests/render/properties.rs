//! The same for manifests that nobody would write: texts made of what Nix, HCL, the shell and the
//! template engine read as code.

use std::collections::BTreeMap;

use proptest::prelude::*;
use seance::render::render;

use super::literals::{at, literals};
use super::roundtrip::assert_read_back;
use super::scripts::docker_environment;
use super::support::{deployment, manifest_with};

const PIECES: &[&str] = &[
    "${",
    "$${",
    "$",
    "$$",
    "{",
    "}",
    "''",
    "'",
    "'''",
    "\"",
    "\\",
    "\\n",
    "\n",
    "\t",
    " ",
    "  ",
    "%{",
    "%%{",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#",
    "//",
    "/*",
    "*/",
    "`",
    "$(id)",
    ";",
    "=",
    "a",
    "B7",
    "é",
    "e\u{301}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "👩‍🚀",
    "\u{1d11e}",
    "-",
    "--",
    "*",
    "~",
    "!",
    "EOT",
    "''${",
    "${builtins.abort \"x\"}",
    "\n\n",
    " \n ",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..12).prop_map(|pieces| pieces.concat())
}

fn environment() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map("X_[A-Z]{1,4}", text(), 0..4)
}

/// A TOML string literal, by the library that the manifest is read with.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn table(env: &BTreeMap<String, String>) -> String {
    let lines = env
        .iter()
        .map(|(key, value)| format!("{key} = {}\n", quoted(value)));
    lines.collect()
}

fn services(command: &str, prepare: &str, envs: &[BTreeMap<String, String>; 3]) -> String {
    let [process, container, profile] = envs.each_ref().map(table);
    let (command, prepare) = (quoted(command), quoted(prepare));
    format!(
        "[services.web]\ncommand = {command}\nprepare = {prepare}\nport = 3000\n\
         domains = [\"web\"]\n[services.web.env]\n{process}\
         [services.box]\nimage = \"a/b:1\"\nport = 3001\n[services.box.env]\n{container}\
         [profiles.prod.env]\n{profile}\
         [check.allow]\nservice-unreachable = \"for its neighbours\"\n"
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn hostile_texts_are_read_back(
        command in text(),
        prepare in text(),
        envs in [environment(), environment(), environment()],
        project in text(),
    ) {
        let command = format!("run {command}");
        let prepare = format!("make {prepare}");
        // A name has no line breaks and no space around it.
        let project = format!("x{}x", project.replace(['\n', '\t'], ""));
        let project = format!("digitalocean_project = {}\nregion =", quoted(&project));
        let manifest = manifest_with(&services(&command, &prepare, &envs));
        let deployment = deployment(&manifest.replacen("region =", &project, 1));
        let tree = render(&deployment).unwrap();
        assert_read_back("a generated manifest", &deployment, &tree);
    }
}

proptest! {
    // Each case starts a shell.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_shell_hands_hostile_texts_to_docker(env in environment()) {
        let envs = [BTreeMap::new(), env.clone(), BTreeMap::new()];
        let manifest = manifest_with(&services("run", "make", &envs));
        let tree = render(&deployment(&manifest)).unwrap();
        let devenv = literals(&tree.files["nix/devenv-profiles.nix"].body);
        prop_assert_eq!(docker_environment(&at(&devenv, "processes.box.exec").concat()), env);
    }
}
