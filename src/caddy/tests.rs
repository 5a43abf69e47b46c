use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn texts(files: &[(&str, &str)]) -> Texts {
    let owned = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    owned.collect()
}

fn read(text: &str) -> File {
    let texts = texts(&[("Caddyfile", text)]);
    File::read("Caddyfile", &texts, &Environment::unknown())
}

fn addresses(file: &File) -> Vec<Vec<&str>> {
    let site = |site: &'_ Site| site.addresses.len();
    assert!(file.sites.iter().all(|it| site(it) < 100));
    file.sites
        .iter()
        .map(|site| site.addresses.iter().map(Address::written).collect())
        .collect()
}

fn upstreams(file: &File) -> Vec<String> {
    let found = file.upstreams();
    found.iter().map(|it| it.written().to_owned()).collect()
}

fn error(text: &str) -> (String, String) {
    let file = read(text);
    assert!(!file.complete);
    assert_eq!(file.errors.len(), 1, "{file:?}");
    let error = &file.errors[0];
    (error.message.clone(), text[error.place.range()].to_owned())
}

#[test]
fn sites_options_and_nested_directives_are_read() {
    let file = read(
        "# a comment\n{\n\temail ops@example.org\n\tadmin off\n\tlog {\n\t\tlevel INFO\n\t}\n}\n\n\
         example.org, www.example.org {\n\ttls internal\n\thandle_path /api/* {\n\t\treverse_proxy \
         @up 127.0.0.1:3000 {\n\t\t\tto localhost:3001\n\t\t}\n\t}\n\tphp_fastcgi unix//run/php.sock\n}\n\
         http://b.example.org {\n\troute {\n\t\treverse_proxy /x/* :4000-4002\n\t}\n}\n",
    );
    assert!(file.errors.is_empty() && file.complete, "{file:?}");
    assert_eq!(
        addresses(&file),
        [
            vec!["example.org", "www.example.org"],
            vec!["http://b.example.org"]
        ]
    );
    assert_eq!(
        upstreams(&file),
        [
            "127.0.0.1:3000",
            "localhost:3001",
            "unix//run/php.sock",
            ":4000-4002"
        ]
    );
    assert_eq!(file.option("email").value().unwrap(), "ops@example.org");
    assert!(file.admin_is_off().is(&true));
    assert!(file.option("grace_period").is_absent());
    assert!(file.log_level().is(&"INFO".to_owned()));
    assert!(file.sites[0].tls_is_internal() && !file.sites[1].tls_is_internal());
    assert_eq!(file.sites[1].addresses[0].scheme(), Some(Scheme::Http));
    assert_eq!(file.sites[1].addresses[0].port(), Some(80));
}

#[test]
fn every_token_keeps_its_place() {
    let text = "é.org {\n\treverse_proxy \"127.0.0.1:3000\" `h2c://x`\n}\n";
    let file = read(text);
    let at = |place: &Place| text[place.range()].to_owned();
    assert_eq!(at(file.sites[0].addresses[0].place()), "é.org");
    let line = &file.sites[0].directives[0];
    assert_eq!(at(&line.arguments[0].place), "\"127.0.0.1:3000\"");
    assert_eq!(at(&line.arguments[1].place), "`h2c://x`");
    assert_eq!(
        at(&line.place()),
        "reverse_proxy \"127.0.0.1:3000\" `h2c://x`"
    );
}

#[test]
fn quotes_escapes_and_heredocs_are_one_token() {
    let file = read(
        ":80 {\n\trespond \"a \\\"b\\\" \\d {\" `}` \\\n\t\t200\n\trespond <<HTML\n\t\t<p>}</p>\n\t\tHTML 200\n\
         \trespond <<no 1\n\tmore a#b # c\n}\n",
    );
    assert!(file.errors.is_empty(), "{:?}", file.errors);
    let words: Vec<Vec<&str>> = file.sites[0]
        .directives
        .iter()
        .map(|it| it.arguments.iter().map(|word| &*word.text).collect())
        .collect();
    assert_eq!(
        words,
        [
            vec!["a \"b\" \\d {", "}", "200"],
            vec!["<p>}</p>", "200"],
            vec!["<<no", "1"],
            vec!["a#b"]
        ]
    );
}

#[test]
fn a_site_needs_no_braces() {
    let file = read("example.org\nreverse_proxy localhost:1\nhandle {\n\trespond 1\n}\n");
    assert_eq!(addresses(&file), [["example.org"]]);
    assert_eq!(file.sites[0].directives.len(), 2);
    let file = read("example.org,\nexample.com\n{\n\trespond 1\n}\n");
    assert_eq!(addresses(&file), [["example.org", "example.com"]]);
}

#[test]
fn placeholders_are_decided_by_the_environment_alone() {
    let text = "{$A}, {$B:b.org} {\n\treverse_proxy {env.BACKEND} {$C}:3000\n}\n";
    let file = read(text);
    let site = &file.sites[0];
    assert!(site.addresses.iter().all(|it| it.read().is_unknown()));
    assert_eq!(site.addresses[1].variable(), Some("B"));
    assert!(file.upstreams().iter().all(|it| it.host().is_none()));

    let known = BTreeMap::from([("A".to_owned(), "a.org, {$C}x.org".to_owned())]);
    let texts = texts(&[("Caddyfile", text)]);
    let file = File::read("Caddyfile", &texts, &Environment::whole(known));
    assert_eq!(addresses(&file), [["a.org", "{$C}x.org", "b.org"]]);
    assert_eq!(&text[file.sites[0].addresses[1].place().range()], "{$A},");
    assert_eq!(file.upstreams()[1].ports(), [3000]);
}

