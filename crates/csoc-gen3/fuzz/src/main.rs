//! Fuzzing without a fuzzer: `csoc-gen3-fuzz yaml 60` damages seeds for 60 seconds and runs what comes out.
//! An input that panics is written to `crash-<target>` in the current folder before the program ends.

use std::process::ExitCode;
use std::time::{Duration, Instant};

const YAML: &str = "a: &x {b: [1, on, ~]}\nc: *x\n<<: *x\nd: |-\n  text\n  more\n'e': \"\\t\\u00e9\"\n- f\n? g\n: h\n--- !!str\n>\n i\n...\n";
const APPLICATION: &str = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: gen3\nspec:\n  sources:\n  - repoURL: https://example.org/charts.git\n    path: helm/gen3\n    targetRevision: master\n    helm:\n      valueFiles:\n      - $values/prod/data.example.org/values/values.yaml\n      parameters:\n      - {name: a.b, value: '1'}\n  - repoURL: https://example.org/fleet.git\n    targetRevision: main\n    ref: values\n";
const VALUES: &str = "global:\n  hostname: data.example.org\n  aws: {account: 084375550014}\nfence:\n  enabled: true\n  image: {tag: 2026.07}\n";
const MANIFEST: &str =
    "{\"versions\": {\"fence\": \"quay.io/cdis/fence:2026.07\"}, \"global\": {\"hostname\": \"data.example.org\"}}";

fn seeds(target: &str) -> Vec<Vec<u8>> {
    if target == "yaml" {
        return [YAML, APPLICATION, VALUES, MANIFEST].map(|seed| seed.as_bytes().to_vec()).to_vec();
    }
    let repository = [
        (0u8, APPLICATION),
        (2, VALUES),
        (5, VALUES),
        (7, MANIFEST),
        (10, APPLICATION),
        (11, "* @team\n/prod/ @a @b\n"),
    ];
    vec![repository.iter().flat_map(|(path, text)| [&[*path], text.as_bytes(), &[0xff]].concat()).collect()]
}

/// xorshift64*
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }
}

const PIECES: &[&[u8]] = &[
    b" ",
    b"\n",
    b"\t",
    b": ",
    b"- ",
    b"#",
    b"'",
    b"\"",
    b"[",
    b"]",
    b"{",
    b"}",
    b", ",
    b"&a ",
    b"*a",
    b"!",
    b"!!int ",
    b"|\n",
    b">-\n",
    b"\\",
    b"? ",
    b"%",
    b"\xc2\x85",
    b"\xef\xbb\xbf",
    b"\x00",
    b"\x80",
    b"---\n",
    b"...\n",
    b"<<: ",
    b"~",
    b"0x",
    b"1e9",
    b"{{ .x }}",
    b"..",
    b"/",
    b"$values/",
    b"*",
];

fn damage(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let to = (at + random.below(16)).min(bytes.len());
        match random.below(4) {
            0 => _ = bytes.drain(at..to),
            1 => _ = bytes.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied()),
            2 => {
                let piece = bytes[at..to].to_vec();
                let into = random.below(bytes.len() + 1);
                bytes.splice(into..into, piece);
            }
            _ if at < bytes.len() => bytes[at] = random.below(256) as u8,
            _ => {}
        }
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().unwrap_or_default();
    let run: fn(&[u8]) = match target.as_str() {
        "yaml" => csoc_gen3_fuzz::yaml,
        "layouts" => csoc_gen3_fuzz::layouts,
        _ => {
            eprintln!("usage: csoc-gen3-fuzz yaml|layouts [SECONDS [SEED]]");
            return ExitCode::from(2);
        }
    };
    let mut number = |default: u64| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (limit, seed) = (Duration::from_secs(number(10)), number(1));
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut pool = seeds(&target);
    let (started, mut runs, mut slowest) = (Instant::now(), 0u64, Duration::ZERO);
    while started.elapsed() < limit {
        let mut bytes = pool[random.below(pool.len())].clone();
        damage(&mut random, &mut bytes);
        let before = Instant::now();
        if std::panic::catch_unwind(|| run(&bytes)).is_err() {
            let name = format!("crash-{target}");
            eprintln!("panicked; the input is in {name} ({:?})", std::fs::write(&name, &bytes));
            return ExitCode::FAILURE;
        }
        slowest = slowest.max(before.elapsed());
        runs += 1;
        // Damage grows upon damage, within bounds.
        if bytes.len() < 20_000 && random.below(50) == 0 {
            let place = random.below(pool.len() + 1).min(200);
            if place < pool.len() && pool.len() > 100 { pool[place] = bytes } else { pool.push(bytes) }
        }
    }
    println!("{runs} inputs, the slowest took {slowest:?}");
    ExitCode::SUCCESS
}
