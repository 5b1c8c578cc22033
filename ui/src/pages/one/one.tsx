// One commons: its header, and the tabs.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ask } from "@/api/queries";
import type { CommonsDetail } from "@/api/types";
import { useScope } from "@/app/scope";
import { useTitle } from "@/app/title";
import { useMay } from "@/app/me";
import { A } from "@/parts/link";
import { Answer, Skeleton } from "@/parts/states";
import { Header } from "./header";
import { Overview } from "./overview";
import { Services } from "./services";
import "./one.css";

const Config = lazy(() => import("./config/config").then((m) => ({ default: m.Config })));
const Timeline = lazy(() => import("./timeline/timeline").then((m) => ({ default: m.Timeline })));
const Findings = lazy(() => import("./findings").then((m) => ({ default: m.CommonsFindings })));

const TABS: [id: string, name: string, permission?: string][] = [
  ["overview", "Overview"], ["services", "Services"], ["config", "Config", "config:read"], ["timeline", "Timeline"], ["findings", "Findings", "finding:read"],
];

export function OneCommonsPage() {
  const { id, tab = "overview" } = useParams({ strict: false }) as { id: string; tab?: string };
  const scope = useScope();
  const asked = useQuery(ask.oneCommons(id, { at: scope.at }));
  useTitle(asked.data?.commons.name ?? "Commons");
  return (
    <div className="page">
      <Answer asked={asked} skeleton={<><div className="one-head" /><Skeleton lines={12} /></>}>
        {(detail) => <><Header detail={detail} /><Tabs detail={detail} tab={tab} /><Suspense fallback={<Skeleton lines={12} />}><Tab detail={detail} tab={tab} /></Suspense></>}
      </Answer>
    </div>
  );
}

function Tabs({ detail, tab }: { detail: CommonsDetail; tab: string }) {
  const may = useMay();
  const { id, findings, organization } = detail.commons;
  const counts: Record<string, number> = {
    // What cannot be read is not none.
    ...(detail.commons.state.config === "unreadable" && detail.services.length === 0 ? {} : { services: detail.services.filter((service) => service.enabled).length }),
    findings: findings.critical + findings.high + findings.medium + findings.low + findings.info,
  };
  return (
    <nav className="tabs" aria-label="Of this commons">
      {TABS.filter(([, , permission]) => !permission || may(permission, organization)).map(([name, label]) => (
        <A key={name} href={name === "overview" ? `/commons/${id}` : `/commons/${id}/${name}`} aria-current={tab === name ? "page" : undefined}>{label}{counts[name] !== undefined && <span className="dim"> {counts[name]}</span>}</A>
      ))}
    </nav>
  );
}

function Tab({ detail, tab }: { detail: CommonsDetail; tab: string }) {
  switch (tab) {
    case "services": return <Services detail={detail} />;
    case "config": return <Config detail={detail} />;
    case "timeline": return <Timeline detail={detail} />;
    case "findings": return <Findings detail={detail} />;
    default: return <Overview detail={detail} />;
  }
}
