// Made-up data in the shapes of the API. The names are invented; times are relative to now.
const now = Date.now();
const ago = (hours) => new Date(now - hours * 3_600_000).toISOString();
const id = (kind, n) => `00000000-0000-7000-${kind.toString(16).padStart(4, "0")}-${n.toString(16).padStart(12, "0")}`;
const pick = (list, n) => list[n % list.length];

const ORG = { id: id(1, 1), name: "Example Research" };
const SERVICES = ["fence", "indexd", "sheepdog", "peregrine", "arborist", "portal", "revproxy", "guppy", "metadata", "audit", "hatchery", "manifestservice", "wts", "ambassador", "requestor", "sower", "ssjdispatcher", "etl", "gen3-user-data-library", "frontend-framework", "cohort-middleware", "argo-wrapper", "aws-es-proxy", "cedar", "dicom-server", "orthanc", "access-backend", "embedding-service", "ohdsi-webapi", "gen3-workflow"];
const TOPICS = ["heart", "lung", "brain", "cancer", "genomes", "imaging", "covid", "kidney", "diabetes", "opioid", "aging", "rare-disease", "veterans", "microbiome", "environment", "children", "blood", "vision", "pain", "sleep"];
const RELEASES = ["2026.08", "2026.07", "2026.06", "2026.05", "2026.04", "2026.02", "2025.11"];

function commons(count) {
  return Array.from({ length: count }, (_, i) => {
    const topic = pick(TOPICS, Math.floor(i / 2));
    const tier = i % 9 === 8 ? "dev" : i % 2 ? "staging" : "production";
    const round = Math.floor(i / 40);
    const host = `${tier === "production" ? "" : `${tier}.`}${topic}${round ? String(round) : ""}.example.org`;
    const behind = pick([0, 1, 1, 0, 2, 3, 1, 0, 5, 8], i);
    const config = i % 11 === 3 ? "needs_work" : i % 17 === 5 ? "unreadable" : i % 23 === 7 ? "maintenance" : "in_order";
    return {
      id: id(2, i), organization: ORG.id, organization_name: ORG.name, name: host, hostname: host, tier, management: "managed", programme: pick(["Alpha", "Beta"], i),
      twin: tier === "dev" ? null : { id: id(2, i % 2 ? i - 1 : i + 1), name: `${i % 2 ? "" : "staging."}${topic}.example.org`, tier: i % 2 ? "production" : "staging" },
      cluster: { id: id(3, Math.floor(i / 3)), name: `${topic}${tier === "production" ? "prod" : "stage"}` },
      state: { health: "unknown", config, reasons: config === "needs_work" ? ["hatchery sends staging users to the production portal", "fence is 3 releases behind (2026.04, newest 2026.07)"] : config === "unreadable" ? ["app.yaml:12 is a template that cannot be read"] : [], freshness: "none", as_of: ago(0.01) },
      release: pick(RELEASES, behind), pins: i % 4, behind, services_enabled: 14 + (i % 14), findings: { critical: i % 13 === 3 ? 1 : 0, high: i % 5 === 3 ? 2 : 0, medium: i % 4, low: (i * 3) % 7, info: 0 },
      last_change_at: ago(i * 7 + 2), last_change_title: pick(["bump to 2026.07", "guppy memory 2Gi to 4Gi", "add the new dictionary", "turn on requestor"], i), owners: ["ana", "li"].slice(0, 1 + (i % 2)),
      seen_at: ago(0.004), source: id(5, 1), folder: `${topic}/${host}`,
    };
  });
}

const ref = (row) => ({ id: row.id, name: row.name, tier: row.tier });
const tagOf = (i, j) => {
  if ((i * 7 + j * 3) % 10 < (j > 14 ? 6 : j > 8 ? 2 : 0)) return null;
  const lag = (i * 5 + j) % 13 === 0 ? 6 : (i + j) % 7 === 0 ? 3 : pick([0, 1, 1, 0, 2], i);
  if ((i + j * 2) % 29 === 0) return { tag: "feat_new-login", class: "feature", pin: true };
  if (j > 16 && j % 3 === 0) return { tag: pick(["1.4.2", "2.0.11", "0.9.0"], i), class: "semver" };
  return { tag: pick(RELEASES, lag), class: "monthly", lag, pin: lag > 3, assumed: (i + j) % 11 === 0, differs: (i + j) % 17 === 0 };
};

