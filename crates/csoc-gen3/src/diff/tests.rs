use proptest::prelude::*;

use super::*;
use crate::yaml::{Entry, Mark, Style};

fn node(value: &serde_json::Value) -> Node {
    let kind = match value {
        serde_json::Value::Null => Kind::Null,
        serde_json::Value::Bool(value) => Kind::Bool(*value),
        serde_json::Value::Number(n) => n.as_i64().map_or_else(|| Kind::Float(n.as_f64().unwrap()), Kind::Int),
        serde_json::Value::String(text) => Kind::Str(text.as_str().into()),
        serde_json::Value::Array(items) => Kind::Seq(items.iter().map(node).collect()),
        serde_json::Value::Object(map) => Kind::map(
            map.iter()
                .map(|(key, value)| (key.as_str().into(), Entry { key_mark: Mark::default(), node: node(value) }))
                .collect(),
        ),
    };
    Node { kind, mark: Mark::default(), written: None, style: Style::Plain }
}

fn said(before: serde_json::Value, after: serde_json::Value) -> Vec<String> {
    let show = |node: &Node| match &node.kind {
        Kind::Str(text) => text.to_string(),
        Kind::Int(int) => int.to_string(),
        other => format!("{other:?}"),
    };
    nodes(&node(&before), &node(&after))
        .iter()
        .map(|d| match &d.change {
            Change::Added(node) => format!("+ {} {}", d.path, show(node)),
            Change::Removed(node) => format!("- {} {}", d.path, show(node)),
            Change::Changed { before, after } => {
                format!("{} {} > {}", d.path, show(before), show(after))
            }
            Change::Reordered { order } => format!("{} order {order:?}", d.path),
            Change::Reformatted => format!("{} reformatted", d.path),
        })
        .collect()
}

#[test]
fn a_named_item_is_followed_through_the_list() {
    let before = serde_json::json!({"c": [{"name": "a", "m": 1}, {"name": "b", "m": 1}]});
    let after = serde_json::json!({"c": [{"name": "new", "m": 9}, {"name": "a", "m": 1}, {"name": "b", "m": 2}]});
    assert_eq!(said(before, after), ["c[name=b].m 1 > 2", "+ c[name=new].name new", "+ c[name=new].m 9"]);
}

#[test]
fn a_renamed_item_is_the_same_item() {
    let before = serde_json::json!({"c": [{"name": "R (old)", "cpu": 1, "mem": 2}, {"name": "b", "cpu": 7, "mem": 8}]});
    let after = serde_json::json!({"c": [{"name": "R (new)", "cpu": 1, "mem": 2}, {"name": "b", "cpu": 7, "mem": 8}]});
    assert_eq!(said(before, after), ["c[name=R (old)].name R (old) > R (new)"]);
}

#[test]
fn one_line_of_a_plain_list_is_one_difference() {
    let before = serde_json::json!({"l": ["a", "b", "c", "c"]});
    assert_eq!(said(before.clone(), serde_json::json!({"l": ["a", "x", "c", "c"]})), ["l[1] b > x"]);
    assert_eq!(said(before.clone(), serde_json::json!({"l": ["z", "a", "b", "c", "c"]})), ["+ l[0] z"]);
    assert_eq!(said(before, serde_json::json!({"l": ["b", "a", "c", "c"]})), ["l order [1, 0, 2, 3]"]);
}

#[test]
fn json_in_a_string_is_compared_inside() {
    let before =
        serde_json::json!({"hatchery": {"json": "{\"containers\": [{\"name\": \"R\", \"cpu-limit\": \"1.0\"}]}"}});
    let after = serde_json::json!({"hatchery": {"json": "{\"containers\":[{\"cpu-limit\":\"2.0\",\"name\":\"R\"}]}"}});
    assert_eq!(said(before.clone(), after), ["hatchery.json.containers[name=R].cpu-limit 1.0 > 2.0"]);
    let spaced = serde_json::json!({"hatchery": {"json": "{\"containers\":[{\"name\":\"R\",\"cpu-limit\":\"1.0\"}]}"}});
    assert_eq!(said(before, spaced), ["hatchery.json reformatted"]);
}

#[test]
fn a_dot_in_a_key_is_escaped_and_null_is_a_value() {
    let before = serde_json::json!({"a.b": {"x": 1}, "n": null});
    let after = serde_json::json!({"a.b": {"x": "1"}});
    assert_eq!(said(before, after), ["a\\.b.x 1 > 1", "- n Null"]);
}

/// Leaves as (path by keys and positions, value); JSON in strings opened; empty collections left out.
fn leaves(node: &Node) -> Vec<(String, String)> {
    fn go(node: &Node, path: &str, out: &mut Vec<(String, String)>) {
        match &node.kind {
            Kind::Map(map) => map.iter().for_each(|(key, entry)| go(&entry.node, &format!("{path}/{key}"), out)),
            Kind::Seq(items) => items.iter().enumerate().for_each(|(i, item)| go(item, &format!("{path}/{i}"), out)),
            kind => match embedded::json(node) {
                Some(inner) => go(&inner, path, out),
                None => out.push((path.into(), format!("{kind:?}"))),
            },
        }
    }
    let mut out = Vec::new();
    go(node, "", &mut out);
    out.sort();
    out
}

