//! Which dependencies are on.

use std::sync::Arc;

use super::{ComputeError, DependencyState, Why, Work};
use crate::helm::table::{Nulls, Table};
use crate::yaml::Node;

impl Work {
    /// Decides for a chart and, where it is on, for what is below it. `path` is where the chart's values are
    /// in the root's, with a dot behind.
    pub(super) fn decide(
        &mut self,
        chart: usize,
        values: &Table,
        path: &str,
        keys: &[Arc<str>],
    ) -> Result<(), ComputeError> {
        let Some(requirements) = self.charts[chart].requirements.clone() else {
            self.note_undeclared(&self.charts[chart].subcharts.clone(), keys, true);
            return Ok(());
        };
        self.match_requirements(chart, &requirements);
        let values = if self.needs_values(chart, values, path) {
            self.coalesced(chart, values, Nulls::Delete)?
        } else {
            values.clone()
        };
        self.apply_tags(&requirements, &values);
        self.apply_conditions(&requirements, &values, path);
        let on = |work: &Self, name: &str| {
            requirements.iter().all(|at| work.requirements[*at].enabled || *work.requirements[*at].name != *name)
        };
        let mut subcharts = self.charts[chart].subcharts.clone();
        subcharts.retain(|at| on(self, &self.charts[*at].name));
        for &subchart in &subcharts {
            let name = self.charts[subchart].name.clone();
            self.note(subchart, &requirements, keys);
            let keys: Vec<Arc<str>> = keys.iter().cloned().chain([name.clone()]).collect();
            self.decide(subchart, &values, &format!("{path}{name}."), &keys)?;
        }
        self.note_rest(chart, &requirements, keys);
        let left: Vec<usize> = requirements.iter().copied().filter(|at| self.requirements[*at].enabled).collect();
        let live = &mut self.charts[chart];
        live.requirements = (!left.is_empty()).then_some(left);
        live.subcharts = subcharts;
        Ok(())
    }

    /// Finds the chart that each requirement means and gives it the alias. Charts that no requirement means
    /// come first.
    fn match_requirements(&mut self, chart: usize, requirements: &[usize]) {
        let existing = self.charts[chart].subcharts.clone();
        let means = |work: &Self, requirement: usize, subchart: usize| {
            let (requirement, live) = (&work.requirements[requirement], &work.charts[subchart]);
            requirement.name == live.name
                && crate::helm::version::fits(&requirement.declared.version, &live.chart.version)
        };
        let mut subcharts: Vec<usize> =
            existing.iter().copied().filter(|s| !requirements.iter().any(|r| means(self, *r, *s))).collect();
        for &requirement in requirements {
            if let Some(&found) = existing.iter().find(|s| means(self, requirement, **s)) {
                let mut copy = self.charts[found].clone();
                if let Some(alias) = &self.requirements[requirement].declared.alias {
                    copy.name = alias.clone();
                }
                self.charts.push(copy);
                subcharts.push(self.charts.len() - 1);
            }
            if let Some(alias) = &self.requirements[requirement].declared.alias {
                self.requirements[requirement].name = alias.clone();
            }
        }
        self.charts[chart].subcharts = subcharts;
        for &requirement in requirements {
            self.requirements[requirement].enabled = true;
            self.requirements[requirement].why = Why::Default;
        }
    }

    /// Helm coalesces the whole tree once more for each chart with dependencies, which is most of its work.
    /// What is asked of the result lies below the chart's own key of the root (and below `tags`): unless the
    /// chart's defaults reach there, or it would report a clash, the values are as good as they are. A chart
    /// that has neither conditions nor tags asks nothing.
    fn needs_values(&self, chart: usize, values: &Table, path: &str) -> bool {
        let Some((key, _)) = path.split_once('.') else { return true };
        let live = &self.charts[chart];
        let below = || live.subcharts.iter().map(|at| &self.charts[*at]);
        let asks = |at: &usize| {
            let declared = &self.requirements[*at].declared;
            !declared.condition.trim().is_empty() || !declared.tags.is_empty()
        };
        let asked = live.requirements.iter().flatten().any(asks)
            || below().any(|below| !below.subcharts.is_empty() || below.requirements.is_some());
        let reaches = |name: &str| asked && (name == key || name == "tags");
        let clashes = |name: &str| {
            let said = values.get(name).map(|slot| slot.value);
            let default = live.values.get(name).map(|slot| slot.value);
            match said.filter(|value| !value.is_null() || default.is_none()).or(default) {
                None => false,
                Some(value) => value.table().is_none(),
            }
        };
        (asked && (live.values.contains(key) || live.values.contains("tags")))
            || below().any(|below| !below.subcharts.is_empty() || reaches(&below.name) || clashes(&below.name))
    }

