// The first person: the code stands behind the # of the printed address, which no server log ever sees.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { Me } from "@/api/types";
import { useTitle } from "@/app/title";
import { Answer, Failed } from "@/parts/states";
import { useView } from "@/url/view";
import { Alone } from "./alone";

export function SetupPage() {
  useTitle("Set up");
  const setup = useQuery(ask.setup());
  const view = useView();
  return (
    <Alone title="Set up csoc">
      <Answer asked={setup}>
        {(state) => state.needed ? <FirstPerson /> : (
          <div className="stack"><p>csoc is set up already: the code has been used.</p><div><Button onClick={() => { view.go("/"); }}>Go to csoc</Button></div></div>
        )}
      </Answer>
    </Alone>
  );
}

function FirstPerson() {
  const client = useQueryClient();
  const view = useView();
  const [code, setCode] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get("code") ?? "");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: () => api.post<Me>("/setup", { code, name, password }),
    onSuccess: (me) => {
      client.setQueryData(["session"], me);
      view.go("/");
    },
  });
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); enter.mutate(); }}>
      <p className="dim">You become the administrator of this installation. Others are added later under Settings, People.</p>
      <TextInput label="Setup code" description="Printed by csoc at its first start" required value={code} onChange={(event) => { setCode(event.target.value.trim()); }} />
      <TextInput label="Name" description="What you sign in with" autoComplete="username" required value={name} onChange={(event) => { setName(event.target.value); }} />
      <PasswordInput label="Password" description="At least 12 characters" autoComplete="new-password" minLength={12} required value={password} onChange={(event) => { setPassword(event.target.value); }} />
      {enter.error && <Failed error={enter.error} compact />}
      <Button type="submit" size="sm" loading={enter.isPending}>Create the account and sign in</Button>
    </form>
  );
}
