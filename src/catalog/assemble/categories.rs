//! Categories: the folders of `content/products`, with what their files say.

use std::sync::Arc;

use super::Assembly;
use super::SHOP;
use super::body_of;
use super::gather::File;
use crate::catalog::Category;
use crate::catalog::check;
use crate::catalog::doc::Kind;
use crate::catalog::doc::Says;
use crate::catalog::product::Layer;
use crate::diag::Diagnostic;
use crate::id::Hash;
use crate::id::SourcePath;

impl Assembly<'_> {
    /// The category at a folder, made with its parents when it is new.
    pub(super) fn category(&mut self, path: &str) -> u32 {
        if let Some(at) = self.catalog.by_category.get(path) {
            return *at;
        }
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = self.category(above);
        let at = self.catalog.categories.len() as u32;
        self.catalog.categories.push(Category {
            path: path.to_owned(),
            parent: Some(parent),
            fallback: name.to_owned(),
            ..Category::default()
        });
        self.catalog.categories[parent as usize].children.push(at);
        self.catalog.by_category.insert(path.to_owned(), at);
        at
    }

    pub(super) fn category_files(&mut self, files: &[File]) {
        for thing in self.gather(files, Kind::Category) {
            let folder = thing.key.strip_prefix("products").unwrap_or("").trim_start_matches('/');
            let at = self.category(folder);
            let category = &mut self.catalog.categories[at as usize];
            let said = |(path, _, doc): &File| {
                let Says::Category(record) = &doc.says else { return None };
                Some((path.clone(), record.clone(), body_of(path, doc)))
            };
            category.own = thing.own.and_then(said);
            // The folder is the category: one language alone may have words for it.
            category.locales.extend(thing.locales.iter().filter_map(|(locale, file)| {
                let (path, record, body) = said(file)?;
                Some(((*locale).to_owned(), path, record, body))
            }));
        }
    }

    /// Gives every category its address and inherited layers, parents first.
    pub(super) fn categories(&mut self) {
        let mut order: Vec<u32> = vec![0];
        let mut at = 0;
        while at < order.len() {
            let index = order[at];
            let mut children = self.catalog.categories[index as usize].children.clone();
            let sort_key = |child: &u32| {
                let category = &self.catalog.categories[*child as usize];
                (category.order(), category.path.clone())
            };
            children.sort_by_key(sort_key);
            self.catalog.categories[index as usize].children.clone_from(&children);
            order.extend(children);
            at += 1;
        }
        let shop_layer = Layer {
            file: SourcePath::new(SHOP),
            hash: Hash::of_value(&self.catalog.shop.defaults),
            record: Arc::new(self.catalog.shop.defaults.clone()),
            body: None,
        };
        for index in order {
            let category = &self.catalog.categories[index as usize];
            let parent = category.parent;
            let path = category.path.clone();
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            let own = category.own.as_ref().map(|(file, record, _)| (file.clone(), record.clone()));
            let mut layers: Vec<Layer> = Vec::new();
            if let Some((file, record)) = &own {
                layers.push(Layer {
                    file: file.clone(),
                    hash: Hash::of_value(&record.defaults),
                    record: Arc::new(record.defaults.clone()),
                    body: None,
                });
            }
            match parent {
                Some(parent) => layers.extend(self.defaults[&parent].iter().cloned()),
                None => layers.push(shop_layer.clone()),
            }
            if let Some(own) = layers.first().filter(|_| own.is_some() || parent.is_none()) {
                check::defaults(own, &mut self.catalog);
            }
            if let Some((file, record)) = &own {
                check::languages(&mut self.catalog, file, record.title.as_ref());
                check::languages(&mut self.catalog, file, record.description.as_ref());
            }
            self.defaults.insert(index, layers.into());
            let Some(parent) = parent else { continue };
            let file = own
                .as_ref()
                .map_or(SourcePath::new(format!("content/products/{path}")), |(file, _)| {
                    file.clone()
                });
            let slug_field = own.as_ref().and_then(|(_, record)| record.slug.clone());
            let who = Self::owner(&file, slug_field.as_ref());
            let slug = self.slug(slug_field.as_ref(), &file, &format!("products/{path}"), &name);
            if parent == 0 {
                self.reserved(&slug, &who);
            } else if slug == "page" {
                let finding = Diagnostic::new("address/reserved", who.clone()).with("found", &slug);
                self.say(finding);
            }
            let address = format!("{}{slug}/", self.catalog.categories[parent as usize].address);
            if self.route(&address, who) {
                Arc::make_mut(&mut self.catalog.addresses).insert(file.clone(), address.clone());
            }
            let category = &mut self.catalog.categories[index as usize];
            category.address = address;
            let parts: Vec<Hash> = category
                .own
                .iter()
                .map(|(_, record, _)| Hash::of_value(&**record))
                .chain(category.locales.iter().map(|(_, _, record, _)| Hash::of_value(&**record)))
                .collect();
            category.hash = Hash::of_value(&(&category.address, &category.fallback, parts));
        }
    }
}
