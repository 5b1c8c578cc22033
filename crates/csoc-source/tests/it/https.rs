//! A real Git host over HTTPS on loopback.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use csoc_core::secret::Secret;
use csoc_source::remote::{Phase, Progress};
use csoc_source::{Credential, FetchError, FetchOptions, Remote, Repository, Start, Watch};
use csoc_testkit::fleets::Story;
use csoc_testkit::git_server::{Behaviour, GitServer};

const TOKEN: &str = "tok-5ecret";

fn only_with_token() -> Behaviour {
    Behaviour::Token { user: "x-access-token".to_owned(), token: TOKEN.to_owned() }
}

fn token(text: &str) -> Credential {
    Credential::Token { user: None, token: Secret::new(text) }
}

struct Stage {
    story: Story,
    server: GitServer,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new(behaviour: Behaviour) -> Self {
        let mut story = Story::new();
        story.land("One", &[("a", Some("1"))]);
        let server = GitServer::https(story.path().parent().unwrap(), behaviour);
        Self { story, server, folder: tempfile::tempdir().unwrap() }
    }

    fn options(&self) -> FetchOptions {
        FetchOptions { extra_certificates: Some(self.server.authority().to_owned()), ..FetchOptions::default() }
    }

    fn remote(&self) -> Remote {
        let address = self.server.url("story.git").parse().unwrap();
        Remote::new(address, Some("main".to_owned()), self.folder.path().join("source")).with_options(self.options())
    }
}

fn fail(remote: &Remote) -> FetchError {
    let error = remote.fetch(&Watch::default()).map(|_| ()).unwrap_err();
    assert!(!format!("{error} {error:?} {remote:?}").contains("5ecret"), "a secret shows");
    error
}

#[test]
fn a_token_opens_and_what_is_new_is_told() {
    let mut stage = Stage::new(only_with_token());
    let remote = stage.remote().with_credential(token(TOKEN));
    let first = remote.fetch(&Watch::default()).unwrap();
    assert_eq!((first.before, first.news().unwrap().landings.len()), (None, 1));
    let tip = stage.story.land("Two", &[("a", Some("2"))]);
    let second = remote.fetch(&Watch::default()).unwrap();
    assert_eq!((second.before, second.branch.tip), (Some(first.branch.tip), tip));
    assert_eq!(second.news().unwrap().landings[0].title, "Two");
    let third = remote.fetch(&Watch::default()).unwrap();
    assert!(third.news().unwrap().landings.is_empty());
}

#[test]
fn a_chart_is_fetched_with_every_branch_and_tag_and_without_those_that_are_gone() {
    let stage = Stage::new(only_with_token());
    let tip = Repository::open(stage.story.path()).unwrap().branch("main").unwrap().tip;
    stage.story.set("refs/heads/feat/x", tip);
    stage.story.set("refs/tags/gen3-0.1.0", tip);
    let options = FetchOptions { tags: true, all_branches: true, ..stage.options() };
    let remote = stage.remote().with_credential(token(TOKEN)).with_options(options);
    let fetched = remote.fetch(&Watch::default()).unwrap();
    assert_eq!(fetched.branch.name, "main");
    let copy = fetched.repository;
    assert_eq!((copy.branch("feat/x").unwrap().tip, copy.tag("gen3-0.1.0")), (tip, Some(tip)));
    assert_eq!((copy.commit(&tip.to_string()[..9]), copy.commit("feat/x"), copy.tag("main")), (Some(tip), None, None));
    std::fs::remove_file(stage.story.path().join("refs/heads/feat/x")).unwrap();
    let again = remote.fetch(&Watch::default()).unwrap().repository;
    assert!(again.branch("feat/x").is_err() && again.branch("main").is_ok(), "a branch that is gone is gone");
    assert_eq!(again.line(tip).unwrap().len(), 1);
    assert!(again.has(tip, "a") && !again.has(tip, "b/c"));
}

