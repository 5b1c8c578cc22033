//! Small fleets, written for one story.

use csoc_testkit::fleets::Story;

/// A commons' folder with its Application, and the value files that it names, in order.
pub fn commons(folder: &str, values: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let (cluster, hostname) = folder.split_once('/').unwrap();
    let paths: Vec<String> = values.iter().map(|(name, _)| format!("{folder}/values/{name}")).collect();
    let listed: String = paths.iter().map(|path| format!("          - $values/{path}\n")).collect();
    let application = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: gen3-{hostname}\n  namespace: argocd\n\
         spec:\n  project: default\n  sources:\n    - repoURL: https://git.example.org/charts\n      path: helm/gen3\n      \
         targetRevision: main\n      helm:\n        valueFiles:\n{listed}    - repoURL: https://git.example.org/gitops\n      \
         targetRevision: main\n      ref: values\n  destination:\n    server: https://kubernetes.default.svc\n    \
         namespace: data\n"
    );
    let mut files = vec![
        (format!("{folder}/templates/app.yaml"), Some(application)),
        (format!("{cluster}/cluster-values/cluster-values.yaml"), Some(format!("cluster: {cluster}\n"))),
    ];
    files.extend(paths.into_iter().zip(values).map(|(path, (_, text))| (path, Some((*text).to_owned()))));
    files
}

pub fn land(story: &mut Story, title: &str, files: &[(String, Option<String>)]) -> String {
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_deref())).collect();
    story.land(title, &files).to_string()
}