#[test]
fn an_empty_variable_leaves_a_site_without_an_address() {
    let texts = texts(&[("Caddyfile", "{\n\tadmin off\n}\n{$A} {\n\trespond 1\n}\n")]);
    let file = File::read("Caddyfile", &texts, &Environment::whole(BTreeMap::new()));
    assert!(file.errors.is_empty());
    assert!(file.sites[0].addresses.is_empty());
}

#[test]
fn imports_are_put_in_where_they_stand() {
    let texts = texts(&[
        (
            "web/Caddyfile",
            "(proxy) {\n\treverse_proxy localhost:{args.0} {args[1]}\n}\nimport sites/*.caddy\na.org {\n\timport \
             proxy 3000 b:1\n\timport ../caddy/a/*.caddy\n}\n",
        ),
        ("caddy/a/headers.caddy", "header X 1\nreverse_proxy :5000\n"),
        ("caddy/b/headers.caddy", "header Y 1\n"),
        ("web/sites/b.caddy", "b.org {\n\trespond 1\n}\n"),
    ]);
    let file = File::read("web/Caddyfile", &texts, &Environment::unknown());
    assert!(file.complete, "{file:?}");
    assert_eq!(addresses(&file), [["b.org"], ["a.org"]]);
    assert_eq!(upstreams(&file), ["localhost:3000", "b:1", ":5000"]);
    assert_eq!(&*file.upstreams()[2].place().file, "caddy/a/headers.caddy");
    assert_eq!(File::all(&texts, &Environment::unknown()).len(), 1);
}

#[test]
fn an_import_that_is_not_there_leaves_the_file_incomplete() {
    for import in [
        "import nowhere",
        "import /etc/caddy/x",
        "import sites/*",
        "import {$X}",
    ] {
        let file = read(&format!("a.org {{\n\t{import}\n}}\n"));
        assert!(file.errors.is_empty() && !file.complete, "{import}");
        assert!(file.option("email").is_unknown());
    }
}

#[test]
fn circles_of_imports_end() {
    let circle = read("(a) {\n\timport a\n\timport a\n}\na.org {\n\timport a\n}\n");
    assert_eq!(circle.errors.len(), 1);
    let doubling = "(b) {\n\timport b {args.0}{args.0} {args.0}\n}\nimport b x\n";
    assert_eq!(read(doubling).errors.len(), 1);
    let itself = texts(&[("Caddyfile", "import Caddyfile\n")]);
    let file = File::read("Caddyfile", &itself, &Environment::unknown());
    assert_eq!(file.errors.len(), 1);
}

#[test]
fn what_caddy_refuses_is_an_error_with_its_place() {
    let cases = [
        ("a.org {\n\trespond 1\n", "this block is never closed", "{"),
        ("a.org {\n}\n}\n", "this brace closes no block", "}"),
        (
            "a.org {\n\trespond \"1\n}\n",
            "this quote is never closed",
            "\"1\n}\n",
        ),
        (
            "a.org{\n}\n",
            "there is no space before the brace of `a.org{`",
            "a.org{",
        ),
        (
            "a.org,b.org {\n}\n",
            "there is no space after the comma in `a.org,b.org`",
            "a.org,b.org",
        ),
        (
            "a.org, {\n}\n",
            "another address is expected after this comma",
            "a.org,",
        ),
        (
            "@m path /x\n",
            "the matcher `@m` stands outside of every site",
            "@m",
        ),
        (
            ":1 {\n\trespond <<A\n\tx\n}\n",
            "the heredoc is never closed by `A`",
            "<<A",
        ),
    ];
    for (text, message, place) in cases {
        let found = error(text);
        assert_eq!((&*found.0, &*found.1), (message, place), "{text}");
    }
    for text in [
        "a.org {\n\thandle { respond 1 }\n}\n",
        "a.org {\n\thandle\n\t{\n\t\trespond 1\n\t}\n}\n",
        "a.org {\n\trespond 1 }\n",
    ] {
        error(text);
    }
    let deep = format!("a.org {{\n{}", "handle {\n".repeat(100_000));
    assert_eq!(error(&deep).0, "blocks nest too deep here");
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        read(&text);
    }

    #[test]
    fn any_words_are_answered(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "a.org", "{", "}", "\n", " ", ",", "\"", "`", "\\", "<<E\n", "E", "import", "(s)",
                "&(r)", "{$X}", "{args.0}", "reverse_proxy", "#", "\r\n", "*.caddy", "é", "{$",
            ]),
            0..60,
        ),
        value in "\\PC{0,6}",
    ) {
        let text = words.concat();
        read(&text);
        let known = BTreeMap::from([("X".to_owned(), value)]);
        let texts = texts(&[("Caddyfile", &text), ("a.caddy", &text)]);
        let file = File::read("Caddyfile", &texts, &Environment::whole(known));
        for upstream in file.upstreams() {
            let text = &texts[&*upstream.place().file];
            prop_assert!(text.get(upstream.place().range()).is_some());
            upstream.ports();
        }
    }
}

#[test]
fn a_long_file_is_answered_soon() {
    let start = std::time::Instant::now();
    for piece in [
        "{$",
        "{$A}",
        "<<",
        "<<A\n",
        "\"",
        "\\",
        "a ",
        "a\n",
        "a {\n",
        "}\n",
        "import a\n",
        "import a {\n",
        "(a) {\nimport a\nimport a\n}\n",
        "import b.caddy\n",
        "{args.0}",
        "a,\n",
        "#\n",
    ] {
        let text = piece.repeat((1 << 17) / piece.len());
        let texts = texts(&[("Caddyfile", &text), ("b.caddy", "b {args.0} {args[1]}\n")]);
        File::read("Caddyfile", &texts, &Environment::unknown());
        syntax_errors(&texts);
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
