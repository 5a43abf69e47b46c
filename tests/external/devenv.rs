//! `devenv.yaml` against devenv's own schema.

use std::fs;

use serde_json::Value;

use crate::support::{cases, enabled, program, repository, succeed};

#[test]
fn devenv_yaml_fits_devenvs_schema() {
    if !enabled("devenv.yaml against its schema") {
        return;
    }
    let schema = repository().join("tests/data/devenv-yaml.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(
        !validator.is_valid(&serde_json::json!({ "inputs": [] })),
        "the schema refuses nothing"
    );
    let mut judged = 0;
    for case in cases() {
        let Some(file) = case.file("devenv.yaml") else {
            continue;
        };
        // Debian's python3-yaml comes with its pre-commit; another python on PATH may lack it.
        let mut python = program("/usr/bin/python3");
        python
            .args([
                "-c",
                "import json,sys,yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)",
            ])
            .arg(&file);
        let value: Value = serde_json::from_str(&succeed(&mut python)).unwrap();
        let problems: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{}: {problems:#?}", file.display());
        judged += 1;
    }
    assert!(judged > 0, "no golden tree has a devenv.yaml");
}
