//! The unprivileged user a server runs as when root starts it.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::{Error, Result};

/// Who a server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// Whoever started it.
    Own,
    /// Another user, because the starter is root and `initdb` refuses root.
    Other {
        /// The user's number.
        uid: u32,
        /// The number of the user's group.
        gid: u32,
    },
}

impl Account {
    /// Chooses the account for a server whose files lie in `directory`, which this process has
    /// just made: its owner tells who the process is.
    pub(crate) fn choose(directory: &Path) -> Result<Account> {
        let metadata = fs::metadata(directory).map_err(Error::io(directory))?;
        if metadata.uid() != 0 {
            return Ok(Account::Own);
        }
        let passwd = fs::read_to_string("/etc/passwd").map_err(Error::io("/etc/passwd"))?;
        unprivileged(&passwd).ok_or(Error::NoUnprivilegedUser)
    }

    /// A command that runs `program` as this account.
    pub(crate) fn command(self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        if let Account::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Gives `path` to this account.
    pub(crate) fn own(self, path: &Path) -> Result<()> {
        match self {
            Account::Own => Ok(()),
            Account::Other { uid, gid } => {
                chown(path, Some(uid), Some(gid)).map_err(Error::io(path))
            }
        }
    }
}

/// `postgres`, else `nobody`, among the lines of /etc/passwd.
fn unprivileged(passwd: &str) -> Option<Account> {
    ["postgres", "nobody"].iter().find_map(|name| {
        let mut fields = passwd
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?
            .split(':');
        let _password = fields.next()?;
        let uid = fields.next()?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account::Other { uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_comes_before_nobody() {
        let cases = [
            ("root:x:0:0:root:/root:/bin/sh\n", None),
            ("nobody:x:65534:65533::/:/bin/false\n", Some((65534, 65533))),
            (
                "nobody:x:65534:65534::/:\npostgres:x:101:104:,,,:/var:/bin/sh\n",
                Some((101, 104)),
            ),
            ("postgresql:x:7:7::/:\nnobody:x:9:8::/:\n", Some((9, 8))),
        ];
        for (passwd, expected) in cases {
            let expected = expected.map(|(uid, gid)| Account::Other { uid, gid });
            assert_eq!(unprivileged(passwd), expected, "{passwd}");
        }
    }
}
