//! Static pages and the home page's text.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Assembly;
use super::body_of;
use crate::catalog::Page;
use crate::catalog::doc::Doc;
use crate::catalog::doc::Role;
use crate::catalog::doc::Says;
use crate::diag::Diagnostic;
use crate::diag::Place;
use crate::id::Hash;
use crate::id::SourcePath;

impl Assembly<'_> {
    pub(super) fn page_files(&mut self, docs: &[(SourcePath, Role, Arc<Doc>)]) {
        let default = self.catalog.shop.default_locale().to_owned();
        let mut pages: BTreeMap<String, Page> = BTreeMap::new();
        let mut waiting = Vec::new();
        // What seems missing in a file that could not be read to its end may be there.
        let partial: Vec<&SourcePath> =
            docs.iter().filter(|(_, _, doc)| doc.partial).map(|(path, ..)| path).collect();
        for (path, role, doc) in docs {
            let Says::Page(record) = &doc.says else { continue };
            if !self.wanted(path, role) {
                continue;
            }
            let record = record.clone();
            let body = body_of(path, doc);
            match &role.locale {
                Some(locale) if *locale != default => {
                    waiting.push((role.key.clone(), locale.clone(), path.clone(), record, body));
                }
                _ => {
                    let page = Page {
                        key: role.key.clone(),
                        address: String::new(),
                        file: path.clone(),
                        record,
                        body,
                        locales: Vec::new(),
                        hash: doc.matter,
                    };
                    if let Some(first) = pages.insert(role.key.clone(), page) {
                        let finding =
                            Diagnostic::new("product/two-files", Place::File(path.clone()))
                                .also(Place::File(first.file), "first-here");
                        self.say(finding);
                    }
                }
            }
        }
        for (key, locale, path, record, body) in waiting {
            if let Some(page) = pages.get_mut(&key) {
                page.locales.push((locale, path, record, body));
            } else {
                let finding = Diagnostic::new("locale/orphan", Place::File(path));
                self.say(finding);
            }
        }
        for (key, mut page) in pages {
            let name = key.strip_prefix("pages/").unwrap_or(&key).to_owned();
            let hashes: Vec<Hash> =
                page.locales.iter().map(|(_, _, record, _)| Hash::of_value(&**record)).collect();
            page.hash = Hash::of_value(&(Hash::of_value(&*page.record), hashes));
            if let Some(image) = page.record.image.clone() {
                self.image(&page.file.clone(), &image);
            }
            if name == "index" {
                Arc::make_mut(&mut self.catalog.addresses).insert(page.file.clone(), String::new());
                self.catalog.home = Some(page);
                continue;
            }
            let who = Place::File(page.file.clone());
            let slug = self.slug(page.record.slug.clone().as_ref(), &page.file, &key, &name);
            self.reserved(&slug, &who);
            page.address = format!("{slug}/");
            if !self.route(&page.address.clone(), who) {
                continue;
            }
            Arc::make_mut(&mut self.catalog.addresses)
                .insert(page.file.clone(), page.address.clone());
            for (_, file, ..) in &page.locales {
                Arc::make_mut(&mut self.catalog.addresses)
                    .insert(file.clone(), page.address.clone());
            }
            if page.record.title.is_none() && !partial.contains(&&page.file) {
                let at = Place::File(page.file.clone());
                self.say(Diagnostic::new("field/missing", at).with("field", "title"));
            }
            self.catalog.pages.push(page);
        }
        let order = |page: &Page| page.record.order.as_ref().map_or(i64::MAX, |order| order.value);
        self.catalog.pages.sort_by(|a, b| (order(a), &a.key).cmp(&(order(b), &b.key)));
        // A category's picture is checked here, when all pictures are known.
        let images: Vec<_> = self
            .catalog
            .categories
            .iter()
            .filter_map(|category| category.own.as_ref())
            .filter_map(|(file, record, _)| Some((file.clone(), record.image.clone()?)))
            .collect();
        for (file, image) in images {
            self.image(&file, &image);
        }
    }
}