    fn apply_tags(&mut self, requirements: &[usize], values: &Table) {
        let Some(tags) = values.table_at("tags") else { return };
        for &at in requirements {
            let requirement = &mut self.requirements[at];
            let said: Vec<(Arc<str>, bool, crate::yaml::Mark)> = requirement
                .declared
                .tags
                .iter()
                .filter_map(|tag| {
                    let slot = tags.get(tag)?;
                    Some((tag.clone(), boolean(&slot)?, slot.key_mark))
                })
                .collect();
            let wins = said.iter().find(|(_, on, _)| *on).or(said.first());
            if let Some((tag, on, mark)) = wins {
                requirement.enabled = *on;
                requirement.why = Why::Tag { tag: tag.clone(), at: *mark };
            }
        }
    }

    fn apply_conditions(&mut self, requirements: &[usize], values: &Table, path: &str) {
        for &at in requirements {
            let requirement = &mut self.requirements[at];
            for condition in requirement.declared.condition.trim().split(',').filter(|c| !c.is_empty()) {
                let path = format!("{path}{condition}");
                if let Some(slot) = values.leaf_at(&path)
                    && let Some(on) = boolean(&slot)
                {
                    requirement.enabled = on;
                    requirement.why = Why::Condition { path, at: mark(&slot) };
                    break;
                }
            }
        }
    }

    fn note(&mut self, subchart: usize, requirements: &[usize], keys: &[Arc<str>]) {
        let name = self.charts[subchart].name.clone();
        match requirements.iter().copied().find(|at| self.requirements[*at].name == name) {
            Some(at) => self.push_state(at, Some(self.charts[subchart].chart.clone()), keys),
            None => self.note_undeclared(&[subchart], keys, false),
        }
    }

    /// Those that are off, and those whose chart is not at hand.
    fn note_rest(&mut self, chart: usize, requirements: &[usize], keys: &[Arc<str>]) {
        for &at in requirements {
            let requirement = &self.requirements[at];
            let present: Option<usize> =
                self.charts[chart].subcharts.iter().copied().find(|s| self.charts[*s].name == requirement.name);
            if !requirement.enabled || present.is_none() {
                self.push_state(at, present.map(|s| self.charts[s].chart.clone()), keys);
            }
        }
    }

    fn push_state(&mut self, requirement: usize, chart: Option<Arc<super::Chart>>, keys: &[Arc<str>]) {
        let Some(requirement) = self.requirements.get(requirement) else { return };
        let declared = &requirement.declared;
        self.states.push(DependencyState {
            path: keys.iter().cloned().chain([requirement.name.clone()]).collect(),
            name: declared.name.clone(),
            alias: declared.alias.clone(),
            key: requirement.name.clone(),
            enabled: requirement.enabled,
            why: requirement.why.clone(),
            app_version: chart.as_ref().and_then(|chart| chart.app_version.clone()),
            at: declared.at,
            chart,
        });
    }

    /// Charts that nobody declared, and where Helm decides nothing also what is below them.
    fn note_undeclared(&mut self, subcharts: &[usize], keys: &[Arc<str>], below: bool) {
        for &at in subcharts {
            let live = self.charts[at].clone();
            let path: Vec<Arc<str>> = keys.iter().cloned().chain([live.name.clone()]).collect();
            self.states.push(DependencyState {
                path: path.clone(),
                name: live.chart.name.clone(),
                alias: None,
                key: live.name.clone(),
                enabled: true,
                why: Why::Undeclared,
                app_version: live.chart.app_version.clone(),
                at: live.chart.at,
                chart: Some(live.chart),
            });
            if below {
                self.note_undeclared(&live.subcharts, &path, true);
            }
        }
    }
}

fn leaf(slot: &crate::helm::table::Slot) -> Option<&Node> {
    match &slot.value {
        crate::helm::table::Value::Leaf(node) => Some(node),
        crate::helm::table::Value::Table(_) => None,
    }
}

fn boolean(slot: &crate::helm::table::Slot) -> Option<bool> {
    leaf(slot)?.as_bool()
}

fn mark(slot: &crate::helm::table::Slot) -> crate::yaml::Mark {
    leaf(slot).map_or(slot.key_mark, |node| node.mark)
}
