// Public keys of the example issuer, as its jwks_uri serves them. The private half was thrown away.
export const issuerKeys = {
  keys: [
    {
      kty: "RSA",
      kid: "2026-11",
      use: "sig",
      alg: "RS256",
      e: "AQAB",
      n: "rCcPoI-RpqzT-gjxfMNUo_8yujvFrQb_Kxob8ceLx2P1axlcJ1ckS-zHDbiJyCs4qAI9-pXrIQ7yp7GKWlsxK9qiY18UmPLg9eC1DhAgjhvPRRrJklFKdKoVWBwQgRo72dhuGpSiNTjnwKlGPbVmfSAso9Sf9uC0kgdvWYWe8NhX97rzBf6dikuSFNmZgTm0qkq1aTBG3aXDNcX-SxUCxSB6zM8ls4iGCstH3yydd3No5XbSMdPvcdUYIPQU4vzTVb6sRfYlsUb6rWGHkE-gTAj7Cww-O4rcRPK7-kKruak3lZCADhN0eSC848CceIP2Mv1HfqUHn5Ebz8Kash6JOw",
    },
  ],
};
