//! Canonical JSON: one text for one value, so that a hash of the text names the value.
//!
//! No white space; object keys strictly ascending by bytes, without escapes; integers of 64 bits only, in shortest
//! form (a fraction has no place in an outcome); strings escaped only where JSON demands it, as serde_json does.
//! On such texts it agrees with RFC 8785, except for the order of keys beyond the Basic Multilingual Plane.
//! [`check`] reads a byte at a time and never allocates: it judges what untrusted games return.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Arrays and objects within each other.
const MAX_DEPTH: u32 = 32;

/// Why a text isn't canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Not canonical from this byte on.
    #[error("at byte {at}")]
    At {
        /// Offset of the first byte that doesn't fit.
        at: usize,
    },
    /// Not JSON at all, or a value that has no canonical form.
    #[error("{reason}")]
    Value {
        /// What is wrong with it.
        reason: String,
    },
}

/// Is `text` one canonical JSON value?
///
/// # Errors
/// [`CanonicalError::At`] with the first offending byte.
pub fn check(text: &str) -> Result<(), CanonicalError> {
    let mut cursor = Cursor { text, at: 0 };
    let whole = cursor.value(0).is_some() && cursor.at == text.len();
    if whole { Ok(()) } else { Err(CanonicalError::At { at: cursor.at }) }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at = self.at.saturating_add(1))
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.get(self.at..)?.starts_with(word).then(|| self.at = self.at.saturating_add(word.len()))
    }

    fn value(&mut self, depth: u32) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(drop),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.integer(),
        }
    }

    fn object(&mut self, depth: u32) -> Option<()> {
        self.eat(b'{')?;
        if self.eat(b'}').is_some() {
            return Some(());
        }
        let mut last: Option<&str> = None;
        loop {
            let start = self.at;
            let key = self.string()?;
            if key.contains('\\') || last.is_some_and(|last| last.as_bytes() >= key.as_bytes()) {
                self.at = start;
                return None;
            }
            last = Some(key);
            self.eat(b':')?;
            self.value(depth.saturating_add(1))?;
            if self.eat(b'}').is_some() {
                return Some(());
            }
            self.eat(b',')?;
        }
    }

    fn array(&mut self, depth: u32) -> Option<()> {
        self.eat(b'[')?;
        if self.eat(b']').is_some() {
            return Some(());
        }
        loop {
            self.value(depth.saturating_add(1))?;
            if self.eat(b']').is_some() {
                return Some(());
            }
            self.eat(b',')?;
        }
    }

    /// The raw text between the quotes.
    fn string(&mut self) -> Option<&'a str> {
        self.eat(b'"')?;
        let start = self.at;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.escape()?,
                0..=0x1f => return None,
                _ => self.at = self.at.saturating_add(1),
            }
        }
        let raw = self.text.get(start..self.at);
        self.eat(b'"')?;
        raw
    }

    fn escape(&mut self) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = match rest {
            [b'\\', b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            // Control characters that have no short form.
            [b'\\', b'u', b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f', ..]
            | [b'\\', b'u', b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f', ..] => 6,
            _ => return None,
        };
        self.at = self.at.saturating_add(length);
        Some(())
    }

    fn integer(&mut self) -> Option<()> {
        let start = self.at;
        let negative = self.eat(b'-').is_some();
        let digits = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at = self.at.saturating_add(1);
        }
        let text = self.text.get(digits..self.at)?;
        let shortest = if negative { !text.starts_with('0') } else { text == "0" || !text.starts_with('0') };
        let in_range =
            if negative { self.text.get(start..self.at)?.parse::<i64>().is_ok() } else { text.parse::<u64>().is_ok() };
        if shortest && in_range {
            return Some(());
        }
        self.at = start;
        None
    }
}

/// The canonical text of the JSON value in `text`.
///
/// # Errors
/// [`CanonicalError::Value`] for what isn't JSON or has no canonical form: a fraction, a number beyond 64 bits, a key
/// twice; [`CanonicalError::At`] for nesting too deep or a key that needs escapes.
pub fn canonicalise(text: &str) -> Result<String, CanonicalError> {
    let node: Node = serde_json::from_str(text).map_err(|error| CanonicalError::Value { reason: error.to_string() })?;
    let mut canonical = String::with_capacity(text.len());
    node.write(&mut canonical).map_err(|_| CanonicalError::Value { reason: "it cannot be written".into() })?;
    check(&canonical)?;
    Ok(canonical)
}

