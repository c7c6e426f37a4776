import { WAIVABLE } from "../../lib/beside/config";
import { besideControls } from "../../lib/beside/controls";
import { CONTROLS } from "../../lib/checklist/controls";
import { type TerraformJson } from "../../lib/terraform/plan";
import { IN, one, several, type Added } from "../addition/added";
import { at, attachment, file, judged, partner, seen, TEXT, waiving, type Source } from "./waived";

describe("what a block refers to has been seen, too", () => {
  const POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
  const by = (policy_arn: string, sections: object, added: Added = {}): TerraformJson => ({
    ...file.with(several(attachment({ policy_arn }), added), "complete/beside"),
    ...sections,
  });
  test.each<[string, TerraformJson, TerraformJson]>([
    ["a local", by("${local.p}", { locals: { p: POLICY } }), by("${local.p}", { locals: { p: admin } })],
    [
      "a local behind a local, in a list of sections",
      by("${trim(local.p)}", { locals: [{ p: "${local.q}" }, { q: POLICY }] }),
      by("${trim(local.p)}", { locals: [{ p: "${local.q}" }, { q: admin }] }),
    ],
    [
      "the default of a variable",
      by("${var.p}", { variable: { p: { default: POLICY } } }),
      by("${var.p}", { variable: { p: { default: admin } } }),
    ],
    [
      "what is looked up",
      by("${data.aws_iam_policy.p.arn}", {}, { "data.aws_iam_policy": { p: { arn: POLICY } } }),
      by("${data.aws_iam_policy.p.arn}", {}, { "data.aws_iam_policy": { p: { arn: admin } } }),
    ],
    [
      "a module",
      by("${module.p.arn}", { module: { p: { source: "./p", rights: "few" } } }),
      by("${module.p.arn}", { module: { p: { source: "./p", rights: "all" } } }),
    ],
    [
      "another resource, and the document that it takes",
      by(
        "${aws_iam_policy.p.arn}",
        {},
        {
          aws_iam_policy: { p: { policy: "${data.aws_iam_policy_document.d.json}" } },
          "data.aws_iam_policy_document": { d: { statement: [{ actions: ["s3:GetObject"] }] } },
        },
      ),
      by(
        "${aws_iam_policy.p.arn}",
        {},
        {
          aws_iam_policy: { p: { policy: "${data.aws_iam_policy_document.d.json}" } },
          "data.aws_iam_policy_document": { d: { statement: [{ actions: ["s3:*"] }] } },
        },
      ),
    ],
  ])("%s", (_what, before, after) => {
    const waiver = seen(before);
    expect(at(waiving(before, waiver)).result).toBe("waived");
    expect(at(waiving(after, waiver)).result).toBe("unknown");
  });
  test("but not what is ours, which is judged by itself", () => {
    const waiver = seen(partner);
    const source = waiving(partner, waiver) as unknown as Source;
    for (const body of Object.values(source["resource"]?.["aws_iam_role"] ?? {}))
      body["description"] = "another";
    expect(at(source as unknown as TerraformJson).result).toBe("waived");
  });
  test("and what somebody joins to it, however far", () => {
    const address = "aws_apigatewayv2_integration.added";
    const door = one("aws_apigatewayv2_integration", { integration_uri: file.ref(IN.listener, "arn") });
    const before = file.with(door, "complete/beside");
    const waiver = seen(before, "beside.no-other-door", address);
    const result = (source: TerraformJson) => at(waiving(source, waiver), waiver.control, waiver.at).result;
    expect(result(before)).toBe("waived");
    const route = one("aws_apigatewayv2_route", {
      route_key: "$default",
      target: "integrations/${aws_apigatewayv2_integration.added.id}",
    });
    const behind = one("aws_apigatewayv2_route_response", { route_id: "${aws_apigatewayv2_route.added.id}" });
    const hidden = {
      ...file.with(
        several(door, one("aws_apigatewayv2_route", { target: "${local.way}" })),
        "complete/beside",
      ),
    };
    const byLocal = { ...hidden, locals: { way: "integrations/${aws_apigatewayv2_integration.added.id}" } };
    expect(seen(byLocal, waiver.control, address).seen).not.toBe(waiver.seen);
    const joined = seen(file.with(several(door, route), "complete/beside"), waiver.control, address);
    expect(joined.seen).not.toBe(waiver.seen);
    const further = seen(file.with(several(door, route, behind), "complete/beside"), waiver.control, address);
    expect(further.seen).not.toBe(joined.seen);
    const other = {
      aws_route53_record: { other: { name: "other.example.com", type: "TXT", records: ["x"] } },
    };
    expect(result(file.with(several(door, other), "complete/beside"))).toBe("waived");
  });
  test("a block that is made for each of a list: the list, also inside of it", () => {
    const repeated = (list: string) => by(POLICY, { locals: { all: list } }, {});
    const dynamic = (each: unknown) => {
      const source = JSON.parse(JSON.stringify(repeated("x"))) as Source;
      const body = source["resource"]?.["aws_iam_role_policy_attachment"]?.["added"] as Record<
        string,
        unknown
      >;
      body["dynamic"] = { more: { for_each: each, content: { value: "${more.value}" } } };
      return source as unknown as TerraformJson;
    };
    const waiver = seen(dynamic(["a"]));
    expect(at(waiving(dynamic(["a"]), waiver)).result).toBe("waived");
    expect(at(waiving(dynamic(["a", "b"]), waiver)).result).toBe("unknown");
  });
});

