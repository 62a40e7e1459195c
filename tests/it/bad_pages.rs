//! Markup from strangers, and templates that fail or do not end.

use crate::bad_input::{CUP, PATH, cup, limited, soon};
use crate::fixtures::png;
use crate::shop::{SHOP, Shop};

#[test]
fn html_in_a_text_is_shown_as_text() {
    let shop = cup();
    let body = "<script>alert(1)</script>\n\nA <img src=x onerror=alert(2)> cup.\n\n<div onclick=\"x\">\n\n**bold**\n\n</div>\n";
    shop.change(PATH, CUP.replace("A cup.\n", body));
    let run = shop.build().expect(0);
    run.finds("markdown/html", &format!("{PATH}:6:1"));
    run.finds("markdown/html", &format!("{PATH}:8:3"));
    let page = shop.text("output/site/cup/index.html");
    assert!(
        !page.contains("<script>alert")
            && !page.contains("<img src=x")
            && !page.contains("<div onclick"),
        "{page}"
    );
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    assert!(page.contains("<strong>bold</strong>"), "{page}");
    shop.change("content/shop.yaml", format!("{SHOP}markdown: {{html: true}}\n"));
    assert_eq!(shop.build().expect(0).codes(), [""; 0]);
    assert!(shop.text("output/site/cup/index.html").contains("<div onclick"));
}

#[test]
fn html_in_every_field_is_escaped() {
    let evil = "</title></script><script>alert('x')</script>\\\"><b onclick=x>";
    let shop = Shop::new(&[("content/shop.yaml", SHOP)]);
    shop.change(
        "content/shop.yaml",
        format!(
            "{}company: {{contact: \"{evil}\"}}\npolicies: {{shipping: \"{evil}\"}}\n",
            SHOP.replace("Case", &format!("\"{evil}\""))
        ),
    );
    shop.change(
        PATH,
        format!("---\nsku: CUP\ntitle: \"{evil}\"\nsubtitle: \"{evil}\"\ndescription: \"{evil}\"\nbrand: \"{evil}\"\ntags: [\"{evil}\"]\nprice: 10\nfacts: {{\"{evil}\": \"{evil}\"}}\nvariants:\n  axes: [\"{evil}\"]\n  items: [{{sku: CUP-1, \"{evil}\": \"{evil}\"}}]\nimages: [{{src: front.png, alt: \"{evil}\"}}]\n---\n## {}\n", evil.replace("\\\"", "\"")),
    );
    shop.change("content/products/cup/front.png", png(8, 8, 1));
    shop.change("content/pages/about.md", format!("---\ntitle: \"{evil}\"\n---\n"));
    shop.build().expect(0);
    for (path, bytes) in shop.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("<script>alert(") && !text.contains("<b onclick"),
            "{path}:\n{text}"
        );
    }
}

#[test]
fn templates_that_never_end() {
    let cases = [
        "{% for i in range(end=4000) %}{% for j in range(end=4000) %}and again and again and again {% endfor %}{% endfor %}",
        "{% for i in range(end=1000000000) %}x{% endfor %}",
        "{% include \"404.html\" %}",
        "{% extends \"404.html\" %}",
        "{% component again() %}{{ <again/> }}{% endcomponent again %}{{ <again/> }}",
    ];
    for template in cases {
        let shop = cup();
        shop.change("content/shop.yaml", format!("{SHOP}theme: mine\n"));
        shop.change("themes/mine/theme.yaml", "name: Mine\nextends: default\n");
        shop.change("themes/mine/templates/404.html", template);
        let run = limited(&shop, "2097152").expect(1);
        assert!(
            run.codes().iter().any(|code| code.starts_with("template/")),
            "{template}: {}",
            run.out
        );
    }
}

#[test]
fn a_template_that_runs_without_writing() {
    let inner =
        "{% for i in range(end=90000) %}".repeat(3) + "{% set x = 1 %}" + &"{% endfor %}".repeat(3);
    let shop = cup();
    shop.change("content/shop.yaml", format!("{SHOP}theme: mine\n"));
    shop.change("themes/mine/theme.yaml", "name: Mine\nextends: default\n");
    shop.change("themes/mine/templates/404.html", inner);
    let run = soon(&shop);
    assert!(run.codes().iter().any(|code| code == "template/endless"), "{}{}", run.out, run.err);
}

#[test]
fn a_template_fault_names_template_line_and_page() {
    let shop = cup();
    shop.change("content/shop.yaml", format!("{SHOP}theme: mine\n"));
    shop.change("themes/mine/theme.yaml", "name: Mine\nextends: default\n");
    shop.change(
        "themes/mine/templates/product.html",
        "<!doctype html>\n\n{{ product.nothing.at_all }}\n",
    );
    let run = soon(&shop).expect(1);
    run.finds("template/error", "themes/mine/templates/product.html:3:12");
    let human = shop.run(&["check", "--as-of", "2026-11-22"]).err;
    assert!(human.contains("site/cup/index.html"), "the page is named:\n{human}");
}
