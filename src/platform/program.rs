//! Where this program is.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

/// The path by which this program is found: its name in one of the folders of
/// `PATH`, if that leads here, since such a link stays where it is when what it
/// leads to is replaced (as with Homebrew and Nix); else the file itself.
pub fn path() -> io::Result<PathBuf> {
    let this = env::current_exe()?;
    let found = env::var_os("PATH")
        .zip(this.file_name())
        .and_then(|(path, name)| leading_to(&this, env::split_paths(&path), name.as_ref()));
    Ok(found.unwrap_or(this))
}

/// The first of the names in these folders that leads to a file.
fn leading_to(
    file: &Path,
    mut folders: impl Iterator<Item = PathBuf>,
    name: &Path,
) -> Option<PathBuf> {
    let file = file.canonicalize().ok()?;
    folders.find_map(|folder| {
        let path = folder.join(name);
        let leads_here = path.is_absolute() && path.canonicalize().is_ok_and(|path| path == file);
        leads_here.then_some(path)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_search_path_comes_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let [bin, versioned] = ["bin", "1.0"].map(|name| folder.path().join(name));
        for folder in [&bin, &versioned] {
            std::fs::create_dir(folder).unwrap();
        }
        let file = versioned.join("program");
        std::fs::write(&file, "").unwrap();
        let found = |folders: &[&PathBuf]| {
            let folders = folders.iter().map(|folder| (*folder).clone());
            leading_to(&file, folders, Path::new("program"))
        };
        assert_eq!(found(&[&bin]), None);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&file, bin.join("program")).unwrap();
            assert_eq!(found(&[&bin, &versioned]), Some(bin.join("program")));
        }
        assert_eq!(found(&[&versioned, &bin]), Some(file.clone()));
    }
}
