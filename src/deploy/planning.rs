//! From a module in a folder to a plan that is judged.

use std::io;
use std::path::{Path, PathBuf};

use super::trouble;
use crate::engine::events::Event;
use crate::engine::gate::{self, Judgement};
use crate::engine::module::{Failed, Module, ModuleError};
use crate::engine::plan::Plan;
use crate::engine::run::Interrupts;

/// The files whose text decides which providers and which backend are used.
const DECISIVE: [&str; 4] = [
    "backend.tf",
    "encryption.tofu",
    "versions.tf",
    ".terraform.lock.hcl",
];

/// A plan, judged.
#[derive(Debug)]
pub struct Prepared {
    /// The plan's file, for `apply`.
    pub file: PathBuf,
    /// The plan.
    pub plan: Plan,
    /// What it would do.
    pub judgement: Judgement,
    /// Why it may not be carried out as it is: a protected resource would be destroyed.
    pub protected: Option<Failed>,
}

/// What planning reports on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Providers are fetched and the backend is prepared.
    Initializing,
    /// The clouds are asked and the plan is made.
    Planning,
}

/// Initializes where that is needed, plans into `file`, reads and judges the plan.
pub async fn prepare(
    module: &Module<'_>,
    file: &Path,
    options: &[&str],
    interrupts: &mut Interrupts,
    mut on_stage: impl FnMut(Stage),
    mut on_event: impl FnMut(&Event),
) -> Result<Prepared, ModuleError> {
    let mut is_fresh = false;
    if wants_init(module).unwrap_or(true) {
        on_stage(Stage::Initializing);
        initialize(module, interrupts).await?;
        is_fresh = true;
    }
    on_stage(Stage::Planning);
    let planned = match module.plan(file, options, interrupts, &mut on_event).await {
        Err(ModuleError::Failed(failed)) if !is_fresh && trouble::wants_init(&failed) => {
            on_stage(Stage::Initializing);
            initialize(module, interrupts).await?;
            on_stage(Stage::Planning);
            module
                .plan(file, options, interrupts, &mut on_event)
                .await?
        }
        result => result?,
    };
    let protected = match planned.failed {
        Some(failed) if trouble::is_protected(&failed) => Some(failed),
        // A plan that could not be made whole is no base for a decision.
        Some(failed) => return Err(ModuleError::Failed(failed)),
        None => None,
    };
    Ok(Prepared {
        file: file.to_path_buf(),
        judgement: gate::judge(&planned.plan),
        plan: planned.plan,
        protected,
    })
}

/// Gets providers and backend ready, and remembers for what.
pub async fn initialize(
    module: &Module<'_>,
    interrupts: &mut Interrupts,
) -> Result<(), ModuleError> {
    module.init(interrupts).await?;
    // Without the mark the next run initializes again, which is slower and nothing worse.
    let mark = fingerprint(module).map(|text| std::fs::write(mark(module), text));
    drop(mark);
    Ok(())
}

/// Whether nothing was initialized yet, or for other providers, another backend or engine.
fn wants_init(module: &Module<'_>) -> io::Result<bool> {
    let known = std::fs::read_to_string(mark(module))?;
    Ok(known != fingerprint(module)?)
}

/// Beside what `init` writes, so that whoever removes that removes this.
fn mark(module: &Module<'_>) -> PathBuf {
    module.folder.join(".terraform").join("seance-initialized")
}

/// Everything that `init` depends on, as text: the files are short.
fn fingerprint(module: &Module<'_>) -> io::Result<String> {
    let engine = module.engine;
    let mut text = format!("{} {}\n", engine.path.display(), engine.version);
    for name in DECISIVE {
        match std::fs::read_to_string(module.folder.join(name)) {
            Ok(file) => text.push_str(&format!("{name} {}\n{file}", file.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(text)
}
