import { Button, Popover } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import { useView } from "@/url/view";
import { A } from "./link";
import { Failed } from "./states";

/** A view is a name for a URL: filters, sort, group, columns and all. */
export function SaveView() {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" trapFocus transitionProps={{ duration: 0 }}>
      <Popover.Target><button type="button" className="menu-button" onClick={() => { setOpen(!open); }}>views<span aria-hidden> ▾</span></button></Popover.Target>
      <Popover.Dropdown className="facet views" aria-label="Saved views">{open && <Views done={() => { setOpen(false); }} />}</Popover.Dropdown>
    </Popover>
  );
}

function Views({ done }: { done: () => void }) {
  const view = useView();
  const asked = useQuery(ask.views());
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const save = useMutation({
    mutationFn: () => api.post("/views", { name, shared, url: window.location.pathname + window.location.search }),
    onSuccess: () => { setName(""); },
  });
  const remove = useMutation({ mutationFn: (id: string) => api.remove(`/views/${id}`) });
  const here = asked.data?.filter((one) => one.url.split("?")[0] === view.path) ?? [];
  return (
    <div className="stack">
      {here.length === 0 && <p className="dim">No saved view of this page yet. Name what you see now to keep its filter, sort, group and columns.</p>}
      <ul>
        {here.map((one) => (
          <li key={one.id} className="row">
            <A className="grow cut" href={one.url} onClick={done}>{one.name}</A>
            {one.shared && <span className="dim tiny">by {one.person}</span>}
            {one.mine && <button type="button" className="bare icon" aria-label={`Remove the view ${one.name}`} onClick={() => { remove.mutate(one.id); }}>✕</button>}
          </li>
        ))}
      </ul>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
        <input className="facet-search" required maxLength={80} placeholder="Name of this view" aria-label="Name of this view" value={name} onChange={(event) => { setName(event.target.value); }} />
        <label className="tick"><input type="checkbox" checked={shared} onChange={(event) => { setShared(event.target.checked); }} />for everybody</label>
        {save.error && <Failed error={save.error} compact />}
        <Button type="submit" loading={save.isPending}>Save this view</Button>
      </form>
    </div>
  );
}
