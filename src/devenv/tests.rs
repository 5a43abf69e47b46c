//! The shell of small projects, and of this repository.

use std::fs;
use std::path::Path;
use std::rc::Rc;

use super::shell::Shell;
use crate::evaluation::{Evaluator, on_a_large_stack};
use crate::handwritten::Files;
use crate::nixos::System;

fn ask<T: Send>(files: &Files, question: impl Fn(&Shell) -> T + Sync) -> T {
    on_a_large_stack(|| {
        let evaluator = Rc::new(Evaluator::new(files));
        question(&Shell::read(&evaluator).expect("devenv.nix"))
    })
}

fn variable(system: &System, name: &str) -> Option<String> {
    system.at(&["env", name]).string().value().cloned()
}

#[test]
fn this_repository_has_a_profile() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| {
        (
            path.to_owned(),
            fs::read_to_string(root.join(path)).unwrap(),
        )
    };
    let files: Files = ["devenv.nix", "nix/devenv-profiles.nix"].map(read).into();
    let answers = ask(&files, |shell| {
        let prod = shell.under("prod").expect("the profile prod");
        let caddy = |system: &System| {
            system
                .at("processes.caddy.env.SEANCE_SITES_BACKEND")
                .string()
                .value()
                .cloned()
        };
        (
            [
                variable(&shell.base, "CADDY_DOMAIN"),
                variable(&shell.base, "APP_DOMAIN"),
                caddy(&shell.base),
            ],
            [
                variable(prod, "CADDY_DOMAIN"),
                variable(prod, "APP_DOMAIN"),
                caddy(prod),
            ],
            shell.base.at("processes").names().names.len(),
            shell.complete,
        )
    });
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        answers.0,
        [
            some("localhost:8080"),
            some(""),
            some("http://localhost:8080")
        ]
    );
    assert_eq!(
        answers.1,
        [
            some("backend.seance.dev"),
            some("app.seance.dev"),
            some("backend.seance.dev, app.seance.dev")
        ]
    );
    assert_eq!(answers.2, 3);
    assert!(answers.3);
}

#[test]
fn a_profile_may_be_a_function() {
    let text = "{ pkgs, ... }: { env.A = \"base\"; profiles.prod.module = { lib, ... }: { env.A = lib.mkForce \"prod\"; }; profiles.x = y; }";
    let files: Files = [("devenv.nix".to_owned(), text.to_owned())].into();
    let answers = ask(&files, |shell| {
        let prod = shell.under("prod").and_then(|system| variable(system, "A"));
        (variable(&shell.base, "A"), prod, shell.profiles.len())
    });
    assert_eq!(
        answers,
        (Some("base".to_owned()), Some("prod".to_owned()), 1)
    );
}
