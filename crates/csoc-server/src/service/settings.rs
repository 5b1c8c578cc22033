//! Settings of the whole installation.

use csoc_api::settings::{Settings, SettingsPatch};
use csoc_core::audit::Object;
use csoc_gen3::diff::environment;
use serde_json::json;

use super::{By, Fault, Mistake};
use crate::app::App;
use crate::events::{Audience, Topic};
use crate::identity::idle_hours;

pub const ENVIRONMENT_PATHS: &str = "environment_paths";
const SESSION_HOURS: &str = "session_hours";
const AUDIT_KEEP_DAYS: &str = "audit_keep_days";
/// 0: for ever.
const KEEP_FOR_EVER: u32 = 0;
const MOST_PATTERNS: usize = 1000;

fn default_paths() -> Vec<String> {
    environment::DEFAULT_LIST.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Path patterns of what belongs to an environment, in the words of `csoc_gen3::diff`.
pub async fn environment_paths(app: &App) -> Result<Vec<String>, Fault> {
    Ok(app.store.setting_fetch(ENVIRONMENT_PATHS).await?.unwrap_or_else(default_paths))
}

pub async fn audit_keep_days(app: &App) -> Result<u32, Fault> {
    Ok(app.store.setting_fetch(AUDIT_KEEP_DAYS).await?.unwrap_or(KEEP_FOR_EVER))
}

pub async fn read(app: &App) -> Result<Settings, Fault> {
    Ok(Settings {
        environment_paths: environment_paths(app).await?,
        environment_paths_default: default_paths(),
        session_hours: idle_hours(app).await?,
        audit_keep_days: audit_keep_days(app).await?,
    })
}

fn check(ask: &SettingsPatch) -> Result<(), Fault> {
    let mut mistakes = Vec::new();
    if ask.session_hours.is_some_and(|hours| !(1..=168).contains(&hours)) {
        mistakes.push(Mistake::new("/session_hours", "1 to 168 hours"));
    }
    if ask.audit_keep_days.is_some_and(|days| days != KEEP_FOR_EVER && !(30..=36_500).contains(&days)) {
        mistakes.push(Mistake::new("/audit_keep_days", "at least 30 days, or 0 for ever"));
    }
    if ask.environment_paths.as_ref().is_some_and(|paths| paths.len() > MOST_PATTERNS) {
        mistakes.push(Mistake::new("/environment_paths", format!("at most {MOST_PATTERNS} patterns")));
    }
    for (n, path) in ask.environment_paths.iter().flatten().enumerate() {
        if path.len() > 500 || path.chars().any(char::is_control) {
            mistakes.push(Mistake::new(format!("/environment_paths/{n}"), "one path pattern on one line"));
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(Fault::Invalid(mistakes)) }
}

pub async fn patch(app: &App, by: &By, ask: SettingsPatch) -> Result<Settings, Fault> {
    check(&ask)?;
    let before = read(app).await?;
    let now = app.now();
    let mut write = app.store.write().await?;
    if let Some(paths) = &ask.environment_paths {
        write.setting_put(ENVIRONMENT_PATHS, paths, now).await?;
    }
    if let Some(hours) = ask.session_hours {
        write.setting_put(SESSION_HOURS, &hours, now).await?;
    }
    if let Some(days) = ask.audit_keep_days {
        write.setting_put(AUDIT_KEEP_DAYS, &days, now).await?;
    }
    let object = Object { kind: "settings".to_owned(), id: None, name: None };
    let mut entry = by.did(now, "settings.update", object);
    let old = json!({
        "session_hours": before.session_hours, "audit_keep_days": before.audit_keep_days,
        "environment_paths": ask.environment_paths.as_ref().map(|_| &before.environment_paths),
    });
    entry.detail = Some(json!({ "before": old, "after": ask }));
    write.audit_append(&entry).await?;
    write.commit().await?;
    app.events.publish(Audience::Everyone, [Topic::Settings], Vec::new(), None);
    read(app).await
}
