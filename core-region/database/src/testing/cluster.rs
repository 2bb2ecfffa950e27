//! The private Postgres of tests: one for all test processes of a user, started by the first, ended after the last.
//!
//! Two lock files decide. `start.lock` is held while somebody starts or ends the server. `users.lock` is held, shared, by every
//! process that uses it, and the kernel lets go of it however that process ends. A watchdog ends the server once nobody
//! holds `users.lock`, and removes its data; the initialised data directory it was copied from stays for next time.
//! A process of root's starts the server as `postgres` or `nobody`, because Postgres refuses to run as root.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::TestingError;

/// Ends the server and removes its data when both locks can be had at once.
const WATCHDOG: &str = r#"
exec 8>"$1/start.lock" 9>"$1/users.lock"
while sleep 5; do
  if flock -n 8; then
    if flock -n 9; then kill -QUIT "$(head -n 1 "$2/postmaster.pid")"; sleep 1; rm -rf "$2"; exit 0; fi
    flock -u 8
  fi
done
"#;

struct Server {
    url: String,
    _user: File,
}

static SERVER: Mutex<Option<Server>> = Mutex::new(None);

/// The URL of a server where tests may create databases.
pub(super) async fn server_url() -> Result<String, TestingError> {
    if let Some(url) = named_by_environment() {
        return Ok(url);
    }
    tokio::task::spawn_blocking(private_url)
        .await
        .map_err(|error| TestingError::Io { doing: "starting Postgres", source: io::Error::other(error) })?
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration file; this is their one setting")]
fn named_by_environment() -> Option<String> {
    std::env::var("HOUSE_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

fn private_url() -> Result<String, TestingError> {
    let mut server = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = server.as_ref() {
        return Ok(server.url.clone());
    }
    let base = std::env::temp_dir().join(format!("house-test-postgres-{}", rustix::process::getuid().as_raw()));
    fs::create_dir_all(&base).map_err(io_error("creating the folder of the test database"))?;
    open_to_all(&base)?;
    let start = lock_file(&base.join("start.lock"))?;
    start.lock().map_err(io_error("waiting for another test to start Postgres"))?;
    let user = lock_file(&base.join("users.lock"))?;
    user.lock_shared().map_err(io_error("joining the users of the test database"))?;
    let url = match running(&base) {
        Some(url) => url,
        None => start_server(&base)?,
    };
    *server = Some(Server { url: url.clone(), _user: user });
    Ok(url)
}

fn lock_file(path: &Path) -> Result<File, TestingError> {
    File::options().create(true).append(true).open(path).map_err(io_error("opening a lock file"))
}

fn open_to_all(folder: &Path) -> Result<(), TestingError> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).map_err(io_error("opening a folder to Postgres"))
}

/// The URL that the last start left, if somebody still answers there.
fn running(base: &Path) -> Option<String> {
    let port: u16 = fs::read_to_string(base.join("port")).ok()?.trim().parse().ok()?;
    TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).ok()?;
    Some(url_at(port))
}

fn url_at(port: u16) -> String {
    format!("postgres://house@127.0.0.1:{port}/postgres")
}

fn start_server(base: &Path) -> Result<String, TestingError> {
    let programs = programs()?;
    let seed = base.join("seed");
    if !seed.exists() {
        initialise(&programs, base, &seed)?;
    }
    let data = base.join(format!("data-{}", std::process::id()));
    run("cp", Command::new("cp").arg("-a").arg(&seed).arg(&data))?;
    let port = free_port()?;
    let settings = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off \
         -c synchronous_commit=off -c max_connections=400 -c shared_buffers=256MB -c max_wal_size=4GB"
    );
    let mut start = as_postgres(&programs.join("pg_ctl"))?;
    start.arg("start").arg("-w").arg("-D").arg(&data).arg("-l").arg(data.join("log")).arg("-o").arg(settings);
    run("pg_ctl", start.process_group(0))?;
    fs::write(base.join("port"), port.to_string()).map_err(io_error("writing the test database's port"))?;
    Command::new("bash")
        .args([OsStr::new("-c"), OsStr::new(WATCHDOG), OsStr::new("watchdog"), base.as_os_str(), data.as_os_str()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(io_error("starting the watchdog of the test database"))?;
    Ok(url_at(port))
}

fn initialise(programs: &Path, base: &Path, seed: &Path) -> Result<(), TestingError> {
    let making = base.join("seed-in-the-making");
    if making.exists() {
        fs::remove_dir_all(&making).map_err(io_error("removing a half-made data directory"))?;
    }
    fs::create_dir(&making).map_err(io_error("creating the data directory"))?;
    if let Some(user) = other_user() {
        run("chown", Command::new("chown").arg(user).arg(&making))?;
    }
    let mut init = as_postgres(&programs.join("initdb"))?;
    init.args(["--username=house", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"]).arg(&making);
    run("initdb", &mut init)?;
    fs::rename(&making, seed).map_err(io_error("keeping the data directory"))
}

/// The folder of Postgres's programs: the newest that Debian installed, else the first in the search path.
fn programs() -> Result<PathBuf, TestingError> {
    let installed =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let version =
        |path: &PathBuf| path.iter().rev().nth(1).and_then(OsStr::to_str).and_then(|name| name.parse::<u32>().ok());
    let newest = installed.filter(|path| path.join("initdb").exists()).max_by_key(version);
    let searched = || std::env::split_paths(&std::env::var_os("PATH")?).find(|path| path.join("initdb").exists());
    newest.or_else(searched).ok_or(TestingError::Missing("initdb"))
}

/// Who runs Postgres when we are root.
fn other_user() -> Option<&'static str> {
    let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let has_postgres = known.lines().any(|line| line.starts_with("postgres:"));
    rustix::process::getuid().is_root().then_some(if has_postgres { "postgres" } else { "nobody" })
}

fn as_postgres(program: &Path) -> Result<Command, TestingError> {
    let Some(user) = other_user() else {
        return Ok(Command::new(program));
    };
    if !Path::new("/usr/bin/setpriv").exists() {
        return Err(TestingError::Missing("setpriv"));
    }
    let group = Command::new("id").arg("-gn").arg(user).output().map_err(io_error("asking for a user's group"))?;
    let mut command = Command::new("/usr/bin/setpriv");
    command.arg(format!("--reuid={user}")).arg(format!("--regid={}", String::from_utf8_lossy(&group.stdout).trim()));
    command.arg("--clear-groups").arg("--").arg(program).current_dir("/");
    Ok(command)
}

fn free_port() -> Result<u16, TestingError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(io_error("looking for a free port"))?;
    Ok(listener.local_addr().map_err(io_error("looking for a free port"))?.port())
}

/// Runs to the end. Output goes to files of the program's own: a server must not inherit our pipes.
fn run(program: &'static str, command: &mut Command) -> Result<(), TestingError> {
    let log = std::env::temp_dir().join(format!("house-test-{program}-{}.log", std::process::id()));
    let file = File::create(&log).map_err(io_error("creating a log"))?;
    let both = file.try_clone().map_err(io_error("creating a log"))?;
    let status =
        command.stdin(Stdio::null()).stdout(file).stderr(both).status().map_err(io_error("starting a program"))?;
    let said = fs::read_to_string(&log).unwrap_or_default();
    fs::remove_file(&log).map_err(io_error("removing a log"))?;
    if status.success() { Ok(()) } else { Err(TestingError::Program { program, stderr: said }) }
}

fn io_error(doing: &'static str) -> impl Fn(io::Error) -> TestingError {
    move |source| TestingError::Io { doing, source }
}
