//! Joining, renewing, clocks that are off, and an authority that is replaced: in real handshakes.

use std::sync::Arc;

use csoc_link::Class;
use csoc_link::dial::{DialError, dial};
use csoc_link::enrolment::{About, Credentials, EnrolmentError, NotGiven};
use csoc_link::identity::{AGENT_LIFE, AgentKey, Authority, Fingerprint, JoinToken, RENEWAL_GRACE};
use csoc_link::renewal::Renewal;
use csoc_link::tls::{self, ENROLMENT};
use csoc_testkit::wait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::stage::{CLUSTER, Clock, FAST, LIMIT, RunningAgent, Server, Setting, join, route};

fn about() -> About {
    About { cluster_uid: "uid".into(), version: "1.0.0".into(), mode: "observe".into() }
}

/// A token as `csoc cluster join` gives it.
fn token(server: &Server) -> String {
    let token = JoinToken::generate().unwrap();
    let record = token.record(CLUSTER, Timestamp::now() + HOUR);
    server.book.tokens.lock().unwrap().insert(token.id, record);
    token.reveal().to_string()
}

async fn try_join(server: &Server, token: &str) -> Result<Credentials, EnrolmentError> {
    let authority = server.desk.authority.lock().unwrap().fingerprint().unwrap();
    let key = AgentKey::generate().unwrap();
    Credentials::join(&route(server.address), authority, token, key, about(), Clock::default().shared()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_token_to_a_link_and_on_to_the_next_certificate() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let joined = try_join(&server, &token(&server)).await.unwrap();
    assert_eq!(joined.cluster, CLUSTER);
    let (key, first) = (joined.key.fingerprint(), joined.certificate.clone());
    let renewed = joined.renew(&route(server.address), "1.0.0", Clock::default().shared()).await.unwrap();
    assert_eq!(renewed.key.fingerprint(), key);
    assert_ne!(renewed.certificate, first);
    let tls = renewed.tls(Clock::default().shared()).unwrap();
    let _agent = RunningAgent::start(route(server.address), tls, FAST);
    server.connected().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_agents_with_one_token_one_gets_in() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let token = token(&server);
    let (one, two) = tokio::join!(try_join(&server, &token), try_join(&server, &token));
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
    let refused = one.and(two).err().unwrap();
    assert!(matches!(refused, EnrolmentError::Refused(NotGiven::Token)), "{refused}");
    // The reason is for the audit, not for who showed the token.
    assert_eq!(*server.book.faults.lock().unwrap(), ["it was used already"]);
    assert!(!refused.to_string().contains(&token));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_revoked_or_replaced_does_not_renew() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let clock = || Clock::default().shared();
    let first = try_join(&server, &token(&server)).await.unwrap();
    let second = try_join(&server, &token(&server)).await.unwrap();
    let (_, replaced) = first.renew(&route(server.address), "1.0.0", clock()).await.err().unwrap();
    assert!(matches!(replaced, EnrolmentError::Refused(NotGiven::OtherKey)), "{replaced}");
    server.book.keys.lock().unwrap().clear();
    let (_, revoked) = second.renew(&route(server.address), "1.0.0", clock()).await.err().unwrap();
    assert!(matches!(revoked, EnrolmentError::Refused(NotGiven::Revoked)), "{revoked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn renewing_after_a_rotation_brings_the_new_authority() {
    let old = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&old, Setting::default()).await;
    let joined = try_join(&server, &token(&server)).await.unwrap();
    let new = old.rotate(Timestamp::now()).unwrap();
    *server.desk.authority.lock().unwrap() = Arc::new(new);
    let renewed = joined.renew(&route(server.address), "1.0.0", Clock::default().shared()).await.unwrap();
    assert_eq!(renewed.trusted.len(), 2);
}

/// A clock that a test sets forward.
#[derive(Debug, Default)]
struct Later(std::sync::atomic::AtomicI64);

impl rustls::time_provider::TimeProvider for Later {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        Clock(self.0.load(std::sync::atomic::Ordering::Relaxed)).current_time()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_renews_itself_and_is_written_down_until_the_agent_is_revoked() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let joined = try_join(&server, &token(&server)).await.unwrap();
    let first = joined.certificate.clone();
    let clock = Arc::new(Later::default());
    let (tls, mut dialed_with) = watch::channel(Arc::new(joined.tls(clock.clone()).unwrap()));
    let (kept, mut written) = tokio::sync::mpsc::channel::<String>(10);
    let renewal = Renewal {
        route: route(server.address),
        version: "1.0.0".into(),
        clock: clock.clone(),
        save: async move |credentials: &Credentials| {
            let text = credentials.to_text().map_err(|e| e.to_string())?.to_string();
            kept.send(text).await.map_err(|e| e.to_string())
        },
        tls,
        look: std::time::Duration::from_millis(20),
        again: std::time::Duration::from_millis(20),
    };
    // The agent's clock alone goes on: seventeen of twenty-four hours.
    let renewing = tokio::spawn(renewal.run(joined));
    clock.0.store((HOUR * 17).as_secs(), std::sync::atomic::Ordering::Relaxed);
    let written = tokio::time::timeout(LIMIT, written.recv()).await.unwrap().unwrap();
    let read = Credentials::from_text(&written).unwrap();
    assert_ne!(read.certificate, first);
    tokio::time::timeout(LIMIT, dialed_with.changed()).await.unwrap().unwrap();
    server.book.keys.lock().unwrap().clear();
    assert_eq!(tokio::time::timeout(LIMIT, renewing).await.unwrap().unwrap(), NotGiven::Revoked);
}

#[test]
fn credentials_that_cannot_be_read_do_not_show_the_key_in_the_error() {
    let error = Credentials::from_text(r#"{"key": "SECRET", "certified": 7}"#).err().unwrap();
    assert!(!error.to_string().contains("SECRET"), "{error}");
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_joining_agent_trusts_the_authority_with_the_fingerprint_and_no_other() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let clock = Clock::default().shared();
    let right = tls::joining(authority.fingerprint().unwrap(), clock.clone()).unwrap();
    dial(&route(server.address), right, ENROLMENT).await.unwrap();
    wait::until("somebody without a name came to join", LIMIT, || {
        (*server.enrolling.lock().unwrap() == [None]).then_some(())
    });
    let wrong = tls::joining(Fingerprint::of(b"another"), clock).unwrap();
    let refused = dial(&route(server.address), wrong, ENROLMENT).await.err().unwrap();
    assert!(matches!(&refused, DialError::Tls(why) if why.contains("UnknownIssuer")), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_certificate_there_is_no_link() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let stranger = tls::joining(authority.fingerprint().unwrap(), Clock::default().shared()).unwrap();
    let _stream = dial(&route(server.address), stranger, Class::Control.protocol()).await.unwrap();
    server.error("shows no certificate").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_are_two_hours_off_keep_nobody_out() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    for hours in [-2, 2] {
        let server = Server::start(&authority, Setting::default()).await;
        let clock = Clock::off(HOUR * hours);
        let joined = join(&authority, &server.book, Timestamp::now(), clock);
        let _agent = RunningAgent::start(route(server.address), joined.tls, FAST);
        server.connected().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_ended_while_away_renews_for_some_days_and_opens_nothing_else() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let ended = Timestamp::now() - AGENT_LIFE - HOUR;
    let joined = join(&authority, &server.book, ended, Clock::default());
    dial(&route(server.address), joined.tls.clone(), ENROLMENT).await.unwrap();
    wait::until("it came to renew", LIMIT, || (*server.enrolling.lock().unwrap() == [Some(CLUSTER)]).then_some(()));
    let _stream = dial(&route(server.address), joined.tls, Class::Control.protocol()).await.unwrap();
    server.error("its certificate ended").await;
    let long_ago = Timestamp::now() - AGENT_LIFE - RENEWAL_GRACE - HOUR;
    let joined = join(&authority, &server.book, long_ago, Clock::default());
    // In TLS 1.3 the client learns of it only when it reads.
    let _stream = dial(&route(server.address), joined.tls, ENROLMENT).await;
    server.error("expired").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_is_replaced_without_locking_anybody_out_until_the_old_one_is_retired() {
    let old = Authority::create(Timestamp::now()).unwrap();
    let mut new = old.rotate(Timestamp::now()).unwrap();
    let server = Server::start(&new, Setting::default()).await;
    // Joined before the rotation: knows the old authority only.
    let before = join(&old, &server.book, Timestamp::now(), Clock::default());
    let agent = RunningAgent::start(route(server.address), before.tls.clone(), FAST);
    server.connected().await;
    agent.kill().await;
    // A command with the old fingerprint that was not run yet still works.
    let late = tls::joining(old.fingerprint().unwrap(), Clock::default().shared()).unwrap();
    dial(&route(server.address), late, ENROLMENT).await.unwrap();
    // Renewed: knows both.
    let renewed = join(&new, &server.book, Timestamp::now(), Clock::default());
    new.retire();
    let server_later = Server::start(&new, Setting::default()).await;
    server_later.book.keys.lock().unwrap().insert(CLUSTER, renewed.key.fingerprint());
    let _agent = RunningAgent::start(route(server_later.address), renewed.tls, FAST);
    server_later.connected().await;
    assert!(dial(&route(server_later.address), before.tls, Class::Control.protocol()).await.is_err());
}

/// A resumed session would skip asking for the certificate.
#[tokio::test(flavor = "multi_thread")]
async fn no_session_is_resumed() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let joined = join(&authority, &server.book, Timestamp::now(), Clock::default());
    for _ in 0..3 {
        let stream = dial(&route(server.address), joined.tls.clone(), ENROLMENT).await.unwrap();
        assert_eq!(stream.get_ref().1.handshake_kind(), Some(rustls::HandshakeKind::Full));
    }
}