#[test]
fn refused_credentials_are_told_apart_from_missing_ones() {
    let stage = Stage::new(only_with_token());
    assert!(matches!(fail(&stage.remote()), FetchError::CredentialNeeded { .. }));
    let wrong = stage.remote().with_credential(token("old-5ecret"));
    assert!(matches!(fail(&wrong), FetchError::CredentialRefused { .. }));
    stage.server.behave(Behaviour::Status(403));
    assert!(matches!(fail(&wrong), FetchError::CredentialRefused { .. }));
}

#[test]
fn a_revoked_token_leaves_the_last_good_copy() {
    let stage = Stage::new(only_with_token());
    let remote = stage.remote().with_credential(token(TOKEN));
    let tip = remote.fetch(&Watch::default()).unwrap().branch.tip;
    stage.server.behave(Behaviour::Token { user: "x".to_owned(), token: "other".to_owned() });
    assert!(matches!(fail(&remote), FetchError::CredentialRefused { .. }));
    assert_eq!(remote.kept().unwrap().unwrap().branch("main").unwrap().tip, tip);
}

#[test]
fn a_token_is_not_sent_in_clear() {
    let story = Story::new();
    let server = GitServer::http(story.path().parent().unwrap(), only_with_token());
    let folder = tempfile::tempdir().unwrap();
    let remote =
        Remote::new(server.url("story.git").parse().unwrap(), None, folder.path()).with_credential(token(TOKEN));
    assert!(matches!(fail(&remote), FetchError::PlainHttp));
}

#[test]
fn every_way_of_not_answering_has_its_sentence() {
    let stage = Stage::new(Behaviour::Open);
    let folder = stage.folder.path().join("other");
    let other = |url: String| Remote::new(url.parse().unwrap(), None, &folder).with_options(stage.options());
    let absent = fail(&other(stage.server.url("absent.git")));
    assert!(matches!(absent, FetchError::NotFound { .. }), "{absent:?}");
    let nobody = fail(&other(format!("https://localhost:{}/x.git", csoc_testkit::wait::free_port())));
    assert!(matches!(nobody, FetchError::Unreachable { .. }), "{nobody:?}");
    let unknown = fail(&other("https://no-such-host.invalid/x.git".to_owned()));
    assert!(matches!(unknown, FetchError::Unreachable { .. }), "{unknown:?}");
    let untrusted = fail(&stage.remote().with_options(FetchOptions::default()));
    assert!(matches!(untrusted, FetchError::Tls { .. }), "{untrusted:?}");
    stage.server.behave(Behaviour::WebPage);
    let page = fail(&stage.remote());
    assert!(matches!(page, FetchError::NotAGitServer { .. }), "{page:?}");
    stage.server.behave(Behaviour::Status(503));
    let busy = fail(&stage.remote());
    assert!(matches!(busy, FetchError::Server { status: 503, .. }), "{busy:?}");
}

