//! Every option of the source is found again, and no misspelling of one is.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::Value;

use super::super::{Answer, Kind, find};
use super::source::{Source, elements, read};

/// A path to an option as a person writes it.
fn chosen(name: &str) -> Vec<&str> {
    let chosen = |element| match element {
        "*" => "0",
        element if element.starts_with('<') => "my-own",
        element => element,
    };
    elements(name).into_iter().map(chosen).collect()
}

fn names(source: &Source) -> BTreeSet<Vec<&str>> {
    let all = source.options.iter().map(|option| elements(&option.name));
    all.flat_map(|path| (1..=path.len()).map(move |end| path[..end].to_vec()))
        .collect()
}

#[test]
fn every_option_is_found_under_its_own_and_under_a_chosen_name() {
    for option in &read().options {
        for path in [elements(&option.name), chosen(&option.name)] {
            let Answer::Known(found) = find(&path) else {
                panic!("{} is not found: {:?}", option.name, find(&path));
            };
            assert_eq!(found.name, option.name);
            assert_eq!(found.certain, option.certain);
            assert_eq!(found.read_only, option.read_only);
            assert!(
                same(&option.kind, &found.kind()),
                "{}: {:?}",
                option.name,
                found.kind()
            );
            for end in 1..path.len() {
                assert!(
                    !matches!(find(&path[..end]), Answer::Unknown { .. }),
                    "{:?} leads to an option",
                    &path[..end]
                );
            }
        }
    }
}

/// Whether a kind was carried over.
fn same(kind: &Value, read: &Kind) -> bool {
    if let Some(word) = kind.as_str() {
        return match word {
            "bool" => *read == Kind::Bool,
            "int" => *read == Kind::Int,
            "float" => *read == Kind::Float,
            "str" => *read == Kind::Text,
            "lines" => *read == Kind::Lines,
            "path" => *read == Kind::Path,
            "port" => *read == Kind::Port,
            "package" => *read == Kind::Package,
            "submodule" => *read == Kind::Submodule,
            "any" | "json" | "systemd option" | "function" => *read == Kind::Any,
            _ => false,
        };
    }
    let each = |kinds: &Value, read: &[Kind]| {
        let kinds = kinds.as_array().expect("kinds");
        kinds.len() == read.len() && kinds.iter().zip(read).all(|(kind, read)| same(kind, read))
    };
    match read {
        Kind::NullOr(read) => same(&kind["nullOr"], read),
        Kind::ListOf(read) => same(&kind["listOf"], read),
        Kind::AttrsOf(read) => same(&kind["attrsOf"], read),
        Kind::Either(read) => each(&kind["either"], read),
        Kind::Coerced(from, to) => same(&kind["coercedFrom"], from) && same(&kind["to"], to),
        Kind::Open => kind["submodule"] == "open",
        Kind::OneOf(values) => kind["enum"]
            .as_array()
            .is_some_and(|all| all.len() == values.len()),
        _ => false,
    }
}

#[test]
fn a_misspelling_is_never_found_and_the_right_name_is_near() {
    let source = read();
    let known = names(&source);
    let mut judged = 0;
    for option in source.options.iter().step_by(3) {
        let path = chosen(&option.name);
        let last = path.len() - 1;
        let right = path[last];
        if right == "0" || right == "my-own" || right.len() < 6 {
            continue;
        }
        let swapped = format!("{}{}{}", &right[..2], &right[3..4], &right[2..3]) + &right[4..];
        let mut wrong = path.clone();
        wrong[last] = &swapped;
        let mut as_listed = elements(&option.name);
        as_listed[last] = &swapped;
        if known.contains(&as_listed) || swapped == right {
            continue;
        }
        match find(&wrong) {
            Answer::Unknown { at, nearest, .. } => {
                assert_eq!(at, last, "{wrong:?}");
                let nearest = nearest.unwrap_or_else(|| panic!("nothing is near {wrong:?}"));
                assert_eq!(nearest, right, "{wrong:?}");
                judged += 1;
            }
            Answer::Inside { option, .. } => {
                assert!(option.kind().is_open(), "{wrong:?} inside {}", option.name);
            }
            other => panic!("{wrong:?}: {other:?}"),
        }
    }
    assert!(judged > 500, "only {judged} misspellings were judged");
}

/// What a lookup costs, printed with `--nocapture`; it must stay far below what a run may take.
#[test]
fn a_lookup_is_cheap() {
    let source = read();
    let paths: Vec<Vec<&str>> = source
        .options
        .iter()
        .map(|option| chosen(&option.name))
        .collect();
    let start = Instant::now();
    let found = paths
        .iter()
        .filter(|path| matches!(find(path), Answer::Known(_)))
        .count();
    let each = start.elapsed() / u32::try_from(found.max(1)).expect("a count");
    println!("{found} lookups, {each:?} each");
    assert!(each.as_millis() < 2, "{each:?} for one lookup");
}
