//! The test door: the rooms as they are inside, for this crate's own tests,
//! benches and fuzz targets (golden vectors, properties, the transport). No part
//! of the API: what stands here may change with every release.
#![allow(missing_docs, reason = "each room documents itself")]

pub mod cli {
    pub use crate::cli::*;
}
pub mod crypto {
    pub use crate::crypto::*;
}
pub mod http {
    pub use crate::http::*;
}
pub mod identity {
    pub use crate::identity::*;
}
pub mod platform {
    pub use crate::platform::*;
}
pub mod server {
    pub use crate::server::*;
}
pub mod store {
    pub use crate::store::*;
}
pub mod text {
    pub use crate::text::*;
}
pub mod transaction {
    pub use crate::transaction::*;
}
pub mod wallet {
    pub use crate::wallet::*;
}

/// Readers of foreign bytes whose rooms show no part of them.
pub mod readers {
    use serde_json::{Map, Value};

    use crate::client::reply;
    use crate::crypto::brc100::Counterparty;
    use crate::crypto::keys::PublicKey;
    use crate::http::HttpRequest;
    use crate::identity::certificate::{Certificate, CertificateId};
    use crate::oauth::{AuthorizationRequest, Params, UserCode};
    use crate::server::Form;
    use crate::wallet::moving::nedb;
    use crate::wire::brc100::{CertificateArgs, KeyArgs};
    use crate::wire::server_file::ServerFile;
    use crate::wire::{
        Body, ErrorAnswer, access, agent, encrypt, identity, sign, transaction, wallet,
    };

    /// A body of the API: the object, and how many kinds of requests it can be.
    pub fn json_body(bytes: &[u8]) -> Option<(Map<String, Value>, usize)> {
        let body = Body::parse(bytes).ok()?;
        let kinds = [
            access::Auth::read(&body).is_ok_and(|auth| auth.wish.is_ok()),
            body.read::<agent::AskAgent>().is_ok(),
            body.read::<agent::Prove>().is_ok(),
            body.read::<encrypt::Decrypt>().is_ok(),
            encrypt::Encrypt::read(&body).is_ok(),
            body.read::<encrypt::FriendPublicKey>().is_ok(),
            body.read::<identity::NewIdentity>().is_ok(),
            sign::Sign::read(&body).is_ok(),
            body.read::<sign::SignAip>().is_ok(),
            sign::Verify::read(&body).is_ok(),
            body.read::<transaction::FundTransaction>().is_ok(),
            body.read::<transaction::SignTransaction>().is_ok(),
            body.read::<transaction::TransferCoins>().is_ok(),
            body.read::<wallet::Export>().is_ok(),
            wallet::Import::read(&body).is_ok(),
            body.read::<wallet::Login>().is_ok(),
            body.read::<wallet::Register>().is_ok(),
        ];
        let kinds = kinds.into_iter().filter(|is_one| *is_one).count();
        Some((body.into_object(), kinds))
    }

    /// What answers in a server's place, once all of it is there: its status and its
    /// body, and how many kinds of answers that can be.
    pub fn reply(bytes: &[u8]) -> Option<(u16, Vec<u8>, usize)> {
        let (status, body) = reply::parse(bytes).filter(|_| reply::is_complete(bytes))?;
        let kinds = [
            serde_json::from_slice::<agent::Proven>(body).is_ok(),
            serde_json::from_slice::<agent::AgentSession>(body).is_ok(),
            serde_json::from_slice::<wallet::Glance>(body).is_ok(),
            serde_json::from_slice::<ErrorAnswer>(body).is_ok(),
        ];
        let kinds = kinds.into_iter().filter(|is_one| *is_one).count();
        Some((status, body.to_vec(), kinds))
    }

    /// A `server.json`, as it would be written again.
    pub fn server_file(bytes: &[u8]) -> Option<Vec<u8>> {
        Some(ServerFile::parse(bytes)?.to_bytes().to_vec())
    }

    /// Arguments of the BRC-100 interface: how many of the methods' questions they
    /// answer.
    pub fn brc100_arguments(bytes: &[u8]) -> usize {
        let key = serde_json::from_slice::<KeyArgs>(bytes).ok();
        let certificate = serde_json::from_slice::<CertificateArgs>(bytes).ok();
        let of_key = key.map_or(0, |args| {
            let answered = [
                args.key(Counterparty::Own).is_ok(),
                args.half().is_ok() && args.seeks_permission().is_ok(),
                args.is_identity_key().is_ok(),
                args.other_party().is_ok(),
                args.verifier().is_ok(),
            ];
            answered.into_iter().filter(|is_ok| *is_ok).count()
        });
        let of_certificate = certificate.map_or(0, |args| {
            let answered = [
                args.wanted().is_ok(),
                args.id().is_ok(),
                args.proof().is_ok(),
            ];
            answered.into_iter().filter(|is_ok| *is_ok).count()
        });
        of_key + of_certificate
    }

    /// A certificate that is brought complete.
    pub fn certificate(bytes: &[u8], subject: PublicKey) -> Option<(CertificateId, Certificate)> {
        let args: CertificateArgs = serde_json::from_slice(bytes).ok()?;
        args.brought(subject).ok()
    }

    /// A form's fields of these names, as the pages read them.
    pub fn form(bytes: &[u8], names: &[&str]) -> Vec<Option<String>> {
        let mut request = HttpRequest::new("POST", "/");
        request.body = bytes.to_vec().into();
        let form = Form::of(&request);
        names
            .iter()
            .map(|name| form.get(name).map(str::to_owned))
            .collect()
    }

    /// An authorization request: the client's id, where the answer goes, and the
    /// answer.
    pub fn authorization(query: &str) -> Option<[String; 3]> {
        let params = Params::parse(query).ok()?;
        let nobody = |_: &str| Ok::<_, std::convert::Infallible>(None);
        let Ok(read) = AuthorizationRequest::read(&params, nobody, |_| false, true);
        let request = read.ok()?;
        let answer = request
            .redirect
            .with(&[("code", "x"), ("state", request.state.as_deref()?)]);
        Some([
            request.client.id().to_owned(),
            request.redirect.as_str().to_owned(),
            answer,
        ])
    }

    /// A device's code as it was typed, and as it is shown.
    pub fn user_code(typed: &str) -> Option<String> {
        UserCode::read(typed).map(|code| code.shown())
    }

    /// The documents of a NeDB file, and how many lines could not be read.
    pub fn nedb(text: &str) -> Option<(usize, usize)> {
        let read = nedb::read(text)?;
        Some((read.documents.len(), read.skipped))
    }

    /// The pushes of a script that does nothing else.
    pub fn pushes(script: &[u8]) -> Option<Vec<Vec<u8>>> {
        crate::crypto::pushes::read_pushes(script)
    }

    /// A script that pushes this.
    pub fn push(data: &[u8]) -> Vec<u8> {
        let mut script = Vec::new();
        crate::crypto::pushes::push_data(&mut script, data);
        script
    }
}
