//! Writes an event's data: one canonical JSON object, by hand, into one string.
//!
//! Keys must be added in sorted order (debug builds assert it); numbers are integers; money is a decimal string, so
//! that a reader whose numbers are floats loses nothing.

use alloc::string::String;

/// Room for most events, so that the string rarely grows.
const ROOM_BYTES: usize = 96;

/// An object that is being written.
#[derive(Debug)]
pub struct ObjectWriter {
    out: String,
    last_key: &'static str,
}

impl ObjectWriter {
    pub(crate) fn new() -> Self {
        let mut out = String::with_capacity(ROOM_BYTES);
        out.push('{');
        Self { out, last_key: "" }
    }

    pub(crate) fn finish(mut self) -> String {
        self.out.push('}');
        self.out
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str, value: u64) -> &mut Self {
        self.key(key);
        push_integer(&mut self.out, value);
        self
    }

    /// An amount in minor units, as a decimal string.
    pub fn amount(&mut self, key: &'static str, minor: u64) -> &mut Self {
        self.key(key);
        self.out.push('"');
        push_integer(&mut self.out, minor);
        self.out.push('"');
        self
    }

    /// True or false.
    pub fn boolean(&mut self, key: &'static str, value: bool) -> &mut Self {
        self.key(key);
        self.out.push_str(if value { "true" } else { "false" });
        self
    }

    /// A string, escaped as RFC 8785 says.
    pub fn text(&mut self, key: &'static str, value: &str) -> &mut Self {
        self.key(key);
        push_text(&mut self.out, value);
        self
    }

    /// A list of whole numbers.
    pub fn integers(&mut self, key: &'static str, values: impl IntoIterator<Item = u64>) -> &mut Self {
        self.key(key);
        push_list(&mut self.out, values, push_integer);
        self
    }

    /// A list of strings, escaped as RFC 8785 says.
    pub fn texts<T: AsRef<str>>(&mut self, key: &'static str, values: impl IntoIterator<Item = T>) -> &mut Self {
        self.key(key);
        push_list(&mut self.out, values, |out, value| {
            push_text(out, value.as_ref());
        });
        self
    }

    fn key(&mut self, key: &'static str) {
        debug_assert!(self.out.len() == 1 || self.last_key < key, "keys are written in sorted order");
        if self.out.len() > 1 {
            self.out.push(',');
        }
        self.last_key = key;
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
    }
}

fn push_list<T>(out: &mut String, values: impl IntoIterator<Item = T>, push: impl Fn(&mut String, T)) {
    out.push('[');
    let mut first = true;
    for value in values {
        if !first {
            out.push(',');
        }
        first = false;
        push(out, value);
    }
    out.push(']');
}

/// Formats without the formatting machinery, which would be most of a small guest's bytes.
fn push_integer(out: &mut String, value: u64) {
    let mut digits = [b'0'; 20];
    let mut rest = value;
    let mut first = digits.len();
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        *digit = u8::try_from(rest % 10).map_or(b'0', |units| b'0' | units);
        rest /= 10;
        first = place;
        if rest == 0 {
            break;
        }
    }
    let written = digits.get(first..).unwrap_or_default();
    out.push_str(core::str::from_utf8(written).unwrap_or_default());
}

fn is_plain(value: &str) -> bool {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    value.bytes().all(plain)
}

fn push_text(out: &mut String, value: &str) {
    out.push('"');
    if is_plain(value) {
        out.push_str(value);
    } else {
        value.chars().for_each(|c| push_escaped(out, c));
    }
    out.push('"');
}

#[cold]
fn push_escaped(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        c if c < ' ' => {
            out.push_str(if c < '\u{10}' { "\\u000" } else { "\\u001" });
            out.push(char::from_digit(u32::from(c) % 16, 16).unwrap_or('0'));
        }
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::Event;

    #[test]
    fn an_event_is_canonical_json() {
        let event = Event::new("spin", |object| {
            object
                .amount("paid_minor", u64::MAX)
                .boolean("red", true)
                .texts("reels", ["KL", "\"H"])
                .integers("stops", [30, 0])
                .text("text", "a\"b\\c\n\u{1}\u{1f}é");
        });
        assert_eq!(event.name, "spin");
        assert_eq!(
            event.data,
            "{\"paid_minor\":\"18446744073709551615\",\"red\":true,\"reels\":[\"KL\",\"\\\"H\"],\"stops\":[30,0],\
             \"text\":\"a\\\"b\\\\c\\n\\u0001\\u001fé\"}"
        );
    }

    #[test]
    fn an_event_without_fields_is_an_empty_object() {
        assert_eq!(Event::new("end", |_object| ()).data, "{}");
    }

    #[test]
    #[should_panic(expected = "sorted order")]
    fn keys_out_of_order_are_found_in_tests() {
        Event::new("bad", |object| {
            object.integer("b", 1).integer("a", 2);
        });
    }

    proptest! {
        #[test]
        fn integers_are_written_as_the_standard_library_writes_them(value in any::<u64>()) {
            let event = Event::new("n", |object| { object.integer("n", value); });
            prop_assert_eq!(event.data, format!("{{\"n\":{value}}}"));
        }

        #[test]
        fn small_integers_too(value in 0_u64..2000) {
            let event = Event::new("n", |object| { object.integer("n", value); });
            prop_assert_eq!(event.data, format!("{{\"n\":{value}}}"));
        }
    }
}
