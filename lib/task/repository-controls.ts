import { blockAt, texts } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";

const REPOSITORY = "aws_ecr_repository";

const immutable: Control = {
  id: "task.repository-immutable",
  item: 5,
  says: "Tags of images cannot be moved",
  why: "People still read tags: one that moved makes them run something else.",
  on: [REPOSITORY],
  judge: ({ body }) =>
    body.image_tag_mutability === "IMMUTABLE" ? HOLDS : fails("its tags can be moved to other images"),
  maps: { fsbp: ["ECR.2"], checkov: ["CKV_AWS_51"], owasp: ["MCP04"] },
};

const scanned: Control = {
  id: "task.repository-scanned",
  item: 15,
  says: "Images are scanned when they are pushed",
  why: "A known vulnerability should be known before it runs.",
  on: [REPOSITORY],
  judge: ({ body }) =>
    blockAt(body, "image_scanning_configuration").scan_on_push === true
      ? HOLDS
      : fails("its images are not scanned"),
  maps: { fsbp: ["ECR.1"], checkov: ["CKV_AWS_163"], owasp: ["MCP04"] },
};

const encrypted: Control = {
  id: "task.repository-encrypted",
  item: 6,
  says: "Images are encrypted with a customer's key",
  why: "The key's policy says who can read the code, whatever the repository's says.",
  on: [REPOSITORY],
  judge: ({ body }) => {
    const { encryption_type: type, kms_key: key } = blockAt(body, "encryption_configuration");
    return type === "KMS" && texts(key).length > 0 ? HOLDS : fails("it has no key of the customer's");
  },
  maps: { fsbp: ["ECR.5"], checkov: ["CKV_AWS_136"] },
};

/** Controls of repositories for images. */
export const repositoryControls: readonly Control[] = [immutable, scanned, encrypted];