#[test]
fn a_branch_that_is_gone_is_told_with_its_neighbours() {
    let stage = Stage::new(Behaviour::Open);
    let address = stage.server.url("story.git").parse().unwrap();
    let remote = Remote::new(address, Some("mian".to_owned()), stage.folder.path()).with_options(stage.options());
    match fail(&remote) {
        FetchError::BranchGone { branch, nearest } => {
            assert_eq!((&*branch, &*nearest), ("mian", &["main".to_owned()][..]))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_repository_says_so() {
    let (story, folder) = (Story::new(), tempfile::tempdir().unwrap());
    let server = GitServer::http(story.path().parent().unwrap(), Behaviour::Open);
    for branch in [None, Some("main".to_owned())] {
        let remote = Remote::new(server.url("story.git").parse().unwrap(), branch, folder.path());
        let error = fail(&remote);
        assert!(matches!(error, FetchError::Empty), "{error:?}");
    }
}

#[test]
fn without_a_branch_the_hosts_default_is_taken() {
    let stage = Stage::new(Behaviour::Open);
    let address: csoc_source::Address = stage.server.url("story.git").parse().unwrap();
    let remote = Remote::new(address, None, stage.folder.path().join("d")).with_options(stage.options());
    assert_eq!(remote.branches(&Watch::default()).unwrap(), (vec!["main".to_owned()], Some("main".to_owned())));
    assert_eq!(remote.fetch(&Watch::default()).unwrap().branch.name, "main");
}

#[test]
fn a_force_push_is_fetched_and_told() {
    let mut stage = Stage::new(Behaviour::Open);
    let remote = stage.remote();
    let first = remote.fetch(&Watch::default()).unwrap().branch.tip;
    let lost = stage.story.land("Two", &[("a", Some("2"))]);
    remote.fetch(&Watch::default()).unwrap();
    stage.story.go_on_from(Some(first));
    stage.story.land("Two again", &[("a", Some("3"))]);
    let fetched = remote.fetch(&Watch::default()).unwrap();
    assert_eq!(fetched.news().unwrap().start, Start::Rewritten { lost, common: Some(first) });
}

#[test]
fn a_connection_cut_in_the_middle_changes_nothing() {
    let mut stage = Stage::new(Behaviour::Open);
    let remote = stage.remote();
    let tip = remote.fetch(&Watch::default()).unwrap().branch.tip;
    let text: String = (0..20_000u64).map(|n| format!("{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    let new = stage.story.land("Two", &[("big", Some(&text))]);
    stage.server.behave(Behaviour::Cut(4096));
    fail(&remote);
    assert_eq!(
        Repository::open(stage.folder.path().join("source/repository.git")).unwrap().branch("main").unwrap().tip,
        tip
    );
    stage.server.behave(Behaviour::Open);
    assert_eq!(remote.fetch(&Watch::default()).unwrap().branch.tip, new);
}

#[test]
fn a_silent_host_is_given_up() {
    let stage = Stage::new(Behaviour::Silent);
    let options = FetchOptions { idle_timeout: Duration::from_millis(300), ..stage.options() };
    let error = fail(&stage.remote().with_options(options));
    assert!(matches!(error, FetchError::Unreachable { .. }), "{error:?}");
}

#[test]
fn a_fetch_can_be_stopped_and_leaves_no_half_clone() {
    let stage = Stage::new(Behaviour::Open);
    let watch = Watch { stop: Arc::new(AtomicBool::new(true)), ..Watch::default() };
    let slow = FetchOptions { idle_timeout: Duration::from_millis(500), ..stage.options() };
    stage.server.behave(Behaviour::Silent);
    let error = stage.remote().with_options(slow).fetch(&watch).map(|_| ()).unwrap_err();
    assert!(matches!(error, FetchError::Cancelled), "{error:?}");
    assert_eq!(std::fs::read_dir(stage.folder.path().join("source")).unwrap().count(), 0);
    watch.stop.store(false, Ordering::Relaxed);
}

#[test]
fn progress_ends_with_everything_in_place() {
    let stage = Stage::new(Behaviour::Open);
    let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let keep = Arc::clone(&seen);
    let watch = Watch { progress: Some(Arc::new(move |now| keep.lock().unwrap().push(now))), ..Watch::default() };
    stage.remote().fetch(&watch).unwrap();
    let last = *seen.lock().unwrap().last().unwrap();
    assert_eq!((last.phase, last.done), (Phase::Resolving, last.total.unwrap()));
}

#[test]
fn a_large_file_does_not_stop_a_fetch() {
    let mut stage = Stage::new(Behaviour::Open);
    let tip = stage.story.land_bytes("Large", &[("huge.bin", Some(&vec![7; 50 * 1024 * 1024]))]);
    assert_eq!(stage.remote().fetch(&Watch::default()).unwrap().branch.tip, tip);
}
