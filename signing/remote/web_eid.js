// Web eID in the service's pages. The library itself (web-eid.js, MIT, by the Web eID project) is not part of this
// program and not on npm's public registry: docs/signing/web-eid.md says how it is put in place. Pass its module in:
//
//   import * as webeid from "/static/web-eid.js";
//   const token = await authenticationToken(webeid, nonce, "en");
//
// Errors of the library carry `code`, e.g. "ERR_WEBEID_USER_CANCELLED"; they pass through as they are.

const HASH_FUNCTIONS = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };

// The token for the service's log-in. `nonce`: from the service, in this browser, used once.
export async function authenticationToken(webeid, nonce, lang) {
  return webeid.authenticate(nonce, { lang });
}

// The beginning of a signing operation (POST /v1/signing-operations, with `requests` added): the certificate, and what
// the card can do.
export async function cardOperation(webeid, lang) {
  const { certificate, supportedSignatureAlgorithms } = await webeid.getSigningCertificate({ lang });
  const offered = supportedSignatureAlgorithms.map((one) =>
    [one.cryptoAlgorithm, one.hashFunction, one.paddingScheme].join("/"));
  return { way: "web_eid", certificate, parameters: { supported_algorithms: offered.join(" ") } };
}

// Answers the operation's prompt "sign" (POST …/answer as `signatures`): signatures (Base64, r‖s from elliptic curves) by reference. `tasks`:
// [{reference, digest (Base64), digest_algorithm}]. The card asks for its PIN once for each.
export async function cardSignatures(webeid, certificate, tasks, lang) {
  const signatures = {};
  for (const { reference, digest, digest_algorithm: name } of tasks) {
    const hashFunction = HASH_FUNCTIONS[name];
    if (!hashFunction) throw new Error(`no hash function for ${name}`);
    const { signature } = await webeid.sign(certificate, digest, hashFunction, { lang });
    signatures[reference] = signature;
  }
  return signatures;
}