function matrix(rows) {
  const cells = rows.map((_, i) => SERVICES.map((_, j) => tagOf(i, j)));
  return {
    newest: "2026.08", unreadable: rows.filter((row) => row.state.config === "unreadable").map(ref),
    columns: SERVICES.map((service, j) => {
      const counts = new Map();
      for (const row of cells) if (row[j]) counts.set(row[j].tag, (counts.get(row[j].tag) ?? 0) + 1);
      return { service, group: "core", on: cells.filter((row) => row[j]).length, newest: j > 16 && j % 3 === 0 ? null : "2026.08", follows_release: true, tags: [...counts].map(([tag, count]) => ({ tag, count })).sort((a, b) => b.count - a.count) };
    }),
    rows: rows.map((row, i) => ({ commons: row.id, name: row.name, organization: ORG.id, tier: row.tier, cluster: row.cluster.name, release: row.release, behind: row.behind, cells: cells[i] })).sort((a, b) => a.tier.localeCompare(b.tier)),
  };
}

const change = (rows, n) => ({
  id: id(6, n), organization: ORG.id, source: id(5, 1), source_name: "gitops", commit: (0xc748297aa + n * 7919).toString(16).padEnd(40, "0"), time: ago(n * 9 + 1), author: pick(["ana", "li", "maria-elena"], n), authors: [pick(["ana", "li", "maria-elena"], n)],
  title: pick(["chore: bump fence and friends", "Update values.yaml", "guppy needs more memory", "Merge branch 'stable'"], n), pull_request: 2300 - n, class: pick(["version_bump", "infra", "portal", "workspaces"], n),
  summary: pick(["fence 2026.06 → 2026.07", "guppy memory 2Gi → 4Gi", "revproxy on", "dictionary 4.2.0 → 4.3.1"], n), commons: rows.slice(n % 7, (n % 7) + 1 + (n % 3) * 6).map(ref), clusters: [], files: 3, items: 4 + n % 9, undoes: null, undone_by: n % 12 === 5 ? id(6, 0) : null, chart: n % 10 === 4, commit_url: null, pull_request_url: "https://git.example.org/pull/1",
});
const finding = (rows, n) => ({
  id: id(7, n), rule: pick(["mangled-number", "cross-tier-reference", "moving-tag", "duplicate-key", "unused-file"], n), rule_title: pick(["A number that Helm mangles", "A reference to another tier", "A moving tag in production", "A key stated twice", "A file that nothing reads"], n),
  severity: pick(["critical", "high", "medium", "low", "medium", "info"], n), organization: ORG.id, organization_name: ORG.name, commons: ref(pick(rows, n)), cluster: null, source: id(5, 1), path: `${pick(rows, n).folder}/values.yaml`, line: 71 + n, column: 9,
  message: pick(["account 012345678901 becomes 1.2345678901e+10 in an IAM role", "hatchery sends staging users to heart.example.org", "portal runs the moving tag master", "arborist.replicaCount is stated twice; the last one wins", "extra.yaml is read by no Application"], n),
  help: "Put it in quotes.", state: "open", first_seen_at: ago(n * 50 + 70), last_seen_at: ago(0.1), resolved_at: null, reopened: 0, waiver: null, file_url: "https://git.example.org/values.yaml#L71",
});

const ALL = ["fleet:read", "config:read", "finding:read", "finding:waive", "commons:edit", "source:read", "source:fetch", "source:edit", "people:read", "people:edit", "organization:edit", "audit:read", "settings:edit"];
const ME = { person: id(9, 1), name: "ana", display_name: "Ana Ruiz", credential: "session", roles: [{ role: "admin" }], permissions: ALL, organizations: [{ id: ORG.id, name: ORG.name, permissions: ALL }], csrf: "x", must_change_password: false };
const problem = (status, code, title, detail) => ({ status, body: { type: `about:blank#${code}`, code, title, status, detail, errors: [], request_id: "01jd8x2k7m" } });
const page = (items, search) => {
  const from = Number(search.get("cursor") ?? 0);
  const to = from + Number(search.get("limit") ?? 100);
  return { items: items.slice(from, to), total: items.length, next: to < items.length ? String(to) : null };
};
const range = (n, make) => Array.from({ length: n }, (_, i) => make(i));

