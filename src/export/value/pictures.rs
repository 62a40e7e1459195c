//! Pictures: by their address on the site, or as files beside the table.

use std::borrow::Cow;

use super::super::cell::Cell;
use super::super::gallery::Shot;
use super::super::line::Line;

/// The address on the site, and the file behind it asked for.
fn url<'a>(line: &Line<'a>, shot: &'a Shot<'a>) -> Cow<'a, str> {
    line.good.want(shot.site.clone());
    Cow::Borrowed(shot.url.as_str())
}

/// The path beside the table, and the file asked for.
fn beside<'a>(line: &Line<'a>, shot: &'a Shot<'a>) -> Option<Cow<'a, str>> {
    let (path, want) = shot.beside.as_ref()?;
    line.good.want(want.clone());
    Some(Cow::Borrowed(path.as_str()))
}

fn one<'a>(line: &Line<'a>, shot: Option<&'a Shot<'a>>) -> Cell<'a> {
    shot.map_or(Cell::Empty, |shot| Cell::Text(url(line, shot)))
}

pub(super) fn main<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    one(line, line.shot())
}

pub(super) fn all<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    Cell::list(line.good.gallery.shots.iter().map(|shot| url(line, shot)).collect())
}

/// All pictures but the row's main one; other variants' own pictures are theirs.
pub(super) fn more<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let good = line.good;
    let main = line.shot().map(|shot| &shot.image.path);
    let others: Vec<_> =
        good.product.variants.iter().filter_map(|variant| variant.image.as_ref()).collect();
    let of_another = |shot: &Shot<'_>| line.variant.is_some() && others.contains(&&shot.image.path);
    let shots = good
        .gallery
        .shots
        .iter()
        .filter(|shot| Some(&shot.image.path) != main && !of_another(shot));
    Cell::list(shots.map(|shot| url(line, shot)).collect())
}

pub(super) fn of_row<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    one(line, line.picture.and_then(|nth| line.good.gallery.shots.get(nth)))
}

pub(super) fn alt<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let shot = line.picture.and_then(|nth| line.good.gallery.shots.get(nth));
    let Some(shot) = shot else { return Cell::Empty };
    let good = line.good;
    if let Some(own) = good.product.own_alt(good.lang, shot.image) {
        return Cell::text(own);
    }
    // The same words under every picture would be stuffing: the first has them.
    let first = line.picture == Some(0);
    let made = first.then(|| super::words::composed(line, "alt"));
    match made {
        Some(Cell::Text(text)) if !text.is_empty() => Cell::Text(text),
        _ => Cell::text(good.product.title(good.lang)),
    }
}

pub(super) fn of_variant<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    one(line, line.own_shot())
}

pub(super) fn files<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    Cell::list(line.good.gallery.shots.iter().filter_map(|shot| beside(line, shot)).collect())
}

pub(super) fn file<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    if let Some((path, want)) = line.own_shot().and_then(|shot| shot.variant.as_ref()) {
        line.good.want(want.clone());
        return Cell::Text(Cow::Borrowed(path.as_str()));
    }
    line.shot().and_then(|shot| beside(line, shot)).map_or(Cell::Empty, Cell::Text)
}
