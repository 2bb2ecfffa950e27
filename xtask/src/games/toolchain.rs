//! Who compiles for wasm32-unknown-unknown. In this order: a compiler that already has the target; Debian's second
//! compiler (rustc-web) with its standard library built from source; rustup's download of the target; Debian's
//! packages, installed. Each try that fails says so in one line; when none is left, what to install is named.
use crate::process;
use crate::project::Project;
use crate::screen;
use crate::tools::apt;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// rustup's servers are either there within this time or not reachable at all.
const RUSTUP_LIMIT: Duration = Duration::from_secs(90);
const DEBIAN_PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-22";
/// What an environment could change in the bytes.
const CLEARED: [&str; 9] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "RUSTC",
    "RUSTC_WRAPPER",
    "RUSTUP_TOOLCHAIN",
    "CARGO",
];

/// A cargo that can build for the Wasm target.
pub(crate) enum Toolchain {
    /// The target's libraries are installed.
    Prebuilt { version: String },
    /// Debian's compiler: core and alloc are built from its source package.
    Debian { version: String, linker_dir: PathBuf },
}

impl Toolchain {
    /// Finds a toolchain, or fetches one.
    ///
    /// # Errors
    /// One sentence naming what to install when nothing works.
    pub(crate) fn ensure(project: &Project) -> Result<Self> {
        if let Some(found) = Self::find(project)? {
            return Ok(found);
        }
        let mut add = Command::new("rustup");
        add.current_dir(project.root()).env_remove("RUSTUP_TOOLCHAIN").args(["target", "add", TARGET]);
        if let Err(error) = process::quietly("Wasm target from rustup", &mut add, RUSTUP_LIMIT) {
            screen::note(&format!("rustup can't add {TARGET} ({error:#}); trying Debian's packages"));
        } else if let Some(found) = Self::find(project)? {
            return Ok(found);
        }
        let installed = apt::install("Wasm compiler from Debian", &DEBIAN_PACKAGES);
        match (Self::find(project)?, installed) {
            (Some(found), _) => Ok(found),
            (None, Err(error)) => Err(error
                .context(format!("missing: a Rust compiler with the target {TARGET} (rustup target add {TARGET})"))),
            (None, Ok(())) => bail!("missing: {TARGET}; Debian's packages are there but have no compiler for it"),
        }
    }

    fn find(project: &Project) -> Result<Option<Self>> {
        let mut ask = clean(Command::new("rustc"));
        ask.current_dir(project.games_dir()).args(["--print", "target-libdir", "--target", TARGET]);
        let libraries = process::text_of(&mut ask).map(|text| PathBuf::from(text.trim()));
        if libraries.is_ok_and(|folder| folder.is_dir()) {
            let version =
                process::text_of(clean(Command::new("rustc")).current_dir(project.games_dir()).arg("--version"))?;
            return Ok(Some(Self::Prebuilt { version: version.trim().to_owned() }));
        }
        Self::find_debian(project)
    }

    fn find_debian(project: &Project) -> Result<Option<Self>> {
        let Ok(sysroot) = process::text_of(clean(Command::new("/usr/bin/rustc")).args(["--print", "sysroot"])) else {
            return Ok(None);
        };
        let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/core");
        if !source.is_dir() || !Path::new(DEBIAN_LINKER).exists() || !Path::new("/usr/bin/cargo").exists() {
            return Ok(None);
        }
        let version = process::text_of(clean(Command::new("/usr/bin/rustc")).arg("--version"))?;
        let linker_dir = link_linker(project)?;
        Ok(Some(Self::Debian { version: version.trim().to_owned(), linker_dir }))
    }

    /// The compiler's own version line and where it comes from.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Prebuilt { version } => format!("{version}, target libraries installed"),
            Self::Debian { version, .. } => format!("{version}, core and alloc from Debian's source"),
        }
    }

    /// `cargo` for this toolchain in the games' workspace, with nothing of the caller's environment in the bytes.
    pub(crate) fn cargo(&self, project: &Project) -> Command {
        let mut command = match self {
            Self::Prebuilt { .. } => clean(Command::new("cargo")),
            Self::Debian { linker_dir, .. } => {
                let mut command = clean(Command::new("/usr/bin/cargo"));
                let path = format!("{}:/usr/bin:/bin", linker_dir.display());
                command.env("PATH", path).env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
                command
            }
        };
        command.current_dir(project.games_dir());
        command
    }

    /// Arguments of `cargo build` that only this toolchain needs.
    pub(crate) fn build_args(&self) -> &'static [&'static str] {
        match self {
            Self::Prebuilt { .. } => &[],
            Self::Debian { .. } => &["-Zbuild-std=core,alloc,panic_abort"],
        }
    }

    /// Where the compiler keeps its own sources: a path that must not reach the bytes.
    ///
    /// # Errors
    /// When the compiler can't be asked.
    pub(crate) fn sysroot(&self, project: &Project) -> Result<String> {
        let program = if matches!(self, Self::Debian { .. }) { "/usr/bin/rustc" } else { "rustc" };
        let mut ask = clean(Command::new(program));
        ask.current_dir(project.games_dir()).args(["--print", "sysroot"]);
        Ok(process::text_of(&mut ask)?.trim().to_owned())
    }
}

fn clean(mut command: Command) -> Command {
    CLEARED.iter().for_each(|name| {
        command.env_remove(name);
    });
    command
}

/// Debian's linker has a version in its name; rustc asks for `rust-lld`.
fn link_linker(project: &Project) -> Result<PathBuf> {
    let folder = project.tools_dir().join("wasm-linker");
    std::fs::create_dir_all(&folder).context("the tools folder can't be made")?;
    for name in ["rust-lld", "wasm-ld"] {
        let link = folder.join(name);
        if !link.exists() {
            std::os::unix::fs::symlink(DEBIAN_LINKER, &link).with_context(|| format!("{name} can't be linked"))?;
        }
    }
    Ok(folder)
}
