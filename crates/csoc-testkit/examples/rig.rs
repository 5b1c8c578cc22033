//! `make rig`: one cluster, until Ctrl-C.

use csoc_testkit::rig::Rig;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rig = Rig::try_start()?;
    rig.install_crds()?;
    println!("export KUBECONFIG={}", rig.kubeconfig().display());
    println!("# {} is ready; kubectl and helm of the same versions are in $CSOC_RIG_BIN", rig.url());
    println!("export PATH={}:$PATH", std::env::var("CSOC_RIG_BIN").unwrap_or_default());
    println!("# Ctrl-C stops it and removes everything.");
    tokio::signal::ctrl_c().await?;
    rig.stop();
    Ok(())
}
