//! Moving in from TokenPass Desktop: its folder on disk.
//!
//! The folder is only read. When it is the home itself, its files are moved
//! to a dated subfolder before ours take their names; a move that was
//! interrupted is taken up where it stopped, because a file that is not in the
//! folder any more is looked for in the newest such subfolder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::desktop::{DesktopFiles, DesktopForm, DesktopWallet, MAX_FILE_LEN};
use super::draft::Draft;
use crate::crypto::secret::Password;
use crate::platform::files;
use crate::text::excerpt;
use crate::wallet::{Timestamp, WalletError};

const NAMES: [&str; 4] = ["backup.bep", "seed.db", "keys.db", "state.db"];

/// What the subfolder's name starts with; the date follows.
const ASIDE: &str = "tokenpass-desktop-";

/// The folder, read.
pub(in crate::wallet) struct DesktopFolder {
    path: PathBuf,
    /// As [`NAMES`]; and whether the file lies in the folder itself.
    files: [Option<(Vec<u8>, bool)>; 4],
}

impl DesktopFolder {
    pub(in crate::wallet) fn read(path: &Path) -> Result<Self, WalletError> {
        let failed = |path: &Path, cause| WalletError::File {
            path: path.to_owned(),
            cause,
        };
        let aside = newest_aside(path).map_err(|cause| failed(path, cause))?;
        let mut found = [const { None }; 4];
        for (name, found) in NAMES.iter().zip(&mut found) {
            let here = path.join(name);
            *found = read_bounded(&here)
                .map_err(|cause| failed(&here, cause))?
                // One of our own databases, not theirs.
                .filter(|content| !content.starts_with(b"SQLite format 3\0"))
                .map(|content| (content, true));
            if let (None, Some(aside)) = (&found, &aside) {
                let there = aside.join(name);
                *found = read_bounded(&there)
                    .map_err(|cause| failed(&there, cause))?
                    .map(|content| (content, false));
            }
        }
        Ok(Self {
            path: path.to_owned(),
            files: found,
        })
    }

    pub(in crate::wallet) fn draft(&self, password: &Password) -> Result<Draft, WalletError> {
        let [backup, seed, keys, state] =
            [0, 1, 2, 3].map(|n: usize| self.files[n].as_ref().map(|(content, _)| &content[..]));
        let files = DesktopFiles {
            backup,
            seed,
            keys,
            state,
        };
        let wallet = DesktopWallet::read(files, password)?;
        let mut draft = Draft::of_restored(wallet.restored)?;
        draft.notes.push(
            "access tokens were not taken over, since they were stored unencrypted: \
             each app asks for a new one"
                .into(),
        );
        if wallet.form == DesktopForm::LegacySeed {
            draft.notes.push(
                "this folder is of 2023, when keys were derived in another way: \
                 hosts have new addresses here"
                    .into(),
            );
        }
        for host in wallet.changed_hosts {
            let host = excerpt(&host, 80);
            draft
                .notes
                .push(format!("the host `{host}` has a new address here"));
        }
        if wallet.skipped_lines > 0 {
            draft.notes.push(format!(
                "{} damaged lines of its files were skipped",
                wallet.skipped_lines
            ));
        }
        Ok(draft)
    }

    /// If the folder is the home, moves its files out of the way of ours.
    pub(in crate::wallet) fn clear_the_way(
        &self,
        home: &Path,
        now: Timestamp,
    ) -> Result<(), WalletError> {
        let same = match (fs::canonicalize(&self.path), fs::canonicalize(home)) {
            (Ok(folder), Ok(home)) => folder == home,
            _ => false,
        };
        if !same {
            return Ok(());
        }
        let failed = |cause| WalletError::File {
            path: self.path.clone(),
            cause,
        };
        // Theirs may be open to others; ours never is.
        files::make_private_dir(home).map_err(failed)?;
        let aside = home.join(format!("{ASIDE}{}", now.for_file_name()));
        let there = NAMES.iter().zip(&self.files);
        for (name, _) in there.filter(|(_, file)| matches!(file, Some((_, true)))) {
            files::create_private_dir(&aside).map_err(failed)?;
            fs::rename(home.join(name), aside.join(name)).map_err(failed)?;
        }
        Ok(())
    }
}

fn newest_aside(folder: &Path) -> io::Result<Option<PathBuf>> {
    let mut newest = None;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // The dates in the names are in the order of time.
        if name.to_string_lossy().starts_with(ASIDE) {
            newest = newest.max(Some(entry.path()));
        }
    }
    Ok(newest)
}

fn read_bounded(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut content = Vec::new();
    // One byte more than allowed, so that the reader of the content notices.
    file.take(MAX_FILE_LEN as u64 + 1)
        .read_to_end(&mut content)?;
    Ok(Some(content))
}
