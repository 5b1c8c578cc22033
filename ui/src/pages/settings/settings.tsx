import { useParams } from "@tanstack/react-router";
import { useTitle } from "@/app/title";
import { useMay } from "@/app/me";
import { A } from "@/parts/link";
import { Empty } from "@/parts/states";
import { Account } from "./account";
import { Appearance } from "./appearance";
import { Environment } from "./environment";
import { Organizations } from "./organizations";
import { People } from "./people";
import { Sources } from "./sources";
import { Tokens } from "./tokens";
import "@/pages/one/one.css";
import "./settings.css";

const TABS: [id: string, name: string, permission?: string][] = [
  ["sources", "Sources", "source:read"], ["people", "People", "people:read"], ["organizations", "Organizations", "fleet:read"], ["tokens", "Tokens"],
  ["environment", "Comparing", "config:read"], ["appearance", "Appearance"], ["account", "Your account"],
];

export function SettingsPage() {
  const { tab = "sources" } = useParams({ strict: false }) as { tab?: string };
  const may = useMay();
  const shown = TABS.filter(([, , permission]) => !permission || may(permission));
  const name = TABS.find(([id]) => id === tab)?.[1] ?? "Settings";
  useTitle(name);
  return (
    <div className="page">
      <div className="page-head bare-head"><h1>Settings</h1></div>
      <nav className="tabs" aria-label="Settings">{shown.map(([id, label]) => <A key={id} href={`/settings/${id}`} aria-current={tab === id ? "page" : undefined}>{label}</A>)}</nav>
      <Tab tab={tab} />
    </div>
  );
}

function Tab({ tab }: { tab: string }) {
  switch (tab) {
    case "sources": return <Sources />;
    case "people": return <People />;
    case "organizations": return <Organizations />;
    case "tokens": return <Tokens />;
    case "environment": return <Environment />;
    case "appearance": return <Appearance />;
    case "account": return <Account />;
    default: return <Empty title="There is no such setting">Choose one of the tabs above.</Empty>;
  }
}
