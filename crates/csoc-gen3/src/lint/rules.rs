//! The table of rules: what each is called, how bad it is, why it matters and how to mend it.
//!
//! An id never changes its meaning: waivers and CI settings name it.

use csoc_core::finding::Severity::{self, Critical, High, Info, Low, Medium};

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable, kebab-case.
    pub id: &'static str,
    /// A noun phrase.
    pub title: &'static str,
    /// Its usual severity; a finding may differ.
    pub severity: Severity,
    pub why: &'static str,
    pub mend: &'static str,
    pub needs_chart: bool,
    /// Looks at merged values: a commons whose values are not at hand is not evaluated.
    pub reads_values: bool,
}

/// Every rule, in the order of the documentation.
pub fn rules() -> &'static [Rule] {
    RULES
}

pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

macro_rules! rules {
    ($($id:literal $severity:ident $($flag:ident)* : $title:literal, why $why:literal, mend $mend:literal;)+) => {
        &[$(Rule {
            id: $id,
            title: $title,
            severity: $severity,
            why: $why,
            mend: $mend,
            needs_chart: rules!(@ needs_chart $($flag)*),
            reads_values: rules!(@ reads_values $($flag)*),
        }),+]
    };
    (@ needs_chart chart $($rest:ident)*) => { true };
    (@ needs_chart $other:ident $($rest:ident)*) => { rules!(@ needs_chart $($rest)*) };
    (@ needs_chart) => { false };
    (@ reads_values values $($rest:ident)*) => { true };
    (@ reads_values $other:ident $($rest:ident)*) => { rules!(@ reads_values $($rest)*) };
    (@ reads_values) => { false };
}