export function answer(method, path, search, mode) {
  if (path === "/session" || path === "/setup") return { status: 200, body: path === "/setup" ? { needed: mode === "new", version: "0.1.0" } : ME };
  if (mode === "failing") return problem(503, "not_ready", "The fleet is not loaded", "The last snapshot could not be read and the first fetch is still running. Try again in a minute; csoc doctor says what is wrong.");
  if (method !== "GET") return { status: 200, body: { waived: 2, refused: [] } };
  const rows = mode === "nothing" ? [] : commons(mode === "many" ? 500 : 40);
  const clusters = range(Math.ceil(rows.length / 3), (i) => ({ id: id(3, i), organization: ORG.id, organization_name: ORG.name, name: rows[i * 3].cluster.name, stated_name: null, project: null, account: "012345678901", node_image: "amazon-eks-node-1.33-v20260701", kubernetes: pick(["1.33", "1.32", null], i), add_ons_enabled: 12, commons: 3, findings: rows[i].findings, link: "none", last_change_at: ago(i * 20), folder: rows[i * 3].cluster.name, seen_at: ago(0.1) }));
  const changes = rows.length ? range(300, (n) => change(rows, n)) : [];
  const findings = rows.length ? range(140, (n) => finding(rows, n)) : [];
  const ok = (body) => ({ status: 200, body });
  const [, first, second, third] = path.split("/");
  switch (first) {
    case "now": return ok({ sentence: rows.length ? `live state of ${rows.length} commons unknown (no agent) · files: ${rows.filter((r) => r.state.config === "in_order").length} in order, ${rows.filter((r) => r.state.config === "needs_work").length} need work` : "no commons yet", as_of: ago(0), sources: rows.length ? [{ id: id(5, 1), name: "gitops", branch: "main", phase: "ready", head: "c748297aa00000", fetched_at: ago(0.004), error: null }] : [], needs_you: findings.slice(0, 12).map((f) => ({ kind: "finding", id: f.id, severity: f.severity, subject: f.commons.name, subject_commons: f.commons.id, text: f.message, place: `${f.path}:${f.line}`, since: f.first_seen_at })), needs_you_total: findings.length ? 23 : 0, tiers: ["production", "staging", "qa", "dev"].map((tier) => ({ tier, tiles: rows.filter((r) => r.tier === tier).map((r) => ({ id: r.id, name: r.name, state: r.state, release: r.release, behind: r.behind, worst_finding: null })), median_behind: 1 })).filter((t) => t.tiles.length), newest_release: rows.length ? "2026.08" : null, median_behind: 1, changes: changes.slice(0, 14), changes_total: 14, changes_hours: 168, findings: { critical: 2, high: 9, medium: 40, low: 50, info: 0 }, commons: rows.length, clusters: clusters.length });
    case "commons":
      if (!second) return ok(page(rows, search));
      if (third === "values") return ok({ commons: second, commit: "c748297", against: search.get("against"), layers: [{ index: 0, kind: "file", path: "heart/cluster-values/cluster-values.yaml" }, { index: 1, kind: "file", path: "heart/heart.example.org/values.yaml" }], rows: range(400, (n) => ({ path: `${pick(SERVICES, Math.floor(n / 14))}.${n % 14 < 4 ? "image." : n % 14 < 8 ? "resources.limits." : ""}${pick(["repository", "tag", "pullPolicy", "digest", "cpu", "memory", "storage", "gpu", "enabled", "replicas", "password", "annotations", "hostname", "accountId"], n)}`, value: n % 14 === 10 ? null : pick(["quay.io/example/fence", "2026.07", "Always", "", "1.0", "512Mi", "10Gi", "0", "true", "2", null, "{}", "heart.example.org", "1.2345678901e+10"], n), type: pick(["string", "string", "string", "string", "string", "string", "string", "number", "boolean", "number", "string", "map", "string", "number"], n), written: n % 14 === 13 ? "012345678901" : null, secret: n % 14 === 10, digest: n % 14 === 10 ? "ab" : null, origin: { layer: n % 3 ? 1 : 0, path: n % 3 ? "heart/heart.example.org/values.yaml" : "heart/cluster-values/cluster-values.yaml", line: 10 + n, column: 3 }, overrode: n % 5 ? [] : [{ layer: 0, path: "heart/cluster-values/cluster-values.yaml", line: 4, value: "2026.05" }], other: search.get("against") && n % 6 === 0 ? "2026.06" : null, other_origin: null, difference: search.get("against") ? (n % 6 === 0 ? "changed" : "same") : null, findings: n % 14 === 13 ? [id(7, 0)] : [], cut: false })), total: 400, complete: false, note: null });
      { const row = rows.find((r) => r.id === second); if (!row) return problem(404, "not_found", "Not found", "There is no such commons, or it belongs to an organization you may not see.");
        return ok({ commons: row, namespace: "default", application: "gen3", release_name: "gen3", account: { value: "012345678901", path: `${row.folder}/values.yaml`, line: 12 }, environment: null, chart: { repository: "https://git.example.org/gen3-helm", path: "helm/gen3", revision: "master", revision_kind: "branch", at_hand: false }, value_files: [{ written: "$values/cluster-values.yaml", path: `${row.cluster.name}/cluster-values/cluster-values.yaml`, state: "read", detail: null }, { written: "$values/values.yaml", path: `${row.folder}/values.yaml`, state: "read", detail: null }, { written: "extra.yaml", path: null, state: "missing", detail: "not there" }], tier_why: "its hostname begins with nothing of staging", twin_why: "same name", corrected: [], services: SERVICES.map((service, j) => { const cell = tagOf(3, j); return { commons: row.name, commons_id: row.id, cluster: row.cluster.name, tier: row.tier, service, enabled: cell !== null, reason: cell ? "on: values.yaml says enabled: true" : "off: the chart’s default", image: `quay.io/example/${service}`, tag: cell?.tag ?? null, tag_class: cell?.class ?? null, origin: cell?.assumed ? "assumed" : "explicit", path: `${row.folder}/values.yaml`, line: 20 + j, behind: cell?.lag ?? null, pin: cell?.pin ?? false, twin_tag: j % 5 === 0 ? "2026.08" : null, component: null }; }), claims: [], first_seen_at: ago(9000), gone_at: null, commit: "c748297aa000", file_url_prefix: "https://git.example.org/blob/c748297/" }); }
    case "conflicts": return ok([]);
    case "clusters":
      if (!second) return ok(page(clusters, search));
      return ok({ cluster: clusters.find((c) => c.id === second), project: null, account: null, node_image: null, add_ons: range(18, (n) => ({ name: pick(["alb-controller", "karpenter", "prometheus", "loki", "argo-rollouts", "cert-manager", "external-secrets", "kyverno", "velero"], n) + (n > 8 ? "-2" : ""), enabled: n % 4 !== 3, revision: pick(["1.9.2", "1.8.0", null], n), baseline: "1.9.2", baseline_share: "9 of 14", configured: true, file: "cluster-values.yaml", path: null, line: n + 4 })), commons: rows.slice(0, 3), values_path: "a/cluster-values.yaml", file_url_prefix: null, commit: "c748297" });
    case "releases": return ok({ newest: rows.length ? "2026.08" : null, newest_why: "11 production commons run it", releases: rows.length ? [{ release: "2026.09", state: "upcoming", sources: ["tags"], since: ago(20), commons: 0 }, ...RELEASES.map((release) => ({ release, state: "released", sources: ["fleet"], since: ago(900), commons: rows.filter((r) => r.release === release).length }))] : [] });
    case "matrix": return second ? ok({ commons: ref(rows[0]), service: search.get("service"), steps: range(6, (n) => ({ at: ago(n * 700), tag: pick(RELEASES, n), change: id(6, n), commit: "c748297", author: "ana", title: "bump everything to the new release", pull_request: 2300 - n })), same_tag: rows.slice(4, 12).map(ref) }) : ok(matrix(rows));
    case "rollouts": {
      const all = rows.length ? range(14, (n) => ({ id: `r${n}`, kind: n % 3 ? "service" : "release", service: n % 3 ? pick(SERVICES, n) : null, tag: pick(RELEASES, n), commons: 30 - n, of: 40, first_at: ago(900 + n * 300), half_at: ago(700 + n * 300), last_at: ago(400 + n * 300), missing: rows.slice(n, n + 5).map(ref), people: ["ana", "li"], landings: 7, course: range(12, (k) => ({ at: ago(900 + n * 300 - k * 40), commons: Math.min(30 - n, k * 3) })), done: n > 2 })) : [];
      return second ? ok({ rollout: all[0], steps: rows.slice(0, 9).map((r, n) => ({ commons: ref(r), at: ago(900 - n * 40), change: id(6, n), commit: "c748297", author: "ana", pull_request: 2200 + n, before: "2026.06" })) }) : ok(page(all, search));
    }
    case "changes": {
      if (!second) return ok(page(changes, search));
      const one = changes.find((c) => c.id === second) ?? changes[0];
      return ok({ change: one, body: "Needed for the new login.", files: [{ path: "heart/heart.example.org/values.yaml", change: "modified" }], items: one.commons.map((c) => ({ commons: c, cluster: null, service: "fence", kind: "version", path: "fence.image.tag", before: "2026.06", after: "2026.07", secret: false, file: "heart/heart.example.org/values.yaml", line: 41 })), cut: false });
    }
    case "findings": {
      if (!second) return ok(page(findings, search));
      const one = findings.find((f) => f.id === second) ?? findings[0];
      return ok({ finding: one, why: "Helm reads a bare number as floating point; a template that prints it writes 1.2345678901e+10, and the role does not exist.", excerpt: range(7, (n) => ({ line: one.line - 3 + n, text: n === 3 ? "      accountId: 012345678901" : "      name: heart", found: n === 3 })), introduced_by: id(6, 4), siblings: 6 });
    }
    case "rules": return ok(range(18, (n) => ({ id: pick(["mangled-number", "cross-tier-reference", "moving-tag", "duplicate-key", "unused-file"], n) + (n > 4 ? `-${n}` : ""), title: "A number that Helm mangles", severity: pick(["high", "medium", "low"], n), why: "Because.", help: "Quote it.", needs_chart: n % 4 === 0, open: n * 2, waived: n % 3, not_evaluated: n % 4 === 0 ? ["12 commons: their chart is not at hand"] : [] })));
    case "audit": return second === "verify" ? ok({ ok: true, rows: 214, checkpoints: 3, last_checkpoint_at: ago(1), problems: [], took_ms: 4 }) : ok(page(range(214, (n) => ({ seq: 214 - n, time: ago(n * 2), actor: pick(["ana", "li", "system"], n), actor_id: null, credential: pick(["session", "token"], n), address: "203.0.113.7", request_id: "01jd8x2k7m", action: pick(["finding.waive", "source.fetch", "session.create", "people.create"], n), object_kind: pick(["finding", "source", "session", "person"], n), object_id: id(7, n), object_name: pick(["mangled-number", "gitops", null, "li"], n), organization: ORG.id, result: n % 11 === 4 ? "refused" : "ok", detail: { reason: "known" }, hash: "a".repeat(64) })), search));
    case "sources": return ok(mode === "nothing" ? [] : range(2, (n) => ({ id: id(5, n + 1), organization: ORG.id, organization_name: ORG.name, name: pick(["gitops", "charts"], n), kind: pick(["fleet", "chart"], n), location: `https://git.example.org/${pick(["gitops", "gen3-helm"], n)}.git`, branch: "main", aliases: [], auth: "token", interval_seconds: 60, paused: false, layouts: [{ layout: "gen3-gitops folders", root: "", reason: "31 folders hold a cluster-values folder" }], state: { phase: n ? "failing" : "ready", progress: null, head: "c748297aa000", head_time: ago(3), head_title: "bump fence", fetched_at: ago(n ? 5 : 0.01), attempted_at: ago(0.01), error: n ? "The token was refused: give this source a new one." : null, landings: 570, unread: [{ path: "a/app.yaml", line: 12, reason: "a template" }] }, commons: n ? 0 : 40, clusters: 14, webhook_configured: false, created_at: ago(3000) })));
    case "people": return ok([{ id: id(9, 1), name: "ana", display_name: "Ana Ruiz", disabled: false, created_at: ago(5000), last_seen_at: ago(0.01), roles: [{ id: id(9, 5), role: "admin", organization: null, organization_name: null }], sessions: 2, tokens: 1 }]);
    case "organizations": return ok([{ ...ORG, created_at: ago(5000), commons: rows.length, clusters: clusters.length, sources: 2, people: 3 }]);
    case "tokens": return ok([]);
    case "views": return ok([]);
    case "me": return ok([{ id: id(9, 7), created_at: ago(20), last_seen_at: ago(0.01), expires_at: ago(-100), user_agent: "Chromium 156 on Linux", address: "203.0.113.7", current: true }]);
    case "settings": return ok({ environment_paths: ["global.hostname", "**.accountId"], environment_paths_default: ["global.hostname"], session_hours: 12, audit_keep_days: 365 });
    case "about": return ok({ version: "0.1.0", started_at: ago(30), store: "sqlite", commons: rows.length, memory_bytes: 91_000_000 });
    case "search": return ok(rows.slice(0, 5).map((r) => ({ kind: "commons", id: r.id, title: r.name, detail: r.tier, href: `/commons/${r.id}` })));
    case "diff": return ok({ left: { commons: rows[0].id, name: rows[0].name, commit: "c748297", time: ago(2) }, right: { commons: rows[1].id, name: rows[1].name, commit: "c748297", time: ago(2) }, rows: range(40, (n) => ({ service: pick(SERVICES, Math.floor(n / 6)), path: `${pick(SERVICES, Math.floor(n / 6))}.setting${n}`, left: n % 7 === 2 ? null : "2026.06", right: "2026.07", difference: n % 7 === 2 ? "added" : "changed", left_at: { layer: 0, path: "a/values.yaml", line: 3, column: 1 }, right_at: null, secret: n % 9 === 4 })), ignored: 12, ignored_patterns: ["global.hostname"] });
    default: return problem(404, "not_found", "Not found", "There is no such path.");
  }
}