describe("an attribute that was added to a block of ours", () => {
  const KNOWN = "beside.attributes-known";
  const address = file.at(IN.definition);
  const adding = (more: object): TerraformJson => {
    const source = JSON.parse(TEXT) as Source;
    const [type = "", name = ""] = address.split(".");
    Object.assign(source["resource"]?.[type]?.[name] ?? {}, more);
    return source as unknown as TerraformJson;
  };
  const volume = { volume: [{ name: "scratch" }] };
  const waiver = seen(adding(volume), KNOWN, address);
  test.each<[string, object, string]>([
    ["as it was seen", volume, "waived"],
    ["with a new size of the task, which is judged by others", { ...volume, cpu: "4096" }, "waived"],
    ["with a tag", { ...volume, tags: { a: "b" } }, "waived"],
    ["with another value", { volume: [{ name: "scratch", host_path: "/" }] }, "fail"],
    ["with a second attribute", { ...volume, track_latest: true }, "fail"],
    ["with a second one inside", { ...volume, runtime_platform: [{ other: 1 }] }, "fail"],
    ["once it is no longer kept up", { ...volume, lifecycle: { ignore_changes: ["volume"] } }, "fail"],
    ["instead of another", { track_latest: true }, "fail"],
  ])("%s", (_what, more, result) => {
    expect(at(waiving(adding(more), waiver), KNOWN, address).result).toBe(result);
  });
  test("that refers to a value which changes", () => {
    const by = (path: string) => ({
      ...adding({ volume: [{ host_path: "${local.path}" }] }),
      locals: { path },
    });
    const local = seen(by("/a"), KNOWN, address);
    expect(at(waiving(by("/a"), local), KNOWN, address).result).toBe("waived");
    expect(at(waiving(by("/"), local), KNOWN, address).result).toBe("fail");
  });
});

describe("what is not waived at a block", () => {
  test("is everything but what the list names", () => {
    expect(
      CONTROLS.filter(({ seen: of }) => of !== undefined)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...WAIVABLE]);
    expect(besideControls.filter(({ seen: of }) => of === undefined).map(({ id }) => id)).toEqual([
      "beside.written-once",
    ]);
  });
  test("also where somebody has written it into the file", () => {
    const source = JSON.parse(TEXT) as Source;
    const definitions = source["resource"]?.["aws_ecs_task_definition"] ?? {};
    for (const body of Object.values(definitions)) {
      const containers = JSON.parse(String(body["container_definitions"])) as object[];
      body["container_definitions"] = JSON.stringify([...containers, { name: "agent", image: "agent" }]);
    }
    const found = judged(source as unknown as TerraformJson).verdicts.filter(
      ({ result }) => result === "fail",
    );
    expect(found.map(({ control }) => control)).toContain("task.nothing-added");
    expect(found.filter(({ seen: digest }) => digest !== undefined)).toEqual([]);
    const waivers = found.map(({ control, address = "" }) => ({
      control,
      at: address,
      seen: `sha256:${"0".repeat(64)}`,
    }));
    const after = judged(waiving(source as unknown as TerraformJson, ...waivers));
    expect(after.counts).toMatchObject({ fail: found.length, waived: 0 });
  });
  test("not even what a field of the configuration could waive: a waiver of one block is none of all", () => {
    const source = JSON.parse(TEXT) as Source;
    for (const body of Object.values(source["resource"]?.["aws_lb"] ?? {})) delete body["access_logs"];
    const control = "ingress.lb-logs";
    const address = file.at(IN.balancer);
    const after = (waiver: object) =>
      at(waiving(source as unknown as TerraformJson, { control, ...waiver } as never), control, address)
        .result;
    expect(after({ field: "ingress.logs" })).toBe("waived");
    expect(after({ field: "ingress.logs", at: address, seen: `sha256:${"0".repeat(64)}` })).toBe("fail");
  });
});
