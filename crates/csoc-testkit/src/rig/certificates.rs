//! The cluster's own authority, what it signed, and a kubeconfig for each who needs one.

use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};

/// Who connects with a certificate, under which name and in which group, and as what file.
const CLIENTS: [(&str, &str, Option<&str>); 5] = [
    ("admin", "admin", Some("system:masters")),
    ("kube-controller-manager", "system:kube-controller-manager", None),
    ("kube-scheduler", "system:kube-scheduler", None),
    // kwok plays every kubelet at once.
    ("kwok", "kwok", Some("system:masters")),
    // The API server, when it asks a kubelet.
    ("kubelet-client", "kube-apiserver-kubelet-client", Some("system:masters")),
];

pub(super) fn write(folder: &Path, url: &str) -> Result<(), String> {
    let ca = authority(folder, "ca")?;
    server(folder, "api", &["127.0.0.1", "localhost", "kubernetes", "kubernetes.default.svc", "10.96.0.1"], &ca)?;
    server(folder, "kubelet", &["127.0.0.1", "localhost"], &ca)?;
    for (file, name, group) in CLIENTS {
        client(folder, file, name, group, &ca)?;
        let user = serde_json::json!({
            "client-certificate": folder.join(format!("{file}.crt")),
            "client-key": folder.join(format!("{file}.key")),
        });
        write_kubeconfig(&folder.join(format!("{file}.kubeconfig")), url, &folder.join("ca.crt"), &user)?;
    }
    let front = authority(folder, "front-proxy-ca")?;
    client(folder, "front-proxy-client", "front-proxy-client", None, &front)?;
    let tokens = KeyPair::generate().map_err(|e| e.to_string())?;
    put(folder, "service-accounts.key", &tokens.serialize_pem())?;
    put(folder, "service-accounts.pub", &tokens.public_key_pem())
}

/// JSON, which every reader of kubeconfigs takes as YAML.
pub(super) fn write_kubeconfig(path: &Path, url: &str, ca: &Path, user: &serde_json::Value) -> Result<(), String> {
    let text = serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{ "name": "rig", "cluster": { "server": url, "certificate-authority": ca } }],
        "users": [{ "name": "rig", "user": user }],
        "contexts": [{ "name": "rig", "context": { "cluster": "rig", "user": "rig" } }],
        "current-context": "rig",
    });
    std::fs::write(path, text.to_string()).map_err(|e| format!("{}: {e}", path.display()))
}

fn authority(folder: &Path, name: &str) -> Result<Issuer<'static, KeyPair>, String> {
    let key = KeyPair::generate().map_err(|e| e.to_string())?;
    let mut params = named(name, None);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    let certificate = params.self_signed(&key).map_err(|e| e.to_string())?;
    put(folder, &format!("{name}.crt"), &certificate.pem())?;
    put(folder, &format!("{name}.key"), &key.serialize_pem())?;
    Ok(Issuer::new(params, key))
}

fn server(folder: &Path, name: &str, names: &[&str], ca: &Issuer<'_, KeyPair>) -> Result<(), String> {
    let names = names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let mut params = CertificateParams::new(names).map_err(|e| e.to_string())?;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    sign(folder, name, params, ca)
}

fn client(folder: &Path, file: &str, name: &str, group: Option<&str>, ca: &Issuer<'_, KeyPair>) -> Result<(), String> {
    let mut params = named(name, group);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    sign(folder, file, params, ca)
}

fn named(name: &str, group: Option<&str>) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    if let Some(group) = group {
        params.distinguished_name.push(DnType::OrganizationName, group);
    }
    params
}

fn sign(folder: &Path, name: &str, params: CertificateParams, ca: &Issuer<'_, KeyPair>) -> Result<(), String> {
    let key = KeyPair::generate().map_err(|e| e.to_string())?;
    let certificate = params.signed_by(&key, ca).map_err(|e| e.to_string())?;
    put(folder, &format!("{name}.crt"), &certificate.pem())?;
    put(folder, &format!("{name}.key"), &key.serialize_pem())
}

fn put(folder: &Path, name: &str, text: &str) -> Result<(), String> {
    std::fs::write(folder.join(name), text).map_err(|e| format!("{name}: {e}"))
}
