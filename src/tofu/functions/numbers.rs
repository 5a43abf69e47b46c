//! Functions of numbers and booleans.

use super::{Answer, Undecided, need};
use crate::tofu::value::{Content, Value};

/// The answer; `None` when there is no function of that name here.
pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Answer> {
    Some(match name {
        "tonumber" => first(arguments, Value::number).map(Content::Number),
        "tobool" => first(arguments, Value::boolean).map(Content::Bool),
        "abs" => first(arguments, Value::number).map(|it| Content::Number(it.abs())),
        "ceil" => first(arguments, Value::number).map(|it| Content::Number(it.ceil())),
        "floor" => first(arguments, Value::number).map(|it| Content::Number(it.floor())),
        "min" => fold(arguments, f64::min),
        "max" => fold(arguments, f64::max),
        "sum" => elements(arguments).and_then(|items| fold(items, |a, b| a + b)),
        "alltrue" => quantified(arguments, false),
        "anytrue" => quantified(arguments, true),
        _ => return None,
    })
}

fn first<T>(arguments: &[Value], read: impl Fn(&Value) -> Option<T>) -> Result<T, Undecided> {
    need(arguments.first().and_then(read))
}

fn elements(arguments: &[Value]) -> Result<&[Value], Undecided> {
    let list = need(arguments.first().and_then(Value::list))?;
    need(list.complete.then_some(&*list.items))
}

fn fold(values: &[Value], join: impl Fn(f64, f64) -> f64) -> Answer {
    let numbers: Option<Vec<f64>> = values.iter().map(Value::number).collect();
    need(need(numbers)?.into_iter().reduce(join).map(Content::Number))
}

/// Whether every element is true, or any: one element of that value decides.
fn quantified(arguments: &[Value], decides: bool) -> Answer {
    let list = need(arguments.first().and_then(Value::list))?;
    let items: Vec<Option<bool>> = list.items.iter().map(Value::boolean).collect();
    if items.contains(&Some(decides)) {
        return Ok(Content::Bool(decides));
    }
    let all_known = list.complete && items.iter().all(Option::is_some);
    need(all_known.then_some(Content::Bool(!decides)))
}
