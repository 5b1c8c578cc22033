//! Fetching over HTTPS and SSH.
//!
//! Story: connect (with a time limit), ask which commit the branch has, receive what is missing as one pack,
//! move the reference. The first time this happens in a folder beside the copy's place.

use std::collections::HashSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use gix::protocol::handshake::Ref;
use gix::protocol::transport::Protocol;
use gix::protocol::transport::client::blocking_io::{Transport, http, ssh as ssh_transport};
use gix::remote::{Direction, ref_map};

use super::failure::Circumstances;
use super::progress::{Counters, Ended, watched};
use super::{Address, Credential, FetchError, FetchOptions, Fetched, Remote, Watch, bare, compact, leftovers, ssh};
use crate::error::SourceError;
use crate::ids::CommitId;
use crate::repository::{Branch, Repository};

type Boxed = Box<dyn Transport + Send>;

pub(super) fn fetch(remote: &Remote, watch: &Watch) -> Result<Fetched, FetchError> {
    let folder = &remote.folder;
    std::fs::create_dir_all(folder).map_err(SourceError::io("making the folder of the copy", folder))?;
    leftovers::remove(folder);
    let copy = remote.copy();
    if copy.exists() && bare(&copy).is_err() {
        // Everything in it can be fetched again.
        tracing::warn!(path = %copy.display(), "the copy is damaged and will be cloned again");
        std::fs::remove_dir_all(&copy).map_err(SourceError::io("removing a damaged copy", &copy))?;
    }
    let (fetched, ended) = watched(watch, remote.options.total_timeout, |counters, interrupt| {
        if copy.exists() {
            let git = bare(&copy)?;
            let landed = Attempt::new(remote, &git)?.fetch(&counters, interrupt)?;
            if let Err(error) = compact::compact(&git) {
                // The fetch is good all the same; the next one tries again.
                tracing::warn!(%error, "could not make one pack of many");
            }
            return Ok(landed);
        }
        let making = tempfile::Builder::new().prefix(leftovers::CLONING).tempdir_in(folder);
        let making = making.map_err(SourceError::io("making the folder of the clone", folder))?;
        let git = bare(making.path())?;
        let landed = Attempt::new(remote, &git)?.fetch(&counters, interrupt)?;
        let head = making.path().join("HEAD");
        std::fs::write(&head, format!("ref: refs/heads/{}\n", landed.branch))
            .map_err(SourceError::io("cloning", head))?;
        drop(git);
        std::fs::rename(making.path(), &copy).map_err(SourceError::io("moving the clone into place", &copy))?;
        let _moved = making.keep();
        Ok(landed)
    });
    let landed = fetched.map_err(|error| given_up(error, ended, &remote.options))?;
    let repository = Repository::open(&copy)?;
    let branch = Branch { name: landed.branch, tip: landed.tip };
    Ok(Fetched { repository, branch, before: landed.before })
}

pub(super) fn branches(remote: &Remote, watch: &Watch) -> Result<(Vec<String>, Option<String>), FetchError> {
    let folder = tempfile::tempdir().map_err(SourceError::io("making a temporary folder", std::env::temp_dir()))?;
    let git = bare(folder.path())?;
    let (listed, ended) =
        watched(watch, remote.options.total_timeout, |counters, _| Attempt::new(remote, &git)?.list(&counters));
    let listed = listed.map_err(|error| given_up(error, ended, &remote.options))?;
    if listed.0.is_empty() { Err(FetchError::Empty) } else { Ok(listed) }
}

/// An interrupted transfer fails with whatever it was doing; the reason is ours to tell.
fn given_up(error: FetchError, ended: Option<Ended>, options: &FetchOptions) -> FetchError {
    match ended {
        Some(Ended::ByCaller) => FetchError::Cancelled,
        Some(Ended::ByClock) => FetchError::TimedOut { seconds: options.total_timeout.as_secs() },
        None => error,
    }
}

const EVERY_BRANCH: &str = "+refs/heads/*:refs/heads/*";

fn name_of(source: &gix::remote::fetch::refmap::Source) -> Option<String> {
    source.as_name().map(ToString::to_string)
}

struct Landed {
    branch: String,
    tip: CommitId,
    before: Option<CommitId>,
}

struct Attempt<'a> {
    remote: &'a Remote,
    git: &'a gix::Repository,
    url: gix::Url,
    ssh: Option<ssh::Connection>,
}

