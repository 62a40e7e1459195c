//! Brands and tags of products on the shelf.

use std::collections::HashMap;

use super::Assembly;
use crate::catalog::address;
use crate::catalog::product::Shown;
use crate::catalog::query::Query;
use crate::id::Hash;

impl Assembly<'_> {
    /// Brands and tags, of products that are on the shelf.
    pub(super) fn groups(&mut self) {
        let products = std::mem::take(&mut self.catalog.products);
        let locales = self.catalog.shop.locales.clone();
        let default = self.catalog.shop.default_locale().to_owned();
        let mut written: HashMap<String, String> = HashMap::new();
        for (index, product) in products.iter().enumerate() {
            if product.shown != Shown::OnShelf {
                continue;
            }
            let brand = product.brand(&default);
            if !brand.is_empty() {
                let slug = self.group_slug("brands", brand, &mut written);
                let group = self.catalog.brands.entry(slug.clone()).or_default();
                brand.clone_into(&mut group.name);
                for locale in &locales {
                    group.names.insert(locale.clone(), product.brand(locale).to_owned());
                }
                self.catalog.listings.entry(Query::Brand(slug)).or_default().push(index as u32);
            }
            for (nth, tag) in product.tags().iter().enumerate() {
                let slug = self.group_slug("tags", &tag.value, &mut written);
                let group = self.catalog.tags.entry(slug.clone()).or_default();
                tag.value.clone_into(&mut group.name);
                for (locale, layer) in &product.locales {
                    // The same number of tags in another language are their translations, in order.
                    if let Some(tags) = &layer.record.tags
                        && tags.len() == product.tags().len()
                    {
                        group.names.insert(locale.clone(), tags[nth].value.clone());
                    }
                }
                let list = self.catalog.listings.entry(Query::Tag(slug)).or_default();
                if list.last() != Some(&(index as u32)) {
                    list.push(index as u32);
                }
            }
        }
        self.catalog.products = products;
        let groups = self.catalog.brands.values_mut().chain(self.catalog.tags.values_mut());
        for group in groups {
            group.hash = Hash::of_value(&(&group.name, &group.names));
        }
    }

    pub(super) fn group_slug(
        &mut self,
        area: &str,
        name: &str,
        written: &mut HashMap<String, String>,
    ) -> String {
        let key = format!("{area}/{name}");
        if let Some(slug) = written.get(&key) {
            return slug.clone();
        }
        // Case and spaces alone make no other brand or tag.
        if name.is_ascii() {
            let slug = address::slug(name);
            let slug = if slug.is_empty() { Hash::of(name.as_bytes()).short(8) } else { slug };
            written.insert(key, slug.clone());
            return slug;
        }
        let mut slug = self.catalog.book.slug_of(&key, name);
        // Two names may sound alike; each keeps a page of its own.
        let taken = |slug: &String| {
            written.iter().any(|(other, taken)| taken == slug && other.starts_with(area))
        };
        let mut nth = 2;
        while taken(&slug) {
            slug = format!("{}-{nth}", address::slug(name));
            nth += 1;
            self.catalog.book.entries.insert(key.clone(), slug.clone());
            self.catalog.book.grown = true;
        }
        written.insert(key, slug.clone());
        slug
    }
}
