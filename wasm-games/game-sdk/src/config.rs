//! Reads a configuration: one flat JSON object in canonical form, without allocating.
//!
//! The form is the sorted, space-free one whose SHA-256 the player's receipt holds, so two texts of one meaning don't
//! exist: anything else is [`Fault::BadConfig`]. Text values have no escapes, numbers are unsigned 64-bit integers.

use crate::Fault;

/// Reads keys in the order in which they're written, which is their sorted order.
#[derive(Debug)]
pub struct ConfigReader<'a> {
    rest: &'a str,
    first: bool,
}

impl<'a> ConfigReader<'a> {
    /// Starts at the object's brace.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] when `text` isn't an object.
    pub fn open(text: &'a str) -> Result<Self, Fault> {
        let rest = text.strip_prefix('{').ok_or(Fault::BadConfig)?;
        Ok(Self { rest, first: true })
    }

    /// The string at `key`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] when the next key is another, or its value isn't a string without escapes.
    pub fn text(&mut self, key: &str) -> Result<&'a str, Fault> {
        self.key(key)?;
        self.take("\"")?;
        let (value, rest) = self.rest.split_once('"').ok_or(Fault::BadConfig)?;
        if value.chars().any(|c| c == '\\' || c < ' ') {
            return Err(Fault::BadConfig);
        }
        self.rest = rest;
        Ok(value)
    }

    /// The integer at `key`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] when the next key is another, or its value isn't an integer of 0..2^64 without leading
    /// zeros, sign, fraction or exponent.
    pub fn integer(&mut self, key: &str) -> Result<u64, Fault> {
        self.key(key)?;
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).ok_or(Fault::BadConfig)?;
        let (digits, rest) = self.rest.split_at_checked(end).ok_or(Fault::BadConfig)?;
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(Fault::BadConfig);
        }
        self.rest = rest;
        digits.parse().map_err(|_not_u64| Fault::BadConfig)
    }

    /// The boolean at `key`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] when the next key is another, or its value is neither `true` nor `false`.
    pub fn boolean(&mut self, key: &str) -> Result<bool, Fault> {
        self.key(key)?;
        if self.take("true").is_ok() {
            return Ok(true);
        }
        self.take("false").map(|()| false)
    }

    /// Ends at the object's closing brace.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] when keys are left, or anything follows the object.
    pub fn close(self) -> Result<(), Fault> {
        if self.rest == "}" {
            return Ok(());
        }
        Err(Fault::BadConfig)
    }

    fn key(&mut self, key: &str) -> Result<(), Fault> {
        if !self.first {
            self.take(",")?;
        }
        self.first = false;
        self.take("\"")?;
        self.take(key)?;
        self.take("\":")
    }

    fn take(&mut self, prefix: &str) -> Result<(), Fault> {
        self.rest = self.rest.strip_prefix(prefix).ok_or(Fault::BadConfig)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<(bool, u64, &str), Fault> {
        let mut reader = ConfigReader::open(text)?;
        let fields = (reader.boolean("a")?, reader.integer("b")?, reader.text("c")?);
        reader.close()?;
        Ok(fields)
    }

    #[test]
    fn a_canonical_object_is_read() {
        let text = r#"{"a":true,"b":18446744073709551615,"c":"single"}"#;
        assert_eq!(read(text), Ok((true, u64::MAX, "single")));
        assert_eq!(read(r#"{"a":false,"b":0,"c":""}"#), Ok((false, 0, "")));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        for text in [
            "",
            "{}",
            "null",
            r#"{"a": true,"b":1,"c":"x"}"#,
            r#"{"a":true,"b":01,"c":"x"}"#,
            r#"{"a":true,"b":+1,"c":"x"}"#,
            r#"{"a":true,"b":-1,"c":"x"}"#,
            r#"{"a":true,"b":1.0,"c":"x"}"#,
            r#"{"a":true,"b":1e3,"c":"x"}"#,
            r#"{"a":true,"b":,"c":"x"}"#,
            r#"{"a":true,"b":18446744073709551616,"c":"x"}"#,
            r#"{"a":true,"b":1,"c":"\u0078"}"#,
            r#"{"a":true,"b":1,"c":"x","d":1}"#,
            r#"{"a":true,"b":1,"c":"x"},"#,
            r#"{"a":true,"b":1,"c":"x"} "#,
            r#"{"b":1,"a":true,"c":"x"}"#,
            r#"{"a":1,"b":1,"c":"x"}"#,
            r#"{"a":true,"b":"1","c":"x"}"#,
            r#"{"a":true,"b":1}"#,
            r#"{"a":true,"b":1,"c":"x"#,
            r#"{,"a":true,"b":1,"c":"x"}"#,
        ] {
            assert_eq!(read(text), Err(Fault::BadConfig), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_that_is_read_is_the_only_text_of_its_meaning(text in "\\{\"a\":(true|false),\"b\":[0-9]{0,3},\"c\":\"[a-z\\\\\"]{0,3}\"\\}") {
            if let Ok((a, b, c)) = read(&text) {
                prop_assert_eq!(format!("{{\"a\":{a},\"b\":{b},\"c\":\"{c}\"}}"), text);
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            let _either = read(&text);
            let _either = read(&format!("{{\"a\":true,\"b\":{text}"));
            let _either = read(&format!("{{\"a\":true,\"b\":1,\"c\":\"{text}"));
        }
    }
}
