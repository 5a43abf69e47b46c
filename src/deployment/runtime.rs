//! What runs and what it runs on: commands and disk sizes.

use super::newtype::{Refusal, shown, shown_character, text_newtype};
use super::secret::looks_like_secret;

text_newtype! {
    /// A bash command line or script; never empty, no NUL.
    ShellCommand
}
text_newtype! {
    /// A disko partition size: an integer with one of `M`, `G`, `T`.
    DiskSize
}

impl ShellCommand {
    fn check(text: &str) -> Result<String, Refusal> {
        if let Some(kind) = looks_like_secret(text) {
            return Err(Refusal::new(
                format!("the command holds a secret (hidden): {kind}"),
                "name the secret in `secrets` and use its variable in the command",
            ));
        }
        if text.trim().is_empty() {
            return Err(Refusal::new(
                "the command is empty",
                "write the command line that starts the service",
            ));
        }
        if text.contains('\r') {
            return Err(Refusal::new(
                "the command holds a carriage return, which bash takes for part of a word",
                "save the file with Unix line ends",
            )
            .suggesting(text.replace("\r\n", "\n").replace('\r', "\n")));
        }
        if let Some(character) = text
            .chars()
            .find(|character| character.is_control() && !matches!(character, '\n' | '\t'))
        {
            return Err(Refusal::new(
                format!("the command holds {}", shown_character(character)),
                "retype it; control characters come along when text is copied",
            ));
        }
        Ok(text.to_owned())
    }
}

impl DiskSize {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write a whole number and one letter, such as `2G` or `512M`";
        let end = text
            .find(|character: char| !(character.is_ascii_digit() || character == '.'))
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let refusal = |message: String| Refusal::new(message, HELP);
        let Some(letter) = unit_letter(unit) else {
            return Err(refusal(unit_problem(text, unit)));
        };
        if number.contains('.') {
            let refusal = refusal(format!("the size {} is not a whole number", shown(text)));
            return Err(match smaller_unit(number, letter) {
                Some(size) => refusal.suggesting(size),
                None => refusal,
            });
        }
        let Some(amount) = number
            .parse::<u64>()
            .ok()
            .filter(|amount| *amount <= 1_048_576)
        else {
            return Err(refusal(format!(
                "the size {} has no usable number",
                shown(text)
            )));
        };
        if amount == 0 {
            return Err(refusal(format!("the size {} is nothing", shown(text))));
        }
        let canonical = format!("{amount}{letter}");
        if canonical != text {
            return Err(refusal(format!(
                "the size {} is not in the form that disko reads",
                shown(text)
            ))
            .suggesting(canonical));
        }
        Ok(canonical)
    }

    /// The size in MiB.
    pub fn mebibytes(&self) -> u64 {
        let (number, unit) = self.0.split_at(self.0.len().saturating_sub(1));
        let factor = match unit {
            "T" => 1024 * 1024,
            "G" => 1024,
            _ => 1,
        };
        number.parse::<u64>().unwrap_or_default() * factor
    }
}

/// `M`, `G` or `T` for every way that people write the unit.
fn unit_letter(unit: &str) -> Option<char> {
    let unit = unit.trim().to_ascii_uppercase();
    let letter = unit.chars().next()?;
    (matches!(letter, 'M' | 'G' | 'T') && matches!(&unit[1..], "" | "B" | "IB")).then_some(letter)
}

fn unit_problem(text: &str, unit: &str) -> String {
    match unit.trim() {
        "" => format!(
            "the size {} has no unit, so it would count disk sectors",
            shown(text)
        ),
        "%" => format!(
            "the size {} is a share; partitions take a fixed size",
            shown(text)
        ),
        _ => format!(
            "the size {} has a unit other than `M`, `G` and `T`",
            shown(text)
        ),
    }
}

/// A decimal size as a whole number of the next smaller unit, when it is one.
fn smaller_unit(number: &str, letter: char) -> Option<String> {
    let (whole, fraction) = number.split_once('.')?;
    let smaller = match letter {
        'G' => 'M',
        'T' => 'G',
        _ => return None,
    };
    let digits = u32::try_from(fraction.len())
        .ok()
        .filter(|digits| *digits <= 6)?;
    let scale = 10_u64.checked_pow(digits)?;
    let whole: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let fraction: u64 = if fraction.is_empty() {
        0
    } else {
        fraction.parse().ok()?
    };
    let scaled = whole
        .checked_mul(scale)?
        .checked_add(fraction)?
        .checked_mul(1024)?;
    (scaled % scale == 0).then(|| format!("{}{smaller}", scaled / scale))
}

#[cfg(test)]
mod tests;