/// Carries one tree into another by its differences alone. `here` are those at or below `tree`, each with
/// the number of segments already walked.
fn apply(tree: Option<&Node>, here: &[(&Difference, usize)]) -> Option<Node> {
    if let Some((whole, _)) = here.iter().find(|(d, depth)| {
        d.path.0.len() == *depth && d.is_effective() && !matches!(d.change, Change::Reordered { .. })
    }) {
        return whole.after().cloned();
    }
    let below: Vec<_> = here.iter().filter(|(d, depth)| d.path.0.len() > *depth).copied().collect();
    match below.first().map(|(d, depth)| &d.path.0[*depth]) {
        Some(Segment::Json) => {
            let opened = embedded::json(tree?);
            apply(opened.as_ref(), &below.iter().map(|(d, depth)| (*d, depth + 1)).collect::<Vec<_>>())
        }
        Some(Segment::Key(_)) => Some(apply_map(tree, &below)),
        Some(Segment::Item(_)) => Some(apply_list(tree, here)),
        None if here.iter().any(|(d, _)| matches!(d.change, Change::Reordered { .. })) => Some(apply_list(tree, here)),
        None => tree.cloned(),
    }
}

fn apply_map(tree: Option<&Node>, below: &[(&Difference, usize)]) -> Node {
    let mut map = match tree.map(|node| &node.kind) {
        Some(Kind::Map(map)) => Map::clone(map),
        _ => Map::new(),
    };
    let mut keys: Vec<Arc<str>> = below
        .iter()
        .filter_map(|(d, depth)| match &d.path.0[*depth] {
            Segment::Key(key) => Some(key.clone()),
            _ => None,
        })
        .collect();
    keys.dedup();
    for key in keys {
        let inner: Vec<_> = below
            .iter()
            .filter(|(d, depth)| d.path.0[*depth] == Segment::Key(key.clone()))
            .map(|(d, depth)| (*d, depth + 1))
            .collect();
        match apply(map.get(&key).map(|entry| &entry.node), &inner) {
            Some(node) => {
                map.insert(key, Entry { key_mark: Mark::default(), node });
            }
            None => {
                map.shift_remove(&key);
            }
        }
    }
    Node { kind: Kind::map(map), mark: Mark::default(), written: None, style: Style::Plain }
}

fn apply_list(tree: Option<&Node>, here: &[(&Difference, usize)]) -> Node {
    let old = match tree.map(|node| &node.kind) {
        Some(Kind::Seq(items)) => items.clone(),
        _ => vec![],
    };
    let mut touched: Vec<ItemAt> = here
        .iter()
        .filter_map(|(d, depth)| match d.path.0.get(*depth) {
            Some(Segment::Item(at)) => Some(at.clone()),
            _ => None,
        })
        .collect();
    touched.dedup();
    let reorder = here.iter().find_map(|(d, depth)| match &d.change {
        Change::Reordered { order } if d.path.0.len() == *depth => Some(order.clone()),
        _ => None,
    });
    let removed = |i: usize| touched.iter().any(|at| at.before == Some(i) && at.after.is_none());
    let kept = reorder.unwrap_or_else(|| (0..old.len()).filter(|i| !removed(*i)).collect());
    let value = |old_item: Option<&Node>, at: Option<&ItemAt>| match at {
        Some(at) => {
            let inner: Vec<_> = here
                .iter()
                .filter(|(d, depth)| d.path.0.get(*depth) == Some(&Segment::Item(at.clone())))
                .map(|(d, depth)| (*d, depth + 1))
                .collect();
            apply(old_item, &inner)
        }
        None => old_item.cloned(),
    };
    let mut added: Vec<&ItemAt> = touched.iter().filter(|at| at.before.is_none()).collect();
    added.sort_by_key(|at| at.after);
    let mut result = Vec::new();
    let mut kept = kept.into_iter();
    let mut added = added.into_iter().peekable();
    loop {
        if added.peek().is_some_and(|at| at.after == Some(result.len())) {
            let at = added.next();
            result.extend(value(None, at));
        } else if let Some(i) = kept.next() {
            result.extend(value(Some(&old[i]), touched.iter().find(|at| at.before == Some(i))));
        } else {
            break;
        }
    }
    Node { kind: Kind::Seq(result), mark: Mark::default(), written: None, style: Style::Plain }
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        (0i64..4).prop_map(Into::into),
        "[ab]{0,2}".prop_map(Into::into),
        Just(serde_json::json!("{\"k\": [1, {\"name\": \"x\"}]}")),
        Just(serde_json::json!("{\"k\":[1,{\"name\":\"y\"}], \"z\": 2}")),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let named = ("[abc]", inner.clone()).prop_map(|(name, v)| serde_json::json!({"name": name, "v": v}));
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(serde_json::Value::Array),
            prop::collection::vec(named, 1..5).prop_map(serde_json::Value::Array),
            prop::collection::btree_map("[a-d.]{1,2}", inner, 1..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_tree_does_not_differ_from_itself(a in value()) {
        prop_assert_eq!(nodes(&node(&a), &node(&a)), vec![]);
    }

    #[test]
    fn differences_lead_from_one_tree_to_the_other(a in value(), b in value()) {
        let (a, b) = (node(&a), node(&b));
        let found = nodes(&a, &b);
        prop_assert_eq!(found.is_empty(), same(&a, &b));
        let there = apply(Some(&a), &found.iter().map(|d| (d, 0)).collect::<Vec<_>>());
        prop_assert_eq!(there.as_ref().map(leaves), Some(leaves(&b)), "{:#?}", found);
    }
}
