import "@mantine/core/styles/PasswordInput.css";
import "@mantine/core/styles/ActionIcon.css";
import type { ReactNode } from "react";

/** A page without the frame: for those who are not signed in. */
export function Alone({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="alone stack wide">
      <div className="row"><img src="/favicon.svg" width="22" height="22" alt="" /><b>csoc</b></div>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