impl<'a> Attempt<'a> {
    fn new(remote: &'a Remote, git: &'a gix::Repository) -> Result<Self, FetchError> {
        let url = gix::url::parse(remote.address.to_string()).map_err(|error| FetchError::Protocol {
            step: "reading the address",
            detail: crate::error::causes(&error),
        })?;
        let ssh = match &remote.address {
            Address::Ssh { .. } => Some(ssh::Connection::prepare(&remote.folder, &remote.credential)?),
            Address::Http { .. } | Address::Path(_) => None,
        };
        Ok(Self { remote, git, url, ssh })
    }

    fn fetch(&self, counters: &Counters, interrupt: &AtomicBool) -> Result<Landed, FetchError> {
        let branch = match &self.remote.branch {
            Some(branch) => branch.clone(),
            None => self.list(counters)?.1.ok_or(FetchError::Empty)?,
        };
        let full = format!("refs/heads/{branch}");
        let before = self.tip(&full);
        let tags =
            if self.remote.options.tags { gix::remote::fetch::Tags::All } else { gix::remote::fetch::Tags::None };
        let all = self.remote.options.all_branches;
        let wanted = if all { EVERY_BRANCH.to_owned() } else { format!("+{full}:{full}") };
        let git_remote = self.remote(&wanted, tags)?;
        let prepared = self
            .connection(&git_remote)?
            .prepare_fetch(counters.root(), ref_map::Options::default())
            .map_err(|error| self.explain("asking for the branch", &error))?;
        let offered =
            prepared.ref_map().mappings.iter().any(|mapping| mapping.remote.as_name().is_some_and(|name| name == full));
        if !offered {
            drop(prepared);
            let (names, _) = self.list(counters)?;
            return Err(self.remote.branch_gone(&branch, names));
        }
        let offered: HashSet<String> = match all {
            true => prepared.ref_map().mappings.iter().filter_map(|mapping| name_of(&mapping.remote)).collect(),
            false => HashSet::new(),
        };
        prepared.receive(counters.root(), interrupt).map_err(|error| self.explain("receiving", &error))?;
        if all {
            self.forget_branches_but(&offered)?;
        }
        match self.tip(&full) {
            Some(tip) => Ok(Landed { branch, tip, before }),
            None => Err(FetchError::Protocol { step: "receiving", detail: "the branch did not arrive".to_owned() }),
        }
    }

    /// A branch that is gone at the host must not be taken for one that is there.
    fn forget_branches_but(&self, offered: &HashSet<String>) -> Result<(), FetchError> {
        const STEP: &str = "forgetting branches that are gone";
        let platform = self.git.references().map_err(|error| SourceError::git(STEP, &error))?;
        let all = platform.prefixed("refs/heads/").map_err(|error| SourceError::git(STEP, &error))?;
        let gone: Vec<_> =
            all.flatten().filter(|known| !offered.contains(&known.name().as_bstr().to_string())).collect();
        for reference in gone {
            reference.delete().map_err(|error| SourceError::git(STEP, &error))?;
        }
        Ok(())
    }

    /// The branches' names and the default branch, as the host lists them.
    fn list(&self, counters: &Counters) -> Result<(Vec<String>, Option<String>), FetchError> {
        let git_remote = self.remote(EVERY_BRANCH, gix::remote::fetch::Tags::None)?;
        let head = gix::refspec::parse("HEAD".into(), gix::refspec::parse::Operation::Fetch)
            .map_err(|error| self.explain("asking for the branches", &error))?;
        let options = ref_map::Options { extra_refspecs: vec![head.to_owned()], ..ref_map::Options::default() };
        let (map, _) = self
            .connection(&git_remote)?
            .ref_map(counters.root(), options)
            .map_err(|error| self.explain("asking for the branches", &error))?;
        let (mut names, mut default) = (Vec::new(), None);
        for reference in &map.remote_refs {
            let (full, target) = match reference {
                Ref::Symbolic { full_ref_name, target, .. } => (full_ref_name, Some(target)),
                Ref::Direct { full_ref_name, .. } | Ref::Peeled { full_ref_name, .. } => (full_ref_name, None),
                Ref::Unborn { .. } => continue,
            };
            let short = |name: &[u8]| String::from_utf8_lossy(name).strip_prefix("refs/heads/").map(str::to_owned);
            names.extend(short(full));
            if *full == "HEAD" {
                default = target.and_then(|target| short(target));
            }
        }
        names.sort();
        let default = default.or_else(|| {
            ["main", "master"].iter().find(|n| names.iter().any(|name| name == *n)).map(|n| (*n).to_owned())
        });
        let default = default.or_else(|| names.first().cloned());
        Ok((names, default))
    }

