//! Which key is a cluster's, and how it came to be.

use csoc_core::ClusterId;
use csoc_core::access::Visible;
use csoc_store::{AgentJoin, Joined, NewJoinToken, Store};
use uuid::Uuid;

use crate::stage::{Stage, at, only};
use crate::{change, on_both};

const SECRET: [u8; 32] = [7; 32];

async fn cluster(stage: &Stage) -> ClusterId {
    let organization = stage.organization("north").await;
    let source = stage.source(organization).await;
    change!(stage.store, |w| w.cluster_put(source, "clusters/one", "one", at(0)))
}

/// A token that is good for a hundred seconds.
async fn token(store: &Store, cluster: ClusterId, replaces: bool) -> Uuid {
    let id = Uuid::now_v7();
    let new = NewJoinToken { id, cluster, secret_hash: SECRET, replaces, expires_at: at(100) };
    change!(store, |w| w.join_token_insert(&new, at(0)));
    id
}

fn asks(token: Uuid, key: &str, uid: &str) -> AgentJoin {
    AgentJoin {
        token,
        secret_hash: SECRET,
        key_fingerprint: key.into(),
        cluster_uid: uid.into(),
        version: "1.0.0".into(),
        mode: "observe".into(),
    }
}

/// As the server does it: only a join is kept.
async fn join(store: &Store, join: &AgentJoin, second: i64) -> Joined {
    let mut write = store.write().await.unwrap();
    let joined = write.agent_join(join, at(second)).await.unwrap();
    match joined {
        Joined::Joined(_) => write.commit().await.unwrap(),
        _ => write.rollback().await.unwrap(),
    }
    joined
}

on_both! {
    async fn a_token_works_once_and_not_for_ever_and_not_without_its_secret(stage: Stage) {
        let cluster = cluster(&stage).await;
        let (first, late) = (token(&stage.store, cluster, false).await, token(&stage.store, cluster, false).await);
        let guess = AgentJoin { secret_hash: [8; 32], ..asks(first, "a", "uid") };
        assert_eq!(join(&stage.store, &guess, 1).await, Joined::Unknown);
        assert_eq!(join(&stage.store, &asks(first, "a", "uid"), 1).await, Joined::Joined(cluster));
        assert_eq!(stage.store.agent_key(cluster).await.unwrap().as_deref(), Some("a"));
        assert_eq!(join(&stage.store, &asks(first, "b", "uid"), 2).await, Joined::Used);
        assert_eq!(join(&stage.store, &asks(late, "b", "uid"), 100).await, Joined::Expired);
        assert_eq!(stage.store.agent_key(cluster).await.unwrap().as_deref(), Some("a"));
    }
}

on_both! {
    async fn of_two_that_come_at_once_one_gets_in(stage: Stage) {
        let cluster = cluster(&stage).await;
        let token = token(&stage.store, cluster, false).await;
        let (one, two) = (asks(token, "a", "uid"), asks(token, "b", "uid"));
        let (one, two) = tokio::join!(join(&stage.store, &one, 1), join(&stage.store, &two, 1));
        let mut both = [one, two];
        both.sort_by_key(|joined| *joined == Joined::Used);
        assert_eq!(both, [Joined::Joined(cluster), Joined::Used]);
    }
}

on_both! {
    async fn in_the_wrong_cluster_a_token_is_refused_and_still_good(stage: Stage) {
        let cluster = cluster(&stage).await;
        let first = token(&stage.store, cluster, false).await;
        join(&stage.store, &asks(first, "a", "uid"), 1).await;
        let again = token(&stage.store, cluster, false).await;
        assert_eq!(join(&stage.store, &asks(again, "b", "elsewhere"), 2).await, Joined::OtherCluster(cluster));
        assert_eq!(join(&stage.store, &asks(again, "b", "uid"), 3).await, Joined::Joined(cluster));
        let replacing = token(&stage.store, cluster, true).await;
        assert_eq!(join(&stage.store, &asks(replacing, "c", "elsewhere"), 4).await, Joined::Joined(cluster));
    }
}

on_both! {
    async fn a_revoked_key_opens_nothing_until_a_new_token_is_made(stage: Stage) {
        let cluster = cluster(&stage).await;
        let (first, open) = (token(&stage.store, cluster, false).await, token(&stage.store, cluster, false).await);
        join(&stage.store, &asks(first, "a", "uid"), 1).await;
        assert!(change!(stage.store, |w| w.agent_revoke(cluster, at(2))));
        assert!(!change!(stage.store, |w| w.agent_revoke(cluster, at(3))));
        assert_eq!(stage.store.agent_key(cluster).await.unwrap(), None);
        assert_eq!(join(&stage.store, &asks(open, "b", "uid"), 4).await, Joined::Unknown);
        let anew = token(&stage.store, cluster, false).await;
        join(&stage.store, &asks(anew, "b", "uid"), 5).await;
        assert_eq!(stage.store.agent_key(cluster).await.unwrap().as_deref(), Some("b"));
    }
}

on_both! {
    async fn another_organization_sees_no_agent_of_ours(stage: Stage) {
        let cluster = cluster(&stage).await;
        let token = token(&stage.store, cluster, false).await;
        join(&stage.store, &asks(token, "a", "uid"), 1).await;
        let south = stage.organization("south").await;
        assert!(stage.store.agent_list(&only(south)).await.unwrap().is_empty());
        let ours = stage.store.agent_list(&Visible::All).await.unwrap();
        assert_eq!((ours[0].cluster, ours[0].joined_at, ours[0].revoked_at), (cluster, at(1), None));
    }
}
