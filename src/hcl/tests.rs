use proptest::prelude::*;

use super::string::{object_key, quote};
use super::*;

#[test]
fn the_layout_is_the_one_of_tofu_fmt() {
    let loose = "\
# a comment
short = 1
much_longer_name = \"a = b # c\" # trailing
x=true # other

list = [
\"a\",
{
k = 1
longer = { a = 1 }
},
]
after = 2
resource \"a\" \"b\" {
  name = var.x ? \"y\" : \"${z == \"}\" ? 1 : 2}\"
    count = 1
  /* kept
 as is */
  text = <<-EOT
   a = b
      EOT
  nested {
  a = 1
  }
  depends_on = [a]
  f = g({
  a = 1 # inner
  }) # outer
}
";
    let laid_out = "\
# a comment
short            = 1
much_longer_name = \"a = b # c\" # trailing
x                = true        # other

list = [
  \"a\",
  {
    k      = 1
    longer = { a = 1 }
  },
]
after = 2
resource \"a\" \"b\" {
  name  = var.x ? \"y\" : \"${z == \"}\" ? 1 : 2}\"
  count = 1
  /* kept
 as is */
  text = <<-EOT
   a = b
      EOT
  nested {
    a = 1
  }
  depends_on = [a]
  f = g({
    a = 1 # inner
  })      # outer
}
";
    assert_eq!(align(loose), laid_out);
    assert_eq!(align(laid_out), laid_out);
}

#[test]
fn variables_are_decoded() {
    let found = variables(
        "a = \"x$${y} %%{z} \\u00e9\"\nb = [1, -2, true, null]\nc = { d = \"e\", \"f g\" = {} }\nh = var.x\ni = \"${1}\"\n",
    )
    .unwrap();
    assert_eq!(found["a"], Value::Text("x${y} %{z} é".to_owned()));
    let number = |digits: &str| Value::Number(digits.to_owned());
    assert_eq!(
        found["b"],
        Value::List(vec![
            number("1"),
            number("-2"),
            Value::Bool(true),
            Value::Null
        ])
    );
    let object = [
        ("d".to_owned(), Value::Text("e".to_owned())),
        ("f g".to_owned(), Value::Object([].into())),
    ];
    assert_eq!(found["c"], Value::Object(object.into()));
    assert_eq!(found["h"], Value::Expression);
    assert_eq!(found["i"], Value::Expression);
}

#[test]
fn an_error_has_a_place() {
    let text = "a = 1\nb = é\nc = = 2\n";
    let error = parse(text).unwrap_err();
    assert!(error.range.start >= 6, "{error:?}");
    assert!(text.get(error.range.clone()).is_some(), "{error:?}");
    assert!(!error.message.is_empty());
}

#[test]
fn towers_are_answered() {
    for count in [10, 63, 64, 65, 1_000, 100_000] {
        for (open, middle, close) in [
            ("[", "", "]"),
            ("(", "1", ")"),
            ("{a=", "1", "}"),
            ("\"${", "1", "}\""),
            ("-", "1", ""),
            ("!", "a", ""),
            ("1 + ", "1", ""),
            ("a ? b : ", "c", ""),
            ("a.", "a", ""),
            ("a[", "0", "]"),
            ("f(", "", ")"),
            ("%{if a}", "", "%{endif}"),
        ] {
            let text = format!(
                "a = {}{middle}{}\n",
                open.repeat(count),
                close.repeat(count)
            );
            let _ = variables(&text);
            let _ = align(&text);
        }
        let blocks = format!("{}{}", "a {\n".repeat(count), "}\n".repeat(count));
        let _ = parse(&blocks);
        let _ = align(&blocks);
    }
}

fn decoded(text: &str) -> BTreeMapOfValues {
    variables(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

type BTreeMapOfValues = std::collections::BTreeMap<String, Value>;

proptest! {
    #[test]
    fn quoted_text_comes_back(text in any::<String>()) {
        let found = decoded(&format!("a = {}\n", quote(&text)));
        prop_assert_eq!(&found["a"], &Value::Text(text));
    }

    #[test]
    fn nasty_text_comes_back(text in "[$%{}\"\\\\\n\r\t \u{0}\u{2028}a~]{0,24}") {
        let line = format!("a = {}\n", quote(&text));
        let found = decoded(&line);
        prop_assert_eq!(&found["a"], &Value::Text(text));
        prop_assert_eq!(align(&line), line);
    }

    #[test]
    fn keys_come_back(key in "[a-z$%{}\"-]{0,6}|for|if|in|null|true|false") {
        let text = format!("a = {{\n{} = 1\n}}\n", object_key(&key));
        let expected = [(key, Value::Number("1".to_owned()))];
        prop_assert_eq!(&decoded(&text)["a"], &Value::Object(expected.into()));
    }

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        let _ = variables(&text);
        let _ = align(&text);
    }

    #[test]
    fn arbitrary_tokens_never_panic(
        tokens in prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..40)
    ) {
        let text = tokens.concat();
        let _ = variables(&text);
        let laid_out = align(&text);
        prop_assert_eq!(align(&laid_out), laid_out);
    }
}

const TOKENS: [&str; 27] = [
    "{", "}", "[", "]", "(", ")", "\"", "${", "%{", "a", "b", "for", "=", "==", "=>", ",", ":",
    "?", "\n", " ", "# c\n", "/*", "*/", "<<EOT\n", "EOT\n", "1", "\\",
];
