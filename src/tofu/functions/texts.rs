//! Functions of texts.

use super::{Answer, Undecided, need};
use crate::reading::Place;
use crate::tofu::value::{Content, LONGEST, Value};

/// The answer; `None` when there is no function of that name here.
pub(super) fn call(name: &str, arguments: &[Value], place: &Place) -> Option<Answer> {
    let answer = match name {
        "tostring" => text(arguments, 0),
        "lower" => text(arguments, 0).map(|it| it.to_lowercase()),
        "upper" => text(arguments, 0).map(|it| it.to_uppercase()),
        "trimspace" => text(arguments, 0).map(|it| it.trim().to_owned()),
        "chomp" => text(arguments, 0).map(|it| it.trim_end_matches(['\n', '\r']).to_owned()),
        "trimprefix" => two(arguments, |a, b| a.strip_prefix(b).unwrap_or(a).to_owned()),
        "trimsuffix" => two(arguments, |a, b| a.strip_suffix(b).unwrap_or(a).to_owned()),
        "replace" => replace(arguments),
        "format" => format(arguments),
        "join" => join(arguments),
        "substr" => substr(arguments),
        "startswith" => return Some(predicate(arguments, |a, b| a.starts_with(b))),
        "endswith" => return Some(predicate(arguments, |a, b| a.ends_with(b))),
        "strcontains" => return Some(predicate(arguments, |a, b| a.contains(b))),
        "split" => return Some(split(arguments, place)),
        "formatlist" => return Some(formatlist(arguments, place)),
        _ => return None,
    };
    Some(answer.and_then(content))
}

fn content(text: String) -> Answer {
    need((text.len() <= LONGEST).then(|| Content::Text(text.into())))
}

fn text(arguments: &[Value], index: usize) -> Result<String, Undecided> {
    need(arguments.get(index).and_then(Value::text))
}

fn two(arguments: &[Value], change: impl Fn(&str, &str) -> String) -> Result<String, Undecided> {
    Ok(change(&text(arguments, 0)?, &text(arguments, 1)?))
}

fn predicate(arguments: &[Value], holds: impl Fn(&str, &str) -> bool) -> Answer {
    let (a, b) = (text(arguments, 0)?, text(arguments, 1)?);
    Ok(Content::Bool(holds(&a, &b)))
}

fn replace(arguments: &[Value]) -> Result<String, Undecided> {
    let pattern = text(arguments, 1)?;
    // Between slashes it would be a regular expression.
    if pattern.is_empty()
        || (pattern.len() > 1 && pattern.starts_with('/') && pattern.ends_with('/'))
    {
        return Err(Undecided);
    }
    let (whole, new) = (text(arguments, 0)?, text(arguments, 2)?);
    let grown = whole.matches(&pattern).count().saturating_mul(new.len());
    need((grown <= LONGEST).then(|| whole.replace(&pattern, &new)))
}

fn join(arguments: &[Value]) -> Result<String, Undecided> {
    let between = text(arguments, 0)?;
    let mut pieces = Vec::new();
    for list in arguments.get(1..).unwrap_or_default() {
        pieces.extend(need(list.texts())?);
    }
    let length: usize = pieces.iter().map(|it| it.len() + between.len()).sum();
    need((length <= LONGEST).then(|| pieces.join(&between)))
}

fn split(arguments: &[Value], place: &Place) -> Answer {
    let (between, whole) = (text(arguments, 0)?, text(arguments, 1)?);
    if between.is_empty() {
        return Err(Undecided);
    }
    let pieces = whole
        .split(&between)
        .map(|piece| Value::text_of(piece, place.clone()));
    Ok(Content::list(pieces.collect(), true))
}

/// Characters instead of what the language counts; they differ for rare scripts alone.
fn substr(arguments: &[Value]) -> Result<String, Undecided> {
    let whole = text(arguments, 0)?;
    let number = |index| {
        let number = arguments.get(index).and_then(Value::number);
        need(number.and_then(|it| format!("{it}").parse::<i32>().ok()))
    };
    let (start, length) = (number(1)?, number(2)?);
    let skipped = usize::try_from(start).map_err(|_| Undecided)?;
    let rest = whole.chars().skip(skipped);
    Ok(match usize::try_from(length) {
        Ok(length) => rest.take(length).collect(),
        Err(_) => rest.collect(),
    })
}

/// The verbs that people use: `%s`, `%d`, `%v`, `%q` and `%%`, without flags.
fn format(arguments: &[Value]) -> Result<String, Undecided> {
    let pattern = text(arguments, 0)?;
    let mut values = arguments.iter().skip(1);
    let mut result = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            result.push(character);
            continue;
        }
        match characters.next() {
            Some('%') => result.push('%'),
            Some('s' | 'd' | 'v') => result.push_str(&need(values.next().and_then(Value::text))?),
            Some('q') => {
                let text = need(values.next().and_then(Value::text))?;
                result.push_str(&crate::hcl::string::quote(&text));
            }
            _ => return Err(Undecided),
        }
        need((result.len() <= LONGEST).then_some(()))?;
    }
    Ok(result)
}

fn formatlist(arguments: &[Value], place: &Place) -> Answer {
    let lists = arguments.iter().filter_map(Value::list);
    let length = need(lists.map(|list| list.items.len()).min())?;
    let mut results = Vec::new();
    for index in 0..length {
        let row: Vec<Value> = arguments
            .iter()
            .map(|argument| match argument.list() {
                Some(list) => list.items[index].clone(),
                None => argument.clone(),
            })
            .collect();
        results.push(Value::text_of(&format(&row)?, place.clone()));
    }
    let complete = arguments
        .iter()
        .filter_map(Value::list)
        .all(|it| it.complete);
    need(complete.then(|| Content::list(results, true)))
}