const RULES: &[Rule] = rules! {
    "plaintext-secret" Critical: "Secret in clear",
        why "Whoever can read the repository, now or in its history, can use it.",
        mend "Revoke and replace the secret, put the new one into the secret manager and write only its name here; removing the line does not remove it from the history.";
    "broken-file" High: "File that cannot be read",
        why "Argo CD cannot render the application; the last good state keeps running and every later change to it waits.",
        mend "Mend the syntax at this place.";
    "missing-values-file" High: "Values file that does not exist",
        why "Argo CD cannot render the application: nothing of it is updated until the file is there.",
        mend "Add the file, or take its line out of valueFiles.";
    "foreign-values-file" High: "Values file of another commons",
        why "The commons runs with another's hostname, secrets and databases, or does not run at all; edits to its own files change nothing.",
        mend "Point valueFiles at this commons' own values.";
    "foreign-values-revision" Medium: "Values read from another branch",
        why "What is merged here is not deployed, and what is deployed is not reviewed here.",
        mend "Set targetRevision of the values source to the branch that is reviewed, after merging what the other branch holds.";
    "unused-values-file" Low: "Values file that nothing uses",
        why "Someone edits it and nothing happens.",
        mend "List it in valueFiles, or delete it.";
    "empty-values" Info: "Empty values file",
        why "The commons is declared and nothing says what it deploys: Helm takes every default of the chart.",
        mend "Fill it, or remove the commons' folder.";
    "extra-document" Medium: "Values after the first YAML document",
        why "Helm reads only the first document of a values file; what follows is silently ignored.",
        mend "Move the settings into the first document and delete the `---`.";
    "unreadable-file" Medium: "File that was not followed",
        why "It leads out of the repository, is too large, or is not text: what it says is not known, here or to Argo CD.",
        mend "Replace it by a plain file inside the repository.";
    "duplicate-key" High: "Key that stands twice",
        why "The last one wins without a word; whoever edits the first changes nothing.",
        mend "Keep one of them.";
    "mangled-number" High values: "Number that Helm changes",
        why "Without quotes it is a number, and a template prints a number its own way: account 053927701465 becomes 5.3927701465e+10, tag 2026.10 becomes 2026.1.",
        mend "Put it in quotes.";
    "unquoted-tag" Low values: "Tag without quotes",
        why "It is a number to Helm. This one survives; the next bump to 2026.10 becomes 2026.1, an image that does not exist.",
        mend "Put the tag in quotes.";
    "yaml-boolean" Medium values: "on, off, yes or no read as true or false",
        why "YAML 1.1 turns the word into a boolean; what compares it with the text never matches.",
        mend "Put the word in quotes.";
    "not-a-string" High values: "Number or boolean where Kubernetes wants text",
        why "The API server refuses annotations, labels and environment values that are not strings: the sync fails.",
        mend "Put the value in quotes.";
    "misspelled-enabled" High values: "Misspelled enabled",
        why "The chart reads only `enabled`; what was meant to be switched stays at its default.",
        mend "Write `enabled`.";
    "misplaced-key" Medium values: "Setting at the wrong depth",
        why "The chart looks for it elsewhere, so it has no effect.",
        mend "Move it to where the chart reads it.";
    "unread-key" Low chart values: "Setting that no chart reads",
        why "It looks like configuration and does nothing; the next reader is misled.",
        mend "Delete it.";
    "broken-embedded-json" High values: "Broken JSON inside a string",
        why "The service that reads it fails at its next start.",
        mend "Mend the JSON.";
    "unpinned-chart" Low: "Chart that follows a branch",
        why "A merge into the chart's branch deploys here without any change, review or record in this repository.",
        mend "Set targetRevision to a tag or a commit of the chart.";
    "duplicate-application" High: "Two applications with one name in one cluster",
        why "Argo CD knows an application by its name: the two overwrite each other, and which one is live is decided by who synced last.",
        mend "Give each its own metadata.name and namespace.";
    "duplicate-hostname" High values: "Hostname that two commons claim",
        why "Only one of them can be reached under it; the other's load balancer, certificates and logins fight for it.",
        mend "Correct the hostname of the one that should not have it, or remove it.";
    "hostname-mismatch" Medium values: "Folder and hostname that differ",
        why "People and scripts find a commons by its folder; they will operate on the wrong name.",
        mend "Rename the folder or correct global.hostname.";
    "moving-tag" Medium values: "Production image that can change by itself",
        why "A branch tag is rebuilt under the same name: a restarted pod runs other code than its neighbour, and nobody can tell which.",
        mend "Use a release tag.";
    "tag-behind-twin" Medium values: "Staging that runs older images than production",
        why "What production runs was not tried in staging, and what staging tests is not what is next.",
        mend "Bump staging first, then production.";
    "tag-ahead-of-twin" Low values: "Staging far ahead of production",
        why "Releases wait in staging that nobody promotes; the gap makes the next promotion large.",
        mend "Promote, or say why not.";
    "cross-tier-reference" High values: "Another environment's hostname where its own is meant",
        why "Users of one environment act on the other: staging workspaces read and write production.",
        mend "Write this commons' own hostname.";
    "duplicate-guid-prefix" High values: "GUID prefix that two programmes share",
        why "Both mint identifiers under one prefix: a resolver cannot tell whose they are, and they are permanent.",
        mend "Give each commons its own registered prefix before it mints more.";
    "maintenance-mode" Medium values: "Maintenance mode left on",
        why "Everyone sees the maintenance page instead of the portal.",
        mend "Set it to 'off' when the work is done.";
    "account-mismatch" High values: "Resource of another cloud account",
        why "A role, certificate or firewall of another account cannot be used here: the service starts without its permissions, or the load balancer is refused.",
        mend "Write the resource of the account that the cluster is in.";
    "cluster-name-mismatch" Low: "Cluster that calls itself otherwise than its folder",
        why "Metrics and logs carry the one name, people look for the other; and the chart builds the paths of component files from the name.",
        mend "Rename the folder, or set `cluster` to the folder's name.";
    "missing-configuration" High: "Component configured by a file that is not there",
        why "With configuration.enabled the component's values come only from that file: Argo CD cannot render it.",
        mend "Add the file, or set configuration.enabled to false.";
    "dead-configuration" Low: "Component file that nothing reads",
        why "Someone edits it and nothing happens.",
        mend "Set the component's configuration.enabled to true, or delete the file.";
    "incomplete-ignore" Low: "Waiver comment that waives nothing",
        why "Whoever wrote it believes that the finding is waived.",
        mend "Write `# csoc:ignore RULE reason` with an existing rule and a reason.";
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_kebab_case_and_unique_and_every_sentence_ends() {
        let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id);
            assert!(rule.why.ends_with('.') && rule.mend.ends_with('.'), "{}", rule.id);
            assert!(!rule.title.ends_with('.'), "{}", rule.id);
        }
    }

    #[test]
    fn only_what_reads_a_chart_needs_one() {
        let needs: Vec<_> = RULES.iter().filter(|rule| rule.needs_chart).map(|rule| rule.id).collect();
        assert_eq!(needs, ["unread-key"]);
    }
}
