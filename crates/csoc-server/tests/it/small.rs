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

/// An umbrella chart of fence and etl, with these values and fence's defaults.
pub fn chart(values: &str, fence: &str) -> Vec<(String, Option<String>)> {
    let subchart = |name: &str| {
        let text = format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\nappVersion: \"2026.01\"\n");
        (format!("helm/{name}/Chart.yaml"), Some(text))
    };
    let dependency = |name: &str| {
        format!(
            "  - name: {name}\n    version: 0.1.0\n    repository: file://../{name}\n    condition: {name}.enabled\n"
        )
    };
    let umbrella = format!(
        "apiVersion: v2\nname: gen3\nversion: 0.0.1\ndependencies:\n{}{}",
        dependency("fence"),
        dependency("etl")
    );
    vec![
        subchart("fence"),
        subchart("etl"),
        ("helm/gen3/Chart.yaml".to_owned(), Some(umbrella)),
        ("helm/gen3/values.yaml".to_owned(), Some(values.to_owned())),
        ("helm/fence/values.yaml".to_owned(), Some(fence.to_owned())),
    ]
}
