import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { Me } from "@/api/types";
import { useTitle } from "@/app/title";
import { Failed } from "@/parts/states";
import { Alone } from "./alone";

export function SignInPage() {
  useTitle("Sign in");
  const client = useQueryClient();
  const setup = useQuery(ask.setup());
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: () => api.post<Me>("/session", { name, password }),
    onSuccess: (me) => { client.setQueryData(["session"], me); },
  });
  return (
    <Alone title="Sign in">
      {setup.data?.needed && (
        <p className="note warn">Nobody has an account here yet. Open the address that csoc printed at its first start (it ends in <code>/setup#code=…</code>), or run <code>csoc serve</code> again to see it.</p>
      )}
      <form className="form" onSubmit={(event) => { event.preventDefault(); enter.mutate(); }}>
        <TextInput label="Name" autoComplete="username" required data-autofocus value={name} onChange={(event) => { setName(event.target.value); }} />
        <PasswordInput label="Password" autoComplete="current-password" required value={password} onChange={(event) => { setPassword(event.target.value); }} />
        {enter.error && <Failed error={enter.error} compact />}
        <Button type="submit" size="sm" loading={enter.isPending}>Sign in</Button>
      </form>
    </Alone>
  );
}
