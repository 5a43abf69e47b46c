//! What wraps a definition: `mkIf`, priorities, order, option declarations.

use std::rc::Rc;

use super::super::value::{Field, Marked, Set, Thunk, Value};
use super::Function;

/// The priorities are those of nixpkgs' `lib/modules.nix`; the smallest number wins.
pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "mkForce",
        arity: 1,
        run: |_, arguments, _| marked(Marked::Override(50, arguments[0].clone())),
    },
    Function {
        name: "mkImageMediaOverride",
        arity: 1,
        run: |_, arguments, _| marked(Marked::Override(60, arguments[0].clone())),
    },
    Function {
        name: "mkVMOverride",
        arity: 1,
        run: |_, arguments, _| marked(Marked::Override(10, arguments[0].clone())),
    },
    Function {
        name: "mkDefault",
        arity: 1,
        run: |_, arguments, _| marked(Marked::Override(1000, arguments[0].clone())),
    },
    Function {
        name: "mkOptionDefault",
        arity: 1,
        run: |_, arguments, _| marked(Marked::Override(1500, arguments[0].clone())),
    },
    Function {
        name: "mkOverride",
        arity: 2,
        run: |evaluator, arguments, _| match evaluator.force(&arguments[0]) {
            Value::Integer(priority) => marked(Marked::Override(priority, arguments[1].clone())),
            _ => Value::Unknown,
        },
    },
    Function {
        name: "mkIf",
        arity: 2,
        run: |_, arguments, _| marked(Marked::If(arguments[0].clone(), arguments[1].clone())),
    },
    Function {
        name: "mkMerge",
        arity: 1,
        run: |_, arguments, _| marked(Marked::Merge(arguments[0].clone())),
    },
    Function {
        name: "mkBefore",
        arity: 1,
        run: |_, arguments, _| marked(Marked::Order(500, arguments[0].clone())),
    },
    Function {
        name: "mkAfter",
        arity: 1,
        run: |_, arguments, _| marked(Marked::Order(1500, arguments[0].clone())),
    },
    Function {
        name: "mkOrder",
        arity: 2,
        run: |evaluator, arguments, _| match evaluator.force(&arguments[0]) {
            Value::Integer(order) => marked(Marked::Order(order, arguments[1].clone())),
            _ => Value::Unknown,
        },
    },
    Function {
        name: "mkOption",
        arity: 1,
        run: |_, arguments, _| marked(Marked::Option(Some(arguments[0].clone()))),
    },
    Function {
        name: "mkEnableOption",
        arity: 1,
        run: |_, arguments, _| {
            let default = Field {
                key: None,
                value: Thunk::done(Value::Bool(false), arguments[0].place().clone()),
            };
            let mut declaration = std::collections::BTreeMap::new();
            declaration.insert("default".into(), default);
            let set = Value::Set(Rc::new(Set {
                fields: declaration,
                complete: true,
            }));
            let declared = Thunk::done(set, arguments[0].place().clone());
            marked(Marked::Option(Some(declared)))
        },
    },
    Function {
        name: "mkPackageOption",
        arity: 3,
        run: |_, _, _| marked(Marked::Option(None)),
    },
    Function {
        name: "mkAliasDefinitions",
        arity: 1,
        run: |_, _, _| Value::Unknown,
    },
];

fn marked(mark: Marked) -> Value {
    Value::Marked(Rc::new(mark))
}
