//! Sample manifests: each file is named after what it shows.

#[test]
fn the_example_of_the_documentation_loads_without_a_finding() {
    let text = include_str!("../manifests/valid/example.toml");
    let loaded = seance::manifest::load("seance.toml", text);
    assert!(loaded.findings.is_empty(), "{:#?}", loaded.findings);
    assert!(loaded.deployment.is_some());
}
