//! `[project]`.

use super::Resolver;
use crate::manifest::defaults;
use crate::manifest::draft::DraftProject;
use crate::manifest::v1::Project;

impl Resolver<'_> {
    pub(super) fn project(&mut self, raw: &Project) -> DraftProject {
        let name = self.optional(&["project", "name"], raw.name.as_ref());
        let default = name
            .as_ref()
            .map(|name| format!("{}{name}", defaults::DIRECTORY_PARENT));
        DraftProject {
            repository: self.optional(&["project", "repository"], raw.repository.as_ref()),
            branch: self.or_default(
                &["project", "branch"],
                raw.branch.as_ref(),
                defaults::BRANCH,
            ),
            directory: self.or_default(
                &["project", "directory"],
                raw.directory.as_ref(),
                &default.unwrap_or_default(),
            ),
            deploy_key: raw.deploy_key.unwrap_or(false),
            name,
        }
    }
}
