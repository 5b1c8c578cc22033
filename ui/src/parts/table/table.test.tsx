import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { show } from "@/test/show";
import { grouped, nextSort, shownColumns, type Column } from "./columns";
import { useSelection } from "./selection";
import { Table } from "./table";

interface Thing { id: string; name: string; tier: string }
const rows: Thing[] = [{ id: "1", name: "heart", tier: "production" }, { id: "2", name: "lung", tier: "staging" }, { id: "3", name: "brain", tier: "production" }];
const columns: Column<Thing>[] = [
  { id: "name", head: "Name", sort: "name", phone: true, cell: (row) => row.name }, { id: "tier", head: "Tier", width: 90, cell: (row) => row.tier },
  { id: "id", head: "Id", optional: true, cell: (row) => row.id },
];

function Things({ group = false }) {
  const selection = useSelection();
  return <><Table label="Things" rows={rows} rowKey={(row) => row.id} rowName={(row) => row.name} columns={columns} panel page={(row) => `/things/${row.id}`} selection={selection} groupBy={group ? (row) => row.tier : undefined} groupOrder={["staging", "production"]} /><p>selected: {selection.keys.join(",")}</p></>;
}

it("is worked by keys: j moves, enter opens, x selects, o goes to the page", async () => {
  const { url } = await show(<Things />);
  const user = userEvent.setup();
  screen.getByRole("row", { name: /heart/ }).focus();
  await user.keyboard("j");
  expect(document.activeElement).toBe(screen.getByRole("row", { name: /lung/ }));
  await user.keyboard("x");
  expect(screen.getByText("selected: 2")).toBeTruthy();
  await user.keyboard("{Enter}");
  expect(url()).toBe("/?open=2");
  await user.keyboard("jo");
  expect(url()).toBe("/things/3");
});

it("sorts by the head of a column, through the URL", async () => {
  const { url } = await show(<Things />);
  const user = userEvent.setup();
  const head = within(screen.getByRole("columnheader", { name: "Name" })).getByRole("button");
  await user.click(head);
  expect(url()).toBe("/?sort=name");
  await user.click(head);
  expect(url()).toBe("/?sort=-name");
});

it("shows groups with their counts in the given order", async () => {
  await show(<Things group />);
  expect(screen.getAllByRole("rowheader").map((cell) => cell.textContent)).toEqual(["staging 1", "lung", "production 2", "heart", "brain"]);
});

it("columns: own, chosen, and on a phone", () => {
  const ids = (list: Column<Thing>[]) => list.map((column) => column.id);
  expect(ids(shownColumns(columns, undefined, false))).toEqual(["name", "tier"]);
  expect(ids(shownColumns(columns, "id", false))).toEqual(["name", "id"]);
  expect(ids(shownColumns(columns, "id", true))).toEqual(["name"]);
  const many: Column<Thing>[] = [{ id: "a", head: "", width: 200, cell: () => "" }, { id: "b", head: "", width: 100, wide: true, cell: () => "" }, { id: "c", head: "", cell: () => "" }, { id: "d", head: "", width: 100, wide: true, cell: () => "" }];
  expect([600, 500, 400, 50].map((width) => ids(shownColumns(many, undefined, false, width)).join(""))).toEqual(["abcd", "abc", "ac", "ac"]);
  expect(shownColumns([{ id: "s", head: "", width: 100, phone: 38, cell: () => "" }, { id: "m", head: "", phone: true, cell: () => "" }] as Column<Thing>[], undefined, true).map((column) => column.width)).toEqual([38, undefined]);
  expect(["a", undefined, "-a"].map((now) => nextSort(now, "a"))).toEqual(["-a", "a", undefined]);
  expect(grouped([], (row: Thing) => row.id, undefined)).toEqual([]);
});
