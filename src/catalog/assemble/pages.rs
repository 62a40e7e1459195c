//! Static pages and the home page's text.

use std::sync::Arc;

use super::Assembly;
use super::body_of;
use super::gather::File;
use crate::catalog::Page;
use crate::catalog::check;
use crate::catalog::doc::Kind;
use crate::catalog::doc::Says;
use crate::diag::Diagnostic;
use crate::id::Hash;
use crate::id::SourcePath;

impl Assembly<'_> {
    pub(super) fn page_files(&mut self, files: &[File]) {
        // What seems missing in a file that could not be read to its end may be there.
        let partial: Vec<&SourcePath> =
            files.iter().filter(|(_, _, doc)| doc.partial).map(|(path, ..)| path).collect();
        for thing in self.gather(files, Kind::Page) {
            let Some((path, _, doc)) = self.own(&thing) else { continue };
            let Says::Page(record) = &doc.says else { continue };
            let locales = thing.locales.iter().filter_map(|(locale, (path, _, doc))| {
                let Says::Page(record) = &doc.says else { return None };
                Some(((*locale).to_owned(), path.clone(), record.clone(), body_of(path, doc)))
            });
            let mut page = Page {
                key: thing.key.to_owned(),
                address: String::new(),
                file: path.clone(),
                record: record.clone(),
                body: body_of(path, doc),
                locales: locales.collect(),
                hash: doc.matter,
            };
            let key = page.key.clone();
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
            let who = Self::owner(&page.file, page.record.slug.as_ref());
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
                let at = check::head(&page.file);
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
