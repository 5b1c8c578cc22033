// Generated from openapi.json by `npm run types`. Do not edit.

export interface paths {
    "/api/v1/about": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this installation is. */
        get: operations["get_about"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done and refused, newest first. */
        get: operations["get_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that matches as JSON lines, oldest first. */
        get: operations["get_audit_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prove that nothing of the record was changed. */
        get: operations["get_audit_verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Landings, newest first */
        get: operations["get_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A landing with everything it changed */
        get: operations["get_changes_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Clusters, by name */
        get: operations["get_clusters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A cluster: its add-ons against what most have, the commons on it */
        get: operations["get_clusters_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/commons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Commons that pass the filter */
        get: operations["get_commons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/commons/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A commons in full */
        get: operations["get_commons_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Correct what the files cannot say: tier, twin, owners */
        patch: operations["patch_commons_id"];
        trace?: never;
    };
    "/api/v1/commons/{id}/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Effective values, each with the file and line it comes from; with the chart's defaults where it is at hand */
        get: operations["get_commons_id_values"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Contested hostnames that wait for a decision */
        get: operations["get_conflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conflicts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide whether folders that claim one hostname are one commons */
        post: operations["post_conflicts_id"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What differs between two commons, or one commons at two times */
        get: operations["get_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changed, as server-sent events.
         * @description `event: hello` comes first, `event: change` says what to read again. When the stream ends, connect
         *     again and read everything.
         */
        get: operations["get_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Findings that pass the filter; open ones unless it names a state */
        get: operations["get_findings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/unwaive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take waivers of findings back */
        post: operations["post_findings_unwaive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/waive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Waive findings until a day, with a reason */
        post: operations["post_findings_waive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A finding with the lines it stands in and why it matters */
        get: operations["get_findings_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What runs where: services as columns, commons as rows */
        get: operations["get_matrix"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/matrix/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One cell's story: every tag this service had in this commons */
        get: operations["get_matrix_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Choose a new password. Every other session of this person ends. */
        post: operations["post_me_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where one is signed in. */
        get: operations["get_me_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of one's own sessions. */
        delete: operations["delete_me_sessions_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What needs somebody, a tile per commons, the last day's changes */
        get: operations["get_now"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organizations whose fleet the reader may see. */
        get: operations["get_organizations"];
        put?: never;
        /** Make an organization. */
        post: operations["post_organizations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove it, when it has neither sources nor commons. */
        delete: operations["delete_organizations_id"];
        options?: never;
        head?: never;
        /** Rename it. */
        patch: operations["patch_organizations_id"];
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** People with a role in the organizations that the reader administers. */
        get: operations["get_people"];
        put?: never;
        /** Make a person; the one-time password is in this answer and never again. */
        post: operations["post_people"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a person with their roles, sessions and tokens. What they did stays in the audit. */
        delete: operations["delete_people_id"];
        options?: never;
        head?: never;
        /** Change name, roles, or whether they may sign in at all. */
        patch: operations["patch_people_id"];
        trace?: never;
    };
    "/api/v1/people/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new one-time password; the person is signed out everywhere. */
        post: operations["post_people_id_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a person is signed in. */
        get: operations["get_people_id_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{id}/sessions/{sid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of a person's sessions. */
        delete: operations["delete_people_id_sessions_sid"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Releases that are known, and from which evidence */
        get: operations["get_releases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rollouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rollouts, the newest first */
        get: operations["get_rollouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rollouts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A rollout: who got it when, who is missing */
        get: operations["get_rollouts_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules, with how many findings each has */
        get: operations["get_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Commons, clusters, services, tags, changes and findings by name */
        get: operations["get_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Services of all commons, one row per service and image */
        get: operations["get_services"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is asking, and what they may do. */
        get: operations["get_session"];
        put?: never;
        /**
         * Sign in with name and password.
         * @description After some failures every further one has to wait longer: 429 with `Retry-After`.
         */
        post: operations["post_session"];
        /** Sign out. */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Settings of the installation. */
        get: operations["get_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change them; absent fields stay as they are. */
        patch: operations["patch_settings"];
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the first administrator still to be made? */
        get: operations["get_setup"];
        put?: never;
        /**
         * Make the first administrator, and sign them in.
         * @description `code` is what the server printed at its start.
         */
        post: operations["post_setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Registered repositories, and how they are doing. */
        get: operations["get_sources"];
        put?: never;
        /** Register a repository; it is fetched at once. */
        post: operations["post_sources"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/probe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look what is at a location, without registering it. */
        post: operations["post_sources_probe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One source. */
        get: operations["get_sources_id"];
        put?: never;
        post?: never;
        /** Remove it with everything that was read from it. */
        delete: operations["delete_sources_id"];
        options?: never;
        head?: never;
        /** Change name, branch, interval or credential, or pause it. */
        patch: operations["patch_sources_id"];
        trace?: never;
    };
    "/api/v1/sources/{id}/fetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fetch it now. The answer comes at once; the stream of events says when it is done. */
        post: operations["post_sources_id_fetch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{id}/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make or renew the secret with which the Git host signs its calls. */
        post: operations["post_sources_id_webhook"];
        /** Take no calls of the Git host any more. */
        delete: operations["delete_sources_id_webhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own tokens. */
        get: operations["get_tokens"];
        put?: never;
        /** Make a token; its secret is in this answer and never again. */
        post: operations["post_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token, at once. */
        delete: operations["delete_tokens_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own views, and those shared with the organizations that one may see. */
        get: operations["get_views"];
        put?: never;
        /** Save a view; one's own view of the same name is replaced. */
        post: operations["post_views"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove one's own view. */
        delete: operations["delete_views_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Something landed: fetch the source (GitHub `X-Hub-Signature-256`, GitLab `X-Gitlab-Token`) */
        post: operations["post_webhooks_source"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        About: {
            /** Format: int32 */
            commons: number;
            /** Format: int64 */
            memory_bytes?: number | null;
            /** Format: date-time */
            started_at: string;
            /** @description `sqlite` or `postgresql`. */
            store: string;
            version: string;
        };
        AddOnRow: {
            /** @description What most clusters of the fleet have. */
            baseline?: string | null;
            baseline_share?: string | null;
            configured: boolean;
            enabled: boolean;
            file?: string | null;
            /** Format: int32 */
            line?: number | null;
            name: string;
            path?: string | null;
            revision?: string | null;
        };
        AuditRow: {
            /** @description `source.create`, `session.create`, `finding.waive` ... */
            action: string;
            actor: string;
            /** Format: uuid */
            actor_id?: string | null;
            address?: string | null;
            /** @description `session`, `token`, `loopback`, `system`, `none`. */
            credential: string;
            detail: Record<string, never>;
            /** @description Hex SHA-256 of this row and all before it. */
            hash: string;
            object_id?: string | null;
            object_kind: string;
            object_name?: string | null;
            /** Format: uuid */
            organization?: string | null;
            request_id?: string | null;
            /** @description `ok`, `refused`, `failed`, `interrupted`. */
            result: string;
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            time: string;
        };
        AuditVerification: {
            /** Format: int64 */
            checkpoints: number;
            /** Format: date-time */
            last_checkpoint_at?: string | null;
            ok: boolean;
            /** @description Sentences: what is wrong and from which row on. */
            problems: string[];
            /** Format: int64 */
            rows: number;
            /** Format: int64 */
            took_ms: number;
        };
        ChangeDetail: {
            body: string;
            change: components["schemas"]["ChangeRow"];
            /** @description There are more items than are sent. */
            cut: boolean;
            files: components["schemas"]["FileRow"][];
            items: components["schemas"]["ChangeItemRow"][];
        };
        ChangeItemRow: {
            after?: string | null;
            before?: string | null;
            cluster?: components["schemas"]["ClusterRef"] | null;
            commons?: components["schemas"]["CommonsRef"] | null;
            file?: string | null;
            /** @description `version`, `service_on`, `service_off`, `value`, `commons_added`, `commons_removed`, `moved` ... */
            kind: string;
            /** Format: int32 */
            line?: number | null;
            path: string;
            secret: boolean;
            service?: string | null;
        };
        ChangeRow: {
            author: string;
            authors: string[];
            /** @description Landed on the chart's branch, not in the fleet's own repository. */
            chart: boolean;
            /** @description As in the classification: `version_bump`, `infra`, `workspaces`, `mixed` ... */
            class: string;
            clusters: components["schemas"]["ClusterRef"][];
            commit: string;
            commit_url?: string | null;
            commons: components["schemas"]["CommonsRef"][];
            /** Format: int32 */
            files: number;
            /**
             * Format: uuid
             * @description The fleet whose commons it concerns.
             */
            fleet: string;
            fleet_name: string;
            /** Format: uuid */
            id: string;
            /** Format: int32 */
            items: number;
            /** Format: uuid */
            organization: string;
            /** Format: int64 */
            pull_request?: number | null;
            pull_request_url?: string | null;
            /**
             * Format: uuid
             * @description The repository it landed in: a fleet's own, or the one of a chart that its commons follow.
             */
            source: string;
            source_name: string;
            /** @description One line: `fence 2026.06 → 2026.07`. */
            summary: string;
            /** Format: date-time */
            time: string;
            title: string;
            /**
             * Format: uuid
             * @description This landing undoes that one.
             */
            undoes?: string | null;
            /**
             * Format: uuid
             * @description That one undid this landing.
             */
            undone_by?: string | null;
        };
        ChartRow: {
            /** @description The chart is at hand: defaults are real, not assumed. */
            at_hand: boolean;
            commit?: string | null;
            path: string;
            repository: string;
            revision: string;
            /** @description `commit`, `version`, `branch`. */
            revision_kind: string;
            /**
             * Format: uuid
             * @description The chart source that has it, and the commit it was read at.
             */
            source?: string | null;
        };
        /** @description Something the world says about which commons this is. */
        ClaimRow: {
            application?: string | null;
            cluster?: string | null;
            /** Format: date-time */
            first_seen_at: string;
            folder: string;
            hostname?: string | null;
            /** Format: date-time */
            last_seen_at: string;
            /** Format: uuid */
            source: string;
            source_name: string;
            /** @description `current`, `past`, `conflict`. */
            state: string;
        };
        ClusterDetail: {
            account?: components["schemas"]["SaidRow"] | null;
            add_ons: components["schemas"]["AddOnRow"][];
            cluster: components["schemas"]["ClusterRow"];
            commit: string;
            commons: components["schemas"]["CommonsRow"][];
            file_url_prefix?: string | null;
            node_image?: components["schemas"]["SaidRow"] | null;
            project?: components["schemas"]["SaidRow"] | null;
            values_path?: string | null;
        };
        ClusterRef: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        ClusterRow: {
            account?: string | null;
            /** Format: int32 */
            add_ons_enabled: number;
            /** Format: int32 */
            commons: number;
            findings: components["schemas"]["SeverityCounts"];
            folder: string;
            /** Format: uuid */
            id: string;
            /** @description `1.35`, when the node image's name tells. */
            kubernetes?: string | null;
            /** Format: date-time */
            last_change_at?: string | null;
            /** @description `none` until an agent exists: then `connected`, `stale`, `lost`. */
            link: string;
            name: string;
            node_image?: string | null;
            /** Format: uuid */
            organization: string;
            organization_name: string;
            project?: string | null;
            /** Format: date-time */
            seen_at: string;
            stated_name?: string | null;
        };
        CommonsDetail: {
            account?: components["schemas"]["SaidRow"] | null;
            application?: string | null;
            chart?: components["schemas"]["ChartRow"] | null;
            claims: components["schemas"]["ClaimRow"][];
            /** @description The source's commit this was read from. */
            commit: string;
            commons: components["schemas"]["CommonsRow"];
            /** @description Which attributes a person corrected. */
            corrected: string[];
            environment?: components["schemas"]["SaidRow"] | null;
            /** @description Prefix of a link to a file at that commit, when the Git host is known: append `path#Lline`. */
            file_url_prefix?: string | null;
            /** Format: date-time */
            first_seen_at: string;
            /** Format: date-time */
            gone_at?: string | null;
            namespace?: string | null;
            release_name?: string | null;
            services: components["schemas"]["ServiceRow"][];
            tier_why: string;
            twin_why?: string | null;
            value_files: components["schemas"]["ValueFileRow"][];
        };
        /**
         * @description A person's corrections; they are kept over every reading. `null` takes a correction back,
         *     an absent field leaves it.
         */
        CommonsPatch: {
            management?: string | null;
            owners?: string[] | null;
            programme?: string | null;
            tier?: string | null;
            /** Format: uuid */
            twin?: string | null;
        };
        CommonsRef: {
            /** Format: uuid */
            id: string;
            name: string;
            tier: string;
        };
        CommonsRow: {
            /**
             * Format: int32
             * @description Releases behind the newest; absent when it has no monthly tag.
             */
            behind?: number | null;
            cluster?: components["schemas"]["ClusterRef"] | null;
            findings: components["schemas"]["SeverityCounts"];
            /** @description Where it is declared, from the repository's root. */
            folder: string;
            hostname?: string | null;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_change_at?: string | null;
            last_change_title?: string | null;
            /** @description `managed` or `associated`. */
            management: string;
            /** @description What people call it: hostname, else folder. */
            name: string;
            /** Format: uuid */
            organization: string;
            organization_name: string;
            owners: string[];
            /**
             * Format: int32
             * @description Services off the mode release.
             */
            pins: number;
            programme?: string | null;
            /** @description Mode of the monthly tags: `2026.07`. */
            release?: string | null;
            /** Format: date-time */
            seen_at: string;
            /** Format: int32 */
            services_enabled: number;
            /** Format: uuid */
            source: string;
            state: components["schemas"]["StateRow"];
            /** @description `production`, `staging`, `qa`, `dev`. */
            tier: string;
            twin?: components["schemas"]["CommonsRef"] | null;
        };
        ConflictCandidate: {
            cluster?: string | null;
            /**
             * Format: uuid
             * @description Absent only for a folder that has not been read since contested folders have an id.
             */
            commons?: string | null;
            folder: string;
            /** Format: date-time */
            last_change_at?: string | null;
            name: string;
        };
        /** @description `same`: the candidates are one commons, `keep` is it. `different`: they are two. */
        ConflictDecision: {
            decision: string;
            /** Format: uuid */
            keep?: string | null;
            reason: string;
        };
        /** @description A claim that a person must decide: which commons is it? */
        ConflictRow: {
            candidates: components["schemas"]["ConflictCandidate"][];
            hostname: string;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            organization: string;
            /** Format: date-time */
            since: string;
            why: string;
        };
        CoursePoint: {
            /** Format: date-time */
            at: string;
            /** Format: int32 */
            commons: number;
        };
        /** @description Write only: never sent back. */
        CredentialWrite: {
            /** @enum {string} */
            auth: "none";
        } | {
            /** @enum {string} */
            auth: "token";
            token: string;
            user?: string | null;
        } | {
            /** @enum {string} */
            auth: "ssh_key";
            private_key: string;
        };
        /** @description Two sides, compared by effective value. */
        DiffResult: {
            /** Format: int64 */
            ignored: number;
            /** @description Path patterns that were ignored because they belong to an environment. */
            ignored_patterns: string[];
            left: components["schemas"]["DiffSide"];
            right: components["schemas"]["DiffSide"];
            rows: components["schemas"]["DiffRow"][];
        };
        DiffRow: {
            /** @description `changed`, `added`, `removed`, `reordered`, `reformatted`. */
            difference: string;
            left?: string | null;
            left_at?: components["schemas"]["OriginRow"] | null;
            path: string;
            right?: string | null;
            right_at?: components["schemas"]["OriginRow"] | null;
            secret: boolean;
            service?: string | null;
        };
        DiffSide: {
            commit: string;
            /** Format: uuid */
            commons: string;
            name: string;
            /** Format: date-time */
            time?: string | null;
        };
        /** @description `event: change` with this as data; `id:` is `revision`. */
        Event: {
            commons: string[];
            /** Format: int64 */
            revision: number;
            /** Format: uuid */
            source?: string | null;
            /** @description `now`, `commons`, `clusters`, `releases`, `changes`, `findings`, `sources`, `people`, `settings`. */
            topics: string[];
        };
        ExcerptLine: {
            found: boolean;
            /** Format: int32 */
            line: number;
            text: string;
        };
        FieldError: {
            /** @description JSON pointer or query parameter name. */
            field: string;
            message: string;
        };
        FileRow: {
            /** @description `added`, `modified`, `deleted`. */
            change: string;
            path: string;
        };
        FindingDetail: {
            /** @description Lines around the place, secrets redacted; the found line has `found: true`. */
            excerpt: components["schemas"]["ExcerptLine"][];
            finding: components["schemas"]["FindingRow"];
            /**
             * Format: uuid
             * @description The landing of `since`, where it is among the changes.
             */
            introduced_by?: string | null;
            /**
             * Format: int32
             * @description The same rule elsewhere.
             */
            siblings: number;
            why: string;
        };
        FindingRow: {
            cluster?: components["schemas"]["ClusterRef"] | null;
            /** Format: int32 */
            column: number;
            commons?: components["schemas"]["CommonsRef"] | null;
            file_url?: string | null;
            /**
             * Format: date-time
             * @description When this server first found it.
             */
            first_seen_at: string;
            help: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_seen_at: string;
            /** Format: int32 */
            line: number;
            message: string;
            /** Format: uuid */
            organization: string;
            organization_name: string;
            path: string;
            /** Format: int32 */
            reopened: number;
            /** Format: date-time */
            resolved_at?: string | null;
            rule: string;
            rule_title: string;
            /** @description `critical`, `high`, `medium`, `low`, `info`. */
            severity: string;
            since?: components["schemas"]["SinceRow"] | null;
            /** Format: uuid */
            source: string;
            /** @description `open`, `waived`, `resolved`. */
            state: string;
            waiver?: components["schemas"]["WaiverRow"] | null;
        };
        /** @description One file (or the Application's own values, or a chart's defaults) that was merged, in order. */
        Layer: {
            /** Format: int32 */
            index: number;
            /** @description `chart`, `file`, `application`. */
            kind: string;
            path: string;
        };
        LayoutRow: {
            layout: string;
            reason: string;
            root: string;
        };
        /** @description Columns are services, rows commons; `cells[i]` belongs to column `i`, `null` when off. */
        Matrix: {
            columns: components["schemas"]["MatrixColumn"][];
            newest?: string | null;
            rows: components["schemas"]["MatrixRow"][];
            /** @description Commons hidden because nothing of them could be read. */
            unreadable: components["schemas"]["CommonsRef"][];
        };
        MatrixCell: {
            /** @description Not stated in the files: the chart's or the catalogue's default. */
            assumed?: boolean;
            class: string;
            /** @description Differs from its twin's. */
            differs?: boolean;
            /**
             * Format: int32
             * @description Releases behind; absent where it cannot be told.
             */
            lag?: number | null;
            pin?: boolean;
            tag: string;
        };
        MatrixColumn: {
            follows_release: boolean;
            /** @description `core`, `standard`, `optional`, `infra`, `project-specific`. */
            group: string;
            newest?: string | null;
            /** Format: int32 */
            on: number;
            service: string;
            /** @description Tag and how many run it, most first. */
            tags: components["schemas"]["TagCount"][];
        };
        MatrixRow: {
            /** Format: int32 */
            behind?: number | null;
            cells: (components["schemas"]["MatrixCell"] | null)[];
            cluster?: string | null;
            /** Format: uuid */
            commons: string;
            name: string;
            /** Format: uuid */
            organization: string;
            release?: string | null;
            tier: string;
        };
        /** @description Who is asking, and what they may do. The UI hides what is not allowed; the server refuses it. */
        Me: {
            /** @description `session`, `token` or `loopback`. */
            credential: string;
            /** @description Send it back as `X-CSRF-Token` with every request that changes something (sessions only). */
            csrf?: string | null;
            display_name: string;
            must_change_password: boolean;
            name: string;
            organizations: components["schemas"]["OrganizationAccess"][];
            /** @description Permissions held for the whole installation. */
            permissions: string[];
            /** Format: uuid */
            person: string;
            roles: components["schemas"]["RoleHeld"][];
        };
        /** @description Something to do, most hurt first. */
        NeedsYou: {
            id: string;
            /** @description `finding`, `source`, `conflict`, `behind`. */
            kind: string;
            place?: string | null;
            severity: string;
            /** Format: date-time */
            since: string;
            subject: string;
            /** Format: uuid */
            subject_commons?: string | null;
            text: string;
        };
        Now: {
            /** Format: date-time */
            as_of: string;
            changes: components["schemas"]["ChangeRow"][];
            /**
             * Format: int32
             * @description The changes are of this many hours up to `as_of` (or, in a quiet fleet, up to the last landing).
             */
            changes_hours: number;
            /** Format: int32 */
            changes_total: number;
            /** Format: int32 */
            clusters: number;
            /** Format: int32 */
            commons: number;
            findings: components["schemas"]["SeverityCounts"];
            /** Format: int32 */
            median_behind?: number | null;
            needs_you: components["schemas"]["NeedsYou"][];
            /** Format: int32 */
            needs_you_total: number;
            newest_release?: string | null;
            /** @description "live state of 39 commons unknown (no agent) · files: 37 in order, 2 need work". */
            sentence: string;
            sources: components["schemas"]["NowSource"][];
            tiers: components["schemas"]["NowTier"][];
        };
        NowSource: {
            branch: string;
            error?: string | null;
            /** Format: date-time */
            fetched_at?: string | null;
            head?: string | null;
            /** Format: uuid */
            id: string;
            name: string;
            phase: string;
        };
        NowTier: {
            /** Format: int32 */
            median_behind?: number | null;
            tier: string;
            tiles: components["schemas"]["Tile"][];
        };
        OrganizationAccess: {
            /** Format: uuid */
            id: string;
            name: string;
            permissions: string[];
        };
        OrganizationRow: {
            /** Format: int32 */
            clusters: number;
            /** Format: int32 */
            commons: number;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            name: string;
            /** Format: int32 */
            people: number;
            /** Format: int32 */
            sources: number;
        };
        OrganizationWrite: {
            name: string;
        };
        OriginRow: {
            /** Format: int32 */
            column: number;
            /** Format: int32 */
            layer: number;
            /** Format: int32 */
            line: number;
            path: string;
        };
        OverriddenRow: {
            /** Format: int32 */
            layer: number;
            /** Format: int32 */
            line: number;
            path: string;
            value?: string | null;
        };
        /** @description One page of a list. `total` counts everything the filter matches and the reader may see. */
        Page_AuditRow: {
            items: {
                /** @description `source.create`, `session.create`, `finding.waive` ... */
                action: string;
                actor: string;
                /** Format: uuid */
                actor_id?: string | null;
                address?: string | null;
                /** @description `session`, `token`, `loopback`, `system`, `none`. */
                credential: string;
                detail: Record<string, never>;
                /** @description Hex SHA-256 of this row and all before it. */
                hash: string;
                object_id?: string | null;
                object_kind: string;
                object_name?: string | null;
                /** Format: uuid */
                organization?: string | null;
                request_id?: string | null;
                /** @description `ok`, `refused`, `failed`, `interrupted`. */
                result: string;
                /** Format: int64 */
                seq: number;
                /** Format: date-time */
                time: string;
            }[];
            /** @description Give it back as `cursor` for the following page; absent on the last one. Opaque. */
            next?: string | null;
            /** Format: int64 */
            total: number;
        };
        /** @description One page of a list. `total` counts everything the filter matches and the reader may see. */
        Page_ChangeRow: {
            items: {
                author: string;
                authors: string[];
                /** @description Landed on the chart's branch, not in the fleet's own repository. */
                chart: boolean;
                /** @description As in the classification: `version_bump`, `infra`, `workspaces`, `mixed` ... */
                class: string;
                clusters: components["schemas"]["ClusterRef"][];
                commit: string;
                commit_url?: string | null;
                commons: components["schemas"]["CommonsRef"][];
                /** Format: int32 */
                files: number;
                /**
                 * Format: uuid
                 * @description The fleet whose commons it concerns.
                 */
                fleet: string;
                fleet_name: string;
                /** Format: uuid */
                id: string;
                /** Format: int32 */
                items: number;
                /** Format: uuid */
                organization: string;
                /** Format: int64 */
                pull_request?: number | null;
                pull_request_url?: string | null;
                /**
                 * Format: uuid
                 * @description The repository it landed in: a fleet's own, or the one of a chart that its commons follow.
                 */
                source: string;
                source_name: string;
                /** @description One line: `fence 2026.06 → 2026.07`. */
                summary: string;
                /** Format: date-time */
                time: string;
                title: string;
                /**
                 * Format: uuid
                 * @description This landing undoes that one.
                 */
                undoes?: string | null;
                /**
                 * Format: uuid
                 * @description That one undid this landing.
                 */
                undone_by?: string | null;
            }[];
            /** @description Give it back as `cursor` for the following page; absent on the last one. Opaque. */
            next?: string | null;
            /** Format: int64 */
            total: number;
        };
        /** @description One page of a list. `total` counts everything the filter matches and the reader may see. */
        Page_ClusterRow: {
            items: {
                account?: string | null;
                /** Format: int32 */
                add_ons_enabled: number;
                /** Format: int32 */
                commons: number;
                findings: components["schemas"]["SeverityCounts"];
                folder: string;
                /** Format: uuid */
                id: string;
                /** @description `1.35`, when the node image's name tells. */
                kubernetes?: string | null;
                /** Format: date-time */
                last_change_at?: string | null;
                /** @description `none` until an agent exists: then `connected`, `stale`, `lost`. */
                link: string;
                name: string;
                node_image?: string | null;
                /** Format: uuid */
                organization: string;
                organization_name: string;
                project?: string | null;
                /** Format: date-time */
                seen_at: string;
                stated_name?: string | null;
            }[];
            /** @description Give it back as `cursor` for the following page; absent on the last one. Opaque. */
            next?: string | null;
            /** Format: int64 */
            total: number;
        };
        /** @description One page of a list. `total` counts everything the filter matches and the reader may see. */
        Page_CommonsRow: {
            items: {
                /**
                 * Format: int32
                 * @description Releases behind the newest; absent when it has no monthly tag.
                 */
                behind?: number | null;
                cluster?: components["schemas"]["ClusterRef"] | null;
                findings: components["schemas"]["SeverityCounts"];
                /** @description Where it is declared, from the repository's root. */
                folder: string;
                hostname?: string | null;
                /** Format: uuid */
                id: string;
                /** Format: date-time */
                last_change_at?: string | null;
                last_change_title?: string | null;
                /** @description `managed` or `associated`. */
                management: string;
                /** @description What people call it: hostname, else folder. */
                name: string;
                /** Format: uuid */
                organization: string;
                organization_name: string;
                owners: string[];
                /**
                 * Format: int32
                 * @description Services off the mode release.
                 */
                pins: number;
                programme?: string | null;
                /** @description Mode of the monthly tags: `2026.07`. */
                release?: string | null;
                /** Format: date-time */
                seen_at: string;
                /** Format: int32 */
                services_enabled: number;
                /** Format: uuid */
                source: string;
                state: components["schemas"]["StateRow"];
                /** @description `production`, `staging`, `qa`, `dev`. */
                tier: string;
                twin?: components["schemas"]["CommonsRef"] | null;
            }[];
            /** @description Give it back as `cursor` for the following page; absent on the last one. Opaque. */
            next?: string | null;
            /** Format: int64 */
            total: number;
        };
        /** @description One page of a list. `total` counts everything the filter matches and the reader may see. */
        Page_FindingRow: {
            items: {
                cluster?: components["schemas"]["ClusterRef"] | null;
                /** Format: int32 */
                column: number;
                commons?: components["schemas"]["CommonsRef"] | null;
                file_url?: string | null;
                /**
                 * Format: date-time
                 * @description When this server first found it.
                 */
                first_seen_at: string;
                help: string;
                /** Format: uuid */
                id: string;
                /** Format: date-time */
                last_seen_at: string;
                /** Format: int32 */
                line: number;
                message: string;
                /** Format: uuid */
                organization: string;
                organization_name: string;
                path: string;
                /** Format: int32 */
                reopened: number;
                /** Format: date-time */
                resolved_at?: string | null;
                rule: string;
                rule_title: string;
                /** @description `critical`, `high`, `medium`, `low`, `info`. */
                severity: string;
                since?: components["schemas"]["SinceRow"] | null;
                /** Format: uuid */
                source: string;
                /** @description `open`, `waived`, `resolved`. */
                state: string;
                waiver?: components["schemas"]["WaiverRow"] | null;
            }[];
            /** @description Give it back as `cursor` for the following page; absent on the last one. Opaque. */
            next?: string | null;
            /** Format: int64 */
            total: number;
        };
        /** @description One page of a list. `total` counts everything the filter matches and the reader may see. */
        Page_PersonRow: {
            items: {
                /** Format: date-time */
                created_at: string;
                disabled: boolean;
                display_name: string;
                /** Format: uuid */
                id: string;
                /** Format: date-time */
                last_seen_at?: string | null;
                name: string;
                roles: components["schemas"]["PersonRole"][];
                /** Format: int32 */
                sessions: number;
                /** Format: int32 */
                tokens: number;
            }[];
            /** @description Give it back as `cursor` for the following page; absent on the last one. Opaque. */
            next?: string | null;
            /** Format: int64 */
            total: number;
        };
        /** @description One page of a list. `total` counts everything the filter matches and the reader may see. */
        Page_RolloutRow: {
            items: {
                /** Format: int32 */
                commons: number;
                /** @description Share over time: (time, commons so far). */
                course: components["schemas"]["CoursePoint"][];
                done: boolean;
                /** Format: date-time */
                first_at: string;
                /** Format: date-time */
                half_at?: string | null;
                id: string;
                /** @description `release`, `service`. */
                kind: string;
                /** Format: int32 */
                landings: number;
                /** Format: date-time */
                last_at: string;
                /** @description Running commons that do not have it yet, worst tier first. */
                missing: components["schemas"]["CommonsRef"][];
                /**
                 * Format: int32
                 * @description Of how many that could take it.
                 */
                of: number;
                people: string[];
                service?: string | null;
                tag: string;
            }[];
            /** @description Give it back as `cursor` for the following page; absent on the last one. Opaque. */
            next?: string | null;
            /** Format: int64 */
            total: number;
        };
        /** @description One page of a list. `total` counts everything the filter matches and the reader may see. */
        Page_ServiceRow: {
            items: {
                /**
                 * Format: int32
                 * @description Releases behind, where the service follows the monthly tag.
                 */
                behind?: number | null;
                cluster?: string | null;
                commons: string;
                /** Format: uuid */
                commons_id: string;
                component?: string | null;
                enabled: boolean;
                image?: string | null;
                /** Format: int32 */
                line?: number | null;
                /** @description `explicit`, `chart_default`, `assumed`. */
                origin?: string | null;
                path?: string | null;
                /** @description Off the commons' mode release. */
                pin: boolean;
                /** @description A sentence: why it is on or off. */
                reason: string;
                service: string;
                tag?: string | null;
                /** @description `monthly`, `semver`, `moving`, `feature`, `digest`. */
                tag_class?: string | null;
                tier: string;
                /** @description What the twin runs, when it differs. */
                twin_tag?: string | null;
            }[];
            /** @description Give it back as `cursor` for the following page; absent on the last one. Opaque. */
            next?: string | null;
            /** Format: int64 */
            total: number;
        };
        PasswordChange: {
            current: string;
            new: string;
        };
        PersonCreate: {
            display_name?: string | null;
            name: string;
            roles: components["schemas"]["RoleGrant"][];
        };
        /** @description The one-time password is shown once; the person must change it at first sign-in. */
        PersonCreated: {
            one_time_password: string;
            person: components["schemas"]["PersonRow"];
        };
        /** @description Absent fields stay as they are. */
        PersonPatch: {
            disabled?: boolean | null;
            display_name?: string | null;
            /** @description Replaces all roles. */
            roles?: components["schemas"]["RoleGrant"][] | null;
        };
        PersonRole: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            organization?: string | null;
            organization_name?: string | null;
            role: string;
        };
        PersonRow: {
            /** Format: date-time */
            created_at: string;
            disabled: boolean;
            display_name: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_seen_at?: string | null;
            name: string;
            roles: components["schemas"]["PersonRole"][];
            /** Format: int32 */
            sessions: number;
            /** Format: int32 */
            tokens: number;
        };
        ProbeResult: {
            branch: string;
            branches: string[];
            /** Format: int32 */
            clusters: number;
            /** Format: int32 */
            commons: number;
            head: string;
            layouts: components["schemas"]["LayoutRow"][];
            unread: components["schemas"]["UnreadRow"][];
        };
        /** @description What went wrong, for a person and for a program. Holds nothing private. */
        Problem: {
            /** @description Stable: `not_found`, `forbidden`, `invalid`, `conflict`, `throttled` ... */
            code: string;
            /** @description One sentence to act on. */
            detail?: string | null;
            /** @description Every mistake in the input at once. */
            errors?: components["schemas"]["FieldError"][];
            request_id: string;
            /** Format: int32 */
            status: number;
            title: string;
            /** @description `about:blank#<code>`. */
            type: string;
        };
        Progress: {
            /** Format: int64 */
            done: number;
            /** @description `Receiving objects`, `Reading history` ... */
            step: string;
            /** Format: int64 */
            total?: number | null;
        };
        ReleaseEvidence: {
            /** @description `fleet`, `notes`, `tags`. */
            kind: string;
            /** @description `releases/2026/07`, `5 commons`. */
            place: string;
            /** Format: date-time */
            since?: string | null;
            /** Format: uuid */
            source: string;
            source_name: string;
        };
        ReleaseList: {
            newest?: string | null;
            /** @description From which evidence the newest is known: a sentence. */
            newest_why?: string | null;
            releases: components["schemas"]["ReleaseRow"][];
        };
        ReleaseRow: {
            /**
             * Format: int32
             * @description Commons whose mode release it is.
             */
            commons: number;
            /** @description Which of csoc's sources say so, the earliest first. */
            evidence: components["schemas"]["ReleaseEvidence"][];
            first?: components["schemas"]["CommonsRef"] | null;
            /** Format: date-time */
            first_at?: string | null;
            /** @description What its notes call it: `Hambergite`. */
            name?: string | null;
            release: string;
            /** Format: date-time */
            since?: string | null;
            /** @description `fleet`, `notes`, `tags`. */
            sources: string[];
            /** @description `released`, `upcoming`. */
            state: string;
        };
        RoleGrant: {
            /** Format: uuid */
            organization?: string | null;
            role: string;
        };
        RoleHeld: {
            /**
             * Format: uuid
             * @description Absent: the whole installation.
             */
            organization?: string | null;
            /** @description `viewer`, `operator`, `admin`. */
            role: string;
        };
        RolloutDetail: {
            rollout: components["schemas"]["RolloutRow"];
            steps: components["schemas"]["RolloutStep"][];
        };
        RolloutRow: {
            /** Format: int32 */
            commons: number;
            /** @description Share over time: (time, commons so far). */
            course: components["schemas"]["CoursePoint"][];
            done: boolean;
            /** Format: date-time */
            first_at: string;
            /** Format: date-time */
            half_at?: string | null;
            id: string;
            /** @description `release`, `service`. */
            kind: string;
            /** Format: int32 */
            landings: number;
            /** Format: date-time */
            last_at: string;
            /** @description Running commons that do not have it yet, worst tier first. */
            missing: components["schemas"]["CommonsRef"][];
            /**
             * Format: int32
             * @description Of how many that could take it.
             */
            of: number;
            people: string[];
            service?: string | null;
            tag: string;
        };
        RolloutStep: {
            /** Format: date-time */
            at: string;
            author: string;
            before?: string | null;
            /** Format: uuid */
            change: string;
            commit: string;
            commons: components["schemas"]["CommonsRef"];
            /** Format: int64 */
            pull_request?: number | null;
        };
        RuleRow: {
            help: string;
            id: string;
            needs_chart: boolean;
            /** @description Why it could not be evaluated for some commons; empty when it was. */
            not_evaluated: string[];
            /** Format: int32 */
            open: number;
            severity: string;
            title: string;
            /** Format: int32 */
            waived: number;
            why: string;
        };
        SaidRow: {
            /** Format: int32 */
            line?: number | null;
            path?: string | null;
            value: string;
        };
        SavedView: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            mine: boolean;
            name: string;
            person: string;
            shared: boolean;
            /** @description `/commons?filter=tier:production`. */
            url: string;
        };
        SavedViewCreate: {
            name: string;
            /**
             * Format: uuid
             * @description With whom, when it is shared; may be absent when there is only one organization.
             */
            organization?: string | null;
            shared?: boolean;
            url: string;
        };
        SearchResult: {
            detail: string;
            /** @description Path in the UI. */
            href: string;
            id: string;
            /** @description `commons`, `cluster`, `service`, `change`, `finding`, `rule`, `source`, `release`. */
            kind: string;
            title: string;
        };
        /** @description One service of one commons. */
        ServiceRow: {
            /**
             * Format: int32
             * @description Releases behind, where the service follows the monthly tag.
             */
            behind?: number | null;
            cluster?: string | null;
            commons: string;
            /** Format: uuid */
            commons_id: string;
            component?: string | null;
            enabled: boolean;
            image?: string | null;
            /** Format: int32 */
            line?: number | null;
            /** @description `explicit`, `chart_default`, `assumed`. */
            origin?: string | null;
            path?: string | null;
            /** @description Off the commons' mode release. */
            pin: boolean;
            /** @description A sentence: why it is on or off. */
            reason: string;
            service: string;
            tag?: string | null;
            /** @description `monthly`, `semver`, `moving`, `feature`, `digest`. */
            tag_class?: string | null;
            tier: string;
            /** @description What the twin runs, when it differs. */
            twin_tag?: string | null;
        };
        SessionRow: {
            address: string;
            /** Format: date-time */
            created_at: string;
            current: boolean;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_seen_at: string;
            user_agent: string;
        };
        Settings: {
            /** Format: int32 */
            audit_keep_days: number;
            /** @description Path patterns that belong to an environment: ignored when two commons are compared. */
            environment_paths: string[];
            environment_paths_default: string[];
            /** Format: int32 */
            session_hours: number;
        };
        SettingsPatch: {
            /** Format: int32 */
            audit_keep_days?: number | null;
            environment_paths?: string[] | null;
            /** Format: int32 */
            session_hours?: number | null;
        };
        SetupRequest: {
            code: string;
            display_name?: string | null;
            name: string;
            password: string;
        };
        /** @description Answer of `GET /api/v1/setup`. */
        SetupState: {
            /** @description No administrator exists yet: the setup code printed by the server is wanted. */
            needed: boolean;
            version: string;
        };
        SeverityCounts: {
            /** Format: int32 */
            critical: number;
            /** Format: int32 */
            high: number;
            /** Format: int32 */
            info: number;
            /** Format: int32 */
            low: number;
            /** Format: int32 */
            medium: number;
        };
        SignIn: {
            name: string;
            password: string;
        };
        SinceRow: {
            /** Format: date-time */
            at: string;
            by: string;
            commit: string;
        };
        SourceCreate: {
            aliases?: string[];
            branch?: string | null;
            credential?: components["schemas"]["CredentialWrite"];
            /** Format: int32 */
            interval_seconds?: number | null;
            kind: string;
            location: string;
            name: string;
            /** Format: uuid */
            organization: string;
        };
        /** @description Absent fields stay as they are. */
        SourcePatch: {
            aliases?: string[] | null;
            branch?: string | null;
            credential?: components["schemas"]["CredentialWrite"] | null;
            /** Format: int32 */
            interval_seconds?: number | null;
            name?: string | null;
            paused?: boolean | null;
        };
        /** @description Try a location before registering it: what is there? */
        SourceProbe: {
            branch?: string | null;
            credential?: components["schemas"]["CredentialWrite"];
            location: string;
        };
        SourceRow: {
            /** @description Other URLs under which Applications name this repository. */
            aliases: string[];
            /** @description `none`, `token`, `ssh_key`. */
            auth: string;
            branch: string;
            /** Format: int32 */
            clusters: number;
            /**
             * Format: int32
             * @description Declared by a fleet; of charts, how many commons have their chart from it.
             */
            commons: number;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            /** Format: int32 */
            interval_seconds: number;
            /** @description `fleet` declares commons; `chart` holds the charts they use; `releases` lists Gen3 releases. */
            kind: string;
            layouts: components["schemas"]["LayoutRow"][];
            /** @description HTTPS or SSH URL, or a local path; never with a credential. */
            location: string;
            name: string;
            /** Format: uuid */
            organization: string;
            organization_name: string;
            paused: boolean;
            state: components["schemas"]["SourceState"];
            webhook_configured: boolean;
        };
        SourceState: {
            /** Format: date-time */
            attempted_at?: string | null;
            /** @description Why the last attempt failed, as a sentence with what to do. */
            error?: string | null;
            /** Format: date-time */
            fetched_at?: string | null;
            /** @description The commit whose fleet is shown. */
            head?: string | null;
            /** Format: date-time */
            head_time?: string | null;
            head_title?: string | null;
            /** Format: int64 */
            landings: number;
            /** @description `never`, `cloning`, `reading`, `ready`, `failing`. */
            phase: string;
            progress?: components["schemas"]["Progress"] | null;
            /** @description Places that look like declarations and cannot be read. */
            unread: components["schemas"]["UnreadRow"][];
        };
        /** @description The three axes. Without an agent health is `unknown` and `config` is all that can be told. */
        StateRow: {
            /** Format: date-time */
            as_of?: string | null;
            /** @description What Git tells: `in_order`, `needs_work`, `maintenance`, `unreadable`, `empty`, `gone`, `conflict`. */
            config: string;
            /**
             * Format: uuid
             * @description Its hostname is claimed by another folder too: the conflict that a person decides.
             */
            conflict?: string | null;
            /** @description Age of the evidence: `live`, `stale`, `none`. */
            freshness: string;
            /** @description `healthy`, `progressing`, `degraded`, `down`, `maintenance`, `unknown`. */
            health: string;
            /** @description Sentences, worst first. */
            reasons: string[];
        };
        TagCount: {
            /** Format: int32 */
            count: number;
            tag: string;
        };
        /** @description One cell's story. */
        TagHistory: {
            commons: components["schemas"]["CommonsRef"];
            same_tag: components["schemas"]["CommonsRef"][];
            service: string;
            steps: components["schemas"]["TagStep"][];
        };
        TagStep: {
            /** Format: date-time */
            at: string;
            author: string;
            /** Format: uuid */
            change?: string | null;
            commit: string;
            /** Format: int64 */
            pull_request?: number | null;
            tag?: string | null;
            title: string;
        };
        Tile: {
            /** Format: int32 */
            behind?: number | null;
            /** Format: uuid */
            id: string;
            name: string;
            release?: string | null;
            state: components["schemas"]["StateRow"];
            worst_finding?: string | null;
        };
        TokenCreate: {
            /**
             * Format: int32
             * @description 1 to 366.
             */
            days: number;
            name: string;
            /** Format: uuid */
            organization?: string | null;
            permissions?: string[] | null;
        };
        TokenCreated: {
            /** @description Shown this once. */
            secret: string;
            token: components["schemas"]["TokenRow"];
        };
        TokenRow: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_used_at?: string | null;
            name: string;
            /** Format: uuid */
            organization?: string | null;
            /** @description Absent: everything its owner may do. */
            permissions?: string[] | null;
            /** Format: uuid */
            person: string;
            person_name: string;
            /** @description First characters, to recognize it by. */
            prefix: string;
            /** Format: date-time */
            revoked_at?: string | null;
        };
        UnreadRow: {
            /** Format: int32 */
            line?: number | null;
            path: string;
            reason: string;
        };
        UnwaiveRequest: {
            findings: string[];
        };
        ValueFileRow: {
            detail?: string | null;
            path?: string | null;
            /** @description `read`, `empty`, `missing`, `missing_ignored`, `foreign`, `unknown_revision`, `broken`, `outside`. */
            state: string;
            written: string;
        };
        /** @description One leaf. */
        ValueRow: {
            /** @description The value is longer than shown; ask for this path alone to get it whole. */
            cut: boolean;
            /** @description `same`, `changed`, `added` (only here), `removed` (only there). */
            difference?: string | null;
            /** @description For a secret: equal digests mean equal secrets. Keyed; tells nothing else. */
            digest?: string | null;
            /** @description Rules that found something at this leaf. */
            findings: string[];
            origin?: components["schemas"]["OriginRow"] | null;
            /** @description The other side's value, when `against` was asked and it differs. */
            other?: string | null;
            other_origin?: components["schemas"]["OriginRow"] | null;
            /** @description What this value overrode, latest first. */
            overrode: components["schemas"]["OverriddenRow"][];
            /** @description `fence.image.tag`; keys with dots are quoted. */
            path: string;
            secret: boolean;
            /** @description `string`, `number`, `boolean`, `null`, `list`, `map`, `json`. */
            type: string;
            /** @description For display; absent for a secret or when only the other side has it. */
            value?: string | null;
            /** @description How the file wrote it, when Helm makes something else of it. */
            written?: string | null;
        };
        /** @description The effective values of a commons as rows of a tree in document order, cut to what was asked. */
        ValuesTree: {
            /** @description What stands on the other side, when `against` was asked. */
            against?: string | null;
            commit: string;
            /** Format: uuid */
            commons: string;
            /** @description Without a chart at hand the chart's defaults are not here. */
            complete: boolean;
            layers: components["schemas"]["Layer"][];
            note?: string | null;
            rows: components["schemas"]["ValueRow"][];
            /**
             * Format: int64
             * @description Rows the filter matches.
             */
            total: number;
        };
        WaiveRequest: {
            findings: string[];
            reason: string;
            /** Format: date-time */
            until: string;
        };
        WaiveResult: {
            /** @description Ids that do not exist (or are not visible), or may not be waived by this person. */
            refused: string[];
            /** Format: int32 */
            waived: number;
        };
        WaiverRow: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            person: string;
            reason: string;
            /** Format: date-time */
            until: string;
        };
        /** @description Shown once: where the Git host should call, and the secret both sides know. */
        WebhookCreated: {
            secret: string;
            url_path: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_about: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["About"];
                };
            };
        };
    };
    get_audit: {
        parameters: {
            query?: {
                /** @description `actor:ana action:source.* result:refused object:source`, or words. */
                filter?: string;
                since?: string;
                until?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditRow"];
                };
            };
        };
    };
    get_audit_export: {
        parameters: {
            query?: {
                /** @description `actor:ana action:source.* result:refused object:source`, or words. */
                filter?: string;
                since?: string;
                until?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One row a line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
        };
    };
    get_audit_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerification"];
                };
            };
        };
    };
    get_changes: {
        parameters: {
            query?: {
                /** @description `commons:healdata.org service:fence class:version_bump author:ana tag:2026.07 source:gen3-helm chart:yes undone:yes`, or words of the title. */
                filter?: string;
                since?: string;
                until?: string;
                commons?: string;
                cluster?: string;
                /** @description Landed in this source, or concerns this fleet. */
                source?: string;
                limit?: number;
                cursor?: string;
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ChangeRow"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_changes_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangeDetail"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_clusters: {
        parameters: {
            query?: {
                /** @description 1 to 500; 100 when absent. */
                limit?: number;
                cursor?: string;
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ClusterRow"];
                };
            };
        };
    };
    get_clusters_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterDetail"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_commons: {
        parameters: {
            query?: {
                /** @description Filter tokens, the same words as in the UI: `tier:production behind:>2 cluster:midr* -service:guppy`. */
                filter?: string;
                /** @description `name`, `tier`, `cluster`, `release`, `behind`, `findings`, `last_change`; `-` before it reverses. */
                sort?: string;
                limit?: number;
                cursor?: string;
                /** @description A commit or a time: the fleet as it was. */
                at?: string;
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CommonsRow"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_commons_id: {
        parameters: {
            query?: {
                /** @description A commit or a time: the commons as it was */
                at?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommonsDetail"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patch_commons_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommonsPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommonsDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_commons_id_values: {
        parameters: {
            query?: {
                /** @description Found in path or value */
                q?: string;
                /** @description Paths that begin with this */
                prefix?: string;
                /** @description This value alone, whole */
                path?: string;
                /** @description twin, default (what the chart says), commons:ID, at:COMMIT-OR-TIME or none */
                against?: string;
                /** @description different: leave out what is the same on both sides; said: leave out the chart's defaults */
                only?: string;
                /** @description A commit or a time */
                at?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValuesTree"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_conflicts: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictRow"][];
                };
            };
        };
    };
    post_conflicts_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConflictDecision"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_diff: {
        parameters: {
            query: {
                /** @description `commons:ID`, or `commons:ID@COMMIT-OR-TIME` */
                left: string;
                right: string;
                /** @description Also what belongs to an environment */
                all?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiffResult"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
        };
    };
    get_findings: {
        parameters: {
            query?: {
                /** @description `severity:high rule:mangled-number commons:healdata.org state:open tier:production`, or words of the message. */
                filter?: string;
                /** @description `severity`, `since`, `first_seen`, `rule`, `commons`; `-` reverses. */
                sort?: string;
                limit?: number;
                cursor?: string;
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_FindingRow"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_findings_unwaive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnwaiveRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaiveResult"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_findings_waive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WaiveRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaiveResult"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_findings_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingDetail"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_matrix: {
        parameters: {
            query?: {
                /** @description Which commons: the words of `/commons` */
                filter?: string;
                /** @description A commit or a time: the fleet as it was */
                at?: string;
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matrix"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_matrix_history: {
        parameters: {
            query: {
                commons: string;
                service: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagHistory"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_me_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_me_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionRow"][];
                };
            };
        };
    };
    delete_me_sessions_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_now: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Now"];
                };
            };
        };
    };
    get_organizations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationRow"][];
                };
            };
        };
    };
    post_organizations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationWrite"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationRow"];
                };
            };
        };
    };
    delete_organizations_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patch_organizations_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationWrite"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationRow"];
                };
            };
        };
    };
    get_people: {
        parameters: {
            query?: {
                /** @description Contained in the name. */
                filter?: string;
                /** @description Only who has a role in this organization. */
                organization?: string;
                /** @description 1 to 500; 100 when absent. */
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PersonRow"];
                };
            };
        };
    };
    post_people: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonCreated"];
                };
            };
        };
    };
    delete_people_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patch_people_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonRow"];
                };
            };
        };
    };
    post_people_id_password: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonCreated"];
                };
            };
        };
    };
    get_people_id_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionRow"][];
                };
            };
        };
    };
    delete_people_id_sessions_sid: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                sid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_releases: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseList"];
                };
            };
        };
    };
    get_rollouts: {
        parameters: {
            query?: {
                /** @description 1 to 500; 100 when absent. */
                limit?: number;
                cursor?: string;
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RolloutRow"];
                };
            };
        };
    };
    get_rollouts_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolloutDetail"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_rules: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleRow"][];
                };
            };
        };
    };
    get_search: {
        parameters: {
            query: {
                /** @description Words; all must be found */
                q: string;
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResult"][];
                };
            };
        };
    };
    get_services: {
        parameters: {
            query?: {
                /** @description `service:fence tag:2026.* enabled:yes behind:>2` */
                filter?: string;
                limit?: number;
                cursor?: string;
                at?: string;
                /** @description Only of this organization */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ServiceRow"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    post_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
        };
    };
    patch_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
        };
    };
    get_setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
        };
    };
    post_setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    get_sources: {
        parameters: {
            query?: {
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceRow"][];
                };
            };
        };
    };
    post_sources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceRow"];
                };
            };
        };
    };
    post_sources_probe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceProbe"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProbeResult"];
                };
            };
        };
    };
    get_sources_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceRow"];
                };
            };
        };
    };
    delete_sources_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patch_sources_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourcePatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceRow"];
                };
            };
        };
    };
    post_sources_id_fetch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceRow"];
                };
            };
        };
    };
    post_sources_id_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookCreated"];
                };
            };
        };
    };
    delete_sources_id_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_tokens: {
        parameters: {
            query?: {
                /** @description Everybody's, for who may read people everywhere. */
                all?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenRow"][];
                };
            };
        };
    };
    post_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenCreated"];
                };
            };
        };
    };
    delete_tokens_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_views: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"][];
                };
            };
        };
    };
    post_views: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SavedViewCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
        };
    };
    delete_views_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_webhooks_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
