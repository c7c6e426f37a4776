import { labelled, objectsIn, type WrittenBlock } from "./written";

type Fields = Readonly<Record<string, unknown>>;

/** What a deployment would hold or do that does not stand in the file's blocks, each as a sentence's end. */
export function beyondTheFile(source: Fields, blocks: readonly WrittenBlock[]): string[] {
  const modules = labelled(source.module, "module").map(
    ([name]) => `the module ${name} makes what only a plan shows`,
  );
  const commands = blocks
    .filter(({ body }) => body.provisioner !== undefined)
    .map(({ type, name }) => `${type}.${name} runs commands at deployment`);
  return [
    ...modules,
    ...commands,
    ...blocks.flatMap(readingThatRuns),
    ...twoLabels(source, "action").map((address) => `the action ${address} is done at deployment`),
    ...blocks.filter(({ mode }) => mode === "resource").flatMap(makesMore),
    ...leftAndTaken(source),
    ...otherProviders(source),
  ];
}

/** What is called to be read: at each plan, and before anybody has seen what it does. */
const RUNS: Readonly<Record<string, string>> = {
  aws_ecs_task_execution: "runs a task at each plan",
  aws_lambda_invocation: "calls a function at each plan",
  external: "runs a program",
};

function readingThatRuns({ mode, type, name }: WrittenBlock): string[] {
  const isRead = mode !== "resource" && Object.hasOwn(RUNS, type);
  return isRead ? [`${mode}.${type}.${name} ${RUNS[type]}`] : [];
}

/** Types by which something is made that has its own language, and no block here. */
const MAKERS: readonly (readonly [RegExp, string])[] = [
  [/^(aws_cloudformation_stack|aws_serverlessapplicationrepository_)/, "makes what its template says"],
  [/^aws_servicecatalog_provisioned_product$/, "makes what somebody else's product says"],
  [
    /^(aws_cloudcontrolapi_resource|awscc_.*)$/,
    "is made by a way that is not judged: its type is another here",
  ],
  [
    /^(ansible_|restapi_object$|shell_script|terracurl_)/,
    "does at deployment what it was told, whatever that is",
  ],
];

function makesMore({ type, name }: WrittenBlock): string[] {
  const found = MAKERS.find(([types]) => types.test(type));
  return found === undefined ? [] : [`${type}.${name} ${found[1]}`];
}

/** What stays without a block, and what is there before its block: with all that somebody has done to it. */
function leftAndTaken({ removed, import: taken }: Fields): string[] {
  const left = objectsIn(removed).flatMap(({ from, lifecycle, provisioner }) => [
    ...(objectsIn(lifecycle).some(({ destroy }) => String(destroy) === "false")
      ? [`${address(from)} stays as it is, and is in the file no longer`]
      : []),
    ...(provisioner === undefined ? [] : [`${address(from)} runs commands when it is removed`]),
  ]);
  const found = objectsIn(taken).map(
    ({ to }) => `${address(to)} is taken over as it is found, with whatever was joined to it there`,
  );
  return [...left, ...found];
}

function address(value: unknown): string {
  return String(value).replace(/^\$\{\s*|\s*\}$/g, "");
}

/** Providers that everything here knows, by their local names. */
const KNOWN: Readonly<Record<string, string>> = {
  archive: "hashicorp/archive",
  aws: "hashicorp/aws",
  cloudflare: "cloudflare/cloudflare",
  random: "hashicorp/random",
  tls: "hashicorp/tls",
};

/** A source in full, without the name of one of the two public registries. */
function inFull(source: string): string {
  const short = source.toLowerCase().replace(/^registry\.(terraform\.io|opentofu\.org)\//, "");
  return short.includes("/") ? short : `hashicorp/${short}`;
}

function otherProviders({ terraform, provider }: Fields): string[] {
  const sources = objectsIn(terraform)
    .flatMap(({ required_providers: required }) => objectsIn(required))
    .flatMap((required) => Object.entries(required))
    .flatMap(([name, one]) => objectsIn(one).map(({ source }): [string, unknown] => [name, source]));
  const strange = sources.flatMap(([name, from]) => {
    const known = KNOWN[name];
    const isSame = typeof from !== "string" || known === undefined || inFull(from) === known;
    return isSame
      ? []
      : [`the provider ${name} comes from ${from}: what it does with these blocks is not known`];
  });
  const elsewhere = labelled(provider, "provider").flatMap(([name, one]) => {
    const configured = objectsIn(one);
    const isOf = (field: string) => configured.some((each) => isSet(each[field]));
    return [
      ...(isOf("endpoints") ? [`the provider ${name} calls other addresses than its service's own`] : []),
      ...(isOf("insecure") ? [`the provider ${name} takes any certificate for its service's`] : []),
    ];
  });
  return [...strange, ...elsewhere];
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isSet);
  if (typeof value === "object" && value !== null) return Object.values(value).some(isSet);
  return value !== undefined && value !== null && value !== false && value !== "false" && value !== "";
}

/** `TYPE.NAME` of all blocks of a section with two labels. */
function twoLabels(source: Fields, section: string): string[] {
  return labelled(source[section], section).flatMap(([type, all, at]) =>
    labelled(all, at).map(([name]) => `${type}.${name}`),
  );
}
