//! `seance schema`, `completions` and `man`: what describes seance to other programs.

use std::path::Path;

use super::console;
use super::exit::Exit;
use super::failure::Failure;
use crate::manifest;

pub(super) fn schema() -> Result<Exit, Failure> {
    console::data(manifest::schema_text())?;
    Ok(Exit::Fine)
}

pub(super) fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::command(), "seance", &mut script);
    console::data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}

pub(super) fn man(directory: Option<&Path>) -> Result<Exit, Failure> {
    if let Some(directory) = directory {
        std::fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
        clap_mangen::generate_to(super::command(), directory)
            .map_err(|error| unwritable(directory, &error))?;
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(super::command()).render(&mut page)?;
        console::data(&String::from_utf8_lossy(&page))?;
    }
    Ok(Exit::Fine)
}

fn unwritable(directory: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        format!(
            "the manual pages cannot be written to `{}`: {error}",
            directory.display()
        ),
        "name a folder that you may write to",
    )
}
