//! A real `sshd` on loopback.

use csoc_core::secret::Secret;
use csoc_source::{Credential, FetchError, Remote, Watch};
use csoc_testkit::fleets::Story;
use csoc_testkit::ssh_server::SshServer;

fn key(text: String) -> Credential {
    Credential::Key { private_key: Secret::new(text), known_hosts: None }
}

#[test]
fn a_key_opens_and_only_that_key() {
    let Some(server) = SshServer::start() else { return };
    let mut story = Story::new();
    let tip = story.land("One", &[("a", Some("1"))]);
    let folder = tempfile::tempdir().unwrap();
    let remote = Remote::new(server.url(&story.path()).parse().unwrap(), Some("main".to_owned()), folder.path());
    let with = |credential| remote.clone().with_credential(credential);

    // Windows line ends and a lost last line end are what pasting does to keys.
    let pasted = server.key().trim_end().replace('\n', "\r\n");
    assert_eq!(with(key(pasted)).fetch(&Watch::default()).unwrap().branch.tip, tip);
    assert!(!folder.path().join("ssh-key").exists(), "the key does not stay");

    let other = with(key(server.other_key())).fetch(&Watch::default()).map(|_| ()).unwrap_err();
    assert!(matches!(other, FetchError::CredentialRefused { .. }), "{other:?}");
    let none = with(Credential::None).fetch(&Watch::default()).map(|_| ()).unwrap_err();
    assert!(matches!(none, FetchError::CredentialNeeded { .. }), "{none:?}");
    let broken = with(key("not a key".to_owned())).fetch(&Watch::default()).map(|_| ()).unwrap_err();
    assert!(matches!(broken, FetchError::CredentialRefused { .. }), "{broken:?}");
}

#[test]
fn a_changed_host_key_and_an_absent_repository_are_told() {
    let Some(mut server) = SshServer::start() else { return };
    let mut story = Story::new();
    let tip = story.land("One", &[("a", Some("1"))]);
    let folder = tempfile::tempdir().unwrap();
    let at = |url: String| Remote::new(url.parse().unwrap(), Some("main".to_owned()), folder.path().join("source"));
    let absent = Remote::new(server.url(&story.path().join("no")).parse().unwrap(), None, folder.path().join("absent"))
        .with_credential(key(server.key()));
    let error = absent.fetch(&Watch::default()).map(|_| ()).unwrap_err();
    assert!(matches!(error, FetchError::NotFound { .. }), "{error:?}");

    let remote = at(server.url(&story.path())).with_credential(key(server.key()));
    remote.fetch(&Watch::default()).unwrap();
    server.change_host_key();
    let error = remote.fetch(&Watch::default()).map(|_| ()).unwrap_err();
    assert!(matches!(error, FetchError::HostKey { .. }), "{error:?}");
    assert_eq!(remote.kept().unwrap().unwrap().branch("main").unwrap().tip, tip);
}

#[test]
fn a_host_that_is_down_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("ssh://git@127.0.0.1:{}/x.git", csoc_testkit::wait::free_port());
    let error =
        Remote::new(url.parse().unwrap(), None, folder.path()).fetch(&Watch::default()).map(|_| ()).unwrap_err();
    assert!(matches!(error, FetchError::Unreachable { .. }), "{error:?}");
}
