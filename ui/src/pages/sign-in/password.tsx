import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { useTitle } from "@/app/title";
import { Failed } from "@/parts/states";
import { Alone } from "./alone";

export function PasswordForm({ done }: { done?: () => void }) {
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const change = useMutation({
    mutationFn: () => api.post("/me/password", { current, new: fresh }),
    onSuccess: () => { setCurrent(""); setFresh(""); done?.(); },
  });
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); change.mutate(); }}>
      <PasswordInput label="Present password" autoComplete="current-password" required value={current} onChange={(event) => { setCurrent(event.target.value); }} />
      <PasswordInput label="New password" description="At least 12 characters" autoComplete="new-password" minLength={12} required value={fresh} onChange={(event) => { setFresh(event.target.value); }} />
      {change.error && <Failed error={change.error} compact />}
      {change.isSuccess && <p role="status">The password is changed.</p>}
      <div><Button type="submit" loading={change.isPending}>Change the password</Button></div>
    </form>
  );
}

/** After signing in with a one-time password. */
export function NewPasswordPage() {
  useTitle("New password");
  return <Alone title="Choose a password"><p className="dim">You signed in with a password made for one use.</p><PasswordForm /></Alone>;
}
