//! What a finding is called for as long as it lives.
//!
//! Story: `jcoinprod/jcoin.example.org` moves to `unfunded/jcoin.example.org`. The rules name the fault by the folder
//! and by paths in it; here the folder gives way to the commons' id, and the fault in the new place is the one that
//! was waived in the old. Names of before this was so are changed when they are met.

use std::collections::{BTreeMap, HashMap, HashSet};

use csoc_core::CommonsId;
use csoc_gen3::lint;
use csoc_store::{Finding, Write};

use crate::service::Fault;

/// `rule:folder:about` with ids in place of the commons' folders.
pub(super) fn name(fingerprint: &str, called: &BTreeMap<&str, CommonsId>) -> String {
    let Some((rule, rest)) = fingerprint.split_once(':') else { return fingerprint.to_owned() };
    let parts: Vec<String> = rest.split(':').map(|part| part_name(part, called)).collect();
    format!("{rule}:{}", parts.join(":"))
}

/// A folder, a path in one, or something else, which stays.
fn part_name(part: &str, called: &BTreeMap<&str, CommonsId>) -> String {
    let mut folder = part;
    while !folder.is_empty() {
        if let Some(id) = called.get(folder) {
            return format!("{id}{}", &part[folder.len()..]);
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
    part.to_owned()
}

/// Gives known findings the names that this round calls them by: those named by a folder, and those that stand where
/// they stood in a commons that has another id now. Waivers go along where two turned out to be one.
pub(super) async fn keep(
    write: &mut Write,
    known: &mut [Finding],
    found: &HashMap<&str, &lint::Finding>,
    called: &BTreeMap<&str, CommonsId>,
) -> Result<(), Fault> {
    let mut taken: HashSet<String> = known.iter().map(|one| one.found.fingerprint.clone()).collect();
    let place = |rule: &str, path: &str, name: &str| (rule.to_owned(), path.to_owned(), about(name).to_owned());
    let here: HashMap<_, &str> = found.iter().map(|(name, one)| (place(one.rule, &one.path, name), *name)).collect();
    // The open ones first: a name that two want belongs to the one that is looked at.
    let mut order: Vec<usize> = (0..known.len()).collect();
    order.sort_by_key(|at| (known[*at].resolved_at.is_some(), known[*at].first_seen_at));
    for at in order {
        let was = known[at].found.fingerprint.clone();
        if found.contains_key(was.as_str()) {
            continue;
        }
        let said = name(&was, called);
        let same_place = here.get(&place(&known[at].found.rule, &known[at].found.path, &said)).copied();
        let Some(new) = same_place.or((said != was).then_some(said.as_str())) else { continue };
        if taken.insert(new.to_owned()) {
            write.finding_rename(known[at].id, new).await?;
            new.clone_into(&mut known[at].found.fingerprint);
        } else if known[at].resolved_at.is_none()
            && let Some(other) = known.iter().find(|other| other.found.fingerprint == new)
        {
            write.waiver_copy(known[at].id, other.id).await?;
        }
    }
    Ok(())
}

/// What of a name tells the fault within its subject.
fn about(name: &str) -> &str {
    name.splitn(3, ':').nth(2).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_name_has_the_id_of_the_commons_wherever_its_folder_stood() {
        let (x, y) = (CommonsId(Uuid::from_u128(1)), CommonsId(Uuid::from_u128(2)));
        let called = BTreeMap::from([("old/x.org", x), ("old/y.org", y)]);
        let moved = BTreeMap::from([("new/x.org", x), ("old/x.org", x), ("old/y.org", y)]);
        for (old, new) in [
            (
                "duplicate-key:old/x.org:old/x.org/values/values.yaml:esEndpoint",
                "duplicate-key:new/x.org:new/x.org/values/values.yaml:esEndpoint",
            ),
            ("tag-behind-twin:old/y.org:old/x.org", "tag-behind-twin:old/y.org:new/x.org"),
            ("mangled-number:old/x.org:global.aws.account#2", "mangled-number:new/x.org:global.aws.account#2"),
        ] {
            assert_eq!(name(old, &called), name(new, &moved), "{old}");
            assert_ne!(name(old, &called), old);
            assert_eq!(name(&name(old, &called), &moved), name(old, &called), "once is enough");
        }
        for stays in
            ["dead-configuration:old:old/cluster-values/karpenter.yaml", "broken-file::old/x.orgs/app.yaml:BrokenYaml"]
        {
            assert_eq!(name(stays, &called), stays);
        }
    }
}
