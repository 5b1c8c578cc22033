// The frame of every page: rail, bar, the banner of the time machine, palette and help. It also decides
// whether somebody is signed in.
import { Outlet } from "@tanstack/react-router";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { Failure, setCsrf } from "@/api/client";
import { listen } from "@/api/live";
import { ask } from "@/api/queries";
import { Failed, Skeleton } from "@/parts/states";
import { useView } from "@/url/view";
import { Bar } from "./bar";
import { Banner } from "./at";
import { useCutTitles } from "./cut";
import { useKeys } from "./keys";
import { Palette } from "./palette";
import { Rail } from "./rail";

const SignIn = lazy(() => import("@/pages/sign-in/sign-in").then((m) => ({ default: m.SignInPage })));
const NewPassword = lazy(() => import("@/pages/sign-in/password").then((m) => ({ default: m.NewPasswordPage })));
const Help = lazy(() => import("./help").then((m) => ({ default: m.Help })));

export function Shell() {
  const { path } = useView();
  const session = useQuery({ ...ask.session(), enabled: path !== "/setup" });
  setCsrf(session.data?.csrf);
  if (path === "/setup") return <Suspense><Outlet /></Suspense>;
  if (session.data?.must_change_password) return <Suspense><NewPassword /></Suspense>;
  if (session.data) return <Frame />;
  if (session.error instanceof Failure && session.error.status === 401) return <Suspense><SignIn /></Suspense>;
  if (session.error) return <div className="alone"><Failed error={session.error} retry={() => { void session.refetch(); }} /></div>;
  return <div className="shell"><div className="rail" /><div className="bar" /><main className="main"><Skeleton lines={10} /></main></div>;
}

function Frame() {
  const client = useQueryClient();
  const [over, setOver] = useState<"palette" | "help" | undefined>();
  useEffect(() => listen(client), [client]);
  const show = useCallback((what: "palette" | "help" | undefined) => { flushSync(() => { setOver(what); }); }, []);
  useKeys(show);
  useCutTitles();
  const close = () => { setOver(undefined); };
  return (
    <div className="shell">
      <a className="skip" href="#main">Skip to the page</a>
      <Rail />
      <Bar onPalette={() => { setOver("palette"); }} />
      <main className="main" id="main" tabIndex={-1}>
        <Banner />
        <Outlet />
      </main>
      {over === "palette" && <Palette close={close} help={() => { setOver("help"); }} />}
      <Suspense>
        {over === "help" && <Help close={close} />}
      </Suspense>
    </div>
  );
}
