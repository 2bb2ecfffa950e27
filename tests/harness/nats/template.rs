//! Filling in the templates of `nats/`: tokens between at-signs become text. One that is left over is an error, so a new
//! token in a template can't silently reach a server.
use crate::tools::project_root;
use anyhow::{Context, Result, bail};

/// A template of `nats/` with its tokens replaced.
///
/// # Errors
/// The template is missing, or a token has no value.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let path = project_root().join("nats").join(template);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    replace(&text, values).with_context(|| template.to_owned())
}

fn replace(text: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut filled = text.to_owned();
    for (token, value) in values {
        filled = filled.replace(&format!("@{token}@"), value);
    }
    match left_over(&filled) {
        Some(token) => bail!("no value for @{token}@"),
        None => Ok(filled),
    }
}

/// A token that still stands between at-signs. An address has an at-sign too, so only CAPITALS count.
fn left_over(text: &str) -> Option<&str> {
    let is_token = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    text.split('@').skip(1).find(is_token)
}

/// A string of NATS's configuration language.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_needs_a_value() {
        assert_eq!(replace("a: @X@, b: @Y_Z@", &[("X", "1"), ("Y_Z", "2")]).unwrap(), "a: 1, b: 2");
        assert!(replace("a: @X@, b: @Y@", &[("X", "1")]).unwrap_err().to_string().contains("@Y@"));
        assert!(replace("url: \"nats://ana:pw@host:1\"", &[]).is_ok());
    }
}
