export interface components {
  schemas: {
    AuditRow: {
      seq: number;
      time: string;
      actor: string;
      actor_id?: string | null;
      /** `session`, `token`, `loopback`, `system`, `none`. */
      credential: string;
      address?: string | null;
      request_id?: string | null;
      /** `source.create`, `session.create`, `finding.waive` ... */
      action: string;
      object_kind: string;
      object_id?: string | null;
      object_name?: string | null;
      organization?: string | null;
      /** `ok`, `refused`, `failed`, `interrupted`. */
      result: string;
      detail: Record<string, never>;
      /** Hex SHA-256 of this row and all before it. */
      hash: string;
    };
    AuditVerification: {
      ok: boolean;
      rows: number;
      checkpoints: number;
      last_checkpoint_at?: string | null;
      /** Sentences: what is wrong and from which row on. */
      problems: string[];
      took_ms: number;
    };
    ChangeRow: {
      id: string;
      organization: string;
      source: string;
      source_name: string;
      commit: string;
      time: string;
      author: string;
      authors: string[];
      title: string;
      pull_request?: number | null;
      /** As in the classification: `version_bump`, `infra`, `workspaces`, `mixed` ... */
      class: string;
      /** One line: `fence 2026.06 → 2026.07`. */
      summary: string;
      commons: components["schemas"]["CommonsRef"][];
      clusters: components["schemas"]["ClusterRef"][];
      files: number;
      items: number;
      /** This landing undoes that one. */
      undoes?: string | null;
      /** That one undid this landing. */
      undone_by?: string | null;
      /** Landed on the chart's branch, not in the fleet's own repository. */
      chart: boolean;
      commit_url?: string | null;
      pull_request_url?: string | null;
    };
    ChangeDetail: {
      change: components["schemas"]["ChangeRow"];
      body: string;
      files: components["schemas"]["FileRow"][];
      items: components["schemas"]["ChangeItemRow"][];
      /** There are more items than are sent. */
      cut: boolean;
    };
    FileRow: {
      path: string;
      /** `added`, `modified`, `deleted`. */
      change: string;
    };
    ChangeItemRow: {
      commons?: components["schemas"]["CommonsRef"] | null;
      cluster?: components["schemas"]["ClusterRef"] | null;
      service?: string | null;
      /** `version`, `service_on`, `service_off`, `value`, `commons_added`, `commons_removed`, `moved` ... */
      kind: string;
      path: string;
      before?: string | null;
      after?: string | null;
      secret: boolean;
      file?: string | null;
      line?: number | null;
    };
    ClusterRow: {
      id: string;
      organization: string;
      organization_name: string;
      name: string;
      stated_name?: string | null;
      project?: string | null;
      account?: string | null;
      node_image?: string | null;
      /** `1.35`, when the node image's name tells. */
      kubernetes?: string | null;
      add_ons_enabled: number;
      commons: number;
      findings: components["schemas"]["SeverityCounts"];
      /** `none` until an agent exists: then `connected`, `stale`, `lost`. */
      link: string;
      last_change_at?: string | null;
      folder: string;
      seen_at: string;
    };
    ClusterDetail: {
      cluster: components["schemas"]["ClusterRow"];
      project?: components["schemas"]["SaidRow"] | null;
      account?: components["schemas"]["SaidRow"] | null;
      node_image?: components["schemas"]["SaidRow"] | null;
      add_ons: components["schemas"]["AddOnRow"][];
      commons: components["schemas"]["CommonsRow"][];
      values_path?: string | null;
      file_url_prefix?: string | null;
      commit: string;
    };
    AddOnRow: {
      name: string;
      enabled: boolean;
      revision?: string | null;
      /** What most clusters of the fleet have. */
      baseline?: string | null;
      baseline_share?: string | null;
      configured: boolean;
      file?: string | null;
      path?: string | null;
      line?: number | null;
    };
    CommonsRow: {
      id: string;
      organization: string;
      organization_name: string;
      /** What people call it: hostname, else folder. */
      name: string;
      hostname?: string | null;
      /** `production`, `staging`, `qa`, `dev`. */
      tier: string;
      /** `managed` or `associated`. */
      management: string;
      programme?: string | null;
      twin?: components["schemas"]["CommonsRef"] | null;
      cluster?: components["schemas"]["ClusterRef"] | null;
      state: components["schemas"]["StateRow"];
      /** Mode of the monthly tags: `2026.07`. */
      release?: string | null;
      /** Services off the mode release. */
      pins: number;
      /** Releases behind the newest; absent when it has no monthly tag. */
      behind?: number | null;
      services_enabled: number;
      findings: components["schemas"]["SeverityCounts"];
      last_change_at?: string | null;
      last_change_title?: string | null;
      owners: string[];
      seen_at: string;
      source: string;
      /** Where it is declared, from the repository's root. */
      folder: string;
    };
    CommonsRef: {
      id: string;
      name: string;
      tier: string;
    };
    ClusterRef: {
      id: string;
      name: string;
    };
    StateRow: {
      /** `healthy`, `progressing`, `degraded`, `down`, `maintenance`, `unknown`. */
      health: string;
      /** What Git tells: `in_order`, `needs_work`, `maintenance`, `unreadable`, `empty`, `gone`, `conflict`. */
      config: string;
      /** Sentences, worst first. */
      reasons: string[];
      /** Age of the evidence: `live`, `stale`, `none`. */
      freshness: string;
      as_of?: string | null;
    };
    CommonsDetail: {
      commons: components["schemas"]["CommonsRow"];
      namespace?: string | null;
      application?: string | null;
      release_name?: string | null;
      account?: components["schemas"]["SaidRow"] | null;
      environment?: components["schemas"]["SaidRow"] | null;
      chart?: components["schemas"]["ChartRow"] | null;
      value_files: components["schemas"]["ValueFileRow"][];
      tier_why: string;
      twin_why?: string | null;
      /** Which attributes a person corrected. */
      corrected: string[];
      services: components["schemas"]["ServiceRow"][];
      claims: components["schemas"]["ClaimRow"][];
      first_seen_at: string;
      gone_at?: string | null;
      /** The source's commit this was read from. */
      commit: string;
      /** Prefix of a link to a file at that commit, when the Git host is known: append `path#Lline`. */
      file_url_prefix?: string | null;
    };
    SaidRow: {
      value: string;
      path?: string | null;
      line?: number | null;
    };
    ChartRow: {
      repository: string;
      path: string;
      revision: string;
      /** `commit`, `version`, `branch`. */
      revision_kind: string;
      /** The chart is at hand: defaults are real, not assumed. */
      at_hand: boolean;
    };
    ValueFileRow: {
      written: string;
      path?: string | null;
      /** `read`, `empty`, `missing`, `missing_ignored`, `foreign`, `unknown_revision`, `broken`, `outside`. */
      state: string;
      detail?: string | null;
    };
    ServiceRow: {
      commons: string;
      commons_id: string;
      cluster?: string | null;
      tier: string;
      service: string;
      enabled: boolean;
      /** A sentence: why it is on or off. */
      reason: string;
      image?: string | null;
      tag?: string | null;
      /** `monthly`, `semver`, `moving`, `feature`, `digest`. */
      tag_class?: string | null;
      /** `explicit`, `chart_default`, `assumed`. */
      origin?: string | null;
      path?: string | null;
      line?: number | null;
      /** Releases behind, where the service follows the monthly tag. */
      behind?: number | null;
      /** Off the commons' mode release. */
      pin: boolean;
      /** What the twin runs, when it differs. */
      twin_tag?: string | null;
      component?: string | null;
    };
    ClaimRow: {
      source: string;
      source_name: string;
      folder: string;
      application?: string | null;
      cluster?: string | null;
      hostname?: string | null;
      first_seen_at: string;
      last_seen_at: string;
      /** `current`, `past`, `conflict`. */
      state: string;
    };
    ConflictRow: {
      id: string;
      organization: string;
      hostname: string;
      candidates: components["schemas"]["ConflictCandidate"][];
      why: string;
      since: string;
    };
    ConflictCandidate: {
      commons: string;
      name: string;
      folder: string;
      cluster?: string | null;
      last_change_at?: string | null;
    };
    ConflictDecision: {
      decision: string;
      keep?: string | null;
      reason: string;
    };
    CommonsPatch: {
      tier?: string | null;
      twin?: string | null;
      management?: string | null;
      programme?: string | null;
      owners?: string[] | null;
    };
    Event: {
      revision: number;
      /** `now`, `commons`, `clusters`, `releases`, `changes`, `findings`, `sources`, `people`, `settings`. */
      topics: string[];
      commons: string[];
      source?: string | null;
    };
    SeverityCounts: {
      critical: number;
      high: number;
      medium: number;
      low: number;
      info: number;
    };
    FindingRow: {
      id: string;
      rule: string;
      rule_title: string;
      /** `critical`, `high`, `medium`, `low`, `info`. */
      severity: string;
      organization: string;
      organization_name: string;
      commons?: components["schemas"]["CommonsRef"] | null;
      cluster?: components["schemas"]["ClusterRef"] | null;
      source: string;
      path: string;
      line: number;
      column: number;
      message: string;
      help: string;
      /** `open`, `waived`, `resolved`. */
      state: string;
      first_seen_at: string;
      last_seen_at: string;
      resolved_at?: string | null;
      reopened: number;
      waiver?: components["schemas"]["WaiverRow"] | null;
      file_url?: string | null;
    };
    WaiverRow: {
      id: string;
      reason: string;
      person: string;
      created_at: string;
      until: string;
    };
    FindingDetail: {
      finding: components["schemas"]["FindingRow"];
      why: string;
      /** Lines around the place, secrets redacted; the found line has `found: true`. */
      excerpt: components["schemas"]["ExcerptLine"][];
      /** Since which landing it is there, when known. */
      introduced_by?: string | null;
      /** The same rule elsewhere. */
      siblings: number;
    };
    ExcerptLine: {
      line: number;
      text: string;
      found: boolean;
    };
    WaiveRequest: {
      findings: string[];
      reason: string;
      until: string;
    };
    WaiveResult: {
      waived: number;
      /** Ids that do not exist (or are not visible), or may not be waived by this person. */
      refused: string[];
    };
    UnwaiveRequest: {
      findings: string[];
    };
    RuleRow: {
      id: string;
      title: string;
      severity: string;
      why: string;
      help: string;
      needs_chart: boolean;
      open: number;
      waived: number;
      /** Why it could not be evaluated for some commons; empty when it was. */
      not_evaluated: string[];
    };
    Now: {
      /** "live state of 39 commons unknown (no agent) · files: 37 in order, 2 need work". */
      sentence: string;
      as_of: string;
      sources: components["schemas"]["NowSource"][];
      needs_you: components["schemas"]["NeedsYou"][];
      needs_you_total: number;
      tiers: components["schemas"]["NowTier"][];
      newest_release?: string | null;
      median_behind?: number | null;
      changes: components["schemas"]["ChangeRow"][];
      changes_total: number;
      /** The changes are of this many hours up to `as_of` (or, in a quiet fleet, up to the last landing). */
      changes_hours: number;
      findings: components["schemas"]["SeverityCounts"];
      commons: number;
      clusters: number;
    };
    NowSource: {
      id: string;
      name: string;
      branch: string;
      phase: string;
      head?: string | null;
      fetched_at?: string | null;
      error?: string | null;
    };
    NeedsYou: {
      /** `finding`, `source`, `conflict`, `behind`. */
      kind: string;
      id: string;
      severity: string;
      subject: string;
      subject_commons?: string | null;
      text: string;
      place?: string | null;
      since: string;
    };
    NowTier: {
      tier: string;
      tiles: components["schemas"]["Tile"][];
      median_behind?: number | null;
    };
    Tile: {
      id: string;
      name: string;
      state: components["schemas"]["StateRow"];
      release?: string | null;
      behind?: number | null;
      worst_finding?: string | null;
    };
    OrganizationRow: {
      id: string;
      name: string;
      created_at: string;
      commons: number;
      clusters: number;
      sources: number;
      people: number;
    };
    OrganizationWrite: {
      name: string;
    };
    PersonRow: {
      id: string;
      name: string;
      display_name: string;
      disabled: boolean;
      created_at: string;
      last_seen_at?: string | null;
      roles: components["schemas"]["PersonRole"][];
      sessions: number;
      tokens: number;
    };
    PersonRole: {
      id: string;
      role: string;
      organization?: string | null;
      organization_name?: string | null;
    };
    PersonCreate: {
      name: string;
      display_name?: string | null;
      roles: components["schemas"]["RoleGrant"][];
    };
    PersonCreated: {
      person: components["schemas"]["PersonRow"];
      one_time_password: string;
    };
    RoleGrant: {
      role: string;
      organization?: string | null;
    };
    PersonPatch: {
      display_name?: string | null;
      disabled?: boolean | null;
      /** Replaces all roles. */
      roles?: components["schemas"]["RoleGrant"][] | null;
    };
    Problem: {
      /** `about:blank#<code>`. */
      type: string;
      /** Stable: `not_found`, `forbidden`, `invalid`, `conflict`, `throttled` ... */
      code: string;
      title: string;
      status: number;
      /** One sentence to act on. */
      detail?: string | null;
      /** Every mistake in the input at once. */
      errors?: components["schemas"]["FieldError"][];
      request_id: string;
    };
    FieldError: {
      /** JSON pointer or query parameter name. */
      field: string;
      message: string;
    };
    ReleaseList: {
      newest?: string | null;
      /** From which evidence the newest is known: a sentence. */
      newest_why?: string | null;
      releases: components["schemas"]["ReleaseRow"][];
    };
    ReleaseRow: {
      release: string;
      /** `released`, `upcoming`. */
      state: string;
      /** `fleet`, `notes`, `tags`. */
      sources: string[];
      since?: string | null;
      /** Commons whose mode release it is. */
      commons: number;
      first?: components["schemas"]["CommonsRef"] | null;
      first_at?: string | null;
    };
    Matrix: {
      newest?: string | null;
      columns: components["schemas"]["MatrixColumn"][];
      rows: components["schemas"]["MatrixRow"][];
      /** Commons hidden because nothing of them could be read. */
      unreadable: components["schemas"]["CommonsRef"][];
    };
    MatrixColumn: {
      service: string;
      /** `core`, `standard`, `optional`, `infra`, `project-specific`. */
      group: string;
      on: number;
      newest?: string | null;
      follows_release: boolean;
      /** Tag and how many run it, most first. */
      tags: components["schemas"]["TagCount"][];
    };
    TagCount: {
      tag: string;
      count: number;
    };
    MatrixRow: {
      commons: string;
      name: string;
      organization: string;
      tier: string;
      cluster?: string | null;
      release?: string | null;
      behind?: number | null;
      cells: (components["schemas"]["MatrixCell"] | null)[];
    };
    MatrixCell: {
      tag: string;
      class: string;
      /** Releases behind; absent where it cannot be told. */
      lag?: number | null;
      pin?: boolean;
      /** Not stated in the files: the chart's or the catalogue's default. */
      assumed?: boolean;
      /** Differs from its twin's. */
      differs?: boolean;
    };
    RolloutRow: {
      id: string;
      /** `release`, `service`. */
      kind: string;
      service?: string | null;
      tag: string;
      commons: number;
      /** Of how many that could take it. */
      of: number;
      first_at: string;
      half_at?: string | null;
      last_at: string;
      /** Running commons that do not have it yet, worst tier first. */
      missing: components["schemas"]["CommonsRef"][];
      people: string[];
      landings: number;
      /** Share over time: (time, commons so far). */
      course: components["schemas"]["CoursePoint"][];
      done: boolean;
    };
    CoursePoint: {
      at: string;
      commons: number;
    };
    RolloutDetail: {
      rollout: components["schemas"]["RolloutRow"];
      steps: components["schemas"]["RolloutStep"][];
    };
    RolloutStep: {
      commons: components["schemas"]["CommonsRef"];
      at: string;
      change: string;
      commit: string;
      author: string;
      pull_request?: number | null;
      before?: string | null;
    };
    TagHistory: {
      commons: components["schemas"]["CommonsRef"];
      service: string;
      steps: components["schemas"]["TagStep"][];
      same_tag: components["schemas"]["CommonsRef"][];
    };
    TagStep: {
      at: string;
      tag?: string | null;
      change?: string | null;
      commit: string;
      author: string;
      title: string;
      pull_request?: number | null;
    };
    SearchResult: {
      /** `commons`, `cluster`, `service`, `change`, `finding`, `rule`, `source`, `release`. */
      kind: string;
      id: string;
      title: string;
      detail: string;
      /** Path in the UI. */
      href: string;
    };
    SetupState: {
      /** No administrator exists yet: the setup code printed by the server is wanted. */
      needed: boolean;
      version: string;
    };
    SetupRequest: {
      code: string;
      name: string;
      display_name?: string | null;
      password: string;
    };
    SignIn: {
      name: string;
      password: string;
    };
    Me: {
      person: string;
      name: string;
      display_name: string;
      /** `session`, `token` or `loopback`. */
      credential: string;
      roles: components["schemas"]["RoleHeld"][];
      /** Permissions held for the whole installation. */
      permissions: string[];
      organizations: components["schemas"]["OrganizationAccess"][];
      /** Send it back as `X-CSRF-Token` with every request that changes something (sessions only). */
      csrf?: string | null;
      must_change_password: boolean;
    };
    RoleHeld: {
      /** `viewer`, `operator`, `admin`. */
      role: string;
      /** Absent: the whole installation. */
      organization?: string | null;
    };
    OrganizationAccess: {
      id: string;
      name: string;
      permissions: string[];
    };
    SessionRow: {
      id: string;
      created_at: string;
      last_seen_at: string;
      expires_at: string;
      user_agent: string;
      address: string;
      current: boolean;
    };
    PasswordChange: {
      current: string;
      new: string;
    };
    Settings: {
      /** Path patterns that belong to an environment: ignored when two commons are compared. */
      environment_paths: string[];
      environment_paths_default: string[];
      session_hours: number;
      audit_keep_days: number;
    };
    SettingsPatch: {
      environment_paths?: string[] | null;
      session_hours?: number | null;
      audit_keep_days?: number | null;
    };
    About: {
      version: string;
      started_at: string;
      /** `sqlite` or `postgresql`. */
      store: string;
      commons: number;
      memory_bytes?: number | null;
    };
    SourceRow: {
      id: string;
      organization: string;
      organization_name: string;
      name: string;
      /** `fleet` declares commons; `chart` holds the charts they use; `releases` lists Gen3 releases. */
      kind: string;
      /** HTTPS or SSH URL, or a local path; never with a credential. */
      location: string;
      branch: string;
      /** Other URLs under which Applications name this repository. */
      aliases: string[];
      /** `none`, `token`, `ssh_key`. */
      auth: string;
      interval_seconds: number;
      paused: boolean;
      layouts: components["schemas"]["LayoutRow"][];
      state: components["schemas"]["SourceState"];
      commons: number;
      clusters: number;
      webhook_configured: boolean;
      created_at: string;
    };
    LayoutRow: {
      layout: string;
      root: string;
      reason: string;
    };
    SourceState: {
      /** `never`, `cloning`, `reading`, `ready`, `failing`. */
      phase: string;
      /** What is being done right now, while cloning or reading. */
      progress?: components["schemas"]["Progress"] | null;
      /** The commit whose fleet is shown. */
      head?: string | null;
      head_time?: string | null;
      head_title?: string | null;
      fetched_at?: string | null;
      attempted_at?: string | null;
      /** Why the last attempt failed, as a sentence with what to do. */
      error?: string | null;
      landings: number;
      /** Places that look like declarations and cannot be read. */
      unread: components["schemas"]["UnreadRow"][];
    };
    Progress: {
      /** `Receiving objects`, `Reading history` ... */
      step: string;
      done: number;
      total?: number | null;
    };
    UnreadRow: {
      path: string;
      line?: number | null;
      reason: string;
    };
    SourceCreate: {
      organization: string;
      name: string;
      kind: string;
      location: string;
      branch?: string | null;
      aliases?: string[];
      credential?: components["schemas"]["CredentialWrite"];
      interval_seconds?: number | null;
    };
    SourcePatch: {
      name?: string | null;
      branch?: string | null;
      aliases?: string[] | null;
      credential?: components["schemas"]["CredentialWrite"] | null;
      interval_seconds?: number | null;
      paused?: boolean | null;
    };
    SourceProbe: {
      location: string;
      branch?: string | null;
      credential?: components["schemas"]["CredentialWrite"];
    };
    ProbeResult: {
      branches: string[];
      branch: string;
      head: string;
      layouts: components["schemas"]["LayoutRow"][];
      commons: number;
      clusters: number;
      unread: components["schemas"]["UnreadRow"][];
    };
    WebhookCreated: {
      url_path: string;
      secret: string;
    };
    TokenRow: {
      id: string;
      name: string;
      person: string;
      person_name: string;
      /** First characters, to recognize it by. */
      prefix: string;
      /** Absent: everything its owner may do. */
      permissions?: string[] | null;
      organization?: string | null;
      created_at: string;
      expires_at: string;
      last_used_at?: string | null;
      revoked_at?: string | null;
    };
    TokenCreate: {
      name: string;
      permissions?: string[] | null;
      organization?: string | null;
      /** 1 to 366. */
      days: number;
    };
    TokenCreated: {
      token: components["schemas"]["TokenRow"];
      /** Shown this once. */
      secret: string;
    };
    ValuesTree: {
      commons: string;
      commit: string;
      /** What stands on the other side, when `against` was asked. */
      against?: string | null;
      layers: components["schemas"]["Layer"][];
      rows: components["schemas"]["ValueRow"][];
      /** Rows the filter matches. */
      total: number;
      /** Without a chart at hand the chart's defaults are not here. */
      complete: boolean;
      note?: string | null;
    };
    Layer: {
      index: number;
      /** `chart`, `file`, `application`. */
      kind: string;
      path: string;
    };
    ValueRow: {
      /** `fence.image.tag`; keys with dots are quoted. */
      path: string;
      /** For display; absent for a secret or when only the other side has it. */
      value?: string | null;
      /** `string`, `number`, `boolean`, `null`, `list`, `map`, `json`. */
      type: string;
      /** How the file wrote it, when Helm makes something else of it. */
      written?: string | null;
      secret: boolean;
      /** For a secret: equal digests mean equal secrets. Keyed; tells nothing else. */
      digest?: string | null;
      origin?: components["schemas"]["OriginRow"] | null;
      /** What this value overrode, latest first. */
      overrode: components["schemas"]["OverriddenRow"][];
      /** The other side's value, when `against` was asked and it differs. */
      other?: string | null;
      other_origin?: components["schemas"]["OriginRow"] | null;
      /** `same`, `changed`, `added` (only here), `removed` (only there). */
      difference?: string | null;
      /** Rules that found something at this leaf. */
      findings: string[];
      /** The value is longer than shown; ask for this path alone to get it whole. */
      cut: boolean;
    };
    OriginRow: {
      layer: number;
      path: string;
      line: number;
      column: number;
    };
    OverriddenRow: {
      layer: number;
      path: string;
      line: number;
      value?: string | null;
    };
    DiffResult: {
      left: components["schemas"]["DiffSide"];
      right: components["schemas"]["DiffSide"];
      rows: components["schemas"]["DiffRow"][];
      ignored: number;
      /** Path patterns that were ignored because they belong to an environment. */
      ignored_patterns: string[];
    };
    DiffSide: {
      commons: string;
      name: string;
      commit: string;
      time?: string | null;
    };
    DiffRow: {
      service?: string | null;
      path: string;
      left?: string | null;
      right?: string | null;
      /** `changed`, `added`, `removed`, `reordered`, `reformatted`. */
      difference: string;
      left_at?: components["schemas"]["OriginRow"] | null;
      right_at?: components["schemas"]["OriginRow"] | null;
      secret: boolean;
    };
    SavedView: {
      id: string;
      name: string;
      /** `/commons?filter=tier:production`. */
      url: string;
      shared: boolean;
      person: string;
      mine: boolean;
      created_at: string;
    };
    SavedViewCreate: {
      name: string;
      url: string;
      shared?: boolean;
    };
    CredentialWrite: { auth: "none" } | { auth: "token"; user?: string | null; token: string } | { auth: "ssh_key"; private_key: string };
  };
}
