import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { show } from "@/test/show";
import { FilterBar } from "./bar";
import { complete } from "./complete";

const names = { tier: "production, staging", cluster: "where" };
const facets = { tier: [{ value: "production", count: 4 }, { value: "staging", count: 2 }], cluster: [{ value: "heart prod", count: 1 }] };

it("completes names, then the values that exist", () => {
  expect(complete("tie", names, facets).map((offer) => offer.text)).toEqual(["tier:"]);
  expect(complete("tier:st", names, facets).map((offer) => offer.text)).toEqual(["tier:staging"]);
  expect(complete("-cluster:", names, facets).map((offer) => offer.text)).toEqual(['-cluster:"heart prod"']);
  expect(complete("heart", names, facets).map((offer) => offer.text)).toEqual(['cluster:"heart prod"']);
});

it("typing and choosing makes a token in the URL; it can be turned around and removed", async () => {
  const { url } = await show(<FilterBar names={names} facets={facets} placeholder="Filter commons" />);
  const user = userEvent.setup();
  await user.type(screen.getByRole("combobox", { name: "Filter commons" }), "tier:pro{ArrowDown}{Enter}");
  expect(url()).toBe("/?filter=tier:production");
  await user.click(screen.getByRole("button", { name: "Exclude tier:production" }));
  expect(url()).toBe("/?filter=-tier:production");
  await user.click(screen.getByRole("button", { name: "Remove -tier:production" }));
  expect(url()).toBe("/");
});

it("backspace in the empty field takes the last token back as text", async () => {
  await show(<FilterBar names={names} facets={facets} placeholder="Filter commons" />, "/?filter=tier:dev%20guppy");
  const user = userEvent.setup();
  const field = screen.getByRole<HTMLInputElement>("combobox", { name: "Filter commons" });
  await user.click(field);
  await user.keyboard("{Backspace}");
  expect(field.value).toBe("guppy");
});
