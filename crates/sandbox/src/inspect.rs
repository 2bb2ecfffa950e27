//! A look at a component before any of it is compiled: what it imports, and whether it exports a game. The linker
//! would refuse a foreign import too, but later, and without naming it.

use wasmparser::{Encoding, Parser, Payload};

use crate::contract::{ENTROPY, GAME};
use crate::host::LoadError;
use crate::limits;

/// Refuses what cannot be a game: too large, not a component, a foreign import, no `game` export.
pub(crate) fn inspect(wasm: &[u8]) -> Result<(), LoadError> {
    if wasm.len() > limits::MAX_WASM {
        return Err(LoadError::TooLarge { bytes: wasm.len() });
    }
    let mut depth = 0_u32;
    let mut is_component = false;
    let mut has_game = false;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(invalid)? {
            Payload::Version { encoding, .. } if depth == 0 => is_component = encoding == Encoding::Component,
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth = depth.saturating_add(1),
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    let name = import.map_err(invalid)?.name.name;
                    if name != ENTROPY {
                        return Err(LoadError::ForeignImport { import: name.to_owned() });
                    }
                }
            }
            Payload::ComponentExportSection(exports) if depth == 0 => {
                for export in exports {
                    has_game |= export.map_err(invalid)?.name.name == GAME;
                }
            }
            _ => {}
        }
    }
    match (is_component, has_game) {
        (false, _) => Err(LoadError::NotAComponent),
        (true, false) => Err(LoadError::NoGame),
        (true, true) => Ok(()),
    }
}

fn invalid(error: wasmparser::BinaryReaderError) -> LoadError {
    LoadError::Invalid { reason: error.message().to_owned() }
}
