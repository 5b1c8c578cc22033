//! Where a command's rows come from: files at hand, or the server that was signed in to.

use std::path::PathBuf;

use crate::cache::CacheArgs;
use crate::failure::Failure;
use crate::files::Files;
use crate::naming;
use crate::rows::{self, ClusterRow, CommonsRow, Matrix, ServiceRow};
use crate::server::{self, Client};

#[derive(Clone, Debug, clap::Args)]
pub struct SourceArgs {
    /// Read files instead of asking the server: a work tree, a bare repository or a bundle
    #[arg(long, value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// The fleet as of a commit, branch, tag or time (2026-05-01, 7d)
    #[arg(long, value_name = "REV")]
    pub at: Option<String>,
    #[command(flatten)]
    pub cache: CacheArgs,
}

pub enum Fleet {
    Files { files: Box<Files>, at: Option<String> },
    Server { client: Box<Client>, at: Option<String> },
}

impl SourceArgs {
    pub fn fleet(&self) -> Result<Fleet, Failure> {
        let at = self.at.clone();
        Ok(match &self.path {
            Some(path) => Fleet::Files { files: Box::new(Files::open(path, &self.cache)?), at },
            None => Fleet::Server { client: Box::new(Client::signed_in()?), at },
        })
    }

    /// For what only files can tell.
    pub fn files(&self) -> Result<Files, Failure> {
        match &self.path {
            Some(path) => Files::open(path, &self.cache),
            None => Err(Failure::new("give --path with a work tree, a bare repository or a bundle")),
        }
    }
}

impl Fleet {
    pub fn commons(&mut self) -> Result<Vec<CommonsRow>, Failure> {
        match self {
            Self::Files { files, at } => {
                let snapshot = files.snapshot(at.as_deref())?;
                let book = files.book(&snapshot)?;
                Ok(rows::commons(&snapshot.reading, &book))
            }
            Self::Server { client, at } => server::rows::commons(client, at.as_deref()),
        }
    }

    /// Of every commons, or of the one that is named.
    pub fn services(&mut self, commons: Option<&str>) -> Result<Vec<ServiceRow>, Failure> {
        match self {
            Self::Files { files, at } => {
                let snapshot = files.snapshot(at.as_deref())?;
                match commons {
                    Some(wanted) => Ok(rows::services_of(&snapshot.reading, naming::find(&snapshot.reading, wanted)?)),
                    None => Ok(rows::services(&snapshot.reading)),
                }
            }
            Self::Server { client, at } => {
                let mut rows = server::rows::services(client, at.as_deref())?;
                if let Some(wanted) = commons {
                    let folder = server::rows::find(client, wanted, at.as_deref())?.folder;
                    rows.retain(|row| row.folder == folder);
                }
                Ok(rows)
            }
        }
    }

    pub fn clusters(&mut self) -> Result<Vec<ClusterRow>, Failure> {
        match self {
            Self::Files { files, at } => Ok(rows::clusters(&files.snapshot(at.as_deref())?.reading)),
            Self::Server { at: Some(_), .. } => {
                Err(Failure::new("the server lists clusters as they are; leave --at out, or give --path"))
            }
            Self::Server { client, .. } => server::rows::clusters(client),
        }
    }

    pub fn matrix(&mut self) -> Result<Matrix, Failure> {
        match self {
            Self::Files { files, at } => {
                let snapshot = files.snapshot(at.as_deref())?;
                let book = files.book(&snapshot)?;
                Ok(rows::matrix(&snapshot.reading, &book))
            }
            Self::Server { client, at } => server::rows::matrix(client, at.as_deref()),
        }
    }
}
