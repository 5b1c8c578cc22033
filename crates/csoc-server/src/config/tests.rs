use std::net::IpAddr;

use super::*;

fn flags(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn mistakes(pairs: &[(&str, &str)]) -> Vec<String> {
    Config::load(None, [], flags(pairs)).unwrap_err().0
}

#[test]
fn the_later_wins_file_environment_flag() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("csoc.toml");
    std::fs::write(&file, "listen = '127.0.0.1:1'\nfetches_at_once = 7\ndata = '/d'\n").unwrap();
    let environment = flags(&[("CSOC_LISTEN", "127.0.0.1:2"), ("CSOC_LOG_FORMAT", "json"), ("HOME", "/")]);
    let config = Config::load(Some(&file), environment, flags(&[("listen", "127.0.0.1:3")])).unwrap();
    assert_eq!((config.listen.port(), config.fetches_at_once, config.log.json), (3, 7, true));
    assert_eq!(config.store.expose(), "sqlite:///d/csoc.db");
}

#[test]
fn all_mistakes_are_told_at_once_and_no_value_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("csoc.toml");
    std::fs::write(&file, "listne = 'hunter2'\ntls_cert = 'hunter2'\n").unwrap();
    let environment = flags(&[("CSOC_STORE", "mysql://hunter2@db"), ("CSOC_FETCHES_AT_ONCE", "hunter2")]);
    let told = Config::load(Some(&file), environment, flags(&[("log_format", "hunter2")])).unwrap_err().to_string();
    for part in ["did you mean `listen`", "tls_cert", "CSOC_STORE", "CSOC_FETCHES_AT_ONCE", "--log-format"] {
        assert!(told.contains(part), "{part} is missing in: {told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_file_that_is_not_toml_is_told_without_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("csoc.toml");
    std::fs::write(&file, "a = 1\nstore = hunter2 hunter2\n").unwrap();
    let told = Config::load(Some(&file), [], []).unwrap_err().to_string();
    assert!(told.contains("line 2") && !told.contains("hunter2"), "{told}");
}

#[test]
fn an_open_door_is_refused() {
    assert!(mistakes(&[("listen", "0.0.0.0:80")])[0].contains("behind_proxy"));
    assert!(
        mistakes(&[("listen", "0.0.0.0:80"), ("behind_proxy", "true"), ("insecure_no_sign_in", "true")])[0]
            .contains("loopback")
    );
    Config::load(None, [], flags(&[("listen", "0.0.0.0:80"), ("behind_proxy", "true")])).unwrap();
    Config::load(None, [], flags(&[("insecure_no_sign_in", "true")])).unwrap();
}

#[test]
fn an_unknown_variable_is_a_warning() {
    let config = Config::load(None, flags(&[("CSOC_LISTN", "x"), ("CSOC_TEST_POSTGRES_URL", "y")]), []).unwrap();
    assert_eq!(config.warnings.len(), 1);
    assert!(config.warnings[0].contains("did you mean `listen`"), "{:?}", config.warnings);
}

#[test]
fn networks_contain_their_addresses() {
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    let net = |text: &str| Network::parse(text).unwrap();
    assert!(net("10.0.0.0/8").contains(ip("10.200.1.1")) && !net("10.0.0.0/8").contains(ip("11.0.0.1")));
    assert!(net("0.0.0.0/0").contains(ip("8.8.8.8")) && net("::1").contains(ip("::1")));
    assert!(net("127.0.0.1").contains(ip("::ffff:127.0.0.1")));
    assert!(Network::parse("10.0.0.0/33").is_none() && Network::parse("host").is_none());
}
