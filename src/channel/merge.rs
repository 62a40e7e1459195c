//! One YAML tree laid over another: maps are merged, everything else is replaced, and nothing (`null`) takes away.

use crate::source::yaml::{Node, Value};

/// `over` laid over `base`.
pub(super) fn merge(base: Node, over: &Node) -> Node {
    let (Value::Map(mut entries), Value::Map(changes)) = (base.value, &over.value) else {
        return over.clone();
    };
    for change in changes {
        match entries.iter().position(|entry| entry.key == change.key) {
            Some(at) if change.node.is_null() => drop(entries.remove(at)),
            Some(at) => {
                let entry = &mut entries[at];
                let before = Node { value: Value::Null, span: entry.node.span };
                let before = std::mem::replace(&mut entry.node, before);
                entry.node = merge(before, &change.node);
                entry.key_span = change.key_span;
            }
            None => entries.push(change.clone()),
        }
    }
    Node { value: Value::Map(entries), span: over.span }
}