enum Node {
    Null,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Text(String),
    List(Vec<Node>),
    Object(BTreeMap<String, Node>),
}

impl Node {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Signed(value) => write!(out, "{value}"),
            Self::Unsigned(value) => write!(out, "{value}"),
            Self::Text(text) => quote(text, out),
            Self::List(items) => {
                out.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    comma(index, out)?;
                    item.write(out)?;
                }
                out.write_char(']')
            }
            Self::Object(members) => {
                out.write_char('{')?;
                for (index, (key, value)) in members.iter().enumerate() {
                    comma(index, out)?;
                    quote(key, out)?;
                    out.write_char(':')?;
                    value.write(out)?;
                }
                out.write_char('}')
            }
        }
    }
}

fn comma(index: usize, out: &mut String) -> std::fmt::Result {
    if index == 0 { Ok(()) } else { out.write_char(',') }
}

fn quote(text: &str, out: &mut String) -> std::fmt::Result {
    out.write_str(&serde_json::to_string(text).map_err(|_| std::fmt::Error)?)
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON with integers of 64 bits only")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Signed(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Unsigned(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut object = BTreeMap::new();
        while let Some((key, value)) = members.next_entry::<String, Node>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("the key {key:?} occurs twice")));
            }
            object.insert(key, value);
        }
        Ok(Node::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn canonical_texts_pass_and_stay_as_they_are() {
        for text in [
            "null",
            "true",
            "false",
            "0",
            "-1",
            "18446744073709551615",
            "-9223372036854775808",
            "\"\"",
            "[]",
            "{}",
            r#"{"a":[1,{"b":null}],"é":"\n\u0001\"\\/"}"#,
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
            assert_eq!(canonicalise(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn everything_else_is_refused_where_it_starts() {
        for (text, at) in [
            ("", 0),
            (" 1", 0),
            ("1 ", 1),
            ("[1, 2]", 3),
            ("01", 0),
            ("-0", 0),
            ("-", 0),
            ("1.5", 1),
            ("1e3", 1),
            ("18446744073709551616", 0),
            ("-9223372036854775809", 0),
            (r#"{"b":1,"a":2}"#, 7),
            (r#"{"a":1,"a":2}"#, 7),
            (r#"{"\n":1}"#, 1),
            (r#""\/""#, 1),
            (r#""\u0041""#, 1),
            (r#""\u000a""#, 1),
            (r#""\u001F""#, 1),
            ("\"\n\"", 1),
            ("\"a", 2),
            ("[1", 2),
            ("{\"a\"}", 4),
            ("nul", 0),
            ("[1]]", 3),
        ] {
            assert_eq!(check(text), Err(CanonicalError::At { at }), "{text}");
        }
    }

    #[test]
    fn nesting_has_a_bottom() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check(&nested(33)), Ok(()));
        assert!(check(&nested(34)).is_err());
        assert!(check(&"[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn what_has_no_canonical_form_is_refused_and_not_rounded() {
        for text in ["1.0", "1e2", "18446744073709551616", r#"{"a":1,"a":2}"#, "{", "-0"] {
            assert!(canonicalise(text).is_err(), "{text}");
        }
        assert_eq!(canonicalise(" { \"b\" : [ 1 , 2 ] , \"a\" : \"\\u0041\" } ").unwrap(), r#"{"a":"A","b":[1,2]}"#);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[a-zé ]{0,4}", inner, 0..6).prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_has_one_canonical_text_that_means_the_same(value in any_json()) {
            let text = canonicalise(&serde_json::to_string_pretty(&value).unwrap()).unwrap();
            prop_assert_eq!(check(&text), Ok(()));
            prop_assert_eq!(canonicalise(&text).unwrap(), text.clone());
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }

        #[test]
        fn no_text_makes_the_checker_panic(text in ".*") {
            let checked = check(&text);
            prop_assert!(checked.is_err() || canonicalise(&text) == Ok(text));
        }
    }
}
