//! How the programs around seance were called.

use std::fs;
use std::path::{Path, PathBuf};

/// One call of a program.
#[derive(Debug)]
pub(crate) struct Record {
    /// Its name.
    pub(crate) program: String,
    /// What it was called with.
    pub(crate) arguments: Vec<String>,
    /// The folder it ran in.
    pub(crate) folder: PathBuf,
    /// The names of the variables that it saw.
    pub(crate) environment: Vec<String>,
    /// The command lines of the process and of those that started it.
    pub(crate) processes: Vec<String>,
    at: PathBuf,
}

impl Record {
    fn read(at: &Path) -> Self {
        let text = |name: &str| fs::read_to_string(at.join(name)).unwrap();
        let lines = |name: &str| text(name).lines().map(str::to_owned).collect();
        let name = at.file_name().unwrap().to_str().unwrap().to_owned();
        // TIME-PROGRAM-PROCESS
        let program = name.split_once('-').unwrap().1.rsplit_once('-').unwrap().0;
        let arguments = text("arguments");
        let arguments = arguments.split_terminator('\0').map(str::to_owned);
        Self {
            program: program.to_owned(),
            arguments: arguments.collect(),
            folder: PathBuf::from(text("folder").trim_end()),
            environment: lines("environment"),
            processes: lines("processes"),
            at: at.to_path_buf(),
        }
    }

    /// What the program itself wrote down besides.
    pub(crate) fn note(&self, name: &str) -> String {
        fs::read_to_string(self.at.join(name)).unwrap()
    }
}

/// All calls, in their order.
#[derive(Debug)]
pub(crate) struct Records(Vec<Record>);

impl Records {
    /// Reads what is there; a call that is being written down is left out.
    pub(crate) fn read(folder: &Path) -> Self {
        let entries = fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let mut whole: Vec<PathBuf> = paths
            .filter(|path| path.extension().is_none_or(|extension| extension != "part"))
            .collect();
        whole.sort();
        Self(whole.iter().map(|path| Record::read(path)).collect())
    }

    pub(crate) fn all(&self) -> &[Record] {
        &self.0
    }

    /// The calls of one program.
    pub(crate) fn of(&self, program: &str) -> Vec<&Record> {
        let records = self.0.iter();
        records.filter(|record| record.program == program).collect()
    }
}