    fn tip(&self, full: &str) -> Option<CommitId> {
        let mut reference = self.git.try_find_reference(full).ok().flatten()?;
        reference.peel_to_id().ok().map(|id| CommitId::of(&id))
    }

    fn remote(&self, refspec: &str, tags: gix::remote::fetch::Tags) -> Result<gix::Remote<'_>, FetchError> {
        self.git
            .remote_at_without_url_rewrite(self.url.clone())
            .and_then(|remote| remote.with_fetch_tags(tags).with_refspecs([refspec], Direction::Fetch))
            .map_err(|error| self.explain("reading the address", &error))
    }

    fn connection<'b>(
        &'b self,
        git_remote: &'b gix::Remote<'b>,
    ) -> Result<gix::remote::Connection<'b, 'b, 'b, Boxed>, FetchError> {
        let transport = self.transport()?;
        let credential = &self.remote.credential;
        let connection = git_remote.to_connection_with_transport(transport).with_credentials(move |action| {
            Ok(match (action, credential) {
                (gix::credentials::helper::Action::Get(context), Credential::Token { user, token }) => {
                    let user = user.as_deref().filter(|user| !user.is_empty()).unwrap_or("x-access-token");
                    let identity = gix::sec::identity::Account {
                        username: user.to_owned(),
                        password: token.expose().to_owned(),
                        oauth_refresh_token: None,
                    };
                    Some(gix::credentials::protocol::Outcome { identity, next: context.into() })
                }
                _ => None,
            })
        });
        Ok(match self.remote.address {
            Address::Http { .. } => connection.with_transport_options(Box::new(self.http_options()?)),
            Address::Ssh { .. } | Address::Path(_) => connection,
        })
    }

    fn transport(&self) -> Result<Boxed, FetchError> {
        let Some(connection) = &self.ssh else {
            let http = http::connect::<http::reqwest::Remote>(self.url.clone(), Protocol::V2, false);
            return Ok(Box::new(http));
        };
        let pinned = matches!(&self.remote.credential, Credential::Key { known_hosts: Some(_), .. });
        let options = ssh_transport::connect::Options {
            command: Some(connection.command(&self.remote.options, pinned).into()),
            disallow_shell: false,
            kind: Some(ssh_transport::ProgramKind::Ssh),
        };
        let transport = ssh_transport::connect(self.url.clone(), Protocol::V2, options, false);
        let transport = transport.map_err(|error| FetchError::Program { program: "ssh", detail: error.to_string() })?;
        Ok(Box::new(transport))
    }

    fn http_options(&self) -> Result<http::Options, FetchError> {
        let extra = match &self.remote.options.extra_certificates {
            Some(pem) => reqwest::Certificate::from_pem_bundle(pem.as_bytes()).map_err(|_| FetchError::Tls {
                host: self.host(),
                detail: "the extra certificates are not in PEM format".to_owned(),
            })?,
            None => Vec::new(),
        };
        let (connect, idle) = (self.remote.options.connect_timeout, self.remote.options.idle_timeout);
        let loopback = self.remote.address.is_loopback();
        let backend = http::reqwest::Options {
            configure_client: Some(Box::new(move |builder| {
                let builder = builder.connect_timeout(connect).timeout(idle).tls_certs_merge(extra.iter().cloned());
                Ok(if loopback { builder.no_proxy() } else { builder })
            })),
            ..http::reqwest::Options::default()
        };
        Ok(http::Options { backend: Some(Arc::new(Mutex::new(backend))), ..http::Options::default() })
    }

    fn host(&self) -> String {
        self.remote.address.host().unwrap_or("the host").to_owned()
    }

    fn explain(&self, step: &'static str, error: &gix::Error) -> FetchError {
        let circumstances = Circumstances {
            host: &self.host(),
            with_credential: !matches!(self.remote.credential, Credential::None),
            ssh_log: self.ssh.as_ref().and_then(ssh::Connection::messages),
            step,
        };
        circumstances.explain(error)
    }
}
