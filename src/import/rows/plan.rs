//! Which rows of a table are one product, and what its variants differ in.

use std::collections::{HashMap, HashSet};

use super::cells;
use super::guess::{Head, all};

/// Which rows are one product, and what its variants differ in.
pub(super) struct Plan {
    pub(super) title: Option<usize>,
    pub(super) sku: Option<usize>,
    pub(super) group: Option<usize>,
    pub(super) axes: Vec<Axis>,
    /// Rows of products with more than one.
    pub(super) groups: Vec<Vec<usize>>,
}

/// What variants differ in: the column of its name, if it has one, and that of its values.
pub(super) struct Axis {
    pub(super) name: Option<usize>,
    pub(super) value: usize,
}

impl Plan {
    /// Of the columns of a table.
    pub(super) fn of(heads: &[Head]) -> Self {
        let first = |field: &str| all(heads, field).first().copied();
        let title = first("title");
        let mut skus = all(heads, "variant_sku");
        skus.extend(all(heads, "sku"));
        let repeats = |at: usize| !groups(heads, at, title).is_empty();
        // Of two codes the one that comes again is the product's.
        if let [one, other, ..] = skus[..]
            && repeats(one)
            && !repeats(other)
        {
            skus.swap(0, 1);
        }
        let sku = skus.first().copied();
        let keys = all(heads, "group").into_iter().chain(first("handle"));
        let key = keys.chain(skus.iter().skip(1).copied()).find(|at| repeats(*at));
        let candidates = key.into_iter().chain(sku.filter(|at| repeats(*at))).chain(title);
        for group in candidates {
            let groups = groups(heads, group, title);
            let axes = axes(heads, &groups, group, Some(group) == title);
            // Rows that nothing tells apart are products of their own, unless they are called alike by their code.
            let own = sku.filter(|sku| *sku != group);
            let alike = Some(group) != title && own.is_none() && same_title(heads, &groups, title);
            if groups.is_empty() || axes.is_empty() && !alike {
                continue;
            }
            return Self { title, sku: own, group: Some(group), axes, groups };
        }
        Self { title, sku, group: None, axes: Vec::new(), groups: Vec::new() }
    }
}

/// Rows that have one value in a column, where there are several; one with neither that nor a title belongs to the row above.
fn groups(heads: &[Head], key: usize, title: Option<usize>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut above: Option<usize> = None;
    for (row, value) in heads[key].cells.iter().enumerate() {
        let untitled = title.is_none_or(|title| heads[title].cells[row].is_empty());
        let at = match (value.is_empty(), untitled) {
            (true, true) => above,
            (true, false) => None,
            (false, _) => known.get(value.as_str()).copied(),
        };
        let at = at.unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if !value.is_empty() {
            known.insert(value, at);
        }
        groups[at].push(row);
        above = Some(at);
    }
    groups.retain(|rows| rows.len() > 1);
    groups
}

/// Whether the rows of each group have one title, or none.
fn same_title(heads: &[Head], groups: &[Vec<usize>], title: Option<usize>) -> bool {
    title.is_some_and(|title| groups.iter().all(|rows| !differs(&heads[title], rows)))
}

/// Whether some of the rows have two values in a column.
pub(super) fn differs(head: &Head, rows: &[usize]) -> bool {
    let mut said = rows.iter().map(|row| &head.cells[*row]).filter(|cell| !cell.is_empty());
    said.next().is_some_and(|first| said.any(|cell| cell != first))
}

/// What the rows of groups differ in: columns with names of options; where these do not tell all rows apart, columns that
/// nobody knows and that differ.
fn axes(heads: &[Head], groups: &[Vec<usize>], group: usize, by_title: bool) -> Vec<Axis> {
    let differ = |at: &usize| *at != group && groups.iter().any(|rows| differs(&heads[*at], rows));
    let mut values: Vec<usize> = all(heads, "option").into_iter().filter(differ).collect();
    values.sort_unstable();
    let names: Vec<usize> = (0..heads.len())
        .filter(|at| heads[*at].field == Some("option_name") && !heads[*at].is_empty())
        .collect();
    if !names.is_empty() {
        let value = |at: &usize| heads[*at].field == Some("option") && !heads[*at].is_empty();
        // The values of a name stand behind it, before the next name.
        let pair = |nth: usize| {
            let end = names.get(nth + 1).copied().unwrap_or(heads.len());
            Some(Axis { name: Some(names[nth]), value: (names[nth]..end).find(value)? })
        };
        return (0..names.len()).filter_map(pair).collect();
    }
    let apart = |values: &[usize]| {
        groups.iter().all(|rows| {
            let mut seen = HashSet::new();
            let options = |row: &usize| -> Vec<&str> {
                values.iter().map(|at| heads[*at].cells[*row].as_str()).collect()
            };
            rows.iter()
                .map(options)
                .filter(|row| row.iter().any(|cell| !cell.is_empty()))
                .all(|row| seen.insert(row))
        })
    };
    let whole = |at: &usize| groups.iter().flatten().all(|row| !heads[*at].cells[*row].is_empty());
    let unknown = |at: &usize| {
        let head = &heads[*at];
        matches!(head.field, None | Some("option"))
            && !head.heading.is_empty()
            && head.said().all(|cell| cells::is_fact(cell))
    };
    // An equal title alone makes no variants of two products.
    if by_title && values.is_empty() {
        return Vec::new();
    }
    let more = (0..heads.len()).filter(|at| unknown(at) && whole(at) && differ(at));
    for at in more.collect::<Vec<_>>() {
        if !values.is_empty() && apart(&values) {
            break;
        }
        if !values.contains(&at) {
            values.push(at);
        }
    }
    values.into_iter().map(|value| Axis { name: None, value }).collect()
}
