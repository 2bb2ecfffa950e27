//! The compiler: found, asked, run. Nothing of the caller's environment reaches the bytes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;
use serde::Deserialize;

const TARGET: &str = "wasm32-unknown-unknown";
/// What an environment could change in the bytes.
const CLEARED: [&str; 10] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
    "RUSTC",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO",
];

/// Why there is no module.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{program} can't be run: {error}")]
    NotRun { program: String, error: io::Error },
    #[error("{program} failed: {said}")]
    Failed { program: String, said: String },
    #[error("the compiler has no libraries for {TARGET}: rustup target add {TARGET}")]
    NoTarget,
    #[error("cargo metadata is not understood: {0}")]
    Metadata(#[from] serde_json::Error),
    #[error("{} has no package with a cdylib: a game's Cargo.toml says crate-type = [\"cdylib\", \"rlib\"]", .0.display())]
    NoGame(PathBuf),
    #[error("the game does not compile")]
    Compile,
}

/// A compiler with the target's libraries.
pub(super) struct Toolchain {
    pub(super) version: String,
    sysroot: String,
    cargo_home: PathBuf,
    offline: bool,
}

/// The package that is the game.
#[derive(Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    crate_types: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

impl Toolchain {
    /// The compiler that runs in `folder`.
    pub(super) fn find(folder: &Path, offline: bool) -> anyhow::Result<Self> {
        let rustc = |arguments: &[&str]| text(command("rustc", folder).args(arguments));
        let libraries = rustc(&["--print", "target-libdir", "--target", TARGET])?;
        if !Path::new(&libraries).is_dir() {
            return Err(Failure::NoTarget.into());
        }
        let (version, sysroot) = (rustc(&["--version"])?, rustc(&["--print", "sysroot"])?);
        let home = || std::env::home_dir().map(|home| home.join(".cargo"));
        let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home);
        let cargo_home = cargo_home.context("neither CARGO_HOME nor a home directory is known")?;
        Ok(Self { version, sysroot, cargo_home, offline })
    }

    /// The one package in `folder` that builds to a module.
    pub(super) fn package(&self, folder: &Path) -> Result<Package, Failure> {
        let mut ask = command("cargo", folder);
        ask.args(["metadata", "--no-deps", "--format-version", "1"]);
        let metadata: Metadata = serde_json::from_str(&text(&mut ask)?)?;
        let is_game = |package: &Package| {
            package.targets.iter().flat_map(|target| &target.crate_types).any(|kind| kind == "cdylib")
        };
        metadata.packages.into_iter().find(is_game).ok_or_else(|| Failure::NoGame(folder.to_owned()))
    }

    /// The core module of `package`. The compiler's own words go to standard error.
    pub(super) fn build(&self, folder: &Path, package: &Package, target: &Path) -> anyhow::Result<Vec<u8>> {
        let mut build = command("cargo", folder);
        build.args(["build", "--release", "--lib", "--target", TARGET, "-p", &package.name]);
        build.arg("--target-dir").arg(target).arg("--config").arg(self.remap(folder));
        if self.offline {
            build.arg("--offline");
        }
        let status = build.stdout(Stdio::null()).status().map_err(|error| not_run("cargo", error))?;
        if !status.success() {
            return Err(Failure::Compile.into());
        }
        let module = target.join(TARGET).join("release").join(format!("{}.wasm", package.name.replace('-', "_")));
        fs::read(&module).with_context(|| format!("{} was not built", package.name))
    }

    /// A setting that joins the folder's own link arguments: every path of this machine gets a fixed name.
    fn remap(&self, folder: &Path) -> String {
        let pairs = [
            (folder.display().to_string(), "/game"),
            (self.cargo_home.display().to_string(), "/cargo"),
            (self.sysroot.clone(), "/rust"),
        ];
        let flags = pairs.iter().map(|(from, to)| format!("{:?}", format!("--remap-path-prefix={from}={to}")));
        format!("target.{TARGET}.rustflags=[{}]", flags.collect::<Vec<_>>().join(","))
    }
}

/// Takes a folder away, if it's there.
pub(super) fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} can't be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    CLEARED.iter().for_each(|name| {
        command.env_remove(name);
    });
    command
}

fn text(command: &mut Command) -> Result<String, Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| not_run(&program, error))?;
    if !output.status.success() {
        return Err(Failure::Failed { program, said: String::from_utf8_lossy(&output.stderr).trim().to_owned() });
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn not_run(program: &str, error: io::Error) -> Failure {
    Failure::NotRun { program: program.to_owned(), error }
}
